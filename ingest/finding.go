package ingest

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"unicode/utf8"
)

// FindingKind says how a text of a file escapes the eye of who reads it, or that it speaks to a program.
type FindingKind string

// The kinds. Text of the first group is kept out of the document until an editor accepts it; of the second only what speaks to an
// assistant is told, and it is no text of the document anyway; the third stands in the document, cleaned or flagged.
const (
	FoundInvisible FindingKind = "invisible" // drawn with no ink: render mode 3, full transparency
	FoundColour    FindingKind = "colour"    // in the colour of what is behind it
	FoundTiny      FindingKind = "tiny"      // in letters under two points
	FoundOffPage   FindingKind = "off_page"  // outside what is displayed
	FoundHidden    FindingKind = "hidden"    // marked as hidden: w:vanish, display:none, a hidden section

	FoundComment     FindingKind = "comment"     // a comment, an annotation
	FoundMetadata    FindingKind = "metadata"    // title, subject, keywords, description
	FoundAlternative FindingKind = "alternative" // the text in the place of a picture

	FoundCharacters  FindingKind = "characters"  // characters that show nothing or turn the reading order: taken out
	FoundInstruction FindingKind = "instruction" // speaks to an assistant in the open: it stays, is never quoted, and no model reads it
)

// Finding is one such text. Parsers give the whole of it, a Document keeps an excerpt.
type Finding struct {
	Kind     FindingKind `json:"kind"`
	Text     string      `json:"text"`
	Page     int         `json:"page,omitempty"`
	Orders   bool        `json:"orders,omitempty"`   // it speaks to an assistant, see Instruction
	Accepted bool        `json:"accepted,omitempty"` // an editor has read it: it is part of the text, or seen
	Key      string      `json:"key"`                // the same for the same text in another version of the file

	before int // place among Parsed.Blocks
}

const (
	maxFindings    = 200 // of a document: a page that hides every word says enough with these
	maxFindingText = 600 // bytes of an excerpt
)

// KeptOut says whether the text of a finding can be taken into the document by accepting it.
func (f *Finding) KeptOut() bool {
	switch f.Kind {
	case FoundInvisible, FoundColour, FoundTiny, FoundOffPage, FoundHidden:
		return true
	}
	return false
}

// Waits says whether an editor has yet to look at it.
func (f *Finding) Waits() bool { return !f.Accepted }

func (f *Finding) key() string {
	sum := sha256.Sum256([]byte(string(f.Kind) + "\x00" + Squeeze(f.Text)))
	return hex.EncodeToString(sum[:8])
}

// Hide notes a text that stands after the blocks there are now and is not shown to a reader. What has no letter or digit is nothing.
func (p *Parsed) Hide(kind FindingKind, text string, page int) {
	if text = strings.TrimSpace(text); wordless(text) {
		return
	}
	p.Hidden = append(p.Hidden, Finding{Kind: kind, Text: text, Page: page, before: len(p.Blocks)})
}

// HideAt is Hide for a parser that gathers its blocks elsewhere: before says how many of them come first.
func (p *Parsed) HideAt(before int, kind FindingKind, text string, page int) {
	n := len(p.Hidden)
	if p.Hide(kind, text, page); len(p.Hidden) > n {
		p.Hidden[n].before = before
	}
}

// reveal is the last step of reading a file, whatever its format: characters that nobody sees are taken out of its blocks, what speaks to
// an assistant is found, and of comments, metadata and alternative texts only that is kept.
func reveal(p *Parsed) {
	var open []Finding
	for i := range p.Blocks {
		b := &p.Blocks[i]
		if clean, unseen := withoutUnseen(b.Text); clean != b.Text {
			b.Text = clean
			if unseen != "" {
				open = append(open, Finding{Kind: FoundCharacters, Text: unseen, Page: b.Page, before: i})
			}
		}
		b.Header, _ = withoutUnseen(b.Header)
	}
	open = append(open, openOrders(p.Blocks)...)
	if clean, _ := withoutUnseen(p.Title); Speaks(clean) {
		open = append(open, Finding{Kind: FoundMetadata, Text: clean})
		p.Title = ""
	} else {
		p.Title = clean
	}
	kept := open
	for _, f := range p.Hidden {
		f.Text, _ = withoutUnseen(f.Text)
		if f.Orders = Speaks(f.Text); f.Orders || f.KeptOut() {
			kept = append(kept, f)
		}
	}
	for i := range kept {
		f := &kept[i]
		f.Orders = f.Orders || f.Kind == FoundInstruction || Speaks(f.Text)
		f.Key = f.key()
	}
	slices.SortStableFunc(kept, func(a, b Finding) int { return a.before - b.before })
	p.Hidden = once(kept)
}

// once leaves out what is found again in the same way: the same hidden line on every page.
func once(all []Finding) []Finding {
	seen := map[string]bool{}
	var out []Finding
	for _, f := range all {
		if seen[f.Key] || len(out) >= maxFindings {
			continue
		}
		seen[f.Key] = true
		out = append(out, f)
	}
	return out
}

// openOrders finds what speaks to an assistant in the open. Lines of one paragraph are read together.
func openOrders(blocks []Block) []Finding {
	var out []Finding
	for i := 0; i < len(blocks); {
		text, from := blocks[i].Text, i
		for i++; i < len(blocks) && blocks[i-1].Wraps && blocks[i].Page == blocks[from].Page && len(text) < 4000; i++ {
			text += " " + blocks[i].Text
		}
		for _, s := range Instructions(text) {
			out = append(out, Finding{Kind: FoundInstruction, Text: text[s[0]:s[1]], Page: blocks[from].Page, before: from})
		}
	}
	return out
}

// accept puts the texts that an editor has accepted in their places among the blocks, and gives what is to be shown of all findings.
func accept(p *Parsed, accepted map[string]bool) (blocks []Block, shown []Finding) {
	next := 0
	take := func(before int) {
		for ; next < len(p.Hidden) && p.Hidden[next].before <= before; next++ {
			f := p.Hidden[next]
			if f.Accepted = accepted[f.Key]; f.Accepted && f.KeptOut() {
				for _, line := range strings.Split(f.Text, "\n") {
					if line = Squeeze(line); line != "" {
						blocks = append(blocks, Block{Kind: Paragraph, Text: line, Page: f.Page})
					}
				}
			}
			f.Text = shorten(f.Text)
			shown = append(shown, f)
		}
	}
	if len(p.Hidden) == 0 {
		return p.Blocks, nil
	}
	for i := range p.Blocks {
		take(i)
		blocks = append(blocks, p.Blocks[i])
	}
	take(len(p.Blocks))
	for i := 1; i < len(blocks); i++ { // pages never go back
		blocks[i].Page = max(blocks[i].Page, blocks[i-1].Page)
	}
	return blocks, shown
}

func shorten(s string) string {
	if len(s) <= maxFindingText {
		return s
	}
	cut := maxFindingText
	for cut > 0 && !utf8.RuneStart(s[cut]) {
		cut--
	}
	return s[:cut] + "…"
}
