package assistant

import (
	"regexp"
	"sort"
	"strings"

	"sportello/assistant/lexicon"
)

// contactsFor chooses whom to turn to: the offices whose subjects are those of the question or of what was found. Without
// such an office in the list, the office that the passages themselves name; without that, the first office of the list,
// which is the one a comune puts first.
func contactsFor(offices []Contact, s sought, passages []Passage) []Contact {
	words := map[string]bool{}
	for _, t := range s.terms {
		words[t.Text] = true
	}
	about := map[string]bool{}
	for _, p := range passages[:min(2, len(passages))] {
		for _, t := range lexicon.Analyze(p.Title) {
			about[t] = true
		}
	}
	type ranked struct {
		Contact
		score float64
	}
	var list []ranked
	for _, o := range offices {
		r := ranked{Contact: o}
		for _, t := range lexicon.Analyze(o.Office + " " + strings.Join(o.Subjects, " ")) {
			if words[t] {
				r.score += 2
			} else if about[t] {
				r.score++
			}
		}
		if r.score > 0 {
			list = append(list, r)
		}
	}
	sort.SliceStable(list, func(i, j int) bool { return list[i].score > list[j].score })
	var chosen []Contact
	for _, r := range list[:min(2, len(list))] {
		chosen = append(chosen, r.Contact)
	}
	if len(chosen) == 0 {
		chosen = namedOffices(passages)
	}
	if len(chosen) == 0 && len(offices) > 0 {
		chosen = offices[:1]
	}
	return chosen
}

// officeName finds an office as documents name it: "Ufficio Tributi", "Comando di Polizia Locale", "Sportello Unico per l'Edilizia".
var officeName = regexp.MustCompile(`\b(?:Ufficio|UFFICIO|Servizio|SERVIZIO|Servizi|SERVIZI|Settore|SETTORE|Sportello|SPORTELLO|Comando|COMANDO|Organismo|ORGANISMO|Polizia|POLIZIA|Anagrafe)` +
	`(?:[ \t]+(?:\p{Lu}[\p{L}'’]+|d[ei]|del|della|delle|dei|degli|per|l['’]\p{Lu}\p{L}+|dell['’]\p{Lu}\p{L}+|e))*[ \t]+\p{Lu}[\p{L}'’]+`)

// namedOffices gives the two offices that the best passages name most.
func namedOffices(passages []Passage) []Contact {
	count := map[string]int{}
	var names []string
	for i, p := range passages[:min(10, len(passages))] {
		for _, name := range officeName.FindAllString(p.Text, -1) {
			name = strings.Join(strings.Fields(name), " ")
			if count[name] == 0 {
				names = append(names, name)
			}
			count[name] += 10 - i
		}
	}
	sort.SliceStable(names, func(i, j int) bool { return count[names[i]] > count[names[j]] })
	var contacts []Contact
	for _, name := range names[:min(2, len(names))] {
		contacts = append(contacts, Contact{Office: name})
	}
	return contacts
}
