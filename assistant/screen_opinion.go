package assistant

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/gob"
	"encoding/hex"
	"os"
	"path/filepath"
	"sync"
)

// How much more like a kind than like an ordinary question a sentence must be. surely is where of ordinary questions that the examples
// were not written from hardly one is taken for something else (ABLATION.md). What is only rather something is searched and answered, by quotes
// alone; and what is rather out of scope is called so when the documents say nothing of it.
var surely = map[Reason]float64{Emergency: 0.45, Unsafe: 0.5, OutOfScope: 0.6, PersonalDecision: 0.55}

const rather = 0.1

// SecondOpinion is what an embedding model and the examples of screen/examples say of a question, beside the rules. Until it has learned it
// says nothing. Nil is one that never says anything. It is safe for concurrent use.
type SecondOpinion struct {
	embedder Embedder
	dir      string // where what was learned is kept; empty: nowhere
	examples func() ([]ScreenExample, error)
	mu       sync.Mutex
	looked   bool // for what was kept
	learned  *Likeness
}

// NewSecondOpinion makes one that has not learned yet. dir is where what is learned is kept; empty: nowhere.
func NewSecondOpinion(e Embedder, dir string) *SecondOpinion {
	return &SecondOpinion{embedder: e, dir: dir, examples: ScreenExamples}
}

// likenessVersion changes when what is computed from the same examples does.
const likenessVersion = "1"

// Learn makes the second opinion ready: from what was kept, or by embedding the examples, which takes the default model a minute once. Without an
// embedding model there is none and that is no error. Errors are those of the model.
func (o *SecondOpinion) Learn(ctx context.Context) error {
	if o == nil || o.ready() != nil {
		return nil
	}
	examples, err := o.examples()
	if err != nil {
		return err
	}
	vectors, err := VectorsOf(ctx, o.embedder, examples)
	if err != nil {
		return err
	}
	l, err := LearnLikeness(examples, vectors)
	if err != nil {
		return err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.learned = l
	o.keep(l)
	return nil
}

// ready gives what was learned, here or by another process before; nil when nothing was.
func (o *SecondOpinion) ready() *Likeness {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.learned == nil && !o.looked {
		o.looked = true
		o.learned = o.kept()
	}
	return o.learned
}

// Of gives the reason that a question is surely like and the one it is rather like, "" for none. A model that fails has no opinion.
func (o *SecondOpinion) Of(ctx context.Context, question string) (sure, leaning Reason) {
	if o == nil {
		return "", ""
	}
	l := o.ready()
	if l == nil {
		return "", ""
	}
	vector, err := o.embedder.EmbedQuery(ctx, question) // the retriever asks for the same one: the embedder keeps it
	if err != nil {
		return "", ""
	}
	if sure, leaning, err = l.Opinion(question, vector); err != nil {
		return "", ""
	}
	return sure, leaning
}

// Foremost gives what decides when the rules say one thing and the examples another: the rules, which say why, unless somebody may be in danger.
func Foremost(rules, examples Reason) Reason {
	if examples == Emergency || rules == "" {
		return cmp.Or(examples, rules)
	}
	return rules
}

// path names what was learned after the model and the examples that it was learned from.
func (o *SecondOpinion) path() string {
	if o.dir == "" {
		return ""
	}
	sum := sha256.New()
	sum.Write([]byte(likenessVersion + "\x00" + o.embedder.Model() + "\x00"))
	examples, err := o.examples()
	if err != nil {
		return ""
	}
	for _, e := range examples {
		sum.Write([]byte(string(e.Reason) + "\x00" + e.Text + "\x00"))
	}
	return filepath.Join(o.dir, "screen-"+hex.EncodeToString(sum.Sum(nil))[:16]+".gob")
}

func (o *SecondOpinion) kept() *Likeness {
	path := o.path()
	if path == "" {
		return nil
	}
	f, err := os.Open(path)
	if err != nil {
		return nil
	}
	defer func() { _ = f.Close() }()
	l := &Likeness{}
	if gob.NewDecoder(bufio.NewReader(f)).Decode(l) != nil || !l.sound() {
		return nil
	}
	l.Table.index()
	return l
}

// keep writes what was learned for the next process, which learns it again when this could not.
func (o *SecondOpinion) keep(l *Likeness) {
	path := o.path()
	if path == "" {
		return
	}
	var b bytes.Buffer
	if gob.NewEncoder(&b).Encode(l) != nil || os.MkdirAll(filepath.Dir(path), 0o755) != nil {
		return
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".screen-*")
	if err != nil {
		return
	}
	_, err = f.Write(b.Bytes())
	if closed := f.Close(); err != nil || closed != nil || os.Rename(f.Name(), path) != nil {
		_ = os.Remove(f.Name())
	}
}
