package store

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"sportello/assistant"
	"sportello/assistant/fault"
)

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.Local)

func asked(id string, at time.Time) assistant.Asked {
	return assistant.Asked{
		ID: id, Tenant: "avella", At: at, Language: "it", Subject: "TARI", Office: "Ufficio Tributi", Status: assistant.Quoted, Confidence: 0.9,
		Question: "Quando scade la rata " + id + "?", Statements: []assistant.StatementJSON{{Text: "Il 16 giugno.", Origin: assistant.FromDocument}},
		Passages: []assistant.PassageJSON{{Title: "Regolamento", Article: "12"}},
	}
}

func TestAsked(t *testing.T) {
	ctx := context.Background()
	s := opened(t, Config{Dir: t.TempDir(), Analyze: words})
	comune(t, s, "avella", "baiano")
	a := asked("a1", noon)
	ok(t, s.AddAsked(ctx, a, true))
	none := asked("a2", noon.AddDate(0, 0, 1))
	none.Status, none.Reason, none.Subject, none.Confidence, none.Language = assistant.Refused, assistant.NoSource, "", 0.2, "fr"
	ok(t, s.AddAsked(ctx, none, true))
	weak := asked("a3", noon)
	weak.Confidence = 0.6
	ok(t, s.AddAsked(ctx, weak, true))
	ok(t, s.AddAsked(ctx, asked("a4", noon), false))
	ok(t, s.AddFeedback(ctx, assistant.Feedback{Tenant: "avella", Question: "a1", At: noon, Useful: -1, Rate: 2, Reason: "unclear", Text: "non ho capito"}, true))
	ok(t, s.AddFeedback(ctx, assistant.Feedback{Tenant: "avella", At: noon, Rate: 5}, false))

	got, err := s.Asked(ctx, "avella", "a1")
	ok(t, err)
	if d := cmp.Diff(a, *got, cmpopts.EquateApproxTime(time.Minute)); d != "" {
		t.Error(d)
	}
	for _, id := range []string{"a4", "zz"} {
		_, err := s.Asked(ctx, "avella", id)
		wantCode(t, err, fault.NotFound)
	}
	_, err = s.Asked(ctx, "baiano", "a1")
	wantCode(t, err, fault.NotFound)

	ok(t, s.MarkAsked(ctx, "avella", "a3", "Anagrafe", true))
	wantCode(t, s.MarkAsked(ctx, "baiano", "a3", "", true), fault.NotFound)
	for name, tc := range map[string]struct {
		f    assistant.AskedFilter
		want []string
	}{
		"all":        {assistant.AskedFilter{}, []string{"a2", "a1", "a3"}},
		"unanswered": {assistant.AskedFilter{What: "unanswered"}, []string{"a2"}},
		"refused":    {assistant.AskedFilter{What: "refused"}, []string{"a2"}},
		"weak":       {assistant.AskedFilter{What: "weak"}, []string{"a3"}},
		"answered":   {assistant.AskedFilter{What: "answered"}, []string{"a1", "a3"}},
		"disliked":   {assistant.AskedFilter{What: "disliked"}, []string{"a1"}},
		"language":   {assistant.AskedFilter{Language: "fr"}, []string{"a2"}},
		"subject":    {assistant.AskedFilter{Subject: "TARI"}, []string{"a1", "a3"}},
		"none of":    {assistant.AskedFilter{NoneOf: true}, []string{"a2"}},
		"office":     {assistant.AskedFilter{Office: "Anagrafe"}, []string{"a3"}},
		"open":       {assistant.AskedFilter{Open: true}, []string{"a2", "a1"}},
		"words":      {assistant.AskedFilter{Words: "RATA A1"}, []string{"a1"}},
		"days":       {assistant.AskedFilter{From: "2026-11-21", To: "2026-11-21"}, []string{"a2"}},
	} {
		list, n, err := s.AskedList(ctx, "avella", tc.f)
		ok(t, err)
		var ids []string
		for _, a := range list {
			ids = append(ids, a.ID)
		}
		if d := cmp.Diff(tc.want, ids); d != "" || n != len(ids) {
			t.Errorf("%s: %d %s", name, n, d)
		}
	}
	if list, n, err := s.AskedList(ctx, "avella", assistant.AskedFilter{Limit: 1}); err != nil || len(list) != 1 || n != 3 {
		t.Errorf("limit: %d of %d, %v", len(list), n, err)
	}
	counts, err := s.Counts(ctx, "avella", "", "")
	ok(t, err)
	total := 0
	for _, c := range counts {
		total += c.N
	}
	if total != 4 {
		t.Errorf("%d counted: %+v", total, counts)
	}
	said, err := s.FeedbackCounts(ctx, "avella", "2026-11-20", "")
	ok(t, err)
	if d := cmp.Diff([]assistant.FeedbackCount{{Day: "2026-11-20", Kind: "rate", Value: "2", N: 1}, {Day: "2026-11-20", Kind: "rate", Value: "5", N: 1},
		{Day: "2026-11-20", Kind: "reason", Value: "unclear", N: 1}, {Day: "2026-11-20", Kind: "useful", Value: "-1", N: 1}}, said); d != "" {
		t.Error(d)
	}
	if kept, err := s.Feedback(ctx, "avella", "", ""); err != nil || len(kept) != 1 || kept[0].Text != "non ho capito" {
		t.Errorf("feedback %+v, %v", kept, err)
	}
}

