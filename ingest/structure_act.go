package ingest

import (
	"regexp"
	"strings"
)

// act is a resolution, a manager's decision or an order found in the file.
type act struct {
	from      int // its title
	operative int // the line "DELIBERA", "DETERMINA"…; -1 when there is none
	to        int // exclusive: the next act, or where its annexes begin
}

var (
	actTitleRE = regexp.MustCompile(`(?i)^(?:copia\s+(?:conforme\s+)?(?:di\s+)?|estratto\s+(?:di\s+|dal\s+)?|originale\s+|proposta\s+(?:di\s+)?|verbale\s+(?:di\s+)?|atto\s+(?:di\s+)?|registro\s+(?:delle\s+)?)*(?:deliberazion[ei]|delibera|determinazion[ei]|determina|ordinanza|decreto)\b`)
	premiseRE  = regexp.MustCompile(`(?i)^(?:[-–•−]\s*)?(?:vist[aoei]|richiamat[aoei]|premess[aoei]|considerat[aoei]|dato atto|ritenut[aoei]|preso atto|attes[aoei]|acquisit[aoei]|rilevat[aoei]|tenuto conto|sentit[aoei]|accertat[aoei]|verificat[aoei])\b`)
	organRE    = regexp.MustCompile(`(?i)^(?:il consiglio|la giunta|il dirigente|il responsabile|il sindaco|il commissario|il direttore|il segretario|la responsabile|la dirigente|l['’]assemblea|il ministro|il presidente|il comandante)\b`)
	objectRE   = regexp.MustCompile(`(?i)^ogg(?:etto)?\s*[:.]`)
	// the formula that closes an act
	closingRE = regexp.MustCompile(`(?i)^(?:il presente verbale viene|letto,? (?:approvato|confermato)|(?:del che|di quanto sopra) (?:si è redatto|il presente))`)
	orders    = map[string]bool{"delibera": true, "determina": true, "ordina": true, "decreta": true, "dispone": true, "propone": true}
)

// findActs finds where resolutions begin: a title such as "Verbale di deliberazione…" followed by an object or an organ
// and by at least two premises ("Visto…", "Premesso…").
func (s *scan) findActs() {
	for i := 0; i < len(s.lines); i++ {
		l := &s.lines[i]
		if len(l.text) > 160 || !actTitleRE.MatchString(l.plain()) || !startsUpper(l.text) || i > 0 && (s.lines[i-1].wraps && !l.upper && startsLower(s.lines[i-1].text)) {
			continue
		}
		if strings.HasSuffix(l.text, ".") && !l.upper || s.isOrder(i) {
			continue
		}
		named, premises, j := false, 0, i+1
		for ; j < len(s.lines) && j < i+150 && premises < 2; j++ {
			t := s.lines[j].plain()
			if j < i+90 && (objectRE.MatchString(t) || organRE.MatchString(t) && len(t) < 90) {
				named = true
			}
			if premiseRE.MatchString(t) {
				premises++
			}
		}
		if !named || premises < 2 {
			continue
		}
		a := act{from: i, operative: -1, to: len(s.lines)}
		s.acts = append(s.acts, a)
		i = j
	}
	if len(s.acts) > 0 && s.acts[0].from <= 15 {
		s.acts[0].from = 0 // the comune's name and emblem above the title
	}
	for k := range s.acts {
		a := &s.acts[k]
		if k+1 < len(s.acts) {
			a.to = s.acts[k+1].from
		}
		for j := a.from + 1; j < a.to; j++ {
			if a.operative < 0 && s.isOrder(j) {
				a.operative = j
			}
		}
	}
}

// isOrder says whether a line is the verb that opens the operative part, alone on its line: "DELIBERA", "D E T E R M I N A".
func (s *scan) isOrder(i int) bool {
	t := s.lines[i].plain()
	if len(t) > 40 || !startsUpper(t) {
		return false
	}
	t = strings.ToLower(strings.Trim(t, " :.–-"))
	if orders[t] || t == "delibera di" || t == "si delibera" || t == "determina di" || t == "ordina di" {
		return true
	}
	squeezed := strings.ReplaceAll(t, " ", "")
	return strings.Contains(t, " ") && len(t) >= 2*len(squeezed)-1 && orders[squeezed]
}

// inAct says whether a line lies in a resolution.
func (s *scan) inAct(i int) bool {
	for _, a := range s.acts {
		if i >= a.from && i < a.to {
			return true
		}
	}
	return false
}

// newAct says whether a resolution begins between two lines.
func (s *scan) newAct(a, b int) bool {
	for _, x := range s.acts {
		if x.from > a && x.from <= b {
			return true
		}
	}
	return false
}

// The title of what a resolution approves.
var attachedRE = regexp.MustCompile(`^(?i:regolamento|statuto|disciplinare|capitolato|convenzione|schema|bando|testo|linee guida|carta)\b`)
