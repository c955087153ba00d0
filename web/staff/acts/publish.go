package acts

import (
	"net/http"
	"slices"
	"strings"

	"sportello/assistant/drafting"
	"sportello/assistant/drafting/rule"
	"sportello/assistant/fault"
	"sportello/assistant/store"
	"sportello/web/staff"
)

// obscured gives the parts of a draft with personal data left out, as the whole text is read: a name is known by what stands around it.
func obscured(d *drafting.Draft) ([]drafting.Part, error) {
	before := strings.Split(strings.TrimRight(d.Text(), "\n"), "\n")
	after := strings.Split(strings.TrimRight(rule.Obscured(d.Text()), "\n"), "\n")
	if len(before) != len(after) {
		return nil, fault.New(fault.Internal, "the text for publication has %d lines, not %d", len(after), len(before))
	}
	out := make([]drafting.Part, len(d.Parts))
	at := 0
	for i, part := range d.Parts {
		out[i] = part
		out[i].Paragraphs = slices.Clone(part.Paragraphs)
		for j, p := range part.Paragraphs {
			if before[at] != after[at] {
				text := strings.TrimPrefix(after[at], sign(p))
				if p.Layout == drafting.Row {
					text = "| " + text + " |"
				}
				out[i].Paragraphs[j].Pieces = []drafting.Piece{{Text: text, Origin: drafting.FromTemplate}}
			}
			at++
		}
		if len(part.Paragraphs) > 0 {
			at++
		}
	}
	return out, nil
}

// sign is what a line of text begins with because of its layout.
func sign(p drafting.Paragraph) string {
	if p.Layout == drafting.Row {
		return ""
	}
	return strings.TrimSuffix(p.Line(), p.Text())
}

// beside is a line of the act and of the text for publication.
type beside struct {
	Before, After string
	Differs       bool
}

type publishBody struct {
	*store.Act
	Lines    []beside
	Differs  int
	Findings []rule.Finding
	PDF      bool
}

// publish shows the text for publication beside the act.
func (p *pages) publish(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	b, err := p.open(r.Context(), v, r.PathValue("id"))
	if err != nil {
		return err
	}
	review, err := p.review(r.Context(), v, b.work)
	if err != nil {
		return err
	}
	body := publishBody{Act: b.act, PDF: p.PDF.Available()}
	body.Lines, body.Differs = sideBySide(&b.work.Draft)
	for _, f := range review.Findings {
		if strings.HasPrefix(f.Code, "privacy_") {
			body.Findings = append(body.Findings, f)
		}
	}
	return v.Render(w, "publish", v.L.T("acts_publish_title"), body)
}

func sideBySide(d *drafting.Draft) (lines []beside, differs int) {
	before := strings.Split(strings.TrimRight(d.Text(), "\n"), "\n")
	after := strings.Split(strings.TrimRight(rule.Obscured(d.Text()), "\n"), "\n")
	for i := range before {
		if before[i] == "" {
			continue
		}
		l := beside{Before: before[i]}
		if i < len(after) {
			l.After = after[i]
		}
		if l.Differs = l.Before != l.After; l.Differs {
			differs++
		}
		lines = append(lines, l)
	}
	return lines, differs
}
