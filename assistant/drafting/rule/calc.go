package rule

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"sportello/assistant/drafting/count"
	"sportello/assistant/drafting/reference"
)

// calcs are the checks that no pattern can say, by the names that rules call them.
var calcs = map[string]func(a *Act) []hit{
	"verificare": openMarks, "importi_lettere": amountsInWords, "numeri_lettere": numbersInWords, "somma": sums, "iva": vat, "oltre_impegno": overCommitment, "soglia": threshold,
	"sanzione": sanction, "cig": cigForm, "cup": cupForm,
	"voti": votes, "unanimita": unanimity, "maggioranza": enforceable, "quorum": quorum, "presenze": presences,
	"date_impossibili": impossibleDays, "date_future": laterActs, "date_ordine": dayOrder, "durc_scaduto": durcOver, "termine_festivo": termOnHoliday,
	"riferimento_inesistente": noPart, "norma_abrogata": repealedNorm, "dlgs_50_2016": oldProcurement, "regolamento_abrogato": repealedOwn,
	"privacy_codice": personalCode, "privacy_dati": personalData, "privacy_salute": health, "privacy_disagio": hardship, "privacy_iniziali": initials,
}

// OpenForm is what is left to verify in a text.
var OpenForm = regexp.MustCompile(`\[VERIFICARE:[^\]]*\]`)

func openMarks(a *Act) (out []hit) {
	for _, m := range OpenForm.FindAllStringIndex(a.Text, -1) {
		out = append(out, hit{start: m[0], end: m[1]})
	}
	return out
}

// money is an amount with its sign before or after it.
const money = `(?:€\s*(\d[\d.]*(?:,\d{1,2})?)|(?:euro|EUR)\s+(\d[\d.]*(?:,\d{1,2})?))`

var wordsForm = regexp.MustCompile(`(?i)(?:€(?:/\w+)?|euro)\s*(\d[\d.]*(?:,\d{1,2})?)(?:,?=)?\s*(?:\(\s*(?:diconsi\s+)?|,?\s+diconsi\s+)(?:euro\s+|€\s*)?([a-zàèéìòù]{3,})(?:\s*/\s*(\d{1,2})|\s+virgola\s+([a-zé]+))?\b`)

// amountsInWords compares "€ 1.220,00 (milleduecentoventi/00)".
func amountsInWords(a *Act) (out []hit) {
	for _, m := range wordsForm.FindAllStringSubmatchIndex(a.Text, -1) {
		figure, ok := count.ParseMoney(a.Text[m[2]:m[3]])
		n, ok2 := count.Number(a.Text[m[4]:m[5]])
		if !ok || !ok2 {
			continue
		}
		said := count.Cents(n * 100)
		switch {
		case m[6] >= 0:
			c, err := strconv.Atoi(a.Text[m[6]:m[7]])
			if err != nil {
				continue
			}
			said += count.Cents(c)
		case m[8] >= 0:
			c, ok := count.Number(a.Text[m[8]:m[9]])
			if !ok {
				continue
			}
			said += count.Cents(c)
		default:
			figure -= figure % 100
		}
		if said != figure {
			out = append(out, hit{m[0], m[1], fmt.Sprintf("in cifre € %s, in lettere € %s", figure, said)})
		}
	}
	return out
}

var countForm = regexp.MustCompile(`(?i)\bn\.?\s*(\d{1,3})\s*\(([a-zàèéìòù]{2,})\)`)

// numbersInWords compares "n. 14 (quattordici)".
func numbersInWords(a *Act) (out []hit) {
	for _, m := range countForm.FindAllStringSubmatchIndex(a.Text, -1) {
		figure, err := strconv.ParseInt(a.Text[m[2]:m[3]], 10, 64)
		said, ok := count.Number(a.Text[m[4]:m[5]])
		if err == nil && ok && said != figure {
			out = append(out, hit{m[0], m[1], fmt.Sprintf("in cifre %d, in lettere %d", figure, said)})
		}
	}
	return out
}

var (
	amountForm = regexp.MustCompile(`€\s*(\d[\d.]*(?:,\d{1,2})?)|(\d[\d.]*,\d{2})\s*(?:€|euro)`)
	totalForm  = regexp.MustCompile(`(?i)^\s*(?:totale|in\s+totale|somma(?:no)?|importo\s+totale|totale\s+(?:complessivo|generale|spesa))\b`)
	netForm    = regexp.MustCompile(`(?i)` + money + `[^;€\n]{0,40}?\bI\.?V\.?A\b[^;€\n]{0,60}?` + money + `[^;€\n]{0,60}?(?:total\w+|complessiv\w+)[^;€\n]{0,40}?` + money)
	rateForm   = regexp.MustCompile(`(?i)` + money + `[^;€\n]{0,30}?\bI\.?V\.?A\.?\s*(?:al|del|nella\s+misura\s+del|pari\s+al)?\s*(\d{1,2})\s*(?:%|per\s+cento)[^;€\n]{0,40}?` + money)
)

