package main

import (
	"context"
	"io"

	"sportello/assistant"
	"sportello/locales"
)

type askCmd struct {
	Tenant   string   `required:"" help:"Slug of the tenant." placeholder:"SLUG"`
	Language string   `default:"auto" help:"Language of the question: auto, it, en, fr, de, es, ro, sq, ar, uk, zh."`
	At       string   `help:"Answer by the rules in force on this day." placeholder:"2023-12-31"`
	Staff    bool     `help:"Use staff documents too."`
	After    []string `help:"What was asked before, oldest first: the question may lean on it." placeholder:"QUESTION" sep:"none"`
	JSON     bool     `help:"Print JSON."`
	Question string   `arg:"" help:"The question."`
}

func (cmd *askCmd) Help() string {
	return "Example:\n  sportello ask --tenant avella \"Quanto costa il passo carrabile?\"\n" +
		"  sportello ask --tenant avella --after \"Quanto costa il passo carrabile?\" \"E se sono disabile?\""
}

func (cmd *askCmd) Run(ctx context.Context, s *session) error {
	a, err := s.openCurrent(ctx)
	if err != nil {
		return err
	}
	defer release(a)
	learn(ctx, a.asker)
	answer, err := a.asker.Ask(ctx, assistant.Question{
		Tenant: cmd.Tenant, Text: cmd.Question, Language: cmd.Language, At: cmd.At, Audience: audience(cmd.Staff), Earlier: cmd.After,
	}, nil)
	if err != nil {
		return err
	}
	if cmd.JSON {
		return printJSON(s.stdout, answer.JSON())
	}
	return printAnswer(s.stdout, a.locales.For(answer.Language), answer)
}

// printAnswer shows an answer on a terminal: what is said, the sources by number, whom to turn to.
func printAnswer(w io.Writer, l *locales.Localizer, answer *assistant.Answer) error {
	if answer.Status == assistant.Refused {
		sayln(w, l.T("refused_"+string(answer.Reason)+"_title", nil))
	}
	if answer.Rewritten {
		sayf(w, "%s %s\n\n", l.T("understood"), answer.Question)
	}
	for i, st := range answer.Statements {
		mark := ""
		if st.Translated {
			mark = " (" + l.T("translated_mark") + ")"
		}
		sayf(w, "%s [%d]%s\n", st.Text, i+1, mark)
	}
	if len(answer.Near) > 0 {
		sayf(w, "\n%s:\n", l.T("near_title"))
		for _, n := range answer.Near {
			sayf(w, "  %s%s%s\n", n.Title, sectionSuffix(n.Rubric, n.Article), pageSuffix(n.Page))
		}
	}
	sayln(w)
	for i, st := range answer.Statements {
		for _, c := range st.Citations {
			sayf(w, "[%d] %s%s%s\n    %s\n", i+1, c.Title, sectionSuffix(c.Rubric, c.Article), pageSuffix(c.Page), c.Document)
			if st.Origin == assistant.FromModel {
				sayf(w, "    « %s »\n", excerpt(c.Quote, 400))
			}
		}
	}
	for _, c := range answer.Contacts {
		sayf(w, "→ %s", c.Office)
		for _, detail := range []string{c.Hours, c.Phone, c.Email, c.Address} {
			if detail != "" {
				sayf(w, " · %s", detail)
			}
		}
		sayln(w)
	}
	return nil
}

// sectionSuffix names a section by its rubric, else by its article.
func sectionSuffix(rubric, article string) string {
	if rubric != "" {
		return ", " + rubric
	}
	return articleSuffix(article)
}

func articleSuffix(article string) string {
	if article == "" {
		return ""
	}
	if article[0] < '0' || article[0] > '9' {
		return ", " + article
	}
	return ", art. " + article
}
