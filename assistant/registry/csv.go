package registry

import (
	"bytes"
	"encoding/csv"
	"regexp"
	"strings"

	"sportello/assistant/fault"
)

// Row is a line of a table of tenants to add.
type Row struct {
	Line   int
	Name   string
	Slug   string
	Kind   string // comune | unione | provincia
	Parent string // slug
	ISTAT  string
	IPA    string
}

// columns maps what a header may say to what it means.
var columns = map[string]string{
	"name": "name", "nome": "name", "denominazione": "name", "comune": "name", "slug": "slug", "kind": "kind", "tipo": "kind",
	"parent": "parent", "sopra": "parent", "unione": "parent", "istat": "istat", "codice istat": "istat",
	"catastale": "catastale", "codice catastale": "catastale", "belfiore": "catastale", "ipa": "ipa", "codice ipa": "ipa",
}

// MaxRows is how many tenants a table may have: more than there are comuni in a region.
const MaxRows = 2000

// ReadCSV reads a table of tenants with a header, separated by comma, semicolon or tab, and checks every code against the list. What a
// comune lacks of its name, codes and slug comes from the list.
func (g *Register) ReadCSV(raw []byte) ([]Row, error) {
	raw = bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf"))
	header, _, _ := bytes.Cut(raw, []byte("\n"))
	r := csv.NewReader(bytes.NewReader(raw))
	r.TrimLeadingSpace = true
	r.FieldsPerRecord = -1
	for _, sep := range []rune{';', '\t'} {
		if bytes.ContainsRune(header, sep) {
			r.Comma = sep
		}
	}
	table, err := r.ReadAll()
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "not a CSV table")
	}
	if len(table) < 2 {
		return nil, fault.New(fault.Invalid, "the table is empty: write a header (nome, istat, ipa, sopra) and a line for each tenant")
	}
	if len(table) > MaxRows {
		return nil, fault.New(fault.TooLarge, "the table has %d lines, more than %d", len(table), MaxRows)
	}
	at := map[string]int{}
	for i, title := range table[0] {
		if field, ok := columns[strings.ToLower(strings.TrimSpace(title))]; ok {
			at[field] = i
		}
	}
	var out []Row
	for n, cells := range table[1:] {
		get := func(field string) string {
			i, ok := at[field]
			if !ok || i >= len(cells) {
				return ""
			}
			return strings.TrimSpace(cells[i])
		}
		row := Row{Line: n + 2, Name: get("name"), Slug: strings.ToLower(get("slug")), Kind: strings.ToLower(get("kind")), Parent: strings.ToLower(get("parent")), ISTAT: get("istat"), IPA: strings.ToLower(get("ipa"))}
		if row.Name == "" && row.ISTAT == "" && get("catastale") == "" {
			continue // an empty line at the end of a spreadsheet
		}
		if err := g.complete(&row, get("catastale")); err != nil {
			return nil, fault.Wrap(fault.Invalid, err, "line %d", row.Line)
		}
		out = append(out, row)
	}
	return out, nil
}

// digitsOnly are codes whose zero at the beginning a spreadsheet has eaten.
var digitsOnly = regexp.MustCompile(`^[0-9]{4,5}$`)

func (g *Register) complete(row *Row, catastale string) error {
	if row.Kind == "" {
		row.Kind = "comune"
	}
	if digitsOnly.MatchString(row.ISTAT) {
		row.ISTAT = strings.Repeat("0", 6-len(row.ISTAT)) + row.ISTAT
	}
	if row.Kind != "comune" {
		if row.Name == "" || row.Slug == "" {
			return fault.New(fault.Invalid, "a %s needs a name and a slug", row.Kind)
		}
		return nil
	}
	if err := g.Check(row.ISTAT, catastale, row.IPA); err != nil {
		return err
	}
	c, ok := g.ByISTAT(row.ISTAT)
	if !ok && catastale != "" {
		c, ok = g.ByCatastale(catastale)
	}
	if !ok {
		found := g.Find(row.Name, 2)
		if len(found) == 0 || len(found) > 1 && fold(found[1].Name) == fold(found[0].Name) || !strings.HasSuffix(fold(row.Name), fold(found[0].Name)) {
			return fault.New(fault.Invalid, "%q is not one comune of today: write its ISTAT code", row.Name)
		}
		c = found[0]
	}
	row.ISTAT, row.IPA = c.ISTAT, c.IPA()
	if row.Name == "" || fold(row.Name) == fold(c.Name) {
		row.Name = c.Title()
	}
	if row.Slug == "" {
		row.Slug = c.Slug()
	}
	return nil
}

// Title gives the name of the administration: "Comune di Avella".
func (c Comune) Title() string { return "Comune di " + c.Name }
