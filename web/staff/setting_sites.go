package staff

import (
	"net"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// mostSites bounds a list of web sites: a comune has a handful, and each request looks through it.
const mostSites = 50

// cleanSites gives a list of web sites, one a line and each once, as it is stored.
func cleanSites(kind SettingKind, value string) (clean, problem string) {
	var kept []string
	for _, line := range strings.FieldsFunc(value, func(r rune) bool { return r == '\n' || r == ' ' || r == ',' || r == ';' || r == '\t' }) {
		one, key := origin(line), "setting_problem_origin"
		if kind == Hosts {
			one, key = publicHost(line), "setting_problem_host"
		}
		if one == "" {
			return value, key
		}
		if !slices.Contains(kept, one) {
			kept = append(kept, one)
		}
	}
	if len(kept) > mostSites {
		return value, "setting_problem_sites"
	}
	return strings.Join(kept, "\n"), ""
}

// origin gives the origin (RFC 6454) of the address of a web site, empty for what is none: as browsers send it, so without a path and
// without the port that goes without saying. Only https; http on this machine alone, for who tries it out.
func origin(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.User != nil || u.RawQuery != "" || u.Fragment != "" || u.Path != "" && u.Path != "/" {
		return ""
	}
	host, port := strings.ToLower(u.Hostname()), u.Port()
	local := host == "localhost" || host == "127.0.0.1"
	switch {
	case u.Scheme != "https" && (u.Scheme != "http" || !local), !local && !hostForm.MatchString(host):
		return ""
	case port == "", u.Scheme == "https" && port == "443", u.Scheme == "http" && port == "80":
		return u.Scheme + "://" + host
	}
	return u.Scheme + "://" + net.JoinHostPort(host, port)
}

// hostForm is a name with at least one dot; the last part is no number.
var hostForm = regexp.MustCompile(`^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$`)

// publicHost gives the name of a server on the internet, also "*.example.it" for all below one, empty for what is none. Who pastes an address gets its host. A number is no
// name, and neither is what only exists on a local network: what lies there is reached when the configuration of the server says so.
func publicHost(text string) string {
	if strings.Contains(text, "://") {
		u, err := url.Parse(text)
		if err != nil || u.Port() != "" {
			return ""
		}
		text = u.Hostname()
	}
	host := strings.ToLower(strings.TrimSuffix(text, "."))
	below, every := strings.CutPrefix(host, "*.")
	if _, err := netip.ParseAddr(below); err == nil || !hostForm.MatchString(below) || every && !strings.Contains(below, ".") {
		return ""
	}
	for _, local := range []string{".local", ".localhost", ".internal", ".lan", ".home.arpa", ".localdomain"} {
		if strings.HasSuffix(below, local) {
			return ""
		}
	}
	return host
}
