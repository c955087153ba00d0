package web

import (
	"net"
	"net/netip"
	"sync"
)

// Doors says how many connections are open at once. Zero values take the defaults.
type Doors struct {
	Most    int            // of all together; default 8192
	Each    int            // of one address, of IPv6 one /64; default 128
	Proxies []netip.Prefix // stand for many people, and may have all; this machine does too
}

const (
	defaultMost = 8192
	defaultEach = 128
)

// Guard gives a listener that closes what is too much at once, before it costs anything: a connection that says nothing for ten seconds
// is only dangerous in thousands.
func Guard(l net.Listener, d Doors) net.Listener {
	if d.Most <= 0 {
		d.Most = defaultMost
	}
	if d.Each <= 0 {
		d.Each = defaultEach
	}
	return &crowd{Listener: l, Doors: d, by: map[netip.Prefix]int{}}
}

type crowd struct {
	net.Listener
	Doors

	mu  sync.Mutex
	all int
	by  map[netip.Prefix]int
}

func (c *crowd) Accept() (net.Conn, error) {
	for {
		conn, err := c.Listener.Accept()
		if err != nil {
			return nil, err
		}
		from, counted := c.from(conn.RemoteAddr())
		if c.enter(from, counted) {
			return &guest{Conn: conn, leave: sync.OnceFunc(func() { c.leave(from, counted) })}, nil
		}
		if tcp, ok := conn.(*net.TCPConn); ok {
			_ = tcp.SetLinger(0) // nothing of it stays in the kernel
		}
		_ = conn.Close()
	}
}

func (c *crowd) enter(from netip.Prefix, counted bool) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.all >= c.Most || counted && c.by[from] >= c.Each {
		return false
	}
	c.all++
	if counted {
		c.by[from]++
	}
	return true
}

func (c *crowd) leave(from netip.Prefix, counted bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.all--
	if !counted {
		return
	}
	if c.by[from]--; c.by[from] == 0 {
		delete(c.by, from)
	}
}

// from gives whose connection it is, and whether it is one of somebody who is counted.
func (c *crowd) from(a net.Addr) (netip.Prefix, bool) {
	ap, err := netip.ParseAddrPort(a.String())
	if err != nil {
		return netip.Prefix{}, false // a socket of this machine
	}
	addr := ap.Addr().Unmap().WithZone("")
	if addr.IsLoopback() {
		return netip.Prefix{}, false
	}
	for _, p := range c.Proxies {
		if p.Contains(addr) {
			return netip.Prefix{}, false
		}
	}
	return subscriber(addr), true
}

// subscriber is what one subscriber has of the addresses: of IPv6 a /64.
func subscriber(a netip.Addr) netip.Prefix {
	bits := a.BitLen()
	if a.Is6() {
		bits = 64
	}
	p, _ := a.Prefix(bits) // the number of bits is right
	return p
}

type guest struct {
	net.Conn
	leave func()
}

func (g *guest) Close() error {
	g.leave()
	return g.Conn.Close()
}
