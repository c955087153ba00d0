package load

import (
	"bufio"
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"sportello/assistant/fault"
)

// gauges are what a server says of itself.
type gauges struct {
	known         bool
	resident, cpu float64 // bytes, seconds
}

// gauges reads /metrics. A server that does not show them is no error; one that is not there is.
func (c *Config) gauges(ctx context.Context) (g gauges, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.Base+"/metrics", nil)
	if err != nil {
		return g, fault.Wrap(fault.Invalid, err, "%s is not an address", c.Base)
	}
	resp, err := c.Client.Do(req)
	if err != nil {
		return g, fault.Wrap(fault.Unavailable, err, "no server answers at %s: start one with sportello serve", c.Base)
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusOK {
		return g, nil
	}
	for lines := bufio.NewScanner(resp.Body); lines.Scan(); {
		name, value, _ := strings.Cut(lines.Text(), " ")
		n, err := strconv.ParseFloat(value, 64)
		if err != nil {
			continue
		}
		switch name {
		case "process_resident_memory_bytes":
			g.resident, g.known = n, true
		case "process_cpu_seconds_total":
			g.cpu = n
		}
	}
	return g, nil
}

// lookEvery is how often the server is asked for its memory: it counts documents for that, which is work of its own.
const lookEvery = 3 * time.Second

// watch gives the most that was seen until ctx ends.
func (c *Config) watch(ctx context.Context) (most gauges) {
	for ctx.Err() == nil {
		select {
		case <-time.After(lookEvery):
		case <-ctx.Done():
		}
		if g, err := c.gauges(context.WithoutCancel(ctx)); err == nil && g.known {
			most.known, most.resident = true, max(most.resident, g.resident)
		}
	}
	return most
}
