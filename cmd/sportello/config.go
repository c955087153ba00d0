package main

import (
	"encoding/json"
	"errors"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"github.com/knadh/koanf/parsers/toml/v2"
	"github.com/knadh/koanf/providers/confmap"
	"github.com/knadh/koanf/providers/env/v2"
	"github.com/knadh/koanf/providers/file"
	"github.com/knadh/koanf/v2"

	"sportello/assistant/fault"
	"sportello/assistant/model"
	"sportello/web/staff"
)

// config is everything that can be set. A key of the file is the path of koanf tags, "qdrant.address"; the environment
// variable is the same in capitals, SPORTELLO_QDRANT_ADDRESS.
type config struct {
	Data  string `koanf:"data"`
	Index string `koanf:"index"` // embedded | qdrant
	Store string `koanf:"store"` // sqlite | postgres

	Postgres struct { // the database of several nodes
		Address     string `koanf:"address"`      // postgres://name:password@host:5432/database; a secret
		AddressFile string `koanf:"address_file"` // a file that holds the address instead
	} `koanf:"postgres"`

	Log struct {
		Level string `koanf:"level"`
	} `koanf:"log"`

	Serve struct {
		Addr           string   `koanf:"addr"`
		TrustedProxies []string `koanf:"trusted_proxies"`
		PublicURL      string   `koanf:"public_url"`     // "https://sportello.comune.example.it"
		MetricsFrom    []string `koanf:"metrics_from"`   // addresses and networks that may read /metrics
		AskPerMinute   int      `koanf:"ask_per_minute"` // questions from one address
		AskAtOnce      int      `koanf:"ask_at_once"`    // questions answered at the same time

		PagesPerMinute int `koanf:"pages_per_minute"` // everything else from one address; 0: no limit
		Connections    int `koanf:"connections"`      // open at once from one address

		TLSCert      string   `koanf:"tls_cert"` // a certificate with its chain, in PEM; read again when it changes
		TLSKey       string   `koanf:"tls_key"`
		TLSDomains   []string `koanf:"tls_domains"`   // names for which a certificate is asked of an ACME authority
		TLSDirectory string   `koanf:"tls_directory"` // of another authority than Let's Encrypt
		TLSEmail     string   `koanf:"tls_email"`     // whom the authority writes to
		HTTPAddr     string   `koanf:"http_addr"`     // where http is sent to https, and the authority's questions are answered; empty: nowhere
	} `koanf:"serve"`

	Staff struct { // the staff console
		SecondFactor string `koanf:"second_factor"` // optional | administrators | everybody
		IdleMinutes  int    `koanf:"idle_minutes"`  // a session that is not used ends
		Hours        int    `koanf:"hours"`         // a session ends
		WrongTokens  int    `koanf:"wrong_tokens"`  // a minute from one address
	} `koanf:"staff"`

	OIDC struct { // an identity provider for the staff console
		Issuer       string   `koanf:"issuer"`
		ClientID     string   `koanf:"client_id"`
		ClientSecret string   `koanf:"client_secret"`
		Name         string   `koanf:"name"`  // on the button
		Hosts        []string `koanf:"hosts"` // of the provider, besides the issuer's
	} `koanf:"oidc"`

	Qdrant struct {
		Address    string `koanf:"address"`
		APIKey     string `koanf:"api_key"`
		TLS        bool   `koanf:"tls"`
		Collection string `koanf:"collection"`
		Exact      bool   `koanf:"exact"`

		Shards           int `koanf:"shards"` // of a cluster; 0: what the server does by itself
		Replicas         int `koanf:"replicas"`
		WriteConsistency int `koanf:"write_consistency"`
	} `koanf:"qdrant"`

	Embedding embedder `koanf:"embedding"`
	Chat      chatter  `koanf:"chat"`
	Rerank    reranker `koanf:"rerank"`

	Transcription struct { // a server that writes recordings out
		Address string `koanf:"address"` // OpenAI-compatible: "http://127.0.0.1:8000/v1"
		Model   string `koanf:"model"`
		APIKey  string `koanf:"api_key"`
		Minutes int    `koanf:"minutes"` // of a recording at a time
	} `koanf:"transcription"`

	Conversation struct {
		Rewrite bool `koanf:"rewrite"` // the chat model completes a question that leans on another
	} `koanf:"conversation"`

	Mail struct {
		Host     string `koanf:"host"` // SMTP server; empty: no e-mail is sent
		Port     int    `koanf:"port"` // 0: what goes with tls
		TLS      string `koanf:"tls"`  // starttls, tls, none
		Username string `koanf:"username"`
		Password string `koanf:"password"`
		From     string `koanf:"from"` // "Comune di Esempio <sportello@comune.example.it>"
	} `koanf:"mail"`

	Backup struct {
		Folder     string   `koanf:"folder"`     // where the server puts backups by itself; empty: nowhere
		Hours      int      `koanf:"hours"`      // between two of them
		Keep       int      `koanf:"keep"`       // how many stay
		Recipients []string `koanf:"recipients"` // public keys of age; none: not encrypted
		Mail       string   `koanf:"mail"`       // who is told when one fails

		S3 struct { // a bucket for them, besides the folder or instead of it
			Address   string `koanf:"address"` // https://s3.example.it; empty: none
			Bucket    string `koanf:"bucket"`
			Prefix    string `koanf:"prefix"`
			Region    string `koanf:"region"`
			AccessKey string `koanf:"access_key"`
			SecretKey string `koanf:"secret_key"`
		} `koanf:"s3"`
	} `koanf:"backup"`

	Webhooks struct {
		Private []string `koanf:"private"` // hosts of the own network that may be told of events, by http too
	} `koanf:"webhooks"`

	Engine struct {
		Path    string `koanf:"path"`
		Threads int    `koanf:"threads"`
	} `koanf:"engine"`

	Energy struct { // what answers take of the machine
		Watts float64 `koanf:"watts"`        // of one busy core above what it takes idle, where no counter can be read
		Price float64 `koanf:"euro_per_kwh"` // of electricity
	} `koanf:"energy"`

	Models struct {
		Dir    string `koanf:"dir"`
		Mirror string `koanf:"mirror"`
	} `koanf:"models"`

	Ingest struct {
		Jobs       int  `koanf:"jobs"`
		MaxMB      int  `koanf:"max_mb"`
		MaxPages   int  `koanf:"max_pages"`
		MaxSeconds int  `koanf:"max_seconds"`
		OCR        bool `koanf:"ocr"`
		OCRPages   int  `koanf:"ocr_pages"`
	} `koanf:"ingest"`

	Crawl struct {
		Allow   []string `koanf:"allow"`   // hosts that addresses may be of: "www.comune.example.it", "*.example.it"
		Private []string `koanf:"private"` // those of them that lie in the comune's own network
		Seconds int      `koanf:"seconds"` // between two requests to a host
		Pages   int      `koanf:"pages"`   // documents of one visit
		MaxMB   int      `koanf:"max_mb"`  // of all documents of one visit
	} `koanf:"crawl"`

	origins map[string]string // key -> where its value comes from
	values  map[string]any

	tap func(*model.Set) // what measuring puts between the models and those who use them; nil: nothing
}