func amount(text string, m []int, i int) (count.Cents, bool) {
	for _, k := range []int{i, i + 1} {
		if m[2*k] >= 0 {
			return count.ParseMoney(text[m[2*k]:m[2*k+1]])
		}
	}
	return 0, false
}

// sums compares totals with what they are made of: rows of a table that ends with "Totale", and "€ a oltre a IVA pari a € b, in totale € c".
func sums(a *Act) (out []hit) {
	for _, m := range netForm.FindAllStringSubmatchIndex(a.Text, -1) {
		net, ok1 := amount(a.Text, m, 1)
		tax, ok2 := amount(a.Text, m, 3)
		total, ok3 := amount(a.Text, m, 5)
		if ok1 && ok2 && ok3 && net+tax != total {
			out = append(out, hit{m[0], m[1], fmt.Sprintf("€ %s + € %s = € %s, non € %s", net, tax, net+tax, total)})
		}
	}
	var sum count.Cents
	rows, at := 0, 0
	for line := range strings.Lines(a.Text) {
		start := at
		at += len(line)
		found := amountForm.FindAllStringSubmatch(line, -1)
		if !strings.Contains(line, " | ") || len(found) > 1 {
			sum, rows = 0, 0
			continue
		}
		if len(found) == 0 {
			continue
		}
		c, ok := count.ParseMoney(found[0][1] + found[0][2])
		if !ok {
			sum, rows = 0, 0
			continue
		}
		if totalForm.MatchString(line) {
			if rows > 1 && sum != c {
				out = append(out, hit{start, start + len(strings.TrimRight(line, "\n")), fmt.Sprintf("le voci sommano € %s, il totale dice € %s", sum, c)})
			}
			sum, rows = 0, 0
			continue
		}
		sum, rows = sum+c, rows+1
	}
	return out
}

// vat computes the tax again, to the cent.
func vat(a *Act) (out []hit) {
	for _, m := range rateForm.FindAllStringSubmatchIndex(a.Text, -1) {
		net, ok1 := amount(a.Text, m, 1)
		tax, ok2 := amount(a.Text, m, 4)
		rate, err := strconv.Atoi(a.Text[m[6]:m[7]])
		if !ok1 || !ok2 || err != nil {
			continue
		}
		want := count.VAT(net, float64(rate))
		if d := want - tax; (d < -1 || d > 1) && tax != net+want {
			out = append(out, hit{m[0], m[1], fmt.Sprintf("l'IVA al %d %% di € %s è € %s, non € %s", rate, net, want, tax)})
		}
	}
	rows := regexp.MustCompile(`(?im)^\s*imponibile[^|\n]*\|\s*€\s*(\d[\d.]*,\d{2})\s*\n\s*IVA\s+(\d{1,2})\s*%\s*\|\s*€\s*(\d[\d.]*,\d{2})`)
	for _, m := range rows.FindAllStringSubmatchIndex(a.Text, -1) {
		net, ok1 := count.ParseMoney(a.Text[m[2]:m[3]])
		rate, err := strconv.Atoi(a.Text[m[4]:m[5]])
		tax, ok2 := count.ParseMoney(a.Text[m[6]:m[7]])
		if !ok1 || !ok2 || err != nil {
			continue
		}
		if d := count.VAT(net, float64(rate)) - tax; d < -1 || d > 1 {
			out = append(out, hit{m[0], m[1], fmt.Sprintf("l'IVA al %d %% di € %s è € %s, non € %s", rate, net, count.VAT(net, float64(rate)), tax)})
		}
	}
	return out
}

var (
	committed = regexp.MustCompile(`(?i)impegn\w+\s+(?:di\s+spesa\s+)?(?:la\s+somma|l'importo|la\s+spesa|una\s+spesa)\s+(?:complessiva\s+)?di\s+` + money)
	paid      = regexp.MustCompile(`(?i)(?:di\s+)?liquidare[^;€\n]{0,160}?` + money)
)

