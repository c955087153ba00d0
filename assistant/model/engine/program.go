package engine

import (
	_ "embed"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"

	"sportello/assistant/fault"
)

//go:embed launcher.py
var launcher []byte

// Program is what runs a model.
type Program struct {
	Path string
	Args []string // before the flags

	launcherPath string // where the launcher is to be, for xllamacpp
}

func (p Program) String() string {
	if p.launcherPath != "" {
		return "xllamacpp " + Version + " (" + p.Path + ")"
	}
	return p.Path
}

// Find gives the program to run: the configured llama-server, else the one on PATH, else the one that Install put under
// cacheDir. A configured program that is not there gives fault.Invalid; none at all gives fault.NotFound.
func Find(configured, cacheDir string) (Program, error) {
	if configured != "" {
		path, err := exec.LookPath(configured)
		if err != nil {
			return Program{}, fault.Wrap(fault.Invalid, err, "the configured engine %q cannot be run", configured)
		}
		return Program{Path: path}, nil
	}
	if path, err := exec.LookPath("llama-server"); err == nil {
		return Program{Path: path}, nil
	}
	if installed(cacheDir) {
		l := filepath.Join(venv(cacheDir), "launcher.py")
		return Program{Path: venvPython(cacheDir), Args: []string{"-I", l}, launcherPath: l}, nil
	}
	return Program{}, fault.New(fault.NotFound, "no engine to run models: put llama-server on PATH, or run make engine")
}

// prepare puts this version's launcher beside the installed engine.
func (p Program) prepare() error {
	if p.launcherPath == "" {
		return nil
	}
	if b, err := os.ReadFile(p.launcherPath); err == nil && string(b) == string(launcher) {
		return nil
	}
	if err := os.WriteFile(p.launcherPath, launcher, 0o644); err != nil {
		return fault.Wrap(fault.Unavailable, err, "the engine's launcher cannot be written")
	}
	return nil
}

func venv(cacheDir string) string { return filepath.Join(cacheDir, "engine") }

func venvPython(cacheDir string) string {
	if runtime.GOOS == "windows" {
		return filepath.Join(venv(cacheDir), "Scripts", "python.exe")
	}
	return filepath.Join(venv(cacheDir), "bin", "python")
}

// flags are those of llama-server; the launcher takes the same.
func (e *Engine) flags(port int) []string {
	c := e.cfg
	f := []string{
		"--model", c.Model, "--alias", e.alias(),
		"--host", "127.0.0.1", "--port", strconv.Itoa(port),
		"--ctx-size", strconv.Itoa(c.Context * c.Parallel), "--parallel", strconv.Itoa(c.Parallel),
		"--threads", strconv.Itoa(c.Threads),
	}
	if c.Batch > 0 {
		// A text to embed is computed in one piece: the physical batch must hold it.
		f = append(f, "--batch-size", strconv.Itoa(c.Batch), "--ubatch-size", strconv.Itoa(c.Batch))
	}
	if c.GPULayers != nil {
		f = append(f, "--gpu-layers", strconv.Itoa(*c.GPULayers))
	}
	switch c.Task {
	case Embedding:
		f = append(f, "--embeddings")
	case Rerank:
		f = append(f, "--reranking")
	}
	return f
}
