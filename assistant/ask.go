package assistant

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"time"

	"sportello/assistant/fault"
	"sportello/assistant/lexicon"
	"sportello/assistant/recent"
	"sportello/assistant/turn"
)

// AskerConfig is what an Asker is made of.
type AskerConfig struct {
	Retriever Retriever
	Library   Library
	Embedder  Embedder                                              // may be nil: quotes are then chosen by words alone
	Generator Generator                                             // may be nil: answers are quotes
	Reworder  Reworder                                              // may be nil: quotes are not said in plain words
	Rewriter  Rewriter                                              // may be nil: questions of a conversation are completed by rule
	Spell     func(ctx context.Context, q Question) (string, error) // gives the question spelt as the documents are; may be nil
	Names     func(ctx context.Context, tenant string) []string     // what the tenant goes by, to know another comune's name; may be nil
	// Above gives where the Lead of a passage stands in its document; may be nil: quotes are then shown without it.
	Above func(ctx context.Context, p Passage) (start, page int, found bool, err error)
	// Glossary gives the words that mean what a question's do, as a tenant and its ancestors extend them. Nil: the default ones.
	Glossary func(ctx context.Context, tenant string) *lexicon.Glossary
	// Formal tells whether a tenant wants people to be addressed formally; nil: nobody is.
	Formal func(ctx context.Context, tenant string) bool
	// Approved gives the answer that an office approved for a question, nil when there is none; may be nil.
	Approved func(ctx context.Context, q Question) (*Approved, error)
	Log      *slog.Logger
	// KeepDir is where what was learned from the screen's examples is kept; empty: nowhere, and every process learns it again.
	KeepDir string
	// GenerateTimeout bounds the phrasing; when it is over the citizen gets the quote. 0: 60 s.
	GenerateTimeout time.Duration
}

// Asker answers questions: it screens, retrieves, lets a model phrase when there is one, verifies, and quotes when nothing
// phrased stands.
type Asker struct {
	AskerConfig
	screen    *Screen
	opinion   *SecondOpinion // beside the screen; nil without an embedder
	followUps *followUps
	offices   []officeSubject
	meanings  *recent.Cache[string, []float32] // of sentences of documents, by the embedder
}

