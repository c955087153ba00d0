package ingest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"
	"time"

	"sportello/assistant/fault"
)

// Envelope opens a format that only carries another file: a signed file, or an old Office file that is converted first. The
// Registry parses what is inside by its own format, so an envelope knows no parser.
type Envelope interface {
	// Open gives the file inside. Its errors are as those of Parser.Parse.
	Open(ctx context.Context, in Input) (Input, error)
}

// Limits bound what a Registry accepts, whatever the format.
type Limits struct {
	Bytes int           // size of a file; default 256 MiB
	Time  time.Duration // for one file; default 10 minutes (recognition of scanned pages is slow)
	Depth int           // envelopes inside envelopes; default 4
}

func (l Limits) withDefaults() Limits {
	if l.Bytes <= 0 {
		l.Bytes = 256 << 20
	}
	if l.Time <= 0 {
		l.Time = 10 * time.Minute
	}
	if l.Depth <= 0 {
		l.Depth = 4
	}
	return l
}

// Registry is the Parser of every format: it tells the format by the content, applies the limits, turns a panic into
// fault.Broken and hands the file to the parser of its format. It is safe for concurrent use when its parsers are.
type Registry struct {
	parsers   map[Format]Parser
	envelopes map[Format]Envelope
	limits    Limits
}

// NewRegistry gives a Registry of the parsers with default limits.
func NewRegistry(parsers map[Format]Parser) *Registry {
	return &Registry{parsers: maps.Clone(parsers), limits: Limits{}.withDefaults()}
}

// WithEnvelopes gives a Registry that also opens these formats.
func (r *Registry) WithEnvelopes(envelopes map[Format]Envelope) *Registry {
	return &Registry{parsers: r.parsers, envelopes: maps.Clone(envelopes), limits: r.limits}
}

// WithLimits gives a Registry of the same formats with other limits; zero fields keep their default.
func (r *Registry) WithLimits(l Limits) *Registry {
	return &Registry{parsers: r.parsers, envelopes: r.envelopes, limits: l.withDefaults()}
}

// grace is how long a parser may go on after its time is up before it is left behind.
const grace = 3 * time.Second

// Parse implements Parser.
func (r *Registry) Parse(ctx context.Context, in Input) (*Parsed, error) {
	ctx, cancel := context.WithTimeout(ctx, r.limits.Time)
	defer cancel()
	type result struct {
		parsed *Parsed
		err    error
	}
	done := make(chan result, 1)
	go func() {
		p, err := r.parse(ctx, in, 0)
		done <- result{p, err}
	}()
	select {
	case res := <-done:
		return res.parsed, res.err
	case <-ctx.Done():
	}
	select {
	case res := <-done:
		if res.err == nil {
			return res.parsed, nil
		}
		return nil, r.stopped(ctx, in, res.err)
	case <-time.After(grace): // its library does not look at the context: the result is not waited for
		return nil, r.stopped(ctx, in, ctx.Err())
	}
}

func (r *Registry) stopped(ctx context.Context, in Input, cause error) error {
	if errors.Is(ctx.Err(), context.Canceled) {
		return fault.Wrap(fault.Timeout, ctx.Err(), "%s: stopped before it was read", in.Name)
	}
	if fault.CodeOf(cause) != fault.Internal {
		return cause
	}
	return fault.Wrap(fault.Timeout, cause, "%s: not read within %v: split it, or save it anew as PDF", in.Name, r.limits.Time)
}

func (r *Registry) parse(ctx context.Context, in Input, depth int) (parsed *Parsed, err error) {
	format := FormatUnknown
	defer func() {
		if v := recover(); v != nil {
			parsed, err = nil, fault.Wrap(fault.Broken, fmt.Errorf("panic: %v", v), "%s: the reader of %s failed on it: save it anew as PDF or DOCX", in.Name, format)
		}
	}()
	if len(in.Bytes) > r.limits.Bytes {
		return nil, fault.New(fault.TooLarge, "%s: %d MB, more than the limit of %d MB", in.Name, len(in.Bytes)>>20, r.limits.Bytes>>20)
	}
	format = Sniff(in.Bytes, in.Name)
	switch format {
	case FormatEmpty:
		return nil, fault.New(fault.NoText, "%s: the file is empty", in.Name)
	case FormatLocked:
		return nil, fault.New(fault.Encrypted, "%s: it wants a password: save it without and give it again", in.Name)
	}
	if p, ok := r.parsers[format]; ok {
		return finish(ctx, p, in)
	}
	env, ok := r.envelopes[format]
	if !ok {
		text := advice[format]
		if text == "" {
			text = fmt.Sprintf("%s is not read by this installation", format)
		}
		return nil, fault.New(fault.Unsupported, "%s: not read: %s", in.Name, text)
	}
	if depth >= r.limits.Depth {
		return nil, fault.New(fault.TooLarge, "%s: more than %d files wrapped in one another", in.Name, r.limits.Depth)
	}
	inner, err := env.Open(ctx, in)
	if err != nil {
		return nil, err
	}
	parsed, err = r.parse(ctx, inner, depth+1)
	if err == nil && format != FormatP7M { // what the person gave, not what it was converted to; of a signed file, what is signed
		parsed.Format = string(format)
	}
	return parsed, err
}

// finish parses and checks that there is text: a document without any is an error, not an empty success.
func finish(ctx context.Context, p Parser, in Input) (*Parsed, error) {
	parsed, err := p.Parse(ctx, in)
	if err != nil {
		return nil, err
	}
	reveal(parsed)
	for _, b := range parsed.Blocks {
		if strings.TrimSpace(b.Text) != "" {
			return parsed, nil
		}
	}
	if len(parsed.Hidden) > 0 {
		return nil, fault.New(fault.NoText, "%s: it opens, but all its text is hidden from who reads it: check where it comes from", in.Name)
	}
	return nil, fault.New(fault.NoText, "%s: it opens but holds no text", in.Name)
}
