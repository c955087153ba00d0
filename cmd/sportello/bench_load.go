package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/url"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"sportello/assistant/fault"
	"sportello/assistant/load"
	"sportello/assistant/outbound"
)

// benchLoadCmd asks a running server as many citizens do.
type benchLoadCmd struct {
	URL       string        `name:"url" default:"http://127.0.0.1:8080" help:"The server." placeholder:"URL"`
	Tenant    []string      `required:"" help:"Whose citizens ask; may be repeated." placeholder:"SLUG"`
	Citizens  int           `default:"64" help:"Who ask at the same time."`
	Seconds   int           `default:"30" help:"How long, at most 3600."`
	Questions string        `help:"Questions: one a line, or JSON lines with \"question\", \"lang\" and \"tenant\". Without: questions about the titles of what the tenant publishes." type:"existingfile" placeholder:"FILE"`
	Slow      int           `default:"10" help:"Citizens in a hundred who are on a slow line."`
	Leave     int           `default:"5" help:"Answers in a hundred that are left in the middle."`
	Pause     time.Duration `default:"0s" help:"Between an answer and the citizen's next question."`
	Seed      uint64        `default:"1" help:"Of the choice of questions."`
	Fresh     bool          `help:"Never the same question twice: a number is put after each, so that the engine embeds all of them."`
	AllowHost []string      `name:"allow-host" help:"A host other than this machine that may be put under load, by name; it must be yours." placeholder:"HOST"`
	JSON      bool          `help:"Print JSON."`
}

func (cmd *benchLoadCmd) Help() string {
	return "Example:\n  sportello --set serve.ask_per_minute=1000000 serve &\n  sportello bench load --tenant avella --citizens 64 --seconds 60\n\n" +
		"The server counts questions by address: raise serve.ask_per_minute for the test, or most are turned away (status 429).\n" +
		"Questions that are asked are recorded by the server like any others: use a copy of the data folder."
}

// longestLoad bounds a load that somebody forgets.
const longestLoad = 3600

func (cmd *benchLoadCmd) Run(ctx context.Context, s *session) error {
	base, err := cmd.target()
	if err != nil {
		return err
	}
	if cmd.Seconds < 1 || cmd.Seconds > longestLoad || cmd.Citizens < 1 || cmd.Slow < 0 || cmd.Slow > 100 || cmd.Leave < 0 || cmd.Leave > 100 {
		return fault.New(fault.Invalid, "write --seconds between 1 and %d, --citizens of 1 or more, --slow and --leave between 0 and 100", longestLoad)
	}
	client, err := outbound.New(outbound.Config{Private: []string{base}, Connections: cmd.Citizens + 1})
	if err != nil {
		return err
	}
	defer client.Close()
	c := load.Config{
		Client: client.HTTP(), Base: base, Tenants: cmd.Tenant, Citizens: cmd.Citizens, For: time.Duration(cmd.Seconds) * time.Second,
		Slow: float64(cmd.Slow) / 100, Leave: float64(cmd.Leave) / 100, Pause: cmd.Pause, Seed: cmd.Seed, Fresh: cmd.Fresh,
	}
	if c.Questions, err = cmd.questions(ctx, &c); err != nil {
		return err
	}
	progress := bar(s.stderr, -1, "answers", false)
	c.Tick = func(n int) { _ = progress.Set(n) }
	report, err := load.Run(ctx, c)
	_ = progress.Finish()
	if err != nil && (report == nil || !errors.Is(err, context.Canceled)) {
		return err
	}
	if cmd.JSON {
		return printJSON(s.stdout, report)
	}
	return sayLoad(s.stdout, report)
}

// target is the address without its slash, when it may be put under load.
func (cmd *benchLoadCmd) target() (string, error) {
	u, err := url.Parse(cmd.URL)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Hostname() == "" || u.User != nil {
		return "", fault.New(fault.Invalid, "--url %q is not an address: write http://127.0.0.1:8080", cmd.URL)
	}
	ip := net.ParseIP(u.Hostname())
	if loopback := u.Hostname() == "localhost" || ip != nil && ip.IsLoopback(); !loopback && !slices.Contains(cmd.AllowHost, u.Hostname()) {
		return "", fault.New(fault.Invalid, "%s is not this machine: a load can bring a service down. If it is yours and nobody needs it now, add --allow-host %s", u.Hostname(), u.Hostname())
	}
	return strings.TrimRight(u.Scheme+"://"+u.Host+u.Path, "/"), nil
}

func (cmd *benchLoadCmd) questions(ctx context.Context, c *load.Config) (all []load.Question, err error) {
	if cmd.Questions != "" {
		file, err := os.Open(cmd.Questions)
		if err != nil {
			return nil, fault.Wrap(fault.Invalid, err, "%s cannot be read", cmd.Questions)
		}
		defer func() { _ = file.Close() }()
		return load.Read(file)
	}
	for _, tenant := range cmd.Tenant {
		some, err := c.Titles(ctx, tenant)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	return all, nil
}

func sayLoad(to io.Writer, r *load.Report) error {
	w := tabwriter.NewWriter(to, 0, 4, 2, ' ', 0)
	sayf(w, "citizens\t%d for %.0f s\n", r.Citizens, r.Seconds)
	sayf(w, "answers a second\t%.1f\t(%d whole, %d left in the middle)\n", r.PerSecond, r.Answers, r.Left)
	for _, line := range []struct {
		what string
		load.Spread
	}{{"first statement", r.First}, {"whole answer", r.Whole}} {
		sayf(w, "%s\tp50 %.0f ms\tp95 %.0f ms\tp99 %.0f ms\tmost %.0f ms\n", line.what, line.P50, line.P95, line.P99, line.Max)
	}
	for _, status := range slices.Sorted(maps.Keys(r.Statuses)) {
		sayf(w, "%s\t%d\n", status, r.Statuses[status])
	}
	sayf(w, "errors\t%d\n", r.Failed())
	for _, what := range slices.Sorted(maps.Keys(r.Errors)) {
		sayf(w, "\t%d\t%s\n", r.Errors[what], what)
	}
	if r.Place > 0 {
		sayf(w, "furthest place in a queue\t%d\n", r.Place)
	}
	if r.Server != nil {
		sayf(w, "server's memory\t%.0f MB before\t%.0f MB at most\t%.0f MB after\n", r.Server.MemoryBefore, r.Server.MemoryMost, r.Server.MemoryAfter)
		sayf(w, "server's CPU\t%.1f s\t%.2f cores\t(without its engine)\n", r.Server.CPU, r.Server.Cores)
	} else {
		sayf(w, "server's memory\t%s\n", "not known: it shows /metrics to the addresses of serve.metrics_from only")
	}
	sayf(w, "CPU of this command\t%.1f s\n", r.OwnCPU)
	if r.Errors[fmt.Sprintf("status %d", 429)] > 0 {
		sayln(w, "\nSome were turned away because they come from one address: start the server with --set serve.ask_per_minute=1000000 for the test.")
	}
	return w.Flush()
}
