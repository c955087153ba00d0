package outbound

// Address is a place that the client may reach, for a person to read.
type Address struct {
	Host    string `json:"host"` // "www.example.org", "*.example.org"
	Port    string `json:"port,omitempty"`
	Private bool   `json:"private"` // may be a loopback or private address
}

// Addresses lists every place that the client may reach, in the order of the configuration.
func (c *Client) Addresses() []Address {
	var out []Address
	add := func(list []rule, private bool) {
		for _, r := range list {
			host := r.host
			if r.suffix {
				host = "*" + host
			}
			out = append(out, Address{Host: host, Port: r.port, Private: private})
		}
	}
	add(c.rules.public, false)
	add(c.rules.private, true)
	return out
}
