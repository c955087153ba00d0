// Package unseen is what parsers of office documents share about text that a reader does not see: which colours cannot be told apart, and
// the text kept out with the place it was kept out of.
package unseen

import (
	"strconv"

	"sportello/ingest"
)

const near = 20 // of 255 a channel: closer colours cannot be told apart

// Same says that two colours, RRGGBB, cannot be told apart. What is no such colour is the same as none.
func Same(a, b string) bool {
	x, errX := strconv.ParseUint(a, 16, 32)
	y, errY := strconv.ParseUint(b, 16, 32)
	if errX != nil || errY != nil || len(a) != 6 || len(b) != 6 {
		return false
	}
	for shift := 0; shift <= 16; shift += 8 {
		if d := int(x>>shift&255) - int(y>>shift&255); d > near || d < -near {
			return false
		}
	}
	return true
}

// Text is text kept out, with the number of blocks before it.
type Text struct {
	Kind   ingest.FindingKind
	Text   string
	Before int
}

// Texts are those of a document, in order.
type Texts []Text

// Add notes text kept out after so many blocks. Pieces of one kind that follow each other are one text; comments stay apart.
func (all *Texts) Add(kind ingest.FindingKind, text string, before int) {
	if text == "" {
		return
	}
	if n := len(*all); n > 0 && (*all)[n-1].Kind == kind && (*all)[n-1].Before == before && kind != ingest.FoundComment {
		(*all)[n-1].Text += text
		return
	}
	*all = append(*all, Text{kind, text, before})
}
