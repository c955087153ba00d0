package lexicon

import "strings"

// citedNames are names of acts that only citations read, beside actNames: letters without dots, spaces and hyphens.
var citedNames = map[string]string{
	"decretodelpresidentedelconsigliodeiministri": "dpcm", "decretopresidenteconsiglioministri": "dpcm", "decretopresidentedellarepubblica": "dpr", "decretopresidenterepubblica": "dpr",
	"dlg": "dlgs", "dlgslgt": "dlgs", "decretolegisl": "dlgs", "decrleg": "dlgs", "decretolgs": "dlgs", "dlegislativo": "dlgs", "dlegs": "dlgs", "declegs": "dlgs",
	"lcost": "legge costituzionale", "leggecostituzionale": "legge costituzionale", "lregionale": "lr", "leggeregionale": "lr", "leggiregionali": "lr",
	"decretoministro": "dm", "decretointerministeriale": "dm", "ccnl": "ccnl", "contrattocollettivonazionaledilavoro": "ccnl", "dgr": "dgr", "dcc": "delibera", "dgc": "delibera", "dgm": "delibera",
	"delibere": "delibera", "deliberan": "delibera", "determinazionedirigenziale": "determina", "determine": "determina", "dd": "determina",
	"ordinanze": "ordinanza", "decreti": "decreto", "decretilegge": "dl", "circolari": "circolare", "circ": "circolare", "sentenze": "sentenza", "regolamento": "regolamento", "reg": "regolamento",
	"statuto": "statuto", "ris": "risoluzione",
}

// citedWhole are the acts that a name alone identifies, beside namedActs.
var citedWhole = map[string]Reference{
	"tuel": {Act: "dlgs", Number: "267", Year: "2000"}, "testounicodeglientilocali": {Act: "dlgs", Number: "267", Year: "2000"}, "testounicoentilocali": {Act: "dlgs", Number: "267", Year: "2000"},
	"testounicosullordinamentodeglientilocali": {Act: "dlgs", Number: "267", Year: "2000"}, "testounicodelleleggisullordinamentodeglientilocali": {Act: "dlgs", Number: "267", Year: "2000"},
	"gdpr": {Act: "regolamento ue", Number: "679", Year: "2016"}, "rgpd": {Act: "regolamento ue", Number: "679", Year: "2016"},
	"codicecivile": {Act: "codice civile"}, "codciv": {Act: "codice civile"}, "codicepenale": {Act: "codice penale"}, "codpen": {Act: "codice penale"},
	"codicediproceduracivile": {Act: "cpc"}, "codprocciv": {Act: "cpc"}, "codicediprocedurapenale": {Act: "cpp"}, "codprocpen": {Act: "cpp"},
	"costituzione": {Act: "costituzione"}, "costituzionedellarepubblica": {Act: "costituzione"},
	"codicedellastrada": {Act: "dlgs", Number: "285", Year: "1992"}, "cds": {Act: "dlgs", Number: "285", Year: "1992"}, "nuovocodicedellastrada": {Act: "dlgs", Number: "285", Year: "1992"},
	"codicedellamministrazionedigitale": {Act: "dlgs", Number: "82", Year: "2005"}, "codiceamministrazionedigitale": {Act: "dlgs", Number: "82", Year: "2005"}, "cad": {Act: "dlgs", Number: "82", Year: "2005"},
	"tulps": {Act: "rd", Number: "773", Year: "1931"}, "tuir": {Act: "dpr", Number: "917", Year: "1986"}, "tusp": {Act: "dlgs", Number: "175", Year: "2016"},
	"codicedeicontratti": {Act: "codice dei contratti"}, "codicedeicontrattipubblici": {Act: "codice dei contratti"},
	"codicedeibeniculturali": {Act: "dlgs", Number: "42", Year: "2004"}, "codiceantimafia": {Act: "dlgs", Number: "159", Year: "2011"}, "codicedelconsumo": {Act: "dlgs", Number: "206", Year: "2005"},
	"codicedelterzosettore": {Act: "dlgs", Number: "117", Year: "2017"}, "statutodelcontribuente": {Act: "l", Number: "212", Year: "2000"}, "statutodeilavoratori": {Act: "l", Number: "300", Year: "1970"},
	"codiceprivacy": {Act: "dlgs", Number: "196", Year: "2003"}, "codicedellaprivacy": {Act: "dlgs", Number: "196", Year: "2003"}, "testounicodelledilizia": {Act: "dpr", Number: "380", Year: "2001"},
}

