// Package office converts files that only LibreOffice reads, legacy Word, Excel and PowerPoint and RTF, into formats that our own
// parsers read. It runs the soffice program as a child: one at a time, in a private folder with a private profile, with macros
// and links to outside switched off, for a bounded time, killed with all its children.
//
// It keeps nothing: the folder is removed after each file. Where LibreOffice is not installed every file gives fault.Unsupported with what to
// install; the rest of the program works without it.
package office

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"sportello/assistant/fault"
	"sportello/ingest"
)

// Config says which program is run and within what limits. The zero value is the default.
type Config struct {
	Program   string        // default: soffice or libreoffice of the PATH
	Timeout   time.Duration // for one file, the wait for the one before apart; default 60 s
	MaxInput  int           // bytes; default 64 MiB
	MaxOutput int64         // bytes of the converted file; default 256 MiB
	TempDir   string        // default: the system's
}

// Envelope converts one file at a time; make it with New.
type Envelope struct {
	config Config
	turn   chan struct{}
}

// New gives a converter. It starts nothing and looks for nothing until a file comes.
func New(c Config) *Envelope {
	if c.Timeout <= 0 {
		c.Timeout = time.Minute
	}
	if c.MaxInput <= 0 {
		c.MaxInput = 64 << 20
	}
	if c.MaxOutput <= 0 {
		c.MaxOutput = 256 << 20
	}
	return &Envelope{config: c, turn: make(chan struct{}, 1)}
}

// target is what a format is converted to: the extension soffice is given for the input, its output filter, and what to install.
type target struct{ in, out, filter, module string }

var targets = map[ingest.Format]target{
	ingest.FormatDOC:  {"doc", "docx", "docx:MS Word 2007 XML", "writer"},
	ingest.FormatRTF:  {"rtf", "docx", "docx:MS Word 2007 XML", "writer"},
	ingest.FormatXLS:  {"xls", "xlsx", "xlsx:Calc MS Excel 2007 XML", "calc"},
	ingest.FormatPPT:  {"ppt", "odp", "odp", "impress"},
	ingest.FormatPPTX: {"pptx", "odp", "odp", "impress"},
}

// Installed says whether the program is there, and where.
func (e *Envelope) Installed() (path string, ok bool) {
	names := []string{"soffice", "libreoffice"}
	if e.config.Program != "" {
		names = []string{e.config.Program}
	}
	for _, n := range names {
		if p, err := exec.LookPath(n); err == nil {
			return p, true
		}
	}
	return "", false
}

// Open implements ingest.Envelope.
func (e *Envelope) Open(ctx context.Context, in ingest.Input) (ingest.Input, error) {
	format := ingest.Sniff(in.Bytes, in.Name)
	t, ok := targets[format]
	if !ok {
		return ingest.Input{}, fault.New(fault.Unsupported, "%s: not read: %s is not converted", in.Name, format)
	}
	program, ok := e.Installed()
	if !ok {
		return ingest.Input{}, fault.New(fault.Unsupported, "%s: not read: install LibreOffice (apt install libreoffice-%s) or save it as DOCX or PDF", in.Name, t.module)
	}
	if len(in.Bytes) > e.config.MaxInput {
		return ingest.Input{}, fault.New(fault.TooLarge, "%s: %d MB, more than the limit of %d MB for conversion", in.Name, len(in.Bytes)>>20, e.config.MaxInput>>20)
	}
	select {
	case e.turn <- struct{}{}:
		defer func() { <-e.turn }()
	case <-ctx.Done():
		return ingest.Input{}, fault.Wrap(fault.Timeout, ctx.Err(), "%s: stopped before it was converted", in.Name)
	}
	out, err := e.convert(ctx, program, t, in)
	if err != nil {
		return ingest.Input{}, err
	}
	return ingest.Input{Name: in.Name, Bytes: out}, nil
}

