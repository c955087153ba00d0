package model

import (
	"bufio"
	"os"
	"strings"
	"testing"

	"sportello/assistant"
)

// The sentences of the screen's own table, by what the real model learns from the examples alone: most of what is to be screened is, and
// of what only looks like it next to nothing. The first run on a machine embeds the examples, which takes a minute.
func TestRealScreen(t *testing.T) {
	s := openReal(t)
	opinion := assistant.NewSecondOpinion(s.Embedder, s.KeepDir())
	if err := opinion.Learn(t.Context()); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open("../testdata/screen.tsv")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	all, found := map[string]int{}, map[string]int{}
	for lines := bufio.NewScanner(f); lines.Scan(); {
		kind, question, ok := strings.Cut(lines.Text(), "\t")
		if !ok || kind == "other_comune" {
			continue
		}
		all[kind]++
		sure, _ := opinion.Of(t.Context(), question)
		switch {
		case kind == "ordinary" && sure != "":
			found[kind]++
			t.Logf("%s: %s", question, sure)
		case sure == assistant.Reason(kind):
			found[kind]++
		}
	}
	t.Logf("%v of %v", found, all)
	for kind, least := range map[string]int{"emergency": 25, "unsafe": 16, "out_of_scope": 23, "personal_decision": 20} {
		if found[kind] < least {
			t.Errorf("%s: %d of %d found, want %d", kind, found[kind], all[kind], least)
		}
	}
	if found["ordinary"] > all["ordinary"]/30 {
		t.Errorf("%d of %d ordinary questions taken for something else", found["ordinary"], all["ordinary"])
	}
}
