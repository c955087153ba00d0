// Package registry knows the Italian comuni by name and code: ISTAT, catastale (Belfiore) and the code of the index of public
// administrations (IPA), which for a comune is made of the catastale one: A508 is c_a508.
//
// The list is of those that exist today, derived from the open register of the national population registry (ANPR, CC BY) by code, name
// and provincia only. It stores nothing and asks nobody.
package registry

import (
	_ "embed"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"

	"sportello/assistant/fault"
)

// list has a line a comune, by ISTAT code: ISTAT, catastale, provincia, name in capitals.
//
//go:embed comuni.tsv
var list string

// Comune is a comune of the register.
type Comune struct {
	ISTAT     string // six digits
	Catastale string // letter and three digits
	Provincia string // two letters
	Name      string // "Abano Terme"
}

// IPA gives the comune's code in the index of public administrations.
func (c Comune) IPA() string { return "c_" + strings.ToLower(c.Catastale) }

// Slug gives a short name for addresses: "abano-terme".
func (c Comune) Slug() string {
	var b strings.Builder
	for _, r := range fold(c.Name) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	return strings.Trim(b.String(), "-")
}

// Register is the list with its keys.
type Register struct {
	all    []Comune
	istat  map[string]int
	folded []string
}

// New reads the list.
func New() (*Register, error) { return read(list) }

func read(text string) (*Register, error) {
	g := &Register{istat: map[string]int{}}
	for line := range strings.Lines(text) {
		cells := strings.Split(strings.TrimSpace(line), "\t")
		if len(cells) != 4 || len(cells[0]) != 6 || len(cells[1]) != 4 {
			return nil, fault.New(fault.Internal, "registry: the line %q is not one of a comune", line)
		}
		g.istat[cells[0]] = len(g.all)
		g.all = append(g.all, Comune{ISTAT: cells[0], Catastale: cells[1], Provincia: cells[2], Name: title(cells[3])})
		g.folded = append(g.folded, fold(cells[3]))
	}
	return g, nil
}

// ByISTAT gives the comune of an ISTAT code.
func (g *Register) ByISTAT(code string) (Comune, bool) {
	i, ok := g.istat[strings.TrimSpace(code)]
	if !ok {
		return Comune{}, false
	}
	return g.all[i], true
}

// ByCatastale gives the comune of a catastale code.
func (g *Register) ByCatastale(code string) (Comune, bool) {
	code = strings.ToUpper(strings.TrimSpace(code))
	i := slices.IndexFunc(g.all, func(c Comune) bool { return c.Catastale == code })
	if i < 0 {
		return Comune{}, false
	}
	return g.all[i], true
}

// Find gives up to n comuni whose name begins with text, whole names first, then those that have it inside. "Comune di" is left out.
func (g *Register) Find(text string, n int) []Comune {
	want := strings.TrimSpace(fold(text))
	for _, prefix := range []string{"comune di ", "comune d'", "citta di "} {
		want = strings.TrimPrefix(want, prefix)
	}
	if want == "" {
		return nil
	}
	var whole, begins, inside []Comune
	for i, name := range g.folded {
		switch {
		case name == want:
			whole = append(whole, g.all[i])
		case strings.HasPrefix(name, want):
			begins = append(begins, g.all[i])
		case len(want) > 2 && strings.Contains(name, want):
			inside = append(inside, g.all[i])
		}
	}
	found := append(append(whole, begins...), inside...)
	return found[:min(n, len(found))]
}

// Check says what is wrong with the codes of a comune, nil when nothing is. An empty code is not checked.
func (g *Register) Check(istat, catastale, ipa string) error {
	if istat == "" && catastale == "" && !strings.HasPrefix(ipa, "c_") {
		return nil
	}
	if istat == "" && catastale == "" {
		catastale = strings.TrimPrefix(ipa, "c_")
	}
	c, ok := g.ByISTAT(istat)
	if istat != "" && !ok {
		return fault.New(fault.Invalid, "no comune of today has the ISTAT code %q", istat)
	}
	if istat == "" {
		if c, ok = g.ByCatastale(catastale); !ok {
			return fault.New(fault.Invalid, "no comune of today has the catastale code %q", strings.ToUpper(catastale))
		}
	}
	if catastale != "" && !strings.EqualFold(catastale, c.Catastale) {
		return fault.New(fault.Invalid, "the catastale code of %s is %s, not %s", c.Name, c.Catastale, strings.ToUpper(catastale))
	}
	if ipa != "" && !strings.EqualFold(ipa, c.IPA()) {
		return fault.New(fault.Invalid, "the IPA code of %s is %s, not %s", c.Name, c.IPA(), ipa)
	}
	return nil
}

// fold takes accents and capitals away.
func fold(text string) string {
	out, _, err := transform.String(transform.Chain(norm.NFD, runes.Remove(runes.In(unicode.Mn)), norm.NFC), strings.ToLower(text))
	if err != nil {
		return strings.ToLower(text)
	}
	return out
}

// small are the words that stay small inside a name.
var small = map[string]bool{
	"di": true, "del": true, "della": true, "dello": true, "dei": true, "degli": true, "delle": true, "da": true, "dal": true, "in": true, "con": true,
	"a": true, "al": true, "alla": true, "ai": true, "alle": true, "su": true, "sul": true, "sulla": true, "e": true, "ed": true, "la": true, "le": true,
	"de": true, "der": true, "an": true, "nel": true, "nell": true, "d": true, "dell": true, "all": true, "sull": true, "dall": true,
}

// title writes a name in capitals as people do: "ALÀ DEI SARDI" is Alà dei Sardi, "REGGIO NELL'EMILIA" Reggio nell'Emilia.
func title(name string) string {
	var b strings.Builder
	word := ""
	first := true
	flush := func() {
		low := strings.ToLower(word)
		if word != "" && (first || !small[low]) {
			r := []rune(low)
			low = string(unicode.ToUpper(r[0])) + string(r[1:])
		}
		if word != "" {
			first = false
		}
		b.WriteString(low)
		word = ""
	}
	for _, r := range name {
		if unicode.IsLetter(r) {
			word += string(r)
			continue
		}
		flush()
		b.WriteRune(r)
	}
	flush()
	return b.String()
}