// afterArticle are the abbreviations of codes that mean one only straight after an article: "art. 2043 c.c.".
var afterArticle = map[string]string{"cc": "codice civile", "cp": "codice penale", "cpc": "cpc", "cpp": "cpp", "cost": "costituzione"}

// local are the acts of a comune and of authorities: between their name and their number stands who adopted them.
var local = map[string]bool{"delibera": true, "determina": true, "ordinanza": true, "decreto": true, "circolare": true, "risoluzione": true, "sentenza": true, "dm": true, "dpcm": true, "dgr": true, "ccnl": true, "dpgr": true, "provvedimento": true}

// notActs are names of actNames that a citation of norms leaves out: they are papers, not acts.
var notActs = map[string]bool{"nota": true, "parere": true}

// actAfter reads the act that parts belong to: "…del d.lgs. n. 267/2000", "…della medesima legge", "…del presente regolamento", "…c.c.".
func (c *citing) actAfter(i int) (Citation, int) {
	var a Citation
	if letters, next := c.abbreviation(i); afterArticle[letters] != "" {
		a.Act, a.ActStart, a.ActEnd = afterArticle[letters], c.toks[i].start, c.toks[next-1].end
		return a, next
	}
	j, of := i, false
	for k := 0; k < 9; k++ {
		switch {
		case c.is(j, "del", "dell", "della", "dello", "dei", "degli", "delle", "al", "alla", "allo", "all"):
			of = true
		case c.is(j+1, "periodo", "capoverso", "alinea") && (ordinalCommas[c.word(j)] != "" || c.is(j, "ultimo")):
			j++
		case c.is(j, ",", "(", "-", "–", "'", "’", ")", "“", "\"") || c.is(j, "di") && c.is(j+1, "cui"):
			if c.is(j, "di") {
				j++
			}
		case of && c.is(j, "t", "u", "tu") && !c.isAct(j):
			if c.is(j+1, ".") {
				j++
			}
		case of && c.is(j, "citato", "citata", "predetto", "predetta", "suddetto", "suddetta", "medesimo", "medesima", "stesso", "stessa", "richiamato", "richiamata", "detto", "detta", "sopracitato",
			"sopracitata", "sopra", "suindicato", "menzionato", "menzionata", "succitato", "succitata", "summenzionato", "vigente", "nuovo", "nuova", "sopradetto", "gia", "testo", "coordinato", "ultimo", "delle"):
		case of && c.is(j, "codice", "regolamento", "unico", "statuto") && c.is(j+1, "di", "approvato", "emanato", "adottato") && c.near(j+2, 1, "cui", "con"):
			j += 2
		case of && c.is(j, "allegato") && len(c.word(j+1)) <= 2 && c.is(j+2, "alla", "al", "del", "della", "all", "dell"):
			a.Annex, j = strings.ToUpper(c.word(j+1)), j+1
		default:
			if of && c.is(j, "presente", "seguente") && c.is(j+1, "regolamento", "statuto", "disciplinare", "codice", "atto", "avviso", "bando", "capo", "titolo", "testo", "contratto", "capitolato") {
				a.Own, a.ActStart, a.ActEnd = true, c.toks[j].start, c.toks[j+1].end
				return a, j + 2
			}
			if of && c.is(j, "c", "cod", "cost") {
				if letters, next := c.abbreviation(j); afterArticle[letters] != "" {
					a.Act, a.ActStart, a.ActEnd = afterArticle[letters], c.toks[j].start, c.toks[next-1].end
					return a, next
				}
			}
			if end := c.described(j, of, &a); end > j {
				return a, end
			}
			end := c.wholeAct(j, &a)
			if end > j {
				a.ActStart, a.ActEnd = c.toks[j].start, c.toks[end-1].end
				return a, end
			}
			if of && c.is(j, "regolamento") && c.upper1(j) { // "dell'art. 39 del Regolamento"
				a.Act, a.Name, a.ActStart, a.ActEnd = "regolamento", c.text[c.toks[j].start:c.toks[j].end], c.toks[j].start, c.toks[j].end
				return a, j + 1
			}
			if of {
				return c.back(i, j, a)
			}
			return Citation{}, i
		}
		j++
	}
	return Citation{}, i
}

