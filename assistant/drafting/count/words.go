package count

import (
	"strings"
)

var units = strings.Fields("zero uno due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici sedici diciassette diciotto diciannove")

var tens = strings.Fields("- - venti trenta quaranta cinquanta sessanta settanta ottanta novanta")

// Words writes a number from 0 to 999,999,999,999 in Italian letters: "milleduecentoventi". Below zero and above that it gives "".
func Words(n int64) string {
	if n < 0 || n >= 1_000_000_000_000 {
		return ""
	}
	if n == 0 {
		return units[0]
	}
	var b strings.Builder
	if n >= 1_000_000_000 {
		b.WriteString(large(n/1_000_000_000, "unmiliardo", "miliardi"))
		n %= 1_000_000_000
	}
	if n >= 1_000_000 {
		b.WriteString(large(n/1_000_000, "unmilione", "milioni"))
		n %= 1_000_000
	}
	switch t := n / 1000; {
	case t == 1:
		b.WriteString("mille")
	case t > 1:
		b.WriteString(hundreds(int(t)) + "mila")
	}
	b.WriteString(hundreds(int(n % 1000)))
	return accent(b.String())
}

func large(n int64, one, many string) string {
	if n == 1 {
		return one
	}
	return hundreds(int(n)) + many
}

func hundreds(n int) string {
	var b strings.Builder
	if h := n / 100; h > 0 {
		if h > 1 {
			b.WriteString(units[h])
		}
		b.WriteString("cento")
		if r := n % 100; r >= 80 && r < 90 { // centottanta
			s := b.String()
			return s[:len(s)-1] + below(r)
		}
	}
	if r := n % 100; r > 0 {
		b.WriteString(below(r))
	}
	return b.String()
}

func below(n int) string {
	if n < 20 {
		return units[n]
	}
	t := tens[n/10]
	switch u := n % 10; u {
	case 0:
		return t
	case 1, 8:
		return t[:len(t)-1] + units[u]
	default:
		return t + units[u]
	}
}

// accent writes the accent of numbers that end in tre: "ventitré".
func accent(w string) string {
	if strings.HasSuffix(w, "tre") && len(w) > 3 {
		return w[:len(w)-1] + "é"
	}
	return w
}

// Number reads an Italian number in letters, "milleduecentoventi" or "mille duecento venti"; false for what is none. "otto" and "un" are read too.
func Number(words string) (int64, bool) {
	w := strings.ToLower(strings.TrimSpace(words))
	w = strings.NewReplacer(" ", "", "\u00a0", "", "-", "", "é", "e", "è", "e", "ò", "o").Replace(w)
	if w == "" {
		return 0, false
	}
	total := int64(0)
	for _, scale := range []struct {
		one, many string
		value     int64
	}{{"unmiliardo", "miliardi", 1_000_000_000}, {"unmilione", "milioni", 1_000_000}} {
		if rest, ok := strings.CutPrefix(w, scale.one); ok {
			total, w = total+scale.value, rest
			w = strings.TrimPrefix(w, "e")
			continue
		}
		if head, rest, ok := strings.Cut(w, scale.many); ok {
			n, ok := thousand(head)
			if !ok {
				return 0, false
			}
			total, w = total+n*scale.value, rest
		}
	}
	if w == "" {
		return total, true
	}
	if i := strings.LastIndex(w, "mila"); i > 0 {
		n, ok := thousand(w[:i])
		if !ok {
			return 0, false
		}
		total, w = total+n*1000, w[i+len("mila"):]
	} else if rest, ok := strings.CutPrefix(w, "mille"); ok {
		total, w = total+1000, rest
	}
	if w == "" {
		return total, true
	}
	n, ok := thousand(w)
	return total + n, ok
}

// thousand reads a number below 1000.
func thousand(w string) (int64, bool) {
	if w == "un" || w == "una" {
		return 1, true
	}
	for _, hundred := range []string{"cento", "cent"} { // "centottanta" drops the vowel
		head, rest, ok := strings.Cut(w, hundred)
		if !ok || hundred == "cent" && !strings.HasPrefix(rest, "ott") {
			continue
		}
		h, good := int64(1), true
		if head != "" {
			h, good = small(head)
			good = good && h > 1 && h < 10
		}
		n, read := small(rest)
		if good && (read || rest == "") {
			return h*100 + n, true
		}
	}
	return small(w)
}

// small reads a number below 100.
func small(w string) (int64, bool) {
	for i, u := range units {
		if w == u {
			return int64(i), true
		}
	}
	for t := 2; t < 10; t++ {
		for u := 0; u < 10; u++ {
			b := below(t*10 + u)
			if w == b || u == 1 && w == b[:len(b)-1] || u == 8 && w == tens[t]+"otto" || u == 1 && w == tens[t]+"uno" {
				return int64(t*10 + u), true
			}
		}
	}
	return 0, false
}
