package main

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"os"
	"runtime/debug"
	"time"

	"sportello/assistant/fault"
	"sportello/assistant/store"
	"sportello/web"
	"sportello/web/site"
)

type serveCmd struct {
	Addr string `help:"Address to listen on (default 127.0.0.1:8080)." placeholder:"HOST:PORT"`
}

func (cmd *serveCmd) Help() string {
	return "Example:\n  sportello serve --addr 127.0.0.1:8080\n\n" +
		"It listens on this machine only. To publish it put a web server with TLS before it (see deploy/), or let it speak TLS itself:\n" +
		"serve.tls_cert and serve.tls_key, or serve.tls_domains for certificates that it asks for and renews."
}

func (cmd *serveCmd) Run(ctx context.Context, s *session) error {
	if _, err := s.cfg.places(); err != nil {
		return err
	}
	letGo, err := holdFolder(ctx, s.cfg.Data)
	if err != nil {
		return err
	}
	defer letGo()
	a, err := s.open(ctx)
	if err != nil {
		return err
	}
	defer release(a)
	return a.serve(ctx, s.cfg.Serve.Addr, func(addr string) {
		scheme := "http"
		if s.cfg.ownTLS() {
			scheme = "https"
		}
		sayf(s.stdout, "Sportello: %s://%s/\n", scheme, addr)
		s.sayConsole(ctx, a, addr)
	})
}

// sayConsole tells where the console is, and on an installation where nobody is yet how the first administrator comes in.
func (s *session) sayConsole(ctx context.Context, a *app, addr string) {
	base := s.cfg.publicURL()
	if base == "" {
		base = "http://" + addr
	}
	link, err := a.staff.SetupLink(ctx)
	switch {
	case err != nil:
		slog.Warn("the link for the first administrator was not made: sportello user add makes one too", "error", err)
	case link != "":
		sayf(s.stdout, "First administrator: %s%s\n  (good once, for 24 hours; or: sportello user add)\n", base, link)
	default:
		sayf(s.stdout, "Staff: %s/staff/\n", base)
	}
}

// thrift is how much of what lives may lie dead beside it, in per cent, before it is collected: a small machine has memory for the engine
// to use, and collecting costs little beside a question's vector. GOGC, when it is set, decides instead.
const thrift = 40

// grace is how long answers under way may go on after the signal to stop.
const grace = 10 * time.Second

// serve answers on addr until ctx ends, follows what other processes change and embeds what waits for it. ready is called
// once with the address that is listened on.
func (a *app) serve(ctx context.Context, addr string, ready func(addr string)) error {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(thrift)
	}
	listener, err := listen(ctx, addr)
	if err != nil {
		return err
	}
	return a.serveOn(ctx, listener, ready)
}

