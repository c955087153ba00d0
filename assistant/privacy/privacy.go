// Package privacy finds personal data in what people write, hides it behind placeholders and puts it back.
//
// What has a check digit (codice fiscale, IBAN, partita IVA, cards) is found wherever it stands and only when the digit is right. What has
// none (papers, plates) is found only near the words that announce it. Telephone numbers, exact addresses, dates of birth and names
// are found by the way Italians write them. CUP and CIG identify public works and tenders, not people: they stay.
//
// It stores nothing and imports nothing of ours. What it cannot know is who is meant: a name without any of the words of names.go stays.
package privacy

import (
	"sort"
	"strconv"
	"strings"
)

// Kind is what a piece of personal data is.
type Kind string

// The kinds there are.
const (
	FiscalCode     Kind = "codice_fiscale"
	VAT            Kind = "partita_iva"
	IBAN           Kind = "iban"
	Card           Kind = "carta_pagamento"
	IdentityCard   Kind = "carta_identita"
	Passport       Kind = "passaporto"
	DrivingLicence Kind = "patente"
	Plate          Kind = "targa"
	Phone          Kind = "telefono"
	Email          Kind = "email"
	Address        Kind = "indirizzo"
	BirthDate      Kind = "data_nascita"
	Name           Kind = "nome"
)

// Kinds gives all kinds, in the order in which they win over each other where they overlap.
func Kinds() []Kind {
	return []Kind{Email, IBAN, FiscalCode, VAT, Card, DrivingLicence, IdentityCard, Passport, BirthDate, Address, Phone, Plate, Name}
}

// label is what stands in the text in the place of what was hidden, readable for a clerk.
var label = map[Kind]string{
	FiscalCode: "codice fiscale", VAT: "partita IVA", IBAN: "IBAN", Card: "carta di pagamento", IdentityCard: "carta d'identità",
	Passport: "passaporto", DrivingLicence: "patente", Plate: "targa", Phone: "telefono", Email: "e-mail", Address: "indirizzo",
	BirthDate: "data di nascita", Name: "nome",
}

// Span is a piece of personal data: bytes [Start,End) of the text.
type Span struct {
	Kind       Kind
	Start, End int
}

// Find gives the personal data of a text in order; spans do not overlap.
func Find(text string) []Span {
	if strings.TrimSpace(text) == "" {
		return nil
	}
	var out []Span
	kept := public(text)
	free := func(s Span) bool {
		for _, lists := range [][]Span{kept, out} {
			for _, o := range lists {
				if s.Start < o.End && o.Start < s.End {
					return false
				}
			}
		}
		return true
	}
	for _, kind := range Kinds() {
		for _, s := range finders[kind](text) {
			s.Kind = kind
			if s.End > s.Start && free(s) {
				out = append(out, s)
			}
		}
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Start < out[j].Start })
	return out
}

// finders are the rules by kind. A span they give needs no Kind.
var finders = map[Kind]func(string) []Span{
	Email: findEmail, IBAN: findIBAN, FiscalCode: findFiscalCode, VAT: findVAT, Card: findCard, DrivingLicence: findDrivingLicence,
	IdentityCard: findIdentityCard, Passport: findPassport, BirthDate: findBirthDate, Address: findAddress, Phone: findPhone,
	Plate: findPlate, Name: findName,
}

// Hidden is what a placeholder stands for.
type Hidden struct {
	Kind        Kind
	Placeholder string // "[codice fiscale]", "[codice fiscale 2]"
	Text        string
}

// Mask puts placeholders in the place of personal data. The same text is behind the same placeholder throughout.
func Mask(text string) (string, []Hidden) {
	spans := Find(text)
	if len(spans) == 0 {
		return text, nil
	}
	var b strings.Builder
	var hidden []Hidden
	count := map[Kind]int{}
	at := 0
	for _, s := range spans {
		b.WriteString(text[at:s.Start])
		b.WriteString(placeholder(&hidden, count, s.Kind, text[s.Start:s.End]))
		at = s.End
	}
	b.WriteString(text[at:])
	return b.String(), hidden
}

func placeholder(hidden *[]Hidden, count map[Kind]int, kind Kind, text string) string {
	for _, h := range *hidden {
		if h.Kind == kind && strings.EqualFold(h.Text, text) {
			return h.Placeholder
		}
	}
	count[kind]++
	p := "[" + label[kind]
	if count[kind] > 1 {
		p += " " + strconv.Itoa(count[kind])
	}
	p += "]"
	*hidden = append(*hidden, Hidden{kind, p, text})
	return p
}

// Restore puts back what Mask hid: for the screen of the person who wrote it, and for nobody else.
func Restore(text string, hidden []Hidden) string {
	pairs := make([]string, 0, 2*len(hidden))
	for _, h := range hidden {
		pairs = append(pairs, h.Placeholder, h.Text)
	}
	return strings.NewReplacer(pairs...).Replace(text)
}

// Masked is Mask for those who never put anything back: what goes to a log or a store.
func Masked(text string) string {
	masked, _ := Mask(text)
	return masked
}
