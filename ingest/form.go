package ingest

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

var (
	attachRE     = regexp.MustCompile(`(?i)^(?:(?:si )?alleg(?:a|ano|ati|ato|are|ando)\b|in allegato|da allegare|documenti? (?:da |necessari |allegati|richiesti)|documentazione (?:da |necessaria|allegata|richiesta|obbligatoria)|a tal fine[, ]+(?:si )?allega|alla presente (?:si )?allega|si (?:allega|richiede di allegare)|allega alla presente)`)
	attachInline = regexp.MustCompile(`(?i)\((?:da )?allegare [^)]{3,80}\)|\b(?:da allegare|allegare|si allega(?:no)?|allega(?:no|ndo)?|allegando)\b\s*:?\s*([^.;:]{6,160})`)
	qualityRE    = regexp.MustCompile(`(?i)\bin qualità di\b\s*:?\s*(.*)$`)
	verbLineRE   = regexp.MustCompile(`(?i)^(?:chiede|c h i e d e|richiede|comunica|dichiara|espone|segnala|ricorre|delega|fa istanza)\b`)
	labelRE      = regexp.MustCompile(`([\p{L}][\p{L}0-9 .'’/()°-]{1,60}?)\s*:?\s*(?:_{3,}|\.{5,}|…{2,}|‗{3,})`)
)

const maxFields, maxAttachments = 40, 20

// form gathers what a citizen wants to know about a form before filling it in.
func (c *classifier) form() *Form {
	return &Form{
		Purpose:     c.purpose(),
		Who:         c.who(),
		Recipient:   c.recipient(),
		Attachments: c.attachments(),
		Fields:      c.fields(),
	}
}

// purpose is the object, when it says more than the title does; else the title.
func (c *classifier) purpose() string {
	if o := strings.TrimSuffix(c.object(), "."); o != "" && utf8.RuneCountInString(o) <= 300 {
		return sentenceCase(o)
	}
	return c.d.Title
}

// who says in what quality the signer acts, from "in qualità di…" and the choices below it; else that a signer is named.
func (c *classifier) who() string {
	for i := range c.s.lines {
		m := qualityRE.FindStringSubmatch(c.s.lines[i].text)
		if m == nil {
			continue
		}
		var who []string
		if t := unblank(m[1]); hasLetters(t) {
			who = append(who, t)
		}
		for j := i + 1; j < len(c.s.lines) && j <= i+8 && len(who) < 6; j++ {
			t, box := unboxed(c.s.lines[j].plain())
			if !box {
				break
			}
			if t = unblank(t); hasLetters(t) && utf8.RuneCountInString(t) < 120 {
				who = append(who, t)
			}
		}
		if len(who) > 0 {
			return clip(strings.Join(who, "; "), 300)
		}
	}
	return ""
}

// recipient is the line "Al Sindaco…", "Spett.le…" with the lines of the address block that name an office.
func (c *classifier) recipient() string {
	for k, l := range c.head {
		t := l.plain()
		if k > 40 || signerRE.MatchString(t) {
			break
		}
		if !recipientRE.MatchString(t) || utf8.RuneCountInString(t) > 120 || blankRE.MatchString(t) {
			continue
		}
		words := []string{t}
		for j := k + 1; j < len(c.head) && j <= k+3; j++ {
			u := c.head[j].plain()
			if !officeRE.MatchString(u) && !(j == k+1 && len(strings.Fields(t)) == 1) || utf8.RuneCountInString(u) > 80 || blankRE.MatchString(u) {
				break
			}
			words = append(words, u)
		}
		return clip(strings.Join(words, " "), 160)
	}
	return ""
}

var officeRE = regexp.MustCompile(`(?i)^(?:[-–]\s*)?(?:del(?:la)?\s+)?(?:comune|settore|servizio|ufficio|area|sindaco|dirigente|polizia|lavori pubblici|e gestione|città|sportello|unione|citt)\b`)

