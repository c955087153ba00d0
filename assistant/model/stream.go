package model

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"unicode/utf8"

	"sportello/assistant/fault"
)

// checkStream wraps the event stream of a chat so that langchaingo reads it to its declared end or gets an error. That library
// takes an error event, a broken event or a connection that ends early for the end of the answer, and fails on lines over
// 64 KB; here each event is read, judged and handed on as a small one.
func checkStream(resp *http.Response, c *call) (*http.Response, error) {
	if strings.Contains(resp.Header.Get("Content-Type"), "application/json") {
		return wholeAnswer(resp, c)
	}
	resp.Body = &stream{src: resp.Body, lines: bufio.NewReaderSize(resp.Body, 1<<16), call: c, host: resp.Request.URL.Host}
	resp.ContentLength = -1
	return resp, nil
}

// event is what is read of a server's event, and what is handed on.
type event struct {
	Choices []eventChoice   `json:"choices"`
	Error   json.RawMessage `json:"error,omitempty"`
	Usage   *usageReport    `json:"usage,omitempty"`
}

type eventChoice struct {
	Delta        eventText `json:"delta"`
	Message      eventText `json:"message,omitzero"` // of a server that does not stream
	FinishReason *string   `json:"finish_reason"`
}

type eventText struct {
	Content string `json:"content,omitempty"`
}

const (
	maxEvent = 4 << 20
	maxPiece = 16 << 10 // langchaingo's scanner stops at 64 KB; JSON may triple a text
)

// stream reads server-sent events and gives them again, checked. It keeps its first error.
type stream struct {
	src     io.ReadCloser
	lines   *bufio.Reader
	call    *call
	host    string
	out     bytes.Buffer
	err     error
	isError bool // the event under way is named error
}

func (s *stream) Close() error { return s.src.Close() }

func (s *stream) Read(p []byte) (int, error) {
	for s.out.Len() == 0 {
		if s.err != nil {
			return 0, s.err
		}
		if s.err = s.next(); s.err != nil && s.err != io.EOF { //nolint:errorlint // the end is a bare io.EOF; wrapped in an error it is a failure
			s.call.fail(s.err)
		}
	}
	return s.out.Read(p)
}

// next reads a line. io.EOF means the end that the server declared.
func (s *stream) next() error {
	line, err := s.line()
	if err != nil {
		if err != io.EOF { //nolint:errorlint // the end is a bare io.EOF; wrapped in an error it is a failure
			return err
		}
		if s.call.finish == "" {
			return fault.New(fault.Unavailable, "the model server %s ended the answer before it was complete", s.host)
		}
		return s.done() // some servers leave out [DONE]; the model did say that it had finished
	}
	name, value, _ := strings.Cut(line, ":")
	value = strings.TrimSpace(value)
	switch {
	case line == "":
		s.isError = false
	case name == "event":
		s.isError = value == "error"
	case name == "error", name == "data" && s.isError:
		return s.failed(errorMessage([]byte(value)))
	case name == "data" && value == "[DONE]":
		if s.call.finish == "" {
			return fault.New(fault.Unavailable, "the model server %s closed the answer without saying why the model stopped", s.host)
		}
		return s.done()
	case name == "data" && value != "":
		return s.event(value)
	}
	return nil // comments, ids, other events
}

func (s *stream) done() error {
	s.out.WriteString("data: [DONE]\n\n")
	return io.EOF
}

func (s *stream) failed(msg string) error {
	return fault.Wrap(fault.Unavailable, errors.New(strings.ToValidUTF8(msg[:min(len(msg), maxMessage)], "")), "the model server %s failed while it answered", s.host)
}

// line reads up to a line feed.
func (s *stream) line() (string, error) {
	var b []byte
	for {
		part, err := s.lines.ReadSlice('\n')
		b = append(b, part...)
		if len(b) > maxEvent {
			return "", fault.New(fault.TooLarge, "the model server %s sent an event over 4 MiB", s.host)
		}
		switch {
		case err == nil, err == io.EOF && len(b) > 0:
			return strings.TrimRight(string(b), "\r\n"), nil
		case !errors.Is(err, bufio.ErrBufferFull):
			return "", err
		}
	}
}

func (s *stream) event(value string) error {
	var e event
	if err := json.Unmarshal([]byte(value), &e); err != nil {
		return fault.Wrap(fault.Unavailable, err, "the model server %s sent an event that cannot be read", s.host)
	}
	if len(e.Error) > 0 && string(e.Error) != "null" {
		return s.failed(errorMessage([]byte(value)))
	}
	if e.Usage != nil {
		s.call.usage = e.Usage
	}
	if len(e.Choices) == 0 {
		return nil
	}
	return s.hand(e.Choices[0])
}

// hand gives a choice on, its text in pieces that fit langchaingo's lines.
func (s *stream) hand(c eventChoice) error {
	text := c.Delta.Content
	for len(text) > 0 {
		n := min(len(text), maxPiece)
		for n < len(text) && n > 0 && !utf8.RuneStart(text[n]) {
			n--
		}
		if err := s.write(eventChoice{Delta: eventText{Content: text[:n]}}); err != nil {
			return err
		}
		text = text[n:]
	}
	if c.FinishReason == nil || *c.FinishReason == "" {
		return nil
	}
	s.call.finish = *c.FinishReason
	return s.write(eventChoice{FinishReason: c.FinishReason})
}

func (s *stream) write(c eventChoice) error {
	b, err := json.Marshal(event{Choices: []eventChoice{c}})
	if err != nil {
		return fault.Wrap(fault.Internal, err, "an event could not be written")
	}
	s.out.WriteString("data: ")
	s.out.Write(b)
	s.out.WriteString("\n\n")
	return nil
}

// wholeAnswer makes a stream of the answer of a server that was asked to stream and did not.
func wholeAnswer(resp *http.Response, c *call) (*http.Response, error) {
	s := &stream{src: resp.Body, call: c, host: resp.Request.URL.Host, err: io.EOF}
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, err
	}
	var e event
	switch err := json.Unmarshal(b, &e); {
	case err != nil:
		return nil, fault.Wrap(fault.Unavailable, err, "the model server %s sent an answer that cannot be read", s.host)
	case len(e.Error) > 0 && string(e.Error) != "null":
		return nil, s.failed(errorMessage(b))
	case len(e.Choices) == 0:
		return nil, fault.New(fault.Unavailable, "the model server %s sent an answer without a choice", s.host)
	}
	c.usage = e.Usage
	choice := e.Choices[0]
	choice.Delta, choice.Message = choice.Message, eventText{}
	if err := s.hand(choice); err != nil {
		return nil, err
	}
	if c.finish == "" {
		return nil, fault.New(fault.Unavailable, "the model server %s did not say why the model stopped", s.host)
	}
	_ = s.done()
	resp.Body = s
	resp.ContentLength = -1
	return resp, nil
}
