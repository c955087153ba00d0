package procedure

import (
	_ "embed"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"sportello/assistant/lexicon"
)

//go:embed cues.txt
var cueFile string

// Heading is what a person wants to know of a service.
type Heading string

// The headings, in the order in which they are shown.
const (
	Who      Heading = "who"
	Bring    Heading = "bring"
	Where    Heading = "where"
	Deadline Heading = "deadline"
	Cost     Heading = "cost"
	Duration Heading = "duration"
	Refused  Heading = "refused"
)

// Headings gives all of them in order.
func Headings() []Heading {
	return []Heading{Who, Bring, Where, Deadline, Cost, Duration, Refused}
}

// cue is a line of cues.txt.
type cue struct {
	heading Heading
	weight  int
	rubric  bool
	facts   []lexicon.FactKind
	pattern *regexp.Regexp
}

// Builder builds procedures. It is safe for concurrent use.
type Builder struct{ cues []cue }

// New reads the cues.
func New() (*Builder, error) { return read(cueFile) }

func read(file string) (*Builder, error) {
	b := &Builder{}
	n := 0
	for line := range strings.Lines(file) {
		n++
		if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
			continue
		}
		fields := strings.Fields(line)
		if len(fields) < 4 {
			return nil, fmt.Errorf("cues.txt, line %d: write heading, weight, facts and pattern", n)
		}
		c := cue{heading: Heading(fields[0])}
		if !slices.Contains(Headings(), c.heading) {
			return nil, fmt.Errorf("cues.txt, line %d: there is no heading %q", n, c.heading)
		}
		var err error
		if c.weight, err = strconv.Atoi(fields[1]); err != nil {
			return nil, fmt.Errorf("cues.txt, line %d: the weight %q is no number", n, fields[1])
		}
		switch fields[2] {
		case "-":
		case "rubric":
			c.rubric = true
		default:
			for kind := range strings.SplitSeq(fields[2], "|") {
				c.facts = append(c.facts, lexicon.FactKind(kind))
			}
		}
		rest := line
		for _, f := range fields[:3] {
			rest = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(rest), f))
		}
		if c.pattern, err = regexp.Compile(rest); err != nil {
			return nil, fmt.Errorf("cues.txt, line %d: %w", n, err)
		}
		b.cues = append(b.cues, c)
	}
	return b, nil
}

// weigh gives how much a sentence below a rubric speaks of each heading. A service that is an appeal itself says so in every sentence:
// such words tell nothing there.
func (b *Builder) weigh(sentence, rubric, about string) map[Heading]int {
	folded, title := plain(sentence), plain(rubric)
	var facts map[lexicon.FactKind]bool
	states := func(kinds []lexicon.FactKind) bool {
		if facts == nil {
			facts = map[lexicon.FactKind]bool{}
			for _, f := range lexicon.Facts(sentence) {
				facts[f.Kind] = true
			}
		}
		return slices.ContainsFunc(kinds, func(k lexicon.FactKind) bool { return facts[k] })
	}
	own, out := map[Heading]bool{}, map[Heading]int{}
	for _, c := range b.cues {
		text := folded
		if c.rubric {
			text = title
		}
		if c.heading == Refused && c.weight > 0 && c.pattern.MatchString(about) {
			continue
		}
		if !c.pattern.MatchString(text) || c.facts != nil && !states(c.facts) {
			continue
		}
		out[c.heading] += c.weight
		own[c.heading] = own[c.heading] || !c.rubric && c.weight > 0
	}
	for h := range out { // the title of an article alone says nothing of each of its sentences
		if !own[h] {
			delete(out, h)
		}
	}
	return out
}

// plain is a text as patterns see it: one line, without capitals and accents, with straight apostrophes.
func plain(text string) string {
	return strings.ReplaceAll(strings.Join(strings.Fields(lexicon.Fold(text)), " "), "’", "'")
}

// titled says whether the titles above a sentence name the heading.
func (b *Builder) titled(h Heading, rubric string) bool {
	title := plain(rubric)
	return slices.ContainsFunc(b.cues, func(c cue) bool { return c.rubric && c.heading == h && c.pattern.MatchString(title) })
}