// endpoint is an OpenAI-compatible server, or a model of the catalogue that the managed engine runs.
type endpoint struct {
	Address string `koanf:"address"` // empty: the managed engine; "none": no such model
	Model   string `koanf:"model"`
	APIKey  string `koanf:"api_key"`
}

// another is one more server of the same model: a table [[chat.servers]] of the file.
type another struct {
	Address string  `koanf:"address"`
	Model   string  `koanf:"model"` // its name there, when it is another
	APIKey  string  `koanf:"api_key"`
	Weight  float64 `koanf:"weight"`  // how much it does beside the others; 0: 1
	AtOnce  int     `koanf:"at_once"` // requests at once; 0: as the first
}

// embedder is an endpoint of which there may be several.
type embedder struct {
	Address string    `koanf:"address"`
	Model   string    `koanf:"model"`
	APIKey  string    `koanf:"api_key"`
	AtOnce  int       `koanf:"at_once"`
	Servers []another `koanf:"servers"`
}

// chatter is an endpoint with how long it may write: tokens of an answer, and seconds after which the quote is shown instead.
type chatter struct {
	Address   string `koanf:"address"`
	Model     string `koanf:"model"`
	APIKey    string `koanf:"api_key"`
	MaxTokens int    `koanf:"max_tokens"`
	Seconds   int    `koanf:"seconds"`

	AtOnce       int       `koanf:"at_once"`       // requests at once at a server; 0: 8
	QueueSeconds int       `koanf:"queue_seconds"` // a citizen waits for a server before the quote is shown
	Servers      []another `koanf:"servers"`
}