// described reads an act that is named by what it is before its number: "del Codice di comportamento emanato con d.P.R. n. 62/2013",
// "del Codice in materia di protezione dei dati personali, di cui al decreto legislativo 30 giugno 2003, n. 196".
func (c *citing) described(j int, of bool, a *Citation) int {
	if !of || !c.is(j, "codice", "testo") {
		return j
	}
	for k := j + 1; k < j+16 && k < len(c.toks); k++ {
		switch {
		case c.is(k, "di") && c.is(k+1, "cui") && c.is(k+2, "al", "alla", "all"), c.is(k, "approvato", "emanato", "adottato") && c.is(k+1, "con", "dal", "dalla"):
			at := k + 3
			if !c.is(k, "di") {
				at = k + 2
			}
			for c.is(at, "il", "la", "l", "'", "’", "d") && !c.isAct(at) {
				at++
			}
			if end := c.wholeAct(at, a); end > at && a.Number != "" {
				a.ActStart, a.ActEnd = c.toks[at].start, c.toks[end-1].end
				return end
			}
			return j
		case c.toks[k].kind == signTok && !c.is(k, ",", "'", "’"), c.toks[k].kind == numTok, wordLevels[c.word(k)] == articleLevel:
			return j
		}
	}
	return j
}

// isAct says whether a name of an act begins at token i.
func (c *citing) isAct(i int) bool {
	name, _, _ := c.citedName(i)
	return name != ""
}

// back reads an act that is named without its number because an earlier place gave it: "della stessa legge", "del citato decreto".
func (c *citing) back(i, j int, a Citation) (Citation, int) {
	if !c.is(j-1, "citato", "citata", "predetto", "predetta", "suddetto", "suddetta", "medesimo", "medesima", "stesso", "stessa", "richiamato", "richiamata", "detto", "detta", "sopracitato", "sopracitata", "menzionato", "menzionata", "succitato", "succitata") {
		return Citation{}, i
	}
	name, _, next := c.citedName(j)
	if name == "" && c.is(j, "norma", "disposizione") {
		next = j + 1
	} else if name == "" || notActs[name] {
		return Citation{}, i
	}
	a.Act, a.Back, a.ActStart, a.ActEnd = name, true, c.toks[j].start, c.toks[next-1].end
	for k := len(c.found) - 1; k >= 0 && k >= len(c.found)-8; k-- {
		f := c.found[k]
		if f.Act != "" && f.Number != "" && (name == "" || f.Act == name || name == "decreto" && strings.HasPrefix(f.Act, "d")) {
			a.Act, a.Body, a.Number, a.Year, a.Date, a.Region = f.Act, f.Body, f.Number, f.Year, f.Date, f.Region
			break
		}
	}
	return a, next
}

// abbreviation reads the letters of "c.c.", "c.p.c." or "Cost." at token i.
func (c *citing) abbreviation(i int) (string, int) {
	if c.is(i, "cost", "cc", "cp", "cpc", "cpp") {
		if c.is(i+1, ".") {
			return c.word(i), i + 2
		}
		return c.word(i), i + 1
	}
	letters, j := "", i
	for len(c.word(j)) == 1 && c.word(j) >= "a" && c.word(j) <= "z" && c.is(j+1, ".") {
		letters += c.word(j)
		j += 2
	}
	if len(letters) < 2 && letters != "" && (c.is(j, "civ") || c.is(j, "pen")) && letters == "c" {
		letters, j = "c"+c.word(j)[:1], j+1
	}
	return letters, j
}

