package store

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"sportello/assistant"
	"sportello/assistant/privacy"
)

// Who has the code of a conversation gets all that is kept of it and nothing else, and has it erased: no piece of a row is in any file
// afterwards, the log of the database included, and the rest of the day stays.
func TestAConversationIsExportedAndErased(t *testing.T) {
	ctx := context.Background()
	dir := t.TempDir()
	s := opened(t, Config{Dir: dir, Analyze: words})
	comune(t, s, "avella", "baiano")
	code, other := assistant.NewCode(), assistant.NewCode()
	add := func(tenant, id string, c assistant.Code) {
		a := asked(id, noon)
		a.Tenant, a.Mark, a.Question = tenant, c.Mark(id), "Parola segretissima "+id+"?"
		ok(t, s.AddAsked(ctx, a, true))
	}
	for i := range 40 {
		add("avella", fmt.Sprintf("o%02d", i), other)
	}
	add("avella", "m1", code)
	add("avella", "m2", code)
	add("baiano", "m3", code) // as nobody has: a conversation is one comune's
	ok(t, s.AddFeedback(ctx, assistant.Feedback{Tenant: "avella", Question: "m1", At: noon, Useful: -1, Text: "non ho capito"}, true))
	ok(t, s.AddFeedback(ctx, assistant.Feedback{Tenant: "avella", Question: "o01", At: noon, Useful: 1, Text: "di un altro"}, true))
	left := assistant.HandOver{ID: "H1", Tenant: "avella", Office: "Tributi", Language: "it", Asked: "m2", Text: "Una domanda lasciata", Email: "a@example.it", Token: "gettone"}
	ok(t, s.AddHandOver(ctx, left, true))
	ok(t, s.AskChat(ctx, "avella", "H1"))
	ok(t, s.Say(ctx, "avella", "H1", false, "Ci siete?"))
	alien := left
	alien.ID, alien.Asked, alien.Token = "H2", "o02", "altro"
	ok(t, s.AddHandOver(ctx, alien, false))

	got := must[*assistant.Kept](t)(s.Kept(ctx, assistant.ByCitizen, "avella", code))
	if len(got.Questions) != 2 || got.Questions[0].Question != "Parola segretissima m1?" || len(got.Questions[0].Opinions) != 1 || got.Questions[0].Opinions[0].Text != "non ho capito" ||
		len(got.Left) != 1 || got.Left[0].Email != "a@example.it" || len(got.Left[0].Messages) != 1 || got.Left[0].Messages[0] != "Ci siete?" {
		t.Fatalf("%+v", got)
	}
	if wrong := must[*assistant.Kept](t)(s.Kept(ctx, assistant.ByCitizen, "avella", assistant.NewCode())); len(wrong.Questions)+len(wrong.Left) != 0 {
		t.Errorf("a wrong code gives %+v", wrong)
	}
	var pieces [][]byte
	for _, query := range []string{"SELECT sealed FROM questions WHERE id IN ('m1', 'm2')", "SELECT sealed FROM feedback WHERE question = 'm1'", "SELECT sealed FROM handovers WHERE id = 'H1'", "SELECT sealed FROM messages"} {
		rows, err := s.reader.Query(query)
		ok(t, err)
		some, err := collect(rows, func(row scanner) (b []byte, err error) { return b, row.Scan(&b) })
		ok(t, err)
		pieces = append(pieces, some...)
	}
	if len(pieces) != 5 {
		t.Fatalf("%d rows", len(pieces))
	}
	var key []byte
	if s.dialect != postgresDialect {
		var err error
		key, err = s.keyring.read(handOverKey("H1"))
		ok(t, err)
		if occurrences(t, dir, pieces[0][:24]) == 0 || occurrences(t, dir, key) == 0 {
			t.Fatal("this test would see nothing")
		}
	}

	gone, err := s.EraseConversation(ctx, assistant.ByCitizen, "avella", code)
	ok(t, err)
	if gone != (assistant.Erased{Questions: 2, Opinions: 1, Left: 1}) {
		t.Errorf("%+v", gone)
	}
	done, err := s.Forget(ctx)
	ok(t, err)
	if !done {
		t.Error("the log was not emptied")
	}
	if s.dialect != postgresDialect {
		for _, b := range pieces {
			for at := 0; at+16 <= len(b); at += 16 {
				if n := occurrences(t, dir, b[at:at+16]); n != 0 {
					t.Fatalf("a piece of a sealed row is there %d times", n)
				}
			}
		}
		if occurrences(t, dir, key) != 0 {
			t.Error("the key of the hand-over is there")
		}
		if wal, err := filepath.Glob(filepath.Join(dir, "*-wal")); err != nil || len(wal) == 0 {
			t.Errorf("there was no log to look at: %v", err)
		}
	}
	if again, err := s.EraseConversation(ctx, assistant.ByCitizen, "avella", code); err != nil || again != (assistant.Erased{}) {
		t.Errorf("again: %+v %v", again, err)
	}
	if list, _, err := s.AskedList(ctx, "avella", assistant.AskedFilter{}); err != nil || len(list) != 40 {
		t.Errorf("%d questions of others, %v", len(list), err)
	}
	if kept := must[*assistant.Kept](t)(s.Kept(ctx, ActorCommand, "avella", other)); len(kept.Questions) != 40 || len(kept.Left) != 1 {
		t.Errorf("others keep %d and %d", len(kept.Questions), len(kept.Left))
	}
	if kept := must[*assistant.Kept](t)(s.Kept(ctx, ActorCommand, "baiano", code)); len(kept.Questions) != 1 {
		t.Errorf("another comune's: %+v", kept)
	}
	entries, err := s.Audit(ctx, AuditFilter{})
	ok(t, err)
	said := ""
	for _, e := range entries {
		said += fmt.Sprintln(e.Actor, e.Action, e.Tenant, e.Object, e.Note) // the hash may look like anything
	}
	if !strings.Contains(said, "conversation.erase") || !strings.Contains(said, "conversation.export") || strings.Contains(said, string(code)) || strings.Contains(said, "segretissima") || privacy.Masked(said) != said {
		t.Errorf("audit: %s", said)
	}
}

// A question left for an office is found by the code of its conversation even when the question it came from is no longer kept.
func TestWhatWasLeftIsFoundAfterTheQuestionIsGone(t *testing.T) {
	ctx := context.Background()
	s := opened(t, Config{Dir: t.TempDir(), Analyze: words})
	comune(t, s, "avella")
	code := assistant.NewCode()
	a := asked("m1", noon)
	a.Mark = code.Mark("m1")
	ok(t, s.AddAsked(ctx, a, true))
	ok(t, s.AddHandOver(ctx, assistant.HandOver{ID: "H1", Tenant: "avella", Office: "Tributi", Language: "it", Asked: "m1", Text: "Una domanda", Token: "gettone"}, false))
	if _, err := s.Expire(ctx, "avella", noon.Format("2006-01-02")); err != nil {
		t.Fatal(err)
	}
	if kept := must[*assistant.Kept](t)(s.Kept(ctx, assistant.ByCitizen, "avella", code)); len(kept.Questions) != 0 || len(kept.Left) != 1 {
		t.Errorf("%+v", kept)
	}
}