// reranker is an endpoint with how much it is asked to read, and for how long.
type reranker struct {
	Address  string `koanf:"address"`
	Model    string `koanf:"model"`
	APIKey   string `koanf:"api_key"`
	Passages int    `koanf:"passages"`
	Seconds  int    `koanf:"seconds"`
}

func defaults() map[string]any {
	return map[string]any{
		"data": "./data", "index": "embedded", "store": "sqlite", "log.level": "info",
		"postgres.address": "", "postgres.address_file": "", "energy.watts": 8.0, "energy.euro_per_kwh": 0.30,
		"serve.addr": "127.0.0.1:8080", "serve.trusted_proxies": []string{},
		"serve.public_url": "", "serve.metrics_from": []string{"127.0.0.0/8", "::1"}, "serve.ask_per_minute": 20, "serve.ask_at_once": 8,
		"serve.pages_per_minute": 600, "serve.connections": 128,
		"serve.tls_cert": "", "serve.tls_key": "", "serve.tls_domains": []string{}, "serve.tls_directory": "", "serve.tls_email": "", "serve.http_addr": "",
		"staff.second_factor": "optional", "staff.idle_minutes": 60, "staff.hours": 10, "staff.wrong_tokens": 60,
		"oidc.issuer": "", "oidc.client_id": "", "oidc.client_secret": "", "oidc.name": "l'identità dell'ente", "oidc.hosts": []string{},
		"qdrant.address": "127.0.0.1:6334", "qdrant.api_key": "", "qdrant.tls": false, "qdrant.collection": "sportello", "qdrant.exact": false,
		"qdrant.shards": 0, "qdrant.replicas": 0, "qdrant.write_consistency": 0,
		"embedding.address": "", "embedding.model": "multilingual-e5-small", "embedding.api_key": "", "embedding.at_once": 0, "embedding.servers": []any{},
		"chat.address": "", "chat.model": "", "chat.api_key": "", "chat.max_tokens": 700, "chat.seconds": 60,
		"chat.at_once": 0, "chat.queue_seconds": 20, "chat.servers": []any{},
		"rerank.address": "", "rerank.model": "", "rerank.api_key": "", "rerank.passages": 25, "rerank.seconds": 5,
		"transcription.address": "", "transcription.model": "whisper-1", "transcription.api_key": "", "transcription.minutes": 10,
		"conversation.rewrite": true,
		"webhooks.private":     []string{},
		"mail.host":            "", "mail.port": 0, "mail.tls": "starttls", "mail.username": "", "mail.password": "", "mail.from": "",
		"backup.folder": "", "backup.hours": 24, "backup.keep": 14, "backup.recipients": []string{}, "backup.mail": "",
		"backup.s3.address": "", "backup.s3.bucket": "", "backup.s3.prefix": "", "backup.s3.region": "", "backup.s3.access_key": "", "backup.s3.secret_key": "",
		"engine.path": "", "engine.threads": 0,
		"models.dir": "", "models.mirror": "",
		"ingest.jobs": 0, "ingest.max_mb": 100, "ingest.max_pages": 3000, "ingest.max_seconds": 600,
		"ingest.ocr": true, "ingest.ocr_pages": 200,
		"crawl.allow": []string{}, "crawl.private": []string{}, "crawl.seconds": 1, "crawl.pages": 500, "crawl.max_mb": 512,
	}
}

