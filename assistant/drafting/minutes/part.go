package minutes

import (
	"math"
	"regexp"
	"slices"
	"sort"
	"strings"

	"sportello/assistant/lexicon"
)

// Origin says who wrote a sentence of the summary.
type Origin string

// The origins.
const (
	Extract Origin = "extract" // literal, from the transcript
	Model   Origin = "model"   // phrased by a model and verified against the transcript
	ByHand  Origin = "person"  // written, changed or accepted by a person
)

// Said is one sentence of a summary with its place in the recording.
type Said struct {
	Text   string `json:"text"`
	Time   int    `json:"time"` // milliseconds, -1 unknown
	Origin Origin `json:"origin"`
	Doubt  bool   `json:"doubt,omitempty"` // carries [VERIFICARE: time]
	Why    string `json:"why,omitempty"`
}

// Part is what one voice said on one item.
type Part struct {
	Item  int    `json:"item"`
	Voice string `json:"voice"`
	Start int    `json:"start"` // of its first turn
	Turns []int  `json:"turns"`
	Said  []Said `json:"said"`
	Model string `json:"model,omitempty"`
}

// Lengths of a summary, in words a speaker (per item).
const (
	fewest = 40
	most   = 100
)

// Parts tells each voice's share of each item in literal sentences, in the order in which they first speak.
func (s *Session) Parts(t *Transcript, marks []Mark) []Part {
	items := ItemOf(marks, len(t.Turns))
	var out []Part
	at := map[[2]string]int{}
	for i, x := range t.Turns {
		key := [2]string{itoa(items[i]), x.Voice}
		k, ok := at[key]
		if !ok {
			k = len(out)
			at[key] = k
			out = append(out, Part{Item: items[i], Voice: x.Voice, Start: x.Start})
		}
		out[k].Turns = append(out[k].Turns, i)
	}
	var kept []Part
	for _, p := range out {
		title := ""
		if p.Item > 0 {
			title = s.Items[p.Item-1].Title
		}
		if p.Said = extract(t, p.Turns, title); len(p.Said) > 0 {
			kept = append(kept, p)
		}
	}
	sort.SliceStable(kept, func(i, j int) bool { return kept[i].Item < kept[j].Item })
	return kept
}

// sentence is a candidate of an extract.
type sentence struct {
	text  string
	time  int
	turn  int
	words int
	score float64
}

var (
	// conduct is what belongs to leading a session and not to the discussion.
	conduct = regexp.MustCompile(`\b(?:la parola a|ha chiesto la parola|la ringrazio|grazie|prego|chiedo la parola|posso|chi e favorevole|chi e contrario|chi si astiene|mettiamo ai voti|metto ai voti|metto in votazione|poniamo in votazione|si vota|votiamo|passiamo (?:al|alla)|ci sono interventi|altri interventi|dichiaro aperta|dichiaro chiusa|buonasera|buona sera|appello)\b`)
	// proclaimed is the result of a vote as somebody says it: it comes from the diary and never from here.
	proclaimed = regexp.MustCompile(`\b(?:favorevoli|contrari|astenuti|votanti|presenti)\b\s*[:,]?\s*(?:n\.?\s*)?(?:\d+|nessuno|zero|uno|due|tre|quattro|cinque|sei|sette|otto|nove|dieci|undici|dodici|tredici|quattordici|quindici|sedici|tutti)\b|\b(?:\d+|uno|due|tre|quattro|cinque|sei|sette|otto|nove|dieci|undici|dodici|tredici)\s+(?:voti\s+)?(?:favorevoli|contrari|astenuti|presenti)\b|\ball'? ?unanimita\b|\b(?:il consiglio|la giunta|la proposta|la delibera|il punto|la mozione|l'emendamento)\s+(?:comunale\s+)?(?:e |viene |risulta )?(?:approva|approvat[oa]|respint[oa]|respinge|delibera|bocciat[oa])\b`)
)

// extract chooses literal sentences of some turns: those that hold most of the words that the others share and of the item's title, and those
// with figures; in the order in which they were said.
func extract(t *Transcript, turns []int, title string) []Said {
	all := sentences(t, turns)
	freq := map[string]float64{}
	for _, x := range all {
		for _, w := range unique(lexicon.Analyze(x.text)) {
			freq[w]++
		}
	}
	for _, w := range lexicon.Analyze(title) {
		freq[w] += 2
	}
	var fit []sentence
	total := 0
	for _, x := range all {
		folded := fold(x.text)
		facts := len(lexicon.Facts(x.text))
		switch {
		case proclaimed.MatchString(folded), x.words < 4, x.words < 7 && facts == 0, x.words < 16 && conduct.MatchString(folded):
			continue
		}
		for _, w := range unique(lexicon.Analyze(x.text)) {
			x.score += freq[w]
		}
		x.score = x.score/math.Sqrt(float64(x.words+6)) + 0.8*float64(min(facts, 3))
		fit = append(fit, x)
		total += x.words
	}
	chosen := fit
	if total > most {
		byScore := slices.Clone(fit)
		sort.SliceStable(byScore, func(i, j int) bool { return byScore[i].score > byScore[j].score })
		chosen, total = nil, 0
		for _, x := range byScore {
			if total+x.words > most && total >= fewest || total+x.words > most*2 {
				continue
			}
			chosen = append(chosen, x)
			total += x.words
		}
		if len(chosen) == 0 && len(byScore) > 0 { // one breathless sentence
			chosen = byScore[:1]
		}
		sort.SliceStable(chosen, func(i, j int) bool {
			return chosen[i].turn < chosen[j].turn || chosen[i].turn == chosen[j].turn && chosen[i].time < chosen[j].time
		})
	}
	var out []Said
	for _, x := range chosen {
		out = append(out, Said{Text: x.text, Time: x.time, Origin: Extract})
	}
	return out
}

// sentences cuts turns into sentences, each with its time: where in the turn it stands.
func sentences(t *Transcript, turns []int) []sentence {
	var out []sentence
	for _, i := range turns {
		x := t.Turns[i]
		for _, span := range lexicon.Sentences(x.Text) {
			text := x.Text[span.Start:span.End]
			out = append(out, sentence{text: text, time: x.At(span.Start), turn: i, words: len(strings.Fields(text))})
		}
	}
	return out
}

// At gives the time of a byte of the turn, by its share of the text.
func (x Turn) At(offset int) int {
	if x.Start < 0 || x.End <= x.Start || len(x.Text) == 0 {
		return x.Start
	}
	return x.Start + int(float64(x.End-x.Start)*float64(offset)/float64(len(x.Text)))
}

func unique(words []string) []string {
	out := slices.Clone(words)
	slices.Sort(out)
	return slices.Compact(out)
}
