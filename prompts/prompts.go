// Package prompts holds every text that is sent to a language model, as templates with one typed function a prompt.
//
// A prompt has a version that changes with its wording, so that an evaluation can say what it measured. Templates are parsed
// when the program starts: a malformed one stops it with its file and line. The package calls no model and imports nothing of
// ours.
package prompts

import (
	"embed"
	"fmt"
	"strings"
	"text/template"
)

//go:embed *.tmpl
var files embed.FS

// Message is one turn of a conversation with a model.
type Message struct {
	Role string // "system" or "user"
	Text string
}

var answer = parse("answer.tmpl")

func parse(name string) *template.Template {
	return template.Must(template.New(name).Option("missingkey=error").ParseFS(files, name))
}

// render gives the system and the user message of a template. The system message depends on no question, so that a server
// keeps what it computed of it from one question to the next.
func render(t *template.Template, data any) ([]Message, error) {
	var out []Message
	for _, role := range []string{"system", "user"} {
		var b strings.Builder
		if err := t.ExecuteTemplate(&b, role, data); err != nil {
			return nil, fmt.Errorf("prompts: %w", err)
		}
		out = append(out, Message{Role: role, Text: strings.TrimSpace(b.String())})
	}
	return out, nil
}
