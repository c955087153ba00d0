package main

import (
	"bufio"
	"context"
	"encoding/json"
	"os"
	"slices"
	"text/tabwriter"

	"sportello/assistant"
	"sportello/assistant/fault"
)

// evalFollowupsCmd measures conversations: whether a question that leans on an earlier one finds what the same question finds
// in full, and whether a new topic is left alone.
type evalFollowupsCmd struct {
	Tenant string `required:"" help:"Slug of the tenant." placeholder:"SLUG"`
	Misses bool   `help:"List the pairs that find something else."`
	JSON   bool   `help:"Print JSON."`
	File   string `arg:"" help:"JSON lines." type:"existingfile"`
}

func (cmd *evalFollowupsCmd) Help() string {
	return "Example:\n  sportello eval followups --tenant montelieto assistant/testdata/followups.jsonl\n\n" +
		"Each row: first, then, and full (the same as then, said in full) or alone (then begins something new)."
}

// followUpRow is one pair of questions.
type followUpRow struct {
	First string `json:"first"`
	Then  string `json:"then"`
	Full  string `json:"full"`
	Alone bool   `json:"alone"`
	Lang  string `json:"lang"`
}

// followUpShare is what the pairs of one kind came to. Same: the best passage is that of the full question. Among5: it is among the
// first five. Bare: the same, when then is asked without what came before.
type followUpShare struct {
	N          int     `json:"n"`
	Same       float64 `json:"same"`
	Among5     float64 `json:"among5"`
	BareSame   float64 `json:"bare_same"`
	BareAmong5 float64 `json:"bare_among5"`
}

type followUpReport struct {
	FollowUps followUpShare            `json:"followups"`
	ByLang    map[string]followUpShare `json:"by_language"`
	NewTopics int                      `json:"new_topics"`
	Untouched int                      `json:"untouched"` // of the new topics
}

func (cmd *evalFollowupsCmd) Run(ctx context.Context, s *session) error {
	rows, err := readFollowUps(cmd.File)
	if err != nil {
		return err
	}
	a, err := s.openCurrent(ctx)
	if err != nil {
		return err
	}
	defer release(a)
	ask := func(text string, before *assistant.Turn) (*assistant.Answer, error) {
		return a.asker.Ask(ctx, assistant.Question{Tenant: cmd.Tenant, Text: text, After: before}, nil)
	}
	report := followUpReport{ByLang: map[string]followUpShare{}}
	for _, r := range rows {
		first, err := ask(r.First, nil)
		if err != nil {
			return err
		}
		then, err := ask(r.Then, first.Turn(nil))
		if err != nil {
			return err
		}
		if r.Alone {
			report.NewTopics++
			if !then.Rewritten {
				report.Untouched++
			} else if cmd.Misses {
				sayf(s.stdout, "%s | %s\n  %s\n", r.First, r.Then, then.Question)
			}
			continue
		}
		full, err := ask(r.Full, nil)
		if err != nil {
			return err
		}
		bare, err := ask(r.Then, nil)
		if err != nil {
			return err
		}
		if r.Lang == "" {
			r.Lang = "it"
		}
		got := compareFound(full, then, bare)
		report.FollowUps = report.FollowUps.plus(got)
		report.ByLang[r.Lang] = report.ByLang[r.Lang].plus(got)
		if cmd.Misses && got.Same == 0 {
			sayf(s.stdout, "%s | %s\n  %s (%s)\n  found %s\n  want  %s\n", r.First, r.Then, then.Question, then.Status, found(then), found(full))
		}
	}
	if cmd.JSON {
		return printJSON(s.stdout, report)
	}
	w := tabwriter.NewWriter(s.stdout, 0, 4, 2, ' ', 0)
	sayf(w, "language\tn\tsame first passage\tamong five\twithout the conversation: same\tamong five\n")
	langs := []string{"it", "en", "fr", "de", "es", "ro", "sq", "ar", "uk", "zh"}
	for _, l := range langs {
		if f, ok := report.ByLang[l]; ok {
			f.print(w, l)
		}
	}
	report.FollowUps.print(w, "all")
	sayf(w, "new topics left as they are: %d of %d\n", report.Untouched, report.NewTopics)
	return w.Flush()
}

func (f followUpShare) print(w *tabwriter.Writer, name string) {
	sayf(w, "%s\t%d\t%.3f\t%.3f\t%.3f\t%.3f\n", name, f.N, f.Same, f.Among5, f.BareSame, f.BareAmong5)
}

// plus adds one pair to the means.
func (f followUpShare) plus(one followUpShare) followUpShare {
	n := float64(f.N)
	mean := func(all, more float64) float64 { return (all*n + more) / (n + 1) }
	return followUpShare{
		N: f.N + 1, Same: mean(f.Same, one.Same), Among5: mean(f.Among5, one.Among5),
		BareSame: mean(f.BareSame, one.BareSame), BareAmong5: mean(f.BareAmong5, one.BareAmong5),
	}
}

func compareFound(full, then, bare *assistant.Answer) followUpShare {
	var out followUpShare
	out.Same, out.Among5 = finds(then, full)
	out.BareSame, out.BareAmong5 = finds(bare, full)
	return out
}

// finds says whether the first passage of want is the first, and among the first five, of got.
func finds(got, want *assistant.Answer) (first, five float64) {
	if len(want.Passages) == 0 || len(got.Passages) == 0 {
		return 0, 0
	}
	best := want.Passages[0].ID
	if got.Passages[0].ID == best {
		first = 1
	}
	if slices.ContainsFunc(got.Passages[:min(5, len(got.Passages))], func(p assistant.Passage) bool { return p.ID == best }) {
		five = 1
	}
	return first, five
}

func found(a *assistant.Answer) string {
	if len(a.Passages) == 0 {
		return "nothing"
	}
	return a.Passages[0].Title + articleSuffix(a.Passages[0].Article)
}

func readFollowUps(path string) ([]followUpRow, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "%s cannot be read", path)
	}
	defer func() { _ = f.Close() }()
	var out []followUpRow
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		if len(lines.Bytes()) == 0 {
			continue
		}
		var r followUpRow
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil || r.First == "" || r.Then == "" || r.Full == "" && !r.Alone {
			return nil, fault.New(fault.Invalid, "%s, line %d: want first, then, and full or alone", path, len(out)+1)
		}
		out = append(out, r)
	}
	if err := lines.Err(); err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "%s cannot be read", path)
	}
	return out, nil
}
