package ingest

import (
	"path"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

var (
	// letterhead and other lines at the head of a page that name no document
	letterheadRE = regexp.MustCompile(`(?i)^(?:comune di|città di|citta['’] di|unione (?:dei |di )?comuni|provincia(?:\b|le)|città metropolitana|regione\b|repubblica|settore\b|servizi[o]?\b|uffici[o]?\b|area\b|staff\b|c\.?f\.?\b|p\.? ?iva|partita iva|cod(?:ice|\.) fisc|tel|fax|cell|p\.?zza\b|piazza\b|via(?:le)? |corso |pec\b|posta elettronica|e-?mail|indirizzo|www\.|https?:|prot|marca da bollo|bollo\b|spazio riservato|da €|cancella$|reset$|stampa$|clicca|cap\b|\d{5}\b|allegat[oi]\s*(?:sub\s*)?[“"']?[\w.]{0,3}[”"']?\)?$|mod(?:ello|ulo|\.)\s*[\w./-]{0,4}$|modello$|versione$|pag|pagina|originale$|copia$|ente capofila|codice ente|data\b|id\b|n\.|al(?:la|l['’])?\s|ai\s|agli\s|spett|dichiarazione n|si veda|\*{2,}|ministero|dipartimento|direzione|sede\b|orari|palermo,|lì )`)
	formTitleRE  = regexp.MustCompile(`(?i)^(?:\d{1,2}\s*[-.)]?\s*)?(?:\[ ?\]\s*[-–]?\s*)?(?:modulo|modello|mod\.|richiesta|domanda|istanza|dichiarazione|autocertificazione|autodichiarazione|comunicazione|denuncia|segnalazione|esposto|ricorso|procura|delega|scia\b|cila\b|atto (?:di )?(?:notori|delega)|rinuncia|iscrizione|nota di|conferimento|affidamento|notifica|opposizione|certificazione|attestazione|scheda|disdetta|proposta|manifestazione|liberatoria|consenso|contratto|locazione|rilascio|rinnovo|autorizzazione|concessione)\b`)
	objectInRE   = regexp.MustCompile(`(?i)\boggetto\s*:|^oggetto\b\s*[.:-]?`)
	coverStopRE  = regexp.MustCompile(`(?i)^(?:\(?(?:approvat|adottat|modificat|integrat|aggiornat|testo (?:coordinato|vigente|approvato)|deliberazion|delibera\b|delib\.|d\.?c\.?c\.?\b|in vigore|vigente|entrat[oa] in|esecutiv|pubblicat|allegat|indice|sommario|data\b|anno \d{4}$|premess|visto|revisione|versione|edizione|ultima modifica|fonte)|\d{1,2}[./]\d{1,2}[./]\d{2,4}|\d+$|_{3}|\.{4})`)
	fileLikeRE   = regexp.MustCompile(`(?i)\.(?:docx?|pdf|odt|rtf|xlsx?|indd|txt|html?|cdr|pptx?)\b|^microsoft |^untitled|^senza (?:nome|titolo)|^documento\d*$|^layout|^presentazione|^stampa|^scan|^nuovo |^bozza$|^page \d|^pagina \d|^modello$|^titolo$|^print|^full page`)
)

// title names the document as a clerk would, from its text; the metadata of the file only when they read as a title.
func (c *classifier) title() string {
	var t string
	if c.s.declared {
		t = clean(c.p.Title)
	}
	switch c.d.Kind {
	case Delibera, Determina, Ordinanza:
		t = c.actTitle()
	case Modulo:
		t = c.formTitle()
	case Regolamento:
		t = c.regulationTitle()
	}
	if t == "" && (c.d.Kind == Altro || c.d.Kind == Norma) && len(c.s.acts) > 0 {
		t = c.decreeTitle()
	}
	if t == "" {
		t = c.onlyArticle()
	}
	if t == "" {
		t = c.headingTitle()
	}
	if t == "" {
		t = c.firstTitleLine(true)
	}
	if meta := clean(c.p.Title); t == "" && sensible(meta) {
		t = meta
	}
	if t == "" && c.d.Kind == Modulo {
		t = c.request()
	}
	if t == "" {
		t = c.firstTitleLine(false)
	}
	if t == "" && len(c.head) > 0 && utf8.RuneCountInString(c.head[0].text) >= 4 {
		t = c.head[0].plain()
	}
	if t == "" {
		base := path.Base(strings.ReplaceAll(c.d.Source, "\\", "/"))
		t = strings.Join(strings.FieldsFunc(strings.TrimSuffix(base, path.Ext(base)), func(r rune) bool { return r == '-' || r == '_' || r == ' ' }), " ")
	}
	t = strings.TrimSpace(strings.Trim(clean(t), "\"“«-–—:;,[]| "))
	if i := strings.LastIndex(t, " ("); i > 30 && utf8.RuneCountInString(t) > 120 && !strings.Contains(strings.TrimRight(t[i:], ".) "), ")") {
		t = t[:i]
	}
	if w := t[strings.LastIndexByte(t, ' ')+1:]; strings.HasSuffix(t, ".") && len(w) > 4 && strings.Count(w, ".") == 1 {
		t = t[:len(t)-1]
	}
	return clip(sentenceCase(t), 200)
}

// sensible says whether the title of a file's metadata reads as the title of a document.
func sensible(t string) bool {
	if utf8.RuneCountInString(t) < 8 || utf8.RuneCountInString(t) > 200 || !strings.Contains(t, " ") || fileLikeRE.MatchString(t) || letterheadRE.MatchString(t) {
		return false
	}
	letters := 0
	for _, r := range t {
		if unicode.IsLetter(r) || r == ' ' {
			letters++
		}
	}
	return letters*10 >= utf8.RuneCountInString(t)*7 && !strings.Contains(t, "_")
}

// regulationTitle is the line of the cover that begins with "Regolamento" or the like, with the lines it runs on to; of
// several, the one that says most.
func (c *classifier) regulationTitle() string {
	best := ""
	for k := 0; k < len(c.head); k++ {
		l := c.head[k]
		if l.mark.kind == SecArticle {
			break
		}
		if !regulationRE.MatchString(l.plain()) || sentenceEnd(l.text) && !l.upper && l.kind != Heading && !strings.HasSuffix(l.text, ".") || k > 0 && c.head[k-1].wraps && !c.head[k-1].upper {
			continue
		}
		if strings.HasSuffix(l.text, ".") && len(strings.Fields(l.text)) > 25 {
			continue
		}
		words := []string{l.plain()}
		for j := k + 1; j < len(c.head) && j <= k+6; j++ {
			next, prev := c.head[j], c.head[j-1]
			full := strings.Join(words, " ")
			if next.mark.kind != "" && next.mark.kind != SecHeading || coverStopRE.MatchString(next.text) || next.kind == Row || next.kind == Item ||
				letterheadRE.MatchString(next.text) && !danglingRE.MatchString(prev.text) || indexTitleRE.MatchString(next.text) || next.page != l.page || len(full) > 230 {
				break
			}
			alone := len(words) == 1 && len(strings.Fields(full)) <= 2 && !sentenceEnd(full)
			if l.kind == Heading && next.kind != Heading || regulationRE.MatchString(next.text) {
				break
			}
			if !(alone || next.upper && prev.upper || danglingRE.MatchString(prev.text) || startsLower(next.text) && !sentenceEnd(prev.text) || prev.wraps) {
				break
			}
			words = append(words, next.plain())
		}
		full := strings.Join(words, " ")
		if i := strings.Index(strings.ToLower(full), " approvat"); i > 12 {
			full = strings.TrimRight(full[:i], " (,-–")
		}
		if n := utf8.RuneCountInString(full); n > utf8.RuneCountInString(best)+10 && n <= 260 && (best == "" || len(strings.Fields(best)) < 6) {
			best = full
		}
	}
	if len(strings.Fields(best)) < 2 {
		return ""
	}
	return best
}

// decreeTitle is the title line of an act of another authority and the object below it.
func (c *classifier) decreeTitle() string {
	for k, l := range c.head {
		if k > 25 || !actTitleRE.MatchString(l.text) {
			continue
		}
		words := []string{l.plain()}
		for j := k + 1; j < len(c.head) && j <= k+4; j++ {
			next := c.head[j]
			if premiseRE.MatchString(next.text) || organRE.MatchString(next.text) || strings.HasPrefix(next.text, "(") {
				break
			}
			words = append(words, next.plain())
			if strings.HasSuffix(next.text, ".") {
				break
			}
		}
		return strings.TrimSuffix(strings.Join(words, " "), ".")
	}
	return ""
}

// onlyArticle names a file that holds one article and nothing but headings of larger parts above it.
func (c *classifier) onlyArticle() string {
	at := c.firstArticle()
	if c.articles() != 1 || !c.s.opens(at) {
		return ""
	}
	m := c.s.lines[at].mark
	return strings.TrimSuffix("Art. "+m.number+" - "+sentenceCase(m.rubric), " - ")
}

// headingTitle is the first heading that the format itself marks as one.
func (c *classifier) headingTitle() string {
	for k, l := range c.head {
		if l.kind == Heading && l.level <= 2 && k < 25 && utf8.RuneCountInString(l.text) >= 4 && !indexTitleRE.MatchString(l.text) {
			t := l.plain()
			if l.mark.kind != "" && l.mark.kind != SecHeading && l.mark.rubric != "" && !strings.Contains(t, l.mark.rubric) {
				t += " " + l.mark.rubric
			}
			return t
		}
	}
	return ""
}

// firstTitleLine is the first line at the head that is not letterhead, with the lines it runs on to; styled: only one in
// capitals, bold or a heading.
func (c *classifier) firstTitleLine(styled bool) string {
	for k, l := range c.head {
		t := l.plain()
		n := utf8.RuneCountInString(t)
		if k > 30 || n < 6 || n > 180 || premiseRE.MatchString(t) || verbLineRE.MatchString(t) || letterheadRE.MatchString(t) || blankRE.MatchString(t) || !hasLetters(t) ||
			l.kind == Row && (l.header != "" || strings.Count(l.text, " | ") > 1) || styled && (l.mark.kind == SecAllegato || !l.upper && !l.bold && l.mark.kind == "") {
			continue
		}
		words := []string{t}
		for j := k + 1; j < len(c.head) && j <= k+3; j++ {
			next, prev := c.head[j], c.head[j-1]
			if next.mark.kind != "" && next.mark.kind != SecAllegato || letterheadRE.MatchString(next.text) || coverStopRE.MatchString(next.text) || next.kind == Row || sentenceEnd(prev.text) || len(strings.Join(words, " ")) > 160 ||
				!(next.upper && prev.upper || next.bold && prev.bold || l.mark.kind == SecArticle && next.rubric) {
				break
			}
			words = append(words, next.plain())
		}
		return strings.Join(words, " ")
	}
	return ""
}

func hasLetters(t string) bool {
	n := 0
	for _, r := range t {
		if unicode.IsLetter(r) {
			n++
		}
	}
	return n >= 4
}
