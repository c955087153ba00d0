package ingest

import (
	"strings"
	"unicode/utf8"
)

// titleBlocks is how far into a text its title is looked for.
const titleBlocks = 40

// TitleOf gives the title that a file's properties say, when the text's beginning has it too (properties are often those of
// the file it was copied from), else the first heading of the highest level.
func TitleOf(blocks []Block, declared string) string {
	var head strings.Builder
	first := ""
	for i, b := range blocks {
		if i < titleBlocks {
			head.WriteString(b.Text + " ")
		}
		if first == "" && b.Kind == Heading && b.Level == 1 {
			first = b.Text
		}
	}
	if utf8.RuneCountInString(declared) > 3 && strings.Contains(strings.ToLower(Squeeze(head.String())), strings.ToLower(declared)) {
		return declared
	}
	return first
}
