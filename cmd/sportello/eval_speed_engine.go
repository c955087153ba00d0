package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"sportello/assistant"
	"sportello/assistant/fault"
)

// engineClient asks the engine for vectors with nothing between.
type engineClient struct{ url, key string }

// directEngine reads the engine's run-file; asking for a vector first makes sure that it runs.
func directEngine(ctx context.Context, runFile string, e assistant.Embedder) (*engineClient, error) {
	if _, err := e.EmbedQuery(ctx, "prova"); err != nil {
		return nil, err
	}
	raw, err := os.ReadFile(runFile)
	if err != nil {
		return nil, fault.Wrap(fault.Unsupported, err, "only the managed engine can be measured against itself")
	}
	var run struct {
		Port int    `json:"port"`
		Key  string `json:"key"`
	}
	if err := json.Unmarshal(raw, &run); err != nil {
		return nil, err
	}
	return &engineClient{url: "http://" + net.JoinHostPort("127.0.0.1", strconv.Itoa(run.Port)) + "/v1/embeddings", key: run.Key}, nil
}

func (c *engineClient) embed(ctx context.Context, texts []string) error {
	body, err := json.Marshal(map[string]any{"input": texts, "model": "embedding"})
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.url, bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+c.key)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusOK {
		return fault.New(fault.Unavailable, "the engine answered %s", resp.Status)
	}
	_, err = io.Copy(io.Discard, resp.Body)
	return err
}

// block is a few texts in memory that wait for their vectors: EmbedPending works on it as on the store.
type block struct {
	mu      sync.Mutex
	waiting []assistant.Pending
	left    int
}

func newBlock(texts []string) *block {
	b := &block{left: len(texts)}
	for i, t := range texts {
		b.waiting = append(b.waiting, assistant.Pending{Hash: strconv.Itoa(i), Text: t})
	}
	return b
}

func (b *block) PendingVectors(_ context.Context, _ string, limit int) ([]assistant.Pending, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	n := min(limit, len(b.waiting))
	out := b.waiting[:n]
	b.waiting = b.waiting[n:]
	return out, nil
}

func (b *block) PutVectors(_ context.Context, _ string, vectors map[string][]float32) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.left -= len(vectors)
	return nil
}

func (b *block) ReleaseVectors(context.Context, string, []string) error { return nil }

func (b *block) PendingCount(context.Context, string, ...string) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.left, nil
}

const (
	engineBatch  = 16 // texts in one direct request
	engineFlight = 3  // direct requests at once
	speedBlock   = 96 // texts that each side embeds before the other has its turn
)

// embeddingSpeed embeds the same texts through the product's path and by asking the engine directly, block by block in turns.
func embeddingSpeed(ctx context.Context, e assistant.Embedder, direct *engineClient, texts []string) (measured, error) {
	var ours, limit time.Duration
	for at := 0; at < len(texts); at += speedBlock {
		part := texts[at:min(at+speedBlock, len(texts))]
		start := time.Now()
		group, inner := errgroup.WithContext(ctx)
		group.SetLimit(engineFlight)
		for i := 0; i < len(part); i += engineBatch {
			batch := make([]string, 0, engineBatch)
			for _, t := range part[i:min(i+engineBatch, len(part))] {
				batch = append(batch, "passage: "+t)
			}
			group.Go(func() error { return direct.embed(inner, batch) })
		}
		if err := group.Wait(); err != nil {
			return measured{}, err
		}
		limit += time.Since(start)
		start = time.Now()
		if _, err := assistant.EmbedPending(ctx, newBlock(part), e, nil); err != nil {
			return measured{}, err
		}
		ours += time.Since(start)
	}
	n := float64(len(texts))
	return ratio("embedding of passages", n/ours.Seconds(), n/limit.Seconds(), "passages/s", ">= 0.85 of the engine asked directly"), nil
}

var resident = regexp.MustCompile(`VmRSS:\s+(\d+) kB`)

// serveSpeed starts the server as a process of its own and takes the time until it is ready and, after a question to the
// largest tenant, its memory; the engine is another process.
func (s *session) serveSpeed(ctx context.Context, tenant, question string) ([]measured, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	addr := listener.Addr().String()
	_ = listener.Close() // it has found a free port
	start := time.Now()
	server := exec.CommandContext(ctx, self, "--data", s.cfg.Data, "--log-level", "error", "serve", "--addr", addr)
	server.Cancel = func() error { return server.Process.Signal(os.Interrupt) }
	if err := server.Start(); err != nil {
		return nil, err
	}
	defer func() {
		_ = server.Process.Signal(os.Interrupt)
		_ = server.Wait()
	}()
	for {
		resp, err := http.Get("http://" + addr + "/readyz") //nolint:noctx // bounded by the loop
		if err == nil {
			_ = resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				break
			}
		}
		if time.Since(start) > time.Minute || ctx.Err() != nil {
			return nil, fault.New(fault.Unavailable, "the server was not ready within a minute")
		}
		time.Sleep(5 * time.Millisecond)
	}
	rows := []measured{{What: "start to ready", Ours: time.Since(start).Seconds() * 1000, Unit: "ms", Aim: "< 1000"}}
	body, err := json.Marshal(map[string]string{"question": question})
	if err != nil {
		return nil, err
	}
	resp, err := http.Post("http://"+addr+"/api/v1/t/"+tenant+"/ask", "application/json", bytes.NewReader(body)) //nolint:noctx // the server has its own limit
	if err != nil {
		return nil, err
	}
	_ = resp.Body.Close()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", server.Process.Pid))
	if err != nil {
		return rows, nil // not Linux: no figure
	}
	if m := resident.FindStringSubmatch(string(status)); m != nil {
		kb, _ := strconv.Atoi(m[1])
		rows = append(rows, measured{What: "memory of the server with " + strings.TrimPrefix(tenant, "speed-") + " passages loaded", Ours: float64(kb) / 1024, Unit: "MB", Aim: "< 250"})
	}
	return rows, nil
}
