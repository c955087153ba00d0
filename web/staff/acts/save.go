package acts

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"

	"sportello/assistant/drafting"
	"sportello/assistant/drafting/workbench"
	"sportello/assistant/fault"
	"sportello/assistant/store"
	"sportello/web/staff"
)

// Headers between the page's script and the server.
const (
	autosave       = "X-Autosave"      // the script sends what is typed
	revisionHeader = "X-Act-Revision"  // what the act is at now
	fieldsHeader   = "X-Act-Fields"    // fields that somebody else changed meanwhile, form-encoded
	partHeader     = "X-Act-Part-Also" // "1": somebody else changed the part too, and both are in it now
)

// revisionOf reads the revision that a form was made from.
func revisionOf(r *http.Request) (int, error) {
	n, err := strconv.Atoi(r.PostFormValue("revision"))
	if err != nil || n < 1 {
		return 0, fault.New(fault.Invalid, "the form does not say which revision it is of")
	}
	return n, nil
}

// saveFields takes the guided form.
func (p *pages) saveFields(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	revision, err := revisionOf(r)
	if err != nil {
		return err
	}
	b, err := p.open(r.Context(), v, r.PathValue("id"))
	if err != nil {
		return err
	}
	return p.save(w, r, v, revision, workbench.Change{Facts: readFacts(b.template, r.PostForm), By: by(v)})
}

// savePart takes the text of a part.
func (p *pages) savePart(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	revision, err := revisionOf(r)
	if err != nil {
		return err
	}
	return p.save(w, r, v, revision, workbench.Change{Part: r.PathValue("part"), Text: typed(r.PostForm, "text"), By: by(v)})
}

// save makes a change, and answers with the page, the pieces of it that the script asked for, or the two changes beside each other.
func (p *pages) save(w http.ResponseWriter, r *http.Request, v *staff.Visit, revision int, c workbench.Change) error {
	id := r.PathValue("id")
	done, err := p.apply(r.Context(), v, id, revision, c)
	if err != nil {
		return err
	}
	if len(done.conflicts) > 0 {
		return p.showMerge(w, r, v, done, c)
	}
	if r.Header.Get(autosave) == "" {
		to := v.URL("acts/"+id, "settled", settled(c.Part))
		if c.Facts == nil {
			to += "#p-" + c.Part
		}
		return v.Done(w, r, to, "acts_done_saved")
	}
	h := w.Header()
	h.Set(revisionHeader, strconv.Itoa(done.revision))
	if done.also {
		h.Set(fieldsHeader, done.fields.Encode())
		if c.Facts == nil {
			h.Set(partHeader, "1")
		}
	}
	body, err := p.body(r.Context(), v, id, r.Header.Get("X-Editing"))
	if err != nil {
		return err
	}
	return v.Fragment(w, "act-live", body)
}

// settled names the form that a change came from, as acts.js knows it.
func settled(part string) string {
	if part == "" {
		return "fields"
	}
	return part
}

// applied is what became of a change.
type applied struct {
	revision  int
	also      bool       // somebody else had changed the act too, and both changes are in it
	fields    url.Values // of the others' changes
	conflicts []workbench.Conflict
	present   *bench
}

// apply puts a change that was made to a revision onto the act as it is.
func (p *pages) apply(ctx context.Context, v *staff.Visit, id string, revision int, c workbench.Change) (*applied, error) {
	for range tries {
		b, err := p.open(ctx, v, id)
		if err != nil {
			return nil, err
		}
		if b.act.State == store.ActApproved {
			return nil, errApproved
		}
		base := b.work
		if revision != b.act.Revision {
			if base, err = p.at(ctx, v, id, revision); err != nil {
				return nil, err
			}
		}
		w, conflicts, err := c.Apply(b.library, base, b.work)
		if err != nil {
			return nil, err
		}
		done := &applied{conflicts: conflicts, present: b, also: revision != b.act.Revision}
		if len(conflicts) > 0 {
			return done, nil
		}
		what := "part"
		if c.Facts != nil {
			what = "fields"
		}
		done.revision, err = p.keep(ctx, v, b, w, what, 0)
		if fault.CodeOf(err) == fault.Conflict {
			continue // somebody was faster: their change is looked at too
		}
		if err != nil {
			return nil, err
		}
		if done.also {
			done.fields = others(b.template, base, w)
		}
		return done, nil
	}
	return nil, fault.New(fault.Conflict, "the act is being changed by others again and again: try once more")
}

