package assistant

import (
	"context"
	"maps"
	"math"
	"regexp"
	"sort"
	"strings"

	"sportello/assistant/lexicon"
	"sportello/ingest"
)

const (
	quotedFrom  = 4   // passages looked at for sentences
	quotesShown = 3   // places quoted at most
	quoteLength = 700 // bytes of a quote, about six lines on a page; a single longer sentence stays whole
	nearTexts   = 24  // sentences embedded at most for one question
	wholeLength = 320 // a passage this short is quoted whole to a question in another language: its sentences cannot be told apart by words
)

// sentence is a candidate: a span of a passage with its score.
type sentence struct {
	passage int
	span    lexicon.Span
	score   float64
	terms   map[string]bool
}

// quotes chooses the smallest runs of sentences that answer: the sentence that holds most of what is sought, grown by the
// neighbours it cannot be read without, from the best passage, and then from others while they add something: a good part of
// the sought words that no quote holds yet, or a kind of fact that was asked for and is still missing. near holds, for each
// passage, the closeness of its sentences to the question by meaning; nil without an embedding model.
func quotes(s sought, passages []Passage, near [][]float64) []Statement {
	passages = passages[:min(quotedFrom, len(passages))]
	candidates, weight := score(s, passages, near)
	sort.SliceStable(candidates, func(i, j int) bool { return candidates[i].score > candidates[j].score })
	var shown []Statement
	used, said := map[int]bool{}, ""
	for _, c := range candidates {
		if len(shown) == quotesShown || (len(shown) > 0 && c.score < 0.6*candidates[0].score) {
			break
		}
		if used[c.passage] {
			continue
		}
		p := passages[c.passage]
		statement := quoteOf(p, grow(s, p, c))
		if len(shown) > 0 && !s.gains(said, statement.Text, weight) {
			continue
		}
		used[c.passage] = true
		said += "\n" + p.Breadcrumb + "\n" + statement.Text
		shown = append(shown, statement)
	}
	return shown
}

// enough is the share of the sought words, by weight, that a further quote must add.
const enough = 0.3

// gains tells whether a text adds enough to what was said.
func (s sought) gains(said, text string, weight func(lexicon.Term) float64) bool {
	if len(s.unmet(said+"\n"+text)) < len(s.unmet(said)) {
		return true
	}
	had, has := termSet(said), termSet(text)
	whole, more := 0.0, 0.0
	for _, t := range s.terms {
		if t.Count < lexicon.FullWeight {
			continue
		}
		whole += weight(t)
		if has[t.Text] && !had[t.Text] {
			more += weight(t)
		}
	}
	return whole > 0 && more/whole >= enough
}

func termSet(text string) map[string]bool {
	set := map[string]bool{}
	for _, t := range lexicon.Analyze(text) {
		set[t] = true
	}
	return set
}

// score rates every sentence of the passages. Words that are rare among the candidates weigh more: "riduzione" in a
// regulation full of reductions tells nothing, "compostaggio" does. A row of a table is read with the table's header. The
// weight of a term is given too.
func score(s sought, passages []Passage, near [][]float64) ([]sentence, func(lexicon.Term) float64) {
	var all []sentence
	in := map[string]int{}
	for p, passage := range passages {
		var header map[string]bool
		for i, span := range lexicon.Sentences(passage.Text) {
			c := sentence{passage: p, span: span, terms: termSet(passage.Text[span.Start:span.End])}
			for t := range c.terms {
				in[t]++
			}
			switch row := isRow(passage.Text[span.Start:span.End]); {
			case row && header == nil:
				header = c.terms
			case row:
				c.terms = maps.Clone(c.terms)
				maps.Copy(c.terms, header)
			default:
				header = nil
			}
			if near != nil && p < len(near) && i < len(near[p]) {
				c.score = near[p][i]
			}
			all = append(all, c)
		}
	}
	weight := func(t lexicon.Term) float64 {
		return float64(t.Count) / lexicon.FullWeight * math.Log(1+float64(len(all))/float64(1+in[t.Text]))
	}
	total := 0.0
	for _, t := range s.terms {
		if t.Count >= lexicon.FullWeight {
			total += weight(t)
		}
	}
	for i := range all {
		c := &all[i]
		text := passages[c.passage].Text[c.span.Start:c.span.End]
		words := 0.0
		for _, t := range s.terms {
			if c.terms[t.Text] {
				words += weight(t)
			}
		}
		c.score += words / max(total, 1e-9)
		if met := len(s.asks) - len(s.unmet(text)); met > 0 {
			c.score += 0.25 * float64(met) / float64(len(s.asks))
		}
		c.score += passages[c.passage].Score / max(passages[0].Score, 1e-9) // how well the passage as a whole was found counts as much
		switch {
		case blanks(text):
			c.score *= 0.3 // "Il/La sottoscritto/a ______": to be filled in, not to be read
		case (len(c.terms) < 3 || strings.ToUpper(text) == text) && !isRow(text):
			c.score *= 0.5 // a heading, an address, a page's leftover
		}
		if form := passages[c.passage].Kind == ingest.Modulo; form && s.form {
			c.score += 0.2
		} else if form {
			c.score -= 0.15 // what a rule says is in the rule; a form repeats parts of it
		}
	}
	return all, weight
}

