package model

import (
	"maps"
	"net/http"

	"github.com/tmc/langchaingo/llms/openai"

	"sportello/assistant/fault"
	"sportello/assistant/model/engine"
)

const (
	chatContext     = 8192 // tokens of one conversation
	chatSlots       = 2
	chatAnswer      = 700
	promptTokens    = 600 // of instructions, question and fences
	charsPerToken   = 2   // the bound of estimate for Latin script
	rerankContext   = 1024
	rerankSlots     = 4
	smallestContext = 2048
)

func (o *opener) chat() error {
	ep := o.cfg.Chat
	context := o.cfg.Engine.Context
	if context <= 0 {
		context = chatContext
	}
	context = max(context, smallestContext)
	f, err := o.find(engine.Chat, ep, engine.Config{Context: context, Parallel: chatSlots})
	if err != nil || f == nil {
		return err
	}
	g := &Generator{name: f.status.ID, maxTokens: ep.MaxTokens, ledger: o.cfg.Ledger}
	if g.maxTokens <= 0 {
		g.maxTokens = chatAnswer
	}
	name := f.status.Model
	f.wire.extra = maps.Clone(ep.Extra)
	if f.managed {
		name, g.name = f.entry.Name, f.entry.Name
		if f.entry.Context > 0 {
			context = min(context, f.entry.Context)
		}
		f.wire.extra = map[string]any{"cache_prompt": true, "top_p": 0.9}
		maps.Copy(f.wire.extra, ep.Extra)
	}
	g.room = max(context-g.maxTokens-promptTokens, smallestContext/4) * charsPerToken
	llm, err := openai.New(
		openai.WithToken("-"), // wire sets the key
		openai.WithBaseURL(base+"/v1"),
		openai.WithModel(name),
		openai.WithHTTPClient(&http.Client{Transport: f.wire}),
	)
	if err != nil {
		return fault.Wrap(fault.Internal, err, "the chat model cannot be set up")
	}
	g.llm, g.another = llm, f.wire.fleet.other
	o.set.Generator = g
	o.set.status = append(o.set.status, f.status)
	return nil
}

func (o *opener) rerank() error {
	f, err := o.find(engine.Rerank, o.cfg.Rerank, engine.Config{Context: rerankContext, Parallel: rerankSlots, Batch: rerankContext * rerankSlots})
	if err != nil || f == nil {
		return err
	}
	name := f.status.Model
	if f.managed {
		name = f.entry.Name
	}
	o.set.Reranker = &Reranker{client: &http.Client{Transport: f.wire}, model: name, logits: f.managed}
	o.set.status = append(o.set.status, f.status)
	return nil
}
