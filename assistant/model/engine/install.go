package engine

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"sportello/assistant/fault"
)

// What Install installs: a prebuilt llama.cpp as a Python package, by name, version and hashes of its wheels.
const (
	Package = "xllamacpp"
	Version = "2026.10.11549"
)

// hashes of the wheels, sha256, so that a changed package is refused.
var hashes = []string{
	"c54e7d13520ecc989c63dc99d55de3065e2f343a91f43f053d16b5e62077c261", // Linux x86-64
	"e2a3e79e775515de4ad197e667f874070446ef9ac9cf2044bc9866bc4c72289e", // Linux arm64
	"4ecda27a308b2403aa13c9d04b270befab95edc556c24ed00b2f8a98bd7f6781", // macOS arm64
	"1b76730ab9af47ec8d05a3d55154305fa92642f694dd9ad87d9e5a5e9956a59d", // Windows x86-64
}

// marker is written when an installation is whole.
const marker = "installed.json"

type installation struct {
	Package string `json:"package"`
	Version string `json:"version"`
}

func installed(cacheDir string) bool {
	b, err := os.ReadFile(filepath.Join(venv(cacheDir), marker))
	if err != nil {
		return false
	}
	var i installation
	return json.Unmarshal(b, &i) == nil && i == installation{Package, Version}
}

// Install puts the engine in a private virtual environment under cacheDir, unless it is there already. say, when not nil, is told each step.
//
// It needs python3 of version 3.10 or later with venv and pip, and the network once. Errors: fault.Unsupported when Python or a part of it is
// missing, fault.Unavailable when the package cannot be fetched.
func Install(ctx context.Context, cacheDir string, say func(step string)) error {
	if say == nil {
		say = func(string) {}
	}
	if installed(cacheDir) {
		say("the engine is already installed in " + venv(cacheDir))
		return nil
	}
	dir := venv(cacheDir)
	if err := os.MkdirAll(cacheDir, 0o750); err != nil {
		return fault.Wrap(fault.Invalid, err, "the cache folder %s cannot be written", cacheDir)
	}
	python, err := findPython(ctx)
	if err != nil {
		return err
	}
	say("making a Python environment in " + dir)
	if err := os.RemoveAll(dir); err != nil { // half an earlier try
		return fault.Wrap(fault.Invalid, err, "%s cannot be replaced", dir)
	}
	if out, err := output(ctx, python, "-m", "venv", dir); err != nil {
		return fault.Wrap(fault.Unsupported, err, "python3 cannot make a virtual environment (on Debian: apt install python3-venv): %s", out)
	}
	say("fetching " + Package + " " + Version)
	if err := pipInstall(ctx, cacheDir); err != nil {
		return err
	}
	if out, err := output(ctx, venvPython(cacheDir), "-I", "-c", "import "+Package); err != nil {
		return fault.Wrap(fault.Unsupported, err, "the engine does not run on this machine: %s", out)
	}
	b, err := json.Marshal(installation{Package, Version})
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, marker), b, 0o644)
	}
	if err != nil {
		return fault.Wrap(fault.Invalid, err, "%s cannot be written", dir)
	}
	say("the engine is ready")
	return nil
}

func findPython(ctx context.Context) (string, error) {
	path, err := exec.LookPath("python3")
	if err != nil {
		return "", fault.Wrap(fault.Unsupported, err, "python3 is missing: install it (version 3.10 or later), or put llama-server on PATH")
	}
	out, err := output(ctx, path, "-c", "import sys; print(sys.version_info >= (3, 10))")
	if err != nil || !strings.HasSuffix(out, "True") {
		return "", fault.New(fault.Unsupported, "the engine needs Python 3.10 or later, and %s is older or broken; or put llama-server on PATH", path)
	}
	return path, nil
}

// pipInstall lets pip check the hashes: the requirement goes through a file because pip takes them only there.
func pipInstall(ctx context.Context, cacheDir string) error {
	req := filepath.Join(venv(cacheDir), "requirements.txt")
	line := Package + "==" + Version
	for _, h := range hashes {
		line += " --hash=sha256:" + h
	}
	if err := os.WriteFile(req, []byte(line+"\n"), 0o644); err != nil {
		return fault.Wrap(fault.Invalid, err, "%s cannot be written", venv(cacheDir))
	}
	out, err := output(ctx, venvPython(cacheDir), "-I", "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--quiet",
		"--no-deps", "--only-binary", ":all:", "--require-hashes", "-r", req)
	if err != nil {
		if ctx.Err() != nil {
			return fault.Wrap(fault.Timeout, ctx.Err(), "fetching the engine was interrupted")
		}
		return fault.Wrap(fault.Unavailable, err, "pip cannot fetch %s %s (no network, or no wheel for this machine; or put llama-server on PATH): %s", Package, Version, out)
	}
	return nil
}

// output runs a program and gives the last lines of what it wrote.
func output(ctx context.Context, path string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, path, args...)
	var buf bytes.Buffer
	cmd.Stdout, cmd.Stderr = &buf, &buf
	err := cmd.Run()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		err = fmt.Errorf("%s: %w", filepath.Base(path), err)
	}
	lines := strings.Split(strings.TrimSpace(buf.String()), "\n")
	return strings.Join(lines[max(0, len(lines)-3):], " "), err
}