// grow adds the neighbours that a sentence cannot be read without: the lead-in of a list it is a point of, the sentence
// that "Tale termine" points back to, the condition or exception that follows; and the nearest sentence with a figure of the
// kind asked for, when it has none ("Entro quando…?": the reduction stands in comma 1, the term in comma 2).
func grow(s sought, p Passage, c sentence) lexicon.Span {
	if s.foreign && len(p.Text) <= wholeLength {
		return lexicon.Span{Start: 0, End: len(p.Text)}
	}
	spans := lexicon.Sentences(p.Text)
	at := 0
	for i, span := range spans {
		if span == c.span {
			at = i
		}
	}
	first, last := at, at
	length := func() int { return spans[last].End - spans[first].Start }
	text := func(i int) string { return p.Text[spans[i].Start:spans[i].End] }
	for first > 0 && length() < quoteLength && (pointsBack(text(first)) || isPoint(text(first))) {
		first--
		if !isPoint(text(first)) && !pointsBack(text(first)) {
			break
		}
	}
	for last+1 < len(spans) && spans[last+1].End-spans[first].Start <= quoteLength &&
		(conditional(text(last+1)) || strings.HasSuffix(strings.TrimSpace(text(last)), ":") || (isPoint(text(last+1)) && endsOpen(text(last)))) {
		last++
	}
	for i := first; isRow(text(first)) && i > 0 && isRow(text(i-1)); { // a row is read under its header
		if i--; spans[last].End-spans[i].Start > quoteLength {
			break
		}
		if i == 0 || !isRow(text(i-1)) {
			first = i
		}
	}
	run := lexicon.Span{Start: spans[first].Start, End: spans[last].End}
	for range s.asks { // at most one more stretch for each thing asked
		missing := s.unmet(p.Text[run.Start:run.End])
		if len(missing) == 0 {
			break
		}
		wider, found := s.widen(p.Text, spans, run, len(missing))
		if !found {
			break
		}
		run = wider
	}
	return s.goOn(p.Text, spans, run)
}

// goOn adds the sentences that directly follow while they, too, state what is asked for: "entro quando" is often answered
// by more than one date. Rows of a table stand for themselves.
func (s sought) goOn(text string, spans []lexicon.Span, run lexicon.Span) lexicon.Span {
	for _, span := range spans {
		if span.Start < run.End {
			if span.End == run.End && isRow(text[span.Start:span.End]) {
				break
			}
			continue
		}
		if span.End-run.Start > quoteLength || len(s.asks) == 0 || len(s.unmet(text[span.Start:span.End])) == len(s.asks) {
			break
		}
		run.End = span.End
	}
	return run
}

// widen grows a run to the nearest sentence with which it lacks less of what is asked.
func (s sought) widen(text string, spans []lexicon.Span, run lexicon.Span, lacks int) (wider lexicon.Span, found bool) {
	shortest := quoteLength + 1
	for _, span := range spans {
		w := lexicon.Span{Start: min(run.Start, span.Start), End: max(run.End, span.End)}
		if length := w.End - w.Start; length < shortest && len(s.unmet(text[w.Start:w.End])) < lacks {
			wider, found, shortest = w, true, length
		}
	}
	return wider, found
}

// blanks tells whether a sentence is mostly lines to write on and boxes to tick.
func blanks(text string) bool {
	text = strings.TrimSpace(text)
	if strings.HasPrefix(text, "☐") || strings.HasPrefix(text, "□") {
		return true
	}
	return strings.Contains(text, "__") || strings.Contains(text, "....") || strings.Count(text, "☐")+strings.Count(text, "□") > 1
}

