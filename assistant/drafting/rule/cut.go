package rule

import (
	"sort"
	"strings"
)

// omissis stands where something was taken out of a text that is published.
const omissis = "[omissis]"

// cut replaces places of a text, which may overlap.
func cut(text string, places []hit) string {
	sort.Slice(places, func(i, j int) bool { return places[i].start < places[j].start })
	var b strings.Builder
	at := 0
	for _, p := range places {
		if p.end <= at || p.end <= p.start {
			continue
		}
		if p.start >= at {
			b.WriteString(text[at:p.start])
			b.WriteString(omissis)
		}
		at = p.end
	}
	b.WriteString(text[at:])
	return b.String()
}
