package prompts

// RewriteVersion names the wording of Rewrite.
const RewriteVersion = "rewrite/1"

var rewrite = parse("rewrite.tmpl")

// RewriteInput is a question and the one before it, as it was understood.
type RewriteInput struct {
	Before   string
	Question string
	Language string // BCP 47, of the question
}

// Rewrite asks for a question that leans on another to be said in full. Both are fenced as data.
func Rewrite(in RewriteInput) ([]Message, error) {
	return render(rewrite, struct{ Before, Question, Language string }{data(in.Before), data(in.Question), languageName(in.Language)})
}
