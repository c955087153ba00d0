package main

import (
	"context"
	"fmt"
	"os/exec"
	"strings"
	"text/tabwriter"
	"time"

	"sportello/assistant/fault"
	"sportello/assistant/store"
)

// doctorCmd says what works here, what is missing, how to add it, and every address that may be called.
type doctorCmd struct {
	JSON bool `help:"Print JSON."`
}

// finding is one line of the doctor. State: ok, missing (does without), failed.
type finding struct {
	Part   string `json:"part"`
	State  string `json:"state"`
	Detail string `json:"detail,omitempty"`
	Advice string `json:"advice,omitempty"`
}

type diagnosis struct {
	Findings  []finding `json:"findings"`
	Addresses []string  `json:"addresses"` // that this configuration may call; everything else is refused
}

func (cmd *doctorCmd) Run(ctx context.Context, s *session) error {
	var d diagnosis
	a, err := s.open(ctx)
	if err != nil {
		advice := "see --data, and who may write there"
		if s.cfg.Store == "postgres" {
			advice = "see postgres.address and --data"
		}
		d.add("store", "failed", fault.MessageOf(err), advice)
		_ = cmd.print(s, d)
		return err
	}
	defer release(a)
	a.diagnose(ctx, &d)
	s.cfg.risks(&d, time.Now())
	s.cfg.diagnoseTLS(&d, time.Now())
	for _, program := range helpers {
		if path, err := exec.LookPath(program.name); err == nil {
			d.add(program.part, "ok", path, "")
		} else {
			d.add(program.part, "missing", program.without, "apt install "+program.pkg)
		}
	}
	return cmd.print(s, d)
}

// helpers are the programs that Sportello uses when they are there.
var helpers = []struct{ part, name, without, pkg string }{
	{"OCR", "tesseract", "scanned pages are not read", "tesseract-ocr tesseract-ocr-ita"},
	{"old formats", "soffice", "DOC, RTF and XLS files are not read", "libreoffice-writer libreoffice-calc"},
}

func (a *app) diagnose(ctx context.Context, d *diagnosis) {
	tenants, err := a.store.Tenants(ctx)
	if err != nil {
		d.add("store", "failed", fault.MessageOf(err), "")
		return
	}
	load, err := a.store.Load(ctx)
	if err != nil {
		d.add("store", "failed", fault.MessageOf(err), "")
		return
	}
	detail := fmt.Sprintf("%s, %d tenants", a.store.Where(), len(tenants))
	if a.cfg.Store == "postgres" {
		detail += fmt.Sprintf(", %s answers in %s", load.Server, load.Took.Round(10*time.Microsecond))
	}
	d.add("store", "ok", detail, "")
	if load.Host != "" {
		d.Addresses = append(d.Addresses, load.Host+" (PostgreSQL)")
	}
	for _, t := range tenants {
		if set, _, err := a.store.Setting(ctx, t.Slug, store.SettingHosts); err == nil && set.Own {
			for _, host := range strings.Fields(set.Value) {
				d.Addresses = append(d.Addresses, host+" (documents of "+t.Slug+")")
			}
		}
		live, err := a.store.Documents(ctx, t.Slug, store.Filter{State: store.Live})
		if err != nil {
			d.add(t.Slug, "failed", fault.MessageOf(err), "")
			continue
		}
		d.add(t.Slug, "ok", fmt.Sprintf("%s: %d documents in force", t.Name, len(live)), "")
	}
	a.diagnoseIndex(ctx, d)
	for _, st := range a.models.Status() {
		switch {
		case st.Ready && st.Task == "rerank":
			d.add(st.Task, "ok", fmt.Sprintf("%s %s, %d passages, %d s", st.Model, st.Address, a.cfg.Rerank.Passages, a.cfg.Rerank.Seconds), "")
		case st.Ready:
			d.add(st.Task, "ok", st.Model+" "+st.Address, "")
		default:
			d.add(st.Task, "missing", st.Missing, modelAdvice[st.Task])
		}
	}
	a.models.Check(ctx)
	servers, _ := a.models.Servers()
	for _, m := range servers {
		switch {
		case m.Name == "engine":
		case m.Well:
			d.add(m.Task+" server", "ok", fmt.Sprintf("%s, %d at once", m.Name, m.AtOnce), "")
		default:
			d.add(m.Task+" server", "missing", m.Name+": "+m.Why, "see that it runs, and that address, model and key in the configuration are its own; meanwhile others answer, or quotes do")
		}
	}
	if a.embedder != nil {
		if n, err := a.store.PendingCount(ctx, a.embedder.Model()); err == nil && n > 0 {
			d.add("vectors", "missing", fmt.Sprintf("%d passages wait for theirs; until then they are found by words", n), "leave the server running, or run sportello ingest again")
		}
	}
	if hooks, err := a.store.Webhooks(ctx, store.Everywhere); err == nil {
		for _, h := range hooks {
			d.Addresses = append(d.Addresses, h.URL+" (events of "+h.Tenant+")")
		}
	}
	for _, host := range append(a.cfg.Crawl.Allow[:len(a.cfg.Crawl.Allow):len(a.cfg.Crawl.Allow)], a.cfg.Crawl.Private...) {
		d.Addresses = append(d.Addresses, host+" (documents)")
	}
	for _, address := range a.models.Addresses() {
		d.Addresses = append(d.Addresses, fmt.Sprint(address))
	}
	if a.cfg.Transcription.Address != "" {
		d.Addresses = append(d.Addresses, a.cfg.Transcription.Address+" (recordings of sessions)")
	}
	if a.answering.Load().kind == qdrantIndex {
		d.Addresses = append(d.Addresses, a.cfg.Qdrant.Address)
	}
}

