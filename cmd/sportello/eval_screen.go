package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"text/tabwriter"

	"sportello/assistant"
	"sportello/assistant/fault"
)

// evalScreenCmd measures the screen: what its rules find, what is learned from its examples, and both.
type evalScreenCmd struct {
	Half   string   `help:"Only the rows of this half." placeholder:"dev"`
	Misses bool     `help:"List the sentences that are taken for something else."`
	Files  []string `arg:"" optional:"" help:"JSON lines; none: the examples themselves, each style by what was learned from the others." type:"existingfile"`
}

func (cmd *evalScreenCmd) Help() string {
	return "Example:\n  sportello eval screen sentences.jsonl\n\n" +
		"Each row: kind (emergency, injection, out_of_scope, personal_decision, other_comune; anything else is ordinary), question, tenant."
}

// screenRow is a sentence, and what each way of screening says of it.
type screenRow struct {
	want                 assistant.Reason
	text                 string
	rules, learned, both assistant.Reason
}

func (cmd *evalScreenCmd) Run(ctx context.Context, s *session) error {
	a, err := s.open(ctx)
	if err != nil {
		return err
	}
	defer release(a)
	if a.embedder == nil {
		return fault.New(fault.Unavailable, "no embedding model: nothing is learned from the examples; make models fetches it")
	}
	rules, err := assistant.NewScreen()
	if err != nil {
		return err
	}
	if len(cmd.Files) == 0 {
		rows, err := acrossStyles(ctx, a.embedder, rules)
		if err != nil {
			return err
		}
		return cmd.print(s.stdout, "examples, each style learned from the others", rows)
	}
	learned := assistant.NewSecondOpinion(a.embedder, a.models.KeepDir())
	if err := learned.Learn(ctx); err != nil {
		return err
	}
	for _, file := range cmd.Files {
		rows, err := cmd.rows(ctx, file, rules, learned)
		if err != nil {
			return err
		}
		if err := cmd.print(s.stdout, file, rows); err != nil {
			return err
		}
	}
	return nil
}

// acrossStyles asks the sentences of each style what is learned from those of the others.
func acrossStyles(ctx context.Context, embedder assistant.Embedder, rules *assistant.Screen) ([]screenRow, error) {
	examples, err := assistant.ScreenExamples()
	if err != nil {
		return nil, err
	}
	vectors, err := assistant.VectorsOf(ctx, embedder, examples)
	if err != nil {
		return nil, err
	}
	styles := map[string]bool{}
	for _, e := range examples {
		styles[e.Style] = true
	}
	var rows []screenRow
	for _, style := range slices.Sorted(maps.Keys(styles)) {
		var from []assistant.ScreenExample
		var fromVectors [][]float32
		for i, e := range examples {
			if e.Style != style {
				from, fromVectors = append(from, e), append(fromVectors, vectors[i])
			}
		}
		learned, err := assistant.LearnLikeness(from, fromVectors)
		if err != nil {
			return nil, err
		}
		for i, e := range examples {
			if e.Style != style {
				continue
			}
			sure, _, err := learned.Opinion(e.Text, vectors[i])
			if err != nil {
				return nil, err
			}
			rows = append(rows, screened(e.Reason, e.Text, rules.Reason(e.Text, nil), sure))
		}
	}
	return rows, nil
}

func (cmd *evalScreenCmd) rows(ctx context.Context, file string, rules *assistant.Screen, learned *assistant.SecondOpinion) ([]screenRow, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "%s cannot be read", file)
	}
	defer func() { _ = f.Close() }()
	kinds := map[string]assistant.Reason{"injection": assistant.Unsafe, "emergency": assistant.Emergency, "out_of_scope": assistant.OutOfScope,
		"personal_decision": assistant.PersonalDecision, "other_comune": assistant.OtherComune}
	var rows []screenRow
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var r struct{ Tenant, Kind, Question, Half string }
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			return nil, fault.Wrap(fault.Invalid, err, "%s: a line is no JSON", file)
		}
		if cmd.Half != "" && r.Half != cmd.Half {
			continue
		}
		sure, _ := learned.Of(ctx, r.Question)
		own := []string{"Comune di " + comuneName(r.Tenant), r.Tenant}
		rows = append(rows, screened(kinds[r.Kind], r.Question, rules.Reason(r.Question, own), sure))
	}
	return rows, lines.Err()
}

func screened(want assistant.Reason, text string, rules, learned assistant.Reason) screenRow {
	return screenRow{want: want, text: text, rules: rules, learned: learned, both: assistant.Foremost(rules, learned)}
}

// print writes, of each kind, how many each way finds as what they are, in brackets as anything that is not ordinary; of ordinary
// sentences, how many are taken for something else.
func (cmd *evalScreenCmd) print(w io.Writer, title string, rows []screenRow) error {
	sayf(w, "%s\n", title)
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	sayln(t, "kind\tn\trules\texamples\tboth")
	byKind := map[assistant.Reason][]screenRow{}
	for _, r := range rows {
		byKind[r.want] = append(byKind[r.want], r)
	}
	for _, kind := range slices.Sorted(maps.Keys(byKind)) {
		count := func(got func(screenRow) assistant.Reason) string {
			right, any := 0, 0
			for _, r := range byKind[kind] {
				if got(r) == kind {
					right++
				}
				if got(r) != "" {
					any++
				}
			}
			if kind == "" {
				return fmt.Sprint(any)
			}
			return fmt.Sprintf("%d (%d)", right, any)
		}
		name := string(kind)
		if kind == "" {
			name = "ordinary: taken for else"
		}
		sayf(t, "%s\t%d\t%s\t%s\t%s\n", name, len(byKind[kind]), count(func(r screenRow) assistant.Reason { return r.rules }),
			count(func(r screenRow) assistant.Reason { return r.learned }), count(func(r screenRow) assistant.Reason { return r.both }))
	}
	if err := t.Flush(); err != nil {
		return err
	}
	for _, r := range rows {
		if cmd.Misses && r.both != r.want {
			sayf(w, "  %s -> %s: %s\n", r.want, r.both, r.text)
		}
	}
	return nil
}
