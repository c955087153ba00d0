package desk

import (
	"context"
	"strings"
	"sync"
	"sync/atomic"

	"sportello/assistant"
	"sportello/assistant/lexicon"
)

// closureState is what is switched off, as this process last saw it.
type closureState struct {
	mu      sync.Mutex // guards reloading
	seen    atomic.Bool
	seq     int64
	all     atomic.Pointer[map[string][]assistant.Closure] // by tenant
	changed atomic.Pointer[chan struct{}]
}

// Changed gives a channel that is closed when something is next switched off or on.
func (d *Desk) Changed() <-chan struct{} { return *d.closures.changed.Load() }

// Closed gives what keeps a question from being answered, nil when nothing does: the tenant's whole assistant is off, or a subject that
// the question or the titles of the documents that answer it are about.
func (d *Desk) Closed(ctx context.Context, tenant, question, language string, titles []string) *assistant.Closure {
	if !d.closures.seen.Load() {
		d.reloadClosures(ctx)
	}
	all := d.closures.all.Load()
	if all == nil {
		return nil
	}
	list := (*all)[tenant]
	for i := range list {
		if list[i].Subject == "" {
			return &list[i]
		}
	}
	if len(list) == 0 {
		return nil
	}
	asked := d.wordsOf(question, language)
	for i := range list {
		if about(list[i].Subject, asked) {
			return &list[i]
		}
		for _, title := range titles {
			if about(list[i].Subject, wordsOfTitles([]string{title})) {
				return &list[i]
			}
		}
	}
	// "Rifiuti e raccolta" is the subject of a question that only says "rifiuti": whatever it would be filed under is off too.
	filed := d.Subject(ctx, tenant, question, language, titles)
	for i := range list {
		if filed != "" && strings.EqualFold(list[i].Subject, filed) {
			return &list[i]
		}
	}
	return nil
}

// about says whether all words of a subject are among words.
func about(subject string, words map[string]bool) bool {
	terms := lexicon.Analyze(subject)
	for _, t := range terms {
		if !words[t] {
			return false
		}
	}
	return len(terms) > 0
}

func (d *Desk) watchClosures(ctx context.Context) {
	for {
		d.reloadClosures(ctx)
		if !pause(ctx, d.cfg.Poll) {
			return
		}
	}
}

// reloadClosures looks at one number, and at the closures when it has changed. What cannot be read stays as it was.
func (d *Desk) reloadClosures(ctx context.Context) {
	c := &d.closures
	c.mu.Lock()
	defer c.mu.Unlock()
	seq, err := d.cfg.Records.ClosureSeq(ctx)
	if err == nil && c.seen.Load() && seq == c.seq {
		return
	}
	var list []assistant.Closure
	if err == nil {
		list, err = d.cfg.Records.Closures(ctx)
	}
	if err != nil {
		if ctx.Err() == nil {
			d.cfg.Log.WarnContext(ctx, "what is switched off could not be read", "error", err)
		}
		return
	}
	byTenant := map[string][]assistant.Closure{}
	for _, one := range list {
		byTenant[one.Tenant] = append(byTenant[one.Tenant], one)
	}
	c.all.Store(&byTenant)
	c.seq = seq
	c.seen.Store(true)
	close(*c.changed.Swap(new(make(chan struct{}))))
}