// citedName is actName with the names that only citations read.
func (c *citing) citedName(i int) (name, key string, next int) {
	name, key, next = c.actName(i)
	if i >= len(c.toks) || c.toks[i].kind != wordTok {
		return
	}
	var letters strings.Builder
	for j, words := i, 0; j < len(c.toks) && words < 9; j++ {
		t := c.toks[j]
		if t.kind == signTok && strings.Contains(".-()'’", t.fold) && j > i {
			continue
		}
		if t.kind != wordTok {
			break
		}
		words++
		letters.WriteString(t.fold)
		key2 := letters.String()
		if n, ok := citedNames[key2]; ok && j+1 > next {
			name, key, next = n, key2, j+1
		}
		if r, ok := citedWhole[key2]; ok && j+1 >= next {
			name, key, next = r.Act, key2, j+1
		}
		if letters.Len() > 60 {
			break
		}
	}
	for c.is(next, ".") && name != "" && c.touching(next-1) {
		next++
	}
	return name, key, next
}

// wholeAct reads the name and number of an act at token i into a; the token after it, i when there is none.
func (c *citing) wholeAct(i int, a *Citation) int {
	if i > 0 && (c.is(i-1, "di", "della", "alla") && c.is(i-2, "proposta", "proposte", "schema", "bozza") || c.is(i-1, "'", "’") && c.is(i, "l")) {
		return i
	}
	if c.is(i, "l") && (c.is(i+1, "'", "’") || i > 0 && c.touching(i-1) && c.is(i-1, "'", "’", "/")) {
		return i
	}
	name, key, next := c.citedName(i)
	if name == "" || notActs[name] {
		return i
	}
	if whole, ok := citedWhole[key]; ok && (key != "cds" || c.upper(i)) {
		if c.apposed(i, whole) {
			return i
		}
		return c.named(next, whole, a)
	}
	switch name {
	case "codice civile", "codice penale", "cpc", "cpp", "costituzione", "codice della strada", "tulps":
		return c.named(next, namedActs[key], a)
	case "regolamento", "statuto":
		return c.regulation(i, next, name, a)
	}
	r := Citation{Reference: Reference{Act: name}, Annex: a.Annex}
	if name == "delibera" && c.is(i, "dcc", "dgc", "dgm") {
		r.Body = map[string]string{"dcc": "cc", "dgc": "gc", "dgm": "gc"}[c.word(i)]
	}
	at := next
	if local[name] || name == "lr" || name == "l" || name == "dlgs" || strings.HasSuffix(name, " ue") {
		at = c.author(next, &r)
	}
	end := c.number(at, &r)
	if end == at && at != next {
		end = c.number(next, &r)
		at = next
	}
	if end == at {
		return i
	}
	if r.Number == "" && (c.is(i, "l", "lr", "dl", "dd", "di") || !local[name] && len(r.Date) < 10) {
		return i
	}
	if name == "provvedimento" && len(r.Date) < 10 {
		return i
	}
	if r.Year == "" && (c.is(i, "dd", "di") || c.is(i, "l") && !c.is(next, "n", "nr")) {
		return i
	}
	if r.Act == "regolamento ue" && r.Year == "" {
		return i
	}
	if k := end; c.is(k, "ue", "ce", "cee") && strings.HasSuffix(r.Act, " ue") {
		end = k + 1
	}
	*a = r
	return end
}

// apposed says whether the act just before is the same one, of which this is only the name: "d.lgs. n. 267/2000, Testo unico degli enti locali".
func (c *citing) apposed(i int, whole Reference) bool {
	if len(c.found) == 0 || c.last == 0 || i-c.last > 2 {
		return false
	}
	prev := c.found[len(c.found)-1]
	return prev.Number == whole.Number && prev.Year == whole.Year && prev.Act == whole.Act && whole.Number != "" && (c.last == i || c.is(c.last, ",", "-", "–", "("))
}

