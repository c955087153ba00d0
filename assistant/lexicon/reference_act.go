package lexicon

import "strings"

// act reads the name and number of a norm or act at token i into r: "d.lgs. 18 agosto 2000, n. 267", "L. 241/90",
// "regolamento (UE) 2016/679", "deliberazione C.C. n. 28 del 31/03/2021". It gives i when there is none.
func (s *factScan) act(i int, r *Reference) int {
	name, key, next := s.actName(i)
	if name == "" {
		return i
	}
	if named, ok := namedActs[key]; ok && key != "tuel" && key != "gdpr" || ok && !s.numberFollows(next) {
		r.Act, r.Number, r.Year = named.Act, named.Number, named.Year
		return next
	}
	r.Act = name
	next = s.actBody(next, r)
	end := s.actNumber(next, r)
	if end == next {
		r.Act, r.Body = "", ""
		return i
	}
	return end
}

func (s *factScan) numberFollows(i int) bool {
	for s.is(i, "n", ".", ",", "(") {
		i++
	}
	_, ok := s.digits(i)
	return ok
}

// actName finds the longest name of an act at token i, reading letters across dots, hyphens and brackets.
func (s *factScan) actName(i int) (name, key string, next int) {
	if i >= len(s.toks) || s.toks[i].kind != wordTok {
		return "", "", i
	}
	var letters strings.Builder
	for j, words := i, 0; j < len(s.toks) && words < 6; j++ {
		t := s.toks[j]
		if t.kind == signTok && strings.Contains(".-()'’", t.fold) && j > i {
			continue
		}
		if t.kind != wordTok {
			break
		}
		words++
		letters.WriteString(t.fold)
		if n, ok := actNames[letters.String()]; ok && n != "" {
			name, key, next = n, letters.String(), j+1
		}
		if letters.Len() > 40 {
			break
		}
	}
	for s.is(next, ".", ")") && name != "" {
		next++
	}
	return name, key, next
}

var bodyWords = map[string]string{
	"cc": "cc", "gc": "gc", "consiglio": "cc", "giunta": "gc", "consiliare": "cc", "sindacale": "sindaco", "dirigenziale": "dirigente", "dirigente": "dirigente",
	"g": "g", "gm": "gc", "cm": "cc", "ce": "", "ue": "", "eu": "", "cee": "",
}

// actBody steps over the body of a local act and the small words around it.
func (s *factScan) actBody(i int, r *Reference) int {
	next := i
	for j, left := i, 8; left > 0 && j < len(s.toks); j, left = j+1, left-1 {
		w := s.word(j)
		if w == "c" || w == "g" {
			if s.is(j+1, ".") && s.is(j+2, "c", "m") {
				r.Body = map[string]string{"c": "cc", "g": "gc"}[w]
				j += 2
				if s.is(j+1, ".") {
					j++
				}
				next = j + 1
				continue
			}
		}
		if b, ok := bodyWords[w]; ok {
			if b != "" {
				r.Body = b
			}
			next = j + 1
			continue
		}
		switch w {
		case "di", "del", "della", "comunale", "regionale", "municipale", "provinciale", "dell", "'", "’", "(", ")", "statale", "dello", "stato", "lombardia", "sicilia", "regione", "europeo", "parlamento":
			if r.Body != "" && j == next && !s.is(j, "(", "del", "di", "della", "dell") {
				next = j + 1
			}
			continue
		}
		break
	}
	if r.Body == "" && next == i && s.is(i, "(") { // "regolamento (UE)"
		return i
	}
	return next
}

// actNumber reads what identifies an act after its name: "18 agosto 2000, n. 267", "n. 267/2000", "n. 28 del 31/03/2021",
// "241/90", "(UE) 2016/679". It gives i when there is nothing.
func (s *factScan) actNumber(i int, r *Reference) int {
	j := i
	for s.is(j, ",", ".", "del", "dello", "(", ")", "dell", "of", "di", "ue", "eu", "ce", "in", "data") && j < i+4 {
		j++
	}
	if d, next := s.dateAt(j); next > j && len(d) == 10 {
		k := next
		for s.is(k, ",", "-") {
			k++
		}
		if num, end := s.markedNumber(k); num != "" {
			r.Date, r.Year, r.Number = d, d[:4], num
			return end
		}
		r.Date, r.Year = d, d[:4] // an act known by its date alone
		return next
	}
	num, next := s.markedNumber(j)
	if num == "" {
		if num, next = s.slashed(j); num == "" {
			return i
		}
	}
	if a, b, ok := strings.Cut(num, "/"); ok {
		if strings.HasPrefix(r.Act, "regolamento ue") && len(a) == 4 && len(b) < 4 || strings.HasSuffix(r.Act, " ue") && factYear(a) && len(a) == 4 && !factYear(b) {
			a, b = b, a // EU acts of today put the year first
		}
		r.Number, r.Year = factTrimZeros(a), factFullYear(b)
		if s.is(next, "/") {
			if _, ok := s.digits(next + 1); ok {
				return i
			}
		}
	} else {
		r.Number = factTrimZeros(num)
	}
	for k := next; k < next+3; k++ { // "n. 28 del 31/03/2021", "n. 296 del 2006", "n. 28 in data 31/03/2021"
		if !s.is(k, "del", "in", "data", "d", ",", "-", "dd", "di") {
			break
		}
		if d, end := s.dateAt(k + 1); end > k+1 && len(d) == 10 {
			r.Date, r.Year = d, d[:4]
			return end
		}
		if y, ok := s.digits(k + 1); ok && len(y) == 4 && factYear(y) && r.Year == "" && s.is(k, "del") {
			r.Year = y
			return k + 2
		}
	}
	return next
}

