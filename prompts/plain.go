package prompts

// PlainVersion names the wording of Plain.
const PlainVersion = "plain/1"

var plain = parse("plain.tmpl")

// PlainInput is what is to be said in plain words.
type PlainInput struct {
	Language string // BCP 47
	Formal   bool   // the reader is addressed formally
	Sources  []Source
}

// Plain asks for texts to be said again in plain words, one sentence a fact, each ending with the number of its text: [1]. The texts are
// fenced as data.
func Plain(in PlainInput) ([]Message, error) {
	return render(plain, struct {
		Language, Canary string
		Formal           bool
		Sources          []numbered
	}{languageName(in.Language), Canary, in.Formal, number(in.Sources)})
}
