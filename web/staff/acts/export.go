package acts

import (
	"context"
	"encoding/json"
	"mime"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"sportello/assistant/access"
	"sportello/assistant/drafting"
	"sportello/assistant/drafting/export"
	"sportello/assistant/drafting/workbench"
	"sportello/assistant/fault"
	"sportello/assistant/store"
	"sportello/web/staff"
)

// wanted is a file that somebody asks for.
type wanted struct {
	Format   export.Format
	Final    bool
	Obscured bool   // for publication, with personal data left out
	Reason   string // why it is made although something is open
}

// made is a file with its manifest.
type made struct {
	Name     string
	File     []byte
	Manifest []byte
	ID       string
}

var kinds = map[export.Format]string{
	export.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document", export.ODT: "application/vnd.oasis.opendocument.text",
	export.PDF: "application/pdf", export.Text: "text/plain; charset=utf-8", export.XML: "application/akn+xml",
}

// export hands a file over.
func (p *pages) export(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	return p.handOver(w, r, v, wanted{Format: export.Format(r.PostFormValue("format")), Final: r.PostFormValue("final") == "1", Obscured: r.PostFormValue("obscured") == "1"})
}

// exportOverriding hands a final file over although something is open, with the reason.
func (p *pages) exportOverriding(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	want := wanted{Format: export.Format(r.PostFormValue("format")), Final: true, Reason: typed(r.PostForm, "reason")}
	if want.Reason == "" {
		v.Status, v.Problem = http.StatusUnprocessableEntity, v.L.T("acts_problem_reason")
		return p.draw(w, r, v, "")
	}
	return p.handOver(w, r, v, want)
}

func (p *pages) handOver(w http.ResponseWriter, r *http.Request, v *staff.Visit, want wanted) error {
	file, err := p.make(r.Context(), v, r.PathValue("id"), want)
	switch code := fault.CodeOf(err); {
	case code == fault.Conflict:
		v.Status, v.Problem = http.StatusConflict, v.L.T("acts_problem_final")
		return p.draw(w, r, v, want.Reason)
	case code == fault.Unsupported || code == fault.Unavailable || code == fault.Timeout:
		v.Status, v.Problem = http.StatusServiceUnavailable, v.L.T("acts_problem_pdf")
		p.Log.Warn("no PDF of an act", "error", err)
		return p.draw(w, r, v, want.Reason)
	case code == fault.NoText:
		v.Status, v.Problem = http.StatusUnprocessableEntity, v.L.T("acts_problem_schema")
		return p.draw(w, r, v, want.Reason)
	case err != nil:
		return err
	}
	send(w, kinds[want.Format], file.Name, file.File)
	return nil
}

// send writes a file for keeping.
func send(w http.ResponseWriter, kind, name string, data []byte) {
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("Content-Length", strconv.Itoa(len(data)))
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	_, _ = w.Write(data) // a reader that left is no error of ours
}

// make makes a file of an act, with its manifest, and notes it.
func (p *pages) make(ctx context.Context, v *staff.Visit, id string, want wanted) (*made, error) {
	if kinds[want.Format] == "" {
		return nil, fault.New(fault.Invalid, "format = %q: one of docx, odt, pdf, txt, xml", want.Format)
	}
	if utf8.RuneCountInString(want.Reason) > mostReason {
		return nil, fault.New(fault.Invalid, "reason has at most %d characters", mostReason)
	}
	b, err := p.open(ctx, v, id)
	if err != nil {
		return nil, err
	}
	review, err := p.review(ctx, v, b.work)
	if err != nil {
		return nil, err
	}
	d := b.work.Draft
	d.State, d.Revision = drafting.State(b.act.State), b.act.Revision
	if want.Final {
		if b.act.State != store.ActApproved {
			return nil, fault.New(fault.Conflict, "not final: the act is not approved")
		}
		if want.Reason != "" && !v.May(access.ApproveActs) {
			return nil, fault.New(fault.Forbidden, "an override takes the right %q", access.ApproveActs)
		}
		if workbench.MayBeFinal(&d, review, "") == nil {
			want.Reason = "" // there is nothing to override
		}
		if err := workbench.MayBeFinal(&d, review, want.Reason); err != nil {
			return nil, err
		}
	}
	if want.Obscured {
		if d.Parts, err = obscured(&d); err != nil {
			return nil, err
		}
	}
	out := &made{ID: uuid.NewString()}
	look, err := p.look(ctx, v, &d, want.Final)
	if err != nil {
		return nil, err
	}
	if out.File, err = p.file(ctx, &d, want.Format, look); err != nil {
		return nil, err
	}
	out.Name = fileName(b.act, want)
	m, err := export.Describe(&d, out.Name, out.File)
	if err != nil {
		return nil, err
	}
	m.Final, m.Override, m.By, m.At, m.Tool = want.Final, want.Reason, by(v), p.Now().UTC().Truncate(time.Second), p.Tool
	for _, f := range review.Findings {
		m.Findings = append(m.Findings, string(f.Severity)+" "+f.Code)
	}
	for _, r := range review.References {
		m.Norms = append(m.Norms, r.Style+": "+string(r.Status))
	}
	for _, x := range b.work.Used {
		m.Models = append(m.Models, export.Model{Name: x.Name, SHA256: x.SHA256, Prompt: x.Prompt})
	}
	key, err := p.Key()
	if err != nil {
		return nil, err
	}
	if err := m.Sign(key); err != nil {
		return nil, err
	}
	if out.Manifest, err = json.MarshalIndent(m, "", "  "); err != nil {
		return nil, fault.Wrap(fault.Internal, err, "manifest")
	}
	return out, p.Store.AddActExport(ctx, v.Actor(), v.Tenant.Slug, id, store.ActExport{
		ID: out.ID, Revision: b.act.Revision, Format: string(want.Format), Final: want.Final, Reason: want.Reason, By: by(v), Manifest: out.Manifest, Metadata: export.Sidecar(&d, m, look),
	})
}