// named finishes an act that is known by its name; the number that follows in brackets or after "di cui al" is its own:
// "codice della strada, di cui al decreto legislativo 30 aprile 1992, n. 285".
func (c *citing) named(next int, whole Reference, a *Citation) int {
	a.Reference = Reference{Act: whole.Act, Number: whole.Number, Year: whole.Year, Date: whole.Date}
	j := next
	for c.is(j, ",", "(", "-", "–", "di", "cui", "al", "approvato", "emanato", "con", "il", "alla", "del", "dlgs") && j < next+5 {
		if c.is(j, "dlgs") {
			break
		}
		j++
	}
	if j == next {
		return next
	}
	var own Citation
	name, _, _ := c.citedName(j)
	if name == "" || local[name] && name != "decreto" {
		return next
	}
	if end := c.wholeAct(j, &own); end > j && own.Number != "" && (whole.Number == "" || own.Number == whole.Number && own.Year == whole.Year) {
		a.Reference = own.Reference
		if c.is(end, ")") {
			end++
		}
		return end
	}
	return next
}

// regulation reads a regulation or statute of the comune, which has a name in the place of a number, or one of the Union.
func (c *citing) regulation(i, next int, name string, a *Citation) int {
	r := Citation{Reference: Reference{Act: "regolamento ue"}, Annex: a.Annex}
	if name == "regolamento" {
		j := next
		for c.is(j, "(", ")", "ue", "ce", "cee", "n", "nr", ".", "del", "parlamento", "europeo", "generale", "sulla", "protezione", "dati", "-", "–") && j < next+10 {
			j++
		}
		for _, at := range []int{next, j} {
			if n, end := c.slashed(at); n != "" {
				first, second, _ := strings.Cut(n, "/")
				if len(first) == 4 && factYear(first) || c.near(next, 2, "ue", "ce", "cee", "europeo") {
					if len(first) == 4 && factYear(first) {
						first, second = second, first
					}
					r.Number, r.Year = factTrimZeros(first), factFullYear(second)
					*a = r
					return end
				}
			}
		}
	}
	j := next
	last := next
	words := 0
	for ; j < len(c.toks) && words < 14; j++ {
		t := c.toks[j]
		if t.kind == wordTok {
			if c.is(j, "approvato", "adottato", "vigente", "che", "si", "con", "ai", "art", "deve", "prevede", "stabilisce", "ha", "puo", "nonche", "come", "n", "ex") || words == 0 && c.is(j, "e", "ed", "il", "la", "disciplina") {
				break
			}
			words++
			if c.is(j, "comunale") || !c.is(j, "per", "di", "del", "della", "dell", "dei", "degli", "delle", "sul", "sulla", "sull", "sui", "sugli", "e", "la", "il", "l", "dello", "a", "in", "ed", "le", "i") {
				last = j + 1
			}
			continue
		}
		if t.kind == signTok && (t.fold == "'" || t.fold == "’") {
			continue
		}
		break
	}
	if name == "statuto" {
		last = next
		if c.is(next, "comunale") {
			last = next + 1
		}
	}
	if last == next && name == "regolamento" || i >= 2 && c.is(i-1, "presente", "nuovo") {
		return i
	}
	r.Act = name
	r.Name = strings.Join(strings.Fields(c.text[c.toks[i].start:c.toks[last-1].end]), " ")
	*a = r
	return last
}

