//go:build unix

package office_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sportello/assistant/fault"
	"sportello/ingest"
	"sportello/ingest/docx"
	"sportello/ingest/office"
)

// fake writes a program that stands for soffice. $out is the folder it is told to write to.
func fake(t *testing.T, script string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "soffice")
	src := "#!/bin/sh\nwhile [ $# -gt 1 ]; do [ \"$1\" = --outdir ] && out=$2; last=$2; shift; done\nmkdir -p \"$out\"\n" + script + "\n"
	if err := os.WriteFile(path, []byte(src), 0o700); err != nil {
		t.Fatal(err)
	}
	return path
}

var rtf = ingest.Input{Name: "modulo.rtf", Bytes: []byte("{\\rtf1\\ansi Modulo di prova}")}

func TestOpen(t *testing.T) {
	for name, tt := range map[string]struct {
		script string
		config office.Config
		in     ingest.Input
		code   fault.Code
		text   string // of the result or of the message
	}{
		"converts":     {`cp "$last" "$out/input.docx"`, office.Config{}, rtf, "", "{\\rtf1\\ansi Modulo di prova}"},
		"own profile":  {`grep -c DisableMacrosExecution "$HOME/profile/user/registrymodifications.xcu" > "$out/input.docx"`, office.Config{}, rtf, "", "1\n"},
		"no network":   {`echo $http_proxy > "$out/input.docx"`, office.Config{}, rtf, "", "http://127.0.0.1:9\n"},
		"fails":        {`echo "Error: source file could not be loaded" >&2; exit 1`, office.Config{}, rtf, fault.Broken, "damaged or wants a password"},
		"says nothing": {`exit 0`, office.Config{}, rtf, fault.Broken, "cannot open it"},
		"no filter":    {`echo "no export filter for x"; exit 0`, office.Config{}, rtf, fault.Unsupported, "libreoffice-writer"},
		"too large":    {`head -c 100 /dev/zero > "$out/input.docx"`, office.Config{MaxOutput: 10}, rtf, fault.TooLarge, "too large"},
		"input":        {`exit 0`, office.Config{MaxInput: 10}, rtf, fault.TooLarge, "limit"},
		"other format": {`exit 0`, office.Config{}, ingest.Input{Name: "x.txt", Bytes: []byte("testo")}, fault.Unsupported, "not converted"},
		"hangs":        {`sleep 100 & sleep 100`, office.Config{Timeout: 300 * time.Millisecond}, rtf, fault.Timeout, "did not convert"},
		"says a lot":   {`head -c 100000 /dev/zero; exit 3`, office.Config{}, rtf, fault.Broken, "cannot open it"},
	} {
		t.Run(name, func(t *testing.T) {
			tt.config.Program = fake(t, tt.script)
			tt.config.TempDir = t.TempDir()
			out, err := office.New(tt.config).Open(t.Context(), tt.in)
			if fault.CodeOf(err) != tt.code {
				t.Fatalf("%v", err)
			}
			if got := string(out.Bytes) + fault.MessageOf(err); !strings.Contains(got, tt.text) {
				t.Errorf("%q", got)
			}
			if left, _ := os.ReadDir(tt.config.TempDir); len(left) > 0 {
				t.Errorf("left behind: %v", left)
			}
		})
	}
}

func TestNotInstalled(t *testing.T) {
	e := office.New(office.Config{Program: "/no/such/soffice"})
	if _, ok := e.Installed(); ok {
		t.Error("installed")
	}
	_, err := e.Open(t.Context(), rtf)
	if fault.CodeOf(err) != fault.Unsupported || !strings.Contains(fault.MessageOf(err), "apt install libreoffice-writer") {
		t.Errorf("%v", err)
	}
	if _, err := office.New(office.Config{Program: fake(t, "exit 0"), TempDir: "/no/such/folder"}).Open(t.Context(), rtf); fault.CodeOf(err) != fault.Internal {
		t.Errorf("no folder: %v", err)
	}
}

// TestOneAtATime lets the second file wait, and give up when its context ends.
func TestOneAtATime(t *testing.T) {
	dir := t.TempDir()
	e := office.New(office.Config{Program: fake(t, `touch `+dir+`/started; while [ ! -e `+dir+`/go ]; do sleep 0.05; done; cp "$last" "$out/input.docx"`)})
	done := make(chan error, 1)
	go func() {
		_, err := e.Open(t.Context(), rtf)
		done <- err
	}()
	for {
		if _, err := os.Stat(filepath.Join(dir, "started")); err == nil {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := e.Open(ctx, rtf); fault.CodeOf(err) != fault.Timeout {
		t.Errorf("the second: %v", err)
	}
	if err := os.WriteFile(filepath.Join(dir, "go"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil {
		t.Errorf("the first: %v", err)
	}
}

// TestLibreOffice converts a real form when the program is here; CI installs it.
func TestLibreOffice(t *testing.T) {
	e := office.New(office.Config{Timeout: 5 * time.Minute})
	if _, ok := e.Installed(); !ok {
		t.Fatal("LibreOffice is not installed: apt install libreoffice-writer")
	}
	b, err := os.ReadFile("../../../shared/data/documents/abbiategrasso/modulo-richiesta-risarcimento-danni.doc")
	if err != nil {
		t.Fatal(err)
	}
	out, err := e.Open(t.Context(), ingest.Input{Name: "modulo.doc", Bytes: b})
	if err != nil {
		t.Fatal(err)
	}
	p, err := docx.New(docx.Config{}).Parse(t.Context(), out)
	if err != nil || p.Blocks[0].Text != "MODULO RICHIESTA RISARCIMENTO DANNI" {
		t.Errorf("%+v, %v", p, err)
	}
}
