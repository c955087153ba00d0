package minutes

import (
	"math"
	"regexp"
	"slices"
	"strings"

	"sportello/assistant/lexicon"
)

// What says where an item begins.
const (
	ByPerson = "person"
	ByMarker = "marker" // "passiamo al punto 3"
	ByWords  = "words"  // the words of its title, by whoever announces
	ByClock  = "clock"  // the diary's time and that of the recording
)

var ordinals = []string{"", "primo", "secondo", "terzo", "quarto", "quinto", "sesto", "settimo", "ottavo", "nono", "decimo", "undicesimo", "dodicesimo", "tredicesimo", "quattordicesimo", "quindicesimo",
	"sedicesimo", "diciassettesimo", "diciottesimo", "diciannovesimo", "ventesimo"}

var cardinals = []string{"", "uno", "due", "tre", "quattro", "cinque", "sei", "sette", "otto", "nove", "dieci", "undici", "dodici", "tredici", "quattordici", "quindici", "sedici", "diciassette", "diciotto", "diciannove", "venti"}

var (
	pointForm = regexp.MustCompile(`\bpunto\s+(?:numero\s+|n\.?\s*)?(\d{1,2}|` + strings.Join(cardinals[1:], "|") + `)\b`)
	orderForm = regexp.MustCompile(`\b(` + strings.Join(ordinals[1:], "|") + `|ultimo|prossimo|successivo)\s+punto\b|\bpunto\s+(successivo|seguente|ultimo)\b`)
	// opening is said when an item begins, and not when somebody speaks of one.
	opening   = regexp.MustCompile(`\b(?:passiamo|passo|procediamo|andiamo|veniamo|arriviamo|apriamo|apro|iniziamo|inizio|cominciamo|affrontiamo|trattiamo|introduco|do lettura|diamo lettura|leggo|siamo|adesso|ora)\b`)
	recalling = regexp.MustCompile(`\b(?:torniamo|tornando|ritorno|anticipiamo|come dicev\w*|come abbiamo|quando arriveremo|quando tratteremo|in seguito|sul punto \w+ (?:ho|abbiamo|avevo))\b`)
)

// readOut is how many words at the start of a sentence are looked at for the title of an item.
const readOut = 45

// Align gives where each item begins, in the order of the turns. What a person has said holds, and bounds the rest. Between, an item that
// is announced by its number comes first, then one that is announced by the words of its title, then the times of the diary.
func (s *Session) Align(t *Transcript, state *State) []Mark {
	marks := []Mark{}
	for _, m := range t.Marks {
		if m.Turn >= 0 && m.Turn < len(t.Turns) && m.Item >= 0 && m.Item <= len(s.Items) {
			marks = append(marks, Mark{m.Turn, m.Item, ByPerson, m.Why})
		}
	}
	found := append(s.heard(t), s.byClock(t, state)...)
	for _, m := range found {
		if slices.ContainsFunc(marks, func(x Mark) bool { return x.Item == m.Item }) {
			continue
		}
		fits := true
		for _, x := range marks { // items come in their order, unless a person said otherwise
			if x.Item > 0 && (x.Item < m.Item) != (x.Turn < m.Turn) || x.Turn == m.Turn {
				fits = false
			}
		}
		if fits {
			marks = append(marks, m)
		}
	}
	slices.SortFunc(marks, func(a, b Mark) int { return a.Turn - b.Turn })
	return marks
}

// ItemOf gives the item of each turn: that of the last mark before it.
func ItemOf(marks []Mark, turns int) []int {
	out := make([]int, turns)
	at, item := 0, 0
	for i := range out {
		for at < len(marks) && marks[at].Turn <= i {
			item = marks[at].Item
			at++
		}
		out[i] = item
	}
	return out
}

