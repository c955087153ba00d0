package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"sportello/assistant/fault"
	"sportello/locales"
)

const (
	lowDisk       = 2 << 30 // bytes: a backup and the upload of a few folders
	veryLowDisk   = 200 << 20
	lowInodes     = 10_000
	clockSkew     = 2 * time.Minute
	certificateIn = 21 * 24 * time.Hour // authorities renew a month before; three weeks before the end nobody did
)

// machine looks at what Sportello stands on: disk, port, clock, certificate, whose the files are. It calls nobody but the service's own public address, and
// servers of the configuration.
func (c *config) machine(ctx context.Context, d *diagnosis, l *locales.Localizer, now time.Time) {
	c.disks(d, l)
	c.port(ctx, d, l)
	c.clock(ctx, d, l, now)
	c.certificate(ctx, d, l, now)
	c.ownership(d, l)
}

func (c *config) disks(d *diagnosis, l *locales.Localizer) {
	for _, one := range []struct{ part, dir string }{{"disk", c.Data}, {"disk_backup", c.Backup.Folder}} {
		if one.dir == "" {
			continue
		}
		s := diskOf(one.dir)
		if s == nil {
			continue // the backup's folder is spoken of elsewhere
		}
		detail := l.T("doctor_disk_free", locales.Data{"Free": gigabytes(s.Free), "Size": gigabytes(s.Size), "Folder": one.dir})
		switch {
		case s.Free < veryLowDisk:
			d.add(one.part, "failed", detail, l.T("doctor_disk_fix", locales.Data{"Folder": one.dir}))
		case s.Free < lowDisk:
			d.add(one.part, "missing", detail, l.T("doctor_disk_fix", locales.Data{"Folder": one.dir}))
		case s.SizeInodes > 0 && s.FreeInodes < lowInodes:
			d.add(one.part, "missing", l.T("doctor_inodes", locales.Data{"Free": s.FreeInodes, "Folder": one.dir}), l.T("doctor_inodes_fix", locales.Data{"Folder": one.dir}))
		default:
			d.add(one.part, "ok", detail, "")
		}
	}
}

func gigabytes(n uint64) string {
	return strings.ReplaceAll(fmt.Sprintf("%.1f GB", float64(n)/(1<<30)), ".", ",")
}

// port says who answers where the service is to listen: nobody, Sportello, or another program.
func (c *config) port(ctx context.Context, d *diagnosis, l *locales.Localizer) {
	const part = "port"
	addr := locales.Data{"Address": c.Serve.Addr}
	if _, _, err := net.SplitHostPort(c.Serve.Addr); err != nil {
		d.add(part, "failed", l.T("doctor_port_wrong", addr), l.T("doctor_port_wrong_fix"))
		return
	}
	status, text, err := local(ctx, c.Serve.Addr, "/healthz")
	var refused *net.OpError
	switch {
	case err == nil && status == http.StatusOK && strings.Contains(text, "ok"):
		d.add(part, "ok", l.T("doctor_port_ours", addr), "")
	case errors.As(err, &refused) && refused.Op == "dial":
		d.add(part, "missing", l.T("doctor_port_free", addr), l.T("doctor_port_free_fix"))
	default:
		d.add(part, "failed", l.T("doctor_port_other", addr), l.T("doctor_port_other_fix"))
	}
}

// clock compares the clock with the newest file of the data folder, and with the Date of the model servers and of the public address, which are
// called anyway.
func (c *config) clock(ctx context.Context, d *diagnosis, l *locales.Localizer, now time.Time) {
	const part = "clock"
	if info, err := os.Stat(filepath.Join(c.Data, "sportello.db")); err == nil && info.ModTime().Sub(now) > clockSkew {
		d.add(part, "failed", l.T("doctor_clock_back", locales.Data{"When": onPaper(info.ModTime())}), l.T("doctor_clock_fix"))
		return
	}
	for _, address := range []string{c.publicURL(), c.Chat.Address, c.Embedding.Address, c.Rerank.Address} {
		u, err := url.Parse(address)
		if err != nil || u.Host == "" {
			continue
		}
		there, ok := dateOf(ctx, address)
		if !ok {
			continue
		}
		if skew := time.Since(there); skew.Abs() > clockSkew {
			d.add(part, "failed", l.T("doctor_clock_off", locales.Data{"Minutes": int(skew.Abs().Minutes()), "Host": u.Host}), l.T("doctor_clock_fix"))
			return
		}
		d.add(part, "ok", l.T("doctor_clock_as", locales.Data{"Host": u.Host, "Now": onPaper(now)}), "")
		return
	}
	d.add(part, "ok", l.T("doctor_clock_alone", locales.Data{"Now": onPaper(now)}), "")
}

