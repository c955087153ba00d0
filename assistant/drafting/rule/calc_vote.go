package rule

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"sportello/assistant/drafting/count"
)

var (
	labelFirst  = regexp.MustCompile(`(?i)\b(presenti\s+e\s+votanti|presenti|votanti|favorevoli|contrari|astenuti|schede\s+bianche|schede\s+nulle|non\s+partecipano\s+al\s+voto)\s*:?\s*(?:n\.?\s*)?(\d{1,3})\b`)
	numberFirst = regexp.MustCompile(`(?i)\b(?:n\.?\s*)?(\d{1,3})\s*(?:\([a-zé]+\)\s*)?(?:voti\s+|consiglieri\s+|componenti\s+)?(presenti\s+e\s+votanti|presenti|votanti|favorevoli|contrari|astenuti)\b`)
	voteWord    = regexp.MustCompile(`(?i)\bfavorevol[ei]\b`)
	memberForm  = regexp.MustCompile(`(?i)(?:componenti|consiglieri|membri)\s+(?:assegnati|in\s+carica)(?:\s+al\s+comune)?\s*:?\s*(?:n\.?\s*)?(\d{1,3})`)
)

// ballot is a vote with its place.
type ballot struct {
	count.Vote
	start, end int
}

// ballots finds the votes of a text: a sentence that counts those in favour and at least one other thing.
func ballots(text string) []ballot {
	var out []ballot
	at := 0
	for _, sentence := range strings.SplitAfter(text, "\n") {
		for _, piece := range strings.SplitAfter(sentence, ";") {
			if voteWord.MatchString(piece) {
				if v, ok := readVote(piece); ok {
					out = append(out, ballot{v, at, at + len(strings.TrimRight(piece, "\n"))})
				}
			}
			at += len(piece)
		}
	}
	return out
}

func readVote(s string) (count.Vote, bool) {
	v := count.Vote{Present: -1, Voting: -1, For: -1, Against: -1, Abstain: -1, Out: -1}
	counts := map[string]*int{"presenti e votanti": &v.Present, "presenti": &v.Present, "votanti": &v.Voting, "favorevoli": &v.For, "contrari": &v.Against, "astenuti": &v.Abstain, "non partecipano al voto": &v.Out}
	put := func(label, number string) {
		n, err := strconv.Atoi(number)
		if err != nil {
			return
		}
		at, ok := counts[strings.ToLower(strings.Join(strings.Fields(label), " "))]
		switch {
		case !ok: // blank and void ballots
			v.Blank += n
		case *at < 0: // the first count holds
			*at = n
		}
	}
	labels, numbers := labelFirst.FindAllStringSubmatch(s, -1), numberFirst.FindAllStringSubmatch(s, -1)
	if len(numbers) > len(labels) {
		for _, m := range numbers {
			put(m[2], m[1])
		}
	} else {
		for _, m := range labels {
			put(m[1], m[2])
		}
	}
	known := 0
	for _, n := range []int{v.Present, v.Voting, v.Against, v.Abstain} {
		if n >= 0 {
			known++
		}
	}
	return v, v.For >= 0 && known > 0
}

func members(text string) int {
	m := memberForm.FindStringSubmatch(text)
	if m == nil {
		return 0
	}
	n, err := strconv.Atoi(m[1])
	if err != nil {
		return 0
	}
	return n
}

var voteFaults = map[count.Fault]string{
	count.SumOverPresent: "favorevoli, contrari e astenuti sono più dei presenti", count.SumUnderThose: "favorevoli, contrari e astenuti sono meno dei presenti",
	count.VotingDiffers: "i votanti non sono la somma di favorevoli e contrari", count.OverMembers: "i presenti sono più dei componenti",
	count.NotCarried: "i favorevoli non superano i contrari: la proposta non è approvata",
}

func votes(a *Act) (out []hit) {
	n := members(a.Text)
	for _, b := range ballots(a.Text) {
		b.Members = n
		for _, f := range b.Check() {
			if around := strings.ToLower(a.around(b.start, b.end)); f == count.NotCarried && (strings.Contains(around, "respint") || strings.Contains(around, "non approvat")) {
				continue
			}
			out = append(out, hit{b.start, b.end, voteFaults[f]})
			break
		}
	}
	return out
}

