package api

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"sportello/assistant"
	"sportello/assistant/fault"
	"sportello/locales"
	"sportello/web/dialogue"
	"sportello/web/page"
	"sportello/web/site"
)

// The shapes of the OpenAI chat protocol that clients rely on. Parameters of sampling are accepted and have no effect: what is
// shown is decided by Verify.

type chatRequest struct {
	Model    string        `json:"model"` // slug of the tenant
	Messages []chatMessage `json:"messages"`
	Stream   bool          `json:"stream"`
	Options  struct {
		Usage bool `json:"include_usage"` // a last chunk without choices says what was used
	} `json:"stream_options"`
}

type chatMessage struct {
	Role    string      `json:"role"`
	Content chatContent `json:"content"`
}

// chatContent is a string, or a list of parts of which the text ones are read.
type chatContent string

// UnmarshalJSON accepts both forms of the protocol.
func (c *chatContent) UnmarshalJSON(b []byte) error {
	var text string
	if json.Unmarshal(b, &text) == nil {
		*c = chatContent(text)
		return nil
	}
	var parts []struct{ Type, Text string }
	if err := json.Unmarshal(b, &parts); err != nil {
		return fmt.Errorf("content must be a string or a list of parts")
	}
	var texts []string
	for _, p := range parts {
		if p.Type == "text" {
			texts = append(texts, p.Text)
		}
	}
	*c = chatContent(strings.Join(texts, "\n"))
	return nil
}

type chatReply struct {
	ID        string       `json:"id"`
	Object    string       `json:"object"`
	Created   int64        `json:"created"`
	Model     string       `json:"model"`
	Choices   []chatChoice `json:"choices"`
	Usage     *chatUsage   `json:"usage,omitempty"`
	Sportello *AskReply    `json:"sportello,omitempty"` // the answer with its citations, for clients that know us
}

type chatChoice struct {
	Index   int        `json:"index"`
	Message *chatDelta `json:"message,omitempty"`
	Delta   *chatDelta `json:"delta,omitempty"`
	Finish  *string    `json:"finish_reason"`
}

type chatDelta struct {
	Role    string `json:"role,omitempty"`
	Content string `json:"content"`
}

// chatUsage is always zero: tokens are not what is counted here, but clients read the field.
type chatUsage struct {
	Prompt     int `json:"prompt_tokens"`
	Completion int `json:"completion_tokens"`
	Total      int `json:"total_tokens"`
}

type modelsReply struct {
	Object string      `json:"object"`
	Data   []modelJSON `json:"data"`
}

type modelJSON struct {
	ID      string `json:"id"`
	Object  string `json:"object"`
	Created int64  `json:"created"`
	OwnedBy string `json:"owned_by"`
}

// Models lists the tenants as models.
func (a *API) Models(w http.ResponseWriter, r *http.Request) error {
	tenants, err := a.cfg.Library.Tenants(r.Context())
	if err != nil {
		return err
	}
	out := modelsReply{Object: "list", Data: make([]modelJSON, 0, len(tenants))}
	for _, t := range tenants {
		out.Data = append(out.Data, model(&t))
	}
	return reply(w, out)
}

// Model gives one tenant as a model.
func (a *API) Model(w http.ResponseWriter, r *http.Request, slug string) error {
	t, err := a.cfg.Library.Tenant(r.Context(), slug)
	if err != nil {
		return err
	}
	return reply(w, model(t))
}

func model(t *site.Tenant) modelJSON { return modelJSON{ID: t.Slug, Object: "model", OwnedBy: t.Name} }

// Chat answers the last message of the user, in the light of those before, as POST /v1/chat/completions does.
func (a *API) Chat(w http.ResponseWriter, r *http.Request) error {
	var in chatRequest
	if err := read(r, &in, false); err != nil {
		return err
	}
	if in.Model == "" {
		return fault.New(fault.Invalid, "model must be the short name of a tenant: GET /v1/models lists them")
	}
	question, earlier := "", []string(nil)
	for _, m := range in.Messages {
		if m.Role != "user" {
			continue
		}
		if question != "" {
			earlier = append(earlier, question)
		}
		question = string(m.Content)
	}
	page := a.cfg.Catalogue.Match(r.Header.Get("Accept-Language"))
	req := dialogue.Request{Tenant: in.Model, Text: question, PageLanguage: page, Earlier: earlier}
	if in.Stream {
		return a.chatStream(w, r, req, in.Options.Usage)
	}
	t := a.newChatText(req)
	var text strings.Builder
	got, err := a.cfg.Dialogue.Ask(r.Context(), req, func(assistant.Statement) error { return nil })
	if err != nil {
		return err
	}
	for _, s := range got.Answer.Statements {
		text.WriteString(t.statement(s))
	}
	text.WriteString(t.end(got.Answer))
	w.Header().Set(aiHeader, strconv.FormatBool(got.Answer.ByModel()))
	full := a.reply(in.Model, got, page)
	out := a.chunk(strconv.FormatInt(a.cfg.Now().UnixNano(), 36), in.Model, "chat.completion")
	out.Choices = []chatChoice{{Message: &chatDelta{"assistant", strings.TrimSpace(text.String())}, Finish: finish("stop")}}
	out.Usage, out.Sportello = &chatUsage{}, &full
	return reply(w, out)
}

