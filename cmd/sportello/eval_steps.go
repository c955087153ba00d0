package main

import (
	"io"
	"time"

	"github.com/schollz/progressbar/v3"
)

// steps shows how far long work is: a bar for each step on a terminal, elsewhere a line every half minute.
type steps struct {
	w       io.Writer
	what    string
	bar     *progressbar.ProgressBar
	began   time.Time
	spoken  time.Time
	started bool
}

const stepsPause = 30 * time.Second

func newSteps(w io.Writer) *steps { return &steps{w: w} }

func (p *steps) show(what string, done, all int) {
	if what != p.what {
		p.end()
		p.what, p.began, p.spoken, p.started = what, time.Now(), time.Now(), true
		p.bar = bar(p.w, int64(all), what, false)
	}
	p.bar.ChangeMax(all)
	_ = p.bar.Set(done)
	if !terminal(p.w) && time.Since(p.spoken) > stepsPause {
		p.spoken = time.Now()
		sayf(p.w, "%s: %d of %d\n", what, done, all)
	}
}

// end closes the step under way.
func (p *steps) end() {
	if !p.started {
		return
	}
	_ = p.bar.Finish()
	if took := time.Since(p.began); !terminal(p.w) && took > time.Second {
		sayf(p.w, "%s: done in %.0f s\n", p.what, took.Seconds())
	}
	p.what, p.started = "", false
}
