package documents

import (
	"net/http"
	"time"

	"sportello/web/page"
	"sportello/web/staff"
)

const (
	// eventsFor is how long one stream goes on: less than a server that stops waits for, and who may no longer see an upload sees no more
	// of it. A browser comes again by itself.
	eventsFor = 8 * time.Second
	// eventsEvery is how often a job is looked at: another process may be doing it, so nobody tells.
	eventsEvery = 400 * time.Millisecond
	// eventsAgain is when a browser comes again.
	eventsAgain = 300 * time.Millisecond
)

// events sends the piece of the page that shows the progress, whenever there is some: the event `progress` with the HTML, as JSON. The
// last one asks for nothing more.
func (p *pages) events(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	if _, err := p.store.Job(r.Context(), v.Tenant.Slug, r.PathValue("id")); err != nil { // while there is a status to say it with
		return err
	}
	s, err := page.NewStream(w)
	if err != nil {
		return err
	}
	if err := s.Again(eventsAgain); err != nil {
		return err
	}
	tick, end := time.NewTicker(eventsEvery), time.NewTimer(eventsFor)
	defer tick.Stop()
	defer end.Stop()
	type stage struct {
		state               string
		files, done, failed int
	}
	var last stage
	for {
		j, err := p.store.Job(r.Context(), v.Tenant.Slug, r.PathValue("id"))
		if err != nil {
			return err
		}
		if now := (stage{string(j.State), j.Files, j.Done, j.Failed}); now != last {
			last = now
			body, err := p.jobBody(r, v)
			if err != nil {
				return err
			}
			html, err := v.Bit("progress", body)
			if err != nil {
				return err
			}
			if err := s.Send("progress", html); err != nil || body.Ended() {
				return err
			}
		}
		select {
		case <-r.Context().Done():
			return nil // the page was closed
		case <-end.C:
			return nil
		case <-tick.C:
		}
	}
}