// attachments lists what to add, as printed: the list under "si allega" and what is said in passing.
func (c *classifier) attachments() []string {
	var out []string
	seen := map[string]bool{}
	add := func(t string) {
		t = strings.Trim(unblank(t), " ;,.:-–•")
		key := strings.ToLower(t)
		if n := utf8.RuneCountInString(t); n < 5 || n > 300 || seen[key] || len(out) >= maxAttachments || !hasLetters(t) {
			return
		}
		seen[key] = true
		out = append(out, t)
	}
	for i := 0; i < len(c.s.lines); i++ {
		t, _ := unboxed(c.s.lines[i].plain())
		at := attachRE.FindStringIndex(t)
		if at == nil {
			for _, m := range attachInline.FindAllStringSubmatch(t, 3) {
				add(strings.Trim(m[0], "()"))
			}
			continue
		}
		if rest := strings.Trim(t[at[1]:], " :.-–(*)"); utf8.RuneCountInString(rest) > 20 && !strings.HasSuffix(t, ":") {
			add(t)
		}
		taken := 0
		for j := i + 1; j < len(c.s.lines) && j <= i+15; j++ {
			l := &c.s.lines[j]
			u, box := unboxed(l.plain())
			if l.mark.kind == SecArticle || verbLineRE.MatchString(strings.TrimLeft(u, "•- ")) || signatureRE.MatchString(u) || operativeVerb.MatchString(u) || attachRE.MatchString(u) && !box {
				break
			}
			if !box && !listStartRE.MatchString(u) && l.kind != Item {
				if taken == 0 && strings.HasSuffix(t, ":") && utf8.RuneCountInString(u) < 160 && hasLetters(u) {
					add(u)
					taken++
					continue
				}
				break
			}
			add(listStartRE.ReplaceAllString(u, ""))
			taken++
			i = j
		}
	}
	return out
}

// fields are the names of the fillable fields and the labels before blanks.
func (c *classifier) fields() []string {
	var out []string
	seen := map[string]bool{}
	add := func(t string) {
		t = strings.Trim(clean(t), " :;,.-–()/")
		key := strings.ToLower(t)
		if n := utf8.RuneCountInString(t); n < 3 || n > 60 || seen[key] || len(out) >= maxFields || !hasLetters(t) || unnamedRE.MatchString(t) {
			return
		}
		seen[key] = true
		out = append(out, t)
	}
	for i := range c.s.lines {
		for _, m := range labelRE.FindAllStringSubmatch(c.s.lines[i].plain(), -1) {
			add(m[1])
		}
	}
	for _, f := range c.p.Fields {
		if f.Type != "button" && strings.Contains(f.Name, " ") && !unnamedRE.MatchString(f.Name) {
			add(f.Name)
		}
	}
	return out
}

// unnamedRE matches the names that programs give to fields nobody named, and the signer's own line.
var unnamedRE = regexp.MustCompile(`(?i)^(?:casella di|campo (?:di )?testo|testo\s?\d|text ?field|text ?box|check ?box|pulsante|button|undefined|fill|gruppo|group|pulsanti|elenco|untitled|reset|stampa)|sottoscritt|^(?:il|la|i|del|di|a)$`)

// unblank drops the blanks to be filled in.
func unblank(t string) string { return clean(blankRE.ReplaceAllString(t, " ")) }

var boxStartRE = regexp.MustCompile(`^(?:[☐□❏❑▢☑☒◻⬜•▪-]|\[\s?\]|\(\s{0,3}\)|[oq]\s\|?)\s*\|?\s*`)

// unboxed takes the box or bullet off the start of a choice.
func unboxed(t string) (string, bool) {
	if at := boxStartRE.FindStringIndex(t); at != nil && at[1] > 0 {
		return t[at[1]:], true
	}
	return t, false
}

// lead is what is indexed with the first part of a form: its purpose, who fills it in and what to attach, as printed,
// without what that part says itself.
func (f *Form) lead(shown string) string {
	var out []string
	shown = strings.ToLower(shown)
	for _, t := range append([]string{f.Purpose, f.Who}, f.Attachments...) {
		if t != "" && !strings.Contains(shown, strings.ToLower(strings.TrimSuffix(t, "…"))) {
			out = append(out, t)
		}
	}
	return strings.Join(out, "\n")
}