func (a *app) diagnoseIndex(ctx context.Context, d *diagnosis) {
	kind, health, lag, err := a.indexHealth(ctx)
	detail := kind
	if kind != a.cfg.Index {
		detail += " (moved; the configuration says " + a.cfg.Index + ")"
	}
	if kind == qdrantIndex {
		detail += fmt.Sprintf(" %s at %s: %s, %d passages, %d vectors in the graph", health.Version, a.cfg.Qdrant.Address, health.Status, health.Points, health.Indexed)
	}
	switch {
	case err != nil:
		d.add("index", "failed", fault.MessageOf(err), "")
	case health.Status == "red" || health.Fault != "":
		d.add("index", "failed", detail+" "+health.Fault, "look at the log of Qdrant; sportello index move --to embedded answers without it")
	case lag > 0 && kind == qdrantIndex:
		d.add("index", "missing", fmt.Sprintf("%s; %d changes behind", detail, lag), "leave the server running, or run sportello ingest again")
	default:
		d.add("index", "ok", detail, "")
	}
}

var modelAdvice = map[string]string{
	"embedding": "without it search goes by words only: sportello models engine, then sportello models pull multilingual-e5-small",
	"chat":      "without it answers quote the documents: set chat.address and chat.model, or chat.model from sportello models list",
	"rerank":    "optional: set rerank.address and rerank.model",
}

func (d *diagnosis) add(part, state, detail, advice string) {
	d.Findings = append(d.Findings, finding{part, state, detail, advice})
}

func (cmd *doctorCmd) print(s *session, d diagnosis) error {
	if cmd.JSON {
		return printJSON(s.stdout, d)
	}
	w := tabwriter.NewWriter(s.stdout, 0, 4, 2, ' ', 0)
	for _, f := range d.Findings {
		sayf(w, "%s\t%s\t%s\n", f.State, f.Part, f.Detail)
		if f.Advice != "" && f.State != "ok" {
			sayf(w, "\t\t→ %s\n", f.Advice)
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if len(d.Addresses) == 0 {
		sayln(s.stdout, "\nNo address outside this machine is ever called.")
		return nil
	}
	sayln(s.stdout, "\nAddresses that may be called, and no other:")
	for _, address := range d.Addresses {
		sayln(s.stdout, "  "+address)
	}
	return nil
}
