package assistant

import "strings"

// negator is a word that denies, with what it denies.
type negator struct {
	pos      int  // of the word
	target   int  // the first word after it that claims something, -1 when a figure comes first or nothing does
	by       bool // it denies by its own meaning: "vietato", "esente"
	limited  bool // "non oltre": a limit, not a denial
	from, to int  // the tokens that it speaks of: its part of the sentence, and what is enumerated after it
	noun     bool // it belongs to a noun: "i solai non collegati"
	ifs      bool // it stands in a condition: "se nessuno aspetta"
}

var negations = map[string]bool{"non": true, "né": true, "senza": true, "nessun": true, "nessuno": true, "nessuna": true, "mai": true, "neppure": true, "nemmeno": true, "neanche": true, "nulla": true, "niente": true}

// repeated are the negations that only repeat a "non" before them: "non costa nulla".
var repeated = wordSetOf("nessun nessuno nessuna mai neppure nemmeno neanche nulla niente")

// auxiliary are the verbs that a negation reaches across: "non può essere richiesto" denies "richiesto".
var auxiliary = wordSetOf("essere sono è sei siamo siete era erano sia siano sara saranno sarebbe fu furono stato stata stati state essendo fosse fossero avere ho hai ha abbiamo hanno aveva abbia abbiano avra avranno dovere deve devi devono debba debbano dovra dovranno devo potere puo puoi possono possa possano potra potranno posso possiamo volere vuole vuoi vogliono andare va vai vanno vada vadano andra venire viene vieni vengono venga vengano verra verranno stare sta stanno fare fa fanno faccia")

func wordSetOf(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}

// negators finds what denies in a text. "A meno che non" and "finché non" deny nothing.
func negators(toks []claimToken) []negator {
	var out []negator
	parts := partsOf(toks)
	for i := range toks {
		t := &toks[i]
		n := negator{pos: i, target: -1}
		switch {
		case t.fact != nil:
			continue
		case negations[t.fold]:
			if pleonastic(toks, i) || repeated[t.fold] && repeatsNon(toks, parts, i) {
				continue
			}
			n.limited = limits(toks, i)
			for j := i + 1; j < len(toks) && j <= i+6 && toks[j].fact == nil && toks[j].clause == t.clause; j++ {
				if toks[j].class == hardWord || toks[j].class == softWord || toks[j].class == lightWord && !auxiliary[toks[j].fold] {
					n.target = j
					break
				}
			}
		case claimWords.negative[t.fold]:
			if denyingNouns[t.fold] && i > 0 && ofSomething[toks[i-1].fold] { // "in deroga al divieto"
				continue
			}
			n.target, n.by = i, true
		default:
			continue
		}
		n.from, n.to = scopeOf(toks, parts, i)
		for j := n.from; j < i; j++ {
			n.ifs = n.ifs || ifWords[toks[j].fold]
		}
		if !n.by && n.target >= 0 && i > 0 && adnominal(toks, n) {
			n.from, n.to, n.noun = i-1, n.target+1, true
			if toks[i-1].class == hardWord {
				n.from = listStart(toks, i-1)
			}
		}
		if n.by && strings.HasPrefix(t.fold, "asten") {
			n.from = i
		}
		out = append(out, n)
	}
	return undone(toks, out)
}

var ifWords = wordSetOf("se qualora laddove ove caso casi purche")

// listStart gives the start of what is joined to the noun at i: "i solai e i sottotetti" non collegati.
func listStart(toks []claimToken, i int) int {
	for j := i - 1; j > 0 && j >= i-3 && toks[j].clause == toks[i].clause; j-- {
		switch {
		case toks[j].fold == "e" || toks[j].fold == "o":
			if toks[j-1].class == hardWord && toks[j-1].fact == nil {
				return listStart(toks, j-1)
			}
			return i
		case toks[j].class != functionWord:
			return i
		}
	}
	return i
}

// adnominal reports whether a negation belongs to a noun and not to the verb of its sentence: "i solai non collegati", "spese
// senza documento", "di non residenti".
func adnominal(toks []claimToken, n negator) bool {
	before, t := &toks[n.pos-1], &toks[n.target]
	if toks[n.pos].fold == "senza" {
		return before.class == hardWord && before.fact == nil && before.clause == t.clause
	}
	if n.target != n.pos+1 || toks[n.pos].fold != "non" {
		return false
	}
	if nominal[before.fold] {
		return !auxiliary[t.fold] && toks[n.pos].adjoined
	}
	if before.class != hardWord || before.fact != nil || before.clause != t.clause {
		return false
	}
	for _, end := range [...]string{"ato", "ata", "ati", "ate", "uto", "uta", "uti", "ute", "ito", "ita", "iti", "ite", "bile", "bili", "ente", "enti"} {
		if strings.HasSuffix(t.fold, end) {
			return true
		}
	}
	return false
}

var nominal = wordSetOf("di dei del delle della degli a ai alle per da dai dalle con i gli le altri altre soggetti")

// undone leaves out the negators that undo each other: "non è vietato", "nessuno non ha".
func undone(toks []claimToken, all []negator) []negator {
	gone := map[int]bool{}
	for a, n := range all {
		for b := a + 1; b < len(all); b++ {
			m := all[b]
			if n.by || n.limited || n.target < 0 || gone[a] || gone[b] || !(m.by && n.target == m.pos || !m.by && !m.limited && n.target == m.target) {
				continue
			}
			joined := false
			for j := n.pos; j < m.pos; j++ {
				joined = joined || coordinating[toks[j].fold] || toks[j].clause != toks[m.pos].clause
			}
			if !joined && toks[m.pos].fold != "né" {
				gone[a], gone[b] = true, true
			}
		}
	}
	out := all[:0]
	for a, n := range all {
		if !gone[a] {
			out = append(out, n)
		}
	}
	return out
}