// What was deleted is gone: neither the words nor what they were sealed as is in the database file, its log or any other file of the
// folder, and the key is destroyed. What is younger stays.
func TestRetentionOnTheBytes(t *testing.T) {
	onlySQLite(t, "what PostgreSQL forgets has a test of its own")
	ctx := context.Background()
	dir := t.TempDir()
	s := opened(t, Config{Dir: dir, Analyze: words})
	comune(t, s, "avella")
	var sealed [][]byte
	old := noon.AddDate(0, 0, -7)
	for i := range 200 {
		at := noon
		if i%2 == 0 {
			at = old
		}
		a := asked(fmt.Sprintf("q%03d", i), at)
		a.Question = fmt.Sprintf("Parola segretissima numero %d?", i)
		ok(t, s.AddAsked(ctx, a, true))
	}
	ok(t, s.AddFeedback(ctx, assistant.Feedback{Tenant: "avella", Question: "q000", At: old, Useful: -1, Text: "Parola segretissima"}, true))
	rows := must[*[][]byte](t)(sealedOf(s, old.Format(time.DateOnly)))
	sealed = *rows
	key, err := s.keyring.read(dayKey("avella", old.Format(time.DateOnly)))
	ok(t, err)
	if len(sealed) != 101 {
		t.Fatalf("%d rows of the old day", len(sealed))
	}
	if n := occurrences(t, dir, []byte("segretissima")); n != 0 {
		t.Errorf("what was written is readable %d times before it is deleted", n)
	}
	if occurrences(t, dir, sealed[0][:24]) == 0 || occurrences(t, dir, key) == 0 {
		t.Fatal("this test would see nothing")
	}

	n, err := s.Expire(ctx, "avella", noon.AddDate(0, 0, -7).Format(time.DateOnly))
	ok(t, err)
	done, err := s.Forget(ctx)
	ok(t, err)
	if n != 100 || !done {
		t.Errorf("%d deleted, log emptied: %v", n, done)
	}
	for _, b := range sealed {
		for at := 0; at+24 <= len(b); at += 24 { // no piece of it either
			if c := occurrences(t, dir, b[at:at+24]); c != 0 {
				t.Fatalf("a sealed row is still there: %d bytes at %d, %d times", len(b), at, c)
			}
		}
		if testing.Short() {
			break
		}
	}
	if occurrences(t, dir, key) != 0 {
		t.Error("the key is still there")
	}
	list, _, err := s.AskedList(ctx, "avella", assistant.AskedFilter{})
	ok(t, err)
	if len(list) != 100 {
		t.Errorf("%d questions left, want 100", len(list))
	}
	counts, err := s.Counts(ctx, "avella", "", "")
	ok(t, err)
	if len(counts) != 2 || counts[0].N != 100 {
		t.Errorf("counts stay: %+v", counts)
	}
	if n, err := s.Expire(ctx, "avella", "2026-01-01"); err != nil || n != 0 {
		t.Errorf("nothing to do: %d %v", n, err)
	}
}

func sealedOf(s *Store, day string) (*[][]byte, error) {
	rows, err := s.reader.Query("SELECT sealed FROM questions WHERE day = ? UNION ALL SELECT sealed FROM feedback WHERE day = ?", day, day)
	if err != nil {
		return nil, err
	}
	out, err := collect(rows, func(row scanner) (b []byte, err error) { return b, row.Scan(&b) })
	return &out, err
}

// occurrences counts what in all files below a folder.
func occurrences(t *testing.T, dir string, what []byte) int {
	t.Helper()
	n := 0
	err := filepath.WalkDir(dir, func(name string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(name)
		n += bytes.Count(b, what)
		return err
	})
	ok(t, err)
	return n
}

