package model

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"strings"
	"time"

	"sportello/assistant"
	"sportello/assistant/fault"
	"sportello/assistant/model/catalogue"
	"sportello/assistant/model/engine"
	"sportello/assistant/outbound"
)

// Set is the models that there are. A nil field is a model that there is not.
type Set struct {
	Embedder  assistant.Embedder
	Generator assistant.Generator
	Reranker  assistant.Reranker

	vectors Vectors
	keep    string // folder
	status  []Status
	engines map[engine.Task]*engine.Engine
	clients []*outbound.Client
	wires   map[engine.Task]*wire
}

// Status is a task's model as doctor and health show it.
type Status struct {
	Task    string         `json:"task"`              // embedding, chat, rerank
	Model   string         `json:"model,omitempty"`   // name
	ID      string         `json:"id,omitempty"`      // identity of an embedding model
	Address string         `json:"address,omitempty"` // of a remote server, the first
	Servers int            `json:"servers,omitempty"` // how many remote ones there are
	License string         `json:"license,omitempty"`
	Ready   bool           `json:"ready"`             // it can be asked; a managed engine may still have to start
	Missing string         `json:"missing,omitempty"` // why it is not ready, and what to do
	Engine  *engine.Status `json:"engine,omitempty"`
}

// Open makes the models of the configuration. It starts no engine and calls nobody, so it is fast: an engine starts when its
// model is first asked (see Set.Warm). A model or engine that is simply not installed is no error: its field is nil and Status says what is
// missing. A setting that names what does not exist is fault.Invalid or fault.NotFound.
func Open(_ context.Context, cfg Config) (*Set, error) {
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	if cfg.CacheDir == "" {
		dir, err := catalogue.CacheDir()
		if err != nil {
			return nil, err
		}
		cfg.CacheDir = dir
	}
	cat, err := catalogue.Load(cfg.Catalogue)
	if err != nil {
		return nil, err
	}
	o := &opener{cfg: cfg, cat: cat, set: &Set{keep: filepath.Join(cfg.CacheDir, "means"), engines: map[engine.Task]*engine.Engine{}, wires: map[engine.Task]*wire{}}}
	if err := errors.Join(o.embedding(), o.chat(), o.rerank()); err != nil {
		return nil, errors.Join(err, o.set.Close())
	}
	return o.set, nil
}

// Status says of each task which model it has and how it is. It starts and calls nothing.
func (s *Set) Status() []Status {
	out := make([]Status, len(s.status))
	for i, st := range s.status {
		if e, ok := s.engines[engine.Task(st.Task)]; ok {
			es := e.Status()
			st.Engine = &es
			if es.Error != "" && !es.Running {
				st.Ready, st.Missing = false, es.Error
			}
		}
		out[i] = st
	}
	return out
}

// KeepDir is the folder for what is computed once from a model, such as the means of its vectors.
func (s *Set) KeepDir() string { return s.keep }

// Addresses lists what the models may reach over the network.
func (s *Set) Addresses() []outbound.Address {
	var out []outbound.Address
	for _, c := range s.clients {
		out = append(out, c.Addresses()...)
	}
	return out
}