// isRow tells whether a sentence is a row of a table.
func isRow(text string) bool { return strings.Contains(text, " | ") }

// isPoint tells whether a sentence is a point of a list: "a) …", "- …", "1) …".
func isPoint(text string) bool {
	text = strings.TrimSpace(text)
	if strings.HasPrefix(text, "-") || strings.HasPrefix(text, "•") || strings.HasPrefix(text, "–") {
		return true
	}
	head, _, found := strings.Cut(text, ")")
	return found && len(head) > 0 && len(head) <= 3
}

// endsOpen tells whether the list goes on: the point ends in a semicolon or comma.
func endsOpen(text string) bool {
	text = strings.TrimSpace(text)
	return strings.HasSuffix(text, ";") || strings.HasSuffix(text, ",")
}

// back finds a sentence that cannot be read without the one before it: "Tale termine…", "La stessa…", "In tal caso…".
var back = regexp.MustCompile(`^(?i)(tal[ei]|dett[oaie]|quest[oaie]|suddett[oaie]|predett[oaie]|l[aoe] stess[oaie]|gli stessi|il medesimo|la medesima|in tal[ei] cas[oi]|in questo caso|essa|esso|ess[ie]|inoltre|anche|altresì)\b`)

func pointsBack(text string) bool { return back.MatchString(strings.TrimSpace(text)) }

// conditional tells whether a sentence limits the one before it: it begins with an exception or a condition.
func conditional(text string) bool {
	for _, c := range lexicon.Cues(text) {
		if (c.Kind == lexicon.ExceptionCue || c.Kind == lexicon.ConditionCue || c.Kind == lexicon.RestrictionCue) && c.Start < 40 {
			return true
		}
	}
	return false
}

// quoteOf makes the statement that shows a span of a passage in its own words.
func quoteOf(p Passage, span lexicon.Span) Statement {
	text := p.Text[span.Start:span.End]
	trimmed := strings.TrimSpace(text)
	start := span.Start + strings.Index(text, trimmed)
	return Statement{Text: trimmed, Origin: FromDocument, Citations: []Citation{p.cite(start, start+len(trimmed))}}
}

// cite makes the citation of the bytes [start, end) of a passage's text.
func (p Passage) cite(start, end int) Citation {
	page := p.Page
	if len(p.Pages) > 1 && len(p.Text) > 0 { // the page is exact at the ends and estimated between them
		page = p.Pages[min(len(p.Pages)-1, start*len(p.Pages)/len(p.Text))]
	}
	return Citation{
		Passage: p.ID, DocumentID: p.DocumentID, Document: p.Document, Title: p.Title, Article: p.Article, EID: p.EID,
		Page: page, Start: p.Start + start, End: p.Start + end, Quote: p.Text[start:end],
	}
}

// nearness embeds the sentences of the first passages and gives their closeness to the question, 0..1. Only for questions in
// another language, where words cannot tell the sentences apart: it costs the engine as much as a short document.
func (a *Asker) nearness(ctx context.Context, q Question, s sought, passages []Passage) [][]float64 {
	if a.Embedder == nil || q.Language == "it" {
		return nil
	}
	var texts []string
	var where [][2]int
	near := make([][]float64, min(2, len(passages)))
	for p := range near {
		spans := lexicon.Sentences(passages[p].Text)
		near[p] = make([]float64, len(spans))
		for i, span := range spans {
			if len(texts) < nearTexts && span.End-span.Start > 20 {
				texts = append(texts, passages[p].Breadcrumb+"\n"+passages[p].Text[span.Start:span.End])
				where = append(where, [2]int{p, i})
			}
		}
	}
	question, err := a.Embedder.EmbedQuery(ctx, q.Text)
	if err != nil {
		return nil
	}
	vectors, err := a.Embedder.EmbedPassages(ctx, texts)
	if err != nil {
		a.Log.Warn("sentences could not be embedded; quoting by words", "error", err)
		return nil
	}
	low, high := 1.0, 0.0
	for i, v := range vectors {
		dot := 0.0
		for j := range v {
			dot += float64(v[j]) * float64(question[j])
		}
		near[where[i][0]][where[i][1]] = dot
		low, high = min(low, dot), max(high, dot)
	}
	for _, w := range where { // e5 keeps all cosines close together: what counts is the order among these sentences
		near[w[0]][w[1]] = (near[w[0]][w[1]] - low) / max(high-low, 1e-6)
	}
	return near
}
