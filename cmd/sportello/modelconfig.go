package main

import (
	"context"
	"log/slog"
	"time"

	"sportello/assistant/model"
	"sportello/assistant/model/catalogue"
)

// modelConfig is the part of the configuration that is about models.
func (c *config) modelConfig(dataDir string) model.Config {
	return model.Config{
		DataDir: dataDir, CacheDir: c.cacheDir(),
		Embedding: c.Embedding.model(), Chat: c.Chat.model(), Rerank: c.Rerank.model(),
		Engine: model.EngineConfig{Program: c.Engine.Path, Threads: c.Engine.Threads},
		Logger: slog.Default(),
	}
}

func (e endpoint) model() model.Endpoint {
	if e.Address == model.None {
		return model.Endpoint{Model: model.None}
	}
	return model.Endpoint{Address: e.Address, Model: e.Model, Key: e.APIKey}
}

func (c chatter) model() model.Endpoint {
	e := endpoint{Address: c.Address, Model: c.Model, APIKey: c.APIKey}.model()
	e.MaxTokens, e.AtOnce, e.Patience, e.Servers = c.MaxTokens, c.AtOnce, time.Duration(c.QueueSeconds)*time.Second, servers(c.Servers)
	return e
}

func (c embedder) model() model.Endpoint {
	e := endpoint{Address: c.Address, Model: c.Model, APIKey: c.APIKey}.model()
	e.AtOnce, e.Patience, e.Servers = c.AtOnce, embedPatience, servers(c.Servers)
	return e
}

// embedPatience is how long a question waits for its vector before it is searched by words.
const embedPatience = 5 * time.Second

func servers(list []another) []model.Server {
	var out []model.Server
	for _, s := range list {
		out = append(out, model.Server{Address: s.Address, Model: s.Model, Key: s.APIKey, Weight: s.Weight, AtOnce: s.AtOnce})
	}
	return out
}

func (r reranker) model() model.Endpoint {
	return endpoint{Address: r.Address, Model: r.Model, APIKey: r.APIKey}.model()
}

// cacheDir is where models, the engine and compiled code are kept, shared by all data folders.
func (c *config) cacheDir() string {
	if c.Models.Dir != "" {
		return c.Models.Dir
	}
	dir, err := catalogue.CacheDir()
	if err != nil { // no home folder: a service user; the data folder will do
		return c.Data + "/cache"
	}
	return dir
}

type modelState struct{ name, state, detail string }

// modelStates says of each task whether its model can be asked.
func (a *app) modelStates(context.Context) []modelState {
	var out []modelState
	for _, st := range a.models.Status() {
		m := modelState{name: st.Task, state: "ok", detail: st.Model}
		switch {
		case !st.Ready && st.Model == "":
			m.state, m.detail = "off", st.Missing
		case !st.Ready:
			m.state, m.detail = "degraded", st.Missing
		}
		out = append(out, m)
	}
	return out
}
