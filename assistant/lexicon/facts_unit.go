package lexicon

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// unitNames maps a unit as written (folded) to its name. Spellings of all languages share a table: a unit only counts
// beside a number, so "an" (German, French year) and "an" (English article) do not meet.
var unitNames = unitTable(map[string]string{
	"EUR":     "€ euro eur euros eurot euri євро евро يورو ευρω",
	"%":       "% percento percent prozent ٪ відсотків відсотка відсотки процентов",
	"day":     "giorno giorni giornate gg g day days jour jours dia dias tag tage tagen zi zile ditë dite ditësh ditesh день днів дні дня дней дн يوم يوما ايام أيام 天 日",
	"week":    "settimana settimane week weeks semaine semaines semana semanas woche wochen saptamana saptamani săptămâni javë jave тиждень тижні тижнів اسبوع اسابيع 周",
	"month":   "mese mesi mensilità mensilita month months mois mes meses monat monate monaten luna luni lună muaj muajve місяць місяці місяців місяця شهر اشهر شهور شهرا شهرين شهران",
	"year":    "anno anni annualità annualita year years an ans année années annees ano anos año años jahr jahre jahren ani vit vite vjet vjeç vjec рік роки років року лет год года سنة سنوات عام اعوام سنتين سنتان",
	"hour":    "ora ore h hour hours heure heures hora horas stunde stunden oră ora ore orë година години годин ساعة ساعات",
	"minute":  "minuto minuti minute minutes min minutos minuten хвилин دقيقة دقائق",
	"m2":      "mq m2 m² mq. metroquadro metriquadri metriquadrati metroquadrato sqm",
	"m3":      "mc m3 m³ metricubi metrocubo",
	"m":       "m metro metri ml mt metrilineari metrolineare meter meters mètres metres metra métrë метрів метри متر امتار",
	"km":      "km chilometro chilometri kilometers kilometres",
	"cm":      "cm centimetri centimetro",
	"mm":      "mm millimetri",
	"kg":      "kg chilo chili chilogrammo chilogrammi kilogrammo kilogrammi kilo kilos kilogram",
	"t":       "tonnellata tonnellate ton tonn",
	"q":       "qt quintale quintali qli",
	"l":       "l litro litri lt liter liters litre litres",
	"db":      "db dba decibel",
	"kw":      "kw kwp",
	"mb":      "mb megabyte gb gigabyte",
	"per mil": "‰ permille",
})

func unitTable(lists map[string]string) map[string]string {
	m := map[string]string{}
	for unit, list := range lists {
		for _, w := range strings.Fields(list) {
			m[foldWord(w)] = unit
		}
	}
	return m
}

// unitKinds gives the kind of a quantity by its unit; the rest are measures.
var unitKinds = map[string]FactKind{
	"EUR": AmountFact, "%": PercentFact, "day": DurationFact, "week": DurationFact, "month": DurationFact, "year": DurationFact,
	"hour": DurationFact, "minute": DurationFact,
}

// unit reads a unit at token i, in one or two words. A unit of one letter must be written like one: "5 m" and "1,5 l",
// not the article in "5 l'anno".
func (s *factScan) unit(i int) (name string, next int) {
	w := s.word(i)
	if w == "" {
		return "", i
	}
	if w == "metri" || w == "metro" {
		switch s.word(i + 1) {
		case "quadrati", "quadrato", "quadri", "quadro", "q":
			return "m2", i + 2
		case "cubi", "cubo":
			return "m3", i + 2
		case "lineari", "lineare":
			return "m", i + 2
		}
	}
	if w == "per" || w == "pour" || w == "por" || w == "la" || w == "pro" || w == "për" || w == "на" || w == "في" || w == "dhe" {
		if s.is(i+1, "cento", "cent", "ciento", "suta", "qind", "المئة", "المائة") {
			return "%", i + 2
		}
	}
	if w == "per" && s.is(i+1, "mille") {
		return "per mil", i + 2
	}
	if strings.HasPrefix(w, "بال") && strings.HasSuffix(w, "ئة") || w == "بالمائة" {
		return "%", i + 1
	}
	u, ok := unitNames[w]
	if !ok {
		return "", i
	}
	if len(w) == 1 && unicode.IsLetter(rune(w[0])) && s.is(i+1, "'", "’") {
		return "", i
	}
	if s.is(i+1, "²", "2") && s.touching(i) && u == "m" {
		return "m2", i + 2
	}
	return u, i + 1
}