// serveOn is serve on a socket that is there.
func (a *app) serveOn(ctx context.Context, listener net.Listener, ready func(addr string)) error {
	a.answering.meter = a.newMeter()
	handler, err := a.handler()
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	// What answers lean on, an index that is to be given up among it, stays until the last of them is given.
	background, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	work, err := a.follow(background)
	if err != nil {
		return errors.Join(err, listener.Close())
	}

	source, err := a.cfg.certificates()
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	plain, err := a.cfg.plainly(ctx, source)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	defer plain()
	proxies, err := prefixes("serve.trusted_proxies", a.cfg.Serve.TrustedProxies)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	server := web.Server(listener.Addr().String(), handler, slog.Default())
	guarded := web.Guard(listener, web.Doors{Each: a.cfg.Serve.Connections, Proxies: proxies})
	failed := make(chan error, 1)
	go func() {
		if source == nil {
			failed <- server.Serve(guarded)
			return
		}
		server.TLSConfig = source.Config()
		failed <- server.ServeTLS(guarded, "", "")
	}()
	ready(listener.Addr().String())
	select {
	case err = <-failed:
	case <-ctx.Done():
		closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
		defer cancel()
		err = server.Shutdown(closing)
	}
	stop()
	<-work
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

func (a *app) handler() (http.Handler, error) {
	proxies, err := prefixes("serve.trusted_proxies", a.cfg.Serve.TrustedProxies)
	if err != nil {
		return nil, err
	}
	readers, err := prefixes("serve.metrics_from", a.cfg.Serve.MetricsFrom)
	if err != nil {
		return nil, err
	}
	console, err := a.console()
	if err != nil {
		return nil, err
	}
	return web.New(web.Config{
		Console: console, Desk: a.desk, Asker: &a.answering, Reworder: &a.answering, Library: site.FromStore(a.store), Catalogue: a.locales,
		Health: a.health, Stats: a.stats, Version: versionName(), TrustedProxies: proxies, Log: slog.Default(),
		PublicURL: a.cfg.publicURL(), MetricsFrom: readers, ConversationKey: a.store.ConversationKey(), Signer: a.signer,
		AskPerMinute: a.cfg.Serve.AskPerMinute, PagesPerMinute: a.cfg.Serve.PagesPerMinute, MaxConcurrent: a.cfg.Serve.AskAtOnce,
	})
}

// prefixes reads the addresses and networks of a setting; none is an empty list, not the default of package web.
func prefixes(key string, list []string) ([]netip.Prefix, error) {
	out := []netip.Prefix{}
	for _, one := range list {
		p, err := netip.ParsePrefix(one)
		if err != nil {
			addr, err := netip.ParseAddr(one)
			if err != nil {
				return nil, fault.New(fault.Invalid, "%s: %q is neither an address nor a network (10.0.0.0/8)", key, one)
			}
			p = netip.PrefixFrom(addr, addr.BitLen())
		}
		out = append(out, p)
	}
	return out, nil
}

// health tells /readyz what works. Without models or vectors Sportello is degraded, not down.
func (a *app) health(ctx context.Context) site.Health {
	h := site.Health{Ready: true}
	part := func(name, state, detail string) {
		h.Parts = append(h.Parts, site.Part{Name: name, State: state, Detail: detail})
	}
	if _, err := a.store.Seq(ctx); err != nil {
		h.Ready = false
		part("store", "failed", fault.MessageOf(err))
	} else {
		part("store", "ok", "")
	}
	switch kind, health, _, err := a.indexHealth(ctx); {
	case err != nil:
		part("index", "degraded", fault.MessageOf(err))
	case health.Status == "red":
		part("index", "degraded", kind+": "+health.Fault)
	default:
		part("index", "ok", kind)
	}
	for _, m := range a.modelStates(ctx) {
		part(m.name, m.state, m.detail)
	}
	return h
}

func (a *app) stats(ctx context.Context) (site.Stats, error) {
	out := site.Stats{Documents: map[string]int{}, Chunks: map[string]int{}}
	if kind, health, lag, err := a.indexHealth(ctx); err == nil {
		out.Index = &site.IndexState{Kind: kind, Well: health.Status != "red", Lag: lag}
	} else {
		out.Index = &site.IndexState{Kind: kind}
	}
	servers, queues := a.models.Servers()
	for _, m := range servers {
		out.Servers = append(out.Servers, site.ModelServer{Task: m.Task, Name: m.Name, Well: m.Well, Under: m.Under, AtOnce: m.AtOnce, Asked: m.Asked, Failed: m.Failed, Seconds: m.Seconds})
	}
	for _, q := range queues {
		out.Queues = append(out.Queues, site.ModelQueue{Task: q.Task, Waiting: q.Waiting})
	}
	load, err := a.store.Load(ctx)
	if err != nil {
		return out, err
	}
	out.Backup, out.Disk = a.backupFigures(ctx), diskOf(a.store.Dir())
	out.Store = site.StoreStats{Server: load.Server, Seconds: load.Took.Seconds(), Connections: load.Connections, Waits: load.Waits}
	tenants, err := a.store.Tenants(ctx)
	if err != nil {
		return out, err
	}
	for _, t := range tenants {
		records, err := a.store.Documents(ctx, t.Slug, store.Filter{State: store.Live})
		if err != nil {
			return out, err
		}
		out.Documents[t.Slug] = len(records)
		for i := range records {
			out.Chunks[t.Slug] += records[i].Chunks
		}
	}
	if a.embedder != nil {
		out.PendingVectors, err = a.store.PendingCount(ctx, a.embedder.Model())
	}
	return out, err
}
