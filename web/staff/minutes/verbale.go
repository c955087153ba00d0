package minutes

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"

	"sportello/assistant/access"
	"sportello/assistant/drafting"
	"sportello/assistant/drafting/export"
	"sportello/assistant/drafting/minutes"
	"sportello/assistant/drafting/rule"
	"sportello/assistant/fault"
	"sportello/web/staff"
)

type verbaleBody struct {
	*meeting
	Draft    *drafting.Draft
	Open     []drafting.Open
	Findings []rule.Finding
	Problems []minutes.Problem
	Blocked  bool
	Writable []writable
	PDF      bool
	Phraser  string // name of the model; empty: there is none
	MayFinal bool   // may make the final file although something is open
	Reason   string // typed, and not taken
}

// writable is a part of the discussion that a person may write anew.
type writable struct {
	Key, Who, Text string
	Item           int
	ByHand         bool
	Proposed       string // by this model, and nobody has accepted it
}

// draft makes the verbale of a session as it is now, with the approval that a later session gave it.
func (p *pages) draft(ctx context.Context, v *staff.Visit, m *meeting) (*drafting.Draft, error) {
	if err := m.lay(); err != nil {
		return nil, err
	}
	all, err := p.Store.Meetings(ctx, v.Tenant.Slug)
	if err != nil {
		return nil, err
	}
	slices.Reverse(all) // the first after this one approves it
	for i := range all {
		if all[i].Organ != m.Session.Organ || all[i].Day <= m.Session.Day {
			continue
		}
		next, err := readMeeting(&all[i])
		if err != nil {
			return nil, err
		}
		if a, ok := next.Session.Approves(); ok && a.Number != "" {
			m.Approval = a
			break
		}
	}
	return m.Draft(p.Library, p.Now())
}

// assess gives all that there is to look at before a verbale is final.
func (p *pages) assess(ctx context.Context, v *staff.Visit, m *meeting) (body verbaleBody, err error) {
	body = verbaleBody{meeting: m, PDF: export.Converter{}.Available()}
	if body.Draft, err = p.draft(ctx, v, m); err != nil {
		return body, err
	}
	body.Open, body.MayFinal = body.Draft.Open(), v.May(access.ApproveActs)
	if p.Phraser != nil {
		body.Phraser = p.Phraser.Name()
	}
	if p.Check != nil {
		if body.Findings, err = p.Check(ctx, body.Draft); err != nil {
			return body, err
		}
	}
	body.Findings = slices.DeleteFunc(body.Findings, func(f rule.Finding) bool { return f.Code == "verificare_aperto" }) // listed by themselves
	body.Problems = append(append([]minutes.Problem{}, m.State.Problems...), m.Material.Problems(m.State)...)
	body.Blocked = len(body.Open) > 0 || len(body.Draft.Unaccepted()) > 0 ||
		slices.ContainsFunc(body.Findings, func(f rule.Finding) bool { return f.Severity == rule.Blocks }) ||
		slices.ContainsFunc(body.Problems, func(x minutes.Problem) bool { return x.Severity == minutes.Blocks })
	return body, nil
}

func (p *pages) verbale(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	return p.drawVerbale(w, r, v, "")
}

// drawVerbale shows the verbale; reason is what was typed for an override.
func (p *pages) drawVerbale(w http.ResponseWriter, r *http.Request, v *staff.Visit, reason string) error {
	m, err := p.load(r, v)
	if err != nil {
		return err
	}
	body, err := p.assess(r.Context(), v, m)
	if err != nil {
		return err
	}
	body.Reason = reason
	if m.Session.Style != minutes.Decisions && m.Session.Style != minutes.Verbatim {
		for _, part := range m.Material.Parts {
			x := writable{Key: partKey(part), Item: part.Item, Who: m.Material.Transcript.Names[part.Voice]}
			if x.Who == "" {
				x.Who = part.Voice
			}
			var said []string
			for _, s := range part.Said {
				x.ByHand = x.ByHand || s.Origin == minutes.ByHand
				if s.Origin == minutes.Model {
					x.Proposed = part.Model
				}
				said = append(said, s.Text)
			}
			x.Text = strings.Join(said, " ")
			body.Writable = append(body.Writable, x)
		}
	}
	return v.Render(w, "verbale", v.L.T("minutes_verbale_title"), body)
}

