// Package dialogue stands between the public routes and the Asker: it checks a question, bounds how many are answered at once and for how
// long, turns failure into a refusal that names the offices, gives the conversation its token and proposes what to ask next.
//
// It stores nothing itself: a conversation is a sealed token that the page keeps in memory (see tokens), no question is logged, and
// what becomes of a question that was answered is up to its Desk.
package dialogue

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"regexp"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"sportello/assistant"
	"sportello/assistant/fault"
	"sportello/assistant/turn"
	"sportello/ingest"
	"sportello/web/site"
)

// Config is what New needs. Zero limits take the defaults.
type Config struct {
	Asker         site.Asker
	Library       site.Library
	Reworder      site.Reworder // may be nil: quotes are taken apart by code alone
	Desk          Desk          // may be nil: nothing is noted and nothing is switched off
	Log           *slog.Logger
	MaxRunes      int              // of a question; default 1000
	MaxConcurrent int              // questions searched at once, those that wait for a model not counted; default 8
	Wait          time.Duration    // how long a question waits for its turn to be searched; default 30 s
	Timeout       time.Duration    // of one answer; default 2 min
	Observe       func(Outcome)    // may be nil
	Now           func() time.Time // default time.Now

	// Key gives what conversations of a day are sealed with, 32 bytes, the same in all processes that answer the same people. nil: one that
	// this process makes up.
	Key func(day string) ([]byte, error)
}

// Outcome is what metrics count of an answer; it holds no content.
type Outcome struct {
	Tenant   string
	Status   assistant.Status
	Reason   assistant.Reason
	Language string
	Seconds  float64
	Rejected int // drafts that Verify rejected
}

// Service answers questions of the public.
type Service struct {
	cfg    Config
	turns  *turn.Queue[struct{}]
	free   int // places to search, guarded by the lock of turns
	tokens *tokens
	screen *assistant.Screen
}

