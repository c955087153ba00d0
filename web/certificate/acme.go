package certificate

import (
	"crypto/tls"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"

	"golang.org/x/crypto/acme"
	"golang.org/x/crypto/acme/autocert"

	"sportello/assistant/fault"
)

// PublicDirectory is the authority that is asked when no other is named.
const PublicDirectory = "https://acme-v02.api.letsencrypt.org/directory"

// Authority says which certificates are asked for, and of whom.
type Authority struct {
	Domains   []string // names of this server; for no other is a certificate asked
	Directory string   // address of the authority's directory; empty: PublicDirectory
	Email     string   // whom the authority writes to; may be empty
	Dir       string   // where certificates and the key of the account are kept
	Client    *http.Client
}

// Automatic asks an ACME authority for certificates, when somebody first comes, and renews them a month before they end. The authority makes sure that
// the names are this server's on the port of TLS itself (tls-alpn-01), or on port 80 when Plain answers there.
type Automatic struct{ manager *autocert.Manager }

// FromAuthority makes an Automatic. fault.Invalid for a name for which no certificate is given.
func FromAuthority(a Authority) (*Automatic, error) {
	if a.Directory == "" {
		a.Directory = PublicDirectory
	}
	if u, err := url.Parse(a.Directory); err != nil || u.Host == "" {
		return nil, fault.New(fault.Invalid, "serve.tls_directory = %q: write the address of an ACME directory, or nothing", a.Directory)
	}
	for _, d := range a.Domains {
		if _, err := netip.ParseAddr(d); err == nil || !strings.Contains(d, ".") || strings.ContainsAny(d, ":/ *") {
			return nil, fault.New(fault.Invalid, "serve.tls_domains: %q is no name of a server (sportello.comune.example.it)", d)
		}
	}
	return &Automatic{&autocert.Manager{
		Prompt: autocert.AcceptTOS, Cache: autocert.DirCache(a.Dir), HostPolicy: autocert.HostWhitelist(a.Domains...), Email: a.Email,
		Client: &acme.Client{DirectoryURL: a.Directory, HTTPClient: a.Client, UserAgent: "Sportello"},
	}}, nil
}

// Config shows the certificate of the name that is asked for, and none for other names.
func (a *Automatic) Config() *tls.Config {
	c := modern()
	c.GetCertificate = a.manager.GetCertificate
	c.NextProtos = append(c.NextProtos, acme.ALPNProto)
	return c
}

// Plain answers http: the authority's questions, when source asks one, and everybody else is sent to public, the https address of the server.
// Nothing that a stranger writes in Host decides where people go.
func Plain(source Source, public string) http.Handler {
	base := strings.TrimRight(public, "/")
	redirect := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Connection", "close")
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			http.Error(w, "https", http.StatusBadRequest) // what was sent in the clear is not repeated
			return
		}
		http.Redirect(w, r, base+(&url.URL{Path: r.URL.Path, RawQuery: r.URL.RawQuery}).RequestURI(), http.StatusMovedPermanently)
	})
	if a, ok := source.(*Automatic); ok {
		return a.manager.HTTPHandler(redirect)
	}
	return redirect
}

// Names says whether the address of a page is one of the names.
func Names(domains []string, public string) bool {
	u, err := url.Parse(public)
	if err != nil || u.Scheme != "https" {
		return false
	}
	host := u.Host
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	for _, d := range domains {
		if strings.EqualFold(d, host) {
			return true
		}
	}
	return false
}