// unanimityReach is how far from the counts of a vote "all'unanimità" still speaks of it, in bytes.
const unanimityReach = 120

var apart = regexp.MustCompile(`(?i)separat|distint|successiv|emendament|eseguibil|verbale\s+precedente`)

var unanimous = regexp.MustCompile(`(?i)unanim`)

func unanimity(a *Act) (out []hit) {
	all := ballots(a.Text)
	for _, m := range unanimous.FindAllStringIndex(a.Text, -1) {
		if apart.MatchString(a.around(m[0], m[1])) { // another vote, on enforceability or on an amendment
			continue
		}
		for _, b := range all {
			if b.start-unanimityReach <= m[0] && m[1] <= b.end+unanimityReach && (b.Against > 0 || b.Abstain > 0) {
				out = append(out, hit{b.start, b.end, fmt.Sprintf("contrari %d, astenuti %d", max(0, b.Against), max(0, b.Abstain))})
			}
		}
	}
	return out
}

var enforceForm = regexp.MustCompile(`(?i)immediatamente\s+eseguibile`)

// enforceable looks at the vote before a declaration of immediate enforceability: more than half of the members have to be in favour.
func enforceable(a *Act) []hit {
	n := members(a.Text)
	at := enforceForm.FindAllStringIndex(a.Text, -1)
	if n == 0 || len(at) == 0 {
		return nil
	}
	last := at[len(at)-1]
	var before *ballot
	for _, b := range ballots(a.Text) {
		if b.start < last[0] {
			before = &b
		}
	}
	if before == nil || before.For >= count.Majority(n) {
		return nil
	}
	return []hit{{before.start, before.end, fmt.Sprintf("favorevoli %d: la maggioranza di %d componenti è %d", before.For, n, count.Majority(n))}}
}

var presentForm = regexp.MustCompile(`(?i)\bpresenti\s*:?\s*(?:n\.?\s*)?(\d{1,3})\b`)

func quorum(a *Act) []hit {
	n := members(a.Text)
	m := presentForm.FindStringSubmatchIndex(a.Text)
	if n == 0 || m == nil {
		return nil
	}
	present, err := strconv.Atoi(a.Text[m[2]:m[3]])
	if err != nil || count.Quorum(a.is("consiglio"), n, present) {
		return nil
	}
	return []hit{{m[0], m[1], fmt.Sprintf("presenti %d su %d", present, n)}}
}

var presenceRow = regexp.MustCompile(`(?im)^[^\n|]+\|[^\n|]+\|\s*(sì|si|presente|no|assente)(?:[ –-][^|\n]{0,48})?$`)

var headRow = regexp.MustCompile(`(?i)^\s*(?:componente|nome|cognome|qualifica|n\.?|n°)\b[^|]*\|`)

// presences compares the list of who is there with the number that is written.
func presences(a *Act) []hit {
	rows := presenceRow.FindAllStringSubmatchIndex(a.Text, -1)
	if len(rows) < 3 {
		return nil
	}
	there := 0
	for _, r := range rows {
		if headRow.MatchString(a.Text[r[0]:r[1]]) {
			continue
		}
		if w := strings.ToLower(a.Text[r[2]:r[3]]); w == "sì" || w == "si" || w == "presente" {
			there++
		}
	}
	after := rows[len(rows)-1][1]
	next := strings.TrimLeft(a.Text[after:min(len(a.Text), after+200)], "\n")
	after += len(a.Text[after:min(len(a.Text), after+200)]) - len(next)
	if i := strings.IndexByte(next, '\n'); i >= 0 {
		next = next[:i]
	}
	m := presentForm.FindStringSubmatchIndex(next)
	if m == nil {
		return nil
	}
	said, err := strconv.Atoi(a.Text[after+m[2] : after+m[3]])
	if err != nil || said == there {
		return nil
	}
	return []hit{{after + m[0], after + m[1], fmt.Sprintf("l'elenco ha %d presenti", there)}}
}
