package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"sportello/assistant/fault"
	"sportello/locales"
)

// startWell starts the service and waits until it is ready; with a version, until it is that one.
func (u *update) startWell(ctx context.Context, version string) error {
	if err := u.shell(ctx, u.Start); err != nil {
		return fault.Wrap(fault.Unavailable, err, "%s", u.l.T("update_cannot_start", locales.Data{"Command": u.Start}))
	}
	within := u.Within
	if version == "" {
		within = max(within, backsWithin)
	}
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	var last error
	for {
		if last = well(ctx, u.s.cfg.Serve.Addr, version); last == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return fault.Wrap(fault.Timeout, last, "%s", u.l.T("update_not_well", locales.Data{"Address": u.s.cfg.Serve.Addr, "Seconds": int(within.Seconds())}))
		case <-time.After(lookAgain):
		}
	}
}

// well asks the server on this machine whether it is ready, and which it is where it says so.
func well(ctx context.Context, addr, version string) error {
	status, _, err := local(ctx, addr, healthPath)
	if err != nil {
		return err
	}
	if status != http.StatusOK {
		return fmt.Errorf("%s: %d", healthPath, status)
	}
	if version == "" {
		return nil
	}
	status, text, err := local(ctx, addr, versionsPath)
	if err != nil {
		return err
	}
	if status == http.StatusOK && !strings.Contains(text, `sportello_build_info{version="`+version+`"}`) {
		return errors.New("another version answers")
	}
	return nil // not 200: this machine may not read the figures (serve.metrics_from)
}

// local asks a server of this machine, whatever interface it listens on.
func local(ctx context.Context, addr, path string) (int, string, error) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return 0, "", err
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	host = net.JoinHostPort(host, port)
	status, text, err := get(ctx, http.DefaultTransport, "http://"+host+path)
	if err != nil || status != http.StatusBadRequest {
		return status, text, err
	}
	// This machine speaks TLS itself, with a certificate for its public name and not for this address.
	secure := &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}} //nolint:gosec // it never leaves this machine
	defer secure.CloseIdleConnections()
	return get(ctx, secure, "https://"+host+path)
}

func get(ctx context.Context, by http.RoundTripper, address string) (int, string, error) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return 0, "", err
	}
	r, err := by.RoundTrip(req)
	if err != nil {
		return 0, "", err
	}
	b, err := io.ReadAll(io.LimitReader(r.Body, 4<<20))
	return r.StatusCode, string(b), errors.Join(err, r.Body.Close())
}

// ofPackage tells whether a program is the Debian package's: then only a package may replace it.
func ofPackage(ctx context.Context, program string) bool {
	if _, err := exec.LookPath("dpkg-query"); err != nil {
		return false
	}
	out, err := exec.CommandContext(ctx, "dpkg-query", "-S", filepath.Clean(program)).Output() //nolint:gosec // a path of this program
	return err == nil && strings.HasPrefix(string(out), "sportello:")
}
