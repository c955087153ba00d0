package assistant

import (
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
// Draft.Sources are 1-based positions in passages. Without one that fits, the passage that holds most of the statement is taken.
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
	worst := NoCitation
	for n, cited := range v.candidates(d, toks) {
		at, verdict := v.check(claim, toks, yes, cited)
		if verdict == Accepted {
			return Statement{Text: text, Origin: FromModel, Citations: v.evidence.citations(toks, at)}, Accepted
		}
		if n == 0 {
			worst = verdict
		}
	}
	return Statement{}, worst
}

// candidates gives the sets of units to try: those of the passages cited, then those of the passage that holds most.
func (v *Verifier) candidates(d Draft, toks []claimToken) [][]int {
	var cited []int
	for _, n := range d.Sources {
		if n >= 1 && n <= len(v.evidence.passages) {
			cited = append(cited, v.evidence.unitsOf(n-1)...)
		}
	}
	var sets [][]int
	if len(cited) > 0 {
		sets = append(sets, cited)
	}
	if best := v.evidence.fullest(toks); best >= 0 {
		sets = append(sets, v.evidence.unitsOf(best))
	}
	return sets
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
	if !e.covered(toks, at) {
		return nil, NotCovered
	}
	if e.torn(toks, at) {
		if hasFigures(toks) {
			return nil, MisplacedNumber
		}
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

// deniesMain reports whether the first clause of a statement denies.
func deniesMain(toks []claimToken) bool {
	for i := range toks {
		if toks[i].clause > toks[0].clause {
			return false
		}
		if negations[toks[i].fold] && !(i+1 < len(toks) && comparators[toks[i+1].fold]) || claimWords.negative[toks[i].fold] && !strings.HasPrefix(toks[i].fold, "esen") && !strings.HasPrefix(toks[i].fold, "gratui") {
			return true
		}
	}
	return false
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
			if t.start < n.Start || t.end > n.End || t.fact != nil || t.class == functionWord || !t.capital {
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

// covered reports whether the words of a statement are those of the units it was laid over.
func (e *evidence) covered(toks []claimToken, at []placed) bool {
	total, missing, found := 0.0, 0.0, 0.0
	for i := range toks {
		t := &toks[i]
		w := t.weight()
		if t.fact != nil {
			continue
		}
		total += w
		switch at[i].where {
		case nowhere, inArticle:
			missing += w
			if t.class == hardWord {
				return false
			}
		case inNeighbor:
			missing += w * .5
			if claimWords.role[t.stem] {
				return false
			}
		case inUnit:
			found += w
		}
	}
	return missing <= .25*total+.2
}

// fullest gives the passage that holds most of a statement, -1 when none holds anything.
func (e *evidence) fullest(toks []claimToken) int {
	best, most := -1, 0.0
	for p := range e.passages {
		have := 0.0
		for i := range toks {
			t := &toks[i]
			var kins []kin
			if t.fact == nil {
				kins = e.vocab.kin(t)
			}
			for _, u := range e.unitsOf(p) {
				if pos, _ := e.find(t, kins, u); pos >= 0 {
					have += t.weight()
					break
				}
			}
		}
		if have > most {
			best, most = p, have
		}
	}
	return best
}

func (e *evidence) unitsOf(p int) []int {
	units := make([]int, 0, e.first[p+1]-e.first[p])
	for u := e.first[p]; u < e.first[p+1]; u++ {
		units = append(units, u)
	}
	return units
}
