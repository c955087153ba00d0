package privacy

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// An exact address is a street with a number. A street alone tells nobody's house, and stays.
var (
	streetForm = regexp.MustCompile(`(?i)(?:^|[^\p{L}])((?:via|viale|v\.le|vle|piazza|p\.zza|p\.za|piazzale|piazzetta|corso|c\.so|largo|vicolo|vico|strada|contrada|c\.da|località|localita|loc\.|frazione|fraz\.|lungomare|lungarno|lungotevere|salita|borgo|rione|traversa|galleria|calle|fondamenta|cascina)\s+([\p{L}\d'’. ]{1,60}?)(?:\s*,)?\s+(?:(?:n|nr|num|civ)\.?\s?°?|n°|numero|numero\scivico|civico|al)?\s?(\d{1,4}(?:\s?[/-]\s?[a-z]\b|[a-z]\b|\s(?-i:[A-H])\b|\s?/\s?\d{1,3}\b|\s?bis\b)?))`)
	notStreet  = wordSet(`telematica telematiche email e-mail mail posta pec ordinaria amministrativa amministrativo breve eccezionale preventiva definitiva
 generale internet web app digitale esclusiva prioritaria principale provvisoria transitoria cautelare elettronica informatica ufficiale
 bonaria giudiziale stragiudiziale gerarchica diretta indiretta libera verde
 entro dopo prima ogni oltre circa almeno massimo minimo quando dove perché perche come cosa quanto quanti quante che chi se ho ha hai hanno
 è e sono deve devo posso può per in con tra fra su costa costano paga pago pagano chiusa chiuso aperta aperto abitano lavori
 alle dalle ai agli ore giorni mesi anni euro articolo art comma`)
	joins     = wordSet(`di del della dei degli delle dell d de da dal dalla la lo le i il san santa santo s ss don dott prof gen al alla`)
	monthWord = wordSet(`gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre`)
	livesWord = regexp.MustCompile(`(?i)abit|viv[oe]|vivi|risied|resident|residenza|domicili|indirizzo|\bcasa\b|appartament|trasferi|mia|mio|nostr[ao]|\bsto\b`)
	officeAt  = regexp.MustCompile(`(?i)(?:uffici[oi]|municipio|comune|sede|bibliotec\w|scuola|sportello|palazzo|parco|mercato|anagrafe|ospedale|asl|cimitero|isola ecologica|centro di raccolta|museo|palestra|piscina)\b[^.!?\n]{0,24}$`)
	unitAfter = regexp.MustCompile(`^\s*(?:°|%|€|(?:euro|giorni|giorno|mesi|anni|ore|minuti|metri|mq|m2|volte|persone|posti|auto|piani|alberi|kg|km|gennaio|febbraio|marzo|aprile|maggio|giugno|luglio|agosto|settembre|ottobre|novembre|dicembre)(?:\P{L}|$))`)
)

func wordSet(list string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(list) {
		set[w] = true
	}
	return set
}

func findAddress(text string) []Span {
	var out []Span
	for from := 0; from < len(text); {
		m := streetForm.FindStringSubmatchIndex(text[from:])
		if m == nil {
			break
		}
		for i := range m {
			m[i] += from
		}
		start, end := m[2], m[3]
		from = start + 1
		for from < len(text) && !utf8.RuneStart(text[from]) {
			from++
		}
		if street(text, m[4], m[5], start) && !unitAfter.MatchString(text[end:]) && !officeAt.MatchString(text[max(0, start-60):start]) {
			out = append(out, Span{Start: start, End: end})
			from = end
		}
	}
	return out
}

// street says whether [a,b) is the name of a street: up to five words, capitalised, or small ones that are no word of another sense.
func street(text string, a, b, start int) bool {
	words := strings.Fields(text[a:b])
	if len(words) == 0 || len(words) > 6 {
		return false
	}
	if word := strings.ToLower(text[start:a]); strings.HasPrefix(word, "corso") && strings.EqualFold(words[0], "di") { // of swimming
		return false
	}
	capital, plain := 0, 0
	for _, w := range words {
		low := strings.ToLower(strings.Trim(w, ".'’"))
		first, _ := utf8.DecodeRuneInString(w)
		switch {
		case notStreet[low]:
			return false
		case joins[low], monthWord[low], unicode.IsDigit(first), low == "":
		case unicode.IsUpper(first):
			capital++
		default:
			plain++
		}
	}
	if only := strings.ToLower(words[len(words)-1]); joins[only] && capital+plain == 0 {
		return false
	}
	if capital > 0 || monthWord[strings.ToLower(words[len(words)-1])] {
		return plain <= 2
	}
	lives := livesWord.MatchString(text[max(0, start-40):start])
	return plain > 0 && (plain <= 2 || lives && plain <= 3)
}
