package main

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"text/tabwriter"
	"time"

	"sportello/assistant/access"
	"sportello/assistant/fault"
	"sportello/assistant/store"
)

// evalLoadCmd measures how long questions take while documents come in through the console, next to how long they take otherwise.
type evalLoadCmd struct {
	Pages     int           `default:"300" help:"Pages of the PDF that is uploaded."`
	Files     int           `default:"500" help:"Files of the ZIP that is uploaded."`
	Every     time.Duration `default:"250ms" help:"Between two questions."`
	Questions int           `default:"200" help:"Questions asked while nothing comes in; while something does they are asked until it is in."`
	Corpus    string        `help:"Upload all files of this folder, broken ones too, instead of the PDF and the ZIP." type:"existingdir" placeholder:"FOLDER"`
	JSON      bool          `help:"Print JSON."`
	Folder    string        `arg:"" help:"Documents that the questions are about." type:"existingdir"`
	Ask       []string      `name:"ask" help:"Questions to ask, in turn." placeholder:"QUESTION" sep:"none"`
}

func (cmd *evalLoadCmd) Help() string {
	return "Example:\n  sportello eval load cmd/sportello/demo/documents\n  sportello eval load --corpus ../shared/data/robustness cmd/sportello/demo/documents\n\n" +
		"Works in a folder of its own that it deletes, with a server, a person who is signed in, and the documents uploaded as that person does."
}

// loaded is a line of the result.
type loaded struct {
	What      string  `json:"what"`
	Questions int     `json:"questions"`
	P50       float64 `json:"p50_ms"`
	P95       float64 `json:"p95_ms"`
	Seconds   float64 `json:"seconds"`             // until the files were in and had their vectors
	ReadIn    float64 `json:"read_in,omitempty"`   // until the files were in
	Documents int     `json:"documents,omitempty"` // taken in
	Failed    int     `json:"failed,omitempty"`

	MemoryMB int            `json:"memory_mb,omitempty"` // at most, of the server with all it started; of a corpus
	Reasons  map[string]int `json:"reasons,omitempty"`   // why files were not read, by code
}

var askedUnderLoad = []string{
	"quanto costa la sala civica per un giorno?", "c'è uno sconto sulla TARI per il compostaggio?", "come si chiede la rateizzazione della TARI?",
	"quali sono gli orari della biblioteca?", "chi può iscrivere i figli al nido?", "quanto si paga per il passo carrabile?",
}

