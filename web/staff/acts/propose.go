package acts

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"sportello/assistant/drafting"
	"sportello/assistant/drafting/workbench"
	"sportello/assistant/fault"
	"sportello/prompts"
	"sportello/web/staff"
)

// propose has a model phrase a part: what it writes is marked until somebody accepts it.
func (p *pages) propose(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	id, part := r.PathValue("id"), r.PathValue("part")
	after, err := strconv.Atoi(r.PostFormValue("after"))
	if err != nil {
		after = -1 // at the end
	}
	_, err = p.proposePart(r.Context(), v, id, part, after)
	switch code := fault.CodeOf(err); {
	case code == fault.Unsupported || code == fault.Unavailable || code == fault.Timeout:
		p.Log.Warn("no proposal of a model", "error", err)
		v.Status, v.Problem = http.StatusServiceUnavailable, v.L.T("acts_problem_model")
		return p.draw(w, r, v, "")
	case err != nil:
		return err
	}
	return v.Done(w, r, v.URL("acts/"+id)+"#p-"+part, "acts_done_proposed")
}

// proposePart asks the model, and puts what it wrote into the act as it is then.
func (p *pages) proposePart(ctx context.Context, v *staff.Visit, id, part string, after int) (int, error) {
	b, err := p.open(ctx, v, id)
	if err != nil {
		return 0, err
	}
	if b.work.Part(part) == nil {
		return 0, fault.New(fault.NotFound, "the act has no part %q", part)
	}
	i := slices.IndexFunc(b.template.Prompts, func(x drafting.Prompt) bool { return x.Part == part })
	if i < 0 {
		return 0, fault.New(fault.Conflict, "the template does not say what a model should write in %q", part)
	}
	if p.Writer == nil {
		return 0, fault.New(fault.Unsupported, "no chat model is configured: see chat.model and chat.address")
	}
	in := prompts.PartInput{Act: b.work.Draft.Title, Part: b.work.Part(part).Title, Instruction: b.template.Prompts[i].Text}
	for _, f := range b.template.Fields {
		if s := strings.TrimSpace(written(b.work.Facts[f.Name])); s != "" && f.Kind != drafting.ListField {
			in.Facts = append(in.Facts, prompts.Fact{Label: f.Label, Value: s})
		}
	}
	messages, err := prompts.Part(in)
	if err != nil {
		return 0, fault.Wrap(fault.Internal, err, "the prompt could not be written")
	}
	asking, cancel := context.WithTimeout(ctx, p.Within)
	defer cancel()
	said, whole, err := p.Writer.Phrase(asking, messages)
	if err != nil && said == "" {
		return 0, fault.Wrap(fault.Unavailable, err, "the chat model gave no answer")
	}
	// A weak model says its instructions over: that is no proposal.
	paragraphs := slices.DeleteFunc(workbench.Said(said, whole && err == nil), func(text string) bool {
		return slices.ContainsFunc(messages, func(m prompts.Message) bool { return strings.Contains(m.Text, text) })
	})
	model := workbench.Model{Name: p.Writer.Name(), SHA256: p.WriterSHA256, Prompt: prompts.PartVersion, Part: part}
	return p.edit(ctx, v, id, "proposed", func(_ *bench, w *workbench.Work) error {
		return w.Propose(model, after, paragraphs)
	})
}

// accept takes what a model wrote for the words of who read it.
func (p *pages) accept(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	return p.judge(w, r, v, "accepted", "acts_done_accepted")
}

// refuse takes it out.
func (p *pages) refuse(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	return p.judge(w, r, v, "refused", "acts_done_refused")
}

func (p *pages) judge(w http.ResponseWriter, r *http.Request, v *staff.Visit, what, message string) error {
	revision, err := revisionOf(r)
	if err != nil {
		return err
	}
	id, part := r.PathValue("id"), r.PathValue("part")
	if _, err := p.judged(r.Context(), v, id, part, revision, what); err != nil {
		return err
	}
	return v.Done(w, r, v.URL("acts/"+id)+"#p-"+part, message)
}

// judged accepts or refuses what a person saw at a revision: nobody accepts what they have not read.
func (p *pages) judged(ctx context.Context, v *staff.Visit, id, part string, revision int, what string) (int, error) {
	return p.edit(ctx, v, id, what, func(b *bench, w *workbench.Work) error {
		if b.act.Revision != revision {
			return fault.New(fault.Conflict, "the act was changed meanwhile by %s: it is at revision %d, not %d", b.act.ChangedBy, b.act.Revision, revision)
		}
		if what == "accepted" {
			return w.Accept(part, by(v))
		}
		return w.Refuse(part)
	})
}