// Warm starts the watch of servers, and the managed engines and waits for them, so that the first question does not. Failures are logged and shown by Status; what
// they mean for a question is said when it is asked.
func (s *Set) Warm(ctx context.Context) error {
	var errs []error
	for _, f := range s.remoteFleets() {
		f.watchAll()
	}
	for _, e := range s.engines {
		_, err := e.Endpoint(ctx)
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// Close stops the engines that this process started.
func (s *Set) Close() error {
	var errs []error
	for _, w := range s.wires {
		w.fleet.close()
	}
	for _, e := range s.engines {
		errs = append(errs, e.Close())
	}
	for _, c := range s.clients {
		c.Close()
	}
	return errors.Join(errs...)
}

// opener builds a Set.
type opener struct {
	cfg Config
	cat *catalogue.Catalogue
	set *Set
}

// found is a model and the transport to its server.
type found struct {
	status  Status
	entry   catalogue.Model // of a managed one
	file    catalogue.File  // of a managed one
	managed bool
	wire    *wire
}

const (
	attempts     = 4
	patience     = 3 * time.Minute // a CPU may take that long to read a long prompt
	firstBackoff = 200 * time.Millisecond
	mostBackoff  = 10 * time.Second

	defaultWindow = 512
)

// find gives the model of a task, or nil and why there is none.
func (o *opener) find(task engine.Task, ep Endpoint, run engine.Config) (*found, error) {
	st := Status{Task: string(task), Model: ep.Model}
	switch {
	case ep.Address != "" || len(ep.Servers) > 0:
		return o.remote(st, ep)
	case ep.Model == None || (ep.Model == "" && task != engine.Embedding):
		st.Model, st.Missing = "", "none is configured"
		o.set.status = append(o.set.status, st)
		return nil, nil
	}
	return o.managed(st, task, ep, run)
}

// remote gives the fleet of an endpoint with addresses. The first of them names the model: adding servers makes no vectors anew.
func (o *opener) remote(st Status, ep Endpoint) (*found, error) {
	servers := ep.Servers
	if ep.Address != "" {
		servers = append([]Server{{Address: ep.Address, Key: ep.Key}}, servers...)
	}
	var members []*member
	var hosts []string
	for i, s := range servers {
		one := Endpoint{Address: s.Address, Model: cmp.Or(ep.Model, s.Model)}
		address, err := one.address(st.Task)
		if err != nil {
			return nil, err
		}
		if s.Weight < 0 || s.AtOnce < 0 {
			return nil, fault.New(fault.Invalid, "%s.servers: weight and at_once of %s must be positive numbers", st.Task, address)
		}
		if i == 0 {
			st.Address, st.Model = address, one.Model
			st.ID = one.Model + "@" + address
		}
		m := &member{name: hostOf(address), server: remote{URL: address, Key: s.Key}, weight: cmp.Or(s.Weight, 1), atOnce: cmp.Or(s.AtOnce, ep.AtOnce, atOnceOf[st.Task])}
		if s.Model != "" && s.Model != st.Model {
			m.model = s.Model
		}
		members, hosts = append(members, m), append(hosts, address)
	}
	st.Ready, st.Servers = true, len(members)
	w, err := o.wire(engine.Task(st.Task), members, hosts, ep)
	return &found{status: st, wire: w}, err
}

// atOnceOf is how many requests a server at an address is given at once, by task.
var atOnceOf = map[string]int{"embedding": atOnceMany, "chat": 2 * atOnceFew, "rerank": atOnceFew}

func hostOf(address string) string {
	_, host, _ := strings.Cut(address, "://")
	return host
}

func (o *opener) wire(task engine.Task, members []*member, hosts []string, ep Endpoint) (*wire, error) {
	f := o.newFleet(string(task), members, ep)
	client, err := outbound.New(outbound.Config{Private: hosts, Logger: o.cfg.Logger, Connections: connections(members)})
	if err != nil {
		return nil, err
	}
	o.set.clients = append(o.set.clients, client)
	w := &wire{
		fleet: f, next: client.HTTP().Transport, attempts: attempts, patience: patience,
		backoff: backoff{first: firstBackoff, most: mostBackoff}, logger: o.cfg.Logger,
	}
	f.watch.check = w.checker
	o.set.wires[task] = w
	return w, nil
}

// connections are kept open to one server: as many as it has places.
func connections(members []*member) int {
	most := 0
	for _, m := range members {
		most = max(most, m.atOnce)
	}
	return most
}

func (o *opener) managed(st Status, task engine.Task, ep Endpoint, run engine.Config) (*found, error) {
	missing := func(err error) (*found, error) {
		st.Missing = fault.MessageOf(err)
		o.set.status = append(o.set.status, st)
		return nil, nil
	}
	m, err := o.choose(catalogue.Task(task), ep.Model)
	if err != nil {
		if ep.Model != "" && ep.Model != Auto {
			return nil, err
		}
		return missing(err)
	}
	st.Model, st.License = m.Name, m.License
	file, err := m.Installed(o.cfg.CacheDir)
	if err != nil {
		return missing(err)
	}
	st.ID = file.SHA256
	if o.cfg.Engine.Off {
		return missing(fault.New(fault.Unavailable, "the managed engine is turned off in the configuration"))
	}
	program, err := engine.Find(o.cfg.Engine.Program, o.cfg.CacheDir)
	if fault.CodeOf(err) == fault.Invalid {
		return nil, err
	}
	if err != nil {
		return missing(err)
	}
	run.Task, run.Program, run.Model, run.SHA256 = task, program, file.Path, file.SHA256
	run.DataDir, run.Logger = o.cfg.DataDir, o.cfg.Logger
	run.Threads, run.GPULayers = o.cfg.Engine.Threads, o.cfg.Engine.GPULayers
	if m.Context > 0 {
		run.Context = min(run.Context, m.Context)
	}
	e := engine.New(run)
	o.set.engines[task] = e
	st.Ready = true
	one := &member{name: "engine", server: e, weight: 1, atOnce: max(run.Parallel, 1)}
	w, err := o.wire(task, []*member{one}, []string{"127.0.0.1"}, ep)
	return &found{status: st, entry: m, file: file, managed: true, wire: w}, err
}

// choose gives the model that is named, the default, or the first that is installed.
func (o *opener) choose(task catalogue.Task, name string) (catalogue.Model, error) {
	switch name {
	case "":
		if m, ok := o.cat.Default(task); ok {
			return m, nil
		}
	case Auto:
		for _, m := range o.cat.List() {
			if m.Task != task {
				continue
			}
			if _, err := m.Installed(o.cfg.CacheDir); err == nil {
				return m, nil
			}
		}
	default:
		m, err := o.cat.Find(name)
		if err == nil && m.Task != task {
			return m, fault.New(fault.Invalid, "the model %s is for %s, not for %s", name, m.Task, task)
		}
		return m, err
	}
	return catalogue.Model{}, fault.New(fault.NotFound, "no model for %s is installed: see sportello models list", task)
}