// author steps over who adopted an act, up to what identifies it.
func (c *citing) author(i int, r *Citation) int {
	j := i
	for left := 14; left > 0 && j < len(c.toks); left-- {
		w := c.word(j)
		t := c.toks[j]
		switch {
		case c.is(j, "c", "g", "d") && c.is(j+1, ".") && c.is(j+2, "c", "m", "g", "r"):
			if body := map[string]string{"c": "cc", "g": "gc"}[w]; body != "" {
				r.Body = body
			}
			j += 3
			if c.is(j, ".") {
				j++
			}
			continue
		case c.is(j, "cc", "gc", "gm", "cm"):
			r.Body = bodyWords[w]
		case c.is(j, "n", "nr", "num", "numero", "no") && j+1 < len(c.toks):
			return j
		case c.is(j, "consiglio", "consiliare", "giunta", "giuntale"):
			r.Body = map[bool]string{true: "cc", false: "gc"}[strings.HasPrefix(w, "consi")]
		case authorWords[w]:
			if r.Act == "decreto" && c.is(j, "ministro", "ministero", "ministeriale", "interministeriale", "min", "mef", "mit") {
				r.Act = "dm"
			}
		case c.is(j, ",", "(", ")", "-", "–", ".", "'", "’", "/"):
			if c.is(j, ".") && (!c.touching(j-1) || j+1 < len(c.toks) && c.upper1(j+1) && len(c.word(j-1)) > 4) {
				return i
			}
		case t.kind == wordTok && c.upper1(j) && !refArticleWords[w] && !c.is(j, "visto", "vista", "visti", "viste", "richiamata", "richiamato", "considerato", "dato", "ritenuto", "oggetto", "premesso", "il", "la"):
			if r.Act == "lr" && c.is(j, "lombardia", "sicilia", "veneto", "piemonte", "lazio", "toscana", "puglia", "campania", "calabria", "liguria", "umbria", "marche", "abruzzo", "molise", "basilicata", "sardegna") {
				r.Region = w
			}
			if !local[r.Act] && r.Act != "lr" && c.upper(j) && len(w) > 5 { // a heading in capitals goes on
				return i
			}
		case t.kind == numTok:
			if r.Act == "l" && factYear(w) && len(w) == 4 && j > i && c.is(j+1, ",", "-", "–", "(") { // "legge di bilancio 2019, n. 145"
				break
			}
			return j
		default:
			return i
		}
		j++
	}
	return i
}

var authorWords = wordSet(`di del della dell dello dei degli delle il la i in data consiglio giunta comunale comunali consiliare giuntale regionale municipale provinciale dirigenziale
	dirigenziali sindacale commissario straordinario straordinaria responsabile servizio servizi settore area ministro ministero direttore generale assemblea poteri assunta adottata emanata
	direttoriale ministeriale interministeriale e ed politiche sociali mef mit min previsione per anno infrastrutture trasporti ambiente giustizia lavoro amministrativa corte costituzionale cassazione stato bilancio stabilita finanziaria europeo parlamento ue ce cee interno finanze economia tar
	lavori pubblici territorio autorita dirigente capo sindaco presidente repubblica agenzia entrate reg gen registro delegato salute prot statale lgs con`)

// number reads what identifies an act: see actNumber, and the numbers of authorities beside it: "363/2021/R/rif", "1/DTAC/2023", "12/E", "XI/1141".
func (c *citing) number(i int, r *Citation) int {
	j := i
	for c.is(j, ",", "del", "dello", "(", ")", "dell", "di", "in", "data", "-", "–", "lo", "la", "il") && j < i+4 {
		j++
	}
	if d, next := c.day(j); next > j && len(d) == 10 {
		k := next
		for c.is(k, ",", "-", "–", "(", ".") && k < next+2 {
			k++
		}
		if end := c.identifier(k, r, false); end > k {
			r.Date, r.Year = d, d[:4]
			return c.bracket(i, j, end)
		}
		r.Date, r.Year = d, d[:4]
		return next
	}
	end := c.identifier(j, r, true)
	if end == j {
		return i
	}
	for k := end; k < end+3; k++ {
		if !c.is(k, "del", "dell", "in", "data", "d", ",", "-", "–", "dd", "di", "'", "’", "(", "anno", "adottata", "assunta") {
			break
		}
		if d, next := c.day(k + 1); next > k+1 && len(d) == 10 && (r.Year == "" || r.Year == d[:4] || local[r.Act]) {
			r.Date, r.Year = d, d[:4]
			return c.bracket(i, j, next)
		}
		if y, ok := c.digits(k + 1); ok && len(y) == 4 && factYear(y) && r.Year == "" && c.is(k, "del", "'", "’", "anno") {
			r.Year = y
			return k + 2
		}
	}
	return c.bracket(i, j, end)
}

// bracket takes in the ")" of an identifier whose "(" was stepped over.
func (c *citing) bracket(i, j, end int) int {
	for k := i; k < j; k++ {
		if c.is(k, "(") && c.is(end, ")") {
			return end + 1
		}
	}
	return end
}

