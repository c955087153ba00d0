package page

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"sportello/assistant/fault"
)

// Stream sends server-sent events.
type Stream struct {
	w       http.ResponseWriter
	control *http.ResponseController
}

// NewStream sends the headers of a stream of events. From then on errors can only be events.
func NewStream(w http.ResponseWriter) (*Stream, error) {
	h := w.Header()
	h.Set("Content-Type", "text/event-stream; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no") // a proxy that gathers the stream would undo it
	w.WriteHeader(http.StatusOK)
	s := &Stream{w: w, control: http.NewResponseController(w)}
	return s, s.flush()
}

// Send sends one event with data as JSON, which has no line breaks.
func (s *Stream) Send(event string, data any) error {
	text, err := json.Marshal(data)
	if err != nil {
		return fault.Wrap(fault.Internal, err, "event %s", event)
	}
	if event != "" {
		if _, err := fmt.Fprintf(s.w, "event: %s\n", event); err != nil {
			return err
		}
	}
	if _, err := fmt.Fprintf(s.w, "data: %s\n\n", text); err != nil {
		return err
	}
	return s.flush()
}

// Again tells the browser when to come back, when the stream has ended.
func (s *Stream) Again(after time.Duration) error {
	if _, err := fmt.Fprintf(s.w, "retry: %d\n\n", after.Milliseconds()); err != nil {
		return err
	}
	return s.flush()
}

// Raw sends a data line as it is: the [DONE] of the OpenAI protocol.
func (s *Stream) Raw(text string) error {
	if _, err := fmt.Fprintf(s.w, "data: %s\n\n", text); err != nil {
		return err
	}
	return s.flush()
}

func (s *Stream) flush() error {
	if err := s.control.Flush(); err != nil {
		return fault.Wrap(fault.Internal, err, "this connection cannot stream")
	}
	return nil
}
