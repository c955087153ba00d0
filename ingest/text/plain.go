package text

import (
	"context"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"sportello/ingest"
)

var (
	reItem = regexp.MustCompile(`^\s*(?:[-–—•·*▪◦]|\(?[a-z]{1,2}\)|\d{1,3}(?: ?-? ?(?:bis|ter|quater|quinquies|sexies|septies|octies|novies|decies))? ?[.)]|[ivx]{1,5}\))\s+\S`)
	reRule = regexp.MustCompile(`^\s*[-=_*~+#]{4,}\s*$`)
	reGrid = regexp.MustCompile(`^\s*\+[-=+]{3,}\+\s*$`)
)

// plain reads text without marks. Lines of a paragraph are joined only where the file wraps its lines: in a file whose
// paragraphs are one long line each, every line stands alone.
func plain(ctx context.Context, text string) []ingest.Block {
	lines := strings.Split(strings.ReplaceAll(text, "\f", "\n\n"), "\n")
	width := wrapWidth(lines)
	var out []ingest.Block
	var open []string // lines of the paragraph being read
	flush := func() {
		if s := ingest.Squeeze(dehyphenate(open)); s != "" {
			out = append(out, plainBlock(s))
		}
		open = nil
	}
	for i := 0; i < len(lines) && ctx.Err() == nil; i++ {
		line := strings.TrimRight(lines[i], " \t")
		switch {
		case strings.TrimSpace(line) == "":
			flush()
		case isTableLine(line):
			flush()
			t := asciiTable(lines[i:])
			if inner, ok := boxed(t, lines[i:]); ok && !isTableLine(strings.SplitN(inner, "\n", 2)[0]) {
				out = append(out, plain(ctx, inner)...)
			} else {
				out = append(out, rows(t.cells, t.header)...)
			}
			i += t.lines - 1
		case reRule.MatchString(line):
			flush()
		default:
			if len(open) > 0 && (reItem.MatchString(line) || !wraps(open[len(open)-1], line, width)) {
				flush()
			}
			open = append(open, line)
		}
	}
	flush()
	return out
}

func plainBlock(s string) ingest.Block {
	b := ingest.Block{Text: s}
	if reItem.MatchString(s) {
		b.Kind = ingest.Item
	}
	return b
}

// wrapWidth is the width at which the file breaks its lines, 0 when it does not: the longest of the lines that another line
// follows directly, when most of those are nearly as long.
func wrapWidth(lines []string) int {
	var follow []int
	longest := 0
	drawn := func(l string) bool { return strings.TrimSpace(l) == "" || isTableLine(l) || reRule.MatchString(l) }
	for i := 0; i+1 < len(lines); i++ {
		if drawn(lines[i]) || drawn(lines[i+1]) {
			continue
		}
		n := utf8.RuneCountInString(strings.TrimRight(lines[i], " "))
		follow = append(follow, n)
		longest = max(longest, n)
	}
	if longest < 40 || longest > 200 {
		return 0
	}
	near := 0
	for _, n := range follow {
		if n*10 >= longest*7 {
			near++
		}
	}
	if near*2 < len(follow) {
		return 0
	}
	return longest
}

// wraps says whether next goes on in the paragraph of line.
func wraps(line, next string, width int) bool {
	line, next = strings.TrimSpace(line), strings.TrimSpace(next)
	if width == 0 {
		return false
	}
	if r, _ := utf8.DecodeRuneInString(next); unicode.IsLower(r) {
		return true
	}
	return utf8.RuneCountInString(line)*10 >= width*7
}

// dehyphenate joins lines and undoes a hyphen at a line's end between two lower-case letters.
func dehyphenate(lines []string) string {
	var b strings.Builder
	for i, l := range lines {
		l = strings.TrimSpace(l)
		if i+1 < len(lines) && strings.HasSuffix(l, "-") {
			before, _ := utf8.DecodeLastRuneInString(strings.TrimSuffix(l, "-"))
			after, _ := utf8.DecodeRuneInString(strings.TrimSpace(lines[i+1]))
			if unicode.IsLower(before) && unicode.IsLower(after) {
				b.WriteString(strings.TrimSuffix(l, "-"))
				continue
			}
		}
		b.WriteString(l)
		b.WriteByte(' ')
	}
	return b.String()
}
