package model

import (
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"sportello/assistant"
	"sportello/assistant/fault"
	"sportello/assistant/lexicon"
)

//go:embed centre/questions.txt
var centreQuestions string

//go:embed centre/passages.txt
var centrePassages string

// centring is the share of a language's mean question that is taken away. Between .3 and .7 no set changes by more than a
// hundredth; all of it costs questions in the language of the documents more than it brings the others (ABLATION.md).
const centring = 0.5

// Centred measures vectors from where an embedding model puts all of ours, instead of from zero. The vectors of one kind of text lie
// close together: those of a comune's passages, and those of the questions in a language. What they share says nothing
// of what one passage is about, but passages that have little else (a page's footer, "Data e firma") are near every question,
// above all in another language. Taking the mean passage from each passage, and half of its language's mean question from each
// question, leaves what sets them apart (Mu and Viswanath 2018, "All-but-the-Top"; hubness: Radovanović et al. 2010).
//
// The means are those of centre/questions.txt and centre/passages.txt. They are computed when a vector is first asked for, which takes the
// default model some seconds, and kept in a file. It is safe for concurrent use.
type Centred struct {
	inner assistant.Embedder
	model string // identity: that of the inner model and of the texts of the means
	path  string // of the kept means; empty: they are not kept
	mu    sync.Mutex
	means *means
}

type means struct {
	Passage   []float32            `json:"passage"`
	Questions map[string][]float32 `json:"questions"` // by language, and lexicon.Other for the mean of all that are not Italian
}

// NewCentred wraps an embedder. dir is where means are kept; empty: nowhere.
func NewCentred(inner assistant.Embedder, dir string) *Centred {
	sum := sha256.Sum256([]byte(inner.Model() + "\x00" + centrePassages + "\x00" + centreQuestions))
	c := &Centred{inner: inner, model: hex.EncodeToString(sum[:])}
	if dir != "" {
		c.path = meansPath(dir, c.model)
	}
	return c
}

func meansPath(dir, identity string) string {
	return filepath.Join(dir, "means-"+identity[:16]+".json")
}

// Through gives the same with something put before the model, such as a cache of its vectors: those stay as they are when what is
// taken away from them changes.
func (c *Centred) Through(put func(assistant.Embedder) assistant.Embedder) assistant.Embedder {
	return &Centred{inner: put(c.inner), model: c.model, path: c.path}
}

// Model identifies the vectors: see assistant.Embedder.
func (c *Centred) Model() string { return c.model }

// EmbedPassages gives one vector a text, in order.
func (c *Centred) EmbedPassages(ctx context.Context, texts []string) ([][]float32, error) {
	m, err := c.known(ctx)
	if err != nil {
		return nil, err
	}
	vectors, err := c.inner.EmbedPassages(ctx, texts)
	if err != nil {
		return nil, err
	}
	for i := range vectors {
		if vectors[i], err = less(vectors[i], m.Passage, 1); err != nil {
			return nil, err
		}
	}
	return vectors, nil
}

// EmbedQuery gives the vector of a question.
func (c *Centred) EmbedQuery(ctx context.Context, text string) ([]float32, error) {
	m, err := c.known(ctx)
	if err != nil {
		return nil, err
	}
	v, err := c.inner.EmbedQuery(ctx, text)
	if err != nil {
		return nil, err
	}
	language, _ := lexicon.Detect(text, "")
	mean, ok := m.Questions[language]
	if !ok {
		mean = m.Questions[lexicon.Other]
	}
	return less(v, mean, centring)
}

// less takes a share of a mean from a vector and gives what is left the length of one.
func less(v, mean []float32, share float32) ([]float32, error) {
	if len(v) != len(mean) {
		return nil, fault.New(fault.Unavailable, "the embedding model gave vectors of different sizes")
	}
	out := slices.Clone(v)
	add(out, mean, -share)
	return unit(out), nil
}

// known gives the means: those in memory, those kept, or new ones.
func (c *Centred) known(ctx context.Context) (*means, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.means != nil {
		return c.means, nil
	}
	if m := c.kept(); m != nil {
		c.means = m
		return m, nil
	}
	m, err := c.measure(ctx)
	if err != nil {
		return nil, err
	}
	c.means = m
	c.keep(m)
	return m, nil
}

// measure embeds the texts of the means.
func (c *Centred) measure(ctx context.Context) (*means, error) {
	passages, err := c.inner.EmbedPassages(ctx, typicalPassages())
	if err != nil {
		return nil, err
	}
	m := &means{Passage: mean(passages), Questions: map[string][]float32{}}
	var foreign [][]float32
	typical := typicalQuestions()
	for _, language := range slices.Sorted(maps.Keys(typical)) { // in order, so that the sums are the same everywhere
		var vectors [][]float32
		for _, q := range typical[language] {
			v, err := c.inner.EmbedQuery(ctx, q)
			if err != nil {
				return nil, err
			}
			vectors = append(vectors, v)
		}
		m.Questions[language] = mean(vectors)
		if language != "it" {
			foreign = append(foreign, m.Questions[language])
		}
	}
	m.Questions[lexicon.Other] = mean(foreign)
	return m, nil
}

func mean(vectors [][]float32) []float32 {
	out := make([]float32, len(vectors[0]))
	for _, v := range vectors {
		add(out, v, 1/float32(len(vectors)))
	}
	return out
}

// kept reads the kept means; nil when there are none that can be used.
func (c *Centred) kept() *means {
	if c.path == "" {
		return nil
	}
	b, err := os.ReadFile(c.path)
	if err != nil {
		return nil
	}
	var m means
	if json.Unmarshal(b, &m) != nil || len(m.Passage) == 0 || len(m.Questions[lexicon.Other]) != len(m.Passage) {
		return nil
	}
	return &m
}

// keep writes the means for the next process, which computes them again when this could not: they are small and the same.
func (c *Centred) keep(m *means) {
	if c.path == "" {
		return
	}
	b, err := json.Marshal(m)
	if err != nil || os.MkdirAll(filepath.Dir(c.path), 0o755) != nil {
		return
	}
	f, err := os.CreateTemp(filepath.Dir(c.path), ".means-*")
	if err != nil {
		return
	}
	_, err = f.Write(b)
	if closed := f.Close(); err != nil || closed != nil || os.Rename(f.Name(), c.path) != nil {
		_ = os.Remove(f.Name())
	}
}

// typicalPassages are separated by blank lines; lines that begin with # are for the reader of the file.
func typicalPassages() []string {
	var out []string
	for _, p := range strings.Split(withoutRemarks(centrePassages), "\n\n") {
		if p = strings.TrimSpace(p); p != "" {
			out = append(out, p)
		}
	}
	return out
}

// typicalQuestions gives those of each language.
func typicalQuestions() map[string][]string {
	out := map[string][]string{}
	for line := range strings.Lines(withoutRemarks(centreQuestions)) {
		if language, question, ok := strings.Cut(strings.TrimSpace(line), " "); ok {
			out[language] = append(out[language], question)
		}
	}
	return out
}

func withoutRemarks(file string) string {
	var b strings.Builder
	for line := range strings.Lines(file) {
		if !strings.HasPrefix(line, "#") {
			b.WriteString(line)
		}
	}
	return b.String()
}
