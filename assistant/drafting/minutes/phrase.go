package minutes

import (
	"context"
	"regexp"
	"strings"

	"sportello/assistant"
	"sportello/assistant/lexicon"
)

// Phraser tells what somebody said in indirect speech, with a model.
type Phraser interface {
	// Phrase gives some sentences in Italian; an error leaves the literal ones.
	Phrase(ctx context.Context, in Speech) (string, error)
	Name() string
}

// Speech is what is to be told.
type Speech struct {
	Speaker string // "il Consigliere Dario Bruno"; "" when nobody has named the voice
	Item    string
	Text    string
}

// Tally counts what became of a model's sentences.
type Tally struct {
	Accepted, Doubtful, Rejected int
}

// Phrased puts a model's sentences in the place of the literal ones of a part, as far as the turns hold them up. Sentences that state what is
// not in the turns of this voice are dropped, and when too little is left the literal ones stay.
func (s *Session) Phrased(ctx context.Context, p *Part, t *Transcript, f Phraser) (Tally, error) {
	var tally Tally
	own := s.evidence(p, t)
	in := Speech{Speaker: s.speaker(t, p.Voice), Text: own.text}
	if p.Item > 0 {
		in.Item = s.Items[p.Item-1].Title
	}
	if len(strings.Fields(own.text)) < fewest { // so little is told best by itself
		return tally, nil
	}
	text, err := f.Phrase(ctx, in)
	if err != nil {
		return tally, err
	}
	var told []Said
	words, before := 0, map[string]bool{}
	for _, span := range lexicon.Sentences(text) {
		claim := strings.TrimSpace(text[span.Start:span.End])
		if words > most {
			break
		}
		verdict, time, why := own.weigh(claim, in.Speaker)
		if before[fold(claim)] { // a small model says what it has said
			verdict = rejected
		}
		before[fold(claim)] = true
		switch verdict {
		case rejected:
			tally.Rejected++
			continue
		case doubtful:
			tally.Doubtful++
		default:
			tally.Accepted++
		}
		words += len(strings.Fields(claim))
		told = append(told, Said{Text: claim, Time: time, Origin: Model, Doubt: verdict == doubtful, Why: why})
	}
	if tally.Accepted == 0 || words < fewest/3 {
		return tally, nil
	}
	p.Said, p.Model = told, f.Name()
	return tally, nil
}

// speaker gives how a voice is spoken of; "" for one that nobody has named.
func (s *Session) speaker(t *Transcript, voice string) string {
	name := t.Names[voice]
	if name == "" {
		return ""
	}
	if i, _ := s.Member(name); i >= 0 {
		return s.Members[i].Styled()
	}
	return name
}

type weight int

const (
	accepted weight = iota
	doubtful
	rejected
)

// evidence is the turns of one voice on one item, taken apart once.
type evidence struct {
	text     string
	verifier *assistant.Verifier
	facts    map[string]bool
	values   map[float64]bool
	names    map[string]bool
	stems    map[string]bool
	said     []sentence
}

func (s *Session) evidence(p *Part, t *Transcript) *evidence {
	e := &evidence{facts: map[string]bool{}, values: map[float64]bool{}, names: map[string]bool{}, stems: map[string]bool{}}
	var passages []assistant.Passage
	var texts []string
	for _, i := range p.Turns {
		text := t.Turns[i].Text
		texts = append(texts, text)
		passages = append(passages, assistant.Passage{ID: itoa(i), Text: text})
		for _, f := range lexicon.Facts(text) {
			e.facts[string(f.Kind)+" "+f.Norm] = true
			e.values[f.Value] = true
		}
	}
	e.text = strings.Join(texts, " ")
	e.verifier = assistant.NewVerifier(assistant.Question{Language: "it"}, passages)
	for _, w := range strings.Fields(fold(e.text)) {
		e.names[strings.Trim(w, ".,;:!?\"«»()'")] = true
	}
	for _, w := range lexicon.Analyze(e.text) {
		e.stems[w] = true
	}
	e.said = sentences(t, p.Turns)
	return e
}

