package store

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sportello/assistant/fault"
)

// An act keeps every content; who is late is told and overwrites nothing; what is approved does not change.
func testAct(t *testing.T, s *Store) {
	ctx := t.Context()
	comune(t, s, "avella")
	id := must[string](t)(s.AddAct(ctx, "person:1", Act{Tenant: "avella", Template: "lettera", Family: "lettera", Title: "Risposta", AuthorName: "Anna", Content: []byte(`{"n":1}`)}))
	change := func(revision int, content, what string, restores int) (int, error) {
		return s.SaveAct(ctx, ActChange{Tenant: "avella", ID: id, Revision: revision, Title: "Risposta all'istanza", Content: []byte(content), What: what, Restores: restores, ByName: "Bruno"})
	}
	if n := must[int](t)(change(1, `{"n":2}`, "fields", 0)); n != 2 {
		t.Errorf("revision %d", n)
	}
	_, err := change(1, `{"n":3}`, "fields", 0)
	wantCode(t, err, fault.Conflict)
	if err == nil || !strings.Contains(err.Error(), "Bruno") {
		t.Errorf("who was first is not said: %v", err)
	}
	must[int](t)(change(2, `{"n":1}`, "undo", 1))
	a := must[*Act](t)(s.Act(ctx, "avella", id))
	if a.Revision != 3 || string(a.Content) != `{"n":1}` || a.ChangedBy != "Bruno" || a.Title != "Risposta all'istanza" || a.AuthorName != "Anna" {
		t.Errorf("the act is %+v", a)
	}
	var what []string
	for _, r := range must[[]ActRevision](t)(s.ActRevisions(ctx, "avella", id)) {
		what = append(what, r.What)
	}
	if diff := cmp.Diff([]string{"undo", "fields", "made"}, what); diff != "" {
		t.Errorf("revisions:\n%s", diff)
	}
	if r := must[*ActRevision](t)(s.ActRevision(ctx, "avella", id, 2)); string(r.Content) != `{"n":2}` {
		t.Errorf("revision 2 is %s", r.Content)
	}
	_, err = s.ActRevision(ctx, "avella", id, 9)
	wantCode(t, err, fault.NotFound)
	_, err = s.Act(ctx, "altro", id)
	wantCode(t, err, fault.NotFound)

	list, total, err := s.Acts(ctx, "avella", ActFilter{Text: "ISTANZA", State: ActDraft})
	if ok(t, err); total != 1 || len(list) != 1 || list[0].Content != nil {
		t.Errorf("found %d %+v", total, list)
	}
	if _, total, err = s.Acts(ctx, "avella", ActFilter{Family: "determina"}); err != nil || total != 0 {
		t.Errorf("another family: %d %v", total, err)
	}

	wantCode(t, s.SetActState(ctx, "person:1", "avella", id, 2, ActApproved, "Carla"), fault.Conflict)
	ok(t, s.SetActState(ctx, "person:1", "avella", id, 3, ActInReview, "Bruno"))
	ok(t, s.SetActState(ctx, "person:1", "avella", id, 3, ActApproved, "Carla"))
	a = must[*Act](t)(s.Act(ctx, "avella", id))
	if a.State != ActApproved || a.ReviewBy != "Bruno" || a.ApprovedBy != "Carla" || a.ApprovedAt.IsZero() {
		t.Errorf("approved: %+v", a)
	}
	_, err = change(3, `{}`, "fields", 0)
	wantCode(t, err, fault.Conflict)
	wantCode(t, s.DropAct(ctx, "person:1", "avella", id), fault.Conflict)
	ok(t, s.SetActState(ctx, "person:1", "avella", id, 3, ActDraft, "Carla"))
	if a = must[*Act](t)(s.Act(ctx, "avella", id)); a.ReviewBy != "" || !a.ApprovedAt.IsZero() {
		t.Errorf("a draft again: %+v", a)
	}

	comment := must[string](t)(s.AddActComment(ctx, "avella", id, ActComment{Part: "premesse", Text: "Manca la data", By: "Carla"}))
	ok(t, s.ResolveActComment(ctx, "avella", id, comment, "Anna"))
	wantCode(t, s.ResolveActComment(ctx, "avella", id, comment, "Anna"), fault.NotFound)
	if c := must[[]ActComment](t)(s.ActComments(ctx, "avella", id)); len(c) != 1 || c[0].ResolvedBy != "Anna" || c[0].Text != "Manca la data" {
		t.Errorf("comments %+v", c)
	}
	ok(t, s.AddActExport(ctx, "person:3", "avella", id, ActExport{ID: "x", Revision: 3, Format: "docx", Final: true, Reason: "urgenza", By: "Carla", Manifest: []byte(`{"file":"a"}`)}))
	if x := must[[]ActExport](t)(s.ActExports(ctx, "avella", id)); len(x) != 1 || !x[0].Final || x[0].Reason != "urgenza" || string(x[0].Manifest) != `{"file":"a"}` {
		t.Errorf("exports %+v", x)
	}
	var audited []string
	for _, e := range must[[]AuditEntry](t)(s.Audit(ctx, AuditFilter{Tenants: []string{"avella"}})) {
		if strings.HasPrefix(e.Action, "act.") {
			audited = append(audited, e.Action+" "+e.Note)
		}
	}
	if diff := cmp.Diff([]string{"act.override urgenza", "act.export docx final", "act.state draft", "act.state approved", "act.state in_review", "act.add lettera"}, audited); diff != "" {
		t.Errorf("audited:\n%s", diff)
	}
	ok(t, s.DropAct(ctx, "person:1", "avella", id))
	_, err = s.Act(ctx, "avella", id)
	wantCode(t, err, fault.NotFound)
}

// Templates have versions, and the last one counts.
func testActTemplate(t *testing.T, s *Store) {
	ctx := t.Context()
	comune(t, s, "avella")
	for i, what := range []string{"copied", "changed", "withdrawn"} {
		text := "modello " + what
		if what == "withdrawn" {
			text = ""
		}
		if n := must[int](t)(s.PutActTemplate(ctx, "person:1", "avella", ActTemplate{Name: "lettera", Text: text, What: what, By: "Anna"})); n != i+1 {
			t.Errorf("%s is version %d", what, n)
		}
	}
	last := must[[]ActTemplate](t)(s.ActTemplates(ctx, "avella"))
	if len(last) != 1 || last[0].Version != 3 || last[0].Text != "" {
		t.Errorf("last %+v", last)
	}
	if v := must[*ActTemplate](t)(s.ActTemplateVersion(ctx, "avella", "lettera", 2)); v.Text != "modello changed" || v.By != "Anna" {
		t.Errorf("version 2 is %+v", v)
	}
	_, err := s.ActTemplateVersion(ctx, "avella", "lettera", 7)
	wantCode(t, err, fault.NotFound)
}
