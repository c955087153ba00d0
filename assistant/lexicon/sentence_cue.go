package lexicon

import (
	"sort"
	"strings"
)

// CueKind is what a cue does to the sentence around it.
type CueKind string

// The kinds of cue.
const (
	NegationCue    CueKind = "negation"    // denies what follows: "non", "senza", "né"
	ExceptionCue   CueKind = "exception"   // takes something out: "salvo", "tranne", "ad esclusione", "unless"
	ConditionCue   CueKind = "condition"   // makes it depend: "purché", "a condizione che", "se", "solo se", "qualora"
	RestrictionCue CueKind = "restriction" // limits to one thing: "solo", "esclusivamente", "unicamente"
	ObligationCue  CueKind = "obligation"  // "deve", "è tenuto", "obbligatorio"
	PermissionCue  CueKind = "permission"  // "può", "è consentito", "facoltativo"
	ProhibitionCue CueKind = "prohibition" // "è vietato", "non è ammesso" is a negation with a permission
)

// Cue is a word or phrase that changes what a sentence claims.
type Cue struct {
	Kind       CueKind
	Text       string // folded, as in the table
	Start, End int    // bytes of the text
}

// Cues finds the cues of a text in order of Start, the longest phrase at each place.
func Cues(text string) []Cue {
	toks := factTokens(text)
	var out []Cue
	for i := 0; i < len(toks); {
		c, next := cueAt(toks, i)
		if next == i {
			i++
			continue
		}
		c.Start, c.End = toks[i].start, toks[next-1].end
		out = append(out, c)
		i = next
	}
	return out
}

func cueAt(toks []factToken, i int) (Cue, int) {
	for _, p := range cuePhrases[toks[i].fold] {
		if len(p.words) > len(toks)-i {
			continue
		}
		ok := true
		for k, w := range p.words {
			if toks[i+k].fold != w {
				ok = false
				break
			}
		}
		if ok {
			return Cue{Kind: p.kind, Text: strings.Join(p.words, " ")}, i + len(p.words)
		}
	}
	return Cue{}, i
}

type cuePhrase struct {
	words []string
	kind  CueKind
}

// cuePhrases holds the phrases by their first word, the longest first.
var cuePhrases = cueTable(map[CueKind]string{
	NegationCue: `non, né, senza, nessun, nessuno, nessuna, neppure, neanche, nemmeno, mai, not, no longer, never, without, neither, nor, cannot, nobody, don ' t, doesn ' t, isn ' t, aren ' t, can ' t,
		don ’ t, doesn ’ t, isn ’ t, aren ’ t, can ’ t, pas, sans, aucun, aucune, sin, ningún, ninguna, nicht, kein, keine, ohne, fără, nuk, не, без, لا, ليس, ليست, لن, لم, غير, دون, بدون, 不, 没有, 未, 无`,
	ExceptionCue: `salvo, salva, salvi, salve, salvo che, salvo se, fatta salva, fatto salvo, fatti salvi, fatte salve, tranne, tranne che, eccetto, eccetto che, eccettuati, eccettuate, eccettuato, eccezion fatta,
		ad eccezione, a eccezione, fatta eccezione, fatte eccezioni, con eccezione, con l ' eccezione, con l ’ eccezione, esclusi i, escluse le, escluso il, esclusa la, esclusi gli, con esclusione, con l ' esclusione, con l ’ esclusione,
		ad esclusione, a esclusione, a meno che, a meno di, fuorché, al di fuori, diversamente da, ferma restando, fermo restando, fermi restando, unless, except, except for, excluding, sauf, hormis, à l ' exception,
		à l ’ exception, à moins, salvo que, excepto, außer, ausgenommen, cu excepția, exceptând, përveç, me përjashtim, крім, окрім, за винятком, إلا, باستثناء, ما عدا, 除外, 除非`,
	ConditionCue: `purché, a condizione che, a condizione, sempre che, sempreché, a patto che, qualora, ove, laddove, se, solo se, soltanto se, solo qualora, nel caso in cui, nel caso, nei casi in cui, nei casi, in caso di, in caso, in presenza di,
		previa, previo, subordinatamente, è subordinata, è subordinato, subordinata, subordinato, subordinate, a decorrere da, fino a quando, finché, nella misura in cui, limitatamente, nei limiti, entro i limiti, solo quando, senza che, decorso, decorsi, decorse, trascorso, trascorsi, trascorse, pena, a pena di, a pena,
		if, only if, provided, provided that, as long as, in case, when, à condition, pourvu que, si seulement, au cas, siempre que, wenn, falls, sofern, dacă, cu condiția, nëse, me kusht, якщо, за умови, إذا, بشرط, شرط, 如果, 只要`,
	RestrictionCue: `solo, soltanto, solamente, esclusivamente, unicamente, only, solely, exclusively, seulement, uniquement, nur, ausschließlich, solamente, únicamente, numai, doar, vetëm, лише, тільки, виключно, فقط, 仅, 只`,
	ObligationCue: `deve, devono, dovrà, dovranno, deve essere, dev ' essere, va, vanno, è tenuto, è tenuta, sono tenuti, sono tenute, ha l ' obbligo, ha l ’ obbligo, hanno l ' obbligo, hanno l ’ obbligo, è obbligato, sono obbligati, è fatto obbligo,
		obbligatorio, obbligatoria, obbligatori, obbligatorie, obbligatoriamente, necessario, necessaria, necessari, occorre, bisogna, è dovuto, è dovuta, must, has to, have to, shall, required, mandatory, doit, doivent, obligatoire, debe, deben, muss, müssen,
		trebuie, obligatoriu, duhet, повинен, повинні, має, зобов ' язаний, يجب, 必须`,
	PermissionCue: `può, possono, potrà, potranno, è consentito, è consentita, sono consentiti, sono consentite, consentito, consentita, è ammesso, è ammessa, sono ammessi, sono ammesse, ammesso, ammessa, ha facoltà, hanno facoltà, facoltativo, facoltativa, facoltativi, facoltativamente,
		è permesso, permesso, autorizzato, autorizzata, autorizzati, autorizzate, may, can, allowed, permitted, optional, peut, peuvent, puede, pueden, darf, dürfen, kann, können, poate, pot, mund, може, можуть, можна, يمكن, يجوز, 可以`,
	ProhibitionCue: `vietato, vietata, vietati, vietate, divieto, è fatto divieto, proibito, proibita, proibiti, proibite, preclude, precluso, preclusa, inammissibile, inammissibili, forbidden, prohibited, banned, interdit, interdite, interdits, prohibido, verboten,
		interzis, interzisă, ndalohet, i ndaluar, заборонено, забороняється, يحظر, ممنوع, محظور, 禁止`,
})

func cueTable(lists map[CueKind]string) map[string][]cuePhrase {
	m := map[string][]cuePhrase{}
	for kind, list := range lists {
		for _, phrase := range strings.Split(list, ",") {
			toks := factTokens(phrase)
			if len(toks) == 0 {
				continue
			}
			words := make([]string, len(toks))
			for i, t := range toks {
				words[i] = t.fold
			}
			m[words[0]] = append(m[words[0]], cuePhrase{words, kind})
		}
	}
	for _, ps := range m {
		sort.SliceStable(ps, func(i, j int) bool {
			if len(ps[i].words) != len(ps[j].words) {
				return len(ps[i].words) > len(ps[j].words)
			}
			return ps[i].kind < ps[j].kind
		})
	}
	return m
}
