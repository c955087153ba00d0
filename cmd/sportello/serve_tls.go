package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"path/filepath"
	"time"

	"sportello/assistant/fault"
	"sportello/assistant/outbound"
	"sportello/web"
	"sportello/web/certificate"
)

// certificatesDir is in the data folder, and in no backup: what is in it can be asked for again.
const certificatesDir = "certificates"

func (c *config) ownTLS() bool { return c.Serve.TLSCert != "" || len(c.Serve.TLSDomains) > 0 }

func (c *config) checkTLS() error {
	v := &c.Serve
	public, _ := url.Parse(v.PublicURL) // looked at before
	switch {
	case (v.TLSCert == "") != (v.TLSKey == ""):
		return fault.New(fault.Invalid, "serve.tls_cert and serve.tls_key go together: the certificate with its chain, and its key")
	case v.TLSCert != "" && len(v.TLSDomains) > 0:
		return fault.New(fault.Invalid, "serve.tls_cert and serve.tls_domains: one of the two, a certificate that you have or names to ask one for")
	case c.ownTLS() && public.Scheme != "https":
		return fault.New(fault.Invalid, "serve.public_url: with TLS it is the https address of the service, https://sportello.comune.example.it")
	case len(v.TLSDomains) > 0 && !certificate.Names(v.TLSDomains, v.PublicURL):
		return fault.New(fault.Invalid, "serve.public_url = %q: its name is none of serve.tls_domains", v.PublicURL)
	case v.HTTPAddr != "" && !c.ownTLS():
		return fault.New(fault.Invalid, "serve.http_addr sends people to https: it wants serve.tls_cert or serve.tls_domains")
	}
	return nil
}

// certificates gives what the server shows by TLS, nil when somebody else does that.
func (c *config) certificates() (certificate.Source, error) {
	v := &c.Serve
	switch {
	case v.TLSCert != "":
		return certificate.FromFiles(v.TLSCert, v.TLSKey, slog.Default(), time.Now)
	case len(v.TLSDomains) > 0:
		client, err := outbound.New(c.authority())
		if err != nil {
			return nil, err
		}
		return certificate.FromAuthority(certificate.Authority{
			Domains: v.TLSDomains, Directory: v.TLSDirectory, Email: v.TLSEmail, Dir: filepath.Join(c.Data, certificatesDir), Client: client.HTTP(),
		})
	}
	return nil, nil
}

// authority says whom certificates are asked of, and that nothing else is reached for it.
func (c *config) authority() outbound.Config {
	cfg := outbound.Config{Allow: []string{certificate.PublicDirectory}, MaxBytes: 1 << 20, Timeout: time.Minute, Logger: slog.Default()}
	if c.Serve.TLSDirectory != "" {
		cfg.Allow, cfg.Private = nil, []string{c.Serve.TLSDirectory} // one of the own network, maybe
	}
	return cfg
}

// plainly answers http beside TLS, until the context ends. It does nothing when no address for it is set.
func (c *config) plainly(ctx context.Context, source certificate.Source) (stop func(), err error) {
	if source == nil || c.Serve.HTTPAddr == "" {
		return func() {}, nil
	}
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", c.Serve.HTTPAddr)
	if err != nil {
		return nil, fault.Wrap(fault.Unavailable, err, "cannot listen on serve.http_addr = %s: is another program there?", c.Serve.HTTPAddr)
	}
	server := web.Server(c.Serve.HTTPAddr, certificate.Plain(source, c.publicURL()), slog.Default())
	go func() {
		if err := server.Serve(web.Guard(l, web.Doors{})); !errors.Is(err, http.ErrServerClosed) {
			slog.Error("http is no longer answered", "address", c.Serve.HTTPAddr, "error", err)
		}
	}()
	return func() { _ = server.Close() }, nil
}

// endsSoon is how long before its end a certificate in files is spoken of.
const endsSoon = 21 * 24 * time.Hour

// diagnoseTLS says whether people reach the service by https, and until when.
func (c *config) diagnoseTLS(d *diagnosis, now time.Time) {
	switch {
	case c.Serve.TLSCert != "":
		f, err := certificate.FromFiles(c.Serve.TLSCert, c.Serve.TLSKey, slog.New(slog.DiscardHandler), time.Now)
		switch {
		case err != nil:
			d.add("certificate", "failed", fault.MessageOf(err), "the running server goes on with the one it read before")
		case f.Ends().Before(now):
			d.add("certificate", "failed", "it ended on "+f.Ends().Format(time.DateOnly), "put a new one in its place; the server reads it within seconds")
		case f.Ends().Sub(now) < endsSoon:
			d.add("certificate", "missing", fmt.Sprintf("it ends on %s", f.Ends().Format(time.DateOnly)), "put a new one in its place in time; the server reads it within seconds")
		default:
			d.add("certificate", "ok", "until "+f.Ends().Format(time.DateOnly), "")
		}
	case len(c.Serve.TLSDomains) > 0:
		directory := c.Serve.TLSDirectory
		if directory == "" {
			directory = certificate.PublicDirectory
		}
		d.Addresses = append(d.Addresses, directory+" (certificates)")
		d.add("certificate", "ok", "asked for and renewed by the server", "")
	case c.Serve.PublicURL == "":
	default:
		if host, _, err := net.SplitHostPort(c.Serve.Addr); err == nil && len(c.Serve.TrustedProxies) == 0 {
			if host == "127.0.0.1" || host == "::1" || host == "localhost" {
				d.add("settings", "missing", "serve.trusted_proxies is empty: all who come through the proxy on this machine count as one address", `write trusted_proxies = ["127.0.0.1"]`)
			}
		}
	}
}
