package text

import (
	"regexp"
	"strconv"
	"strings"

	"sportello/ingest"
)

var (
	reRole     = regexp.MustCompile("(?s):[a-zA-Z][\\w:+.-]*:`([^`]+)`")
	reRefURL   = regexp.MustCompile("(?s)`([^`<]*?)\\s*<([^>`]+)>`__?")
	reRef      = regexp.MustCompile("(?s)`([^`]+)`__?")
	reLiteral  = regexp.MustCompile("(?s)``(.+?)``")
	reStrong   = regexp.MustCompile(`(?s)\*\*(\S|\S.*?\S)\*\*`)
	reEmph     = regexp.MustCompile(`(?s)(^|[^\w*\\])\*([^\s*]|[^\s*][^*]*?[^\s*\\])\*`)
	reInterp   = regexp.MustCompile("(?s)`([^`]+)`")
	reNoteRef  = regexp.MustCompile(`\s?\[(\d+|#\w*|\*)\]_`)
	reWordRef  = regexp.MustCompile(`(^|\s)(\w[\w-]*\w)__?($|[\s.,;:)])`)
	reSubst    = regexp.MustCompile(`\|([^|\s][^|]*)\|_{0,2}`)
	reTitleTgt = regexp.MustCompile(`(?s)^(.*?)\s*<[^>]*>$`)
	reOneLink  = regexp.MustCompile("(?s)^`[^`<]*<([^>`]+)>`__?$")
	reEscape   = regexp.MustCompile(`\\(.)`)
)

// inline reduces the marks inside a paragraph to the text they mark.
func (r *rstReader) inline(s string) string {
	if strings.Contains(s, "|") {
		s = reSubst.ReplaceAllStringFunc(s, func(m string) string {
			name := strings.Trim(strings.TrimRight(m, "_"), "|")
			if text, ok := r.subst[name]; ok {
				return text
			}
			return m
		})
	}
	if strings.Contains(s, "`") {
		s = reLiteral.ReplaceAllString(s, "$1")
		s = reRole.ReplaceAllStringFunc(s, func(m string) string {
			t := reRole.FindStringSubmatch(m)[1]
			if x := reTitleTgt.FindStringSubmatch(t); x != nil && x[1] != "" {
				return x[1]
			}
			return strings.TrimLeft(t, "~!")
		})
		s = reRefURL.ReplaceAllStringFunc(s, func(m string) string {
			x := reRefURL.FindStringSubmatch(m)
			if x[1] == "" {
				return x[2]
			}
			return x[1]
		})
		s = reRef.ReplaceAllString(s, "$1")
		s = reInterp.ReplaceAllString(s, "$1")
	}
	if strings.Contains(s, "*") {
		s = reStrong.ReplaceAllString(s, "$1")
		s = reEmph.ReplaceAllString(s, "$1$2")
	}
	if strings.Contains(s, "_") {
		s = reNoteRef.ReplaceAllString(s, " [$1]")
		s = reWordRef.ReplaceAllString(s, "$1$2$3")
	}
	if strings.Contains(s, `\`) {
		s = reEscape.ReplaceAllStringFunc(s, func(m string) string {
			if m == `\ ` {
				return ""
			}
			return m[1:]
		})
	}
	return ingest.Squeeze(s)
}

func itoa(n int) string { return strconv.Itoa(n) }
