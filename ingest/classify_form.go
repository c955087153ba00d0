package ingest

import (
	"regexp"
	"strings"
)

var (
	signerRE    = regexp.MustCompile(`(?i)\b(?:(?:il|la|l|lo|le|i)\s*/?\s*(?:la|le|lla)?\s*)?_{0,3}\s?sottoscritt(?:[oaie]|_+|\b)`)
	blankRE     = regexp.MustCompile(`_{3,}|\.{5,}|…{2,}|(?:\. ){5,}|‗{3,}|-{6,}`)
	boxRE       = regexp.MustCompile(`[☐□❏❑▢☑☒◻⬜]|\[\s?\]|\(\s{1,3}\)|^[oq]\s\|?\s?\p{L}`)
	personRE    = regexp.MustCompile(`(?i)\bnat[oa](?:\s*/\s*[ao])?\b|\bresidente\b|\bcodice fiscale\b|\bc\.\s?f\.|\bdata di nascita\b|\bcognome\b`)
	signatureRE = regexp.MustCompile(`(?i)\b(?:in fede|firma(?:\s+(?:leggibile|del|della|autografa|digitale))?|il\s*/?\s*(?:la)?\s*(?:richiedente|dichiarante)|luogo e data|data\s+_|lì[\s,_.…]|timbro e firma)`)
	recipientRE = regexp.MustCompile(`(?i)^(?:al(?:la|l['’]|lo)?|ai|agli|all['’])\s+(?:sig(?:nor)?\.?\s+|spett\.?(?:le)?\s+)?(?:sindaco|comune|dirigente|responsabile|comando|settore|ufficio|servizio|segretari|presidente|prefett|giudice|sportello|suap|sue\b|corpo|polizia|direttore|commissione|questur|organismo|protocollo|tribunale|agenzia|ente|concessionari|gestore)|^spett(?:\.?\s?le|abile)?\.?\b`)
)

// formScore adds up the signs of a form to be filled in: who signs, blanks, boxes, the verb alone on its line, fillable fields.
func (c *classifier) formScore() int {
	blanks, boxes, persons, verbs, firma, signers, recipients := 0, 0, 0, 0, 0, 0, 0
	for i := range c.s.lines[:min(len(c.s.lines), 600)] {
		t := c.s.lines[i].text
		blanks += min(len(blankRE.FindAllStringIndex(t, -1)), 4)
		boxes += len(boxRE.FindAllStringIndex(t, 4))
		persons += len(personRE.FindAllStringIndex(t, 4))
		if operativeVerb.MatchString(strings.TrimSpace(t)) {
			verbs++
		}
		if signatureRE.MatchString(t) && len(t) < 160 {
			firma++
		}
		if i < 120 && signerRE.MatchString(t) {
			signers++
		}
		if i < 40 && recipientRE.MatchString(t) {
			recipients++
		}
	}
	score := min(signers, 1)*3 + min(verbs, 1)*2 + min(firma, 1) + min(recipients, 1)
	switch {
	case blanks >= 8:
		score += 3
	case blanks >= 4:
		score += 2
	}
	if boxes >= 3 {
		score++
	}
	if persons >= 2 {
		score++
	}
	switch {
	case len(c.p.Fields) >= 8:
		score += 4
	case len(c.p.Fields) >= 3:
		score += 3
	}
	// a long text with a form at its end is not a form
	words := len(strings.Fields(c.d.Text))
	if words > 4000 && blanks*60 < words {
		score -= 4
	}
	return score
}
