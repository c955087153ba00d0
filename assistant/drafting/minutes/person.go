package minutes

import (
	"strconv"
	"strings"

	"sportello/assistant/lexicon"
)

func itoa(n int) string { return strconv.Itoa(n) }

// fold makes names comparable: no accents, no capitals, single spaces.
func fold(s string) string {
	return strings.Join(strings.Fields(lexicon.Fold(strings.NewReplacer("’", "'", "'", " ").Replace(s))), " ")
}

// Styled is a member with office and article, as a verbale speaks of them: "la Consigliera Lia Dalmasso".
func (m Member) Styled() string {
	if m.Office == "" {
		return m.Name
	}
	return article(m.Office) + m.Office + " " + m.Name
}

// article gives the article that stands before an office, with its space.
func article(office string) string {
	w := fold(office)
	first, _, _ := strings.Cut(w, " ")
	switch {
	case w == "":
		return ""
	case strings.ContainsRune("aeiou", rune(w[0])):
		return "l'"
	case strings.HasSuffix(first, "a"):
		return "la "
	}
	return "il "
}

// capital makes the first letter a capital.
func capital(s string) string {
	if s == "" {
		return s
	}
	r := []rune(s)
	return strings.ToUpper(string(r[0])) + string(r[1:])
}

// Member finds who a word means: a whole name, a surname, a beginning of it, or an office that only one holds. It gives the index, or -1
// with those it may mean.
func (s *Session) Member(word string) (int, []string) {
	w := fold(strings.TrimSpace(word))
	for _, article := range []string{"la ", "il ", "l ", "lo "} {
		w = strings.TrimPrefix(w, article)
	}
	if w == "" {
		return -1, nil
	}
	for _, fits := range []func(m Member) bool{
		func(m Member) bool {
			return fold(m.Name) == w || fold(m.Office+" "+m.Name) == w || reversed(fold(m.Name)) == w
		},
		func(m Member) bool { return surname(m.Name) == w || fold(m.Office)+" "+surname(m.Name) == w },
		func(m Member) bool {
			return m.Office != "" && (fold(m.Office) == w || gender(fold(m.Office)) == gender(w))
		},
		func(m Member) bool { // a part of the name, or a surname with an initial: "Bruno D."
			parts := strings.Fields(fold(m.Name))
			for _, x := range strings.Fields(strings.ReplaceAll(w, ".", "")) {
				found := false
				for _, p := range parts {
					found = found || p == x || len(x) == 1 && strings.HasPrefix(p, x)
				}
				if !found {
					return false
				}
			}
			return true
		},
		func(m Member) bool { return len(w) >= 3 && strings.HasPrefix(surname(m.Name), w) },
	} {
		at, names := -1, []string(nil)
		for i, m := range s.Members {
			if fits(m) {
				at, names = i, append(names, m.Name)
			}
		}
		if len(names) == 1 {
			return at, nil
		}
		if len(names) > 1 {
			return -1, names
		}
	}
	return -1, nil
}

// surname is the last word of a name, with the small words that belong to it: "de Luca", "Lo Presti".
func surname(name string) string {
	parts := strings.Fields(fold(name))
	if len(parts) == 0 {
		return ""
	}
	at := len(parts) - 1
	for at > 1 && particles[parts[at-1]] {
		at--
	}
	return strings.Join(parts[at:], " ")
}

var particles = map[string]bool{"de": true, "di": true, "del": true, "della": true, "dalla": true, "dal": true, "la": true, "lo": true, "li": true, "d": true, "van": true, "von": true}

func reversed(name string) string {
	parts := strings.Fields(name)
	if len(parts) < 2 {
		return name
	}
	last := surname(name)
	return last + " " + strings.TrimSpace(strings.TrimSuffix(name, last))
}

// gender takes the ending from an office, so that "sindaco" finds the Sindaca.
func gender(w string) string { return strings.TrimRight(w, "aoei") }
