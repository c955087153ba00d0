package pdf

import (
	"context"
	"errors"
	"fmt"
	"io"
	"reflect"
	"sync"

	"github.com/klippa-app/go-pdfium"
	"github.com/klippa-app/go-pdfium/webassembly"
	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"
)

const (
	memoryPages  = 8192     // of 64 kB: what one PDFium may take, 512 MB
	recycleAbove = 96 << 20 // bytes; WebAssembly memory never shrinks, so an instance that grew further is not used again
)

// engine is a lazily started pool of PDFium instances.
type engine struct {
	guarded  bool // stop at a deadline within a call
	cacheDir string
	size     int

	mu     sync.Mutex
	pool   pdfium.Pool
	cache  wazero.CompilationCache
	closed bool
}

// start compiles PDFium, once. It takes seconds without a cache, which are not charged to the document that comes first.
func (e *engine) start() error {
	_, err := e.instances()
	return err
}

func (e *engine) instances() (pdfium.Pool, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed {
		return nil, errors.New("the PDF parser is closed")
	}
	if e.pool != nil {
		return e.pool, nil
	}
	rc := wazero.NewRuntimeConfig().
		WithCoreFeatures(api.CoreFeaturesV2 | experimental.CoreFeaturesExceptionHandling).
		WithMemoryLimitPages(memoryPages).
		WithCloseOnContextDone(e.guarded)
	if e.cacheDir != "" {
		cache, err := wazero.NewCompilationCacheWithDir(e.cacheDir)
		if err != nil {
			return nil, fmt.Errorf("compilation cache in %s: %w", e.cacheDir, err)
		}
		e.cache = cache
		rc = rc.WithCompilationCache(cache)
	}
	pool, err := webassembly.Init(webassembly.Config{
		MaxIdle: e.size, MaxTotal: e.size,
		FSConfig:      wazero.NewFSConfig(), // empty: by default go-pdfium mounts the host's root
		RuntimeConfig: rc,
		Stdout:        io.Discard, Stderr: io.Discard,
		ReuseWorkers: true,
	})
	if err != nil {
		return nil, fmt.Errorf("start PDFium: %w", err)
	}
	e.pool = pool
	return pool, nil
}

func (e *engine) close() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.closed = true
	var errs []error
	if e.pool != nil {
		errs = append(errs, e.pool.Close())
		e.pool = nil
	}
	if e.cache != nil {
		errs = append(errs, e.cache.Close(context.Background()))
		e.cache = nil
	}
	return errors.Join(errs...)
}

// use runs f on an instance that nobody else has. An instance that failed in a call is thrown away.
func (e *engine) use(ctx context.Context, f func(*module) error) (err error) {
	pool, err := e.instances()
	if err != nil {
		return err
	}
	inst, err := pool.GetInstanceWithContext(ctx)
	if err != nil {
		return fmt.Errorf("wait for PDFium: %w", err)
	}
	m, err := newModule(ctx, inst.GetImplementation())
	if err != nil {
		_ = inst.Kill()
		return err
	}
	defer func() {
		if r := recover(); r != nil {
			c, ok := r.(callError)
			if !ok {
				_ = inst.Kill()
				panic(r)
			}
			m.spoilt = true
			err = c.err
		}
		if m.spoilt || m.mem.Size() > recycleAbove {
			_ = inst.Kill()
			return
		}
		_ = inst.Close()
	}()
	return f(m)
}

// module calls PDFium's C functions directly: go-pdfium's own calls take a lock, two map look-ups and a few allocations each,
// which is too much for a function that is called once a character.
type module struct {
	ctx    context.Context
	lookup func(string) api.Function
	mem    api.Memory
	fns    map[string]api.Function
	stack  [16]uint64
	buf    uint32 // 256 bytes for results
	spoilt bool
}

// callError carries a failed call out of the code of a page; engine.use turns it into an error.
type callError struct{ err error }

func newModule(ctx context.Context, impl any) (*module, error) {
	f, ok := impl.(interface {
		Fn(string) api.Function
	})
	if !ok {
		return nil, errors.New("this version of go-pdfium gives no access to its functions")
	}
	v := reflect.ValueOf(impl)
	if v.Kind() != reflect.Pointer || v.Elem().Kind() != reflect.Struct {
		return nil, errors.New("this version of go-pdfium gives no access to its memory")
	}
	field := v.Elem().FieldByName("Module")
	if !field.IsValid() || !field.CanInterface() {
		return nil, errors.New("this version of go-pdfium gives no access to its memory")
	}
	mod, ok := field.Interface().(api.Module)
	if !ok {
		return nil, errors.New("this version of go-pdfium gives no access to its memory")
	}
	return &module{ctx: ctx, lookup: f.Fn, mem: mod.Memory(), fns: map[string]api.Function{}}, nil
}

// fn resolves an exported function, once.
func (m *module) fn(name string) api.Function {
	f := m.fns[name]
	if f == nil {
		if f = m.lookup(name); f == nil {
			panic(callError{fmt.Errorf("PDFium has no function %s", name)})
		}
		m.fns[name] = f
	}
	return f
}

// call calls a function; a trap, or a deadline in the guarded engine, panics with callError.
func (m *module) call(name string, args ...uint64) uint64 {
	return m.invoke(m.fn(name), args...)
}

func (m *module) invoke(f api.Function, args ...uint64) uint64 {
	copy(m.stack[:], args)
	if err := f.CallWithStack(m.ctx, m.stack[:]); err != nil {
		if ctxErr := m.ctx.Err(); ctxErr != nil {
			err = ctxErr
		}
		panic(callError{err})
	}
	return m.stack[0]
}

// check stops between two calls when the time is over.
func (m *module) check() {
	if err := m.ctx.Err(); err != nil {
		panic(callError{err})
	}
}

// alloc gives n bytes of PDFium's memory.
func (m *module) alloc(n int) uint32 {
	p := uint32(m.call("malloc", uint64(n)))
	if p == 0 {
		panic(callError{errMemory})
	}
	return p
}

func (m *module) free(p uint32) { m.call("free", uint64(p)) }

// scratch gives a buffer of 256 bytes that lasts until the instance goes back.
func (m *module) scratch() uint32 {
	if m.buf == 0 {
		m.buf = m.alloc(256)
	}
	return m.buf
}

// release frees what the module itself holds.
func (m *module) release() {
	if m.buf != 0 {
		m.free(m.buf)
		m.buf = 0
	}
}

func (m *module) bytes(p uint32, n int) []byte {
	b, ok := m.mem.Read(p, uint32(n))
	if !ok {
		panic(callError{errMemory})
	}
	return b
}

func (m *module) float32At(p uint32) float64 {
	v, ok := m.mem.ReadFloat32Le(p)
	if !ok {
		panic(callError{errMemory})
	}
	return float64(v)
}

func (m *module) float64At(p uint32) float64 {
	v, ok := m.mem.ReadFloat64Le(p)
	if !ok {
		panic(callError{errMemory})
	}
	return v
}

var errMemory = errors.New("PDFium: out of memory")