// loadConfig joins defaults, file, environment and flags, the later over the earlier, and remembers who set what.
func loadConfig(c cli) (*config, error) {
	k := koanf.New(".")
	origins := map[string]string{}
	layer := func(origin string, p koanf.Provider, parser koanf.Parser) error {
		l := koanf.New(".")
		if err := l.Load(p, parser); err != nil {
			return fault.Wrap(fault.Invalid, err, "%s cannot be read", origin)
		}
		for _, key := range l.Keys() {
			if _, known := defaults()[key]; !known {
				return fault.New(fault.Invalid, "%s: unknown setting %q (sportello config lists them all)", origin, key)
			}
			origins[key] = origin
		}
		return k.Merge(l)
	}
	if err := layer("default", confmap.Provider(defaults(), "."), nil); err != nil {
		return nil, err
	}
	data := dataFolder(c)
	path := c.Config
	if path == "" {
		path = filepath.Join(data, "sportello.toml")
	}
	if _, err := os.Stat(path); err == nil {
		if err := layer(path, file.Provider(path), toml.Parser()); err != nil {
			return nil, err
		}
	} else if c.Config != "" || !errors.Is(err, fs.ErrNotExist) {
		return nil, fault.Wrap(fault.Invalid, err, "the configuration file %s cannot be read", path)
	}
	if err := layer("environment", environment(), nil); err != nil {
		return nil, err
	}
	flags, err := flagValues(c)
	if err != nil {
		return nil, err
	}
	if err := layer("flag", confmap.Provider(flags, "."), nil); err != nil {
		return nil, err
	}
	cfg := &config{origins: origins, values: k.All()}
	if err := k.Unmarshal("", cfg); err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "a setting has a value of the wrong type")
	}
	return cfg, cfg.check()
}

func dataFolder(c cli) string {
	if c.Data != "" {
		return c.Data
	}
	if dir := os.Getenv("SPORTELLO_DATA"); dir != "" {
		return dir
	}
	return "./data"
}

// environment reads SPORTELLO_QDRANT_API_KEY as qdrant.api_key: only known keys are taken, the longest match wins, so that
// underscores inside a key need no escape. An unknown SPORTELLO_ variable is left alone: other tools may use the prefix.
func environment() koanf.Provider {
	byName := map[string]string{}
	for key := range defaults() {
		byName["SPORTELLO_"+strings.ToUpper(strings.ReplaceAll(key, ".", "_"))] = key
	}
	return env.Provider(".", env.Opt{Prefix: "SPORTELLO_", TransformFunc: func(name, value string) (string, any) {
		key, known := byName[name]
		if !known {
			return "", nil
		}
		return key, typed(key, value)
	}})
}

func flagValues(c cli) (map[string]any, error) {
	flags := map[string]any{}
	for _, s := range c.Set {
		key, value, ok := strings.Cut(s, "=")
		if !ok {
			return nil, fault.New(fault.Invalid, "--set wants KEY=VALUE, not %q", s)
		}
		flags[key] = typed(key, value)
	}
	if c.Data != "" {
		flags["data"] = c.Data
	}
	if c.LogLevel != "" {
		flags["log.level"] = c.LogLevel
	}
	if c.Serve.Addr != "" {
		flags["serve.addr"] = c.Serve.Addr
	}
	if c.Ingest.Jobs != 0 {
		flags["ingest.jobs"] = c.Ingest.Jobs
	}
	return flags, nil
}

// typed splits what is a list and reads what is a list of tables as JSON; koanf converts numbers and booleans by itself.
func typed(key, value string) any {
	if _, tables := defaults()[key].([]any); tables {
		var list []any
		if json.Unmarshal([]byte(value), &list) == nil {
			return list
		}
		return value // which is of the wrong type, and said to be
	}
	if _, list := defaults()[key].([]string); list {
		return strings.FieldsFunc(value, func(r rune) bool { return r == ',' || r == ' ' })
	}
	return value
}

