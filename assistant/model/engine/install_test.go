package engine

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sportello/assistant/fault"
)

// fakePython puts a python3 on PATH that does what the script says; $1 $2 are its first arguments.
func fakePython(t *testing.T, script string) {
	t.Helper()
	bin := t.TempDir()
	if err := os.WriteFile(filepath.Join(bin, "python3"), []byte("#!/bin/sh\n"+script), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", bin+string(os.PathListSeparator)+"/bin:/usr/bin")
	t.Setenv("FAKE_PYTHON", filepath.Join(bin, "python3"))
}

// venvScript makes an environment whose python is the script again.
const venvScript = `
case "$*" in
*version_info*) echo True;;
*"-m venv"*) mkdir -p "$3/bin" && cp "$FAKE_PYTHON" "$3/bin/python";;
*"pip install"*) %PIP%;;
*import*) exit 0;;
esac`

func TestInstall(t *testing.T) {
	fakePython(t, strings.Replace(venvScript, "%PIP%", `echo "$@" > "$FAKE_PYTHON.pip"`, 1))
	cache := filepath.Join(t.TempDir(), "cache")
	var steps []string
	say := func(s string) { steps = append(steps, s) }
	if err := Install(t.Context(), cache, say); err != nil {
		t.Fatal(err)
	}
	req, err := os.ReadFile(filepath.Join(cache, "engine", "requirements.txt"))
	if err != nil || !strings.HasPrefix(string(req), Package+"=="+Version+" --hash=sha256:") {
		t.Errorf("%s %v", req, err)
	}
	pip, err := os.ReadFile(os.Getenv("FAKE_PYTHON") + ".pip")
	if err != nil || !strings.Contains(string(pip), "--require-hashes") || !strings.Contains(string(pip), "--no-deps") {
		t.Errorf("pip %s %v", pip, err)
	}
	p, err := Find("", cache)
	if err != nil || p.launcherPath == "" || !strings.Contains(p.String(), Version) {
		t.Fatalf("%+v %v", p, err)
	}
	if err := p.prepare(); err != nil {
		t.Fatal(err)
	}
	if b, err := os.ReadFile(p.launcherPath); err != nil || string(b) != string(launcher) {
		t.Errorf("launcher: %v", err)
	}
	if err := p.prepare(); err != nil { // again: nothing to do
		t.Error(err)
	}
	n := len(steps)
	if err := Install(t.Context(), cache, say); err != nil || len(steps) != n+1 {
		t.Errorf("a second time: %v %v", err, steps[n:])
	}
}

func TestInstallErrors(t *testing.T) {
	for name, c := range map[string]struct {
		script string
		code   fault.Code
		says   string
	}{
		"old Python":   {`echo False`, fault.Unsupported, "3.10"},
		"no venv":      {`case "$*" in *version_info*) echo True;; *) echo "ensurepip is not available"; exit 1;; esac`, fault.Unsupported, "python3-venv"},
		"no network":   {strings.Replace(venvScript, "%PIP%", `echo "Could not connect"; exit 1`, 1), fault.Unavailable, "Could not connect"},
		"does not run": {strings.Replace(strings.Replace(venvScript, "%PIP%", "true", 1), "exit 0", `echo "no AVX2"; exit 1`, 1), fault.Unsupported, "no AVX2"},
	} {
		t.Run(name, func(t *testing.T) {
			fakePython(t, c.script)
			cache := t.TempDir()
			err := Install(t.Context(), cache, nil)
			if fault.CodeOf(err) != c.code || !strings.Contains(fault.MessageOf(err), c.says) {
				t.Errorf("%v", err)
			}
			if installed(cache) {
				t.Error("it counts as installed")
			}
		})
	}
	t.Run("no Python", func(t *testing.T) {
		t.Setenv("PATH", t.TempDir())
		if err := Install(t.Context(), t.TempDir(), nil); fault.CodeOf(err) != fault.Unsupported {
			t.Error(err)
		}
	})
	t.Run("interrupted", func(t *testing.T) {
		fakePython(t, strings.Replace(venvScript, "%PIP%", "sleep 5", 1))
		ctx, cancel := context.WithCancel(t.Context())
		err := Install(ctx, t.TempDir(), func(step string) {
			if strings.HasPrefix(step, "fetching") {
				cancel()
			}
		})
		if fault.CodeOf(err) != fault.Timeout {
			t.Error(err)
		}
	})
	t.Run("cache not writable", func(t *testing.T) {
		if err := Install(t.Context(), "/dev/null/x", nil); fault.CodeOf(err) != fault.Invalid {
			t.Error(err)
		}
	})
}

func TestFind(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	if _, err := Find("/no/such/llama-server", ""); fault.CodeOf(err) != fault.Invalid {
		t.Error(err)
	}
	if _, err := Find("", t.TempDir()); fault.CodeOf(err) != fault.NotFound || !strings.Contains(fault.MessageOf(err), "make engine") {
		t.Error(err)
	}
	bin := t.TempDir()
	path := filepath.Join(bin, "llama-server")
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", bin)
	for _, configured := range []string{"", path} {
		if p, err := Find(configured, ""); err != nil || p.String() != path || p.prepare() != nil {
			t.Errorf("%+v %v", p, err)
		}
	}
}

func TestFlags(t *testing.T) {
	layers := 20
	for task, want := range map[Task]string{
		Embedding: "--model m --alias embedding-s --host 127.0.0.1 --port 9 --ctx-size 2048 --parallel 4 --threads 2 --batch-size 512 --ubatch-size 512 --gpu-layers 20 --embeddings",
		Rerank:    "--model m --alias rerank-s --host 127.0.0.1 --port 9 --ctx-size 2048 --parallel 4 --threads 2 --batch-size 512 --ubatch-size 512 --gpu-layers 20 --reranking",
		Chat:      "--model m --alias chat-s --host 127.0.0.1 --port 9 --ctx-size 2048 --parallel 4 --threads 2 --batch-size 512 --ubatch-size 512 --gpu-layers 20",
	} {
		e := New(Config{Task: task, Model: "m", SHA256: "s", Context: 512, Parallel: 4, Batch: 512, Threads: 2, GPULayers: &layers})
		if got := strings.Join(e.flags(9), " "); got != want {
			t.Errorf("%s: %s", task, got)
		}
	}
}
