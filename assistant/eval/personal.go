package eval

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"text/tabwriter"

	"sportello/assistant/fault"
	"sportello/assistant/privacy"
)

// PersonalTally counts what was found of a kind of personal data.
type PersonalTally struct {
	Right  int `json:"right"`
	Missed int `json:"missed"`
	Wrong  int `json:"wrong"`
}

// PersonalReport is what privacy.Find makes of sentences in which somebody marked what is personal: "mi chiamo {nome|Anna Conti}".
type PersonalReport struct {
	ByKind map[privacy.Kind]*PersonalTally `json:"by_kind"`
	Traps  int                             `json:"traps"` // sentences without personal data
	Falls  int                             `json:"falls"` // of these with something found
	Amiss  []string                        `json:"amiss"` // each thing missed, or found wrongly
}

type markedSentence struct {
	text string
	want []privacy.Span
}

var marked = regexp.MustCompile(`\{(\w+)\|([^}]*)\}`)

func markedSentences(raw []byte) (out []markedSentence) {
	for line := range strings.Lines(string(raw)) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		var s markedSentence
		at := 0
		for _, m := range marked.FindAllStringSubmatchIndex(line, -1) {
			s.text += line[at:m[0]]
			s.want = append(s.want, privacy.Span{Kind: privacy.Kind(line[m[2]:m[3]]), Start: len(s.text), End: len(s.text) + m[5] - m[4]})
			s.text += line[m[4]:m[5]]
			at = m[1]
		}
		s.text += line[at:]
		out = append(out, s)
	}
	return out
}

// Personal measures marked sentences, one a line; lines that begin with # are remarks.
func Personal(raw []byte) *PersonalReport {
	r := &PersonalReport{ByKind: map[privacy.Kind]*PersonalTally{}, Amiss: []string{}}
	for _, k := range privacy.Kinds() {
		r.ByKind[k] = &PersonalTally{}
	}
	for _, s := range markedSentences(raw) {
		got := privacy.Find(s.text)
		for _, g := range got {
			if slices.Contains(s.want, g) {
				r.ByKind[g.Kind].Right++
				continue
			}
			r.ByKind[g.Kind].Wrong++
			r.Amiss = append(r.Amiss, fmt.Sprintf("wrong  %s %q in %q", g.Kind, s.text[g.Start:g.End], s.text))
		}
		for _, w := range s.want {
			if !slices.Contains(got, w) {
				r.ByKind[w.Kind].Missed++
				r.Amiss = append(r.Amiss, fmt.Sprintf("missed %s %q in %q", w.Kind, s.text[w.Start:w.End], s.text))
			}
		}
		if len(s.want) == 0 {
			if r.Traps++; len(got) > 0 {
				r.Falls++
			}
		}
	}
	return r
}

// Table is the report for people, the form of the committed tables.
func (r *PersonalReport) Table() string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 4, 2, ' ', tabwriter.AlignRight)
	_, _ = fmt.Fprintln(w, "kind\tright\tmissed\twrong\tprecision\trecall\t")
	for _, k := range privacy.Kinds() {
		n := r.ByKind[k]
		_, _ = fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%s\t%s\t\n", k, n.Right, n.Missed, n.Wrong, part(n.Right, n.Right+n.Wrong), part(n.Right, n.Right+n.Missed))
	}
	_ = w.Flush() // into memory
	_, _ = fmt.Fprintf(&b, "\ntraps: %d sentences without personal data, %d of them masked\n\n", r.Traps, r.Falls)
	return b.String()
}

func part(n, of int) string {
	if of == 0 {
		return "-"
	}
	return fmt.Sprintf("%.2f", float64(n)/float64(of))
}

var presidioKinds = map[string][]privacy.Kind{
	"IT_FISCAL_CODE": {privacy.FiscalCode}, "IT_VAT_CODE": {privacy.VAT}, "IT_IDENTITY_CARD": {privacy.IdentityCard},
	"IT_PASSPORT": {privacy.Passport}, "IT_DRIVER_LICENSE": {privacy.DrivingLicence},
}

// presidioWords are put before the cases, which stand without any word: we find papers only near their names.
var presidioWords = map[string]string{"IT_IDENTITY_CARD": "carta d'identità ", "IT_PASSPORT": "passaporto ", "IT_DRIVER_LICENSE": "patente "}

// PersonalCases measures the cases of presidio, lines of {"entity","text","expected"}: how many things of a kind are in a text.
func PersonalCases(raw []byte) (string, error) {
	same := map[string][2]int{}
	var differ []string
	for lines := bufio.NewScanner(bytes.NewReader(raw)); lines.Scan(); {
		var c struct {
			Entity, Text string
			Expected     int
		}
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			return "", fault.Wrap(fault.Invalid, err, "a line is no case {\"entity\", \"text\", \"expected\"}")
		}
		got := 0
		for _, s := range privacy.Find(presidioWords[c.Entity] + c.Text) {
			if slices.Contains(presidioKinds[c.Entity], s.Kind) {
				got++
			}
		}
		n := same[c.Entity]
		n[1]++
		if got == c.Expected {
			n[0]++
		} else {
			differ = append(differ, fmt.Sprintf("  %s %q: %d, presidio %d", c.Entity, c.Text, got, c.Expected))
		}
		same[c.Entity] = n
	}
	var b strings.Builder
	b.WriteString("presidio's cases, papers with their name before them: same result\n")
	for _, entity := range []string{"IT_FISCAL_CODE", "IT_VAT_CODE", "IT_IDENTITY_CARD", "IT_PASSPORT", "IT_DRIVER_LICENSE"} {
		_, _ = fmt.Fprintf(&b, "  %-18s %d of %d\n", entity, same[entity][0], same[entity][1])
	}
	b.WriteString("different:\n" + strings.Join(differ, "\n") + "\n")
	return b.String(), nil
}
