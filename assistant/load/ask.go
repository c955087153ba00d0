package load

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// outcome is what became of one question.
type outcome struct {
	status string // answered, quoted, refused: REASON
	first  time.Duration
	whole  time.Duration
	left   bool // in the middle, on purpose
	place  int  // the furthest place in a queue that was told
	err    string
}

func (c *Config) ask(ctx context.Context, q Question, slow, leave bool) (o outcome) {
	ctx, cancel := context.WithTimeout(ctx, c.Patience)
	defer cancel()
	body, err := json.Marshal(map[string]string{"question": q.Text})
	if err != nil {
		return outcome{err: "the question is not text"}
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.Base+"/api/v1/t/"+url.PathEscape(q.Tenant)+"/ask", bytes.NewReader(body))
	if err != nil {
		return outcome{err: "the address cannot be read"}
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "text/event-stream")
	req.Header.Set("Accept-Language", q.Language)
	begun := time.Now()
	resp, err := c.Client.Do(req)
	if err != nil {
		return outcome{err: named(ctx, err)}
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusOK {
		_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, 1<<16))
		return outcome{err: fmt.Sprintf("status %d", resp.StatusCode)}
	}
	var from io.Reader = resp.Body
	if slow {
		from = &slowLine{ctx, from}
	}
	for lines := bufio.NewReader(from); ; {
		name, data, err := event(lines)
		if err != nil {
			return outcome{err: named(ctx, err)}
		}
		switch name {
		case "queue":
			var queue struct{ Place int }
			if json.Unmarshal(data, &queue) == nil {
				o.place = max(o.place, queue.Place)
			}
		case "statement":
			if o.first == 0 {
				o.first = time.Since(begun)
			}
			if leave {
				o.left = true
				return o
			}
		case "error":
			return outcome{err: "an error in the stream"}
		case "answer":
			var answer struct{ Status, Reason string }
			if json.Unmarshal(data, &answer) != nil || answer.Status == "" {
				return outcome{err: "an answer that cannot be read"}
			}
			if o.status = answer.Status; answer.Reason != "" {
				o.status += ": " + answer.Reason
			}
			o.whole = time.Since(begun)
			if o.first == 0 {
				o.first = o.whole
			}
			return o
		}
	}
}

// event reads one server-sent event.
func event(lines *bufio.Reader) (name string, data []byte, err error) {
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			return "", nil, err
		}
		line = strings.TrimRight(line, "\r\n")
		switch {
		case line == "" && name != "":
			return name, data, nil
		case strings.HasPrefix(line, "event: "):
			name = line[len("event: "):]
		case strings.HasPrefix(line, "data: "):
			data = append(data, line[len("data: "):]...)
		}
	}
}

// named gives the few words under which an error is counted.
func named(ctx context.Context, err error) string {
	switch {
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return "no answer in the time a citizen waits"
	case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
		return "the stream broke off"
	}
	return "the server cannot be reached"
}

// slowLine reads a little at a time.
type slowLine struct {
	ctx context.Context
	io.Reader
}

func (s *slowLine) Read(p []byte) (int, error) {
	select {
	case <-time.After(slowPause):
	case <-s.ctx.Done():
		return 0, s.ctx.Err()
	}
	return s.Reader.Read(p[:min(len(p), slowPiece)])
}
