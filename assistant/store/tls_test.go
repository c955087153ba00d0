package store

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sportello/assistant/fault"
	"sportello/assistant/store/pgtest"
)

// authority is one that a territory makes for itself.
type authority struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
	file        string // PEM, for sslrootcert
}

func encoded(t *testing.T, kind string, der []byte) []byte {
	t.Helper()
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
}

func newAuthority(t *testing.T, name string) *authority {
	t.Helper()
	key := must[*ecdsa.PrivateKey](t)(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	der := must[[]byte](t)(x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key))
	a := &authority{certificate: must[*x509.Certificate](t)(x509.ParseCertificate(der)), key: key, file: filepath.Join(t.TempDir(), "ca.pem")}
	ok(t, os.WriteFile(a.file, encoded(t, "CERTIFICATE", der), 0o600))
	return a
}

// server gives a certificate for an address of this machine, or for another name.
func (a *authority) server(t *testing.T, ip net.IP, name string) (certificate, private []byte) {
	t.Helper()
	key := must[*ecdsa.PrivateKey](t)(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
	template := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "database"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	if ip != nil {
		template.IPAddresses = []net.IP{ip}
	}
	if name != "" {
		template.DNSNames = []string{name}
	}
	der := must[[]byte](t)(x509.CreateCertificate(rand.Reader, template, a.certificate, &key.PublicKey, a.key))
	return encoded(t, "CERTIFICATE", der), encoded(t, "EC PRIVATE KEY", must[[]byte](t)(x509.MarshalECPrivateKey(key)))
}

// A database on another machine is reached by TLS and proves who it is; one that cannot is refused before a password is told.
func TestPostgresByTLS(t *testing.T) {
	if testing.Short() {
		t.Skip("a server of its own")
	}
	server := pgtest.Need(t)
	t.Cleanup(server.Stop)
	dsn := must[string](t)(server.Copy(""))
	ours, other := newAuthority(t, "Provincia"), newAuthority(t, "Somebody else")
	try := func(port int, ca *authority) error {
		t.Helper()
		s, err := Open(t.Context(), Config{
			Dir: t.TempDir(), Analyze: words, AnalyzerVersion: 1,
			Postgres: fmt.Sprintf("postgres://sportello@127.0.0.1:%d/%s?sslmode=verify-full&sslrootcert=%s", port, pgtest.Name(dsn), ca.file),
		})
		if err == nil {
			comune(t, s, "avella")
			ok(t, s.Close())
		}
		return err
	}
	port := must[int](t)(server.Secure(ours.server(t, net.IPv4(127, 0, 0, 1), "")))
	unproven := func(err error) bool {
		return fault.CodeOf(err) == fault.Unavailable && strings.Contains(fault.MessageOf(err), "does not prove who it is")
	}
	if err := try(port, other); !unproven(err) {
		t.Errorf("a certificate of another authority: %v", err)
	}
	if err := try(port, ours); err != nil {
		t.Errorf("our own: %v", err)
	}
	port = must[int](t)(server.Secure(ours.server(t, nil, "database.example")))
	if err := try(port, ours); !unproven(err) {
		t.Errorf("a certificate for another name: %v", err)
	}
}
