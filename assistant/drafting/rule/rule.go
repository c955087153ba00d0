package rule

import (
	"bytes"
	"embed"
	"io/fs"
	"path"
	"regexp"
	"sort"
	"strings"

	"github.com/pelletier/go-toml/v2"

	"sportello/assistant/drafting"
	"sportello/assistant/fault"
)

// Severity says what a finding does to an export.
type Severity string

// The severities, as the files write them.
const (
	Blocks Severity = "blocca" // no final export while it is open
	Warns  Severity = "avvisa"
)

// Rule is one check.
type Rule struct {
	Code     string   `toml:"codice" json:"code"`
	Severity Severity `toml:"gravita" json:"severity"`
	For      []string `toml:"atti" json:"for"`            // families, types and traits that the act has to have, all of them; "-x" must not be there; "a|b" one of two
	Since    string   `toml:"dal" json:"since,omitempty"` // ISO 8601: for acts of that day or later
	When     string   `toml:"quando" json:"-"`            // pattern that the text has to hold for the rule to apply
	Needs    []string `toml:"richiede" json:"-"`          // patterns that have to be found, each of them
	Forbids  string   `toml:"vieta" json:"-"`             // pattern whose every place is a finding
	Unless   string   `toml:"salvo" json:"-"`             // pattern in the sentence around that makes it good
	Zone     string   `toml:"zona" json:"-"`              // oggetto, premesse, dispositivo; empty: everywhere
	Calc     string   `toml:"calcolo" json:"-"`           // name of a calculation, in the place of patterns
	Message  string   `toml:"messaggio" json:"message"`   // what is wrong, for the clerk
	Reason   string   `toml:"motivo" json:"reason"`       // why it matters
	Source   string   `toml:"fonte" json:"source"`        // the norm or guide it comes from
	Fix      string   `toml:"rimedio" json:"fix"`         // what to do
	when     *regexp.Regexp
	needs    []*regexp.Regexp
	forbids  *regexp.Regexp
	unless   *regexp.Regexp
}

// Set is the rules in force. It is safe for concurrent use.
type Set struct{ rules []Rule }

//go:embed rules
var shipped embed.FS

// Shipped gives the rules that come with the program.
func Shipped() (*Set, error) {
	sub, err := fs.Sub(shipped, "rules")
	if err != nil {
		return nil, fault.Wrap(fault.Internal, err, "rules")
	}
	return Load(sub)
}

// Load reads every *.toml of a folder. Errors name the file and the rule.
func Load(dir fs.FS) (*Set, error) {
	names, err := fs.Glob(dir, "*.toml")
	if err != nil || len(names) == 0 {
		return nil, fault.Wrap(fault.Invalid, err, "there are no rules (*.toml) in the folder")
	}
	s := &Set{}
	seen := map[string]string{}
	for _, name := range names {
		data, err := fs.ReadFile(dir, name)
		if err != nil {
			return nil, fault.Wrap(fault.Invalid, err, "%s cannot be read", name)
		}
		var file struct {
			Rules []Rule `toml:"regola"`
		}
		dec := toml.NewDecoder(bytes.NewReader(data))
		dec.DisallowUnknownFields()
		if err := dec.Decode(&file); err != nil {
			return nil, drafting.BadFile(name, err)
		}
		for i := range file.Rules {
			r := &file.Rules[i]
			if err := r.compile(); err != nil {
				return nil, fault.Wrap(fault.Invalid, err, "%s, rule %d (%s)", path.Base(name), i+1, r.Code)
			}
			if seen[r.Code] != "" {
				return nil, fault.New(fault.Invalid, "%s: the code %s is in %s already", name, r.Code, seen[r.Code])
			}
			seen[r.Code] = name
		}
		s.rules = append(s.rules, file.Rules...)
	}
	sort.SliceStable(s.rules, func(i, j int) bool { return s.rules[i].Code < s.rules[j].Code })
	return s, nil
}

func (r *Rule) compile() error {
	switch {
	case r.Code == "" || r.Message == "" || r.Reason == "" || r.Source == "" || r.Fix == "":
		return fault.New(fault.Invalid, "codice, messaggio, motivo, fonte and rimedio have to be there")
	case r.Severity != Blocks && r.Severity != Warns:
		return fault.New(fault.Invalid, "gravita is blocca or avvisa, not %q", r.Severity)
	case r.Calc == "" && len(r.Needs) == 0 && r.Forbids == "":
		return fault.New(fault.Invalid, "richiede, vieta or calcolo has to be there")
	case r.Calc != "" && calcs[r.Calc] == nil:
		return fault.New(fault.Invalid, "there is no calculation %q", r.Calc)
	}
	compile := func(pattern string) *regexp.Regexp {
		if pattern == "" {
			return nil
		}
		re, err := regexp.Compile("(?is)" + pattern)
		if err != nil {
			r.Message = err.Error()
			return nil
		}
		return re
	}
	for _, p := range append([]string{r.When, r.Forbids, r.Unless}, r.Needs...) {
		if _, err := regexp.Compile("(?is)" + p); err != nil {
			return fault.Wrap(fault.Invalid, err, "a pattern is wrong")
		}
	}
	r.when, r.forbids, r.unless = compile(r.When), compile(r.Forbids), compile(r.Unless)
	for _, p := range r.Needs {
		r.needs = append(r.needs, compile(p))
	}
	return nil
}

// Rules gives all rules by code.
func (s *Set) Rules() []Rule { return s.rules }

// Rule gives one by its code.
func (s *Set) Rule(code string) (Rule, bool) {
	for _, r := range s.rules {
		if r.Code == code {
			return r, true
		}
	}
	return Rule{}, false
}

// applies says whether a rule is for an act.
func (r *Rule) applies(a *Act) bool {
	if r.Since != "" && a.Day != "" && a.Day < r.Since {
		return false
	}
	for _, want := range r.For {
		if name, no := strings.CutPrefix(want, "-"); no {
			if a.is(name) {
				return false
			}
			continue
		}
		one := false
		for _, name := range strings.Split(want, "|") {
			one = one || a.is(name)
		}
		if !one {
			return false
		}
	}
	return true
}
