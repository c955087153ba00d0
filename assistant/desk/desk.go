// Package desk is what lies behind the counter: it keeps what citizens ask and do not find, gives the answers that offices approved, takes
// questions to offices and replies back by e-mail, knows what is switched off, and forgets in time.
//
// What it keeps is masked first (assistant/privacy) and lies in the store, which is given to it as Records. Recording never makes an
// answer wait or fail. It shows nothing: pages and commands do.
package desk

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"sportello/assistant"
	"sportello/assistant/fault"
	"sportello/assistant/lexicon"
	"sportello/locales"
)

// Records is where everything lies; assistant/store is one.
type Records interface {
	AddAsked(ctx context.Context, a assistant.Asked, keep bool) error
	AddFeedback(ctx context.Context, f assistant.Feedback, keep bool) error
	Expire(ctx context.Context, tenant, day string) (int, error)
	ExpireHandOvers(ctx context.Context, before time.Time) (int, error)
	Forget(ctx context.Context) (bool, error)
	Kept(ctx context.Context, actor, tenant string, code assistant.Code) (*assistant.Kept, error)
	EraseConversation(ctx context.Context, actor, tenant string, code assistant.Code) (assistant.Erased, error)

	Contacts(ctx context.Context, tenant string) ([]assistant.Contact, error)
	Lineage(ctx context.Context, tenant string) ([]string, error)
	ApprovedList(ctx context.Context, tenant string) ([]assistant.Approved, error)
	ApprovedSeq(ctx context.Context) (int64, error)
	Closures(ctx context.Context) ([]assistant.Closure, error)
	ClosureSeq(ctx context.Context) (int64, error)

	AddHandOver(ctx context.Context, h assistant.HandOver, mail bool) error
	HandOverByToken(ctx context.Context, tenant, token string) (*assistant.HandOver, error)
	HandOver(ctx context.Context, tenant, id string) (*assistant.HandOver, error)
	AnswerHandOver(ctx context.Context, tenant, id, reply, by, actor string, mail bool) error
	MoveHandOver(ctx context.Context, tenant, id, office, actor string, mail bool) error
	AskChat(ctx context.Context, tenant, id string) error
	Chat(ctx context.Context, id string) (*assistant.Chat, error)
	Say(ctx context.Context, tenant, id string, office bool, text string) error
	Seen(ctx context.Context, id string, office bool) error
	Available(ctx context.Context, tenant string) (int, error)
	ForgetEmail(ctx context.Context, tenant, id string) error
	ClaimMail(ctx context.Context, until time.Time) (*assistant.Mail, error)
	MailSent(ctx context.Context, id int64) error
	MailLater(ctx context.Context, id int64, next time.Time, why string) error
}

// Sender sends one message of plain text. fault.Invalid says that trying again is of no use.
type Sender interface {
	Send(ctx context.Context, key, to, subject, text string) error
}

// Config is what New needs. Records, Catalogue and Tenants are required.
type Config struct {
	Records   Records
	Catalogue *locales.Catalogue
	Sender    Sender // nil: no e-mail
	// Tenants gives the tenants' names by slug.
	Tenants func(ctx context.Context) (map[string]string, error)
	// Days gives how many days the questions of a tenant are kept, 0 to 30: 0 keeps counts only.
	Days func(ctx context.Context, tenant string) (int, error)
	// Chat says whether citizens of a tenant may write with a person at once; nil: they may.
	Chat func(ctx context.Context, tenant string) (bool, error)
	// Open says whether hours, as an office writes them, hold at a moment; known is false when they could not be read. nil: none can be.
	Open func(hours string, at time.Time) (open, known bool)
	// SourceText gives the text of a document that is in force and may be seen by the public of a tenant, else fault.NotFound.
	SourceText func(ctx context.Context, tenant, document string) (string, error)
	PublicURL  string // before the addresses in e-mail; empty: they hold none
	Log        *slog.Logger
	Now        func() time.Time
	Poll       time.Duration // how often the switches are looked at; default 250 ms
}

// Desk is safe for concurrent use.
type Desk struct {
	cfg      Config
	glossary *lexicon.Glossary
	queue    chan recorded
	dropped  atomic.Int64

	closures closureState
	approved approvedState
	wake     chan struct{} // a message was written
	owed     atomic.Bool   // the log still holds what was deleted
}

// waiting is how many questions wait to be recorded at most: some seconds of a flood. More are counted as dropped.
const waiting = 1024

// The longest that a question is kept, in days, and what holds when a tenant says nothing.
const (
	MostDays    = 30
	DefaultDays = 7
	// DaysSetting is the key under which a tenant says otherwise.
	DaysSetting = "questions.days"
)

// New makes a Desk. It does nothing by itself before Run.
func New(cfg Config) (*Desk, error) {
	if cfg.Records == nil || cfg.Catalogue == nil || cfg.Tenants == nil {
		return nil, fault.New(fault.Internal, "desk: Records, Catalogue and Tenants are required")
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Poll == 0 {
		cfg.Poll = 250 * time.Millisecond
	}
	if cfg.Days == nil {
		cfg.Days = func(context.Context, string) (int, error) { return DefaultDays, nil }
	}
	glossary, err := lexicon.DefaultGlossary()
	if err != nil {
		return nil, err
	}
	d := &Desk{cfg: cfg, glossary: glossary, queue: make(chan recorded, waiting), wake: make(chan struct{}, 1)}
	d.closures.changed.Store(new(make(chan struct{})))
	return d, nil
}

// Run records, looks at the switches, sends mail and forgets, until ctx ends; what waits to be recorded then is recorded first.
func (d *Desk) Run(ctx context.Context) {
	var work sync.WaitGroup
	for _, job := range []func(context.Context){d.recordAlways, d.watchClosures, d.forgetAlways, d.mailAlways} {
		work.Go(func() { job(ctx) })
	}
	work.Wait()
}

// Days gives how many days a tenant keeps questions, within the bounds.
func (d *Desk) Days(ctx context.Context, tenant string) (int, error) {
	n, err := d.cfg.Days(ctx, tenant)
	return min(max(n, 0), MostDays), err
}

// pause waits, and says false when ctx ended meanwhile.
func pause(ctx context.Context, t time.Duration) bool {
	timer := time.NewTimer(t)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