// A backup restored without the keys has counts and no words.
func TestKeyGone(t *testing.T) {
	ctx := context.Background()
	s := opened(t, Config{Dir: t.TempDir(), Analyze: words})
	comune(t, s, "avella")
	ok(t, s.AddAsked(ctx, asked("a1", noon), true))
	ok(t, s.AddFeedback(ctx, assistant.Feedback{Tenant: "avella", At: noon, Useful: 1}, true))
	ok(t, s.AddHandOver(ctx, assistant.HandOver{ID: "h1", Tenant: "avella", Office: "URP", Text: "testo", Token: "t"}, false))
	loseKeys(t, s)
	_, err := s.Asked(ctx, "avella", "a1")
	wantCode(t, err, fault.NotFound)
	_, err = s.HandOver(ctx, "avella", "h1")
	wantCode(t, err, fault.NotFound)
	list, n, err := s.AskedList(ctx, "avella", assistant.AskedFilter{})
	if err != nil || n != 0 || list != nil {
		t.Errorf("%v %d %v", list, n, err)
	}
	if said, err := s.Feedback(ctx, "avella", "", ""); err != nil || said != nil {
		t.Errorf("%v %v", said, err)
	}
	if left, err := s.HandOvers(ctx, "avella", "", ""); err != nil || left != nil {
		t.Errorf("%v %v", left, err)
	}
	// Damage is told apart from a key that is gone.
	ok(t, s.AddAsked(ctx, asked("a5", noon), true))
	key := dayKey("avella", "2026-11-20")
	ok(t, s.shred(key))
	ok(t, s.keyring.put(key, []byte("short")))
	_, err = s.Asked(ctx, "avella", "a5")
	wantCode(t, err, fault.Broken)
}

func TestApprovedAnswers(t *testing.T) {
	ctx := context.Background()
	s := opened(t, Config{Dir: t.TempDir(), Analyze: words})
	comune(t, s, "avella", "baiano")
	before := must[int64](t)(s.ApprovedSeq(ctx))
	a := assistant.Approved{
		ID: "p1", Tenant: "avella", Language: "it", Question: "Quando?", Wordings: []string{"In che giorno?"}, Text: "Il martedì.\n\nAnche il sabato.",
		Sources: []assistant.Citation{{DocumentID: "d", Quote: "martedì e sabato"}}, Office: "URP", Author: "anna", On: "2026-11-20", Expires: "2027-01-31",
	}
	ok(t, s.PutApproved(ctx, a))
	got, err := s.Approved(ctx, "avella", "p1")
	ok(t, err)
	if d := cmp.Diff(a, *got, cmpopts.IgnoreFields(assistant.Approved{}, "UpdatedAt")); d != "" {
		t.Error(d)
	}
	if got.Expired("2027-01-31") || !got.Expired("2027-02-01") || len(got.Statements()) != 2 {
		t.Errorf("expiry or statements: %+v", got.Statements())
	}
	served := asked("a1", noon)
	served.Approved = "p1"
	ok(t, s.AddAsked(ctx, served, true))
	a.Withdrawn = true
	ok(t, s.PutApproved(ctx, a))
	list, err := s.ApprovedList(ctx, "avella")
	ok(t, err)
	if len(list) != 1 || list[0].Served != 1 || !list[0].Withdrawn || !list[0].Expired("2026-11-20") {
		t.Errorf("%+v", list)
	}
	a.Tenant = "baiano"
	wantCode(t, s.PutApproved(ctx, a), fault.NotFound)
	_, err = s.Approved(ctx, "baiano", "p1")
	wantCode(t, err, fault.NotFound)
	if after := must[int64](t)(s.ApprovedSeq(ctx)); after != before+2 {
		t.Errorf("sequence %d after %d", after, before)
	}
}

func TestClosures(t *testing.T) {
	ctx := context.Background()
	s := opened(t, Config{Dir: t.TempDir(), Analyze: words})
	comune(t, s, "avella")
	before := must[int64](t)(s.ClosureSeq(ctx))
	wantCode(t, s.SwitchOff(ctx, assistant.Closure{Tenant: "nowhere"}), fault.NotFound)
	wantCode(t, s.SwitchOn(ctx, "avella", "TARI"), fault.NotFound)
	ok(t, s.SwitchOff(ctx, assistant.Closure{Tenant: "avella", Subject: "TARI", Notice: "In revisione", By: "anna"}))
	ok(t, s.SwitchOff(ctx, assistant.Closure{Tenant: "avella", Subject: "TARI", Notice: "Torna domani", By: "anna"}))
	all, err := s.Closures(ctx)
	ok(t, err)
	if len(all) != 1 || all[0].Notice != "Torna domani" || all[0].At.IsZero() {
		t.Errorf("%+v", all)
	}
	ok(t, s.SwitchOn(ctx, "avella", "TARI"))
	if after := must[int64](t)(s.ClosureSeq(ctx)); after != before+3 {
		t.Errorf("sequence %d after %d", after, before)
	}
}

