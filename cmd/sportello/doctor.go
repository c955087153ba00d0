package main

import (
	"context"
	"net"
	"os/exec"
	"strings"
	"text/tabwriter"
	"time"

	"sportello/assistant/fault"
	"sportello/assistant/store"
	"sportello/locales"
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

	l *locales.Localizer
}

func (cmd *doctorCmd) Run(ctx context.Context, s *session) error {
	l, err := locales.Staff()
	if err != nil {
		return err
	}
	d := diagnosis{l: l}
	a, err := s.open(ctx)
	if err != nil {
		advice := l.T("doctor_store_fix")
		if s.cfg.Store == "postgres" {
			advice = l.T("doctor_store_postgres_fix")
		} else if fault.CodeOf(err) == fault.Broken {
			advice = l.T("doctor_store_damaged_fix")
		}
		d.add("store", "failed", fault.MessageOf(err), advice)
		s.cfg.machine(ctx, &d, l, time.Now())
		_ = cmd.print(s, d)
		return err
	}
	defer release(a)
	a.diagnose(ctx, &d)
	s.cfg.machine(ctx, &d, l, time.Now())
	s.cfg.risks(&d, time.Now())
	s.cfg.diagnoseTLS(&d, time.Now())
	a.lastFailure(ctx, &d, l)
	for _, program := range helpers {
		if path, err := exec.LookPath(program.name); err == nil {
			d.add(program.part, "ok", path, "")
		} else {
			d.add(program.part, "missing", l.T("doctor_without_"+program.part), "sudo apt install "+program.pkg)
		}
	}
	return cmd.print(s, d)
}

// helpers are the programs that Sportello uses when they are there.
var helpers = []struct{ part, name, pkg string }{
	{"ocr", "tesseract", "tesseract-ocr tesseract-ocr-ita"},
	{"office", "soffice", "libreoffice-writer libreoffice-calc"},
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
	detail := d.l.N("doctor_store_tenants", len(tenants), locales.Data{"Where": a.store.Where()})
	if a.cfg.Store == "postgres" {
		detail += d.l.T("doctor_store_answers", locales.Data{"Server": load.Server, "Took": load.Took.Round(10 * time.Microsecond)})
	}
	if err := a.store.Sound(ctx); err != nil {
		d.add("store", "failed", fault.MessageOf(err), d.l.T("doctor_store_damaged_fix"))
	} else {
		d.add("store", "ok", detail, "")
	}
	if load.Host != "" {
		d.Addresses = append(d.Addresses, load.Host+" (PostgreSQL)")
	}
	for _, t := range tenants {
		if set, _, err := a.store.Setting(ctx, t.Slug, store.SettingHosts); err == nil && set.Own {
			for _, host := range strings.Fields(set.Value) {
				d.Addresses = append(d.Addresses, host+d.l.T("doctor_to_documents", locales.Data{"Tenant": t.Slug}))
			}
		}
		live, err := a.store.Documents(ctx, t.Slug, store.Filter{State: store.Live})
		if err != nil {
			d.add(t.Slug, "failed", fault.MessageOf(err), "")
			continue
		}
		d.add(t.Slug, "ok", d.l.N("doctor_documents", len(live), locales.Data{"Name": t.Name}), "")
	}
	a.diagnoseIndex(ctx, d)
	for _, st := range a.models.Status() {
		switch {
		case st.Ready && st.Task == "rerank":
			d.add(st.Task, "ok", d.l.T("doctor_rerank", locales.Data{"Model": st.Model, "Address": st.Address, "Passages": a.cfg.Rerank.Passages, "Seconds": a.cfg.Rerank.Seconds}), "")
		case st.Ready:
			d.add(st.Task, "ok", st.Model+" "+st.Address, "")
		default:
			d.add(st.Task, "missing", st.Missing, d.l.T("doctor_model_"+st.Task+"_fix"))
		}
	}
	a.models.Check(ctx)
	servers, _ := a.models.Servers()
	for _, m := range servers {
		switch {
		case m.Name == "engine":
		case m.Well:
			d.add(m.Task+"_server", "ok", d.l.T("doctor_at_once", locales.Data{"Name": m.Name, "AtOnce": m.AtOnce}), "")
		default:
			d.add(m.Task+"_server", "missing", m.Name+": "+strings.TrimPrefix(m.Why, m.Name+" "), d.l.T("doctor_server_fix"))
		}
	}
	if a.embedder != nil {
		if n, err := a.store.PendingCount(ctx, a.embedder.Model()); err == nil && n > 0 {
			d.add("vectors", "missing", d.l.N("doctor_vectors", n), d.l.T("doctor_vectors_fix"))
		}
	}
	if hooks, err := a.store.Webhooks(ctx, store.Everywhere); err == nil {
		for _, h := range hooks {
			d.Addresses = append(d.Addresses, h.URL+d.l.T("doctor_to_events", locales.Data{"Tenant": h.Tenant}))
		}
	}
	for _, host := range append(a.cfg.Crawl.Allow[:len(a.cfg.Crawl.Allow):len(a.cfg.Crawl.Allow)], a.cfg.Crawl.Private...) {
		d.Addresses = append(d.Addresses, host+d.l.T("doctor_to_sites"))
	}
	for _, address := range a.models.Addresses() {
		d.Addresses = append(d.Addresses, net.JoinHostPort(address.Host, address.Port))
	}
	if a.cfg.Mail.Host != "" {
		d.Addresses = append(d.Addresses, a.cfg.Mail.Host+d.l.T("doctor_to_mail"))
	}
	if a.cfg.OIDC.Issuer != "" {
		d.Addresses = append(d.Addresses, a.cfg.OIDC.Issuer+d.l.T("doctor_to_identity"))
	}
	if b, err := a.cfg.bucket(); err == nil && b != nil {
		d.Addresses = append(d.Addresses, b.Host()+d.l.T("doctor_to_backups"))
	}
	if a.cfg.Transcription.Address != "" {
		d.Addresses = append(d.Addresses, a.cfg.Transcription.Address+d.l.T("doctor_to_recordings"))
	}
	if a.answering.Load().kind == qdrantIndex {
		d.Addresses = append(d.Addresses, a.cfg.Qdrant.Address)
	}
}