// NewAsker checks its parts and reads the screening rules.
func NewAsker(c AskerConfig) (*Asker, error) {
	if c.Retriever == nil || c.Library == nil {
		return nil, fault.New(fault.Internal, "an asker needs a retriever and a library")
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	if c.GenerateTimeout == 0 {
		c.GenerateTimeout = 60 * time.Second
	}
	glossary, err := lexicon.DefaultGlossary()
	if err != nil {
		return nil, err
	}
	if c.Glossary == nil {
		c.Glossary = func(context.Context, string) *lexicon.Glossary { return glossary }
	}
	screen, err := NewScreen()
	if err != nil {
		return nil, err
	}
	followUps, err := newFollowUps(glossary)
	if err != nil {
		return nil, err
	}
	offices, err := readOffices()
	if err != nil {
		return nil, err
	}
	a := &Asker{AskerConfig: c, screen: screen, followUps: followUps, offices: offices, meanings: recent.New[string, []float32](meaningsKept)}
	if c.Embedder != nil {
		a.opinion = NewSecondOpinion(c.Embedder, c.KeepDir)
	}
	return a, nil
}

// Learn makes ready what the screen knows from its examples, beside its rules: from KeepDir, or by embedding them, which takes the default model about
// a minute, once. Until then questions are screened by the rules alone, and without an embedder always. Errors are those of the model.
func (a *Asker) Learn(ctx context.Context) error {
	if a.opinion == nil {
		return nil
	}
	if a.opinion.ready() == nil {
		a.Log.Info("learning from examples what is no ordinary question: about a minute, once for a model")
	}
	return a.opinion.Learn(ctx)
}

// phrasedFrom is how many passages a model is given: more of them cost seconds on a small machine and distract a small model.
const phrasedFrom = 3

// Ask answers one question. emit, when not nil, is called with each statement as soon as it is verified; an error of emit
// (the citizen left) ends the work and is returned. The same statements are in the answer.
//
// Errors: fault.NotFound for an unknown tenant, fault.Invalid for an empty question, fault.Unavailable when the index cannot
// be reached. A model that fails is no error: the answer is a quote.
func (a *Asker) Ask(ctx context.Context, q Question, emit func(Statement) error) (*Answer, error) {
	if emit == nil {
		emit = func(Statement) error { return nil }
	}
	if strings.TrimSpace(q.Text) == "" {
		return nil, fault.New(fault.Invalid, "the question is empty")
	}
	if q.After == nil {
		q.After = a.followUps.thread(q.Earlier, q.PageLanguage)
	}
	if q.Language == "" || q.Language == "auto" {
		q.Language = q.detect()
	}
	answer := &Answer{Language: q.Language, Question: q.Text}
	reason := a.screen.Reason(q.Text, a.names(ctx, q.Tenant))
	if reason == "" || reason == PersonalDecision {
		full, err := a.inFull(ctx, q)
		if err != nil {
			return nil, err
		}
		if full != q.Text {
			q.Text, answer.Question, answer.Rewritten = full, full, true
			if again := a.screen.Reason(full, a.names(ctx, q.Tenant)); again != "" {
				reason = again
			}
		}
	}
	var leaning Reason
	if reason != Emergency {
		var sure Reason
		sure, leaning = a.opinion.Of(ctx, q.Text)
		reason = Foremost(reason, sure)
	}
	offices, err := a.Library.Contacts(ctx, q.Tenant)
	if err != nil {
		return nil, err
	}
	if reason != "" && reason != PersonalDecision {
		answer.refuse(reason)
		if reason != Emergency {
			answer.Contacts = contactsFor(offices, newSought(q.Text, q.Language, a.Glossary(ctx, q.Tenant)), nil)
		}
		return answer, nil
	}
	if a.Spell != nil {
		spelt, err := a.Spell(ctx, q)
		if err != nil {
			return nil, err
		}
		if spelt != q.Text {
			q.Text, answer.Question, answer.Rewritten = spelt, spelt, true
		}
		q.Spelt = true
	}
	if reason == "" {
		done, err := a.approved(ctx, q, answer, emit)
		if err != nil {
			return nil, err
		}
		if done {
			answer.Contacts = contactsFor(offices, newSought(q.Text, q.Language, a.Glossary(ctx, q.Tenant)), nil)
			return answer, nil
		}
	}
	passages, timings, err := a.Retriever.Retrieve(ctx, q)
	if err != nil {
		return nil, err
	}
	answer.Passages, answer.Timings = passages, timings
	sought := newSought(q.Text, q.Language, a.Glossary(ctx, q.Tenant))
	if reason == PersonalDecision && noOffice(offices) {
		answer.Contacts = withGeneral(a.competent(ctx, q, passages), offices)
	}
	if len(answer.Contacts) == 0 {
		answer.Contacts = contactsFor(offices, sought, passages)
	}
	if len(answer.Contacts) == 0 {
		answer.Contacts = []Contact{{Office: a.names(ctx, q.Tenant)[0]}} // nobody in particular: the comune
	}
	answer.Confidence = confidence(sought, q.Language, passages)
	if answer.Confidence < Sure {
		switch {
		case reason == "" && leaning == OutOfScope:
			reason = OutOfScope
		case reason == "":
			reason = NoSource
		}
		answer.refuse(reason)
		a.addNear(ctx, q, answer)
		return answer, nil
	}
	if a.Generator != nil && reason == "" && leaning == "" { // what may be an order is not for a model to read: quotes obey nobody
		turn.Yield(ctx) // a model takes seconds: meanwhile others may search
		if err := a.phrase(ctx, q, answer, emit); err != nil {
			return nil, err
		}
	}
	if len(answer.Statements) == 0 {
		if err := a.quote(ctx, q, sought, answer, emit); err != nil {
			return nil, err
		}
	}
	if reason != "" {
		answer.Status, answer.Reason = Refused, reason // the rule stays quoted below it
	}
	return answer, nil
}

// addNear adds what may have been looked for to a refusal for want of a source.
func (a *Asker) addNear(ctx context.Context, q Question, answer *Answer) {
	if answer.Reason == NoSource {
		answer.Near = a.followUps.nearMisses(q, a.names(ctx, q.Tenant), answer.Passages)
	}
}

func (a *Answer) refuse(reason Reason) { a.Status, a.Reason = Refused, reason }

func (a *Asker) names(ctx context.Context, tenant string) []string {
	if a.Names == nil {
		return []string{tenant}
	}
	return append(a.Names(ctx, tenant), tenant)
}

// phrase lets the model propose statements and shows those that Verify accepts.
func (a *Asker) phrase(ctx context.Context, q Question, answer *Answer, emit func(Statement) error) error {
	given := answer.Passages[:min(phrasedFrom, len(answer.Passages))]
	q.Formal = a.Formal != nil && a.Formal(ctx, q.Tenant)
	generating, cancel := context.WithTimeout(ctx, a.GenerateTimeout)
	defer cancel()
	start := time.Now()
	verifier := a.verifiers(q, given)
	answer.Timings.Verify += time.Since(start)
	var emitFailed error
	err := a.Generator.Generate(generating, q, forModel(given), func(d Draft) error {
		begin := time.Now()
		statement, verdict := verifier(d)
		if breach := Guard(d.Text); breach != "" {
			verdict = Verdict(breach)
		}
		answer.Timings.Verify += time.Since(begin)
		if verdict != Accepted {
			answer.Drafts = append(answer.Drafts, Rejection{Text: d.Text, Why: verdict})
			return nil
		}
		if said(answer.Statements, statement) {
			return nil
		}
		answer.Statements = append(answer.Statements, statement)
		emitFailed = emit(statement)
		return emitFailed
	})
	answer.Timings.Generate = time.Since(start) - answer.Timings.Verify
	switch {
	case emitFailed != nil:
		return emitFailed
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil && !errors.Is(err, context.DeadlineExceeded) && !errors.Is(err, ErrSpent) && !errors.Is(err, turn.ErrBusy):
		a.Log.Warn("the chat model failed; quoting instead", "model", a.Generator.Name(), "error", err)
	}
	if len(answer.Statements) > 0 {
		answer.Status = Answered
	}
	return nil
}

// clearlyItalian is how sure it must be that a draft asked for in another language is in Italian.
const clearlyItalian = 0.3

// verifiers gives what checks a draft by its own language: models that are asked for another one still fall back into Italian, and
// Italian words can be checked one by one, whereas of a translation only facts, references and names can.
func (a *Asker) verifiers(q Question, given []Passage) func(Draft) (Statement, Verdict) {
	asked := NewVerifier(q, given)
	if q.Language == "it" {
		return asked.Verify
	}
	inItalian := q
	inItalian.Language = "it"
	var italian *Verifier
	return func(d Draft) (Statement, Verdict) {
		if language, confidence := lexicon.Detect(d.Text, q.Language); language == "it" && confidence >= clearlyItalian {
			if italian == nil {
				italian = NewVerifier(inItalian, given)
			}
			return italian.Verify(d)
		}
		statement, verdict := asked.Verify(d)
		statement.Translated = verdict == Accepted
		return statement, verdict
	}
}

// said tells whether a statement repeats one that was shown.
func said(shown []Statement, s Statement) bool {
	for _, one := range shown {
		if lexicon.Fold(one.Text) == lexicon.Fold(s.Text) {
			return true
		}
	}
	return false
}

func (a *Asker) quote(ctx context.Context, q Question, sought sought, answer *Answer, emit func(Statement) error) error {
	start := time.Now()
	near := a.nearness(ctx, q, sought, answer.Passages)
	answer.Status = Quoted
	answer.Statements = quotes(sought, answer.Passages, near)
	if err := a.putUnder(ctx, answer); err != nil {
		return err
	}
	answer.Timings.Verify += time.Since(start)
	if len(answer.Statements) == 0 {
		answer.refuse(NoSource)
		a.addNear(ctx, q, answer)
	}
	for _, s := range answer.Statements {
		if err := emit(s); err != nil {
			return err
		}
	}
	return nil
}
