package certificate

import (
	"crypto/tls"
	"log/slog"
	"os"
	"sync"
	"time"

	"sportello/assistant/fault"
)

// lookEvery is how often the files are looked at, and only when somebody comes.
const lookEvery = 10 * time.Second

// Source gives what a TLS server shows.
type Source interface {
	// Config is what a server is made of.
	Config() *tls.Config
}

// Files is a certificate in two files, in PEM. It is safe for concurrent use.
type Files struct {
	cert, key string
	log       *slog.Logger
	now       func() time.Time

	mu      sync.Mutex
	looked  time.Time
	changed [2]time.Time
	have    *tls.Certificate
}

// FromFiles reads a certificate with its chain and its key. fault.Invalid for files that cannot be read or do not belong together.
func FromFiles(cert, key string, log *slog.Logger, now func() time.Time) (*Files, error) {
	f := &Files{cert: cert, key: key, log: log, now: now}
	if err := f.read(); err != nil {
		return nil, err
	}
	return f, nil
}

func (f *Files) read() error {
	changed, err := f.times()
	if err != nil {
		return fault.Wrap(fault.Invalid, err, "the certificate cannot be read: see serve.tls_cert and serve.tls_key, and who may read them")
	}
	pair, err := tls.LoadX509KeyPair(f.cert, f.key)
	if err != nil {
		return fault.Wrap(fault.Invalid, err, "%s and %s are no certificate with its key, in PEM", f.cert, f.key)
	}
	if f.now().After(pair.Leaf.NotAfter) {
		f.log.Warn("the certificate is over: browsers will refuse it", "file", f.cert, "ended", pair.Leaf.NotAfter)
	}
	f.have, f.changed, f.looked = &pair, changed, f.now()
	return nil
}

func (f *Files) times() (at [2]time.Time, err error) {
	for i, name := range []string{f.cert, f.key} {
		info, err := os.Stat(name)
		if err != nil {
			return at, err
		}
		at[i] = info.ModTime()
	}
	return at, nil
}

// get gives the certificate as it is now. Files that are being replaced, or were replaced by something else, leave the one before.
func (f *Files) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.now().Sub(f.looked) < lookEvery {
		return f.have, nil
	}
	f.looked = f.now()
	changed, err := f.times()
	if err == nil && changed == f.changed {
		return f.have, nil
	}
	if err == nil {
		err = f.read()
	}
	if err != nil {
		f.log.Warn("the new certificate cannot be used: the one before stays", "error", err)
	} else {
		f.log.Info("the certificate was read again", "ends", f.have.Leaf.NotAfter)
	}
	return f.have, nil
}

// Config shows the certificate to everybody.
func (f *Files) Config() *tls.Config {
	c := modern()
	c.GetCertificate = f.get
	return c
}

// Ends says until when the certificate is good.
func (f *Files) Ends() time.Time {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.have.Leaf.NotAfter
}

// modern is what every browser of the last ten years speaks (Mozilla's "intermediate", AgID's recommendations on TLS): 1.2 with forward secrecy
// and authenticated ciphers, or 1.3.
func modern() *tls.Config {
	return &tls.Config{
		MinVersion: tls.VersionTLS12,
		NextProtos: []string{"h2", "http/1.1"},
		CipherSuites: []uint16{ // of 1.2
			tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
			tls.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, tls.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
			tls.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, tls.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
		},
	}
}
