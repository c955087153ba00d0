package main

import (
	"context"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/pelletier/go-toml/v2"

	"sportello/assistant/drafting"
	"sportello/assistant/drafting/export"
	"sportello/assistant/fault"
)

// draftCmd writes and checks acts. No command here asks a model.
type draftCmd struct {
	Types  draftTypesCmd  `cmd:"" help:"List the templates, or the fields of one."`
	New    draftNewCmd    `cmd:"" help:"Write a draft from a template and facts."`
	Check  draftCheckCmd  `cmd:"" help:"Check a draft, or an act written elsewhere (DOCX, ODT, PDF, text)."`
	Export draftExportCmd `cmd:"" help:"Export a draft as DOCX, ODT, PDF or text."`
	Verify draftVerifyCmd `cmd:"" help:"Say whether an exported file is the one that was signed here."`
}

// draftLibrary gives the templates that came with the program, and over them those of the data folder's "modelli".
func (s *session) draftLibrary() (*drafting.Library, error) {
	dir := filepath.Join(s.cfg.Data, "modelli")
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return drafting.Shipped()
	}
	return drafting.Over(os.DirFS(dir))
}

type draftTypesCmd struct {
	Type   string `arg:"" optional:"" help:"Template whose fields to list."`
	Pack   string `help:"Write the template to one file, for another comune." placeholder:"FILE"`
	Unpack string `help:"Read a template from such a file into the data folder." placeholder:"FILE"`
	JSON   bool   `help:"Print JSON."`
}

func (cmd *draftTypesCmd) Help() string {
	return "Examples:\n  sportello draft types\n  sportello draft types determina-affidamento-diretto\n  sportello draft types determina-impegno --pack impegno.modello"
}

func (cmd *draftTypesCmd) Run(s *session) error {
	if cmd.Unpack != "" {
		return cmd.unpack(s)
	}
	l, err := s.draftLibrary()
	if err != nil {
		return err
	}
	if cmd.Type == "" {
		return printTypes(s, l, cmd.JSON)
	}
	t, err := l.Template(cmd.Type)
	if err != nil {
		return err
	}
	if cmd.Pack != "" {
		if err := os.WriteFile(cmd.Pack, t.Pack(), 0o644); err != nil {
			return fault.Wrap(fault.Invalid, err, "%s cannot be written", cmd.Pack)
		}
		sayf(s.stdout, "%s: %s\n", t.Name, cmd.Pack)
		return nil
	}
	if cmd.JSON {
		return printJSON(s.stdout, map[string]any{"name": t.Name, "title": t.Title, "family": t.Family, "version": t.Version, "about": t.About, "fields": t.Fields, "required_parts": t.Required})
	}
	sayf(s.stdout, "%s\n%s\n\n", t.Title, t.About)
	w := tabwriter.NewWriter(s.stdout, 0, 4, 2, ' ', 0)
	for _, f := range t.Fields {
		printField(w.Write, "", f)
	}
	return w.Flush()
}

func printField(write func([]byte) (int, error), indent string, f drafting.Field) {
	need := ""
	if f.Required {
		need = "*"
	}
	kind := string(f.Kind)
	if len(f.Choices) > 0 {
		kind = strings.Join(f.Choices, "|")
	}
	_, _ = write([]byte(indent + f.Name + need + "\t" + kind + "\t" + f.Label + "\n"))
	for _, inner := range f.Fields {
		printField(write, indent+"  ", inner)
	}
}

func printTypes(s *session, l *drafting.Library, asJSON bool) error {
	type row struct {
		Name   string `json:"name"`
		Title  string `json:"title"`
		Family string `json:"family"`
		About  string `json:"about"`
	}
	rows := []row{}
	for _, name := range l.Names() {
		t, err := l.Template(name)
		if err != nil {
			return err
		}
		rows = append(rows, row{t.Name, t.Title, t.Family, t.About})
	}
	if asJSON {
		return printJSON(s.stdout, rows)
	}
	w := tabwriter.NewWriter(s.stdout, 0, 4, 2, ' ', 0)
	for _, r := range rows {
		sayf(w, "%s\t%s\n", r.Name, r.About)
	}
	return w.Flush()
}

func (cmd *draftTypesCmd) unpack(s *session) error {
	data, err := os.ReadFile(cmd.Unpack)
	if err != nil {
		return fault.Wrap(fault.Invalid, err, "%s cannot be read", cmd.Unpack)
	}
	dir := filepath.Join(s.cfg.Data, "modelli")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fault.Wrap(fault.Internal, err, "%s cannot be made", dir)
	}
	name, err := drafting.Unpack(data, dir)
	if err != nil {
		return err
	}
	sayf(s.stdout, "%s: %s\n", name, filepath.Join(dir, name))
	return nil
}

type draftNewCmd struct {
	Type  string `arg:"" help:"Template: sportello draft types lists them."`
	Facts string `help:"File of facts, JSON or TOML; - reads JSON from standard input." placeholder:"FILE"`
	Out   string `short:"o" help:"Where to keep the draft (JSON)." placeholder:"FILE"`
	JSON  bool   `help:"Print the draft as JSON."`
}

