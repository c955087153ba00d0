package ingest

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

const ordinalSuffix = `bis|ter|quater|quinquies|sexies|septies|octies|novies|decies|undecies|duodecies|terdecies|quaterdecies|quinquiesdecies`

var (
	articleRE = regexp.MustCompile(`^(?i:articolo|art\s?\.|art\b|§)\s*(?i:n\s?[.°]\s*)?(\d{1,4}(?:\.\d{1,2})*|[IVXLC]{1,6}|(?i:unico|primo))\s*[°º^]?(?:\s*[-–—/.]?\s*(?i:(` + ordinalSuffix + `))\b)?`)
	footRE    = regexp.MustCompile(`^\s*(?:\(\d{1,2}\)|\[\d{1,2}\]|\*{1,3})`)
	sepRE     = regexp.MustCompile(`^[\s.\-–—:)_]+`)
	// what follows the number in a reference: "del decreto…", ", comma 2", "e 5", "D.Lgs. 267/2000"
	refWordRE = regexp.MustCompile(`^\s*(?:[,;/(\]»”"]|e\b|ed\b|o\b|od\b|del\b|dell['’a]|dello\b|dei\b|degli\b|delle\b|di\b|da\b|in\b|al\b|ai\b|alla\b|all['’]|che\b|non\b|è\b|con\b|per\b|si\b|ss\b|segg|cit\b|ter\b|primo comma|secondo comma)`)
	refNormRE = regexp.MustCompile(`(?i)^\s*(?:comm[ai]\b|c\.\s*\d|co\.|lett\.|lettera\b|punto\b|par\.|paragrafo\b|c\.c\b|c\.p\b|cod\.|t\.?u\.?e\.?l|d\.?\s?l\.?\s?g\.?\s?s|d\.?\s?p\.?\s?r|d\.?\s?l\.|d\.?\s?m\.|l\.\s?r?|(?:dell[ao]?\s|del\s)?(?:legge|decreto|regolamento|direttiva|statuto|codice)\b.*\d|codice (?:civile|penale|della strada))`)
	amendRE   = regexp.MustCompile(`(?i)^[\s.\-–—:]*comm[ai]\s+\d`)

	partRE     = regexp.MustCompile(`^(?i:(parte|titolo|capo|sezione))\s+((?i:prim[oa]|second[oa]|terz[oa]|quart[oa]|quint[oa]|sest[oa]|settim[oa]|ottav[oa]|non[oa]|decim[oa]|unic[oa]|speciale|generale)|[IVXLCl]{1,7}|\d{1,3}|[A-Z])\s*[°º^]?(?:\s*[-–]?\s*(?i:(` + ordinalSuffix + `))\b)?`)
	allegatoRE = regexp.MustCompile(`^(?i:(allegat[oi]|appendice))(?:\s+(?i:sub\.?\s*|n\s?[.°]\s*|n\s+)?[“"'«(]?([A-Z]{1,2}\d?|[a-z]|\d{1,2}(?:[./-][A-Z0-9]{1,2})?|[IVX]{1,5})[”"'»)]*)?`)
	ordinals   = map[string]string{"prim": "I", "second": "II", "terz": "III", "quart": "IV", "quint": "V", "sest": "VI", "settim": "VII",
		"ottav": "VIII", "non": "IX", "decim": "X", "unic": "unico"}
)

// candidate is a line that looks like the heading of an article or of a larger part.
type candidate struct {
	kind   SectionKind
	number string  // normalised
	key    artKey  // of an article
	rest   string  // what follows the label
	dash   bool    // a dash, colon or parenthesis stands between number and rest
	weight float64 // how much it looks like a heading, of an article; 0 and less: not at all
}

// artKey orders article numbers: 10 < 10-bis < 10-ter < 11.
type artKey struct{ n, sub int }

func (a artKey) less(b artKey) bool { return a.n < b.n || a.n == b.n && a.sub < b.sub }

var suffixes = strings.Split(ordinalSuffix, "|")

// articleLabel reads the label of an article at the start of a text; ok is false when there is none. The rest is what follows it.
func articleLabel(t string) (c candidate, raw string, ok bool) {
	m := articleRE.FindStringSubmatchIndex(t)
	if m == nil {
		return c, "", false
	}
	num := t[m[2]:m[3]]
	raw = t[m[1]:]
	if startsWord(raw) && endsWord(t[:m[1]]) {
		return c, "", false
	}
	c.kind = SecArticle
	switch low := strings.ToLower(num); {
	case low == "unico":
		c.number, c.key = "unico", artKey{1, 0}
	case low == "primo":
		c.number, c.key = "1", artKey{1, 0}
	case num[0] >= '0' && num[0] <= '9':
		head, tail, dotted := strings.Cut(num, ".")
		n, _ := strconv.Atoi(head)
		if n == 0 {
			return c, "", false
		}
		c.number, c.key = strconv.Itoa(n), artKey{n, 0}
		if dotted {
			sub, _ := strconv.Atoi(tail)
			c.number, c.key.sub = num, 100+sub
		}
	default:
		n := roman(num)
		if n == 0 {
			return c, "", false
		}
		c.number, c.key = strconv.Itoa(n), artKey{n, 0}
	}
	if m[4] >= 0 {
		suffix := strings.ToLower(t[m[4]:m[5]])
		c.number += "-" + suffix
		for i, s := range suffixes {
			if s == suffix {
				c.key.sub += i + 1
			}
		}
	}
	c.rest, c.dash = afterNumber(raw)
	return c, raw, true
}

