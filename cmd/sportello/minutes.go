package main

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/pelletier/go-toml/v2"

	"sportello/assistant"
	"sportello/assistant/drafting"
	"sportello/assistant/drafting/minutes"
	"sportello/assistant/drafting/minutes/audio"
	"sportello/assistant/fault"
	"sportello/assistant/outbound"
	"sportello/ingest"
	"sportello/prompts"
)

// minutesCmd makes the verbale of a session from the segretario's diary and a transcript.
type minutesCmd struct {
	New        minutesNewCmd        `cmd:"" help:"Write an empty session file to fill in."`
	Check      minutesCheckCmd      `cmd:"" help:"Follow the diary: presences, quorum, votes, what is missing."`
	Transcript minutesTranscriptCmd `cmd:"" help:"Read a transcript, or have a recording written out; name the voices."`
	Draft      minutesDraftCmd      `cmd:"" help:"Write the verbale as a draft, for draft check and draft export."`
	Export     minutesExportCmd     `cmd:"" help:"Write the verbale as DOCX, ODT, PDF or text."`
}

//go:embed minutes_new.toml
var minutesSample string

type minutesNewCmd struct {
	Out   string `short:"o" required:"" help:"File to write (.toml)." placeholder:"FILE"`
	Organ string `default:"consiglio" enum:"consiglio,giunta" help:"consiglio or giunta."`
}

func (cmd *minutesNewCmd) Help() string {
	return "Example:\n  sportello minutes new -o seduta.toml"
}

func (cmd *minutesNewCmd) Run(s *session) error {
	text := strings.Replace(minutesSample, `organo = "consiglio"`, `organo = "`+cmd.Organ+`"`, 1)
	f, err := os.OpenFile(cmd.Out, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fault.Wrap(fault.Invalid, err, "%s cannot be made: is it there already?", cmd.Out)
	}
	_, err = f.WriteString(text)
	if err = errors.Join(err, f.Close()); err != nil {
		return fault.Wrap(fault.Invalid, err, "%s cannot be written", cmd.Out)
	}
	sayf(s.stdout, "%s: da compilare; poi sportello minutes check %s\n", cmd.Out, cmd.Out)
	return nil
}

// readSession reads a session's file, TOML or JSON by its name.
func readSession(name string) (*minutes.Session, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "%s cannot be read", name)
	}
	var m minutes.Session
	if strings.EqualFold(filepath.Ext(name), ".json") {
		d := json.NewDecoder(strings.NewReader(string(data)))
		d.DisallowUnknownFields()
		if err := d.Decode(&m); err != nil {
			return nil, fault.Wrap(fault.Invalid, err, "%s is no session file", name)
		}
	} else {
		d := toml.NewDecoder(strings.NewReader(string(data)))
		d.DisallowUnknownFields()
		if err := d.Decode(&m); err != nil {
			return nil, drafting.BadFile(name, err)
		}
	}
	return &m, m.Check()
}

type minutesCheckCmd struct {
	Session    string `arg:"" type:"existingfile" help:"Session file, TOML or JSON."`
	Transcript string `help:"Its transcript, as minutes transcript keeps it." type:"existingfile" placeholder:"FILE"`
	JSON       bool   `help:"Print JSON."`
}

func (cmd *minutesCheckCmd) Help() string {
	return "Exit 0: nothing that blocks. Exit 3: something does.\nExample:\n  sportello minutes check seduta.toml --transcript trascrizione.json"
}

func (cmd *minutesCheckCmd) Run(s *session) error {
	m, err := material(cmd.Session, cmd.Transcript)
	if err != nil {
		return err
	}
	state := m.Session.Follow()
	problems := append(append([]minutes.Problem{}, state.Problems...), m.Problems(state)...)
	blocks := 0
	for _, p := range problems {
		if p.Severity == minutes.Blocks {
			blocks++
		}
	}
	if cmd.JSON {
		if err := printJSON(s.stdout, map[string]any{"present": state.Count(), "members": len(m.Session.Members), "lines": len(m.Session.Diary), "problems": problems, "blocks": blocks}); err != nil {
			return err
		}
	} else {
		for _, p := range problems {
			where := ""
			if p.Line > 0 {
				where = " (riga " + strconv.Itoa(p.Line) + ": " + excerpt(m.Session.Diary[p.Line-1].Text, 60) + ")"
			}
			sayf(s.stdout, "%s %s%s\n  %s\n", strings.ToUpper(string(p.Severity)), p.Code, where, p.Message)
			if p.Source != "" {
				sayf(s.stdout, "  fonte: %s\n", p.Source)
			}
		}
		sayf(s.stdout, "%d righe di diario, presenti %d su %d: %d che bloccano, %d avvisi\n", len(m.Session.Diary), state.Count(), len(m.Session.Members), blocks, len(problems)-blocks)
	}
	if blocks > 0 {
		return errPartly
	}
	return nil
}

