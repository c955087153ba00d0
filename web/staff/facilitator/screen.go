package facilitator

import (
	"net/http"
	"strconv"

	"sportello/assistant/fault"
	"sportello/web/staff"
)

// screen is the page to turn towards the person: one answer, in the person's language, in big type. Without ?turn= it is the newest.
func (p *pages) screen(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	one, err := p.open(r, v)
	if err != nil {
		return err
	}
	book, err := p.glossary(r.Context(), v.Tenant.Slug)
	if err != nil {
		return err
	}
	l := p.in(one.Language)
	if len(one.Turns) == 0 {
		return v.Alone(w, "screen", l.T("screen_title"), one.Language, turnView{Visit: one.ID, L: l, It: p.in("it")})
	}
	shown := one.Turns[len(one.Turns)-1]
	if asked := r.URL.Query().Get("turn"); asked != "" {
		found := false
		for _, t := range one.Turns {
			if strconv.Itoa(t.Number) == asked {
				shown, found = t, true
			}
		}
		if !found {
			return fault.New(fault.NotFound, "the visit has no question %q", asked)
		}
	}
	return v.Alone(w, "screen", l.T("screen_title"), one.Language, p.view(v, one, shown, book))
}
