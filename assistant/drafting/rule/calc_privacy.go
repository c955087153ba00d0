package rule

import (
	"regexp"

	"sportello/assistant/privacy"
)

// spansOf gives personal data of some kinds.
func spansOf(a *Act, keep func(s privacy.Span) bool) (out []hit) {
	for _, s := range privacy.Find(a.Text) {
		if keep(s) {
			out = append(out, hit{start: s.Start, end: s.End})
		}
	}
	return out
}

func personalCode(a *Act) []hit {
	return spansOf(a, func(s privacy.Span) bool {
		return s.Kind == privacy.FiscalCode && s.End-s.Start >= 16 || s.Kind == privacy.IdentityCard || s.Kind == privacy.Passport || s.Kind == privacy.DrivingLicence || s.Kind == privacy.Card
	})
}

var residence = regexp.MustCompile(`(?i)resident|abitante|domiciliat|dimorant|convivent`)

func personalData(a *Act) []hit {
	return spansOf(a, func(s privacy.Span) bool {
		switch s.Kind {
		case privacy.BirthDate, privacy.IBAN:
			return true
		case privacy.Address:
			return residence.MatchString(a.Text[max(0, s.Start-40):s.Start])
		case privacy.Phone:
			return residence.MatchString(a.around(s.Start, s.End))
		}
		return false
	})
}

var (
	person       = regexp.MustCompile(`\b(?:[Ss]ig\.?(?:ra|na|ri|\.ra)?|[Ss]ignor[aei]?|[Mm]inore|[Uu]tente|[Rr]ichiedente|[Bb]eneficiari[oa]|[Nn]ucleo\s+(?:familiare\s+)?(?:del|della)?|[Ff]amiglia|[Cc]ittadin[oa]|[Aa]ssistit[oa])\s+(?:[Ss]ig\.?(?:ra)?\s+)?\p{Lu}[\p{L}.]`)
	healthWords  = regexp.MustCompile(`(?i)\binvalid(?:o|a|ità)\s+(?:civile|al|totale|parziale)|\bdisabil\w*|\bhandicap\w*|\bpatologi\w*|\bdiagnos\w*|\bmalatti\w*|\bricoverat\w*|\btossicodipenden\w*|\bpsichiatric\w*|\bgravidanza|\bnon\s+autosufficien\w*|\bterapi[ae]\b|\bdemenza|\bepiless\w*|\bonco\w+`)
	hardWords    = regexp.MustCompile(`(?i)\bindigen\w*|\bdisagio\s+(?:economico|socio|sociale|abitativo)|\bstato\s+di\s+bisogno|\bsfratt\w*|\bISEE\b|\bdifficoltà\s+economic\w*|\bpovertà|\bcontributo\s+(?:economico\s+)?(?:straordinario|assistenziale|di\s+sostegno)|\bdisoccupat\w*|\bdetenut\w*`)
	initialsForm = regexp.MustCompile(`\b(?:[Ss]ig\.?(?:ra|na)?|[Ss]ignor[aei]?|[Mm]inore|[Uu]tente|[Rr]ichiedente|[Bb]eneficiari[oa]|[Cc]ittadin[oa]|[Aa]ssistit[oa])\s+(?:[Ss]ig\.?(?:ra)?\s+)?\p{Lu}\.\s?\p{Lu}\.`)
)

// suffers is a name and surname of which a state of health is said: "Mario Rossi, affetto da".
var suffers = regexp.MustCompile(`\b\p{Lu}\p{Ll}+\s+\p{Lu}\p{Ll}+,?\s+(?:\w+\s+){0,3}(?:affett[oa]\s+da|invalid[oa]\s+(?:civile|al|totale)|disabile|ricoverat[oa]|con\s+(?:disabilità|patologi\w+)|in\s+(?:stato\s+di\s+bisogno|condizioni?\s+di\s+disagio))`)

// named says whether the sentence of a place names a person.
func named(a *Act, from, to int) bool { return person.MatchString(a.around(from, to)) }

func health(a *Act) []hit   { return aboutPerson(a, healthWords) }
func hardship(a *Act) []hit { return aboutPerson(a, hardWords) }

func aboutPerson(a *Act, words *regexp.Regexp) (out []hit) {
	for _, m := range words.FindAllStringIndex(a.Text, -1) {
		if named(a, m[0], m[1]) || suffers.MatchString(a.around(m[0], m[1])) {
			out = append(out, hit{start: m[0], end: m[1]})
		}
	}
	return out
}

func initials(a *Act) (out []hit) {
	for _, m := range initialsForm.FindAllStringIndex(a.Text, -1) {
		out = append(out, hit{start: m[0], end: m[1]})
	}
	return out
}

// Obscured gives a text for publication: personal data, and what is said of a named person's health or hardship, replaced by "omissis".
// A person reads it before it is published.
func Obscured(text string) string {
	a := &Act{Text: text}
	var cuts []hit
	for _, words := range []*regexp.Regexp{healthWords, hardWords} {
		cuts = append(cuts, aboutPerson(a, words)...)
	}
	cuts = append(cuts, initials(a)...)
	for _, m := range person.FindAllStringIndex(text, -1) { // the name itself, where the sentence tells of health or hardship
		s := a.around(m[0], m[1])
		if healthWords.MatchString(s) || hardWords.MatchString(s) {
			cuts = append(cuts, hit{start: m[0], end: m[0] + len(nameForm.FindString(text[m[0]:]))})
		}
	}
	return privacy.Masked(cut(text, cuts))
}

var nameForm = regexp.MustCompile(`^\p{L}+\.?(?:\s+[Ss]ig\.?(?:ra)?)?(?:\s+\p{Lu}[\p{L}.'’]*){1,4}`)