// heard finds items that are announced, in the order of the turns: by their number, by the words of their title, or as the next one.
func (s *Session) heard(t *Transcript) []Mark {
	titles := s.titles()
	var out []Mark
	current := 0
	for i, x := range t.Turns {
		for _, span := range lexicon.Sentences(x.Text) {
			sentence := x.Text[span.Start:span.End]
			n, by := s.announced(sentence, titles, current)
			if n <= current || n > len(s.Items) {
				continue
			}
			out = append(out, Mark{i, n, by, shorten(sentence, 120)})
			current = n
		}
	}
	return out
}

// announced gives the item that a sentence announces, 0 for none.
func (s *Session) announced(sentence string, titles []map[string]float64, current int) (int, string) {
	folded := fold(sentence)
	if recalling.MatchString(folded) {
		return 0, ""
	}
	opens := opening.MatchString(folded)
	order := orderForm.FindStringSubmatch(folded)
	if m := pointForm.FindStringSubmatch(folded); m != nil && opens {
		if n := slices.Index(cardinals, m[1]); n > 0 {
			return n, ByMarker
		}
		return number(m[1]), ByMarker
	}
	if order != nil && opens {
		if n := slices.Index(ordinals, order[1]); n > 0 {
			return n, ByMarker
		}
	}
	if opens || strings.Contains(folded, "oggetto") || strings.Contains(folded, "punto") {
		if n := read(sentence, titles, current); n > 0 {
			return n, ByWords
		}
	}
	switch {
	case order == nil || !opens:
		return 0, ""
	case order[1]+order[2] == "ultimo":
		return len(s.Items), ByMarker
	}
	return current + 1, ByMarker
}

// enoughOfTitle is how much of the weight of a title's words a sentence has to hold to announce it.
const enoughOfTitle = 0.6

// titles gives the words of each item's title with what they weigh: a word that many titles have tells little.
func (s *Session) titles() []map[string]float64 {
	titles := make([]map[string]float64, len(s.Items))
	in := map[string]int{}
	for i, x := range s.Items {
		titles[i] = map[string]float64{}
		for _, w := range unique(lexicon.Analyze(x.Title)) {
			in[w]++
			titles[i][w] = 1
		}
	}
	for i := range titles {
		for w := range titles[i] {
			titles[i][w] = math.Log(1 + float64(len(s.Items))/float64(in[w]))
		}
	}
	return titles
}

// read gives the item after current whose title a sentence reads out, 0 for none.
func read(sentence string, titles []map[string]float64, current int) int {
	words := strings.Fields(sentence)
	have := map[string]bool{}
	for _, w := range lexicon.Analyze(strings.Join(words[:min(len(words), readOut)], " ")) {
		have[w] = true
	}
	best, at := 0.0, 0
	for k := current; k < len(titles); k++ {
		sum, got := 0.0, 0.0
		for w, weight := range titles[k] {
			sum += weight
			if have[w] {
				got += weight
			}
		}
		if len(titles[k]) > 1 && got >= enoughOfTitle*sum && got/sum > best {
			best, at = got/sum, k+1
		}
	}
	return at
}

// byClock lays the diary's "punto" lines on the recording.
func (s *Session) byClock(t *Transcript, state *State) []Mark {
	begin := clock(s.Recording)
	if begin < 0 || state == nil {
		return nil
	}
	var out []Mark
	for _, e := range state.Events {
		if e.Kind != Point || e.At < 0 {
			continue
		}
		at := (e.At - begin) * 1000
		if at < 0 && pastMidnight(begin, e.At) {
			at += 24 * 3600 * 1000
		}
		i := slices.IndexFunc(t.Turns, func(x Turn) bool { return x.Start >= at })
		if at >= 0 && i >= 0 {
			out = append(out, Mark{i, e.Item, ByClock, hour(e.At)})
		}
	}
	return out
}

// clockOf gives the time of day of a place of the recording, -1 when it is not known.
func (s *Session) clockOf(ms int) int {
	begin := clock(s.Recording)
	if begin < 0 || ms < 0 {
		return -1
	}
	return (begin + ms/1000) % (24 * 3600)
}