// material puts a session together with its transcript.
func material(session, transcript string) (*minutes.Material, error) {
	x, err := readSession(session)
	if err != nil {
		return nil, err
	}
	m := &minutes.Material{Session: x}
	if transcript == "" {
		return m, nil
	}
	data, err := os.ReadFile(transcript)
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "%s cannot be read", transcript)
	}
	m.Transcript = &minutes.Transcript{}
	if err := json.Unmarshal(data, m.Transcript); err != nil || len(m.Transcript.Turns) == 0 {
		return nil, fault.New(fault.Invalid, "%s is no transcript as sportello minutes transcript keeps it", transcript)
	}
	m.Lay()
	return m, nil
}

type minutesTranscriptCmd struct {
	File string   `arg:"" type:"existingfile" help:"Transcript (TXT, VTT, SRT, DOCX), a recording, or what this command has kept."`
	Out  string   `short:"o" required:"" help:"Where to keep it (JSON)." placeholder:"FILE"`
	Name []string `help:"Say who a voice is: --name \"voce 1=Anna Rolando\"." placeholder:"VOICE=NAME" sep:"none"`
	Item []string `help:"Say where an item begins: --item 3=01:12:30." placeholder:"ITEM=TIME" sep:"none"`
	JSON bool     `help:"Print the voices as JSON."`
}

func (cmd *minutesTranscriptCmd) Help() string {
	return "A voice has a number until you say who it is. A recording goes to the server of the setting transcription.address, in pieces; if it stops, start again and it goes on.\n" +
		"Examples:\n  sportello minutes transcript seduta.vtt -o trascrizione.json\n  sportello minutes transcript trascrizione.json --name \"voce 1=Anna Rolando\" -o trascrizione.json"
}

func (cmd *minutesTranscriptCmd) Run(ctx context.Context, s *session) error {
	t, err := s.transcript(ctx, cmd.File)
	if err != nil {
		return err
	}
	for _, pair := range cmd.Name {
		voice, name, ok := strings.Cut(pair, "=")
		if voice, name = strings.TrimSpace(voice), strings.TrimSpace(name); !ok || !t.Call(voice, name) {
			return fault.New(fault.Invalid, "--name %q: write a voice of the transcript and a name, \"voce 1=Anna Rolando\"", pair)
		}
	}
	for _, pair := range cmd.Item {
		if err := t.MarkAt(pair); err != nil {
			return err
		}
	}
	data, err := json.MarshalIndent(t, "", " ")
	if err != nil {
		return fault.Wrap(fault.Internal, err, "transcript")
	}
	if err := os.WriteFile(cmd.Out, append(data, '\n'), 0o600); err != nil {
		return fault.Wrap(fault.Invalid, err, "%s cannot be written", cmd.Out)
	}
	if cmd.JSON {
		return printJSON(s.stdout, t.Voices())
	}
	for _, v := range t.Voices() {
		who := v.Given
		if who == "" {
			who = "nessun nome"
		}
		if v.Label != "" {
			who += ", nel file «" + v.Label + "»"
		}
		sayf(s.stdout, "%s (%s): %d interventi, %d parole: %s\n", v.Name, who, v.Turns, v.Words, v.Quote)
	}
	sayf(s.stdout, "%s: %d parole\n", cmd.Out, t.Words())
	return nil
}

// transcript reads a transcript of any form, or has a recording written out.
func (s *session) transcript(ctx context.Context, name string) (*minutes.Transcript, error) {
	if audio.IsRecording(name) {
		client, err := s.cfg.transcriber()
		if err != nil {
			return nil, err
		}
		return client.Transcribe(ctx, name, filepath.Dir(name), func(done, of int) { sayf(s.stderr, "%s: %d di %d pezzi\n", filepath.Base(name), done, of) })
	}
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "%s cannot be read", name)
	}
	var kept minutes.Transcript
	if json.Unmarshal(data, &kept) == nil && len(kept.Turns) > 0 {
		return &kept, nil
	}
	return readTranscript(ctx, s.cfg, name, data)
}