// afterNumber drops footnote marks and separators that follow a number.
func afterNumber(raw string) (rest string, dash bool) {
	raw = strings.TrimPrefix(raw, footRE.FindString(raw))
	sep := sepRE.FindString(raw)
	rest = strings.TrimSpace(strings.TrimPrefix(raw, sep))
	rest = strings.TrimSpace(strings.TrimPrefix(rest, footRE.FindString(rest)))
	return rest, strings.ContainsAny(sep, "-–—:)")
}

func isWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

func startsWord(t string) bool {
	r, n := utf8.DecodeRuneInString(t)
	return n > 0 && isWord(r)
}

func endsWord(t string) bool {
	r, n := utf8.DecodeLastRuneInString(t)
	return n > 0 && isWord(r)
}

// isReference says whether what follows an article number makes it a reference to another text and not a heading.
func isReference(raw string, dash bool) bool {
	raw = strings.TrimPrefix(raw, footRE.FindString(raw))
	if amendRE.MatchString(raw) {
		return true
	}
	if dash {
		return false
	}
	if refWordRE.MatchString(raw) {
		return true
	}
	return refNormRE.MatchString(strings.TrimLeft(raw, " .")) && !strings.HasPrefix(strings.TrimSpace(raw), ".")
}

// partLabel reads the heading of a parte, titolo, capo, sezione or allegato.
func partLabel(t string) (c candidate, ok bool) {
	if m := partRE.FindStringSubmatchIndex(t); m != nil {
		raw := t[m[1]:]
		if startsWord(raw) && endsWord(t[:m[1]]) {
			return c, false
		}
		word, num := strings.ToLower(t[m[2]:m[3]]), t[m[4]:m[5]]
		c.kind = map[string]SectionKind{"parte": SecPart, "titolo": SecTitolo, "capo": SecCapo, "sezione": SecSezione}[word]
		c.number = partNumber(num)
		if m[6] >= 0 {
			c.number += "-" + strings.ToLower(t[m[6]:m[7]])
		}
		c.rest, c.dash = afterNumber(strings.TrimLeft(raw, ","))
		// "titolo I del presente regolamento" is a reference
		return c, startsUpper(t) && (c.dash || c.rest == "" || !startsLower(c.rest) && !strings.HasPrefix(raw, ","))
	}
	if m := allegatoRE.FindStringSubmatchIndex(t); m != nil {
		raw := t[m[1]:]
		if startsWord(raw) && endsWord(t[:m[1]]) || !startsUpper(t) {
			return c, false
		}
		c.kind = SecAllegato
		if m[4] >= 0 {
			c.number = t[m[4]:m[5]]
		}
		c.rest, c.dash = afterNumber(raw)
		if c.number == "" {
			return c, isUpper(t) && (c.rest == "" || c.dash)
		}
		if startsLower(c.number) {
			c.number = strings.ToUpper(c.number)
		}
		return c, c.rest == "" || c.dash || startsUpper(c.rest) || strings.HasPrefix(c.rest, "al")
	}
	return c, false
}

// partNumber normalises the number of a part: "Il" as scanners read II, "prima", "1".
func partNumber(num string) string {
	low := strings.ToLower(num)
	for stem, n := range ordinals {
		if strings.TrimRight(low, "oa") == stem {
			return n
		}
	}
	if strings.Contains(num, "l") && roman(strings.ReplaceAll(num, "l", "I")) > 0 {
		return strings.ReplaceAll(num, "l", "I")
	}
	if low == "speciale" || low == "generale" {
		return low
	}
	return num
}

// roman gives the value of a Roman numeral, 0 when it is none.
func roman(t string) int {
	values := map[byte]int{'I': 1, 'V': 5, 'X': 10, 'L': 50, 'C': 100}
	n, last := 0, 0
	for i := len(t) - 1; i >= 0; i-- {
		v := values[t[i]]
		if v == 0 {
			return 0
		}
		if v < last {
			n -= v
		} else {
			n, last = n+v, v
		}
	}
	return n
}
