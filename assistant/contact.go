package assistant

import (
	"context"
	"fmt"
	"regexp"
	"sort"
	"strings"
	"unicode"

	"sportello/assistant/lexicon"
)

// AnyContact gives whom to turn to when no office is the right one: the administration itself, else the first office, which is the one a
// comune puts first; nobody when there are none.
func AnyContact(offices []Contact) []Contact {
	if n := len(offices); n > 0 && offices[n-1].General {
		return offices[n-1:]
	}
	return offices[:min(1, len(offices))]
}

// noOffice says whether the list names no office: it is empty, or there is only the administration itself.
func noOffice(offices []Contact) bool { return len(offices) == 0 || offices[0].General }

// contactsFor chooses whom to turn to: the offices whose subjects are those of the question or of what was found. Without
// such an office in the list, the office that the passages themselves name, with the administration where it can be reached;
// without that, see AnyContact.
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
		if o.General {
			continue
		}
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
		chosen = withGeneral(namedOffices(passages), offices)
	}
	if len(chosen) == 0 {
		chosen = AnyContact(offices)
	}
	return chosen
}

// withGeneral adds the administration, when it said how it is reached, to offices of which only the name is known.
func withGeneral(named, offices []Contact) []Contact {
	if any := AnyContact(offices); len(named) > 0 && len(any) > 0 && any[0].General {
		return append(named, any[0])
	}
	return named
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

// officeSubject is an office by the subjects that are usually its own.
type officeSubject struct {
	subject, name *regexp.Regexp // against folded text
	search        string         // what its name is looked for with
}

// readOffices reads screen/offices.txt.
func readOffices() ([]officeSubject, error) {
	var list []officeSubject
	err := eachScreenLine("screen/offices.txt", func(line string) error {
		parts := strings.Split(line, " = ")
		if len(parts) != 3 {
			return fmt.Errorf("want SUBJECT = OFFICE = SEARCH")
		}
		subject, err := regexp.Compile(beyondASCII.ReplaceAllStringFunc(parts[0], lexicon.Fold))
		if err != nil {
			return err
		}
		name, err := regexp.Compile(`\b(?:` + parts[1] + `)`)
		list = append(list, officeSubject{subject, name, parts[2]})
		return err
	})
	return list, err
}

// officesFor gives the offices that are usually competent for a question, the most likely first: those whose subjects it names, then
// those of the titles of what was found for it.
func (a *Asker) officesFor(question string, passages []Passage) []officeSubject {
	titles := ""
	for _, p := range passages[:min(3, len(passages))] {
		titles += lexicon.Fold(p.Title) + "\n"
	}
	question = lexicon.Fold(question)
	score := map[string]int{}
	var list []officeSubject
	for _, o := range a.offices {
		found := map[string]bool{}
		for _, word := range o.subject.FindAllString(question, -1) {
			found[word] = true
		}
		n := 3*len(found) + min(2, len(o.subject.FindAllString(titles, -1)))
		if n > 0 {
			score[o.search] = n
			list = append(list, o)
		}
	}
	sort.SliceStable(list, func(i, j int) bool { return score[list[i].search] > score[list[j].search] })
	for i, o := range list {
		if i > 0 && score[o.search] < 3 && score[list[0].search] >= 3 {
			return list[:i] // a title says less than the question
		}
	}
	return list
}

// competent gives the offices for a question that the documents name: first in what was found for it, then in what is found for the
// name of the office. Nothing, when the documents name none.
func (a *Asker) competent(ctx context.Context, q Question, passages []Passage) []Contact {
	likely := a.officesFor(q.Text, passages)
	likely = likely[:min(2, len(likely))]
	var contacts []Contact
	for _, o := range likely {
		name := o.named(passages)
		if name == "" {
			ask := q
			ask.Text, ask.Language, ask.After = o.search, "it", nil
			found, _, err := a.Retriever.Retrieve(ctx, ask)
			if err != nil {
				a.Log.Warn("the office competent for a question could not be looked for", "error", err)
				return contacts
			}
			name = o.named(found)
		}
		if name != "" {
			contacts = append(contacts, Contact{Office: name})
		}
	}
	return contacts
}

// named gives the office's name as most of the passages write it, "" when none does; in each passage the longest of its names counts.
func (o officeSubject) named(passages []Passage) string {
	count := map[string]int{}
	chosen := ""
	for _, p := range passages {
		name := o.longest(p.Text)
		if name == "" {
			continue
		}
		if count[lexicon.Fold(name)]++; chosen == "" || count[lexicon.Fold(name)] > count[lexicon.Fold(chosen)] {
			chosen = name
		}
	}
	if chosen == "" {
		return ""
	}
	r := []rune(chosen)
	return strings.ToUpper(string(r[:1])) + string(r[1:])
}

func (o officeSubject) longest(text string) string {
	best := ""
	for line := range strings.Lines(text) {
		line = strings.Join(strings.Fields(line), " ")
		written, folded := []rune(line), lexicon.Fold(line)
		if len([]rune(folded)) != len(written) {
			continue // a letter became two: the places differ
		}
		for _, at := range o.name.FindAllStringIndex(folded, -1) {
			from, to := len([]rune(folded[:at[0]])), len([]rune(folded[:at[1]]))
			if name := string(written[from:to]); len(name) > len(best) && wholeWord(written, to) {
				best = strings.TrimSpace(name)
			}
		}
	}
	return best
}

func wholeWord(text []rune, end int) bool {
	return end >= len(text) || !unicode.IsLetter(text[end])
}
