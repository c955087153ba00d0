package assistant

import (
	"fmt"
	"slices"
	"strings"
)

// ScreenExample is a sentence that somebody could write to a comune, and what it is.
type ScreenExample struct {
	Reason Reason // "" for an ordinary question
	Text   string
	Style  string // the heading that it stands under: sentences of one style were written together
}

// ordinaryKind is how the files call what is answered like any other question.
const ordinaryKind = "ordinary"

// ScreenExamples reads screen/examples: a line that begins with "==" names a style, one in square brackets a kind, "#" is for the reader, every
// other line is a sentence. A sentence that comes twice is an error: it would be learned and asked at once.
func ScreenExamples() ([]ScreenExample, error) {
	entries, err := screenFiles.ReadDir("screen/examples")
	if err != nil {
		return nil, err
	}
	kinds := map[string]Reason{ordinaryKind: ""}
	for _, reason := range screenOrder {
		kinds[string(reason)] = reason
	}
	var out []ScreenExample
	seen := map[string]bool{}
	for _, entry := range entries {
		style, kind, known := "", Reason(""), false
		err := eachScreenLine("screen/examples/"+entry.Name(), func(line string) error {
			switch {
			case strings.HasPrefix(line, "=="):
				style, known = strings.TrimSpace(strings.Trim(line, "=")), false
			case strings.HasPrefix(line, "[") && strings.HasSuffix(line, "]"):
				if kind, known = kinds[strings.Trim(line, "[]")]; !known {
					return fmt.Errorf("unknown kind %s", line)
				}
			case style == "" || !known:
				return fmt.Errorf("a sentence before a style and a kind: %q", line)
			case seen[line]:
				return fmt.Errorf("twice: %q", line)
			default:
				seen[line] = true
				out = append(out, ScreenExample{Reason: kind, Text: line, Style: style})
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// learnedKinds are the columns of what is learned: ordinary first, then the reasons.
func learnedKinds() []Reason { return slices.Concat([]Reason{""}, screenOrder) }