func overCommitment(a *Act) []hit {
	c, p := committed.FindStringSubmatchIndex(a.Text), paid.FindStringSubmatchIndex(a.Text)
	if c == nil || p == nil {
		return nil
	}
	limit, ok1 := amount(a.Text, c, 1)
	sum, ok2 := amount(a.Text, p, 1)
	if ok1 && ok2 && sum > limit {
		return []hit{{p[0], p[1], fmt.Sprintf("si liquidano € %s, ne erano impegnati € %s", sum, limit)}}
	}
	return nil
}

var offered = regexp.MustCompile(`(?i)(?:preventivo|offerta|imponibile)[^;€\n]{0,160}?` + money)

// threshold looks at the amount of a direct award: art. 50, comma 1, letters a and b, of d.lgs. 36/2023.
func threshold(a *Act) []hit {
	m := offered.FindStringSubmatchIndex(a.Text)
	if m == nil {
		return nil
	}
	sum, ok := amount(a.Text, m, 1)
	limit := count.Cents(140_000_00)
	if regexp.MustCompile(`(?i)affidamento\s+diretto\s+di\s+lavori|lettera\s+a\),\s+del\s+d\.lgs\.\s+n\.\s+36/2023`).MatchString(a.Text) {
		limit = 150_000_00
	}
	if ok && sum >= limit {
		return []hit{{m[0], m[1], fmt.Sprintf("€ %s non è inferiore a € %s", sum, limit)}}
	}
	return nil
}

var sanctionForm = regexp.MustCompile(`(?i)sanzion\w+[^;.\n]{0,60}?da\s+` + money + `\s+a\s+` + money)

// sanction looks at the measure of a penalty of art. 7-bis TUEL: € 25 to € 500.
func sanction(a *Act) (out []hit) {
	for _, m := range sanctionForm.FindAllStringSubmatchIndex(a.Text, -1) {
		low, ok1 := amount(a.Text, m, 1)
		high, ok2 := amount(a.Text, m, 3)
		if ok1 && ok2 && (low < 25_00 || high > 500_00) && strings.Contains(a.around(m[0], m[1]), "7-bis") {
			out = append(out, hit{m[0], m[1], fmt.Sprintf("da € %s a € %s", low, high)})
		}
	}
	return out
}

var (
	cigToken = regexp.MustCompile(`\bCIG[\s:n.]*([A-Z0-9]*\d[A-Z0-9]*)\b`)
	cupToken = regexp.MustCompile(`\bCUP[\s:n.]*([A-Z0-9]*\d[A-Z0-9]*)\b`)
)

func cigForm(a *Act) []hit { return tokenLength(a, cigToken, 10) }
func cupForm(a *Act) []hit { return tokenLength(a, cupToken, 15) }

func tokenLength(a *Act, form *regexp.Regexp, want int) (out []hit) {
	seen := map[string]bool{}
	for _, m := range form.FindAllStringSubmatchIndex(a.Text, -1) {
		code := a.Text[m[2]:m[3]]
		if len(code) != want && !seen[code] {
			out = append(out, hit{m[0], m[1], fmt.Sprintf("%s ha %d caratteri", code, len(code))})
		}
		seen[code] = true
	}
	return out
}

// noPart gives references whose article or date is not in the text that is held or known.
func noPart(a *Act) []hit {
	return references(a, func(r reference.Checked) bool { return r.Status == reference.NoPart })
}

func repealedOwn(a *Act) []hit {
	return references(a, func(r reference.Checked) bool { return r.Status == reference.Repealed && r.Holding != nil })
}

var past = regexp.MustCompile(`(?i)abrogat|previgent|allora\s+vigent|a\s+suo\s+tempo|in\s+precedenza|sostituit|recepit`)

func isOld(r reference.Checked) bool {
	return r.Act == "dlgs" && r.Number == "50" && r.Year == "2016"
}

func repealedNorm(a *Act) []hit {
	return references(a, func(r reference.Checked) bool {
		return r.Status == reference.Repealed && r.Holding == nil && !isOld(r) && !past.MatchString(a.around(r.Start, r.End))
	})
}

func oldProcurement(a *Act) []hit {
	return references(a, func(r reference.Checked) bool {
		return r.Status == reference.Repealed && isOld(r) && !past.MatchString(a.around(r.Start, r.End))
	})
}

func references(a *Act, is func(reference.Checked) bool) (out []hit) {
	seen := map[string]bool{}
	for _, r := range a.References {
		if k := citedAs(r); is(r) && !seen[k] {
			seen[k] = true
			out = append(out, hit{r.Start, r.End, r.Why})
		}
	}
	return out
}

// citedAs tells references apart: the same one again and again is one finding.
func citedAs(r reference.Checked) string { return r.Reference.Norm() + r.Reference.Date + r.Name }