func (e *Envelope) convert(ctx context.Context, program string, t target, in ingest.Input) ([]byte, error) {
	dir, err := os.MkdirTemp(e.config.TempDir, "sportello-office-")
	if err != nil {
		return nil, fault.Wrap(fault.Internal, err, "%s: no folder to convert it in", in.Name)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	source := filepath.Join(dir, "input."+t.in)
	if err := os.WriteFile(source, in.Bytes, 0o600); err != nil {
		return nil, fault.Wrap(fault.Internal, err, "%s: no room to convert it", in.Name)
	}
	if err := writeProfile(filepath.Join(dir, "profile")); err != nil {
		return nil, fault.Wrap(fault.Internal, err, "%s: no room to convert it", in.Name)
	}
	ctx, cancel := context.WithTimeout(ctx, e.config.Timeout)
	defer cancel()
	log, err := run(ctx, program, dir, arguments(dir, t.filter, source))
	if ctx.Err() != nil {
		return nil, fault.Wrap(fault.Timeout, ctx.Err(), "%s: LibreOffice did not convert it within %v: open it and save it as DOCX or PDF", in.Name, e.config.Timeout)
	}
	out, readErr := e.read(filepath.Join(dir, "out", "input."+t.out))
	switch {
	case readErr == nil:
		return out, nil
	case errors.Is(readErr, errTooLarge):
		return nil, fault.Wrap(fault.TooLarge, readErr, "%s: it becomes too large when converted: split it", in.Name)
	case strings.Contains(log, "no export filter"), strings.Contains(log, "source file could not be loaded") && t.module == "impress":
		return nil, fault.New(fault.Unsupported, "%s: not read: install LibreOffice's %s (apt install libreoffice-%s) or save it as PDF", in.Name, t.module, t.module)
	}
	cause := fmt.Errorf("%w; %s", readErr, strings.TrimSpace(log))
	if err != nil {
		cause = fmt.Errorf("%w; %s", err, strings.TrimSpace(log))
	}
	return nil, fault.Wrap(fault.Broken, cause, "%s: LibreOffice cannot open it: it is damaged or wants a password", in.Name)
}

var errTooLarge = errors.New("converted file over the limit")

func (e *Envelope) read(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	b, err := io.ReadAll(io.LimitReader(f, e.config.MaxOutput+1))
	if err == nil && int64(len(b)) > e.config.MaxOutput {
		err = errTooLarge
	}
	return b, err
}

func arguments(dir, filter, source string) []string {
	return []string{
		"-env:UserInstallation=file://" + filepath.ToSlash(filepath.Join(dir, "profile")), "--headless", "--invisible", "--nologo", "--nodefault", "--norestore",
		"--nolockcheck", "--nofirststartwizard", "--convert-to", filter, "--outdir", filepath.Join(dir, "out"), source,
	}
}

// settings close what a hostile document could use: macros, scripts and active content do not run, links are not updated,
// nothing outside trusted folders (there are none) is fetched.
const settings = `<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisablePythonRuntime" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableActiveContent" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableOLEAutomation" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update"><prop oor:name="Link" oor:op="fuse"><value>0</value></prop></item>
<item oor:path="/org.openoffice.Office.Calc/Content/Update"><prop oor:name="Link" oor:op="fuse"><value>2</value></prop></item>
<item oor:path="/org.openoffice.Inet/Settings"><prop oor:name="ooInetProxyType" oor:op="fuse"><value>2</value></prop></item>
<item oor:path="/org.openoffice.Inet/Settings"><prop oor:name="ooInetHTTPProxyName" oor:op="fuse"><value>127.0.0.1</value></prop></item>
<item oor:path="/org.openoffice.Inet/Settings"><prop oor:name="ooInetHTTPProxyPort" oor:op="fuse"><value>9</value></prop></item>
<item oor:path="/org.openoffice.Inet/Settings"><prop oor:name="ooInetHTTPSProxyName" oor:op="fuse"><value>127.0.0.1</value></prop></item>
<item oor:path="/org.openoffice.Inet/Settings"><prop oor:name="ooInetHTTPSProxyPort" oor:op="fuse"><value>9</value></prop></item>
</oor:items>
`

func writeProfile(dir string) error {
	user := filepath.Join(dir, "user")
	if err := os.MkdirAll(user, 0o700); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(user, "registrymodifications.xcu"), []byte(settings), 0o600)
}
