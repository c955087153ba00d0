package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"os"
	"strings"

	"sportello/assistant/fault"
	"sportello/assistant/store"
)

type officeCmd struct {
	Import officeImportCmd `cmd:"" help:"Replace the offices of a tenant with those of a CSV file."`
}

type officeImportCmd struct {
	Tenant string `required:"" help:"Slug of the tenant." placeholder:"SLUG"`
	File   string `arg:"" help:"CSV with a header: name, subjects, hours, phone, e-mail, address. Subjects are separated by | or ;." type:"existingfile"`
}

func (cmd *officeImportCmd) Help() string {
	return "Example:\n  sportello office import --tenant avella uffici.csv\n\n" +
		"The header may be in Italian: nome, materie, orari, telefono, email, indirizzo."
}

func (cmd *officeImportCmd) Run(ctx context.Context, s *session) error {
	raw, err := os.ReadFile(cmd.File)
	if err != nil {
		return fault.Wrap(fault.Invalid, err, "%s cannot be read", cmd.File)
	}
	offices, err := parseOffices(raw)
	if err != nil {
		return fault.Wrap(fault.Invalid, err, "%s", cmd.File)
	}
	st, err := s.openStore(ctx)
	if err != nil {
		return err
	}
	defer release(st)
	if err := st.PutOffices(ctx, cmd.Tenant, offices); err != nil {
		return err
	}
	sayf(s.stdout, "%d offices imported for %s\n", len(offices), cmd.Tenant)
	return nil
}

// officeColumns maps what a header may say to the field it means.
var officeColumns = map[string]string{
	"name": "name", "nome": "name", "ufficio": "name", "office": "name",
	"subjects": "subjects", "materie": "subjects", "argomenti": "subjects", "competenze": "subjects",
	"hours": "hours", "orari": "hours", "orario": "hours",
	"phone": "phone", "telefono": "phone", "tel": "phone",
	"e-mail": "email", "email": "email", "mail": "email",
	"address": "address", "indirizzo": "address",
}

// parseOffices reads the CSV that a spreadsheet saves, whichever of comma, semicolon and tab it separates with.
func parseOffices(raw []byte) ([]store.Office, error) {
	raw = bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf"))
	header, _, _ := bytes.Cut(raw, []byte("\n"))
	r := csv.NewReader(bytes.NewReader(raw))
	r.TrimLeadingSpace = true
	for _, sep := range []rune{';', '\t'} {
		if bytes.ContainsRune(header, sep) {
			r.Comma = sep
		}
	}
	rows, err := r.ReadAll()
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "not a CSV table")
	}
	if len(rows) == 0 {
		return nil, fault.New(fault.Invalid, "the table is empty")
	}
	at := map[string]int{}
	for i, title := range rows[0] {
		if field, ok := officeColumns[strings.ToLower(strings.TrimSpace(title))]; ok {
			at[field] = i
		}
	}
	if _, ok := at["name"]; !ok {
		return nil, fault.New(fault.Invalid, "no column \"name\" in the header: it reads %q", strings.Join(rows[0], ", "))
	}
	cell := func(row []string, field string) string {
		i, ok := at[field]
		if !ok || i >= len(row) {
			return ""
		}
		return strings.TrimSpace(row[i])
	}
	var offices []store.Office
	for n, row := range rows[1:] {
		o := store.Office{Name: cell(row, "name"), Hours: cell(row, "hours"), Phone: cell(row, "phone"), Email: cell(row, "email"), Address: cell(row, "address")}
		if o.Name == "" {
			return nil, fault.New(fault.Invalid, "line %d has no name", n+2)
		}
		for _, subject := range strings.FieldsFunc(cell(row, "subjects"), func(r rune) bool { return r == '|' || r == ';' }) {
			o.Subjects = append(o.Subjects, strings.TrimSpace(subject))
		}
		offices = append(offices, o)
	}
	return offices, nil
}