// denyingNouns deny as what a sentence says, not as what it speaks about: after one of ofSomething.
var (
	denyingNouns = wordSetOf("divieto esenzione esenzioni esonero decadenza revoca esclusione diniego sospensione")
	ofSomething  = wordSetOf("di del dello dell della dei al allo all alla dal dallo dall dalla nel nell nella sul sull sulla per")
)

func pleonastic(toks []claimToken, i int) bool {
	return toks[i].fold == "non" && i >= 2 && toks[i-1].fold == "che" && (toks[i-2].fold == "meno" || toks[i-2].fold == "salvo" || toks[i-2].fold == "tranne")
}

func repeatsNon(toks []claimToken, parts []int, i int) bool {
	for j := i - 1; j >= 0 && parts[j] == parts[i]; j-- {
		if toks[j].fold == "non" {
			return true
		}
	}
	return false
}

// partsOf numbers the parts of a text that each say one thing: its clauses, and within them what a conjunction joins
// when it has a verb of its own ("… e non si consuma cibo").
func partsOf(toks []claimToken) []int {
	parts := make([]int, len(toks))
	n := 0
	for i := range toks {
		if i > 0 && (toks[i].clause != toks[i-1].clause || coordinating[toks[i].fold] && opensVerb(toks, i+1)) {
			n++
		}
		parts[i] = n
	}
	return parts
}

var coordinating = wordSetOf("e ed o od ma oppure mentre")

// opensVerb reports whether a negation or a verb stands within two words from i.
func opensVerb(toks []claimToken, i int) bool {
	for j := i; j < len(toks) && j < i+2; j++ {
		if negations[toks[j].fold] || auxiliary[toks[j].fold] || toks[j].fold == "si" {
			return true
		}
	}
	return false
}

// scopeOf gives the part of a text that a negator at i stands in, and the parts after it that have no verb of their own.
func scopeOf(toks []claimToken, parts []int, i int) (from, to int) {
	from, to = i, i+1
	for from > 0 && parts[from-1] == parts[i] {
		from--
	}
	for to < len(toks) && parts[to] == parts[i] {
		to++
	}
	for to < len(toks) {
		end := to
		for end < len(toks) && parts[end] == parts[to] {
			end++
		}
		if !listed[toks[to].fold] && toks[to].class == functionWord {
			return from, to
		}
		for j := to; j < end; j++ {
			if toks[j].fact != nil || auxiliary[toks[j].fold] || negations[toks[j].fold] || claimWords.negative[toks[j].fold] || beforeVerb[toks[j].fold] || toks[j].class == softWord && softForm(toks[j].fold) || conditions(toks[j:j+1]) {
				return from, to
			}
		}
		to = end
	}
	return from, to
}

// listed are the words that an item of an enumeration opens with.
var listed = wordSetOf("il lo la i gli le l un uno una e ed o od né")

// limits reports whether the negation at i makes a limit of a comparison: "non oltre", "non sia superiore a".
func limits(toks []claimToken, i int) bool {
	for j := i + 1; j+1 < len(toks) && j <= i+5; j++ {
		if toks[j].fold == "altro" && toks[j+1].fold == "che" { // "non deve fare altro che"
			return true
		}
	}
	for j := i + 1; j < len(toks) && j <= i+3; j++ {
		if comparators[toks[j].fold] {
			return true
		}
		if toks[j].class != lightWord && toks[j].class != functionWord {
			return false
		}
	}
	return false
}

// limited reports whether a negation stands before the comparison at i.
func limited(toks []claimToken, i int) bool {
	for j := i - 1; j >= 0 && j >= i-3; j-- {
		if negations[toks[j].fold] {
			return limits(toks, j)
		}
		if toks[j].class != lightWord && toks[j].class != functionWord {
			return false
		}
	}
	return false
}

// absent counts the words that claim something between two places, ends apart.
func absent(toks []claimToken, a, b int) int {
	n := 0
	for i := min(a, b) + 1; i < max(a, b); i++ {
		if toks[i].class == hardWord || toks[i].class == softWord || toks[i].fact != nil {
			n++
		}
	}
	if toks[a].clause != toks[b].clause {
		n += 2
	}
	return n
}

// deniesAnything reports whether anything in a text denies or restricts.
func deniesAnything(toks []claimToken) bool {
	for i := range toks {
		if negations[toks[i].fold] || claimWords.negative[toks[i].fold] || restricts[toks[i].fold] {
			return true
		}
	}
	return false
}

// deniesMain reports whether the first clause of a statement denies; what "Sì, se non…" denies is a condition.
func deniesMain(toks []claimToken) bool {
	for i := range toks {
		if toks[i].clause > toks[0].clause || toks[i].fold == "se" || toks[i].fold == "chi" {
			return false
		}
		if negations[toks[i].fold] && !limits(toks, i) || claimWords.negative[toks[i].fold] && !strings.HasPrefix(toks[i].fold, "esen") && !strings.HasPrefix(toks[i].fold, "gratui") {
			return true
		}
	}
	return false
}

// onlyWords restrict a statement and bound nothing.
var onlyWords = wordSetOf("solo soltanto solamente esclusivamente unicamente sola soli sole")

var restricts = wordSetOf("solo soltanto solamente esclusivamente unicamente basta sola soli sole salvo tranne")
