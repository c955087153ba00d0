package api

import (
	"errors"
	"net/http"
	"strconv"
	"unicode/utf8"

	"sportello/assistant"
	"sportello/assistant/fault"
	"sportello/web/dialogue"
	"sportello/web/page"
)

// AskRequest is the body of POST /api/v1/t/SLUG/ask.
type AskRequest struct {
	Question     string `json:"question"`
	Language     string `json:"language,omitempty"`
	Conversation string `json:"conversation,omitempty"`
}

// AskReply is the JSON of `sportello ask` with what a page needs to go on.
type AskReply struct {
	assistant.AnswerJSON
	ID           string     `json:"id"`
	Conversation string     `json:"conversation"`
	Code         string     `json:"code"` // with which what is kept of the conversation can be had and erased
	Suggestions  []string   `json:"suggestions"`
	Forms        []FormJSON `json:"forms"` // that the answer rests on
	Doors        []DoorJSON `json:"doors"` // of the contacts whose hours are understood
	AI           AIMark     `json:"ai"`
}

// FormJSON is a form: what it is for, who fills it in, what to attach, to whom it goes.
type FormJSON struct {
	DocumentID  string   `json:"document_id"`
	Title       string   `json:"title"`
	Purpose     string   `json:"purpose,omitempty"`
	Who         string   `json:"who,omitempty"`
	Recipient   string   `json:"recipient,omitempty"`
	Attachments []string `json:"attachments"`
	URL         string   `json:"url"`
	Original    string   `json:"original"` // to download
}

// DoorJSON says whether an office is open now, in the language of the answer.
type DoorJSON struct {
	Office string `json:"office"`
	Open   bool   `json:"open"`
	Text   string `json:"text"`
}

// AIMark is the machine-readable mark of article 50 of Regulation (EU) 2024/1689.
type AIMark struct {
	System    string `json:"system"`    // what answered
	Generated bool   `json:"generated"` // whether any shown words were written by a language model; each statement's origin says which
	Notice    string `json:"notice"`    // for people, in the language of the answer
}

// header of every answer: "true" when a model wrote words of it, "false" when all are quotes, "per-statement" for a stream.
const aiHeader = "X-AI-Generated"

// Ask answers a question as JSON or, when the client accepts text/event-stream, as events `queue`, `statement`, `answer`, `error`.
func (a *API) Ask(w http.ResponseWriter, r *http.Request, slug string) error {
	var in AskRequest
	if err := read(r, &in, true); err != nil {
		return err
	}
	// What was sent is measured, as the description says: Dialogue measures what is left of it without control characters.
	if n, most := utf8.RuneCountInString(in.Question), a.cfg.Dialogue.MaxRunes(); n > most {
		return fault.New(fault.TooLarge, "the question has %d characters, at most %d are read: make it shorter", n, most)
	}
	req := dialogue.Request{
		Tenant: slug, Text: in.Question, Language: in.Language, Conversation: in.Conversation,
		PageLanguage: a.cfg.Catalogue.Match(r.Header.Get("Accept-Language")),
	}
	if wantsStream(r) {
		return a.stream(w, r, req)
	}
	got, err := a.cfg.Dialogue.Ask(r.Context(), req, func(assistant.Statement) error { return nil })
	if err != nil {
		return err
	}
	w.Header().Set(aiHeader, strconv.FormatBool(got.Answer.ByModel()))
	return reply(w, a.reply(req.Tenant, got, req.PageLanguage))
}

func (a *API) reply(slug string, got *dialogue.Reply, pageLanguage string) AskReply {
	l := a.cfg.Catalogue.For(got.Answer.Language, pageLanguage)
	out := AskReply{
		AnswerJSON: got.Answer.JSON(), ID: got.ID, Conversation: got.Conversation, Code: got.Code.String(), Suggestions: make([]string, 0, len(got.Next)),
		Forms: []FormJSON{}, Doors: []DoorJSON{}, AI: AIMark{System: "Sportello", Generated: got.Answer.ByModel(), Notice: l.T("notice_short")},
	}
	for _, p := range dialogue.Forms(got.Answer) {
		url := a.documentURL(slug, p.DocumentID)
		out.Forms = append(out.Forms, FormJSON{p.DocumentID, p.Title, p.Form.Purpose, p.Form.Who, p.Form.Recipient, append([]string{}, p.Form.Attachments...), url, url + "/original"})
	}
	for _, c := range got.Answer.Contacts {
		if door := page.DoorOf(l, c, a.cfg.Now()); door != nil {
			out.Doors = append(out.Doors, DoorJSON{c.Office, door.Open, door.Text})
		}
	}
	for _, t := range got.Next {
		out.Suggestions = append(out.Suggestions, t.Text(l))
	}
	return out
}

// stream checks the question before the first byte, so that a wrong one still gets its status: Dialogue calls emit or returns,
// and the stream begins with whichever comes first.
func (a *API) stream(w http.ResponseWriter, r *http.Request, req dialogue.Request) error {
	var s *page.Stream
	begin := func() (err error) {
		if s == nil {
			w.Header().Set(aiHeader, "per-statement")
			s, err = page.NewStream(w)
		}
		return err
	}
	req.Queued = func(place int) {
		if begin() == nil {
			_ = s.Send("queue", map[string]int{"place": place}) // who has left is noticed by the next statement
		}
	}
	got, err := a.cfg.Dialogue.Ask(r.Context(), req, func(st assistant.Statement) error {
		if err := begin(); err != nil {
			return err
		}
		return s.Send("statement", st.JSON())
	})
	if err != nil {
		if s == nil {
			return err
		}
		return errors.Join(err, s.Send("error", Failure(err)))
	}
	if err := begin(); err != nil {
		return err
	}
	return s.Send("answer", a.reply(req.Tenant, got, req.PageLanguage))
}
