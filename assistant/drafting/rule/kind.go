package rule

import (
	"regexp"
	"strings"
	"time"
)

// family tells an act by the heading that is first in its first lines.
var families = []struct {
	name    string
	pattern *regexp.Regexp
	traits  []string
}{
	{"delibera", regexp.MustCompile(`(?i)(?:verbale\s+di\s+)?deliberazione\s+(?:n\.?\s*\S+\s+)?(?:originale\s+)?(?:della\s+giunta|di\s+giunta)|delibera\s+di\s+giunta`), []string{"giunta"}},
	{"delibera", regexp.MustCompile(`(?i)(?:verbale\s+di\s+)?deliberazione\s+(?:n\.?\s*\S+\s+)?(?:originale\s+)?(?:del\s+consiglio|di\s+consiglio|del\s+commissario)|delibera\s+di\s+consiglio`), []string{"consiglio"}},
	{"determina", regexp.MustCompile(`(?i)\bdetermina(?:zione)?\b(?:\s+(?:a\s+contrarre|del\s+(?:dirigente|responsabile)|dirigenziale|di\s+\w+|n[.°r]|del\s+settore))`), nil},
	{"ordinanza", regexp.MustCompile(`(?m)^\s*(?:ORDINANZA\b|Ordinanza\s+(?:n\.|sindacale|dirigenziale|contingibile))`), nil},
	{"decreto", regexp.MustCompile(`(?m)^\s*(?:DECRETO\s+(?:DEL\s+SINDACO|SINDACALE)|Decreto\s+(?:del\s+Sindaco|sindacale)\s+(?:n\.|di))`), []string{"sindaco"}},
	{"verbale", regexp.MustCompile(`(?mi)^\s*verbale\s+(?:della?\s+|di\s+)?(?:seduta|gara|adunanza|n\.)`), nil},
	{"avviso", regexp.MustCompile(`(?m)^\s*AVVISO\s+(?:PUBBLICO|DI\s)|^\s*Avviso\s+pubblico\b`), nil},
	{"provvedimento", regexp.MustCompile(`(?m)^\s*PROVVEDIMENTO\s+DI\s+DINIEGO`), []string{"diniego", "istanza"}},
	{"provvedimento", regexp.MustCompile(`(?m)^\s*AUTORIZZAZIONE(?:\s+N\.|\s*$)`), []string{"istanza"}},
}

// traits are told by what a text is about: in its subject, or anywhere.
var traits = []struct {
	name, family string
	zone         string
	pattern      *regexp.Regexp
}{
	{"giunta", "delibera", "", regexp.MustCompile(`(?i)si\s+è\s+riunita\s+la\s+giunta|LA GIUNTA COMUNALE`)},
	{"consiglio", "delibera", "", regexp.MustCompile(`IL CONSIGLIO COMUNALE|(?i)si\s+è\s+riunito\s+il\s+consiglio`)},
	{"spesa", "determina", "dispositivo", regexp.MustCompile(`(?i)\b(?:di\s+)?(?:impegnare|prenotare|assumere\s+(?:l.)?impegno)\b`)},
	{"contratto", "determina", "oggetto", regexp.MustCompile(`(?i)affidament|a\s+contrarre|aggiudicazion|procedura\s+(?:aperta|negoziata)|\bgara\b`)},
	{"affidamento", "determina", "oggetto", regexp.MustCompile(`(?i)affidamento\s+diretto`)},
	{"in_house", "determina", "", regexp.MustCompile(`(?i)\bin\s+house\b`)},
	{"prenotazione", "determina", "dispositivo", regexp.MustCompile(`(?i)\bprenotare\b`)},
	{"liquidazione", "determina", "oggetto", regexp.MustCompile(`(?i)liquidazione`)},
	{"investimento", "", "oggetto", regexp.MustCompile(`(?i)\bCUP\b|opera\s+pubblica|lavori\s+di\s+(?:realizzazione|costruzione|ristrutturazione|riqualificazione|manutenzione\s+straordinaria)`)},
	{"eseguibile", "delibera", "", regexp.MustCompile(`(?i)immediatamente\s+eseguibile`)},
	{"effetti", "delibera", "oggetto", regexp.MustCompile(`(?i)bilancio|contribut|tariff|aliquot|spesa|canone|variazione|tribut`)},
	{"regolamento", "delibera", "oggetto", regexp.MustCompile(`(?i)approvazione\s+(?:del\s+)?(?:nuovo\s+)?regolamento`)},
	{"traffico", "ordinanza", "", regexp.MustCompile(`(?i)circolazione|divieto\s+di\s+(?:sosta|transito)|senso\s+unico`)},
	{"art54", "ordinanza", "", regexp.MustCompile(`(?i)art\.?\s*54\b`)},
	{"art50", "ordinanza", "", regexp.MustCompile(`(?i)art\.?\s*50\b`)},
	{"sindaco", "ordinanza", "", regexp.MustCompile(`(?m)^\s*(?:#\s*)?IL\s+SINDACO\b`)},
	{"nomina", "decreto", "", regexp.MustCompile(`(?i)nomina`)},
	{"giunta", "verbale", "", regexp.MustCompile(`(?i)seduta\s+della\s+giunta|riunita\s+la\s+giunta`)},
	{"consiglio", "verbale", "", regexp.MustCompile(`(?i)seduta\s+del\s+consiglio|riunito\s+il\s+consiglio`)},
	{"gara", "verbale", "", regexp.MustCompile(`(?i)verbale\s+di\s+gara|offert[ae]\s+(?:economic|ricevut|pervenut)`)},
}

// firstLines is how much of a text is looked at for its heading, in bytes.
const firstLines = 1800

// Tell fills in the family and traits of a text that was written elsewhere. What it cannot tell stays empty: only the rules for all
// acts are then applied.
func Tell(a *Act) {
	if a.Day == "" {
		a.Day = latestDay(a.Text)
	}
	head := a.Text[:min(len(a.Text), firstLines)]
	if a.Family == "" {
		at := len(head) + 1
		for _, f := range families {
			if m := f.pattern.FindStringIndex(head); m != nil && m[0] < at {
				at = m[0]
				a.Family, a.Traits = f.name, append([]string{}, f.traits...)
			}
		}
	}
	for _, t := range traits {
		start, end := a.zone(t.zone)
		if (t.family == "" || t.family == a.Family) && !a.is(t.name) && a.Family != "" && t.pattern.MatchString(a.Text[start:end]) {
			a.Traits = append(a.Traits, t.name)
		}
	}
	if a.Family == "delibera" && a.is("giunta") && a.is("consiglio") { // a proposal names both: the heading decides
		keep := "giunta"
		if i, j := strings.Index(strings.ToLower(head), "consiglio comunale"), strings.Index(strings.ToLower(head), "giunta comunale"); i >= 0 && (j < 0 || i < j) {
			keep = "consiglio"
		}
		var left []string
		for _, t := range a.Traits {
			if t != "giunta" && t != "consiglio" || t == keep {
				left = append(left, t)
			}
		}
		a.Traits = left
	}
}

// latestDay gives the last day that a text names before tomorrow, which is about when it was written; "" when it names none. Terms and
// durations lie ahead of an act, so that the day may be late: never by so much that a norm of today is asked of an old act.
func latestDay(text string) string {
	today := time.Now().Format(time.DateOnly)
	last := ""
	for _, m := range anyDay.FindAllStringSubmatchIndex(text, -1) {
		if d, ok := readDay(text, m, 1); ok {
			if s := d.Format(time.DateOnly); s <= today && s > last {
				last = s
			}
		}
	}
	return last
}
