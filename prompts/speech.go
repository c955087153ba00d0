package prompts

// SpeechVersion names the wording of Speech.
const SpeechVersion = "speech/1"

var speech = parse("speech.tmpl")

// SpeechInput is what somebody said in a session of a Giunta or a Consiglio.
type SpeechInput struct {
	Speaker string // "il Consigliere Dario Bruno"; empty: nobody has said who it is
	Item    string // the point of the agenda
	Text    string
}

// Speech asks for what was said in indirect speech, in Italian. What was said is fenced as data.
func Speech(in SpeechInput) ([]Message, error) {
	speaker := line(in.Speaker)
	if speaker == "" {
		speaker = "chi parla"
	}
	return render(speech, struct{ Speaker, Item, Text string }{speaker, line(in.Item), data(in.Text)})
}