func TestHandOver(t *testing.T) {
	ctx := context.Background()
	now := noon
	s := opened(t, Config{Dir: t.TempDir(), Analyze: words, Now: func() time.Time { return now }})
	comune(t, s, "avella")
	h := assistant.HandOver{ID: "h1", Tenant: "avella", Office: "URP", Language: "ar", Asked: "a1", Text: "Come faccio?", Email: "anna@example.it", Token: "tttt"}
	ok(t, s.AddHandOver(ctx, h, true))
	ok(t, s.AddHandOver(ctx, assistant.HandOver{ID: "h2", Tenant: "avella", Office: "URP", Text: "Altro", Token: "uuuu"}, false))
	if occurrences(t, s.dir, []byte("anna@example.it"))+occurrences(t, s.dir, []byte("tttt")) > 0 {
		t.Error("the address or the link can be read in the folder")
	}
	got, err := s.HandOverByToken(ctx, "avella", "tttt")
	ok(t, err)
	if got.Email != "anna@example.it" || got.State != assistant.HandOverOpen || got.Token != "tttt" || !got.WithEmail {
		t.Errorf("%+v", got)
	}
	_, err = s.HandOverByToken(ctx, "avella", "xxxx")
	wantCode(t, err, fault.NotFound)

	ok(t, s.MoveHandOver(ctx, "avella", "h1", "Ufficio Tributi", ActorSystem, true))
	list, err := s.HandOvers(ctx, "avella", assistant.HandOverOpen, "Ufficio Tributi")
	ok(t, err)
	if len(list) != 1 || list[0].Email != "" || list[0].Token != "" {
		t.Errorf("%+v", list)
	}
	waiting, err := s.OpenHandOvers(ctx, "avella")
	ok(t, err)
	if d := cmp.Diff(map[string]int{"URP": 1, "Ufficio Tributi": 1}, waiting); d != "" {
		t.Error(d)
	}
	ok(t, s.AnswerHandOver(ctx, "avella", "h1", "Così.", "anna", ActorSystem, true))
	wantCode(t, s.AnswerHandOver(ctx, "avella", "h1", "Anzi no.", "ugo", ActorSystem, true), fault.Conflict)
	ok(t, s.CloseHandOver(ctx, "avella", "h2", "anna", ActorSystem))
	got, err = s.HandOver(ctx, "avella", "h1")
	ok(t, err)
	if got.Reply != "Così." || got.AnsweredBy != "anna" || got.AnsweredAt.IsZero() {
		t.Errorf("%+v", got)
	}

	var to []string
	for {
		m, err := s.ClaimMail(ctx, now.Add(time.Minute))
		ok(t, err)
		if m == nil {
			break
		}
		to = append(to, m.To)
	}
	if d := cmp.Diff([]string{"office", "office", "citizen"}, to); d != "" {
		t.Error(d)
	}
	mails, err := s.Mails(ctx, "avella", "h1")
	ok(t, err)
	ok(t, s.MailSent(ctx, mails[0].ID))
	ok(t, s.MailLater(ctx, mails[1].ID, now.Add(time.Hour), "busy"))
	ok(t, s.MailLater(ctx, mails[2].ID, time.Time{}, "no such mailbox"))
	now = now.Add(2 * time.Hour)
	again, err := s.ClaimMail(ctx, now.Add(time.Minute))
	ok(t, err)
	if again == nil || again.ID != mails[1].ID || again.Tries != 2 || again.Error != "busy" {
		t.Errorf("%+v", again)
	}
	ok(t, s.ForgetEmail(ctx, "avella", "h1"))
	if got, err := s.HandOver(ctx, "avella", "h1"); err != nil || got.Email != "" || got.Reply != "Così." {
		t.Errorf("%+v %v", got, err)
	}
	n, err := s.ExpireHandOvers(ctx, now.Add(time.Second))
	ok(t, err)
	if keys, err := s.keys("h."); n != 2 || err != nil || len(keys) != 0 {
		t.Errorf("%d expired, keys %v, %v", n, keys, err)
	}
	_, err = s.HandOver(ctx, "avella", "h1")
	wantCode(t, err, fault.NotFound)
}