// readTranscript reads TXT, VTT and SRT itself, and the paragraphs of a document.
func readTranscript(ctx context.Context, c *config, name string, data []byte) (*minutes.Transcript, error) {
	if !strings.HasPrefix(string(data), "PK\x03\x04") && !strings.HasPrefix(string(data), "%PDF") {
		return minutes.Read(name, data)
	}
	p, err := c.parsers()
	if err != nil {
		return nil, err
	}
	defer release(p)
	parsed, err := p.Parse(ctx, ingest.Input{Name: name, Bytes: data})
	if err != nil {
		return nil, err
	}
	var lines []string
	for _, b := range parsed.Blocks {
		lines = append(lines, strings.Split(b.Text, "\n")...)
	}
	return minutes.Lines(name, lines)
}

// transcriber makes the client of the configured server; it may reach no other.
func (c *config) transcriber() (*audio.Client, error) {
	t := c.Transcription
	if t.Address == "" {
		return &audio.Client{}, nil // which says what to set
	}
	client, err := outbound.New(outbound.Config{Private: []string{t.Address}, MaxBytes: 32 << 20, MaxRedirects: -1, Logger: slog.Default()})
	if err != nil {
		return nil, err
	}
	return &audio.Client{Address: t.Address, Model: t.Model, APIKey: t.APIKey, Piece: time.Duration(t.Minutes) * time.Minute, HTTP: client.HTTP()}, nil
}

type minutesDraftCmd struct {
	Session    string `arg:"" type:"existingfile" help:"Session file, TOML or JSON."`
	Transcript string `help:"Its transcript, as minutes transcript keeps it." type:"existingfile" placeholder:"FILE"`
	Style      string `default:"" enum:",sommario,integrale,decisioni" help:"sommario, integrale or decisioni (default: the session's own, else sommario)."`
	Approved   string `help:"Session file of the next session, which voted on this verbale: its approval and rettifiche go in." type:"existingfile" placeholder:"FILE"`
	Model      bool   `help:"Have the configured chat model put what was said into indirect speech; what it writes is verified, and marked until a person accepts it."`
	Out        string `short:"o" help:"Where to keep the draft (JSON)." placeholder:"FILE"`
	JSON       bool   `help:"Print the draft as JSON."`
}

func (cmd *minutesDraftCmd) Help() string {
	return "Then: sportello draft check verbale.json, sportello draft export verbale.json -o verbale.docx\nExample:\n  sportello minutes draft seduta.toml --transcript trascrizione.json -o verbale.json"
}

func (cmd *minutesDraftCmd) Run(ctx context.Context, s *session) error {
	d, tally, err := cmd.build(ctx, s)
	if err != nil {
		return err
	}
	if cmd.Out != "" {
		if err := writeDraft(cmd.Out, d); err != nil {
			return err
		}
	}
	if cmd.Model {
		sayf(s.stderr, "frasi del modello: %d accettate, %d da verificare, %d scartate\n", tally.Accepted, tally.Doubtful, tally.Rejected)
	}
	switch {
	case cmd.JSON:
		return printJSON(s.stdout, d)
	case cmd.Out == "":
		sayf(s.stdout, "%s", d.Text())
	default:
		sayf(s.stdout, "%s: %d da verificare\n", cmd.Out, len(d.Open()))
	}
	return nil
}

func (cmd *minutesDraftCmd) build(ctx context.Context, s *session) (*drafting.Draft, minutes.Tally, error) {
	var sum minutes.Tally
	m, err := material(cmd.Session, cmd.Transcript)
	if err != nil {
		return nil, sum, err
	}
	if cmd.Style != "" {
		m.Session.Style = minutes.Style(cmd.Style)
	}
	if cmd.Approved != "" {
		next, err := readSession(cmd.Approved)
		if err != nil {
			return nil, sum, err
		}
		a, ok := next.Approves()
		if next.Day <= m.Session.Day {
			return nil, sum, fault.New(fault.Invalid, "%s is of %s, not of a later day than the session", cmd.Approved, next.Day)
		}
		if !ok {
			return nil, sum, fault.New(fault.Conflict, "%s has no vote on the verbale that was carried: write \"voto verbale …\" in its diario", cmd.Approved)
		}
		m.Approval = a
	}
	if cmd.Model && m.Transcript != nil {
		if sum, err = s.phrase(ctx, m); err != nil {
			return nil, sum, err
		}
	}
	l, err := s.draftLibrary()
	if err != nil {
		return nil, sum, err
	}
	d, err := m.Draft(l, time.Now())
	return d, sum, err
}

