package engine

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// runFile is what a process tells the others about the engine it runs. It holds a key: only its owner may read it.
type runFile struct {
	PID     int       `json:"pid"`
	Port    int       `json:"port"`
	Key     string    `json:"key"`
	Model   string    `json:"model_sha256"`
	Context int       `json:"context"`
	Started time.Time `json:"started"`
}

func readRunFile(path string) (runFile, error) {
	var r runFile
	b, err := os.ReadFile(path)
	if err != nil {
		return r, err
	}
	return r, json.Unmarshal(b, &r)
}

func writeRunFile(path string, r runFile) error {
	b, err := json.Marshal(r)
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".engine-*")
	if err != nil {
		return err
	}
	_, werr := f.Write(b) // CreateTemp makes it readable by its owner only
	if err := errors.Join(werr, f.Close()); err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return os.Rename(f.Name(), path)
}

func (e *Engine) runFile(in *instance) runFile {
	return runFile{PID: in.pid, Port: in.port, Key: in.endpoint.Key, Model: e.cfg.SHA256, Context: e.cfg.Context, Started: in.started}
}

// join gives the engine of another process when it serves the same model and answers; nil otherwise. A run-file that leads
// nowhere is removed.
func (e *Engine) join(ctx context.Context) *instance {
	r, err := readRunFile(e.runPath())
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil && r.Model == e.cfg.SHA256 && r.Context >= e.cfg.Context && alive(r.PID) {
		in := &instance{pid: r.PID, port: r.Port, started: r.Started, endpoint: endpointAt(r.Port, r.Key)}
		check, cancel := context.WithTimeout(ctx, 2*time.Second)
		defer cancel()
		if e.healthy(check, in.endpoint) == nil {
			return in
		}
	}
	_ = os.Remove(e.runPath()) // stale; if it cannot be removed, writing ours says why
	return nil
}

// forget removes the run-file when it speaks of our child.
func (e *Engine) forget(in *instance) {
	if r, err := readRunFile(e.runPath()); err == nil && r.PID == in.pid && r.Key == in.endpoint.Key {
		_ = os.Remove(e.runPath())
	}
}