// mostReason is how long the reason of an override may be, in characters.
const mostReason = 500

// look is how the files of an act look, and whose they are.
func (p *pages) look(ctx context.Context, v *staff.Visit, d *drafting.Draft, final bool) (export.Look, error) {
	look := export.Look{Body: d.Body(), Draft: !final, IPA: v.Tenant.IPA}
	if look.Body == "" {
		look.Body = v.Tenant.Name
	}
	logo, ok, err := p.Store.Setting(ctx, v.Tenant.Slug, "page.logo")
	if err != nil {
		return look, err
	}
	if ok && logo.Value != "" {
		if look.CoatOfArms, err = p.Store.Picture(ctx, logo.Value); err != nil && fault.CodeOf(err) != fault.NotFound {
			return look, err
		}
	}
	return look, nil
}

func (p *pages) file(ctx context.Context, d *drafting.Draft, format export.Format, look export.Look) ([]byte, error) {
	switch format {
	case export.DOCX:
		return export.WordFile(d, look)
	case export.ODT:
		return export.OpenFile(d, look)
	case export.PDF:
		return p.PDF.PDFFile(ctx, d, look)
	case export.XML:
		schema, err := export.Schema(d)
		if err != nil {
			return nil, err
		}
		return export.AKN(schema, look.Body, p.Now())
	default:
		return []byte(d.Text()), nil
	}
}

var unsafe = regexp.MustCompile(`[^\p{L}\p{N}]+`)

// fileName names a file by the kind of act and its subject.
func fileName(a *store.Act, want wanted) string {
	name := strings.Trim(unsafe.ReplaceAllString(strings.ToLower(a.Template+" "+a.Title), "-"), "-")
	if r := []rune(name); len(r) > 60 {
		name = strings.TrimRight(string(r[:60]), "-")
	}
	if want.Obscured {
		name += "-oscurato"
	}
	if !want.Final {
		name += "-bozza"
	}
	return name + "." + string(want.Format)
}

// manifest hands over the manifest of a file that was made.
func (p *pages) manifest(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	x, name, err := p.exported(r.Context(), v, r.PathValue("id"), r.PathValue("export"))
	if err != nil {
		return err
	}
	send(w, "application/json", name+".manifesto.json", x.Manifest)
	return nil
}

// metadata hands over what the protocol system reads of a file that was made.
func (p *pages) metadata(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	x, name, err := p.exported(r.Context(), v, r.PathValue("id"), r.PathValue("export"))
	if err != nil {
		return err
	}
	if len(x.Metadata) == 0 {
		return fault.New(fault.NotFound, "%s was made before metadata were kept: make it again", name)
	}
	send(w, "application/octet-stream", name+".metadati.xml", x.Metadata)
	return nil
}

// exported gives what is kept of a file that was made, and its name.
func (p *pages) exported(ctx context.Context, v *staff.Visit, id, exported string) (x *store.ActExport, name string, err error) {
	all, err := p.Store.ActExports(ctx, v.Tenant.Slug, id)
	if err != nil {
		return nil, "", err
	}
	for i := range all {
		x := &all[i]
		if x.ID != exported {
			continue
		}
		var m export.Manifest
		if err := json.Unmarshal(x.Manifest, &m); err != nil {
			return nil, "", fault.Wrap(fault.Broken, err, "the manifest cannot be read")
		}
		return x, m.File, nil
	}
	return nil, "", fault.New(fault.NotFound, "there is no file %q of this act", exported)
}
