package assistant

import (
	"slices"
	"strings"

	"sportello/assistant/lexicon"
)

// Verify decides whether a drafted statement may be shown, and gives it with the quotes that hold it up. language is that
// of the draft (BCP 47, "" is Italian). It is pure: the same draft and passages always give the same.
//
// Every figure, date, amount, reference, act, address and name of the statement must be in a passage it cites and be said there of
// the same thing; its words must be those of the passage, up to inflection and the synonyms of offices; what the source
// denies it may not affirm; a condition or exception of a sentence it rests on may not be lost. Passages are in Italian: of
// a statement in another language only figures, dates, references and names are checked, and the caller shows it as an
// automatic translation beside the quote.
//
// Draft.Sources are 1-based positions in passages. Where they do not hold the statement up, all passages are looked at.
func Verify(d Draft, passages []Passage, language string) (Statement, Verdict) {
	return VerifyFor(Question{Language: language}, d, passages)
}

// VerifyFor is Verify for an answer to a question: the asker's own words need no source, as long as they are not figures,
// and tell which of several figures is meant.
func VerifyFor(q Question, d Draft, passages []Passage) (Statement, Verdict) {
	return NewVerifier(q, passages).Verify(d)
}

// Verifier checks the statements of one answer: it takes the passages apart once.
type Verifier struct {
	evidence *evidence
	language string
}

// NewVerifier prepares the passages of one answer.
func NewVerifier(q Question, passages []Passage) *Verifier {
	language, _, _ := strings.Cut(strings.ToLower(q.Language), "-")
	if language == "" || language == "auto" {
		language = "it"
	}
	return &Verifier{evidence: newEvidence(passages, q.Text), language: language}
}

// Verify checks one draft.
func (v *Verifier) Verify(d Draft) (Statement, Verdict) {
	text := strings.TrimSpace(d.Text)
	if !plainSentence(text) {
		return Statement{}, NotASentence
	}
	if len(v.evidence.units) == 0 {
		return Statement{}, NoCitation
	}
	claim, yes := answerWord(text)
	facts := lexicon.FactsIn(claim, v.language)
	toks := claimTokens(claim, facts)
	if v.language == "it" {
		soften(toks)
	}
	cited, all := v.cited(d)
	at, verdict := v.check(claim, toks, yes, cited)
	if !all && (verdict == NoCitation || verdict == NotCovered || verdict == UnknownNumber || verdict == UnknownReference || verdict == UnknownName) {
		cited, _ = v.cited(Draft{}) // the model named the wrong passage: any that it was given may hold the statement up
		if wide, second := v.check(claim, toks, yes, cited); second == Accepted {
			at, verdict = wide, second
		}
	}
	if verdict != Accepted {
		return Statement{}, verdict
	}
	return Statement{Text: text, Origin: FromModel, Citations: v.evidence.citations(toks, at, cited)}, Accepted
}

// cited gives the units of the passages that a draft cites, of all passages when it cites none, and whether these are all.
func (v *Verifier) cited(d Draft) (units []int, all bool) {
	named := make([]bool, len(v.evidence.passages))
	n := 0
	for _, s := range d.Sources {
		if s >= 1 && s <= len(named) && !named[s-1] {
			named[s-1] = true
			n++
		}
	}
	all = n == 0 || n == len(named)
	for p := range named {
		if all || named[p] {
			units = append(units, v.evidence.unitsOf(p)...)
		}
	}
	return units, all
}

func (v *Verifier) check(claim string, toks []claimToken, yes int, cited []int) ([]placed, Verdict) {
	e := v.evidence
	for i := range toks {
		if toks[i].fact != nil && !e.states(toks[i].fact, cited) {
			return nil, verdictOf(toks[i].fact)
		}
	}
	if !e.knowsNames(claim, toks, cited) {
		return nil, UnknownName
	}
	if !e.quotesFaithfully(claim, cited) {
		return nil, NotCovered
	}
	at := e.align(toks, cited)
	if at == nil {
		return nil, NoCitation
	}
	if v.language != "it" {
		if len(supportOf(toks, at)) == 0 {
			return nil, NotCovered
		}
		return at, Accepted
	}
	toks = slices.Clone(toks)
	e.asInSource(toks, at)
	if e.lone(toks, at) || e.headAstray(claim, toks, at) {
		return nil, MisplacedNumber
	}
	if e.torn(toks, at) {
		if hasFigures(toks) {
			return nil, MisplacedNumber
		}
		return nil, NotCovered
	}
	if len(supportOf(toks, at)) == 0 || !e.covered(toks, at) {
		return nil, NotCovered
	}
	if e.thin(toks, at) || e.misjoined(toks, at) || e.misattached(toks, at) || e.doubled(toks, at) {
		return nil, NotCovered
	}
	for i := range toks {
		if f := toks[i].fact; f != nil && e.misplaced(toks, at, i, cited) {
			return nil, MisplacedNumber
		}
	}
	if e.contradicts(toks, at) || yes < 0 && !deniesAnything(toks) || yes > 0 && deniesMain(toks) {
		return nil, Negation
	}
	if e.losesException(toks, at) {
		return nil, LostException
	}
	if verdict := e.tampered(toks, at); verdict != Accepted {
		return nil, verdict
	}
	return at, Accepted
}

