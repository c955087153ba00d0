package eval

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"
)

// Unsupported gives the figures, dates, amounts, references and quotations of a shown statement that are not in the texts it
// cites. It is the judge of Verify and shares no code with it: it knows nothing of sentences or meaning, it only asks of each
// detail whether the cited text has it. articles are the article numbers of the citations: a statement may name the article
// it cites although the article's own text does not.
func Unsupported(statement string, cited []string, articles []string) []string {
	source := plain(strings.Join(cited, "\n"))
	have := figures(source)
	for _, a := range articles {
		for f := range figures(plain(a)) {
			have[f] = true
		}
	}
	var missing []string
	text := plain(statement)
	for _, q := range quotations(text) {
		if !strings.Contains(source, q) {
			missing = append(missing, "«"+q+"»")
		}
	}
	for f := range figures(text) {
		if !have[f] {
			missing = append(missing, f)
		}
	}
	for _, r := range references(text) {
		if !strings.Contains(squeeze(source), r) && !named(r, articles) {
			missing = append(missing, r)
		}
	}
	return missing
}

// plain lowers a text, writes its digits as 0-9 and its spaces, quotes and dashes in one way.
func plain(s string) string {
	var b strings.Builder
	space := false
	for _, r := range s {
		switch {
		case unicode.IsSpace(r) || r == '\u00ad':
			space = r != '\u00ad'
			continue
		case r >= '٠' && r <= '٩':
			r = '0' + (r - '٠')
		case r >= '۰' && r <= '۹':
			r = '0' + (r - '۰')
		case r >= '０' && r <= '９':
			r = '0' + (r - '０')
		case strings.ContainsRune("’‘ʼ`´", r):
			r = '\''
		case strings.ContainsRune("“”„", r):
			r = '"'
		case strings.ContainsRune("–—‑−", r):
			r = '-'
		}
		if space && b.Len() > 0 {
			b.WriteByte(' ')
		}
		space = false
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

var quoted = regexp.MustCompile(`«([^»]{4,})»|"([^"]{4,})"`)

func quotations(text string) []string {
	var out []string
	for _, m := range quoted.FindAllStringSubmatch(text, -1) {
		out = append(out, strings.TrimSpace(m[1]+m[2]))
	}
	return out
}

var (
	digits = regexp.MustCompile(`\d+(?:[.,'/:]\d+)*(?: ?(?:%|per ?cento\b|percent\b|pour cent\b))?`)
	words  = regexp.MustCompile(`\p{L}+`)
)

// figures gives what a text counts with: each run of digits with its separators in one form, a percentage with its sign, the
// parts of a date one by one, Italian number words and months as digits.
func figures(text string) map[string]bool {
	out := map[string]bool{}
	for _, d := range digits.FindAllString(text, -1) {
		if bare := strings.TrimRight(d, "% abcdefghijklmnopqrstuvwxyz"); bare != d {
			out[number(bare)+"%"] = true
			continue
		}
		for _, part := range strings.FieldsFunc(d, func(r rune) bool { return r == '/' || r == ':' }) {
			out[number(part)] = true
			if whole := strings.SplitN(number(part), ".", 2); len(whole) == 2 && strings.Count(part, ".") == 2 {
				for _, piece := range strings.Split(part, ".") { // 31.12.2021
					out[number(piece)] = true
				}
			}
		}
	}
	for _, w := range words.FindAllString(digits.ReplaceAllString(text, " "), -1) {
		if n, ok := spelled[w]; ok {
			out[strconv.Itoa(n)] = true
		}
		for i, name := range months {
			if w == name {
				out[strconv.Itoa(i+1)] = true
			}
		}
	}
	return out
}

var months = []string{"gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto", "settembre", "ottobre", "novembre", "dicembre"}

var (
	thousands = regexp.MustCompile(`^\d{1,3}(?:[.']\d{3})+(?:,\d+)?$`)
	english   = regexp.MustCompile(`^\d{1,3}(?:,\d{3})+(?:\.\d+)?$`)
)

// number writes 1.100,00 and 1,100.00 and 1100 as 1100, 0,50 as 0.5, 007 as 7.
func number(s string) string {
	switch {
	case thousands.MatchString(s):
		s = strings.ReplaceAll(strings.NewReplacer(".", "", "'", "").Replace(s), ",", ".")
	case english.MatchString(s):
		s = strings.ReplaceAll(s, ",", "")
	default:
		s = strings.ReplaceAll(s, ",", ".")
	}
	if strings.Count(s, ".") == 1 {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	s = strings.TrimLeft(s, "0")
	if s == "" || s[0] == '.' {
		s = "0" + s
	}
	return s
}

// spelled are the number words that state a figure. "Uno" and "una" are articles as a rule and state none.
var spelled = map[string]int{
	"due": 2, "tre": 3, "quattro": 4, "cinque": 5, "sei": 6, "sette": 7, "otto": 8, "nove": 9, "dieci": 10, "undici": 11, "dodici": 12,
	"tredici": 13, "quattordici": 14, "quindici": 15, "sedici": 16, "diciassette": 17, "diciotto": 18, "diciannove": 19, "venti": 20,
	"trenta": 30, "quaranta": 40, "quarantacinque": 45, "cinquanta": 50, "sessanta": 60, "settanta": 70, "ottanta": 80, "novanta": 90,
	"cento": 100, "centoventi": 120, "centottanta": 180, "duecento": 200, "trecento": 300, "cinquecento": 500, "mille": 1000, "duemila": 2000,
}

var reference = regexp.MustCompile(`\b(?:art(?:icol[oi]|t)?\.?|comm[ai]|lett(?:era|\.)?|allegato|capo|titolo) ?(\d+(?:[ -](?:bis|ter|quater|quinquies|sexies))?|[a-z]\)|[a-z]\b)`)

// references gives the references of a text to parts of an act, spaces squeezed out: "art25-bis", "comma2".
func references(text string) []string {
	var out []string
	for _, m := range reference.FindAllString(text, -1) {
		out = append(out, squeeze(m))
	}
	return out
}

// squeeze writes the many ways to write a reference in one.
func squeeze(text string) string {
	text = strings.NewReplacer("articolo ", "art", "articoli ", "art", "artt. ", "art", "artt ", "art", "art. ", "art", "art.", "art", "art ", "art",
		"lettera ", "lett", "lett. ", "lett", "lett.", "lett", "comma ", "comma", "commi ", "comma").Replace(text)
	for _, suffix := range []string{"bis", "ter", "quater", "quinquies", "sexies"} {
		text = strings.ReplaceAll(text, " "+suffix, "-"+suffix)
	}
	return strings.ReplaceAll(text, " ", "")
}

func named(reference string, articles []string) bool {
	for _, a := range articles {
		if a != "" && reference == "art"+squeeze(plain(a)) {
			return true
		}
	}
	return false
}
