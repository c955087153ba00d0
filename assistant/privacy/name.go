package privacy

import (
	_ "embed"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

//go:embed names.txt
var namesFile string

// givenNames are first names that are common in Italy, small letters. They only decide where a sentence leaves it open
// whether a word is a name.
var givenNames = wordSet(namesFile)

// How a name is announced. After the surest the next words are a name whatever they look like; after the others they must look like one.
var (
	sureName = regexp.MustCompile(`(?i)(?:\bmi\s+chiamo|\bil\s+mio\s+nome\s+(?:è|e'|e)|\bil\s+mio\s+nome\s+e\s+cognome\s+(?:è|e'|sono)|\bmio\s+cognome\s+(?:è|e')|\bmy\s+name\s+is|\bje\s+m['’]appelle|\bich\s+hei(?:ß|ss)e|\bme\s+llamo|\bmi\s+nombre\s+es|\bmă\s+numesc|\bma\s+numesc|\bquhem|\bunë\s+jam|мене\s+звати|اسمي|我叫|我的名字是)[\s:,]*`)
	calls    = regexp.MustCompile(`(?i)(?:\bsono|\bi\s+am|\bi['’]m|\bje\s+suis|\bich\s+bin|\bsunt|\bsoy)[\s,]+(?:(?:il|la|lo)\s+)?(?:(?:signor[ae]?|sig\.(?:ra)?|dott\.(?:ssa)?|avv\.|ing\.|geom\.)\s*)?`)
	titled   = regexp.MustCompile(`(?:\b[Ss]ignor[ae]?|\b[Ss]ig\.(?:ra|na)?|\bSIG\.(?:RA)?|\b[Dd]ott\.(?:ssa)?|\b[Dd]r\.(?:ssa)?|\b[Aa]vv\.|\b[Ii]ng\.|\b[Aa]rch\.|\b[Gg]eom\.|\b[Rr]ag\.|\b[Pp]rof\.(?:ssa)?|\b[Ss]i\s+chiama|\b[Ss]ottoscritt[oa]|\bnome\s+di|\b[Ii]ntestat[oaie]\s+a|\b[Ff]irmato:?|\b[Cc]ognome(?:\s+e\s+nome)?:?|\b[Nn]ome(?:\s+e\s+cognome)?:|\bMr\.?|\bMrs\.?|\bMonsieur|\bMadame|\bHerr|\bFrau)\s*,?\s+`)
	kin      = regexp.MustCompile(`(?i)\b(?:mi[oa]|nostr[oa])\s+(?:figli[oa]|marito|moglie|madre|padre|mamma|papà|fratello|sorella|nonn[oa]|suocer[oa]|compagn[oa]|zi[oa]|nipote|cugin[oa]|cognat[oa]|genero|nuora|vicin[oa]|inquilin[oa]|ex)(?:\s+di\s+casa)?[\s,]+(?:si\s+chiama\s+)?`)
	latinRun = regexp.MustCompile(`^[\p{L}][\p{L}'’.-]*`)

	notName = wordSet(`sindaco assessore sindaca consigliere segretario dirigente responsabile presidente direttore comandante ministro prefetto giudice avvocato
 dottore dottoressa residente residenti cittadino cittadina italiano italiana straniero straniera proprietario proprietaria invalido invalida disabile
 disoccupato pensionato pensionata studente affittuario inquilino genitore madre padre vedovo vedova separato separata single
 comune testimone socio titolare amministratore legale rappresentante un una uno il la lo le gli i di del della dei a ad al alla in da dal per con
 e ed o ma che chi cui non ho ha hai hanno abito vivo sono vorrei chiedo devo posso scrivo risiedo nato nata nati domiciliato domiciliata
 quando dove come quanto quale quali cosa perché perche se già gia molto stato stata stati state anche tanto troppo sempre qui qua ora adesso
 esente esenti obbligato obbligata previste previsti dovuto dovuta dovuti ucraino ucraina albanese rumeno rumena marocchino tunisino
 tari imu tasi isee cie spid scia cila urp suap pec irpef inps cosap tosap cup cig iban ok grazie buongiorno salve cordiali saluti
 fuori cosi così
 the a an from and from resident citizen italian not looking writing sur dans de der die das ein eine une nicht wohnhaft`)
	prefix = wordSet(`de di del della dello dei degli da dal d' lo la le li van von al el ben bin san santa mac mc`)
)

func findName(text string) []Span {
	var out []Span
	for _, m := range sureName.FindAllStringIndex(text, -1) {
		out = appendName(out, text, m[1], sure)
	}
	for _, m := range titled.FindAllStringIndex(text, -1) {
		out = appendName(out, text, m[1], capitals)
	}
	for _, m := range kin.FindAllStringIndex(text, -1) {
		out = appendName(out, text, m[1], capitals)
	}
	for _, m := range calls.FindAllStringIndex(text, -1) {
		out = appendName(out, text, m[1], likely)
	}
	return append(out, findFullName(text)...)
}

// How sure it is that a name follows.
type trust int

const (
	likely   trust = iota // "sono …": two capitals of which none is a common word, or a known first name
	capitals              // "mia figlia …", "sig. …": capitals, or a known first name
	sure                  // "mi chiamo …"
)

// mostNames is how many words a name has at most; prefixes (De, Lo) do not count.
const mostNames = 3

func appendName(out []Span, text string, at int, how trust) []Span {
	end, count, known, capital, joined := at, 0, false, 0, false // joined: after "De" even "Vivo" is a name
	for pos := at; count < mostNames; {
		word := latinRun.FindString(text[pos:])
		word = strings.TrimRight(word, ".-'’")
		if word == "" {
			break
		}
		low := strings.ToLower(word)
		first, _ := utf8.DecodeRuneInString(word)
		upper := unicode.IsUpper(first) || !unicode.IsLower(first) // letters without case count as capitals
		join := prefix[low] && count > 0 && upper
		if !join && (notName[low] && !joined || utf8.RuneCountInString(word) < 2 && upper && count == 0 && unicode.Is(unicode.Latin, first) || count > 0 && !upper && capital > 0 && how != sure || count > 0 && !upper && !(how == sure || known) || count > 0 && !upper && len(low) < 3) {
			break
		}
		if !upper && !(how == sure && count < 2 || givenNames[low] || known && count == 1) {
			break
		}
		pos += len(word)
		joined = join
		if !join {
			count++
			end = pos
			known = known || givenNames[low]
			if upper {
				capital++
			}
		}
		if !unicode.IsLetter(first) || pos >= len(text) || text[pos] != ' ' {
			break
		}
		pos++
	}
	switch {
	case count == 0:
		return out
	case how == likely && !known && (capital < 2 || shouted(text[at:])):
		return out
	case how == capitals && !known && (capital == 0 || shouted(text)):
		return out
	}
	return append(out, Span{Start: at, End: end})
}

// fullName is a first name that is common in Italy with what may be a surname, anywhere: nobody announces "Rita Serra mi ha detto…".
var (
	fullName = regexp.MustCompile(`\p{Lu}\p{Ll}+(?:[ ]\p{Lu}\p{Ll}+)?(?:[ ](?:De|Di|D['’]|Del|Della|Dal|Dalla|Da|Lo|La|Li|Le|Van|El|Ben))?[ '’]\p{Lu}\p{Ll}+`)
	// named are what bears the name of somebody: streets, schools, laws, prizes.
	named = regexp.MustCompile(`(?i)(?:\b(?:via|viale|v\.le|piazza|p\.zza|piazzale|piazzetta|corso|c\.so|largo|vicolo|lungomare|lungotevere|strada|ponte|galleria|rotonda|fermata|borgo|contrada|località|scuol\w|istitut\w|comprensivo|lice\w|asilo|nido|università|plesso|palestr\w|piscina|stadio|campo|palazz\w+|pala\w+|parco|giardin\w|villa|sala|aula|auditorium|teatro|cinema|museo|bibliotec\w|centro|ospedale|clinica|casa|rsa|chiesa|parrocchia|basilica|monumento|premio|nobel|fondazione|associazione|cooperativa|legge|decreto|riforma|lodo|piano|variante|metodo|san|santa|santo|sant'|beato|don|papa|festa|mercato|torneo|memorial|trofeo|concorso|bando|progetto|presidente della repubblica|ministro|ministra)\s+|["«“(])(?:\p{L}+['’]?\s+){0,3}$`)
)

func findFullName(text string) []Span {
	var out []Span
	for _, m := range fullName.FindAllStringIndex(text, -1) {
		words := strings.FieldsFunc(text[m[0]:m[1]], func(r rune) bool { return r == ' ' || r == '\'' || r == '’' })
		from := m[0]
		if !givenNames[strings.ToLower(words[0])] && len(words) > 2 { // "Vi scrive" ends where a sentence began
			from += len(words[0]) + 1
			words = words[1:]
		}
		last := strings.ToLower(words[len(words)-1])
		if !givenNames[strings.ToLower(words[0])] || notName[last] || monthWord[last] || from > 0 && wordByte(text[from-1]) || m[1] < len(text) && wordByte(text[m[1]]) {
			continue
		}
		if !named.MatchString(text[max(0, from-60):from]) {
			out = append(out, Span{Start: from, End: m[1]})
		}
	}
	return out
}

// shouted says whether a text is all in capitals, where a capital tells nothing.
func shouted(text string) bool {
	upper, lower := 0, 0
	for _, r := range text {
		switch {
		case unicode.IsUpper(r):
			upper++
		case unicode.IsLower(r):
			lower++
		}
	}
	return upper > 10 && lower*4 < upper
}