// markedNumber reads "n. 267", "n° 267/2000", "nr. 28", "No 267".
func (s *factScan) markedNumber(i int) (string, int) {
	if !s.is(i, "n", "nr", "num", "numero", "no", "№", "nn") {
		return "", i
	}
	j := i + 1
	for s.is(j, ".", "°", "º", "^", "o") {
		j++
	}
	if num, next := s.slashed(j); num != "" {
		return num, next
	}
	if n, ok := s.digits(j); ok && len(n) <= 6 {
		return factTrimZeros(n), j + 1
	}
	return "", i
}

// slashed reads 267/2000 or 241/90.
func (s *factScan) slashed(i int) (string, int) {
	a, ok := s.digits(i)
	if !ok || !s.is(i+1, "/") {
		return "", i
	}
	b, ok := s.digits(i + 2)
	if !ok || len(b) != 2 && len(b) != 4 && len(a) != 4 {
		return "", i
	}
	return a + "/" + b, i + 3
}

func factFullYear(y string) string {
	if len(y) != 2 {
		return y
	}
	if factInt(y) > 60 {
		return "19" + y
	}
	return "20" + y
}

func factTrimZeros(n string) string {
	if t := strings.TrimLeft(n, "0"); t != "" {
		return t
	}
	return n
}

// classLabels name numbered or lettered classes: their number is a name, not a quantity.
var classLabels = map[string]string{
	"zona": "zona", "zone": "zona", "tipo": "tipo", "tipologia": "tipo", "tip": "tipo", "categoria": "categoria", "cat": "categoria", "gruppo": "gruppo", "fascia": "fascia",
	"classe": "classe", "allegato": "allegato", "all": "allegato", "tabella": "tabella", "modello": "modello", "mod": "modello", "modulo": "modello",
	"quadro": "quadro", "scheda": "scheda", "sezione": "sezione", "titolo": "titolo", "capo": "capo", "lotto": "lotto", "rigo": "rigo", "campo": "campo",
	"civico": "civico", "mappale": "mappale", "foglio": "foglio", "annex": "allegato", "annexe": "allegato", "form": "modello", "category": "categoria", "anexa": "allegato",
	"capitolo": "capitolo", "paragrafo": "paragrafo", "seduta": "seduta", "linea": "linea", "livello": "livello", "grado": "grado",
}

// label reads "zona 2", "Allegato A", "modello C", "mod. 05", "tip. B", "Titolo II", and "267/2000" without the name of an act.
func (s *factScan) label() bool {
	i := s.at
	if num, next := s.slashed(i); num != "" && len(num) > 6 && strings.IndexByte(num, '/') <= 5 && !s.is(next, "/") && s.touching(i) {
		if a, b, _ := strings.Cut(num, "/"); factYear(b) && (len(a) != 4 || !factYear(a)) {
			r := Reference{Number: factTrimZeros(a), Year: b}
			s.add(Fact{Kind: ActFact, Norm: r.Norm(), Ref: &r}, i, next)
			return true
		}
	}
	name, ok := classLabels[s.word(i)]
	if !ok {
		return false
	}
	j := i + 1
	if s.is(j, ".") && len(s.word(i)) <= 4 {
		j++
	}
	for s.is(j, "n", "nr", "°", "“", "\"", "«", "'") || s.is(j, ".") && s.is(j-1, "n", "nr") {
		j++
	}
	if adjectiveLabels[name] && j == i+1 && s.toks[min(j, len(s.toks)-1)].kind == wordTok && len(s.word(j)) > 3 && !s.upper(j) { // "gruppo catastale D"
		if j+1 < len(s.toks) && len(s.word(j+1)) == 1 && s.toks[j+1].kind == wordTok && s.upper(j+1) && !s.is(j+2, "'", "’") {
			j++
		}
	}
	value := ""
	if n, ok := s.digits(j); ok && len(n) <= 4 {
		if u, _ := s.unit(j + 1); u != "" && u != "year" && u != "EUR" {
			return false
		}
		value = factTrimZeros(n)
	} else if w := s.word(j); w != "" && j < len(s.toks) && s.toks[j].kind == wordTok && s.upper(j) && (len(w) == 1 && w[0] >= 'a' && w[0] <= 'z' || romanNumeral(w)) {
		if len(w) == 1 && s.is(j+1, "'", "’", ".") && s.touching(j) && !s.endsSentence(j+1) {
			return false
		}
		value = w
	} else {
		return false
	}
	s.add(Fact{Kind: LabelFact, Norm: name + " " + value}, i, j+1)
	return true
}

// adjectiveLabels may have an adjective before their letter.
var adjectiveLabels = map[string]bool{"gruppo": true, "categoria": true, "zona": true, "fascia": true, "classe": true}

// upper reports whether token i is written in capitals.
func (s *factScan) upper(i int) bool {
	t := s.text[s.toks[i].start:s.toks[i].end]
	return t == strings.ToUpper(t) && t != strings.ToLower(t)
}

// endsSentence reports whether the dot at token i is followed by nothing, a capital or a sign.
func (s *factScan) endsSentence(i int) bool {
	return s.is(i, ".") && (i+1 >= len(s.toks) || !s.touching(i))
}

func romanNumeral(w string) bool {
	if len(w) == 0 || len(w) > 6 {
		return false
	}
	return strings.Trim(w, "ivxlc") == ""
}
