package lexicon

import (
	"strconv"
	"strings"
)

// articleWords introduce the number of an article, in the ten languages of the service.
var articleWords = wordSet(`art artt articolo articoli article articles artikel articulo articulos articolul articole
	neni nenit neneve стаття статтi стаття статті مادة الماده ماده المادة 条 第`)

// latinOrdinals follow the number of an article that was put in later: 26-bis.
var latinOrdinals = wordSet(`bis ter quater quinquies sexies septies octies novies nonies decies undecies duodecies terdecies`)

// lawWords introduce a law whose year is often written with two digits: legge 241/90.
var lawWords = wordSet(`legge l lr dlgs dl dpr dm dpcm rd dlvo decreto`)

// actWords introduce the number of an act or of a law.
var actWords = wordSet(`delibera delibere deliberazione deliberazioni delib determina determine determinazione determinazioni
	ordinanza ordinanze decreto decreti legge leggi dlgs dl dpr dm dpcm lr prot protocollo cc gc dgc dcc verbale atto sentenza
	resolution decision law ordinance deliberation loi gesetz beschluss verordnung ley resolucion hotarare hotararea lege legea
	vendim vendimi ligji закон рiшення рішення قرار قانون`)

// labelWords are counted with the number or letter that follows: zona 1, categoria D, tabella 2, allegato B.
var labelWords = wordSet(`zona categoria cat tabella allegato classe fascia gruppo tipo scaglione lotto settore sezione modello
	mod tipologia campo capo titolo zone category table annex`)

// numberSigns stand between an act and its number.
var numberSigns = wordSet(`n nr num no numero nro nn`)

// between stands between the number of an act and its date: n. 28 del 31/03/2021, 28 of 2021, in data, datata.
var between = wordSet(`del dell della dello di de in data datata of dated from du vom von din am el nga i vitit року від рокy от لعام لسنه`)

var monthNumbers = map[string]int{
	"gennaio": 1, "febbraio": 2, "marzo": 3, "aprile": 4, "maggio": 5, "giugno": 6,
	"luglio": 7, "agosto": 8, "settembre": 9, "ottobre": 10, "novembre": 11, "dicembre": 12,
}

// appendCompounds adds the terms that are made of several tokens.
func appendCompounds(out []string, toks []token) []string {
	for i, t := range toks {
		switch {
		case t.number:
			out = appendAct(out, toks, i)
		case articleWords[t.text]:
			if n, _ := article(toks, i+1); n != "" {
				out = append(out, "art:"+n)
			}
		case labelWords[t.text] && i+1 < len(toks):
			if l := label(toks[i+1]); l != "" {
				out = append(out, Stem(t.text)+":"+l)
			}
		}
	}
	return out
}

// article reads "26", "26 bis", "26-bis" and "26bis" at i.
func article(toks []token, i int) (number string, next int) {
	if i < len(toks) && !toks[i].number && numberSigns[toks[i].text] {
		i++
	}
	if i >= len(toks) || !toks[i].number || !allDigits(toks[i].text) || len(toks[i].text) > 4 {
		return "", i
	}
	number = strings.TrimLeft(toks[i].text, "0")
	if i++; i < len(toks) && latinOrdinals[toks[i].text] {
		return number + "-" + toks[i].text, i + 1
	}
	return number, i
}

func label(t token) string {
	if t.number {
		if allDigits(t.text) && len(t.text) <= 2 {
			return strings.TrimLeft(t.text, "0")
		}
		return ""
	}
	if len(t.text) == 1 && !t.elided || isRoman(t.text) {
		return t.text
	}
	return ""
}

func isRoman(s string) bool { return len(s) <= 5 && strings.Trim(s, "ivx") == "" }

// appendAct adds the act whose number is the token i, or whose date it is and whose number follows.
func appendAct(out []string, toks []token, i int) []string {
	s := toks[i].text
	if number, year, ok := slashed(s, i > 0 && lawWords[toks[i-1].text] || i > 1 && lawWords[toks[i-2].text]); ok {
		return append(out, "act:"+number+"/"+year, "act:"+number)
	}
	if y, m, d, next := dateAt(toks, i); y > 0 {
		if m > 0 && next < len(toks) && numberSigns[toks[next].text] && next+1 < len(toks) && isActNumber(toks[next+1].text) {
			n := trimZeros(toks[next+1].text)
			out = append(out, "act:"+n+"/"+strconv.Itoa(y), "act:"+n)
		}
		if d > 0 && strings.ContainsAny(s, "/.") { // its year is a word of its own only when months are written in letters
			out = append(out, strconv.Itoa(y))
		}
		return out
	}
	if !isActNumber(s) {
		return out
	}
	j := i + 1
	for j < len(toks) && j <= i+2 && between[toks[j].text] {
		j++
	}
	if y, _, _, _ := dateAt(toks, j); y > 0 && j > i+1 {
		return append(out, "act:"+trimZeros(s)+"/"+strconv.Itoa(y), "act:"+trimZeros(s))
	}
	if named(toks, i) {
		out = append(out, "act:"+trimZeros(s))
	}
	return out
}

// named says whether an act is named right before the token i, with a sign of number and a few abbreviations (di C.C.) between.
func named(toks []token, i int) bool {
	for k := i - 1; k >= 0 && k >= i-4; k-- {
		t := toks[k]
		if t.number {
			return false
		}
		if actWords[t.text] {
			return true
		}
		if !numberSigns[t.text] && !between[t.text] && len(t.text) > 3 && t.text != "consiglio" && t.text != "giunta" && t.text != "comunale" {
			return false
		}
	}
	return false
}

// slashed reads "28/2021", and "241/90" after the name of a law.
func slashed(s string, law bool) (number, year string, ok bool) {
	number, year, ok = strings.Cut(s, "/")
	if !ok || !isActNumber(number) || !allDigits(year) {
		return "", "", false
	}
	switch {
	case len(year) == 4 && (year[:2] == "19" || year[:2] == "20"):
	case len(year) == 2 && law && year > "40":
		year = "19" + year
	case len(year) == 2 && law:
		year = "20" + year
	default:
		return "", "", false
	}
	return trimZeros(number), year, true
}

// dateAt reads a year, "31/03/2021", "31.3.2021" or "31 marzo 2021" at i; month and day are 0 when there is only a year.
func dateAt(toks []token, i int) (year, month, day, next int) {
	if i >= len(toks) || !toks[i].number {
		return 0, 0, 0, i
	}
	s := toks[i].text
	if isYear(s) {
		return atoi(s), 0, 0, i + 1
	}
	if p := strings.FieldsFunc(s, func(r rune) bool { return r == '/' || r == '.' }); len(p) == 3 && isYear(p[2]) {
		if d, m := atoi(p[0]), atoi(p[1]); d >= 1 && d <= 31 && m >= 1 && m <= 12 {
			return atoi(p[2]), m, d, i + 1
		}
	}
	if i+2 < len(toks) && allDigits(s) && len(s) <= 2 && isYear(toks[i+2].text) {
		if m := monthNumbers[toks[i+1].text]; m > 0 {
			return atoi(toks[i+2].text), m, atoi(s), i + 3
		}
	}
	return 0, 0, 0, i
}

func isActNumber(s string) bool { return allDigits(s) && len(s) <= 5 && trimZeros(s) != "" }

func isYear(s string) bool { return len(s) == 4 && allDigits(s) && (s[:2] == "19" || s[:2] == "20") }

func allDigits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

func trimZeros(s string) string { return strings.TrimLeft(s, "0") }

func atoi(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
}
