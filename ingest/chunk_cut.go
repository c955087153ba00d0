package ingest

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A full stop after one of these does not end a sentence.
var abbreviationRE = regexp.MustCompile(`(?i)(?:^|[\s(“"'’.])(?:artt?|n|nn|nr|co|c|lett|d|l|lgs|p|r|m|s|g|v|pag|pagg|sig|sigg|sigra|dott|dr|ing|arch|geom|avv|rag|prof|on|reg|cfr|cit|es|ecc|ss|segg|tel|fax|cell|min|max|mq|ml|comm|cod|loc|fraz|prot|all|ult|succ|mod|int|cap|par|vol|ed|rif|ex|u|e|i|t|f|cat|sez|sub|prov|est|km|ca|cm)\.$`)

// sentences cuts a span of the text after full stops, semicolons and the like that end a sentence or a point.
func sentences(text string, from, to int) []span {
	var out []span
	start := from
	for i := from; i < to; i++ {
		c := text[i]
		if c != '.' && c != ';' && c != '?' && c != '!' {
			continue
		}
		j := i + 1
		for j < to && strings.ContainsRune("»”\")]", rune(text[j])) && text[j] < 0x80 {
			j++
		}
		if j >= to || text[j] != ' ' {
			continue
		}
		next, _ := utf8.DecodeRuneInString(text[j+1 : to])
		if c == '.' && (unicode.IsLower(next) || unicode.IsDigit(next) || abbreviationRE.MatchString(text[max(start, i-12):i+1])) {
			continue
		}
		out = append(out, span{start, j})
		start = j + 1
		i = j
	}
	if start < to {
		out = append(out, span{start, to})
	}
	return out
}

// words cuts a sentence that does not fit into the longest runs of words that do, and a word that does not into runes.
func (b *batch) words(lead string, s span) []span {
	var out []span
	text := b.d.Text
	for start := s.from; start < s.to; {
		// the largest end that fits, by bisection over bytes
		lo, hi := start, s.to
		for lo < hi {
			mid := (lo + hi + 1) / 2
			if b.size(lead, start, mid) <= b.limit {
				lo = mid
			} else {
				hi = mid - 1
			}
		}
		end := lo
		if end < s.to {
			if sp := strings.LastIndexByte(text[start:end], ' '); sp > 0 {
				end = start + sp
			}
			for end > start && !utf8.RuneStart(text[end]) {
				end--
			}
			if end == start {
				_, n := utf8.DecodeRuneInString(text[start:s.to])
				end = start + n
			}
		}
		out = append(out, span{start, end})
		start = end
		for start < s.to && text[start] == ' ' {
			start++
		}
	}
	return out
}

// shorten cuts a text at a word so that it counts at most limit tokens.
func (s *splitter) shorten(t string, limit int) string {
	if s.count(t) <= limit {
		return t
	}
	for t != "" && s.count(t+"…") > limit {
		cut := strings.LastIndexByte(t[:len(t)*4/5], ' ')
		if cut <= 0 {
			cut = len(t) * 4 / 5
			for cut > 0 && !utf8.RuneStart(t[cut]) {
				cut--
			}
		}
		t = t[:cut]
	}
	if t == "" {
		return ""
	}
	return t + "…"
}