func (a *app) diagnoseIndex(ctx context.Context, d *diagnosis) {
	kind, health, lag, err := a.indexHealth(ctx)
	detail := kind
	if kind != a.cfg.Index {
		detail += d.l.T("doctor_index_moved", locales.Data{"Index": a.cfg.Index})
	}
	if kind == qdrantIndex {
		detail += d.l.T("doctor_index_qdrant", locales.Data{"Version": health.Version, "Address": a.cfg.Qdrant.Address, "Status": health.Status, "Points": health.Points, "Indexed": health.Indexed})
	}
	switch {
	case err != nil:
		d.add("index", "failed", fault.MessageOf(err), "")
	case health.Status == "red" || health.Fault != "":
		d.add("index", "failed", detail+" "+health.Fault, d.l.T("doctor_index_fix"))
	case lag > 0 && kind == qdrantIndex:
		d.add("index", "missing", detail+d.l.N("doctor_index_lag", int(lag)), d.l.T("doctor_vectors_fix"))
	default:
		d.add("index", "ok", detail, "")
	}
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
		part := f.Part // the slug of a tenant
		if d.l.Has("doctor_part_" + f.Part) {
			part = d.l.T("doctor_part_" + f.Part)
		}
		sayf(w, "%s\t%s\t%s\n", d.l.T("doctor_state_"+f.State), part, f.Detail)
		if f.Advice != "" && f.State != "ok" {
			sayf(w, "\t\t→ %s\n", f.Advice)
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if len(d.Addresses) == 0 {
		sayln(s.stdout, "\n"+d.l.T("doctor_nobody"))
		return nil
	}
	sayln(s.stdout, "\n"+d.l.T("doctor_addresses"))
	for _, address := range d.Addresses {
		sayln(s.stdout, "  "+address)
	}
	return nil
}
