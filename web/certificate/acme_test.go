package certificate

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"io"
	"log"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/letsencrypt/pebble/v2/ca"
	"github.com/letsencrypt/pebble/v2/db"
	"github.com/letsencrypt/pebble/v2/va"
	"github.com/letsencrypt/pebble/v2/wfe"
	"github.com/miekg/dns"
)

const name = "sportello.comune.example.it"

// authority runs Pebble, the ACME authority that Let's Encrypt tests clients with. It looks for names at a resolver that knows ours only,
// and makes sure of them on tlsPort. roots gives what its certificates are signed with.
func authority(t *testing.T, tlsPort int) (directory string, roots *x509.CertPool, client *http.Client) {
	t.Helper()
	t.Setenv("PEBBLE_VA_NOSLEEP", "1")
	t.Setenv("PEBBLE_WFE_NONCEREJECT", "20") // clients have to try again
	silent := log.New(io.Discard, "", 0)
	store := db.NewMemoryStore()
	issuer := ca.New(silent, store, "", "ecdsa", 0, 1, map[string]ca.Profile{"default": {ValidityPeriod: 90 * 24 * 3600}})
	front := wfe.New(silent, store, va.New(silent, 1, tlsPort, true, resolver(t), store), issuer, []string{"pebble.example"}, true, false, 1, 1)
	server := httptest.NewTLSServer(front.Handler())
	t.Cleanup(server.Close)
	roots = x509.NewCertPool()
	roots.AppendCertsFromPEM(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: issuer.GetRootCert(0).Cert.Raw}))
	return server.URL + wfe.DirectoryPath, roots, server.Client()
}

// resolver says that our name, and no other, is at this machine.
func resolver(t *testing.T) string {
	t.Helper()
	socket, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	started := make(chan struct{})
	server := &dns.Server{Listener: socket, NotifyStartedFunc: func() { close(started) }, Handler: dns.HandlerFunc(func(w dns.ResponseWriter, q *dns.Msg) {
		m := new(dns.Msg)
		m.SetReply(q)
		if one := q.Question[0]; one.Qtype == dns.TypeA && strings.EqualFold(one.Name, name+".") {
			m.Answer = []dns.RR{&dns.A{Hdr: dns.RR_Header{Name: one.Name, Rrtype: dns.TypeA, Class: dns.ClassINET, Ttl: 1}, A: net.IPv4(127, 0, 0, 1)}}
		}
		_ = w.WriteMsg(m)
	})}
	go func() { _ = server.ActivateAndServe() }()
	<-started
	t.Cleanup(func() { _ = server.Shutdown() })
	return socket.Addr().String()
}

// A server with a name gets its certificate from an authority by itself, keeps it over a restart, and asks for none for names that are not its own.
func TestACertificateOfAnAuthority(t *testing.T) {
	dir := t.TempDir()
	socket, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	directory, roots, client := authority(t, socket.Addr().(*net.TCPAddr).Port)
	a, err := FromAuthority(Authority{Domains: []string{name}, Directory: directory, Email: "ced@comune.example.it", Dir: dir, Client: client})
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, r.Proto) }), TLSConfig: a.Config(),
		ReadHeaderTimeout: 10 * time.Second, ErrorLog: slog.NewLogLogger(slog.DiscardHandler, 0),
	}
	go func() { _ = server.ServeTLS(socket, "", "") }()
	t.Cleanup(func() { _ = server.Close() })
	dial := func(to string) (*tls.Conn, error) {
		return tls.DialWithDialer(&net.Dialer{Timeout: time.Minute}, "tcp", socket.Addr().String(), &tls.Config{ServerName: to, RootCAs: roots, MinVersion: tls.VersionTLS12, NextProtos: []string{"http/1.1"}})
	}
	first, err := dial(name)
	for range 10 { // whoever comes while the authority takes its time is sent away, and comes again
		if err == nil {
			break
		}
		first, err = dial(name)
	}
	if err != nil {
		t.Fatal(err)
	}
	shown := first.ConnectionState().PeerCertificates[0]
	_ = first.Close()
	if shown.VerifyHostname(name) != nil {
		t.Errorf("a certificate for %v", shown.DNSNames)
	}
	if _, err := dial("altro.example.it"); err == nil {
		t.Error("a certificate for a name that is not ours")
	}
	again, err := FromAuthority(Authority{Domains: []string{name}, Directory: "http://127.0.0.1:1/nobody", Dir: dir, Client: http.DefaultClient})
	if err != nil {
		t.Fatal(err)
	}
	kept, err := again.Config().GetCertificate(&tls.ClientHelloInfo{ServerName: name, SupportedVersions: []uint16{tls.VersionTLS13}, SignatureSchemes: []tls.SignatureScheme{tls.ECDSAWithP256AndSHA256}, CipherSuites: []uint16{tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256}})
	if err != nil || kept.Leaf.SerialNumber.Cmp(shown.SerialNumber) != 0 {
		t.Errorf("after a restart: %v", err)
	}
	files, err := os.ReadDir(dir)
	if err != nil || len(files) == 0 {
		t.Fatalf("%d files: %v", len(files), err)
	}
	for _, f := range files {
		if info, err := f.Info(); err != nil || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("others may read %s", f.Name())
		}
	}
}