// dateOf asks a server for the time. Whether its certificate is good is asked elsewhere.
func dateOf(ctx context.Context, address string) (time.Time, bool) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil) // as the watch of the model servers does
	if err != nil {
		return time.Time{}, false
	}
	transport := &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}} //nolint:gosec // only the time is read, and the clock may be what makes it look bad
	defer transport.CloseIdleConnections()
	r, err := transport.RoundTrip(req)
	if err != nil {
		return time.Time{}, false
	}
	_ = r.Body.Close() // it is not read
	there, err := http.ParseTime(r.Header.Get("Date"))
	return there, err == nil
}

// certificate looks at the certificate of the public address.
func (c *config) certificate(ctx context.Context, d *diagnosis, l *locales.Localizer, now time.Time) {
	u, err := url.Parse(c.publicURL())
	const part = "certificate"
	switch {
	case err != nil || u.Host == "":
		d.add(part, "missing", l.T("doctor_public_none"), l.T("doctor_public_fix"))
		return
	case u.Scheme != "https":
		d.add(part, "missing", l.T("doctor_public_plain", locales.Data{"Address": c.publicURL()}), l.T("doctor_public_plain_fix"))
		return
	}
	host := u.Host
	if u.Port() == "" {
		host = net.JoinHostPort(u.Hostname(), "443")
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	conn, err := (&tls.Dialer{}).DialContext(ctx, "tcp", host)
	var bad *tls.CertificateVerificationError
	if errors.As(err, &bad) {
		d.add(part, "failed", l.T("doctor_certificate_bad", locales.Data{"Host": u.Host, "Why": bad.Err.Error()}), l.T("doctor_certificate_fix"))
		return
	}
	if err != nil {
		d.add(part, "missing", l.T("doctor_certificate_unseen", locales.Data{"Host": u.Host}), l.T("doctor_certificate_unseen_fix"))
		return
	}
	ends := conn.(*tls.Conn).ConnectionState().PeerCertificates[0].NotAfter
	_ = conn.Close() // nothing was sent
	data := locales.Data{"Host": u.Host, "When": onPaper(ends)}
	if ends.Sub(now) < certificateIn {
		d.add(part, "failed", l.T("doctor_certificate_ends", data), l.T("doctor_certificate_fix"))
		return
	}
	d.add(part, "ok", l.T("doctor_certificate_until", data), "")
}

// ownership finds what root left in the folder of the service.
func (c *config) ownership(d *diagnosis, l *locales.Localizer) {
	info, err := os.Stat(c.Data)
	if err != nil {
		return
	}
	st, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return
	}
	foreign := ""
	_ = filepath.WalkDir(c.Data, func(path string, _ os.DirEntry, err error) error { // what cannot be looked at is somebody else's
		if err != nil {
			foreign = path
			return filepath.SkipAll
		}
		if own, err := os.Lstat(path); err == nil && own.Sys().(*syscall.Stat_t).Uid != st.Uid {
			foreign = path
			return filepath.SkipAll
		}
		return nil
	})
	if foreign != "" {
		d.add("owner", "failed", l.T("doctor_owner_wrong", locales.Data{"File": foreign}), l.T("doctor_owner_fix", locales.Data{"Folder": c.Data}))
	}
}

// lastFailure says why the server's own backups fail, if they do.
func (a *app) lastFailure(ctx context.Context, d *diagnosis, l *locales.Localizer) {
	k, err := a.keptBackups(ctx)
	if err != nil {
		d.add("backup", "failed", fault.MessageOf(err), "")
		return
	}
	if k.Failure != nil {
		d.add("backup", "failed", l.T("doctor_backup_failing", locales.Data{"Since": onPaper(k.Failure.Since), "Why": k.Failure.Why}), l.T("doctor_backup_failing_fix"))
	}
	if k.Notice != nil {
		d.add("mail", "failed", l.T("doctor_mail_waits", locales.Data{"Since": onPaper(k.Notice.At), "Why": k.Notice.Why}), l.T("doctor_mail_fix"))
	}
}
