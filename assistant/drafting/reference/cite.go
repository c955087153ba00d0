package reference

import (
	"strconv"
	"strings"

	"sportello/assistant/lexicon"
)

var months = strings.Fields("gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre")

// Day writes an ISO date as an act does: "18 agosto 2000", "1° marzo 2021". What is no ISO date comes back as it is.
func Day(iso string) string {
	if len(iso) != 10 {
		return iso
	}
	m, err1 := strconv.Atoi(iso[5:7])
	d, err2 := strconv.Atoi(iso[8:])
	if err1 != nil || err2 != nil || m < 1 || m > 12 {
		return iso
	}
	day := strconv.Itoa(d)
	if d == 1 {
		day = "1°"
	}
	return day + " " + months[m-1] + " " + iso[:4]
}

var full = map[string]string{
	"dlgs": "decreto legislativo", "l": "legge", "dl": "decreto-legge", "dpr": "decreto del Presidente della Repubblica", "dpcm": "decreto del Presidente del Consiglio dei ministri",
	"dm": "decreto ministeriale", "rd": "regio decreto", "lr": "legge regionale", "legge costituzionale": "legge costituzionale", "delibera": "deliberazione", "determina": "determinazione",
	"ordinanza": "ordinanza", "decreto": "decreto", "circolare": "circolare", "sentenza": "sentenza", "codice civile": "codice civile", "codice penale": "codice penale",
	"cpc": "codice di procedura civile", "cpp": "codice di procedura penale", "costituzione": "Costituzione", "ccnl": "contratto collettivo nazionale di lavoro", "dgr": "deliberazione della Giunta regionale",
}

var short = map[string]string{
	"dlgs": "d.lgs.", "l": "l.", "dl": "d.l.", "dpr": "d.P.R.", "dpcm": "d.P.C.M.", "dm": "d.m.", "rd": "r.d.", "lr": "l.r.", "legge costituzionale": "l. cost.", "dgr": "d.g.r.",
}

var bodies = map[string]string{"cc": " del Consiglio comunale", "gc": " della Giunta comunale", "sindaco": " sindacale", "dirigente": " dirigenziale"}

// Cite writes a reference in the official style: the first time "decreto legislativo 18 agosto 2000, n. 267", then
// "d.lgs. n. 267/2000"; parts before it as "art. 7, comma 2, lettera a)". norms fills in the day and may be nil.
func Cite(r lexicon.Reference, first bool, norms *Norms) string {
	part, act := Part(r), Act(r, first, norms)
	switch {
	case part == "":
		return act
	case act == "":
		return part
	}
	return part + " " + of(act) + act
}

// Part writes the article, comma and letter of a reference: "art. 7, comma 2, lettera a), numero 3)".
func Part(r lexicon.Reference) string {
	var parts []string
	if r.Article != "" {
		parts = append(parts, "art. "+r.Article)
	}
	if r.Comma != "" {
		word := "comma "
		if strings.HasSuffix(r.Act, " ue") {
			word = "paragrafo "
		}
		parts = append(parts, word+r.Comma)
	}
	if r.Letter != "" {
		parts = append(parts, "lettera "+r.Letter+")")
	}
	if r.Item != "" {
		parts = append(parts, "numero "+r.Item+")")
	}
	return strings.Join(parts, ", ")
}

// Act writes the act of a reference alone.
func Act(r lexicon.Reference, first bool, norms *Norms) string {
	date := r.Date
	if norms != nil && date == "" {
		if n := norms.Find(r); n != nil {
			date = n.Date
		}
	}
	switch r.Act {
	case "":
		return ""
	case "regolamento ue":
		return "regolamento (UE) " + r.Year + "/" + r.Number
	case "direttiva ue":
		return "direttiva " + r.Year + "/" + r.Number + "/UE"
	case "delibera", "determina", "ordinanza", "decreto", "circolare", "sentenza":
		s := full[r.Act] + bodies[r.Body]
		if r.Number != "" {
			s += " n. " + r.Number
		}
		switch {
		case date != "":
			s += " del " + Day(date)
		case r.Year != "":
			s += "/" + r.Year
		}
		return s
	}
	if r.Number == "" && r.Year == "" {
		return full[r.Act]
	}
	if name := short[r.Act]; name != "" && !first || date == "" {
		if first || name == "" {
			name = full[r.Act]
		}
		if name == "" {
			name = r.Act
		}
		s := name
		if r.Number != "" {
			s += " n. " + r.Number
			if r.Year != "" {
				s += "/" + r.Year
			}
		}
		return s
	}
	name := full[r.Act]
	if name == "" {
		name = r.Act
	}
	s := name + " " + Day(date)
	if r.Number != "" {
		s += ", n. " + r.Number
	}
	return s
}

// of gives the preposition before an act: "del ", "della ", "dell'".
func of(act string) string {
	lower := strings.ToLower(act)
	switch {
	case strings.HasPrefix(lower, "o"):
		return "dell'"
	case strings.HasPrefix(lower, "l") || strings.HasPrefix(lower, "deliberazione") || strings.HasPrefix(lower, "determinazione") || strings.HasPrefix(lower, "direttiva") ||
		strings.HasPrefix(lower, "costituzione") || strings.HasPrefix(lower, "circolare") || strings.HasPrefix(lower, "sentenza"):
		return "della "
	}
	return "del "
}
