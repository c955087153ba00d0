package model

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/tmc/langchaingo/llms"
	"github.com/tmc/langchaingo/llms/openai"

	"sportello/assistant"
	"sportello/assistant/fault"
	"sportello/prompts"
)

// Generator phrases answers with a chat model; see assistant.Generator for the contract. It is safe for concurrent use.
type Generator struct {
	llm       llms.Model
	name      string
	maxTokens int               // of an answer
	ledger    Ledger            // nil: nobody's account is kept
	another   func(*tried) bool // whether a server that was not tried could be asked
	room      int               // characters of passages that fit the model's context
}

const (
	maxPassages = 6 // given to a model: more makes small ones lose the thread
	temperature = 0.1
	seed        = 1
)

// Name is the model's name in the catalogue, or its name and address.
func (g *Generator) Name() string { return g.name }

// errUnfinished says that a stream ended and the model had not.
var errUnfinished = errors.New("the stream ended before the model said why it stopped")

// errEnough stops a model that has said enough.
var errEnough = errors.New("enough")

// Generate phrases an answer: see assistant.Generator. Of the passages, the first few that fit the model's context are given to it.
func (g *Generator) Generate(ctx context.Context, q assistant.Question, passages []assistant.Passage, emit func(assistant.Draft) error) error {
	sources := g.sources(passages)
	if len(sources) == 0 {
		return nil
	}
	language := q.Language
	if language == "auto" {
		language = ""
	}
	msgs, err := prompts.Answer(prompts.AnswerInput{Question: q.Text, Language: language, Formal: q.Formal, Sources: sources})
	if err != nil {
		return fault.Wrap(fault.Internal, err, "the prompt could not be written")
	}
	return g.drafts(ctx, msgs, len(sources), emit)
}

// Reword says passages in plain words: see assistant.Reworder.
func (g *Generator) Reword(ctx context.Context, q assistant.Question, passages []assistant.Passage, emit func(assistant.Draft) error) error {
	sources := g.sources(passages)
	if len(sources) == 0 {
		return nil
	}
	msgs, err := prompts.Plain(prompts.PlainInput{Language: q.Language, Formal: q.Formal, Sources: sources})
	if err != nil {
		return fault.Wrap(fault.Internal, err, "the prompt could not be written")
	}
	return g.drafts(ctx, msgs, len(sources), emit)
}

// drafts hands on what a model says, sentence by sentence.
func (g *Generator) drafts(ctx context.Context, msgs []prompts.Message, given int, emit func(assistant.Draft) error) error {
	ctx, failed := withTried(ctx)
	for {
		said, err := g.phrase(ctx, msgs, given, emit)
		// A server that breaks off before anything was shown: another one may do it whole, and nobody notices.
		if err == nil || said || ctx.Err() != nil || !blamed(err) || g.another == nil || len(failed.members) == 0 || !g.another(failed) {
			return err
		}
	}
}

// phrase has one server say it. said: a draft was emitted.
func (g *Generator) phrase(ctx context.Context, msgs []prompts.Message, given int, emit func(assistant.Draft) error) (said bool, err error) {
	var emitErr error
	d := &drafter{given: given, emit: func(draft assistant.Draft) error {
		said = true
		emitErr = emit(draft)
		return emitErr
	}}
	finish, err := g.chat(ctx, msgs, func(piece string) error {
		if err := d.add(piece); err != nil {
			return err
		}
		if d.full {
			return errEnough
		}
		return nil
	})
	switch {
	case emitErr != nil:
		return said, emitErr
	case d.full:
		return said, nil
	case err != nil:
		return said, err
	}
	err = d.finish(finish == "length")
	return said, err
}

// chat asks the model and hands on what it says. finish is why it stopped: "stop", "length"…
func (g *Generator) chat(ctx context.Context, msgs []prompts.Message, say func(piece string) error) (finish string, err error) {
	content := make([]llms.MessageContent, len(msgs))
	for i, m := range msgs {
		role := llms.ChatMessageTypeHuman
		if m.Role == "system" {
			role = llms.ChatMessageTypeSystem
		}
		content[i] = llms.TextParts(role, m.Text)
	}
	if err := g.allowed(ctx); err != nil {
		return "", err
	}
	ctx, c := withCall(ctx)
	var said strings.Builder
	_, err = g.llm.GenerateContent(ctx, content,
		llms.WithTemperature(temperature),
		llms.WithSeed(seed),
		llms.WithMaxTokens(g.maxTokens),
		openai.WithLegacyMaxTokensField(), // max_completion_tokens is unknown to llama.cpp's and vLLM's older versions
		llms.WithStreamingFunc(func(_ context.Context, chunk []byte) error {
			said.Write(chunk)
			return say(string(chunk))
		}),
	)
	tokensOf(ctx).add(c.usage)
	if said.Len() > 0 || c.usage != nil { // a server that was never reached took nothing
		if failed := g.spend(ctx, c.usage, msgs, said.String()); failed != nil {
			err = errors.Join(err, failed)
		}
	}
	if err == nil && c.finish == "" {
		err = errUnfinished // langchaingo takes a cancelled stream for a finished one
	}
	if err != nil {
		return "", callError(ctx, c, err, "the chat model gave no answer")
	}
	return c.finish, nil
}

// sources are the passages as the prompt wants them, as many as fit. The first is cut rather than left out.
func (g *Generator) sources(passages []assistant.Passage) []prompts.Source {
	var out []prompts.Source
	left := g.room
	for _, p := range passages[:min(len(passages), maxPassages)] {
		text := p.Text
		if p.Lead != "" {
			text = p.Lead + "\n" + text
		}
		n := utf8.RuneCountInString(text)
		if n > left {
			if len(out) > 0 {
				break
			}
			text = string([]rune(text)[:left])
		}
		left -= n
		out = append(out, prompts.Source{Title: p.Title, Place: place(p), Text: text})
	}
	return out
}

func place(p assistant.Passage) string {
	switch {
	case p.Article != "":
		return "art. " + p.Article
	case p.Page > 0:
		return fmt.Sprintf("page %d", p.Page)
	}
	return ""
}
