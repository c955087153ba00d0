// Command bench-peers lets other search engines take part in `sportello bench search`: bleve by words, chromem-go by vectors. It is
// a module of its own, so that the product depends on none of them. It keeps what bleve writes in a folder that it deletes.
package main

import (
	"context"
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strings"
	"time"
)

// What is spoken with the command that starts this one; see assistant/contest/protocol.go.
type (
	passage struct {
		ID     string
		Text   string
		Vector []float32
	}
	question struct {
		Text   string
		Vector []float32
	}
	order struct {
		Engine   string
		Passages int
		K        int
	}
	ready struct {
		Memory int64
		Error  string
	}
	found struct {
		IDs   []string
		Took  time.Duration
		Error string
	}
)

type engine interface {
	add(*passage) error
	finish() error
	search(ctx context.Context, q question, k int) ([]string, error)
	close() error
}

func open(name string) (engine, error) {
	switch name {
	case "bleve":
		return newBleve()
	case "chromem":
		return newChromem()
	}
	return nil, fmt.Errorf("no engine %q: bleve or chromem", name)
}

func main() {
	if err := serve(context.Background(), os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "bench-peers:", err)
		os.Exit(1)
	}
}

func serve(ctx context.Context, in io.Reader, out io.Writer) (err error) {
	dec, enc := gob.NewDecoder(in), gob.NewEncoder(out)
	var o order
	if err := dec.Decode(&o); err != nil {
		return fmt.Errorf("sportello bench search starts this program: %w", err)
	}
	e, err := open(o.Engine)
	if err != nil {
		return errors.Join(err, enc.Encode(ready{Error: err.Error()}))
	}
	defer func() { err = errors.Join(err, e.close()) }()
	for range o.Passages {
		p := &passage{}
		if err := dec.Decode(p); err != nil {
			return err
		}
		if err := e.add(p); err != nil {
			return errors.Join(err, enc.Encode(ready{Error: err.Error()}))
		}
	}
	if err := e.finish(); err != nil {
		return errors.Join(err, enc.Encode(ready{Error: err.Error()}))
	}
	if err := enc.Encode(ready{Memory: resident()}); err != nil {
		return err
	}
	for {
		var q question
		if err := dec.Decode(&q); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		var f found
		start := time.Now()
		f.IDs, err = e.search(ctx, q, o.K)
		f.Took = time.Since(start)
		if err != nil {
			f.Error = err.Error()
		}
		if err := enc.Encode(f); err != nil {
			return err
		}
	}
}

// resident is the memory of this process in bytes after it gave back what it does not use, 0 where nothing says.
func resident() int64 {
	debug.FreeOSMemory()
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(status), "VmRSS:")
	var kb int64
	if _, err := fmt.Sscan(rest, &kb); err != nil {
		return 0
	}
	return kb << 10
}