func (cmd *evalLoadCmd) Run(ctx context.Context, s *session) error {
	dir, err := os.MkdirTemp("", "sportello-load-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	cfg := *s.cfg
	cfg.Data, cfg.Serve.AskPerMinute, cfg.Serve.PublicURL = dir, 1_000_000, ""
	if len(cmd.Ask) == 0 {
		cmd.Ask = askedUnderLoad
	}
	own := &session{cfg: &cfg, stdout: s.stdout, stderr: s.stderr}
	rows, err := own.measureLoad(ctx, cmd)
	if err != nil {
		return err
	}
	if cmd.JSON {
		return printJSON(s.stdout, rows)
	}
	w := tabwriter.NewWriter(s.stdout, 0, 4, 2, ' ', 0)
	sayln(w, "what\tquestions\tp50 ms\tp95 ms\tp95 to idle\tread in s\twith vectors s\tdocuments\tnot read")
	for _, r := range rows {
		sayf(w, "%s\t%d\t%.0f\t%.0f\t%.2f\t%.1f\t%.1f\t%d\t%d\n", r.What, r.Questions, r.P50, r.P95, r.P95/max(rows[0].P95, 0.001), r.ReadIn, r.Seconds, r.Documents, r.Failed)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	for _, r := range rows {
		if r.MemoryMB > 0 {
			sayf(s.stdout, "memory: %d MB at most; not read, by code: %v\n", r.MemoryMB, r.Reasons)
		}
	}
	return nil
}

const loadTenant = "carico"

func (s *session) measureLoad(ctx context.Context, cmd *evalLoadCmd) (rows []loaded, err error) {
	a, err := s.open(ctx)
	if err != nil {
		return nil, err
	}
	defer release(a)
	if err := a.store.AddTenant(ctx, store.Tenant{Slug: loadTenant, Name: "Comune di prova"}); err != nil {
		return nil, err
	}
	if _, err := s.ingest(ctx, a, ingestOptions{tenant: loadTenant, paths: []string{cmd.Folder}}); err != nil {
		return nil, err
	}
	texts, err := a.loadTexts(ctx)
	if err != nil {
		return nil, err
	}
	serving, stop := context.WithCancel(ctx)
	ready, served := make(chan string, 1), make(chan error, 1)
	go func() { served <- a.serve(serving, "127.0.0.1:0", func(addr string) { ready <- "http://" + addr }) }()
	defer func() {
		stop()
		if e := <-served; err == nil {
			err = e
		}
	}()
	var clerk *loadClerk
	select {
	case base := <-ready:
		if clerk, err = a.newClerk(ctx, base); err != nil {
			return nil, err
		}
	case err := <-served:
		return nil, err
	}
	idle, err := clerk.askUntil(ctx, cmd, func(n int) bool { return n >= cmd.Questions })
	if err != nil {
		return nil, err
	}
	idle.What = "idle"
	rows = append(rows, idle)
	if cmd.Corpus != "" {
		row, err := a.loadCorpus(ctx, clerk, cmd)
		return append(rows, row), err
	}
	pack, err := loadZip(texts, cmd.Files)
	if err != nil {
		return nil, err
	}
	for _, u := range []struct {
		what, name string
		content    []byte
	}{{fmt.Sprintf("PDF of %d pages", cmd.Pages), "grande.pdf", loadPDF(texts, cmd.Pages)}, {fmt.Sprintf("ZIP of %d files", cmd.Files), "molti.zip", pack}} {
		row, err := a.loadWith(ctx, clerk, cmd, u.name, u.content)
		if err != nil {
			return nil, err
		}
		row.What = u.what
		slog.Info("measured", "what", row.What, "questions", row.Questions, "p50_ms", row.P50, "p95_ms", row.P95, "read_in_s", row.ReadIn, "with_vectors_s", row.Seconds)
		rows = append(rows, row)
	}
	return rows, nil
}

// loadTexts gives the paragraphs of the documents that are there, to make others of.
func (a *app) loadTexts(ctx context.Context) (texts []string, err error) {
	err = a.store.EachText(ctx, loadTenant, func(_ string, text []byte) error {
		for line := range strings.Lines(string(text)) {
			if line = strings.TrimSpace(line); len(line) > 60 {
				texts = append(texts, line)
			}
		}
		return nil
	})
	if err == nil && len(texts) == 0 {
		err = fault.New(fault.Invalid, "the documents gave no text to measure with")
	}
	return texts, err
}

// loadWith uploads a file and asks until it is in and has its vectors.
func (a *app) loadWith(ctx context.Context, clerk *loadClerk, cmd *evalLoadCmd, name string, content []byte) (row loaded, err error) {
	began := time.Now()
	job, err := clerk.upload(ctx, name, content)
	if err != nil {
		return row, err
	}
	asking, stop := context.WithCancel(ctx)
	defer stop()
	var watch sync.WaitGroup
	var readIn float64
	var record *store.JobRecord
	var failed error
	watch.Go(func() {
		defer stop()
		for ctx.Err() == nil {
			if record, failed = a.store.Job(ctx, loadTenant, job); failed != nil {
				return
			}
			if record.Ended() && readIn == 0 {
				readIn = time.Since(began).Seconds()
				slog.Info("read in", "file", name, "seconds", readIn)
			}
			if record.Ended() {
				pending := 0
				if a.embedder != nil {
					if pending, failed = a.store.PendingCount(ctx, a.embedder.Model()); failed != nil {
						return
					}
				}
				if pending == 0 {
					return
				}
			}
			time.Sleep(200 * time.Millisecond)
		}
	})
	row, err = clerk.askUntil(ctx, cmd, func(int) bool { return asking.Err() != nil })
	watch.Wait()
	if err = firstOf(err, failed, ctx.Err()); err != nil {
		return row, err
	}
	row.Seconds, row.ReadIn, row.Documents, row.Failed = time.Since(began).Seconds(), readIn, record.Done, record.Failed
	return row, nil
}

func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// loadClerk is a person who is signed in, with the pages of the server.
type loadClerk struct {
	base   string
	client *http.Client
	token  string // of the forms
}

// newClerk signs somebody in. The session is made in the store; what it costs to sign in is not measured here.
func (a *app) newClerk(ctx context.Context, base string) (*loadClerk, error) {
	p, err := a.store.AddPerson(ctx, store.ActorCommand, store.Person{Email: "prova@example.it", Name: "Prova"})
	if err != nil {
		return nil, err
	}
	if err := a.store.Grant(ctx, store.ActorCommand, store.Member{Person: p.ID, Tenant: loadTenant, Role: access.Editor}); err != nil {
		return nil, err
	}
	secret, err := a.store.StartSession(ctx, store.Session{Person: p.ID, Agent: "eval load", Expires: time.Now().Add(time.Hour)})
	if err != nil {
		return nil, err
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	clerk := &loadClerk{base: base, client: &http.Client{Jar: jar, Timeout: 10 * time.Minute}}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, base+"/staff/t/"+loadTenant+"/upload", nil)
	if err != nil {
		return nil, err
	}
	jar.SetCookies(req.URL, []*http.Cookie{{Name: "sportello_session", Value: secret, Path: "/"}})
	page, err := clerk.do(req, http.StatusOK)
	if err != nil {
		return nil, err
	}
	found := regexp.MustCompile(`data-token="([^"]+)"`).FindSubmatch(page)
	if found == nil {
		return nil, fault.New(fault.Internal, "the page of uploads holds no token")
	}
	clerk.token = string(found[1])
	return clerk, nil
}

func (c *loadClerk) do(req *http.Request, status int) ([]byte, error) {
	resp, err := c.client.Do(req)
	if err != nil {
		return nil, err
	}
	defer func() { _ = resp.Body.Close() }() // it was only read
	body, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != status {
		err = fault.New(fault.Internal, "%s answers %d: %.300s", req.URL.Path, resp.StatusCode, body)
	}
	return body, err
}

// upload sends one file as the page does, and gives the id of the job.
func (c *loadClerk) upload(ctx context.Context, name string, content []byte) (string, error) {
	return c.uploadFiles(ctx, []corpusFile{{name, content}})
}

// uploadFiles sends several files at once.
func (c *loadClerk) uploadFiles(ctx context.Context, files []corpusFile) (string, error) {
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for _, f := range files {
		part, err := form.CreateFormFile("files", f.name)
		if err != nil {
			return "", err
		}
		if _, err := part.Write(f.content); err != nil {
			return "", err
		}
	}
	if err := form.Close(); err != nil {
		return "", err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.base+"/staff/t/"+loadTenant+"/upload", &body)
	if err != nil {
		return "", err
	}
	req.Header.Set("Content-Type", form.FormDataContentType())
	req.Header.Set("X-CSRF-Token", c.token)
	req.Header.Set("Accept", "application/json")
	out, err := c.do(req, http.StatusCreated)
	if err != nil {
		return "", err
	}
	var to struct{ Location string }
	if err := json.Unmarshal(out, &to); err != nil {
		return "", err
	}
	return to.Location[strings.LastIndex(to.Location, "/")+1:], nil
}

// askUntil asks one question after the other, at the pace of the command, until done says so.
func (c *loadClerk) askUntil(ctx context.Context, cmd *evalLoadCmd, done func(asked int) bool) (row loaded, err error) {
	began := time.Now()
	var took []float64
	for n := 0; !done(n) && ctx.Err() == nil; n++ {
		body, err := json.Marshal(map[string]string{"question": cmd.Ask[n%len(cmd.Ask)]})
		if err != nil {
			return row, err
		}
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.base+"/api/v1/t/"+loadTenant+"/ask", bytes.NewReader(body))
		if err != nil {
			return row, err
		}
		req.Header.Set("Content-Type", "application/json")
		start := time.Now()
		if _, err := c.do(req, http.StatusOK); err != nil {
			return row, err
		}
		took = append(took, float64(time.Since(start).Microseconds())/1000)
		select {
		case <-ctx.Done():
		case <-time.After(cmd.Every - time.Since(start)):
		}
	}
	row.Questions, row.Seconds = len(took), time.Since(began).Seconds()
	if len(took) > 0 {
		slices.Sort(took)
		row.P50, row.P95 = took[len(took)/2], took[min(len(took)*95/100, len(took)-1)]
	}
	return row, ctx.Err()
}

// loadZip makes an archive of short documents, half of them PDF.
func loadZip(texts []string, files int) ([]byte, error) {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := range files {
		name, content := fmt.Sprintf("atti/%03d.pdf", i), []byte(nil)
		if i%2 == 0 {
			content = loadPDF(texts[i%len(texts):], 2)
		} else {
			name = fmt.Sprintf("atti/%03d.md", i)
			content = fmt.Appendf(nil, "# Scheda %d\n\n", i)
			for j := range 12 {
				content = fmt.Appendf(content, "%s Numero %d.\n\n", texts[(i*7+j)%len(texts)], i)
			}
		}
		f, err := w.Create(name)
		if err != nil {
			return nil, err
		}
		if _, err := f.Write(content); err != nil {
			return nil, err
		}
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}