// quantity reads a number with what it counts: an amount, percentage, duration, measure, year or bare number.
func (s *factScan) quantity() bool {
	i := s.at
	if s.listNumber(i) {
		s.at += 2
		return true
	}
	if from, f, next := s.unitFirst(i); next > i {
		s.prefixed = s.toks[i].start
		s.add(f, from, next)
		return true
	}
	if s.toks[i].kind == numTok && s.touching(i-1) && s.toks[i-1].kind == wordTok && !s.is(i-1, "x") {
		if u, _ := s.unit(i - 1); u == "" { // "F24", "Z1", "CO2": part of a name
			s.at++
			return true
		}
	}
	v, norm, next := s.number(i)
	if next == i {
		if s.hanPercent(i) {
			return true
		}
		return s.dualUnit(i)
	}
	after := s.skipEcho(next, v)
	unit, end := s.unit(after)
	if unit == "EUR" && s.opensNext(i, end) {
		unit = ""
	}
	if unit == "" {
		unit, end = s.letteredUnit(after)
	}
	if unit != "" {
		f := quantityFact(v, norm, unit)
		end, f.Per = s.per(end)
		s.add(f, i, end)
		return true
	}
	if s.toks[i].kind == wordTok && articleNumbers[s.word(i)] && !s.countsHere(i) {
		return false
	}
	f := Fact{Kind: NumberFact, Norm: norm, Value: v}
	if d, ok := s.digits(i); ok && len(d) == 4 && next == i+1 && v >= 1900 && v < 2100 {
		f.Kind = YearFact
		if s.is(next, "/") { // "2023/2024"
			after = next
		}
	}
	if s.is(next, "°", "º", "ª", "^") {
		next++
		after = next
	}
	if after > next {
		next = after
	}
	s.add(f, i, next)
	return true
}

// listNumber reports whether token i numbers a list item or a comma: "1. Il canone", "2) da 51 mq". It counts nothing.
func (s *factScan) listNumber(i int) bool {
	d, ok := s.digits(i)
	if !ok || len(d) > 3 || !s.is(i+1, ".", ")") || !s.touching(i) || s.touching(i+1) {
		return false
	}
	if i == 0 || strings.Contains(s.text[s.toks[i-1].end:s.toks[i].start], "\n") {
		return true
	}
	return s.is(i-1, ";", ":", ".") && i+2 < len(s.toks) && s.toks[i+2].kind == wordTok
}

// opensNext reports whether the currency sign after number i belongs to the next number: in a line where signs stand
// before their amounts ("€ 34,38 0,69 € 25,79") every sign does.
func (s *factScan) opensNext(i, end int) bool {
	if s.prefixed < 0 || strings.Contains(s.text[s.prefixed:s.toks[i].start], "\n") {
		return false
	}
	end, _ = s.per(end)
	for s.is(end, ".") {
		end++
	}
	_, _, next := s.number(end)
	return next > end && s.toks[end].kind == numTok
}

// countsHere reports whether an ambiguous number word is a number: "di sei", "entro sei", "mille abitanti" but not "se non sei".
func (s *factScan) countsHere(i int) bool {
	switch s.word(i) {
	case "mille":
		return true
	case "sei":
		return s.is(i-1, "di", "da", "a", "entro", "almeno", "oltre", "massimo", "minimo", "i", "le", "per", "ogni", "dei", "delle", "ai", "alle",
			"dai", "dalle", "nei", "nelle", "sono", "fino", "primi", "prime", "ultimi", "o", "in", "e", "successivi")
	}
	return false
}

// skipEcho steps over the repetition of the same number in brackets: "60 (sessanta) giorni".
func (s *factScan) skipEcho(i int, v float64) int {
	if !s.is(i, "(") {
		return i
	}
	e, _, next := s.number(i + 1)
	if next > i+1 && e == v && s.is(next, ")") {
		return next + 1
	}
	return i
}

// unitFirst reads a unit written before its number: "€ 1.100,00", "euro 0,10", "anni 6", "mq. 50", "€/ml 40,00", "€. 20".
func (s *factScan) unitFirst(i int) (from int, f Fact, next int) {
	unit, j := s.unit(i)
	if unit == "" || unit == "%" {
		return i, f, i
	}
	if unit == "hour" || (unit == "m" || unit == "l" || unit == "day") && utf8.RuneCountInString(s.word(i)) == 1 && !s.is(j, ".") {
		return i, f, i
	}
	if unit != "EUR" && s.afterNumber(i) {
		return i, f, i
	}
	j, per := s.per(j)
	for s.is(j, ".", ":", "=") && j < i+5 {
		j++
	}
	if j > i && s.is(j-1, ".") && !s.short(i) { // "… anni. 6 componenti": a sentence ends
		return i, f, i
	}
	v, norm, end := s.number(j)
	if end == j || s.toks[j].kind == wordTok && articleNumbers[s.word(j)] {
		return i, f, i
	}
	if unit != "EUR" { // "nell'anno 2023", "mese 12": a name, not a length
		if d, ok := s.digits(j); ok && len(d) == 4 || s.is(i, "anno", "mese", "giorno", "giornata", "settimana", "year", "mois", "an", "an", "рік", "року") {
			return i, f, i
		}
		if u, _ := s.unit(s.skipEcho(end, v)); u != "" && u != unit { // "anni 3 mesi": the number is of the second
			return i, f, i
		}
	}
	f = quantityFact(v, norm, unit)
	f.Per = per
	end = s.skipEcho(end, v)
	if f.Per == "" {
		end, f.Per = s.per(end)
	}
	if s.is(end, "(") { // "€ 30,00 ( euro 30/00 )"
		if u, k := s.unit(end + 1); u == unit {
			if e, _, k2 := s.number(k); k2 > k && e == v && s.is(k2, ")") {
				end = k2 + 1
			}
		}
	}
	return i, f, end
}

