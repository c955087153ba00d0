package outbound

import (
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"sportello/assistant/fault"
)

// rule is one entry of an allow-list.
type rule struct {
	host   string // lower case, no trailing dot; a suffix that starts with a dot for "*.example.org"
	port   string // empty: any
	suffix bool
}

func (r rule) matches(host, port string) bool {
	if r.port != "" && r.port != port {
		return false
	}
	if r.suffix {
		return strings.HasSuffix(host, r.host)
	}
	return host == r.host
}

type rules struct {
	public  []rule
	private []rule
}

func parseRules(allow, private []string) (rules, error) {
	var r rules
	var err error
	if r.public, err = parseList(allow); err != nil {
		return r, err
	}
	r.private, err = parseList(private)
	return r, err
}

func parseList(entries []string) ([]rule, error) {
	var out []rule
	for _, e := range entries {
		r, err := parseRule(e)
		if err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, nil
}

func parseRule(entry string) (rule, error) {
	s := strings.TrimSpace(entry)
	var r rule
	if strings.Contains(s, "://") {
		u, err := url.Parse(s)
		if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Hostname() == "" {
			return r, badEntry(entry)
		}
		return rule{host: normal(u.Hostname()), port: portOf(u)}, nil
	}
	if h, p, err := net.SplitHostPort(s); err == nil {
		s, r.port = h, p
	}
	s = strings.TrimSuffix(strings.TrimPrefix(s, "["), "]")
	if rest, ok := strings.CutPrefix(s, "*."); ok {
		s, r.suffix = "."+rest, true
		if !strings.Contains(rest, ".") { // "*.it" would be the whole country
			return r, badEntry(entry)
		}
	}
	r.host = normal(s)
	if r.host == "" || strings.ContainsAny(r.host, "/ *@?#") {
		return r, badEntry(entry)
	}
	return r, nil
}

func badEntry(entry string) error {
	return fault.New(fault.Invalid, "%q is not a host: write a name, name:port, an http(s) address or *.name.tld", entry)
}

func normal(host string) string {
	return strings.ToLower(strings.TrimSuffix(host, "."))
}

func portOf(u *url.URL) string {
	if p := u.Port(); p != "" {
		return p
	}
	if u.Scheme == "https" {
		return "443"
	}
	return "80"
}

func (r rules) allowed(host, port string) bool {
	host = normal(host)
	match := func(x rule) bool { return x.matches(host, port) }
	return slices.ContainsFunc(r.public, match) || slices.ContainsFunc(r.private, match)
}

// reachable says whether the host may be dialled at the address that its name gave.
func (r rules) reachable(host, port string, ip netip.Addr) bool {
	if public(ip) {
		return true
	}
	host = normal(host)
	for _, x := range r.private {
		if !x.matches(host, port) {
			continue
		}
		if ip.Unmap() == metadata4 || ip == metadata6 {
			return x.host == ip.Unmap().String()
		}
		return !ip.IsUnspecified() && !ip.IsMulticast()
	}
	return false
}

var (
	metadata4 = netip.MustParseAddr("169.254.169.254") // where clouds hand out credentials
	metadata6 = netip.MustParseAddr("fd00:ec2::254")
	// special holds the blocks of the IANA special-purpose registries (RFC 6890) that the predicates of net/netip leave out.
	special = []netip.Prefix{
		netip.MustParsePrefix("0.0.0.0/8"),
		netip.MustParsePrefix("100.64.0.0/10"), // shared address space, RFC 6598
		netip.MustParsePrefix("192.0.0.0/24"),
		netip.MustParsePrefix("192.0.2.0/24"),
		netip.MustParsePrefix("198.18.0.0/15"),
		netip.MustParsePrefix("198.51.100.0/24"),
		netip.MustParsePrefix("203.0.113.0/24"),
		netip.MustParsePrefix("240.0.0.0/4"),
		netip.MustParsePrefix("64:ff9b::/96"), // NAT64: an IPv4 address in disguise
		netip.MustParsePrefix("64:ff9b:1::/48"),
		netip.MustParsePrefix("2001:db8::/32"),
		netip.MustParsePrefix("2002::/16"), // 6to4, likewise
		netip.MustParsePrefix("2001::/32"), // Teredo, likewise
		netip.MustParsePrefix("100::/64"),
	}
)

func public(ip netip.Addr) bool {
	ip = ip.Unmap()
	if !ip.IsGlobalUnicast() || ip.IsPrivate() || ip.IsLoopback() || ip.IsLinkLocalUnicast() {
		return false
	}
	return !slices.ContainsFunc(special, func(p netip.Prefix) bool { return p.Contains(ip) })
}