// New makes a Service.
func New(cfg Config) (*Service, error) {
	if cfg.MaxRunes == 0 {
		cfg.MaxRunes = 1000
	}
	if cfg.MaxConcurrent == 0 {
		cfg.MaxConcurrent = 8
	}
	if cfg.Wait == 0 {
		cfg.Wait = 30 * time.Second
	}
	if cfg.Timeout == 0 {
		cfg.Timeout = 2 * time.Minute
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if cfg.Observe == nil {
		cfg.Observe = func(Outcome) {}
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	screen, err := assistant.NewScreen()
	if err != nil {
		return nil, err
	}
	s := &Service{cfg: cfg, free: cfg.MaxConcurrent, tokens: newTokens(cfg.Key, cfg.Now), screen: screen}
	s.turns = turn.New(turn.Config[struct{}]{Put: func(struct{}) { s.free++ }, Most: mostWaiting})
	return s, nil
}

// mostWaiting is how many questions wait to be searched; a machine that has more of them cannot answer them in the time that people wait.
const mostWaiting = 1000

// MaxRunes is the longest question accepted.
func (s *Service) MaxRunes() int { return s.cfg.MaxRunes }

// Request is a question as it came in.
type Request struct {
	Tenant       string
	Text         string
	Language     string // asked for; empty or "auto": found from the text
	PageLanguage string
	Conversation string          // token of an earlier Reply, or empty
	Earlier      []string        // what was asked before, from a client that keeps it itself instead of a token
	Queued       func(place int) // is told the place in a queue while the question waits, between calls of emit; may be nil
}

// Reply is an answer with what the page needs to go on.
type Reply struct {
	ID           string // for feedback, and for leaving the question to an office; random
	Answer       *assistant.Answer
	Conversation string
	Code         assistant.Code // what the person may have exported and erased with
	Next         []Topic
}

var (
	languageTag  = regexp.MustCompile(`^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$`)
	emptyMessage = "the question is empty: write it in the field `question`"
)

// Ask answers a question; emit gets each statement as it is verified.
//
// Errors: fault.Invalid for an empty or malformed question, fault.TooLarge for one that is too long, fault.NotFound for an
// unknown tenant, and the caller's own when emit fails or ctx ends. Everything else that goes wrong is logged and becomes an
// answer refused as overloaded, with the offices to turn to.
func (s *Service) Ask(ctx context.Context, r Request, emit func(assistant.Statement) error) (*Reply, error) {
	start := time.Now()
	text, err := s.clean(r.Text)
	if err != nil {
		return nil, err
	}
	if r.Language == "auto" {
		r.Language = ""
	}
	if r.Language != "" && !languageTag.MatchString(r.Language) {
		return nil, fault.New(fault.Invalid, "language must be a BCP 47 tag such as %q, or \"auto\"", "it")
	}
	if _, err := s.cfg.Library.Tenant(ctx, r.Tenant); err != nil {
		return nil, err
	}
	var earlier []string
	for _, text := range r.Earlier {
		if text, err := s.clean(text); err == nil { // one that is too long or empty says nothing
			earlier = append(earlier, text)
		}
	}
	told, emit := oneAtATime(r.Queued, emit)
	ctx = turn.With(ctx, turn.Who{Tenant: r.Tenant, Told: told})
	before, code := s.tokens.take(r.Tenant, r.Conversation)
	if code == "" {
		code = assistant.NewCode()
	}
	answer, err := s.open(ctx, assistant.Question{
		Tenant: r.Tenant, Text: text, Language: r.Language, PageLanguage: r.PageLanguage, Audience: ingest.Public, After: before, Earlier: earlier,
	}, emit)
	switch {
	case err == nil:
	case ctx.Err() != nil:
		return nil, context.Cause(ctx)
	case errors.As(err, new(*emitError)):
		return nil, err
	default:
		level := slog.LevelWarn
		if errors.Is(err, turn.ErrBusy) { // figures count them; an evening of them would fill the log
			level = slog.LevelDebug
		}
		s.cfg.Log.Log(ctx, level, "no answer", "tenant", r.Tenant, "code", fault.CodeOf(err), "error", err)
		answer = s.overloaded(ctx, r)
	}
	s.cfg.Observe(Outcome{
		Tenant: r.Tenant, Status: answer.Status, Reason: answer.Reason, Language: answer.Language,
		Seconds: time.Since(start).Seconds(), Rejected: len(answer.Drafts),
	})
	id := rand.Text()
	if s.cfg.Desk != nil {
		s.cfg.Desk.Record(id, code.Mark(id), r.Tenant, text, answer)
	}
	conversation, err := s.tokens.give(r.Tenant, answer.Turn(before), code)
	if err != nil {
		return nil, fault.Wrap(fault.Internal, err, "a conversation cannot be sealed")
	}
	return &Reply{ID: id, Answer: answer, Conversation: conversation, Code: code, Next: s.next(ctx, r.Tenant, answer)}, nil
}

// oneAtATime lets nobody speak to the client while somebody else does: a question that waits for several requests to a model at once is
// told its place by each of them, and two who write into one stream break it.
func oneAtATime(told func(int), emit func(assistant.Statement) error) (func(int), func(assistant.Statement) error) {
	var speaking sync.Mutex
	inTurn := func(st assistant.Statement) error {
		speaking.Lock()
		defer speaking.Unlock()
		return emit(st)
	}
	if told == nil {
		return nil, inTurn
	}
	return func(place int) {
		speaking.Lock()
		defer speaking.Unlock()
		told(place)
	}, inTurn
}

// emitError marks an error of the caller's emit, so that it is not mistaken for a failure to answer.
type emitError struct{ error }

func (e *emitError) Unwrap() error { return e.error }

// enter waits for a place to search, which what follows gives back when it waits for a model.
func (s *Service) enter(ctx context.Context, tenant string) (_ context.Context, leave func(), err error) {
	who := turn.Of(ctx)
	who.Tenant, who.Class = tenant, turn.Citizen
	ctx = turn.With(ctx, who)
	lease, err := s.turns.Take(ctx, who, s.cfg.Wait, func() (place struct{}, ok bool, err error) {
		if s.free == 0 {
			return place, false, nil
		}
		s.free--
		return place, true, nil
	})
	switch {
	case errors.Is(err, turn.ErrBusy):
		return nil, nil, fault.Wrap(fault.Unavailable, err, "too many questions are being answered")
	case err != nil:
		return nil, nil, err
	}
	return turn.Held(ctx, lease.Release), lease.Release, nil
}

func (s *Service) answer(ctx context.Context, q assistant.Question, emit func(assistant.Statement) error) (*assistant.Answer, error) {
	ctx, leave, err := s.enter(ctx, q.Tenant)
	if err != nil {
		return nil, err
	}
	defer leave()
	ctx, cancel := context.WithTimeout(ctx, s.cfg.Timeout)
	defer cancel()
	a, err := s.cfg.Asker.Ask(ctx, q, func(st assistant.Statement) error {
		if err := emit(st); err != nil {
			return &emitError{err}
		}
		return nil
	})
	if err == nil && a == nil {
		err = fault.New(fault.Internal, "no answer and no error")
	}
	return a, err
}

// overloaded is the answer when there is none: the offices are still there.
func (s *Service) overloaded(ctx context.Context, r Request) *assistant.Answer {
	language := r.Language
	if language == "" {
		language = r.PageLanguage
	}
	contacts, err := s.cfg.Library.Contacts(ctx, r.Tenant)
	if err != nil {
		s.cfg.Log.WarnContext(ctx, "no contacts", "tenant", r.Tenant, "error", err)
	}
	return &assistant.Answer{Status: assistant.Refused, Reason: assistant.Overloaded, Language: language, Contacts: contacts}
}

// clean drops control characters (they have no place in a question and disturb logs and models) and checks the length.
func (s *Service) clean(text string) (string, error) {
	if !utf8.ValidString(text) {
		return "", fault.New(fault.Invalid, "the question is not UTF-8 text")
	}
	text = strings.TrimSpace(strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return ' '
		case unicode.IsControl(r):
			return -1
		}
		return r
	}, text))
	if text == "" {
		return "", fault.New(fault.Invalid, "%s", emptyMessage)
	}
	if n := utf8.RuneCountInString(text); n > s.cfg.MaxRunes {
		return "", fault.New(fault.TooLarge, "the question has %d characters, at most %d are read: make it shorter", n, s.cfg.MaxRunes)
	}
	return text, nil
}
