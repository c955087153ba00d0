package model

import (
	"log/slog"
	"net/url"
	"strings"
	"time"

	"sportello/assistant/fault"
)

// None turns a task off, as the model of its Endpoint.
const None = "none"

// Auto takes the first of the catalogue that is installed, as the model of Chat or Rerank.
const Auto = "auto"

// Config says which models there are.
type Config struct {
	DataDir   string // run-files and logs of the managed engine
	CacheDir  string // models and engine, shared between data folders; empty: catalogue.CacheDir
	Catalogue string // a TOML file of the administrator's with more models; may be empty

	// Embedding with neither address nor model is the catalogue's default when that is installed, and none otherwise. Chat and Rerank are none
	// unless they are named.
	Embedding Endpoint
	Chat      Endpoint
	Rerank    Endpoint
	Engine    EngineConfig

	Ledger Ledger // nil: no account is kept of what chats take
	Logger *slog.Logger
}

// Endpoint is a model at an address, or a model of the catalogue that the managed engine runs.
type Endpoint struct {
	Address string // of an OpenAI-compatible server, with or without /v1; empty: the managed engine
	Model   string // its name at the server, or in the catalogue
	Key     string // bearer token; never logged

	Servers  []Server      // more servers of the same model
	AtOnce   int           // requests at once at Address; 0: a bound that suits the task
	Patience time.Duration // how long people wait in the queue before the servers; 0: 20 s
	Waiting  int           // people of one class in that queue; 0: 200

	// For an embedding model at an address; the catalogue knows its own. Empty prefixes for a model whose name contains "e5": E5's.
	QueryPrefix   string
	PassagePrefix string
	Window        int // tokens it reads; 0: 512

	// Of a chat.
	MaxTokens int            // longest answer; 0: 700
	Extra     map[string]any // more fields of the request's body: top_p, top_k, repeat_penalty, cache_prompt…
}

// Server is one more server of an Endpoint's model. Vectors of an embedding model must be those of the Endpoint's Address, or of the first
// Server when it has none: the others are compared with it before they are used.
type Server struct {
	Address string
	Model   string // its name there; empty: as at the Endpoint
	Key     string
	Weight  float64 // how much it does beside the others; 0: 1
	AtOnce  int     // requests at once; 0: as at the Endpoint
}

// EngineConfig is about the engine that Sportello runs itself.
type EngineConfig struct {
	Program   string // path of llama-server; empty: found on PATH, or installed by make engine
	Off       bool   // run none
	Threads   int    // 0: one a core
	GPULayers *int   // nil: the engine decides
	Context   int    // tokens of a chat; 0: 8192 or what the model reads, if less
}

// address checks an address and gives it without /v1 and final slash.
func (e Endpoint) address(name string) (string, error) {
	u, err := url.Parse(e.Address)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Hostname() == "" || u.User != nil {
		return "", fault.New(fault.Invalid, "%s.address %q is not an address: write http://host:port", name, redacted(e.Address))
	}
	if e.Model == "" {
		return "", fault.New(fault.Invalid, "%s.address needs %s.model, the model's name at that server", name, name)
	}
	return strings.TrimSuffix(strings.TrimSuffix(strings.TrimRight(e.Address, "/"), "/v1"), "/"), nil
}

// redacted drops what stands before an @: it may be a password.
func redacted(address string) string {
	if i := strings.LastIndexByte(address, '@'); i >= 0 {
		return "…" + address[i:]
	}
	return address
}
