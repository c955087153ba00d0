package lexicon

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// contact reads an address at the current token: e-mail, web address, telephone, IBAN.
func (s *factScan) contact() bool {
	i := s.at
	t := s.toks[i]
	if t.kind == signTok && t.fold != "+" && t.fold != "(" {
		return false
	}
	if t.kind == numTok || t.kind == signTok {
		return s.phone(i)
	}
	start, end := t.start, addressEnd(s.text, t.start)
	if i > 0 && s.toks[i-1].end == start && s.toks[i-1].kind != signTok {
		return false
	}
	run := s.text[start:end]
	if !strings.ContainsAny(run, ".@:") && !looksIBAN(s.text[start:]) {
		return false
	}
	switch {
	case strings.IndexByte(run, '@') > 0:
		run = strings.TrimPrefix(strings.ToLower(run), "mailto:")
		if host := run[strings.IndexByte(run, '@')+1:]; !strings.Contains(host, ".") || strings.Contains(host, "@") {
			return false
		}
		s.addSpan(Fact{Kind: EmailFact, Norm: run}, i, end)
		return true
	case isURL(run):
		s.addSpan(Fact{Kind: URLFact, Norm: normURL(run)}, i, end)
		return true
	case looksIBAN(s.text[start:]):
		norm, length := iban(s.text[start:])
		s.addSpan(Fact{Kind: IBANFact, Norm: norm}, i, start+length)
		return true
	}
	return false
}

// addSpan records a fact that starts at token i and ends at a byte, and goes on at the first token after it.
func (s *factScan) addSpan(f Fact, i, end int) {
	f.Start, f.End = s.toks[i].start, end
	s.facts = append(s.facts, f)
	for s.at < len(s.toks) && s.toks[s.at].start < end {
		s.at++
	}
}

// addressEnd gives the end of the run of characters that an address may have, without punctuation at its end.
func addressEnd(text string, i int) int {
	end := i
	for end < len(text) {
		r, n := utf8.DecodeRuneInString(text[end:])
		if unicode.IsSpace(r) || strings.ContainsRune("<>\"«»“”()[]{}|,;’'", r) || r == utf8.RuneError {
			break
		}
		end += n
	}
	for end > i && strings.IndexByte(".:!?-/", text[end-1]) >= 0 {
		end--
	}
	return end
}

var topDomains = map[string]bool{"it": true, "com": true, "org": true, "eu": true, "net": true, "info": true, "gov": true, "edu": true, "io": true}

// isURL reports whether a run is a web address: a scheme, "www." or a host name whose last label is a common one.
func isURL(run string) bool {
	low := strings.ToLower(run)
	if strings.HasPrefix(low, "http://") || strings.HasPrefix(low, "https://") || strings.HasPrefix(low, "www.") {
		return len(low) > 8
	}
	host, _, _ := strings.Cut(low, "/")
	labels := strings.Split(host, ".")
	if len(labels) < 2 || !topDomains[labels[len(labels)-1]] {
		return false
	}
	for _, l := range labels {
		if len(l) < 2 || strings.Trim(l, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
			return false
		}
	}
	return true
}

func normURL(run string) string {
	low := strings.ToLower(run)
	low = strings.TrimPrefix(strings.TrimPrefix(low, "http://"), "https://")
	return strings.TrimRight(strings.TrimPrefix(low, "www."), "/")
}

// phone reads a telephone number: it starts with 0, 3 or +, and has 6 to 13 digits in at most five groups.
func (s *factScan) phone(i int) bool {
	j, digits := i, ""
	if s.is(j, "+") {
		j++
	}
	if s.is(j, "(") {
		return false
	}
	plus := j > i
	first := j
	for groups := 0; j < len(s.toks) && groups < 5; groups++ {
		d := s.word(j)
		if s.toks[j].kind != numTok {
			break
		}
		if strings.ContainsAny(d, ",'") || groups == 0 && strings.Contains(d, ".") && !strings.HasPrefix(d, "0") {
			break
		}
		d = strings.ReplaceAll(d, ".", "")
		if !plus && groups == 0 && d[0] != '0' && d[0] != '3' && len(d) < 7 {
			return false
		}
		if groups > 0 && len(digits)+len(d) > 13 {
			break
		}
		digits += d
		j++
		if s.is(j, "/", "-") && j+1 < len(s.toks) && s.toks[j+1].kind == numTok && len(digits) < 6 {
			j++
			continue
		}
		if len(digits) >= 9 || len(d) > 4 && len(digits) >= 7 {
			break
		}
	}
	digits = strings.TrimPrefix(digits, "39")
	if !plus && len(digits) > 0 && len(digits) < len(s.word(first)) {
		digits = s.word(first)
	}
	if len(digits) < 7 || len(digits) > 13 || j == first {
		return false
	}
	if s.is(j-1, "/", "-") {
		j--
	}
	if !plus && digits[0] != '0' && digits[0] != '3' && strings.ContainsAny(s.word(first), ".,") {
		return false
	}
	if u, _ := s.unit(j); u != "" && !plus && digits[0] != '0' {
		return false
	}
	s.add(Fact{Kind: PhoneFact, Norm: digits}, i, j)
	return true
}

// looksIBAN reports whether a text starts with an Italian or San Marino IBAN, spaces allowed.
func looksIBAN(s string) bool {
	if len(s) < 27 || !(strings.HasPrefix(s, "IT") || strings.HasPrefix(s, "SM")) {
		return false
	}
	norm, _ := iban(s)
	return norm != ""
}

// iban reads 27 letters and digits, in groups or not; "" when the text does not hold them.
func iban(s string) (norm string, length int) {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c >= '0' && c <= '9' || c >= 'A' && c <= 'Z':
			b.WriteByte(c)
		case c == ' ':
			continue
		default:
			return "", 0
		}
		if b.Len() == 27 {
			n := b.String()
			if n[2] < '0' || n[2] > '9' || n[3] < '0' || n[3] > '9' {
				return "", 0
			}
			return n, i + 1
		}
	}
	return "", 0
}
