package postgres

import (
	"strconv"
	"strings"
)

// Rewrite turns the parameters of a statement, ?1 or ?, into $1. What stands in a literal, a quoted name, a comment or between dollar
// signs is left as it is.
func Rewrite(query string) string {
	if !strings.Contains(query, "?") {
		return query
	}
	var b strings.Builder
	b.Grow(len(query))
	last := 0 // the number of the last parameter, for those that have none of their own
	for i := 0; i < len(query); {
		if n := skip(query[i:]); n > 0 {
			b.WriteString(query[i : i+n])
			i += n
			continue
		}
		if query[i] != '?' {
			b.WriteByte(query[i])
			i++
			continue
		}
		end := i + 1
		for end < len(query) && '0' <= query[end] && query[end] <= '9' {
			end++
		}
		last++
		if n, err := strconv.Atoi(query[i+1 : end]); err == nil {
			last = n
		}
		b.WriteString("$" + strconv.Itoa(last))
		i = end
	}
	return b.String()
}

// skip gives the length of the literal, quoted name or comment that s begins with, 0 when it begins with none.
func skip(s string) int {
	switch {
	case s[0] == '\'' || s[0] == '"':
		return ended(s, 1, s[:1]) // a doubled quote ends one and begins the next
	case strings.HasPrefix(s, "--"):
		return ended(s, 2, "\n")
	case strings.HasPrefix(s, "/*"):
		return ended(s, 2, "*/")
	case s[0] == '$':
		if tag := dollar(s); tag != "" {
			return ended(s, len(tag), tag)
		}
	}
	return 0
}

// ended gives where the first end after from is over, or the length of s.
func ended(s string, from int, end string) int {
	if i := strings.Index(s[from:], end); i >= 0 {
		return from + i + len(end)
	}
	return len(s)
}

// dollar gives the mark $tag$ that s begins with, empty when it is none: $1 is a parameter.
func dollar(s string) string {
	for i := 1; i < len(s); i++ {
		switch c := s[i]; {
		case c == '$':
			return s[:i+1]
		case c == '_', 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', i > 1 && '0' <= c && c <= '9':
		default:
			return ""
		}
	}
	return ""
}