// export gives the file with its manifest and its metadata, in a ZIP. A final one is refused while something blocks.
func (p *pages) export(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	format, err := staff.OneOf(r, "format", export.DOCX, export.ODT, export.PDF, export.Text)
	if err != nil {
		return err
	}
	if format == "" {
		format = export.DOCX
	}
	final, err := staff.Flag(r, "final")
	if err != nil {
		return err
	}
	m, err := p.load(r, v)
	if err != nil {
		return err
	}
	body, err := p.assess(r.Context(), v, m)
	if err != nil {
		return err
	}
	if final && body.Blocked {
		return fault.New(fault.Conflict, "not final: %d to verify, and %d problems of the diary; the page of the verbale lists them", len(body.Open), len(body.Problems))
	}
	return p.handOver(w, r, v, body, format, final, "")
}

// handOver writes the ZIP.
func (p *pages) handOver(w http.ResponseWriter, r *http.Request, v *staff.Visit, body verbaleBody, format export.Format, final bool, reason string) error {
	name := "verbale-" + body.Session.Organ + "-" + body.Session.Day
	files, err := p.files(r.Context(), v, body, name, format, final, reason)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, f := range files {
		x, err := z.CreateHeader(&zip.FileHeader{Name: f.name, Method: zip.Deflate, Modified: p.Now()})
		if err != nil {
			return fault.Wrap(fault.Internal, err, "export")
		}
		if _, err := x.Write(f.data); err != nil {
			return fault.Wrap(fault.Internal, err, "export")
		}
	}
	if err := z.Close(); err != nil {
		return fault.Wrap(fault.Internal, err, "export")
	}
	h := w.Header()
	h.Set("Content-Type", "application/zip")
	h.Set("Content-Disposition", `attachment; filename="`+name+`.zip"`)
	h.Set("Cache-Control", "no-store")
	_, _ = w.Write(b.Bytes()) // a reader that left is no error of ours
	return nil
}

type exported struct {
	name string
	data []byte
}

func (p *pages) files(ctx context.Context, v *staff.Visit, body verbaleBody, name string, format export.Format, final bool, reason string) ([]exported, error) {
	d := body.Draft
	look := export.Look{Body: d.Body(), Draft: !final, IPA: v.Tenant.IPA}
	var file []byte
	var err error
	switch format {
	case export.ODT:
		file, err = export.OpenFile(d, look)
	case export.PDF:
		file, err = export.Converter{}.PDFFile(ctx, d, look)
	case export.Text:
		file = []byte(d.Text())
	default:
		file, err = export.WordFile(d, look)
	}
	if err != nil {
		return nil, err
	}
	name += "." + string(format)
	manifest, err := export.Describe(d, name, file)
	if err != nil {
		return nil, err
	}
	manifest.Override = reason
	for _, part := range body.Material.Parts {
		if x := (export.Model{Name: part.Model}); part.Model != "" && !slices.Contains(manifest.Models, x) {
			manifest.Models = append(manifest.Models, x)
		}
	}
	manifest.Final, manifest.By, manifest.At, manifest.Tool = final, v.Actor(), p.Now().UTC().Truncate(time.Second), p.Tool
	for _, f := range body.Findings {
		manifest.Findings = append(manifest.Findings, string(f.Severity)+" "+f.Code)
	}
	key, err := p.Key()
	if err != nil {
		return nil, err
	}
	if err := manifest.Sign(key); err != nil {
		return nil, err
	}
	signed, err := json.MarshalIndent(manifest, "", "  ")
	if err != nil {
		return nil, fault.Wrap(fault.Internal, err, "manifest")
	}
	return []exported{{name, file}, {name + ".manifesto.json", append(signed, '\n')}, {name + ".metadati.xml", export.Sidecar(d, manifest, look)}}, nil
}
