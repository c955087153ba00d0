package main

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"time"

	"sportello/assistant/drafting"
	"sportello/assistant/drafting/export"
	"sportello/assistant/drafting/workbench"
	"sportello/assistant/fault"
)

// manifestSuffix is put after the name of an exported file for its manifest.
const manifestSuffix = ".manifesto.json"

// sidecarSuffix is put after it for the metadata of allegato 5 to the AgID guidelines.
const sidecarSuffix = ".metadati.xml"

type draftExportCmd struct {
	Draft    string   `arg:"" type:"existingfile" help:"Draft, as draft new keeps it; for xml also a regulation as DOCX, ODT, PDF, Markdown, text."`
	Out      string   `short:"o" required:"" help:"File to write; its extension says the format: docx, odt, pdf, txt; xml writes a regulation as Akoma Ntoso." placeholder:"FILE"`
	Body     string   `help:"Whose regulation it is, for Akoma Ntoso (default: the tenant, or what the draft says)." placeholder:"NAME"`
	Final    bool     `help:"The final file: refused while something is to be verified or a check blocks."`
	Stemma   string   `help:"Coat of arms for the header, PNG or JPEG." type:"existingfile" placeholder:"FILE"`
	Tenant   string   `help:"Check references against this tenant's documents too." placeholder:"SLUG"`
	Norms    []string `help:"Laws in Akoma Ntoso to check references against." type:"existingfile" placeholder:"FILE"`
	Override string   `help:"Export although a check blocks or something is to be verified, with the reason, which goes into the manifest." placeholder:"REASON"`
	By       string   `help:"Who exports it, for the manifest." placeholder:"NAME"`
	JSON     bool     `help:"Print the manifest."`
}

func (cmd *draftExportCmd) Help() string {
	return "Beside the file there is FILE" + manifestSuffix + ", signed by this installation: sportello draft verify FILE; and FILE" + sidecarSuffix + ", the metadata for the protocol system.\nA regulation, or the schema of one that a deliberazione approves, is written as Akoma Ntoso with -o FILE.xml.\nExamples:\n  sportello draft export quota.json --final --stemma stemma.png -o quota.docx\n  sportello draft export regolamento.docx --body \"Comune di Avella\" -o regolamento.xml"
}

func (cmd *draftExportCmd) Run(ctx context.Context, s *session) error {
	data, err := os.ReadFile(cmd.Draft)
	if err != nil {
		return fault.Wrap(fault.Invalid, err, "%s cannot be read", cmd.Draft)
	}
	d, ok := readDraft(data)
	if strings.EqualFold(filepath.Ext(cmd.Out), ".xml") {
		return cmd.akn(ctx, s, d)
	}
	if !ok {
		return fault.New(fault.Invalid, "%s is no draft: sportello draft new TYPE -o FILE makes one", cmd.Draft)
	}
	return cmd.export(ctx, s, d)
}

// export checks a draft, writes its file and the manifest beside it.
func (cmd *draftExportCmd) export(ctx context.Context, s *session, d *drafting.Draft) error {
	report, err := s.checkAct(ctx, workbench.Act(d, "", time.Now()), cmd.Tenant, cmd.Norms)
	if err != nil {
		return err
	}
	if err := cmd.mayExport(d, report); err != nil {
		return err
	}
	file, err := cmd.file(ctx, d)
	if err != nil {
		return err
	}
	m, err := export.Describe(d, filepath.Base(cmd.Out), file)
	if err != nil {
		return err
	}
	m.Final, m.Override, m.By, m.At, m.Tool = cmd.Final, cmd.Override, cmd.By, time.Now().UTC().Truncate(time.Second), "sportello "+version
	for _, f := range report.Findings {
		m.Findings = append(m.Findings, string(f.Severity)+" "+f.Code)
	}
	for _, r := range report.References {
		m.Norms = append(m.Norms, r.Style+": "+string(r.Status))
	}
	key, err := s.draftKey()
	if err != nil {
		return err
	}
	if err := m.Sign(key); err != nil {
		return err
	}
	manifest, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return fault.Wrap(fault.Internal, err, "manifest")
	}
	sidecar := export.Sidecar(d, m, export.Look{Body: d.Body()})
	for name, bytes := range map[string][]byte{cmd.Out: file, cmd.Out + manifestSuffix: append(manifest, '\n'), cmd.Out + sidecarSuffix: sidecar} {
		if err := os.WriteFile(name, bytes, 0o644); err != nil {
			return fault.Wrap(fault.Invalid, err, "%s cannot be written", name)
		}
	}
	if cmd.JSON {
		return printJSON(s.stdout, m)
	}
	sayf(s.stdout, "%s e %s%s: %d che bloccano, %d avvisi, %d da verificare\n", cmd.Out, filepath.Base(cmd.Out), manifestSuffix, report.Blocks, report.Warns, m.Open)
	return nil
}

// mayExport refuses a final file of a draft that is not ready.
func (cmd *draftExportCmd) mayExport(d *drafting.Draft, r *draftReport) error {
	if !cmd.Final {
		return nil
	}
	err := workbench.MayBeFinal(d, r.found, cmd.Override)
	if err != nil && len(d.Unaccepted()) == 0 {
		return fault.Wrap(fault.Conflict, err, "%s; sportello draft check %s says what to do, --override REASON exports all the same", fault.MessageOf(err), cmd.Draft)
	}
	return err
}

func (cmd *draftExportCmd) file(ctx context.Context, d *drafting.Draft) ([]byte, error) {
	look := export.Look{Body: d.Body(), Draft: !cmd.Final}
	if cmd.Stemma != "" {
		picture, err := os.ReadFile(cmd.Stemma)
		if err != nil {
			return nil, fault.Wrap(fault.Invalid, err, "%s cannot be read", cmd.Stemma)
		}
		look.CoatOfArms = picture
	}
	switch format := export.Format(strings.ToLower(strings.TrimPrefix(filepath.Ext(cmd.Out), "."))); format {
	case export.DOCX:
		return export.WordFile(d, look)
	case export.ODT:
		return export.OpenFile(d, look)
	case export.PDF:
		return export.Converter{}.PDFFile(ctx, d, look)
	case export.Text:
		return []byte(d.Text()), nil
	default:
		return nil, fault.New(fault.Invalid, "%s: the format is none of docx, odt, pdf, txt, xml", cmd.Out)
	}
}
