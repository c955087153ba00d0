package export

import (
	"strings"

	"sportello/assistant/drafting"
	"sportello/assistant/fault"
	"sportello/ingest"
)

// schemaPart is the part of a deliberazione that holds the regulation it approves.
const schemaPart = "allegato"

// Schema gives the regulation that a draft approves, with its structure, from the part that holds it.
func Schema(d *drafting.Draft) (*ingest.Document, error) {
	p := &ingest.Parsed{Format: string(ingest.FormatText), Title: d.Fact("regolamento"), Language: "it"}
	for _, part := range d.Parts {
		if part.ID != schemaPart {
			continue
		}
		for _, x := range part.Paragraphs {
			if text := strings.TrimSpace(x.Text()); len(p.Blocks) > 0 || !strings.EqualFold(text, "allegato") { // what it is to the act, not a part of itself
				p.Blocks = append(p.Blocks, ingest.Block{Text: text})
			}
		}
	}
	if len(p.Blocks) == 0 {
		return nil, fault.New(fault.NoText, "the act holds no regulation: put its articles into the field of the schema, or export the regulation's own file")
	}
	out := ingest.Structure("regolamento", p)
	if p.Title != "" {
		out.Title = p.Title
	}
	return out, nil
}
