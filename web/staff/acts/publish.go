package acts

import (
	"slices"
	"strings"

	"sportello/assistant/drafting"
	"sportello/assistant/drafting/rule"
	"sportello/assistant/fault"
)

// obscured gives the parts of a draft with personal data left out, as the whole text is read: a name is known by what stands around it.
func obscured(d *drafting.Draft) ([]drafting.Part, error) {
	before := strings.Split(strings.TrimRight(d.Text(), "\n"), "\n")
	after := strings.Split(strings.TrimRight(rule.Obscured(d.Text()), "\n"), "\n")
	if len(before) != len(after) {
		return nil, fault.New(fault.Internal, "the text for publication has %d lines, not %d", len(after), len(before))
	}
	out := make([]drafting.Part, len(d.Parts))
	at := 0
	for i, part := range d.Parts {
		out[i] = part
		out[i].Paragraphs = slices.Clone(part.Paragraphs)
		for j, p := range part.Paragraphs {
			if before[at] != after[at] {
				text := strings.TrimPrefix(after[at], sign(p))
				if p.Layout == drafting.Row {
					text = "| " + text + " |"
				}
				out[i].Paragraphs[j].Pieces = []drafting.Piece{{Text: text, Origin: drafting.FromTemplate}}
			}
			at++
		}
		if len(part.Paragraphs) > 0 {
			at++
		}
	}
	return out, nil
}

// sign is what a line of text begins with because of its layout.
func sign(p drafting.Paragraph) string {
	if p.Layout == drafting.Row {
		return ""
	}
	return strings.TrimSuffix(p.Line(), p.Text())
}
