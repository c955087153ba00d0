package privacy

import (
	"regexp"
	"strings"
)

// What has no check digit, or one that nobody publishes, counts only near the words that announce it.
var (
	cieForm      = regexp.MustCompile(`(?i)\b(?:[A-Z]{2}\d{5}[A-Z]{2}|\d{7}[A-Z]{2}|[A-Z]{2}[ ]?\d{7})\b`)
	cieWord      = regexp.MustCompile(`(?i)identit|\bc\.?i\.?e\.?\b|document|\bc\.i\.`)
	passportForm = regexp.MustCompile(`(?i)\b[A-Z]{2}[ ]?\d{7}\b`)
	passportWord = regexp.MustCompile(`(?i)passap|passport|passeport|pasaporte|reisepass|pașaport|pasaport`)
	licenceForm  = regexp.MustCompile(`(?i)\b(?:[A-Z]{2}\d{7}[A-Z]|U1[BCDFGHJKLMNPRSTUWXYZ0-9]{7}[A-Z])\b`)
	licenceWord  = regexp.MustCompile(`(?i)patente|licen[cs]e|permis`)
	plateForm    = regexp.MustCompile(`(?i)\b[A-HJ-NPR-TV-Z]{2}[ -]?\d{3}[ -]?[A-HJ-NPR-TV-Z]{2}\b`)
	plateWord    = regexp.MustCompile(`(?i)targ|veicol|\bauto\b|automobil|macchin|furgon|camion|motorin|\bmoto\b|scooter|vettura|\bcar\b|plate`)

	phoneWord = regexp.MustCompile(`(?i)\b(?:tel(?:efono|efonic\w+|\.)?|cell(?:ulare|\.)?|phone|mobile|whats\s?app|fax|chiam\w+|numero\sdi\stelefono|recapito|contatt\w+)\b`)
	paperWord = regexp.MustCompile(`(?i)(?:\bprot(?:ocollo|\.)?|\bpratica|\bcodice|\bmatricola|\bavviso|\biuv|\bbollettin\w+|\bfoglio|\bparticella|\bmappale|\bsub(?:alterno|\.)?|\bcap|\bistat|\bdeliber\w+|\bdetermin\w+|\bordinanz\w+|\bfattura|\brepertorio|\bart(?:icolo|\.)|\beuro|€|\bcig|\bcup|\bcapitolo|\biva|\bricevuta|\bverbale|\bcontratto|\bcontatore|\bcliente|\bsentenza|\bruolo|\bbando|\bgara)(?:\s(?-i:[A-Z]{2,6}))?[^\p{L}]{0,6}(?:n\.?|nr\.?|numero|n°)?[^\p{L}\d]{0,4}$`)
	phoneForm = regexp.MustCompile(`(?:\+|\b00|\(\+?|\b)\d[\d ./()-]{6,18}\d\b`)
	dateForm  = regexp.MustCompile(`^\(?\d{1,2}[ ./-]\d{1,2}[ ./-](?:\d{4}|\d{2})\b`)
)

func findIdentityCard(text string) []Span {
	return all(cieForm, text, func(_ string, start, end int) bool { return near(text, start, end, 60, 30, cieWord) })
}

func findPassport(text string) []Span {
	return all(passportForm, text, func(_ string, start, end int) bool { return near(text, start, end, 50, 25, passportWord) })
}

func findDrivingLicence(text string) []Span {
	return all(licenceForm, text, func(_ string, start, end int) bool { return near(text, start, end, 50, 25, licenceWord) })
}

func findPlate(text string) []Span {
	return all(plateForm, text, func(_ string, start, end int) bool { return near(text, start, end, 50, 40, plateWord) })
}

// findPhone gives telephone numbers as the Italian numbering plan has them (mobile 3xx, geographic 0…), and foreign ones with their plus.
// Short service numbers and toll-free ones (800, 803, 199…) are nobody's.
func findPhone(text string) []Span {
	var out []Span
	for _, m := range phoneForm.FindAllStringIndex(text, -1) {
		start, end := m[0], m[1]
		// "3331234567 2026" is a number and a year: what follows is dropped as long as the rest is a telephone number.
		for end > start {
			if telephone(text, start, end) {
				out = append(out, Span{Start: start, End: end})
				break
			}
			cut := strings.LastIndexAny(text[start:end], " /-.")
			if cut <= 0 {
				break
			}
			end = start + cut
		}
	}
	return out
}

func telephone(text string, start, end int) bool {
	written := text[start:end]
	digits := digitsOf(written)
	if dateForm.MatchString(written) || paperWord.MatchString(text[max(0, start-40):start]) || strings.Contains(written, "//") {
		return false
	}
	if end < len(text) && (text[end] == '/' || text[end] == ',') && end+1 < len(text) && text[end+1] >= '0' && text[end+1] <= '9' {
		return false // 0123456/2026 is a protocol number, 300000000,50 an amount
	}
	plus := strings.HasPrefix(strings.TrimLeft(written, "("), "+")
	switch {
	case plus && strings.HasPrefix(digits, "39"):
		digits = digits[2:]
	case strings.HasPrefix(digits, "0039"):
		digits = digits[4:]
	case plus, strings.HasPrefix(digits, "00"):
		digits = strings.TrimPrefix(digits, "00")
		return len(digits) >= 8 && len(digits) <= 15 && digits[0] != '0'
	}
	if n := strings.Count(written, "."); n > 0 && len(digits) > 4 && regexpThousands.MatchString(written) {
		return false
	}
	switch {
	case strings.HasPrefix(digits, "3"):
		return len(digits) == 9 && announced(text, start) || len(digits) == 10
	case strings.HasPrefix(digits, "0") && !strings.HasPrefix(digits, "00"):
		return len(digits) >= 9 && len(digits) <= 11 || len(digits) >= 6 && len(digits) <= 8 && announced(text, start)
	}
	return false
}

var regexpThousands = regexp.MustCompile(`^\d{1,3}(?:\.\d{3})+$`)

func announced(text string, start int) bool { return near(text, start, start, 30, 0, phoneWord) }

var (
	monthName = `(?:gennaio|febbraio|marzo|aprile|maggio|giugno|luglio|agosto|settembre|ottobre|novembre|dicembre|january|february|march|april|may|june|july|august|september|october|november|december|janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|décembre)`
	dayForm   = `(?:\d{1,2}\s?[/.-]\s?\d{1,2}\s?[/.-]\s?(?:\d{4}|\d{2})|\d{4}-\d{2}-\d{2}|\d{1,2}[°º]?\s+(?:of\s)?` + monthName + `\s+(?:del\s)?\d{4})`
	bornForm  = regexp.MustCompile(`(?i)(?:\bnat[oaie]\b|\bnascita\b|\bnascit\w*|\bcompleanno\b|\bborn\b|\bbirth\b|\bnée?\s(?:le|à)\s|\bgeboren\b|\bnacid[oa]\b|\bnăscută?\b|\bnascut[aă]?\b|\blindur\b|народи|مولود|出生)[^\d\n]{0,60}(` + dayForm + `)\b`)
	bornCJK   = regexp.MustCompile(`\d{4}年\d{1,2}月\d{1,2}日(?:\s*出生)`)
)

func findBirthDate(text string) []Span {
	var out []Span
	for _, m := range bornForm.FindAllStringSubmatchIndex(text, -1) {
		out = append(out, Span{Start: m[2], End: m[3]})
	}
	for _, m := range bornCJK.FindAllStringIndex(text, -1) {
		out = append(out, Span{Start: m[0], End: m[1]})
	}
	return out
}