// A conversation is sealed and forgotten with its hand-over.
func TestChat(t *testing.T) {
	ctx := context.Background()
	now := noon
	s := opened(t, Config{Dir: t.TempDir(), Analyze: words, Now: func() time.Time { return now }})
	comune(t, s, "avella")
	for _, id := range []string{"h1", "h2"} {
		ok(t, s.AddHandOver(ctx, assistant.HandOver{ID: id, Tenant: "avella", Office: "URP", Text: "Come?", Token: "t" + id}, false))
	}
	wantCode(t, s.AskChat(ctx, "avella", "none"), fault.NotFound)
	wantCode(t, s.Say(ctx, "avella", "h1", false, "x"), fault.Conflict)
	if c := must[*assistant.Chat](t)(s.Chat(ctx, "h1")); c != nil {
		t.Errorf("%+v", c)
	}
	ok(t, s.Seen(ctx, "h1", true))
	for range 2 {
		ok(t, s.AskChat(ctx, "avella", "h1"))
	}
	ok(t, s.AskChat(ctx, "avella", "h2"))
	ok(t, s.Say(ctx, "avella", "h1", false, "il pavone è mio"))
	wantCode(t, s.Say(ctx, "avella", "h1", true, "x"), fault.Conflict)
	ok(t, s.JoinChat(ctx, "avella", "h1", "Anna", ActorSystem))
	wantCode(t, s.JoinChat(ctx, "avella", "h1", "Ugo", ActorSystem), fault.Conflict)
	ok(t, s.Say(ctx, "avella", "h1", true, "bene, lo tenga"))
	now = now.Add(time.Minute)
	ok(t, s.Seen(ctx, "h1", true))
	c := must[*assistant.Chat](t)(s.Chat(ctx, "h1"))
	if len(c.Messages) != 2 || c.Messages[0].Text != "il pavone è mio" || c.Messages[0].Office || !c.Messages[1].Office || c.JoinedBy != "Anna" || !c.ClerkThere(now) || c.CitizenThere(now) {
		t.Errorf("%+v", c)
	}
	if occurrences(t, s.dir, []byte("pavone"))+occurrences(t, s.dir, []byte("lo tenga")) > 0 {
		t.Error("what was said can be read in the folder")
	}
	if all := must[[]assistant.Chat](t)(s.Chats(ctx, "avella")); len(all) != 2 {
		t.Errorf("%+v", all)
	}
	for i := len(c.Messages); i < MostMessages; i++ {
		ok(t, s.Say(ctx, "avella", "h1", i%2 == 0, "x"))
	}
	wantCode(t, s.Say(ctx, "avella", "h1", false, "x"), fault.TooLarge)
	ok(t, s.EndChat(ctx, "avella", "h1", "Anna", ActorSystem))
	wantCode(t, s.EndChat(ctx, "avella", "h1", "Anna", ActorSystem), fault.Conflict)
	wantCode(t, s.AskChat(ctx, "avella", "h1"), fault.Conflict)
	ok(t, s.AnswerHandOver(ctx, "avella", "h2", "Così.", "Ugo", ActorSystem, false)) // a written reply ends it too
	for _, id := range []string{"h1", "h2"} {
		if c := must[*assistant.Chat](t)(s.Chat(ctx, id)); c.State != assistant.ChatEnded {
			t.Errorf("%s: %+v", id, c)
		}
	}
	// Who is there counts for as long as they said.
	ok(t, s.SetAvailable(ctx, "anna", "avella", now.Add(time.Minute)))
	ok(t, s.SetAvailable(ctx, "ugo", "avella", now.Add(time.Hour)))
	now = now.Add(2 * time.Minute)
	if n := must[int](t)(s.Available(ctx, "avella")); n != 1 {
		t.Errorf("%d are there", n)
	}
	if must[bool](t)(s.IsAvailable(ctx, "anna", "avella")) || !must[bool](t)(s.IsAvailable(ctx, "ugo", "avella")) {
		t.Error("the wrong one is there")
	}
	if n := must[int](t)(s.ExpireHandOvers(ctx, now.Add(time.Second))); n != 2 {
		t.Errorf("%d expired", n)
	}
	if c := must[*assistant.Chat](t)(s.Chat(ctx, "h1")); c != nil {
		t.Errorf("kept: %+v", c)
	}
}