// identifier reads "n. 267", "267/2000", "n. 363/2021/R/rif", "n. 1/DTAC/2023", "XI/1141", and with bare also "145" where "del 2018" follows.
func (c *citing) identifier(j int, r *Citation, bare bool) int {
	start, marked := j, false
	if c.is(j, "n", "nr", "num", "numero", "no", "nn", "№") {
		j++
		for c.is(j, ".", "°", "º", "^", "o", ":") {
			j++
		}
		marked = true
	} else if c.is(j, "°", "№") {
		j, marked = j+1, true
	}
	if roman := c.word(j); c.is(j+1, "/") && romanNumeral(roman) && roman != "" && j < len(c.toks) && c.upper(j) {
		if n, ok := c.digits(j + 2); ok {
			r.Number = strings.ToUpper(roman) + "/" + n
			return j + 3
		}
	}
	n, ok := c.digits(j)
	if !ok && j < len(c.toks) && c.toks[j].kind == numTok && strings.Count(c.word(j), ".") == 1 && !strings.Contains(c.word(j), ",") {
		head, tail, _ := strings.Cut(c.word(j), ".")
		switch {
		case len(tail) == 3 && (r.Act == "dgr" || r.Act == "delibera"):
			n, ok = head+tail, true // "D.G.R. n. 53.844"
		case marked && len(tail) == 4 && factYear(tail):
			r.Number, r.Year = factTrimZeros(head), tail // "n. 267.2000"
			return j + 1
		}
	}
	if !ok || len(n) > 6 {
		return start
	}
	end := j + 1
	var second string
	if c.is(end, "/") {
		if y, ok := c.digits(end + 1); ok && (len(y) == 4 && factYear(y) || len(y) == 2 || len(n) == 4 && factYear(n)) {
			second, end = y, end+2
			switch {
			case strings.HasSuffix(r.Act, " ue") && len(n) == 4 && factYear(n):
				r.Number, r.Year = factTrimZeros(second), n
			case strings.HasSuffix(r.Act, " ue") && len(n) == 2 && !factYear(second) && factInt(n) > 50:
				r.Number, r.Year = factTrimZeros(second), factFullYear(n) // "direttiva 92/43/CEE"
			default:
				r.Number, r.Year = factTrimZeros(n), factFullYear(second)
			}
			for c.is(end, "/") && end+1 < len(c.toks) && c.toks[end+1].kind == wordTok && len(c.word(end+1)) <= 6 && c.touching(end-1) && c.touching(end) {
				end += 2
			}
			if c.is(end, "/") {
				if _, ok := c.digits(end + 1); ok { // a date
					r.Number, r.Year = "", ""
					return start
				}
			}
			return end
		}
		if end+1 < len(c.toks) && c.toks[end+1].kind == wordTok && c.upper(end+1) && len(c.word(end+1)) <= 5 {
			r.Number = factTrimZeros(n)
			if y, ok := c.digits(end + 3); ok && c.is(end+2, "/") && factYear(y) && len(y) == 4 {
				r.Year = y
				return end + 4
			}
			r.Number += "/" + strings.ToUpper(c.word(end+1))
			return end + 2
		}
	}
	if marked || bare && (c.is(end, "del", "dell") && c.yearAhead(end+1) || c.is(end, "'", "’")) {
		if len(n) == 4 && factYear(n) && !marked {
			return start
		}
		r.Number = factTrimZeros(n)
		return end
	}
	return start
}

// yearAhead says whether a year or a day stands at token i: "legge 145 del 30 dicembre 2018".
func (c *citing) yearAhead(i int) bool {
	if y, ok := c.digits(i); ok && len(y) == 4 && factYear(y) {
		return true
	}
	d, next := c.day(i)
	return next > i && len(d) == 10
}

// day is dateAt with "15.05.17" too, which elsewhere is a number.
func (c *citing) day(i int) (iso string, next int) {
	if d, next := c.dateAt(i); next > i {
		return d, next
	}
	if i < len(c.toks) && c.toks[i].kind == numTok {
		if p := strings.Split(c.word(i), "."); len(p) == 3 && len(p[0]) <= 2 && len(p[1]) <= 2 && len(p[2]) == 2 {
			if d := isoDate(p[0], p[1], p[2]); d != "" {
				return d, i + 1
			}
		}
	}
	return "", i
}