// short reports whether token i is an abbreviation or a sign, whose dot ends no sentence.
func (s *factScan) short(i int) bool {
	return utf8.RuneCountInString(s.word(i)) <= 3
}

// afterNumber reports whether the token before i is a number that this unit belongs to.
func (s *factScan) afterNumber(i int) bool {
	return i > 0 && (s.toks[i-1].kind == numTok || len(s.facts) > 0 && s.facts[len(s.facts)-1].End == s.toks[i-1].end && s.facts[len(s.facts)-1].Kind == NumberFact)
}

// per reads the unit of a rate: "/mq", "al mq", "a metro quadrato", "per tonnellata".
func (s *factScan) per(i int) (next int, unit string) {
	j := i
	switch {
	case s.is(j, "/"):
		j++
	case s.is(j, "al", "per", "a", "ogni"):
		j++
	default:
		return i, ""
	}
	u, next := s.unit(j)
	if u == "" || u == "EUR" || u == "%" {
		return i, ""
	}
	return next, u
}

// letteredUnit reads a unit in Han characters or glued to the number.
func (s *factScan) letteredUnit(i int) (string, int) {
	switch s.word(i) {
	case "欧":
		if s.is(i+1, "元") {
			return "EUR", i + 2
		}
	case "个":
		if s.is(i+1, "月") {
			return "month", i + 2
		}
	case "小":
		if s.is(i+1, "时") {
			return "hour", i + 2
		}
	case "年":
		return "year", i + 1
	case "平":
		return "m2", i + 1
	}
	return "", i
}

// hanPercent reads 百分之20.
func (s *factScan) hanPercent(i int) bool {
	if !s.is(i, "百") || !s.is(i+1, "分") || !s.is(i+2, "之") {
		return false
	}
	v, norm, next := s.number(i + 3)
	if next == i+3 {
		return false
	}
	s.add(quantityFact(v, norm, "%"), i, next)
	return true
}

// dualUnit reads the Arabic dual, a unit that holds its number: "شهرين" is two months.
func (s *factScan) dualUnit(i int) bool {
	w := s.word(i)
	u, ok := unitNames[w]
	if !ok || !(strings.HasSuffix(w, "ين") || strings.HasSuffix(w, "ان")) || utf8.RuneCountInString(w) < 5 {
		return false
	}
	s.add(quantityFact(2, "2", u), i, i+1)
	return true
}

func quantityFact(v float64, norm, unit string) Fact {
	kind, ok := unitKinds[unit]
	if !ok {
		kind = MeasureFact
	}
	f := Fact{Kind: kind, Value: v, Unit: unit, Norm: norm + " " + unit}
	if unit == "%" {
		f.Norm = norm + "%"
	}
	return f
}

// shareUnits gives the unit of the last number of a range or list to the bare numbers before it: "da 25 a 500 euro",
// "2, 3 o 4 anni", "0,10 e 1,50 euro".
func (s *factScan) shareUnits() {
	for i := len(s.facts) - 2; i >= 0; i-- {
		f, next := &s.facts[i], s.facts[i+1]
		if f.Kind != NumberFact && f.Kind != YearFact || next.Unit == "" || f.Unit != "" {
			continue
		}
		if f.Kind == YearFact && next.Kind != AmountFact && next.Kind != MeasureFact {
			continue
		}
		gap := s.text[f.End:next.Start]
		if len(gap) > 12 {
			continue
		}
		switch strings.TrimSpace(strings.Trim(strings.ToLower(strings.TrimSpace(gap)), "(),.")) {
		case "a", "ad", "e", "o", "ed", "-", "–", "al", "ai", "agli", "to", "and", "or", "à", "et", "y", "und", "bis", "și", "la", "до", "та", "і", "إلى", "و", "fino a", "e i", "e gli", "ou", "dhe", "至", "到":
			shared := quantityFact(f.Value, f.Norm, next.Unit)
			f.Kind, f.Norm, f.Unit, f.Per, f.Approx = shared.Kind, shared.Norm, next.Unit, next.Per, true
		}
	}
}
