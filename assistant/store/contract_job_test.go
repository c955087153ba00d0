package store

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sportello/assistant/fault"
	"sportello/ingest"
)

// archive makes a ZIP of name, content pairs.
func archive(t *testing.T, pairs ...string) string {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := 0; i < len(pairs); i += 2 {
		f, err := w.Create(pairs[i])
		ok(t, err)
		_, err = f.Write([]byte(pairs[i+1]))
		ok(t, err)
	}
	ok(t, w.Close())
	return b.String()
}

const article = "Regolamento %s\n\nArt. 1 Oggetto\nIl regolamento disciplina la materia %s nel territorio comunale.\n"

func worker(s *Store) *ingest.Worker {
	return ingest.NewWorker(ingest.WorkerConfig{Queue: s, Syncer: ingest.NewSyncer(ingest.SyncConfig{Parser: plain{}, Shelf: s}), Renew: 5 * time.Millisecond})
}

func fileLines(t *testing.T, s *Store, job string) (lines []string) {
	t.Helper()
	for _, f := range must[[]ingest.JobFile](t)(s.JobFiles(t.Context(), job)) {
		lines = append(lines, fmt.Sprintf("%s %s %s %s", f.Source, f.State, f.Outcome, f.Code))
	}
	return lines
}

func upload(t *testing.T, s *Store, o ingest.JobOptions, pairs ...string) string {
	t.Helper()
	u := must[*Upload](t)(s.NewUpload(t.Context(), "avella", "rossi", o))
	for i := 0; i < len(pairs); i += 2 {
		ok(t, u.Add(pairs[i], "caricati/"+pairs[i], strings.NewReader(pairs[i+1]), 1<<20))
	}
	return must[string](t)(u.Commit(t.Context()))
}

// From bytes that arrive to documents, a journal and an empty inbox.
func testUploads(t *testing.T, s *Store) {
	ctx := t.Context()
	comune(t, s, "avella")
	tari, imu := fmt.Sprintf(article, "TARI", "rifiuti"), fmt.Sprintf(article, "IMU", "immobili")
	pack := archive(t, "sub/imu.txt", imu, "../fuori.txt", imu, "sub/vuoto.txt", "", "sub/doppio.txt", tari, ".nascosto", "x", "__MACOSX/x.txt", "x")
	u := must[*Upload](t)(s.NewUpload(ctx, "avella", "rossi", ingest.JobOptions{}))
	u.Options(ingest.JobOptions{Office: "Tributi", Visibility: ingest.Staff})
	ok(t, u.Add("tari.txt", "caricati/tari.txt", strings.NewReader(tari), 1<<20))
	ok(t, u.Add("atti.zip", "caricati/atti.zip", strings.NewReader(pack), 1<<20))
	err := u.Add("grande.txt", "caricati/grande.txt", strings.NewReader(strings.Repeat("x", 100)), 99)
	wantCode(t, err, fault.TooLarge)
	u.Refuse("grande.txt", err)
	job := must[string](t)(u.Commit(ctx))
	if worked := must[bool](t)(worker(s).Once(ctx)); !worked {
		t.Fatal("no job")
	}
	want := []string{
		"caricati/tari.txt done added ", "caricati/atti.zip done unpacked ", " failed  too_large", "caricati/atti/sub/imu.txt done added ",
		" failed  invalid", "caricati/atti/sub/vuoto.txt failed  no_text", "caricati/atti/sub/doppio.txt done duplicate ",
	}
	if diff := cmp.Diff(want, fileLines(t, s, job)); diff != "" {
		t.Error(diff)
	}
	r := must[*JobRecord](t)(s.Job(ctx, "avella", job))
	if !r.Ended() || r.Files != 7 || r.Done != 4 || r.Failed != 3 || r.FinishedAt.IsZero() {
		t.Errorf("job %+v", r)
	}
	all := must[[]Record](t)(s.Documents(ctx, "avella", Filter{}))
	if len(all) != 2 || all[0].Office != "Tributi" || all[0].Visibility != ingest.Staff {
		t.Errorf("documents %+v", all)
	}
	if left := must[[]os.DirEntry](t)(os.ReadDir(s.inbox(job))); len(left) != 1 || left[0].Name() != "1" {
		t.Errorf("the inbox keeps %v, want the archive that a failed file lies in", left)
	}
	// The same bytes again: nothing to do.
	again := upload(t, s, ingest.JobOptions{}, "tari.txt", tari)
	must[bool](t)(worker(s).Once(ctx))
	if diff := cmp.Diff([]string{"caricati/tari.txt done unchanged "}, fileLines(t, s, again)); diff != "" {
		t.Error(diff)
	}
	if _, err := os.Stat(s.inbox(again)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the inbox keeps what was taken in: %v", err)
	}
	// A new version, undone; then the first upload undone.
	upload(t, s, ingest.JobOptions{}, "tari.txt", tari+"Art. 2 Tariffe\nLa tariffa è di 10 euro.\n")
	must[bool](t)(worker(s).Once(ctx))
	entries := must[[]Entry](t)(s.Journal(ctx, "avella", 10, 0))
	if len(entries) != 2 || entries[0].Action != "upload" || entries[0].Items != 1 || entries[1].Label != "2" {
		t.Fatalf("journal %+v", entries)
	}
	id := entries[0].Subject
	if d := must[*ingest.Document](t)(s.Content(ctx, "avella", id)); !strings.Contains(d.Text, "10 euro") {
		t.Errorf("new version: %q", d.Text)
	}
	ok(t, s.Undo(ctx, "avella", "rossi", entries[0].ID))
	if d := must[*ingest.Document](t)(s.Content(ctx, "avella", id)); strings.Contains(d.Text, "10 euro") {
		t.Errorf("the version undone is there: %q", d.Text)
	}
	ok(t, s.Undo(ctx, "avella", "rossi", entries[1].ID))
	if live := must[[]Record](t)(s.Documents(ctx, "avella", Filter{State: Live})); len(live) != 0 {
		t.Errorf("undone and live: %+v", live)
	}
	if jobs := must[[]JobRecord](t)(s.Jobs(ctx, "avella", 10)); len(jobs) != 3 {
		t.Errorf("jobs %+v", jobs)
	}
	ok(t, s.RetryJob(ctx, "avella", "rossi", job))
	must[bool](t)(worker(s).Once(ctx))
	if lines := fileLines(t, s, job); lines[4] != " failed  invalid" || lines[5] != "caricati/atti/sub/vuoto.txt failed  no_text" {
		t.Errorf("after another try: %v", lines)
	}
}

