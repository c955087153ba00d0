package prompts

// PartVersion names the wording of Part.
const PartVersion = "part/1"

var part = parse("part.tmpl")

// PartInput is what a part of an act is phrased from.
type PartInput struct {
	Act         string // "Determina di affidamento diretto"
	Part        string // "Premesse"
	Instruction string // of the template
	Facts       []Fact
}

// Fact is something that is known, with what it is called.
type Fact struct{ Label, Value string }

// Part asks for a few sentences of an act from facts and nothing else. Facts are fenced as data.
func Part(in PartInput) ([]Message, error) {
	facts := make([]Fact, len(in.Facts))
	for i, f := range in.Facts {
		facts[i] = Fact{line(f.Label), data(f.Value)}
	}
	return render(part, PartInput{line(in.Act), line(in.Part), data(in.Instruction), facts})
}
