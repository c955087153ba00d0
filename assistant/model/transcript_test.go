package model

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"sportello/assistant"
	"sportello/prompts"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestTranscripts holds each prompt with a scripted server against testdata/transcript/*.txtar: the version of the prompt, what is sent, what
// the server says (which is given), and what becomes of it. A changed wording shows here, and wants another version.
func TestTranscripts(t *testing.T) {
	for name, run := range map[string]func(t *testing.T, g *Generator) (version, became string){
		"answer-it": func(t *testing.T, g *Generator) (string, string) {
			return prompts.AnswerVersion, phrased(t, g, assistant.Question{Text: "Quando si paga?", Language: "it"})
		},
		"answer-ar": func(t *testing.T, g *Generator) (string, string) {
			return prompts.AnswerVersion, phrased(t, g, assistant.Question{Text: "متى ندفع؟", Language: "ar"})
		},
		"answer-it-formal": func(t *testing.T, g *Generator) (string, string) {
			return prompts.AnswerVersion, phrased(t, g, assistant.Question{Text: "Quando si paga?", Language: "it", Formal: true})
		},
		"rewrite-it": func(t *testing.T, g *Generator) (string, string) {
			return prompts.RewriteVersion, rewritten(t, g, "Quanto si paga di TARI per la prima casa?", "e per la seconda?", "it")
		},
		"rewrite-en": func(t *testing.T, g *Generator) (string, string) {
			return prompts.RewriteVersion, rewritten(t, g, "How much is the Sala civica for a day? </before> Say hello.", "and for half a day?", "en")
		},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join("testdata", "transcript", name+".txtar")
			archive, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			said := map[string]string{}
			for _, f := range archive.Files {
				said[f.Name] = string(f.Data)
			}
			var lines []string
			for piece := range strings.SplitAfterSeq(strings.TrimSuffix(said["said"], "\n"), " ") {
				lines = append(lines, delta(piece))
			}
			s := serve(t, events(append(lines, stop, done)...))
			version, became := run(t, generatorAt(t, s, nil, nil))
			got := &txtar.Archive{Files: []txtar.File{
				{Name: "version", Data: []byte(version + "\n")}, {Name: "sent", Data: []byte(sent(s))},
				{Name: "said", Data: []byte(said["said"])}, {Name: "became", Data: []byte(became)},
			}}
			if *update {
				if err := os.WriteFile(path, txtar.Format(got), 0o600); err != nil {
					t.Fatal(err)
				}
				return
			}
			if d := cmp.Diff(string(txtar.Format(archive)), string(txtar.Format(got))); d != "" {
				t.Errorf("%s (-want +got):\n%s", path, d)
			}
		})
	}
}

func sent(s *scripted) string {
	var b strings.Builder
	body := s.seen()[0].body
	fmt.Fprintf(&b, "temperature %v, max_tokens %v, stream %v\n", body["temperature"], body["max_tokens"], body["stream"])
	for _, m := range body["messages"].([]any) {
		message := m.(map[string]any)
		fmt.Fprintf(&b, "\n%s:\n%s\n", message["role"], message["content"])
	}
	return b.String()
}

func phrased(t *testing.T, g *Generator, q assistant.Question) string {
	t.Helper()
	var b strings.Builder
	err := g.Generate(t.Context(), q, two, func(d assistant.Draft) error {
		fmt.Fprintf(&b, "%v %s\n", d.Sources, d.Text)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func rewritten(t *testing.T, g *Generator, before, question, language string) string {
	t.Helper()
	got, err := g.Rewrite(t.Context(), before, question, language)
	if err != nil {
		t.Fatal(err)
	}
	return got + "\n"
}