func testUploadStopped(t *testing.T, s *Store) {
	ctx := t.Context()
	comune(t, s, "avella")
	_, err := s.NewUpload(ctx, "nessuno", "rossi", ingest.JobOptions{})
	wantCode(t, err, fault.NotFound)
	u := must[*Upload](t)(s.NewUpload(ctx, "avella", "rossi", ingest.JobOptions{}))
	_, err = u.Commit(ctx)
	wantCode(t, err, fault.Invalid)
	ok(t, u.Discard())
	job := upload(t, s, ingest.JobOptions{}, "a.txt", fmt.Sprintf(article, "A", "a"))
	wantCode(t, s.RetryJob(ctx, "avella", "rossi", job), fault.Conflict)
	leased := must[*ingest.Job](t)(s.LeaseJob(ctx))
	if leased == nil || leased.ID != job {
		t.Fatalf("leased %+v", leased)
	}
	if other := must[*ingest.Job](t)(s.LeaseJob(ctx)); other != nil {
		t.Errorf("leased twice: %+v", other)
	}
	ok(t, s.RenewJob(ctx, job))
	ok(t, s.CancelJob(ctx, "avella", "rossi", job))
	wantCode(t, s.RenewJob(ctx, job), fault.Conflict)
	if _, err := os.Stat(s.inbox(job)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the bytes of a stopped upload: %v", err)
	}
	if worked := must[bool](t)(worker(s).Once(ctx)); worked {
		t.Error("a stopped upload goes on")
	}
	_, err = s.Job(ctx, "altrove", job)
	wantCode(t, err, fault.NotFound)
}

// A process that is killed in the middle of an upload loses nothing: another goes on when the lease has ended.
func TestUploadSurvivesKill(t *testing.T) {
	ctx := t.Context()
	clock := time.Now()
	s := opened(t, Config{Dir: t.TempDir(), Now: func() time.Time { return clock }})
	comune(t, s, "avella")
	job := upload(t, s, ingest.JobOptions{}, "a.txt", fmt.Sprintf(article, "A", "a"), "b.txt", fmt.Sprintf(article, "B", "b"))
	leased := must[*ingest.Job](t)(s.LeaseJob(ctx))
	f := must[*ingest.JobFile](t)(s.NextFile(ctx, job))
	ok(t, s.BeginFile(ctx, leased, f))
	// Killed after the document was put and before that was noted.
	b := must[[]byte](t)(os.ReadFile(f.Path))
	step := must[ingest.Step](t)(ingest.NewSyncer(ingest.SyncConfig{Parser: plain{}, Shelf: s}).Take(ctx, ingest.Request{Tenant: "avella"}, f.Name, f.Source, b))
	if step.Outcome != ingest.Added {
		t.Fatalf("step %+v", step)
	}
	if worked := must[bool](t)(worker(s).Once(ctx)); worked {
		t.Error("another took the job while its lease ran")
	}
	clock = clock.Add(jobLease + time.Second)
	must[bool](t)(worker(s).Once(ctx))
	if diff := cmp.Diff([]string{"caricati/a.txt done added ", "caricati/b.txt done added "}, fileLines(t, s, job)); diff != "" {
		t.Error(diff)
	}
	entries := must[[]Entry](t)(s.Journal(ctx, "avella", 10, 0))
	if len(entries) != 1 || entries[0].Items != 2 {
		t.Errorf("journal %+v", entries)
	}
}

func TestJobsArePruned(t *testing.T) {
	ctx := t.Context()
	clock := time.Now()
	s := opened(t, Config{Dir: t.TempDir(), Now: func() time.Time { return clock }})
	comune(t, s, "avella")
	ok(t, s.PruneJobs(ctx))
	job := upload(t, s, ingest.JobOptions{}, "vuoto.txt", "")
	must[bool](t)(worker(s).Once(ctx))
	must[*Upload](t)(s.NewUpload(ctx, "avella", "rossi", ingest.JobOptions{})) // and its process dies
	clock = clock.Add(UndoFor + time.Hour)
	waiting := upload(t, s, ingest.JobOptions{}, "a.txt", fmt.Sprintf(article, "A", "a"))
	ok(t, s.PruneJobs(ctx))
	if left := waitingBytes(t, s); len(left) != 1 || left[0] != waiting {
		t.Errorf("left %v, want %s", left, waiting)
	}
	_, err := s.Job(ctx, "avella", job)
	wantCode(t, err, fault.NotFound)
}