// phrase has the chat model tell each part; a part that it fails on stays as it is.
func (s *session) phrase(ctx context.Context, m *minutes.Material) (sum minutes.Tally, err error) {
	a, err := s.open(ctx)
	if err != nil {
		return sum, err
	}
	defer release(a)
	f, ok := phraser(a.models.Generator, time.Duration(s.cfg.Chat.Seconds)*time.Second)
	if !ok {
		return sum, fault.New(fault.Unavailable, "there is no chat model: set chat.model, or leave --model away for literal sentences")
	}
	for i := range m.Parts {
		tally, err := m.Session.Phrased(ctx, &m.Parts[i], m.Transcript, f)
		if err != nil {
			if ctx.Err() != nil {
				return sum, ctx.Err()
			}
			slog.WarnContext(ctx, "a part of the discussion stays literal", "item", m.Parts[i].Item, "error", err)
			continue
		}
		sum.Accepted, sum.Doubtful, sum.Rejected = sum.Accepted+tally.Accepted, sum.Doubtful+tally.Doubtful, sum.Rejected+tally.Rejected
	}
	return sum, nil
}

// teller makes a chat model the Phraser of minutes.
type teller struct {
	model interface {
		Tell(ctx context.Context, in prompts.SpeechInput) (text, prompt string, err error)
		Name() string
	}
	limit time.Duration
}

func phraser(g assistant.Generator, limit time.Duration) (minutes.Phraser, bool) {
	m, ok := g.(interface {
		Tell(ctx context.Context, in prompts.SpeechInput) (text, prompt string, err error)
		Name() string
	})
	return teller{m, limit}, ok
}

func (t teller) Phrase(ctx context.Context, in minutes.Speech) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, t.limit)
	defer cancel()
	text, _, err := t.model.Tell(ctx, prompts.SpeechInput{Speaker: in.Speaker, Item: in.Item, Text: in.Text})
	return text, err
}

// Name says the model and the wording of what it was asked, for the manifest.
func (t teller) Name() string { return t.model.Name() + ", " + prompts.SpeechVersion }

type minutesExportCmd struct {
	minutesDraftCmd
	To       string `required:"" help:"File to write; its extension says the format: docx, odt, pdf, txt." placeholder:"FILE"`
	Final    bool   `help:"The final file: refused while something is to be verified or a check blocks."`
	Stemma   string `help:"Coat of arms for the header, PNG or JPEG." type:"existingfile" placeholder:"FILE"`
	Tenant   string `help:"Check references against this tenant's documents too." placeholder:"SLUG"`
	Override string `help:"Export although a check blocks, with the reason, which goes into the manifest." placeholder:"REASON"`
	By       string `help:"Who exports it, for the manifest." placeholder:"NAME"`
}

func (cmd *minutesExportCmd) Help() string {
	return "Example:\n  sportello minutes export seduta.toml --transcript trascrizione.json --to verbale.docx"
}

func (cmd *minutesExportCmd) Run(ctx context.Context, s *session) error {
	state, err := material(cmd.Session, "")
	if err != nil {
		return err
	}
	for _, p := range state.Session.Follow().Problems {
		if cmd.Final && p.Severity == minutes.Blocks && cmd.Override == "" {
			return fault.New(fault.Conflict, "not final: %s; sportello minutes check %s says it all", p.Message, cmd.Session)
		}
	}
	d, _, err := cmd.build(ctx, s)
	if err != nil {
		return err
	}
	e := draftExportCmd{Out: cmd.To, Final: cmd.Final, Stemma: cmd.Stemma, Tenant: cmd.Tenant, Override: cmd.Override, By: cmd.By, JSON: cmd.JSON, Draft: cmd.Session}
	return e.export(ctx, s, d)
}
