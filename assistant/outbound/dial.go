package outbound

import (
	"context"
	"net"
	"net/netip"
	"time"

	"sportello/assistant/fault"
)

// dial resolves the host itself and connects to an address that it has checked: whoever answers the name's queries has no
// second chance to answer otherwise.
func (c *Client) dial(ctx context.Context, network, address string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "%q is not a host with its port", address)
	}
	ips, err := c.lookup(ctx, host)
	if err != nil {
		return nil, err
	}
	d := net.Dialer{Timeout: connectTimeout, KeepAlive: 30 * time.Second}
	var refused, failed error
	for _, ip := range ips {
		if !c.rules.reachable(host, port, ip) {
			refused = fault.New(fault.Invalid, "%s leads to %s, a private or special address that the configuration does not allow for it", host, ip)
			continue
		}
		conn, err := d.DialContext(ctx, network, net.JoinHostPort(ip.String(), port))
		if err == nil {
			return conn, nil
		}
		failed = err
	}
	if failed != nil {
		return nil, failed
	}
	return nil, refused
}

func (c *Client) lookup(ctx context.Context, host string) ([]netip.Addr, error) {
	if ip, err := netip.ParseAddr(host); err == nil {
		return []netip.Addr{ip.Unmap()}, nil
	}
	found, err := c.resolve(ctx, host)
	if err != nil {
		return nil, fault.Wrap(fault.Unavailable, err, "the name %s is not known", host)
	}
	var out []netip.Addr
	for _, f := range found {
		if ip, ok := netip.AddrFromSlice(f.IP); ok {
			out = append(out, ip.Unmap().WithZone(f.Zone))
		}
	}
	if len(out) == 0 {
		return nil, fault.New(fault.Unavailable, "the name %s has no address", host)
	}
	return out, nil
}
