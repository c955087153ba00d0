// Command sportello is the whole program: it ingests a comune's documents, answers questions about them on the command line
// and in the browser, and looks after its models.
//
// Each command is one file; wire.go builds what they need from the configuration. Nothing else in the tree wires anything.
//
// Exit codes: 0 done, 1 failed, 2 wrong usage, 3 partly done. With --json a command prints one JSON value on standard
// output; the log and progress bars always go to standard error.
package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"

	"sportello/assistant/fault"
	"sportello/assistant/privacy"
)

const (
	exitDone   = 0
	exitFailed = 1
	exitUsage  = 2
	exitPartly = 3
)

// errPartly ends a command whose work is in except for what it has already reported.
var errPartly = errors.New("partly done")

// cli is the grammar of the command line.
type cli struct {
	Data     string   `help:"Data folder (default: $SPORTELLO_DATA, else ./data)." placeholder:"DIR"`
	Config   string   `help:"Configuration file (default: sportello.toml in the data folder)." placeholder:"FILE"`
	Set      []string `help:"Set one configuration key, before environment and file: --set qdrant.address=HOST:6334." placeholder:"KEY=VALUE" sep:"none"`
	LogLevel string   `help:"Log level: debug, info, warn, error." placeholder:"LEVEL"`

	Demo    demoCmd    `cmd:"" help:"Try it: a fictional comune, ingested and served."`
	Tenant  tenantCmd  `cmd:"" help:"Create and list comuni, unioni, province."`
	Office  officeCmd  `cmd:"" help:"Import the offices with their hours."`
	User    userCmd    `cmd:"" help:"Who may come into the staff console."`
	Token   tokenCmd   `cmd:"" help:"Let a program use the interface of the console."`
	Audit   auditCmd   `cmd:"" help:"What was done in it, and the proof that the log is whole."`
	Ingest  ingestCmd  `cmd:"" help:"Read documents in: files, folders, addresses."`
	Doc     docCmd     `cmd:"" name:"document" help:"List, repeal and restore documents."`
	Search  searchCmd  `cmd:"" help:"Find passages."`
	Ask     askCmd     `cmd:"" help:"Answer a question with its sources."`
	Eval    evalCmd    `cmd:"" help:"Measure: questions, retrieval, extraction, robustness."`
	Index   indexCmd   `cmd:"" help:"Move the index to Qdrant or back, while it answers."`
	Bench   benchCmd   `cmd:"" help:"Put a running server under load."`
	Plan    planCmd    `cmd:"" help:"What a territory needs, from what was measured: machines, electricity, money."`
	Serve   serveCmd   `cmd:"" help:"Serve the pages and the API."`
	Draft   draftCmd   `cmd:"" help:"Write, check and export acts: determine, delibere, ordinanze…"`
	Minutes minutesCmd `cmd:"" help:"Make the verbale of a session: diary, transcript, draft, export."`
	Review  reviewCmd  `cmd:"" help:"Look at a regulation that is to be revised: repealed norms, contradictions, what is missing, plainer words."`
	Compare compareCmd `cmd:"" help:"Two versions of a regulation, or those of two comuni, article by article."`
	Leaflet leafletCmd `cmd:"" help:"A leaflet for citizens in ten languages, with the QR code of the tenant's page."`
	Privacy privacyCmd `cmd:"" help:"Personal data: look for it before documents are published."`
	Switch  switchCmd  `cmd:"" help:"Switch the assistant, or a subject, off and on."`
	Store   storeCmd   `cmd:"" help:"Move everything to PostgreSQL or back, and copy it."`
	Doctor  doctorCmd  `cmd:"" help:"Say what works, what is missing and how to add it."`
	Models  modelsCmd  `cmd:"" help:"List, fetch and import models."`
	Backup  backupCmd  `cmd:"" help:"Write everything to one file, while the server runs."`
	Restore restoreCmd `cmd:"" help:"Read a backup into a new data folder, or only check it."`
	Export  exportCmd  `cmd:"" help:"Write a tenant to a ZIP in open formats."`
	Import  importCmd  `cmd:"" help:"Make a tenant of such a ZIP."`
	Update  updateCmd  `cmd:"" help:"Put a newer release in the place of this program, and the old one back when it is not well."`
	Conf    configCmd  `cmd:"" name:"config" help:"Show the configuration in force and where each value comes from."`
	Version versionCmd `cmd:"" help:"Print the version."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run is main without the process: it parses args, runs the command and gives the exit code.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	var c cli
	exited := -1
	parser, err := kong.New(&c,
		kong.Name("sportello"),
		kong.Description("The public AI assistant that a municipality runs itself: its documents, cited, on its own machine."),
		kong.UsageOnError(),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, NoExpandSubcommands: true}),
		kong.Writers(stdout, stderr),
		kong.Exit(func(code int) { exited = code }),
	)
	if err != nil {
		sayln(stderr, "sportello:", err)
		return exitFailed
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	kctx, err := parser.Parse(args)
	if exited >= 0 { // --help
		return exited
	}
	if err != nil {
		sayln(stderr, "sportello:", err)
		sayln(stderr, "Try: sportello --help")
		return exitUsage
	}
	cfg, err := loadConfig(c)
	if err != nil {
		return report(stderr, err)
	}
	slog.SetDefault(slog.New(slog.NewTextHandler(stderr, &slog.HandlerOptions{Level: cfg.level(), ReplaceAttr: masked})))
	kctx.BindTo(ctx, (*context.Context)(nil))
	// What root did in a folder of the service's is the service's, whatever way the command ends.
	defer func() { _ = handBack(cfg.Data, cacheFolder()) }()
	return report(stderr, kctx.Run(&session{cfg: cfg, stdout: stdout, stderr: stderr}))
}

// masked hides personal data in what errors say: a model or a mail server may repeat what it was given.
func masked(_ []string, a slog.Attr) slog.Attr {
	if a.Key == "error" || a.Key == "panic" {
		return slog.String(a.Key, privacy.Masked(a.Value.String()))
	}
	return a
}

// session is what every command is given: the configuration and where to print.
type session struct {
	cfg    *config
	stdout io.Writer
	stderr io.Writer
}

// report prints an error for a person and gives its exit code.
func report(stderr io.Writer, err error) int {
	switch {
	case err == nil:
		return exitDone
	case errors.Is(err, errPartly):
		return exitPartly
	case errors.Is(err, context.Canceled):
		sayln(stderr, "sportello: interrupted")
		return exitFailed
	}
	sayln(stderr, "sportello:", err)
	if fault.CodeOf(err) == fault.Invalid {
		return exitUsage
	}
	return exitFailed
}