func (cmd *draftNewCmd) Help() string {
	return "A fact that is missing becomes [VERIFICARE: …].\nExample:\n  sportello draft new determina-impegno --facts fatti.toml -o quota.json"
}

func (cmd *draftNewCmd) Run(s *session) error {
	l, err := s.draftLibrary()
	if err != nil {
		return err
	}
	facts, err := readFacts(cmd.Facts)
	if err != nil {
		return err
	}
	d, err := l.Build(drafting.BuildConfig{Type: cmd.Type, Facts: facts, Now: time.Now()})
	if err != nil {
		return err
	}
	if cmd.Out != "" {
		if err := writeDraft(cmd.Out, d); err != nil {
			return err
		}
	}
	if cmd.JSON {
		return printJSON(s.stdout, d)
	}
	if cmd.Out == "" {
		sayf(s.stdout, "%s", d.Text())
	}
	open := d.Open()
	for _, o := range open {
		sayf(s.stderr, "da verificare: %s (%s)\n", o.What, o.Part)
	}
	if cmd.Out != "" {
		sayf(s.stdout, "%s: %d da verificare\n", cmd.Out, len(open))
	}
	return nil
}

// readFacts reads a file of facts by its extension; no file is no fact.
func readFacts(name string) (map[string]any, error) {
	facts := map[string]any{}
	switch {
	case name == "":
		return facts, nil
	case name == "-":
		if err := json.NewDecoder(os.Stdin).Decode(&facts); err != nil {
			return nil, fault.Wrap(fault.Invalid, err, "the facts on standard input are no JSON object")
		}
		return facts, nil
	}
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "%s cannot be read", name)
	}
	if strings.EqualFold(filepath.Ext(name), ".toml") {
		if err := toml.Unmarshal(data, &facts); err != nil {
			return nil, drafting.BadFile(name, err)
		}
		return facts, nil
	}
	if err := json.Unmarshal(data, &facts); err != nil {
		var where *json.SyntaxError
		if errors.As(err, &where) {
			return nil, fault.New(fault.Invalid, "%s, line %d: %v", name, 1+strings.Count(string(data[:where.Offset]), "\n"), err)
		}
		return nil, fault.Wrap(fault.Invalid, err, "%s: facts are a JSON object, or a .toml file", name)
	}
	return facts, nil
}

func writeDraft(name string, d *drafting.Draft) error {
	data, err := json.MarshalIndent(d, "", "  ")
	if err != nil {
		return fault.Wrap(fault.Internal, err, "the draft cannot be written as JSON")
	}
	if err := os.WriteFile(name, append(data, '\n'), 0o600); err != nil {
		return fault.Wrap(fault.Invalid, err, "%s cannot be written", name)
	}
	return nil
}

// readDraft reads a draft as draft new keeps it; false for a file that is none.
func readDraft(data []byte) (*drafting.Draft, bool) {
	var d drafting.Draft
	if err := json.Unmarshal(data, &d); err != nil || d.Type == "" || len(d.Parts) == 0 {
		return nil, false
	}
	return &d, true
}

// draftKey gives the key that signs exports, from the data folder.
func (s *session) draftKey() (ed25519.PrivateKey, error) {
	if err := os.MkdirAll(s.cfg.Data, 0o700); err != nil {
		return nil, fault.Wrap(fault.Internal, err, "%s cannot be made", s.cfg.Data)
	}
	return export.Key(filepath.Join(s.cfg.Data, draftKeyName))
}

// draftKeyName is the file of the key that signs exports.
const draftKeyName = "draft_ed25519"

type draftVerifyCmd struct {
	File     string `arg:"" type:"existingfile" help:"Exported file."`
	Manifest string `arg:"" optional:"" help:"Its manifest (default: FILE.manifesto.json)."`
	JSON     bool   `help:"Print JSON."`
}

func (cmd *draftVerifyCmd) Run(_ context.Context, s *session) error {
	file, err := os.ReadFile(cmd.File)
	if err != nil {
		return fault.Wrap(fault.Invalid, err, "%s cannot be read", cmd.File)
	}
	name := cmd.Manifest
	if name == "" {
		name = cmd.File + manifestSuffix
	}
	manifest, err := os.ReadFile(name)
	if err != nil {
		return fault.Wrap(fault.Invalid, err, "%s cannot be read: give the manifest after the file", name)
	}
	key, err := s.draftKey()
	if err != nil {
		return err
	}
	public, _ := key.Public().(ed25519.PublicKey)
	v, m, err := export.Check(manifest, file, public)
	if err != nil {
		return err
	}
	if cmd.JSON {
		if err := printJSON(s.stdout, v); err != nil {
			return err
		}
	} else {
		sayf(s.stdout, "%s\n", map[bool]string{true: "in ordine: " + m.Subject, false: v.Why}[v.Good()])
	}
	if !v.Good() {
		return errPartly
	}
	return nil
}
