package workbench

import (
	"slices"

	"sportello/assistant/drafting"
	"sportello/assistant/fault"
)

// Propose puts what a model wrote into a part, after as many paragraphs as it says. It stays the model's until somebody accepts it.
func (w *Work) Propose(m Model, after int, paragraphs []string) error {
	if len(paragraphs) == 0 {
		return fault.New(fault.Unavailable, "the model wrote nothing that can be used")
	}
	known := w.known()
	var out []drafting.Paragraph
	for _, text := range paragraphs {
		out = append(out, drafting.Paragraph{Pieces: []drafting.Piece{{Text: known.guard(text), Origin: drafting.FromModel, Source: m.Name}}})
	}
	if err := w.Insert(m.Part, after, out...); err != nil {
		return err
	}
	if !slices.Contains(w.Used, m) {
		w.Used = append(w.Used, m)
	}
	return nil
}

// Accept takes what a model wrote in a part for the words of the person who read it. What is to be verified in it stays so.
func (w *Work) Accept(part, by string) error {
	return w.eachModelPiece(part, func(p *drafting.Piece) bool {
		p.Origin, p.Source = drafting.FromPerson, by+" (proposta di "+p.Source+")"
		return true
	})
}

// Refuse takes what a model wrote out of a part.
func (w *Work) Refuse(part string) error {
	return w.eachModelPiece(part, func(*drafting.Piece) bool { return false })
}

// eachModelPiece changes the pieces of a model in a part, or drops those for which f gives false, and the paragraphs that are empty then.
func (w *Work) eachModelPiece(part string, f func(*drafting.Piece) bool) error {
	p := w.Part(part)
	if p == nil {
		return fault.New(fault.NotFound, "the act has no part %q", part)
	}
	found := false
	var out []drafting.Paragraph
	for _, para := range p.Paragraphs {
		var pieces []drafting.Piece
		for _, piece := range para.Pieces {
			if piece.Origin == drafting.FromModel {
				found = true
				if !f(&piece) {
					continue
				}
			}
			pieces = append(pieces, piece)
		}
		if para.Pieces = pieces; len(pieces) > 0 {
			out = append(out, para)
		}
	}
	if !found {
		return fault.New(fault.Conflict, "nothing in the part %q is of a model", part)
	}
	w.set(p, out)
	return nil
}
