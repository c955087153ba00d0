package rule

import (
	"regexp"
	"sort"
	"strings"

	"sportello/assistant/drafting/count"
	"sportello/assistant/drafting/reference"
)

// Act is what is checked: a text and what is known of it.
type Act struct {
	Text       string
	Family     string   // determina, delibera, ordinanza, decreto, provvedimento, lettera, avviso, verbale; "" of what is none
	Type       string   // name of the template, when it was made from one
	Traits     []string // spesa, contratto, investimento, giunta, consiglio… see kind.go
	Spans      []Place  // its parts, when they are known
	References []reference.Checked
	Day        string         // ISO 8601: of the act, or the day of the check
	Calendar   count.Calendar // of the place
}

// Place is a part of the text.
type Place struct {
	Part       string
	Start, End int
}

// Finding is something that a person should look at.
type Finding struct {
	Code     string   `json:"code"`
	Severity Severity `json:"severity"`
	Message  string   `json:"message"`
	Detail   string   `json:"detail,omitempty"` // what was found just here: "in cifre € 1.220,00, in lettere milleduecento"
	Reason   string   `json:"reason"`
	Source   string   `json:"source"`
	Fix      string   `json:"fix"`
	Part     string   `json:"part,omitempty"`
	Quote    string   `json:"quote,omitempty"` // the words it is about; empty when something is missing
	Start    int      `json:"start"`           // bytes of the text; 0 and 0 when something is missing
	End      int      `json:"end"`
}

// hit is where a rule found something.
type hit struct {
	start, end int
	detail     string
}

// Check gives the findings of all rules, those that block first, then in the order of the text.
func (s *Set) Check(a *Act) []Finding {
	var out []Finding
	for i := range s.rules {
		r := &s.rules[i]
		if !r.applies(a) || r.when != nil && !r.when.MatchString(a.Text) {
			continue
		}
		for _, h := range r.hits(a) {
			f := Finding{Code: r.Code, Severity: r.Severity, Message: r.Message, Detail: h.detail, Reason: r.Reason, Source: r.Source, Fix: r.Fix, Start: h.start, End: h.end}
			if h.end > h.start {
				f.Quote = strings.Join(strings.Fields(a.Text[h.start:h.end]), " ")
				f.Part = a.part(h.start)
			}
			out = append(out, f)
		}
	}
	sort.SliceStable(out, func(i, j int) bool {
		if (out[i].Severity == Blocks) != (out[j].Severity == Blocks) {
			return out[i].Severity == Blocks
		}
		return out[i].Start < out[j].Start
	})
	return out
}

// maxHits bounds the places that are given for one rule: the rest is more of the same.
const maxHits = 12

func (r *Rule) hits(a *Act) []hit {
	if r.Calc != "" {
		found := calcs[r.Calc](a)
		return found[:min(len(found), maxHits)]
	}
	start, end := a.zone(r.Zone)
	var out []hit
	for _, need := range r.needs {
		if !need.MatchString(a.Text[start:end]) {
			return []hit{{}}
		}
	}
	if r.forbids == nil {
		return nil
	}
	for _, m := range r.forbids.FindAllStringIndex(a.Text[start:end], -1) {
		from, to := start+m[0], start+m[1]
		if from == to || r.unless != nil && r.unless.MatchString(a.around(from, to)) {
			continue
		}
		if out = append(out, hit{start: from, end: to}); len(out) == maxHits {
			break
		}
	}
	return out
}

// around gives the sentence of a place: from the semicolon, dot or line before to the one after, within reach.
func (a *Act) around(from, to int) string {
	start := max(0, from-240)
	if i := strings.LastIndexAny(a.Text[start:from], ";\n"); i >= 0 {
		start += i
	}
	end := min(len(a.Text), to+240)
	if i := strings.IndexAny(a.Text[to:end], ";\n"); i >= 0 {
		end = to + i
	}
	return a.Text[start:end]
}

func (a *Act) part(at int) string {
	for _, p := range a.Spans {
		if p.Start <= at && at < p.End {
			return p.Part
		}
	}
	return ""
}

func (a *Act) is(name string) bool {
	if name == a.Family || name == a.Type {
		return true
	}
	for _, t := range a.Traits {
		if t == name {
			return true
		}
	}
	return false
}

var (
	operative = regexp.MustCompile(`(?m)^[ \t]*(?:D\s?E\s?L\s?I\s?B\s?E\s?R\s?A|D\s?E\s?T\s?E\s?R\s?M\s?I\s?N\s?A|O\s?R\s?D\s?I\s?N\s?A|D\s?E\s?C\s?R\s?E\s?T\s?A|D\s?I\s?S\s?P\s?O\s?N\s?E|A\s?U\s?T\s?O\s?R\s?I\s?Z\s?Z\s?A)\b[ \t]*:?[ \t]*$`)
	subject   = regexp.MustCompile(`(?im)^[ \t]*oggetto[ \t]*:?[^\n]*(?:\n[^\n]+){0,2}`)
)

// zone gives the bytes of a zone of the text; all of it when the zone is not found.
func (a *Act) zone(name string) (int, int) {
	at := operative.FindStringIndex(a.Text)
	switch name {
	case "dispositivo":
		if at != nil {
			return at[0], len(a.Text)
		}
	case "premesse":
		if at != nil {
			return 0, at[0]
		}
	case "oggetto":
		if m := subject.FindStringIndex(a.Text); m != nil {
			return m[0], m[1]
		}
	}
	return 0, len(a.Text)
}