func (a *API) chunk(id, model, object string) chatReply {
	return chatReply{ID: "chatcmpl-" + id, Object: object, Created: a.cfg.Now().Unix(), Model: model}
}

func finish(s string) *string { return &s }

func (a *API) chatStream(w http.ResponseWriter, r *http.Request, req dialogue.Request, usage bool) error {
	var s *page.Stream
	t := a.newChatText(req)
	id := strconv.FormatInt(a.cfg.Now().UnixNano(), 36)
	send := func(delta chatDelta, end *string) error {
		if s == nil {
			w.Header().Set(aiHeader, "per-statement")
			var err error
			if s, err = page.NewStream(w); err != nil {
				return err
			}
			delta.Role = "assistant"
		}
		c := a.chunk(id, req.Tenant, "chat.completion.chunk")
		c.Choices = []chatChoice{{Delta: &delta, Finish: end}}
		return s.Send("", c)
	}
	var sent int
	got, err := a.cfg.Dialogue.Ask(r.Context(), req, func(st assistant.Statement) error {
		sent++
		return send(chatDelta{Content: t.statement(st)}, nil)
	})
	if err != nil {
		if s == nil {
			return err
		}
		return errors.Join(err, s.Send("", Failure(err)))
	}
	for _, st := range got.Answer.Statements[min(sent, len(got.Answer.Statements)):] {
		if err := send(chatDelta{Content: t.statement(st)}, nil); err != nil {
			return err
		}
	}
	if err := send(chatDelta{Content: t.end(got.Answer)}, nil); err != nil {
		return err
	}
	if err := send(chatDelta{}, finish("stop")); err != nil {
		return err
	}
	if usage {
		last := a.chunk(id, req.Tenant, "chat.completion.chunk")
		last.Choices, last.Usage = []chatChoice{}, &chatUsage{}
		if err := s.Send("", last); err != nil {
			return err
		}
	}
	return s.Raw("[DONE]")
}

// chatText writes an answer as plain text with numbered sources.
type chatText struct {
	a       *API
	tenant  string
	page    string
	numbers map[string]int
	sources []assistant.Citation
}

func (a *API) newChatText(req dialogue.Request) *chatText {
	return &chatText{a: a, tenant: req.Tenant, page: req.PageLanguage, numbers: map[string]int{}}
}

func (t *chatText) statement(s assistant.Statement) string {
	var b strings.Builder
	if s.Origin == assistant.FromDocument {
		b.WriteString("«" + s.Text + "»")
	} else {
		b.WriteString(s.Text)
	}
	for _, c := range s.Citations {
		key := c.DocumentID + "#" + c.Article + "#" + c.EID
		if t.numbers[key] == 0 {
			t.sources = append(t.sources, c)
			t.numbers[key] = len(t.sources)
		}
		fmt.Fprintf(&b, " [%d]", t.numbers[key])
	}
	return b.String() + "\n\n"
}

// end gives the words of a refusal, the sources and the offices.
func (t *chatText) end(answer *assistant.Answer) string {
	l := t.a.cfg.Catalogue.For(answer.Language, t.page)
	var b strings.Builder
	if answer.Status == assistant.Refused {
		if answer.Notice != "" {
			b.WriteString(l.T("refused_closed_title") + ": " + answer.Notice + "\n\n")
		} else {
			b.WriteString(RefusalText(l, answer.Reason) + "\n\n")
		}
	}
	for i, c := range t.sources {
		address := t.a.documentURL(t.tenant, c.DocumentID)
		q := url.Values{"start": {strconv.Itoa(c.Start)}, "end": {strconv.Itoa(c.End)}}
		if c.Article != "" {
			q.Set("article", c.Article)
		}
		fmt.Fprintf(&b, "[%d] %s", i+1, c.Title)
		if c.Article != "" {
			b.WriteString(", " + l.T("place_article", locales.Data{"Number": c.Article}))
		}
		b.WriteString(": " + address + "?" + q.Encode() + "#cited\n")
	}
	for _, c := range answer.Contacts {
		b.WriteString("\n" + c.Office)
		for _, part := range []string{c.Hours, c.Phone, c.Email} {
			if part != "" {
				b.WriteString(" · " + part)
			}
		}
	}
	return b.String()
}

// RefusalText gives the words for a reason, as plain text.
func RefusalText(l *locales.Localizer, reason assistant.Reason) string {
	if reason == assistant.Emergency {
		return strings.Join([]string{
			l.T("emergency_title"), l.T("emergency_text"), "112 — " + l.T("emergency_112"), "1522 — " + l.T("emergency_1522"),
			"114 — " + l.T("emergency_114"), "19696 — " + l.T("emergency_19696"), l.T("emergency_gas"), l.T("emergency_alone"),
		}, "\n")
	}
	return l.T("refused_"+string(reason)+"_title") + " " + l.T("refused_"+string(reason)+"_text")
}