// lead is how indirect speech begins: who, and that they say it. It claims nothing of what was said.
var lead = regexp.MustCompile(`(?i)^(?:(?:il|la|l['’]|lo)\s*)?(?:(?:presidente|sindac[oa]|vicesindac[oa]|consiglier[ea]|assessor[ea]?|segretari[oa]|capogruppo)\s+)?(?:[\p{Lu}][\p{L}'’]+\s+){0,3}(?:afferma|dichiara|osserva|chiede|ritiene|propone|sottolinea|ricorda|spiega|precisa|aggiunge|risponde|replica|sostiene|evidenzia|comunica|informa|segnala|riferisce|illustra|dice|fa presente|rileva|conferma|auspica|invita|esprime|annuncia|lamenta|domanda)\s+(?:inoltre\s+|anche\s+|infine\s+|poi\s+)?(?:che\s+|se\s+|di\s+)?`)

// enoughWords is how much of a sentence's words the turns have to hold for it to be doubtful and not wrong.
const enoughWords = 0.6

// weigh judges a sentence of a model, and finds where in the recording it belongs.
func (e *evidence) weigh(claim, speaker string) (weight, int, string) {
	time := e.place(claim)
	folded := fold(claim)
	if babbles(folded) || !strings.ContainsAny(claim[len(claim)-1:], ".!?»\"") {
		return rejected, time, "no sentence"
	}
	if proclaimed.MatchString(folded) || strings.ContainsAny(claim, "[]{}<>|*#") {
		return rejected, time, "vote"
	}
	for _, f := range lexicon.Facts(claim) { // every figure, date and reference was said by this voice
		if !e.facts[string(f.Kind)+" "+f.Norm] && (f.Kind != lexicon.NumberFact || !e.values[f.Value]) {
			return rejected, time, string(f.Kind)
		}
	}
	own := map[string]bool{}
	for _, w := range strings.Fields(fold(speaker)) {
		own[w] = true
	}
	for _, n := range lexicon.Names(claim) { // so was every name, except the speaker's own
		for _, w := range strings.Fields(n.Norm) {
			if w = strings.Trim(w, ".,'"); len(w) > 2 && !own[w] && !e.names[w] && !offices[w] {
				return rejected, time, "name"
			}
		}
	}
	words := unique(lexicon.Analyze(lead.ReplaceAllString(claim, "")))
	held := 0
	for _, w := range words {
		if e.stems[w] {
			held++
		}
	}
	if len(words) == 0 || float64(held) < enoughWords*float64(len(words)) {
		return rejected, time, string(assistant.NotCovered)
	}
	_, verdict := e.verifier.Verify(assistant.Draft{Text: capital(lead.ReplaceAllString(claim, ""))})
	switch verdict {
	case assistant.Accepted:
		return accepted, time, ""
	case assistant.NotCovered, assistant.LostException, assistant.NoCitation, assistant.MisplacedNumber:
	default:
		return rejected, time, string(verdict)
	}
	return doubtful, time, string(verdict)
}

var offices = map[string]bool{"presidente": true, "sindaco": true, "sindaca": true, "consigliere": true, "consigliera": true, "assessore": true, "assessora": true, "segretario": true, "segretaria": true,
	"consiglio": true, "giunta": true, "comune": true, "capogruppo": true, "vicesindaco": true, "vicesindaca": true}

// place finds the sentence of the turns that shares most words with a claim, and gives its time.
func (e *evidence) place(claim string) int {
	want := map[string]bool{}
	for _, w := range lexicon.Analyze(claim) {
		want[w] = true
	}
	best, time := -1, -1
	for _, x := range e.said {
		n := 0
		for _, w := range unique(lexicon.Analyze(x.text)) {
			if want[w] {
				n++
			}
		}
		if n > best {
			best, time = n, x.time
		}
	}
	return time
}

// babbles says whether a sentence says the same words again and again, as a small model does that has lost its thread.
func babbles(folded string) bool {
	words := strings.Fields(folded)
	return len(words) >= 12 && len(unique(words))*5 < len(words)*2
}
