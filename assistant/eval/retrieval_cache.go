package eval

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"io"
	"math"
	"os"
	"path/filepath"
	"time"

	"sportello/assistant"
	"sportello/assistant/fault"
)

// VectorCache keeps vectors in a folder, one file for each model, so that measuring again embeds nothing. A record is the
// sha256 of the text with its use, the milliseconds it took and the vector; a last record that was cut short is
// written over.
type VectorCache struct {
	dir string
}

// NewVectorCache makes a cache in a folder, which it creates.
func NewVectorCache(dir string) (*VectorCache, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "the folder of vectors %s cannot be made", dir)
	}
	return &VectorCache{dir: dir}, nil
}

func (c *VectorCache) around(e assistant.Embedder) assistant.Embedder {
	sum := sha256.Sum256([]byte(e.Model()))
	return &cachedEmbedder{Embedder: e, path: filepath.Join(c.dir, hex.EncodeToString(sum[:8])+".vectors")}
}

type vectorKey [sha256.Size]byte

type cachedVector struct {
	took   float32 // milliseconds
	vector []float32
}

// cachedEmbedder is used by one goroutine.
type cachedEmbedder struct {
	assistant.Embedder
	path  string
	known map[vectorKey]cachedVector
	end   int64
}

func keyOf(use, text string) vectorKey { return sha256.Sum256([]byte(use + "\x00" + text)) }

// load reads the file once. Record: key, uint32 milliseconds as float bits, uint32 count, count floats, little-endian.
func (c *cachedEmbedder) load() error {
	if c.known != nil {
		return nil
	}
	c.known = map[vectorKey]cachedVector{}
	b, err := os.ReadFile(c.path)
	if err != nil {
		if errors.Is(err, os.ErrNotExist) {
			return nil
		}
		return fault.Wrap(fault.Broken, err, "the vectors in %s cannot be read", c.path)
	}
	const head = sha256.Size + 8
	for at := 0; at+head <= len(b); {
		n := int(binary.LittleEndian.Uint32(b[at+sha256.Size+4:]))
		if n <= 0 || n > 1<<16 || at+head+4*n > len(b) {
			break
		}
		v := cachedVector{took: math.Float32frombits(binary.LittleEndian.Uint32(b[at+sha256.Size:])), vector: make([]float32, n)}
		for i := range v.vector {
			v.vector[i] = math.Float32frombits(binary.LittleEndian.Uint32(b[at+head+4*i:]))
		}
		c.known[vectorKey(b[at:at+sha256.Size])] = v
		at += head + 4*n
		c.end = int64(at)
	}
	return nil
}

func (c *cachedEmbedder) save(keys []vectorKey, vectors [][]float32, took float32) error {
	var b []byte
	for i, k := range keys {
		b = append(b, k[:]...)
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(took))
		b = binary.LittleEndian.AppendUint32(b, uint32(len(vectors[i])))
		for _, f := range vectors[i] {
			b = binary.LittleEndian.AppendUint32(b, math.Float32bits(f))
		}
		c.known[k] = cachedVector{took: took, vector: vectors[i]}
	}
	f, err := os.OpenFile(c.path, os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return fault.Wrap(fault.Invalid, err, "the vectors cannot be kept in %s", c.path)
	}
	_, err = f.Seek(c.end, io.SeekStart)
	if err == nil {
		_, err = f.Write(b)
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return fault.Wrap(fault.Invalid, err, "the vectors cannot be kept in %s", c.path)
	}
	c.end += int64(len(b))
	return nil
}

// EmbedPassages implements assistant.Embedder.
func (c *cachedEmbedder) EmbedPassages(ctx context.Context, texts []string) ([][]float32, error) {
	if err := c.load(); err != nil {
		return nil, err
	}
	out := make([][]float32, len(texts))
	var missing []string
	var at []int
	var keys []vectorKey
	for i, t := range texts {
		k := keyOf("passage", t)
		if v, ok := c.known[k]; ok {
			out[i] = v.vector
			continue
		}
		missing, at, keys = append(missing, t), append(at, i), append(keys, k)
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
	return out, c.save(keys, vectors, float32(milliseconds(time.Since(start)))/float32(len(missing)))
}

// EmbedQuery implements assistant.Embedder.
func (c *cachedEmbedder) EmbedQuery(ctx context.Context, text string) ([]float32, error) {
	v, _, err := c.timedQuery(ctx, text)
	return v, err
}

// timedQuery also says how long it took when the model was really asked.
func (c *cachedEmbedder) timedQuery(ctx context.Context, text string) ([]float32, time.Duration, error) {
	if err := c.load(); err != nil {
		return nil, 0, err
	}
	k := keyOf("query", text)
	if v, ok := c.known[k]; ok {
		return v.vector, time.Duration(float64(v.took) * float64(time.Millisecond)), nil
	}
	start := time.Now()
	v, err := c.Embedder.EmbedQuery(ctx, text)
	took := time.Since(start)
	if err != nil {
		return nil, took, err
	}
	return v, took, c.save([]vectorKey{k}, [][]float32{v}, float32(milliseconds(took)))
}

// embedClock adds up what embedding questions took, or took when their vectors were made.
type embedClock struct {
	assistant.Embedder
	spent time.Duration
}

// EmbedQuery implements assistant.Embedder.
func (e *embedClock) EmbedQuery(ctx context.Context, text string) ([]float32, error) {
	if c, ok := e.Embedder.(*cachedEmbedder); ok {
		v, took, err := c.timedQuery(ctx, text)
		e.spent += took
		return v, err
	}
	start := time.Now()
	v, err := e.Embedder.EmbedQuery(ctx, text)
	e.spent += time.Since(start)
	return v, err
}
