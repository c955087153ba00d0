package ingest

import (
	"regexp"
	"strings"
)

var (
	reATX       = regexp.MustCompile(`(?m)^ {0,3}#{1,6} +\S`)
	reMDLink    = regexp.MustCompile(`!?\[[^\]\n]+\]\([^)\s]+\)`)
	reMDFence   = regexp.MustCompile("(?m)^ {0,3}(```|~~~)")
	reMDEmph    = regexp.MustCompile(`\*\*[^*\n]+\*\*`)
	reMDTable   = regexp.MustCompile(`(?m)^\|?[ \t]*:?-{2,}:?[ \t]*\|[-:| \t]*$`)
	reRSTDirect = regexp.MustCompile(`(?m)^ *\.\. (?:[\w:-]+::|_[^:\n]+:|\|[^|\n]+\| \w+::)`)
	reRSTRole   = regexp.MustCompile("(?::[a-z]+:`[^`\n]+`|`[^`\n]+ <[^>\n]+>`_)")
	reUnderline = regexp.MustCompile(`^(?:={4,}|-{4,}|~{4,}|\^{4,}|\*{4,}|#{4,}|\+{4,}|"{4,}|:{4,}|'{4,})$`)
)

// sniffPlain decides between the plain-text formats. A known extension wins; without one the marks in the text are counted.
func sniffPlain(head, ext string) Format {
	switch ext {
	case "md", "markdown", "mkd":
		return FormatMarkdown
	case "rst", "rest":
		return FormatRST
	case "csv", "tsv", "tab":
		return FormatCSV
	case "txt", "text", "asc":
		return FormatText
	}
	head = strings.ReplaceAll(head, "\r\n", "\n")
	if looksDelimited(head) {
		return FormatCSV
	}
	md := 3*len(reATX.FindAllString(head, 4)) + 2*len(reMDLink.FindAllString(head, 4)) + 2*len(reMDFence.FindAllString(head, 4)) +
		len(reMDEmph.FindAllString(head, 4)) + 3*len(reMDTable.FindAllString(head, 2))
	rst := 4*len(reRSTDirect.FindAllString(head, 4)) + 3*len(reRSTRole.FindAllString(head, 4)) + 2*rstTitles(head)
	switch {
	case rst >= 3 && rst > md:
		return FormatRST
	case md >= 3:
		return FormatMarkdown
	}
	return FormatText
}

// rstTitles counts lines underlined in the way of reStructuredText: over and under, or under with a mark that Markdown has not.
func rstTitles(s string) int {
	lines := strings.Split(s, "\n")
	n := 0
	for i := 1; i < len(lines) && n < 4; i++ {
		u := strings.TrimRight(lines[i], " \t")
		if !reUnderline.MatchString(u) || strings.TrimSpace(lines[i-1]) == "" || reUnderline.MatchString(strings.TrimSpace(lines[i-1])) {
			continue
		}
		over := i >= 2 && reUnderline.MatchString(strings.TrimRight(lines[i-2], " \t")) && lines[i-2][0] == u[0]
		if over || !strings.ContainsAny(u[:1], "=-") {
			n++
		}
	}
	return n
}

// looksDelimited says whether the first lines all have the same number of separators. Prose with commas does not.
func looksDelimited(s string) bool {
	lines := strings.Split(strings.TrimSpace(s), "\n")
	if len(lines) > 1 && len(s) >= 64<<10-4 {
		lines = lines[:len(lines)-1] // the head may end inside a line
	}
	lines = lines[:min(len(lines), 50)]
	if len(lines) < 3 {
		return false
	}
	for _, sep := range []struct {
		mark   string
		fields int
		lines  int
	}{{";", 2, 3}, {"\t", 2, 3}, {",", 3, 4}, {"|", 3, 4}} {
		want := strings.Count(lines[0], sep.mark)
		if want+1 < sep.fields || len(lines) < sep.lines {
			continue
		}
		same := 0
		for _, l := range lines {
			if strings.Count(outsideQuotes(l), sep.mark) == want {
				same++
			}
		}
		if same*10 >= len(lines)*9 {
			return true
		}
	}
	return false
}

func outsideQuotes(l string) string {
	if !strings.Contains(l, `"`) {
		return l
	}
	parts := strings.Split(l, `"`)
	var b strings.Builder
	for i := 0; i < len(parts); i += 2 {
		b.WriteString(parts[i])
	}
	return b.String()
}