// at gives what an act was at a revision; nil when that is no longer kept.
func (p *pages) at(ctx context.Context, v *staff.Visit, id string, revision int) (*workbench.Work, error) {
	old, err := p.Store.ActRevision(ctx, v.Tenant.Slug, id, revision)
	if fault.CodeOf(err) == fault.NotFound {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return workbench.Read(old.Content)
}

// others gives the fields that differ from those that the page was made from, as its form has them.
func others(t *drafting.Template, base, now *workbench.Work) url.Values {
	out := url.Values{}
	var add func(in input)
	add = func(in input) {
		if len(in.Inner) == 0 {
			out.Set(in.Name, in.Value)
			return
		}
		for _, r := range in.Rows {
			for _, x := range r.Inputs {
				add(x)
			}
		}
	}
	for _, f := range t.Fields {
		if base == nil || asJSON(base.Facts[f.Name]) != asJSON(now.Facts[f.Name]) {
			add(inputOf(f, f.Name, now.Facts[f.Name], nil))
		}
	}
	return out
}

func asJSON(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		return ""
	}
	return string(text)
}

// mergeBody is two changes beside each other.
type mergeBody struct {
	*store.Act
	Conflicts []conflict
	Mine      string // JSON of all that was sent
	Base      int
	Part      string
	Present   int
	Settled   string // the form that is given up
}

type conflict struct {
	workbench.Conflict
	Name string
}

// sent is what a person sent, kept in the page that shows the conflict.
type sent struct {
	Facts map[string]any `json:"facts,omitempty"`
	Part  string         `json:"part,omitempty"`
	Text  string         `json:"text,omitempty"`
}

// showMerge shows what two people wrote differently: nothing was saved of it, nothing is lost.
func (p *pages) showMerge(w http.ResponseWriter, r *http.Request, v *staff.Visit, done *applied, c workbench.Change) error {
	v.Status = http.StatusConflict
	if r.Header.Get(autosave) != "" {
		return v.Fragment(w, "act-conflict", done.present.act)
	}
	base, err := revisionOf(r)
	if err != nil {
		return err
	}
	body := mergeBody{Act: done.present.act, Mine: asJSON(sent{c.Facts, c.Part, c.Text}), Base: base, Part: c.Part, Present: done.present.act.Revision, Settled: settled(c.Part)}
	for _, x := range done.conflicts {
		name := x.Field
		if name == "" {
			name = "part"
		}
		body.Conflicts = append(body.Conflicts, conflict{x, name})
	}
	return v.Render(w, "merge", v.L.T("acts_merge_title"), body)
}

// merge takes what a person chose where two had changed the same. The rest of what they sent goes onto the act as it is.
func (p *pages) merge(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	ctx, id := r.Context(), r.PathValue("id")
	base, err := revisionOf(r)
	if err != nil {
		return err
	}
	seen, err := strconv.Atoi(r.PostFormValue("present"))
	if err != nil {
		return fault.New(fault.Invalid, "the form does not say what it was compared with")
	}
	var mine sent
	if err := json.Unmarshal([]byte(r.PostFormValue("mine")), &mine); err != nil {
		return fault.Wrap(fault.Invalid, err, "what was written cannot be read")
	}
	if mine.Part != "" {
		text := typed(r.PostForm, "text")
		r.PostForm.Set("revision", strconv.Itoa(seen))
		return p.save(w, r, v, seen, workbench.Change{Part: mine.Part, Text: text, By: by(v)})
	}
	was, err := p.at(ctx, v, id, base)
	if err != nil {
		return err
	}
	theirs, err := p.at(ctx, v, id, seen)
	if err != nil {
		return err
	}
	b, err := p.open(ctx, v, id)
	if err != nil {
		return err
	}
	if theirs == nil {
		theirs = b.work
	}
	facts := map[string]any{}
	for _, f := range b.template.Fields {
		value := theirs.Facts[f.Name]
		changed := was == nil || asJSON(mine.Facts[f.Name]) != asJSON(was.Facts[f.Name])
		choice := r.PostFormValue("choose." + f.Name)
		if choice == "mine" || choice == "" && changed && was != nil && asJSON(was.Facts[f.Name]) == asJSON(value) {
			value = mine.Facts[f.Name]
		}
		if value != nil {
			facts[f.Name] = value
		}
	}
	r.PostForm.Set("revision", strconv.Itoa(seen))
	return p.save(w, r, v, seen, workbench.Change{Facts: facts, By: by(v)})
}

// reset takes a part back to what the template says.
func (p *pages) reset(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	part := r.PathValue("part")
	if _, err := p.resetPart(r.Context(), v, r.PathValue("id"), part); err != nil {
		return err
	}
	return v.Done(w, r, v.URL("acts/"+r.PathValue("id"))+"#p-"+part, "acts_done_reset")
}

func (p *pages) resetPart(ctx context.Context, v *staff.Visit, id, part string) (int, error) {
	return p.edit(ctx, v, id, "reset", func(b *bench, w *workbench.Work) error {
		if w.Part(part) == nil {
			return fault.New(fault.NotFound, "the act has no part %q", part)
		}
		return w.Reset(b.library, part)
	})
}
