package eval

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"math"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"sportello/assistant"
	"sportello/assistant/fault"
)

// VectorCache keeps vectors in a folder, so that measuring again embeds nothing. Each run writes a file of its own and reads those of all
// runs with the same model, so that several processes may measure at once. A record is the sha256 of the text with its use, the
// milliseconds it took and the vector; a last record that was cut short is not read.
type VectorCache struct {
	saved atomic.Int64 // nanoseconds that the questions took which were not asked again
	dir   string
}

// NewVectorCache makes a cache in a folder, which it creates.
func NewVectorCache(dir string) (*VectorCache, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "the folder of vectors %s cannot be made", dir)
	}
	return &VectorCache{dir: dir}, nil
}

// Around puts the cache before a model: right before it, below what an embedder does with the model's vectors, so that this can change
// without making them again. What it gives may be used by several goroutines.
func (c *VectorCache) Around(e assistant.Embedder) assistant.Embedder {
	if over, ok := e.(interface {
		Through(func(assistant.Embedder) assistant.Embedder) assistant.Embedder
	}); ok {
		return over.Through(c.Around)
	}
	sum := sha256.Sum256([]byte(e.Model()))
	return &cachedEmbedder{Embedder: e, cache: c, name: hex.EncodeToString(sum[:8]), wait: firstRepeat}
}

// Saved is what the questions took, when their vectors were made, that were not asked again since the cache was made.
func (c *VectorCache) Saved() time.Duration {
	if c == nil {
		return 0
	}
	return time.Duration(c.saved.Load())
}

type vectorKey [sha256.Size]byte

type cachedVector struct {
	took   float32 // milliseconds
	vector []float32
}

type cachedEmbedder struct {
	assistant.Embedder
	cache *VectorCache
	name  string // of the files, less what tells runs apart
	wait  time.Duration

	mu    sync.Mutex // guards what follows, not the calls of the model
	known map[vectorKey]cachedVector
	path  string // of this run's file; empty before the first vector
}

func keyOf(use, text string) vectorKey { return sha256.Sum256([]byte(use + "\x00" + text)) }

// get gives what is known of texts. The files are read once.
func (c *cachedEmbedder) get(keys []vectorKey) ([]cachedVector, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.known == nil {
		c.known = map[vectorKey]cachedVector{}
		files, err := filepath.Glob(filepath.Join(c.cache.dir, c.name+"*.vectors"))
		if err != nil {
			return nil, fault.Wrap(fault.Internal, err, "the vectors in %s cannot be listed", c.cache.dir)
		}
		for _, f := range files {
			b, err := os.ReadFile(f)
			if err != nil {
				return nil, fault.Wrap(fault.Broken, err, "the vectors in %s cannot be read", f)
			}
			c.read(b)
		}
	}
	out := make([]cachedVector, len(keys))
	for i, k := range keys {
		out[i] = c.known[k]
	}
	return out, nil
}

// read takes in the records of a file: key, uint32 milliseconds as float bits, uint32 count, count floats, little-endian.
func (c *cachedEmbedder) read(b []byte) {
	const head = sha256.Size + 8
	for at := 0; at+head <= len(b); {
		n := int(binary.LittleEndian.Uint32(b[at+sha256.Size+4:]))
		if n <= 0 || n > 1<<16 || at+head+4*n > len(b) {
			return
		}
		v := cachedVector{took: math.Float32frombits(binary.LittleEndian.Uint32(b[at+sha256.Size:])), vector: make([]float32, n)}
		for i := range v.vector {
			v.vector[i] = math.Float32frombits(binary.LittleEndian.Uint32(b[at+head+4*i:]))
		}
		c.known[vectorKey(b[at:at+sha256.Size])] = v
		at += head + 4*n
	}
}

// put keeps vectors that took so many milliseconds each.
func (c *cachedEmbedder) put(keys []vectorKey, vectors [][]float32, took float32) error {
	var b []byte
	c.mu.Lock()
	defer c.mu.Unlock()
	for i, k := range keys {
		b = append(b, k[:]...)
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(took))
		b = binary.LittleEndian.AppendUint32(b, uint32(len(vectors[i])))
		for _, f := range vectors[i] {
			b = binary.LittleEndian.AppendUint32(b, math.Float32bits(f))
		}
		c.known[k] = cachedVector{took: took, vector: vectors[i]}
	}
	f, err := c.file()
	if err == nil {
		_, err = f.Write(b)
		err = errors.Join(err, f.Close())
	}
	if err != nil {
		return fault.Wrap(fault.Invalid, err, "the vectors cannot be kept in %s", c.cache.dir)
	}
	return nil
}

// file opens this run's file at its end.
func (c *cachedEmbedder) file() (*os.File, error) {
	if c.path != "" {
		return os.OpenFile(c.path, os.O_WRONLY|os.O_APPEND, 0o600)
	}
	f, err := os.CreateTemp(c.cache.dir, c.name+"-*.vectors")
	if err == nil {
		c.path = f.Name()
	}
	return f, err
}

// EmbedPassages implements assistant.Embedder.
func (c *cachedEmbedder) EmbedPassages(ctx context.Context, texts []string) ([][]float32, error) {
	keys := make([]vectorKey, len(texts))
	for i, t := range texts {
		keys[i] = keyOf("passage", t)
	}
	known, err := c.get(keys)
	if err != nil {
		return nil, err
	}
	out := make([][]float32, len(texts))
	var missing []string
	var at []int
	var fresh []vectorKey
	for i, v := range known {
		if out[i] = v.vector; v.vector == nil {
			missing, at, fresh = append(missing, texts[i]), append(at, i), append(fresh, keys[i])
		}
	}
	if len(missing) == 0 {
		return out, nil
	}
	start := time.Now()
	vectors, err := c.Embedder.EmbedPassages(ctx, missing)
	if err != nil {
		return nil, err
	}
	for i, v := range vectors {
		out[at[i]] = v
	}
	return out, c.put(fresh, vectors, float32(milliseconds(time.Since(start)))/float32(len(missing)))
}

// EmbedQuery implements assistant.Embedder.
func (c *cachedEmbedder) EmbedQuery(ctx context.Context, text string) ([]float32, error) {
	keys := []vectorKey{keyOf("query", text)}
	known, err := c.get(keys)
	if err != nil {
		return nil, err
	}
	if v := known[0]; v.vector != nil {
		c.cache.saved.Add(int64(float64(v.took) * float64(time.Millisecond)))
		return v.vector, nil
	}
	start := time.Now()
	v, err := c.insist(ctx, text)
	if err != nil {
		return nil, err
	}
	return v, c.put(keys, [][]float32{v}, float32(milliseconds(time.Since(start))))
}

// insistence is how often a question's vector is asked for, each time after twice the wait.
const (
	insistence  = 5
	firstRepeat = 2 * time.Second
)

// insist asks again when the model is silent: a service goes on with the words alone, and so would the figures, which are not of that.
func (c *cachedEmbedder) insist(ctx context.Context, text string) ([]float32, error) {
	wait := c.wait
	for left := insistence; ; left-- {
		v, err := c.Embedder.EmbedQuery(ctx, text)
		if err == nil || left == 1 || ctx.Err() != nil {
			return v, err
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(wait):
		}
		wait *= 2
	}
}