// states reports whether a cited unit states a fact.
func (e *evidence) states(f *lexicon.Fact, cited []int) bool {
	for _, u := range cited {
		for i := range e.units[u].toks {
			if g := e.units[u].toks[i].fact; g != nil && sameFact(f, g) {
				return true
			}
		}
		if f.Ref != nil && f.Ref.Article != "" && f.Ref.Comma == "" && f.Ref.Act == "" && f.Ref.Article == e.passages[e.units[u].passage].Article {
			return true
		}
	}
	return false
}

// knowsNames reports whether the proper names of a statement are those of the cited passages.
func (e *evidence) knowsNames(claim string, toks []claimToken, cited []int) bool {
	for _, n := range lexicon.Names(claim) {
		for i := range toks {
			t := &toks[i]
			if t.start < n.Start || t.end > n.End || t.fact != nil || t.class == functionWord || !t.capital || claimWords.role[t.stem] {
				continue
			}
			if !e.knows(t, cited) {
				return false
			}
		}
	}
	return true
}

func (e *evidence) knows(t *claimToken, cited []int) bool {
	kins := e.vocab.kin(t)
	for _, u := range cited {
		if pos, _ := e.find(t, kins, u); pos >= 0 {
			return true
		}
		if hasKin(e.titles[e.units[u].passage], kins) || hasKin(e.lead[e.units[u].passage], kins) {
			return true
		}
	}
	return e.wasAsked(kins)
}

// covered reports whether the words of a statement are those of the units it was laid over. A paraphrase may have a few
// of its own.
func (e *evidence) covered(toks []claimToken, at []placed) bool {
	total, missing, found, foreign := 0.0, 0.0, 0.0, 0
	for i := range toks {
		t := &toks[i]
		w := t.weight()
		if t.fact != nil {
			found += .5 * w
			continue
		}
		total += w
		if at[i].where == inContext && claimWords.role[t.stem] && !complement(toks, i) {
			return false
		}
		switch at[i].where {
		case nowhere, inArticle:
			if t.class == hardWord && !e.mayBeForeign(toks, at, i) {
				return false
			}
			if at[i].where == inArticle {
				w *= foundCost[inArticle]
			} else if t.class == hardWord {
				foreign++
			}
			missing += w
		case inNeighbor:
			missing += w * .5
			if claimWords.role[t.stem] || t.class == hardWord && e.opensClause(toks, at, i) {
				return false
			}
		case inUnit:
			found += w
		}
	}
	return missing <= .25*total+.2 && foreign <= 2 && found >= 2*float64(foreign)
}

// mayBeForeign reports whether a paraphrase may have token i of its own, though it is no word of the source: not what
// the clause is about, nobody and nothing that rules part from others, no name.
func (e *evidence) mayBeForeign(toks []claimToken, at []placed, i int) bool {
	t := &toks[i]
	if claimWords.role[t.stem] || claimWords.category[t.stem] || claimWords.opposite[t.stem] != nil {
		return false
	}
	if at[i].where == inArticle {
		return true
	}
	return !(t.capital && i > 0) && !e.opensClause(toks, at, i) && !(i > 0 && beings[toks[i-1].fold])
}

// complement reports whether a preposition governs token i: "per un singolo evento" says when, not of what.
func complement(toks []claimToken, i int) bool {
	for j := i - 1; j >= 0 && j >= i-3 && toks[j].clause == toks[i].clause; j-- {
		if prepositions[toks[j].fold] {
			return true
		}
	}
	return false
}

var prepositions = wordSetOf("per in nel nello nella nei negli nelle nell con a al allo alla ai agli alle all da dal dalla dai dalle dall su sul sulla sui sulle sull entro durante dopo prima di del della dei delle dell")

// beings are the forms of "essere" after which a word is what a clause asserts.
var beings = wordSetOf("è sono sia siano era erano sara saranno non")

// opensClause reports whether no hard word of the clause before token i lies in the same unit: then token i is what the
// clause is about.
func (e *evidence) opensClause(toks []claimToken, at []placed, i int) bool {
	for j := i - 1; j >= 0 && toks[j].clause == toks[i].clause; j-- {
		if toks[j].class == hardWord && toks[j].fact == nil && at[j].where == inUnit && at[j].pos >= 0 && at[j].unit == at[i].unit {
			return false
		}
	}
	return true
}

func (e *evidence) unitsOf(p int) []int {
	units := make([]int, 0, e.first[p+1]-e.first[p])
	for u := e.first[p]; u < e.first[p+1]; u++ {
		units = append(units, u)
	}
	return units
}
