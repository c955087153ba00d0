package minutes

import (
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"sportello/assistant/access"
	"sportello/assistant/drafting/export"
	"sportello/assistant/fault"
	"sportello/assistant/store"
	"sportello/web/staff"
)

// mostReason is how long the reason of an override may be, in characters.
const mostReason = 500

// final hands the final file over although something blocks it, with the reason, as somebody may who approves acts.
func (p *pages) final(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	reason := strings.TrimSpace(strings.ReplaceAll(r.PostFormValue("reason"), "\r\n", "\n"))
	err := p.override(w, r, v, export.Format(r.PostFormValue("format")), reason)
	switch fault.CodeOf(err) {
	case fault.Invalid:
		v.Status, v.Problem = http.StatusUnprocessableEntity, v.L.T("minutes_problem_reason")
	case fault.Conflict:
		v.Status, v.Problem = http.StatusConflict, v.L.T("minutes_problem_unaccepted")
	default:
		return err
	}
	return p.drawVerbale(w, r, v, reason)
}

// override makes the file. The words of a model that nobody accepted stay an obstacle, whatever the reason.
func (p *pages) override(w http.ResponseWriter, r *http.Request, v *staff.Visit, format export.Format, reason string) error {
	if !v.May(access.ApproveActs) {
		return fault.New(fault.Forbidden, "an override takes the right %q", access.ApproveActs)
	}
	if n := utf8.RuneCountInString(reason); n < 1 || n > mostReason {
		return fault.New(fault.Invalid, "reason has 1 to %d characters", mostReason)
	}
	if !slices.Contains([]export.Format{export.DOCX, export.ODT, export.PDF, export.Text}, format) {
		return fault.New(fault.Invalid, "format = %q: one of docx, odt, pdf, txt", format)
	}
	m, err := p.load(r, v)
	if err != nil {
		return err
	}
	body, err := p.assess(r.Context(), v, m)
	if err != nil {
		return err
	}
	if len(body.Draft.Unaccepted()) > 0 {
		return fault.New(fault.Conflict, "not final: nobody has accepted what a model wrote of the discussion")
	}
	if !body.Blocked {
		reason = "" // there is nothing to override
	} else if err := p.Store.Note(r.Context(), store.AuditEntry{Actor: v.Actor(), Action: "meeting.override", Tenant: v.Tenant.Slug, Object: m.ID, Note: reason}); err != nil {
		return err
	}
	return p.handOver(w, r, v, body, format, true, reason)
}

func (p *pages) apiFinal(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	var in struct {
		Format export.Format `json:"format"`
		Reason string        `json:"reason"`
	}
	if err := staff.ReadJSON(r, &in); err != nil {
		return err
	}
	return p.override(w, r, v, in.Format, in.Reason)
}
