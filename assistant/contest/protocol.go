package contest

import (
	"encoding/gob"
	"errors"
	"io"
	"time"
)

// Order comes first: what the engine is to do.
type Order struct {
	Engine   string
	Passages int // how many follow
	K        int // hits of an answer
}

// Ready says that all passages are searchable.
type Ready struct {
	Memory int64 // bytes resident
	Error  string
}

// Found answers a question.
type Found struct {
	IDs   []string
	Took  time.Duration
	Error string
}

// Engine holds passages and searches them.
type Engine interface {
	Add(*Passage) error
	// Finish makes everything searchable.
	Finish() error
	Search(q Question, k int) ([]string, error)
}

// Serve is an engine's side: it ends when no more questions come.
func Serve(in io.Reader, out io.Writer, open func(name string) (Engine, error)) error {
	dec, enc := gob.NewDecoder(in), gob.NewEncoder(out)
	var order Order
	if err := dec.Decode(&order); err != nil {
		return err
	}
	e, err := open(order.Engine)
	for range order.Passages {
		p := &Passage{}
		if err := dec.Decode(p); err != nil {
			return err
		}
		if err == nil {
			err = e.Add(p)
		}
	}
	if err == nil {
		err = e.Finish()
	}
	ready := Ready{Memory: Resident("self")}
	if err != nil {
		ready.Error = err.Error()
	}
	if err := enc.Encode(ready); err != nil || ready.Error != "" {
		return err
	}
	for {
		var q Question
		if err := dec.Decode(&q); err != nil {
			if errors.Is(err, io.EOF) {
				return nil
			}
			return err
		}
		var f Found
		start := time.Now()
		f.IDs, err = e.Search(q, order.K)
		f.Took = time.Since(start)
		if err != nil {
			f.Error = err.Error()
		}
		if err := enc.Encode(f); err != nil {
			return err
		}
	}
}
