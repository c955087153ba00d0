package assistant

import (
	"bufio"
	"embed"
	"fmt"
	"regexp"
	"strings"

	"sportello/assistant/lexicon"
)

//go:embed screen/*.txt screen/examples/*.txt
var screenFiles embed.FS

// screenOrder is which reason wins when several match.
var screenOrder = []Reason{Emergency, Unsafe, OutOfScope, PersonalDecision}

// Screen tells what a question is, apart from its subject, by the rules of screen/rules.txt and the words of
// screen/words.txt. It reads no document.
type Screen struct {
	rules  map[Reason]*screenRules
	places *places
}

// screenRules are the ways of asking that have one reason.
type screenRules struct {
	asked   []*regexp.Regexp // against the folded question, without what plain matches
	written []*regexp.Regexp // against the question as written
	plain   []*regexp.Regexp // what says nothing about the reason, though it looks like it
}

// NewScreen compiles the rules; a bad one stops with its line.
func NewScreen() (*Screen, error) {
	words, err := readScreenWords()
	if err != nil {
		return nil, err
	}
	s := &Screen{rules: map[Reason]*screenRules{}}
	for _, reason := range screenOrder {
		s.rules[reason] = &screenRules{}
	}
	err = eachScreenLine("screen/rules.txt", func(line string) error {
		parts := strings.SplitN(line, " ", 3)
		if len(parts) != 3 {
			return fmt.Errorf("want REASON LANGUAGE PATTERN")
		}
		reason, plain := strings.CutPrefix(parts[0], "-")
		rules := s.rules[Reason(reason)]
		if rules == nil {
			return fmt.Errorf("unknown reason %q", reason)
		}
		written := parts[1] == "written"
		pattern, err := words.expand(parts[2], !written)
		if err != nil {
			return err
		}
		re, err := regexp.Compile(pattern)
		switch {
		case err != nil:
			return err
		case plain:
			rules.plain = append(rules.plain, re)
		case written:
			rules.written = append(rules.written, re)
		default:
			rules.asked = append(rules.asked, re)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	s.places, err = newPlaces(words)
	return s, err
}

// Reason gives the reason why a question is not answered like any other, "" when there is none. own are the names that the
// tenant goes by ("Comune di Avella"): a question about another comune is not ours to answer.
func (s *Screen) Reason(question string, own []string) Reason {
	question = onOneLine(question)
	folded := lexicon.Fold(question)
	for _, reason := range screenOrder {
		if s.rules[reason].match(question, folded) {
			return reason
		}
	}
	if s.places.other(question, own) {
		return OtherComune
	}
	return ""
}

// Emergency says whether somebody may be in danger, which is the first that Reason looks for.
func (s *Screen) Emergency(question string) bool {
	question = onOneLine(question)
	return s.rules[Emergency].match(question, lexicon.Fold(question))
}

var plainApostrophes = strings.NewReplacer("’", "'", "‘", "'", "`", "'")

func onOneLine(question string) string {
	return plainApostrophes.Replace(strings.Join(strings.Fields(question), " "))
}

func (r *screenRules) match(written, folded string) bool {
	for _, re := range r.plain {
		folded = re.ReplaceAllString(folded, " … ")
	}
	return anyMatch(r.asked, folded) || anyMatch(r.written, written)
}

func anyMatch(patterns []*regexp.Regexp, text string) bool {
	for _, re := range patterns {
		if re.MatchString(text) {
			return true
		}
	}
	return false
}

// screenWords are the lists of screen/words.txt: name -> alternatives of a pattern.
type screenWords map[string]string

func readScreenWords() (screenWords, error) {
	words := screenWords{}
	err := eachScreenLine("screen/words.txt", func(line string) error {
		name, list, found := strings.Cut(line, ":")
		if !found {
			return fmt.Errorf("want NAME: WORD | WORD")
		}
		for alternative := range strings.SplitSeq(list, "|") {
			if alternative = strings.TrimSpace(alternative); alternative == "" {
				continue
			}
			if words[name] != "" {
				words[name] += "|"
			}
			words[name] += alternative
		}
		return nil
	})
	return words, err
}

var (
	screenName  = regexp.MustCompile(`\{[a-z_]+\}`)
	beyondASCII = regexp.MustCompile(`[^\x00-\x7f]+`)
)

// expand puts the lists in the place of their {names}. A pattern for folded text is folded like it, so that rules can be
// written in plain Ukrainian or Arabic.
func (w screenWords) expand(pattern string, fold bool) (string, error) {
	var missing string
	for depth := 0; depth < 3 && screenName.MatchString(pattern); depth++ {
		pattern = screenName.ReplaceAllStringFunc(pattern, func(name string) string {
			list, ok := w[strings.Trim(name, "{}")]
			if !ok {
				missing = name
			}
			return "(?:" + list + ")"
		})
	}
	if missing != "" {
		return "", fmt.Errorf("no list %s in screen/words.txt", missing)
	}
	if fold {
		pattern = beyondASCII.ReplaceAllStringFunc(pattern, lexicon.Fold)
	}
	return pattern, nil
}

// eachScreenLine gives the lines of a file that are neither empty nor comments; an error names the line.
func eachScreenLine(file string, use func(line string) error) error {
	f, err := screenFiles.Open(file)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }() // embedded: nothing to lose
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if err := use(line); err != nil {
			return fmt.Errorf("%s:%d: %w", file, n, err)
		}
	}
	return lines.Err()
}
