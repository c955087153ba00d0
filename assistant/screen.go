package assistant

import (
	"bufio"
	_ "embed"
	"fmt"
	"regexp"
	"strings"

	"sportello/assistant/lexicon"
)

//go:embed screen/rules.txt
var screenRules string

// screenOrder is which reason wins when several match.
var screenOrder = []Reason{Emergency, Unsafe, OutOfScope, PersonalDecision}

// Screen tells what a question is, apart from its subject, by the rules of screen/rules.txt. It reads no document.
type Screen struct {
	rules  map[Reason][]*regexp.Regexp
	comuni *lexicon.Gazetteer
}

// NewScreen compiles the rules; a bad one stops with its line.
func NewScreen() (*Screen, error) {
	s := &Screen{rules: map[Reason][]*regexp.Regexp{}, comuni: lexicon.Comuni()}
	lines := bufio.NewScanner(strings.NewReader(screenRules))
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		parts := strings.SplitN(line, " ", 3)
		if len(parts) != 3 {
			return nil, fmt.Errorf("screen/rules.txt:%d: want REASON LANGUAGE PATTERN", n)
		}
		re, err := regexp.Compile(parts[2])
		if err != nil {
			return nil, fmt.Errorf("screen/rules.txt:%d: %w", n, err)
		}
		s.rules[Reason(parts[0])] = append(s.rules[Reason(parts[0])], re)
	}
	return s, lines.Err()
}

// Reason gives the reason why a question is not answered like any other, "" when there is none. own are the names that the
// tenant goes by ("Comune di Avella"): a question about another comune is not ours to answer.
func (s *Screen) Reason(question string, own []string) Reason {
	folded := strings.Join(strings.Fields(lexicon.Fold(question)), " ")
	folded = strings.NewReplacer("’", "'", "‘", "'", "`", "'").Replace(folded)
	for _, reason := range screenOrder {
		for _, re := range s.rules[reason] {
			if re.MatchString(folded) {
				return reason
			}
		}
	}
	if s.otherComune(question, own) {
		return OtherComune
	}
	return ""
}

// otherPlace finds what a question says it is about: "A Magenta quanto…", "nel Comune di Catania", "l'anagrafe di Bari". A
// place where somebody lives or comes from ("abito a Milano") is not what the question is about and does not match.
var otherPlace = regexp.MustCompile(`(?:(?:^|[.?!] +)(?:[Aa]d?|[Ii]n|[Pp]er)|\b(?:[Cc]omune|[Mm]unicipio|[Aa]nagrafe|[Ss]indaco|[Cc]ittà) di) (\p{Lu}[\p{L}'’]*(?: [\p{L}'’]+){0,5})`)

func (s *Screen) otherComune(question string, own []string) bool {
	for _, m := range otherPlace.FindAllStringSubmatch(question, -1) {
		name := s.comuni.Longest(m[1])
		if name == "" {
			continue
		}
		ours := false
		for _, o := range own {
			ours = ours || strings.Contains(lexicon.Fold(o), lexicon.Fold(name))
		}
		if !ours {
			return true
		}
	}
	return false
}
