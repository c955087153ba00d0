package desk

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"sportello/assistant/lexicon"
)

// gist is what a question comes down to: what it asks for, of what, and whether it denies. Two questions are the same when their gists are,
// word for word up to endings. Vectors cannot tell that: for them "la prima rata" and "la seconda rata", "serve" and "non serve" are
// nearer to each other than two ways of asking the same (measured on testdata/pairs.txt), so they only confirm.
type gist struct {
	asks   string // cost, when, hours, long, where, who, how or nothing
	denies bool
	words  []string // roots, sorted
}

// asking finds what a question asks for. What it matches says nothing more; the rest is what is asked about. The first that matches wins.
var asking = []struct {
	what    string
	pattern *regexp.Regexp
}{
	{"cost", regexp.MustCompile(`\b(?:quanto (?:mi |ci |si )?(?:costa(?:no)?|cost[ae]rebbe|spende|paga|viene(?: a costare)?|spendo|pago|devo pagare)|(?:qual e |quale e )?(?:il |i )?(?:cost[oi]|prezz[oi])(?: per| di| del| della| dell)?|a quanto ammonta)\b`)},
	{"hours", regexp.MustCompile(`\b(?:(?:in |a )?(?:che|quale|quali) or[ae](?: (?:apre|aprono|e aperto|e aperta))?|(?:che|quali sono gli|qual e l) ?'?orari[oi]?(?: fa(?:nno)?| ha(?:nno)?| di apertura| apertura)?|orari[oi]?(?: di apertura| apertura)?|quando (?:apre|aprono|e aperto|e aperta))\b`)},
	{"long", regexp.MustCompile(`\b(?:quanto (?:dura|durano|tempo (?:ci vuole|serve|occorre|ho|abbiamo|dura))|(?:in |entro )?quanti (?:giorni|mesi|anni)|(?:la )?durata)\b`)},
	{"when", regexp.MustCompile(`\b(?:entro quando|quando|in che (?:data|giorno|periodo)|(?:qual e )?la data|entro (?:quale|che) (?:data|giorno))\b`)},
	{"where", regexp.MustCompile(`\b(?:dov'? ?e|dove(?: si trova(?:no)?)?|in (?:che|quale) (?:posto|luogo|via|ufficio))\b`)},
	{"how", regexp.MustCompile(`\b(?:(?:come|in che modo|con quali? modalita)(?: (?:si )?(?:posso|possiamo|puo|si puo|devo|faccio|facciamo|fare|fa|bisogna)(?: (?:fare|a|per|ad))*)?(?: (?:si )?(?:chied\w+|richied\w+|otten\w+|ottien\w+|fa(?:re)?))?)\b`)},
	{"who", regexp.MustCompile(`^(?:chi|a chi|quali persone)\b`)},
}

var (
	polite = regexp.MustCompile(`\b(?:buongiorno|buonasera|salve|ciao|grazie(?: mille)?|per favore|per cortesia|cortesemente|gentilmente|scusate|scusi|vorrei (?:sapere|chiedere|capire)(?: se)?|volevo (?:sapere|chiedere)(?: se)?|mi (?:dite|sapete dire|potete dire|sa dire|puo dire)|(?:potete|puo) dirmi|sapete(?: dirmi)?|desidero sapere|avrei bisogno di sapere|una domanda)\b`)
	may    = regexp.MustCompile(`\b(?:(?:si )?(?:puo|possono|potrebbe|possiamo|posso)|(?:e|sono) (?:possibile|permesso|permessa|consentito|consentita|lecito)|ci (?:vuole|vogliono)|serv(?:e|ono)|occorr(?:e|ono)|bisogna|e necessari[oa]|mi serve|mi servono)\b`)
	denial = regexp.MustCompile(`\b(?:non|senza|nessun[oa]?|mai|neanche|nemmeno|tranne|eccetto|escluso)\b`)

	// hollow are words without which a question says the same.
	hollow = set(`il lo la i gli le l un uno una un di del dello della dei degli delle dell d a ad al allo alla ai agli alle all da dal dallo dalla dai dagli
 dalle dall in nel nello nella nei negli nelle nell su sul sullo sulla sui sugli sulle sull con per tra fra e ed o si mi ci vi ne c che cosa cos quale
 quali qual quanto sono e ho ha hanno abbiamo essere avere mio mia miei mie nostro nostra questo questa questi queste questa io noi va vanno`)
)

func set(list string) map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(list) {
		out[w] = true
	}
	return out
}

// apart says whether r ends a word.
func apart(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }

func gistOf(text, language string) gist {
	folded := lexicon.Fold(strings.NewReplacer("’", "'", "‘", "'", "`", "'").Replace(text))
	folded = strings.Join(strings.FieldsFunc(folded, func(r rune) bool { return apart(r) && r != '\'' }), " ")
	if language != "it" {
		g := gist{words: strings.FieldsFunc(folded, apart)} // every word counts
		slices.Sort(g.words)
		g.words = slices.Compact(g.words)
		return g
	}
	folded = strings.TrimSpace(polite.ReplaceAllString(folded, " "))
	g := gist{denies: denial.MatchString(folded)}
	folded = denial.ReplaceAllString(folded, " ")
	for _, a := range asking {
		if at := a.pattern.FindStringIndex(folded); at != nil {
			g.asks = a.what
			folded = folded[:at[0]] + " " + folded[at[1]:]
			break
		}
	}
	folded = may.ReplaceAllString(folded, " ")
	for _, w := range strings.FieldsFunc(folded, apart) {
		if !hollow[w] {
			g.words = append(g.words, lexicon.Stem(w))
		}
	}
	slices.Sort(g.words)
	g.words = slices.Compact(g.words)
	return g
}

// same says whether two questions ask the same. A question without words of its own is the same as none.
func (g gist) same(o gist) bool {
	if g.asks != o.asks || g.denies != o.denies || len(g.words) != len(o.words) || len(g.words) == 0 {
		return false
	}
	for i, w := range g.words {
		if !sameRoot(w, o.words[i]) {
			return false
		}
	}
	return true
}

const (
	rootLength = 4 // letters that two roots share at least
	rootEnding = 2 // letters by which one may be longer: camb(io), cambi(are)
)

func sameRoot(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	return a == b || len(a) >= rootLength && len(b)-len(a) <= rootEnding && strings.HasPrefix(b, a) && !strings.ContainsAny(b, "0123456789")
}