func (c *config) check() error {
	if c.Index != "embedded" && c.Index != "qdrant" {
		return fault.New(fault.Invalid, "index = %q: write \"embedded\" or \"qdrant\"", c.Index)
	}
	if err := c.checkStore(); err != nil {
		return err
	}
	var level slog.Level
	if err := level.UnmarshalText([]byte(c.Log.Level)); err != nil {
		return fault.New(fault.Invalid, "log.level = %q: write debug, info, warn or error", c.Log.Level)
	}
	if u := c.Serve.PublicURL; u != "" {
		parsed, err := url.Parse(u)
		if err != nil || (parsed.Scheme != "https" && parsed.Scheme != "http") || parsed.Host == "" || parsed.RawQuery != "" {
			return fault.New(fault.Invalid, "serve.public_url = %q: write https://name-of-the-service", u)
		}
	}
	if err := c.checkTLS(); err != nil {
		return err
	}
	switch staff.Second(c.Staff.SecondFactor) {
	case staff.SecondOptional, staff.SecondAdministrators, staff.SecondEverybody:
	default:
		return fault.New(fault.Invalid, "staff.second_factor = %q: write \"optional\", \"administrators\" or \"everybody\"", c.Staff.SecondFactor)
	}
	if _, err := c.bucket(); err != nil {
		return err
	}
	if c.OIDC.Issuer != "" {
		parsed, err := url.Parse(c.OIDC.Issuer)
		if err != nil || parsed.Host == "" || c.OIDC.ClientID == "" || c.Serve.PublicURL == "" {
			return fault.New(fault.Invalid, "oidc.issuer wants an address (https://login.example.it), oidc.client_id and serve.public_url too")
		}
	}
	for _, n := range []struct {
		key   string
		value int
	}{
		{"staff.idle_minutes", c.Staff.IdleMinutes}, {"staff.hours", c.Staff.Hours}, {"staff.wrong_tokens", c.Staff.WrongTokens}, {"serve.ask_per_minute", c.Serve.AskPerMinute}, {"serve.ask_at_once", c.Serve.AskAtOnce}, {"serve.connections", c.Serve.Connections},
		{"chat.max_tokens", c.Chat.MaxTokens}, {"chat.seconds", c.Chat.Seconds}, {"chat.queue_seconds", c.Chat.QueueSeconds}, {"rerank.passages", c.Rerank.Passages}, {"rerank.seconds", c.Rerank.Seconds},
		{"transcription.minutes", c.Transcription.Minutes}, {"crawl.seconds", c.Crawl.Seconds}, {"crawl.pages", c.Crawl.Pages}, {"backup.hours", c.Backup.Hours}, {"backup.keep", c.Backup.Keep}, {"crawl.max_mb", c.Crawl.MaxMB},
	} {
		if n.value < 1 {
			return fault.New(fault.Invalid, "%s = %d: write 1 or more", n.key, n.value)
		}
	}
	if c.Energy.Watts < 0 || c.Energy.Price < 0 {
		return fault.New(fault.Invalid, "energy.watts and energy.euro_per_kwh: write 0 or more")
	}
	return nil
}

// publicURL is where people reach the service, without a slash at its end; empty when it is not said.
func (c *config) publicURL() string { return strings.TrimRight(c.Serve.PublicURL, "/") }

// address is publicURL, or where this machine listens when that is not said.
func (c *config) address() string {
	if u := c.publicURL(); u != "" {
		return u
	}
	return "http://" + c.Serve.Addr
}

func (c *config) level() slog.Level {
	var level slog.Level
	_ = level.UnmarshalText([]byte(c.Log.Level)) // check has seen it
	return level
}

func (c *config) keys() []string {
	keys := make([]string, 0, len(c.values))
	for key := range c.values {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	return keys
}
