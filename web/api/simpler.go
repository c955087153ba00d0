package api

import (
	"net/http"
	"strconv"

	"sportello/assistant"
	"sportello/assistant/fault"
	"sportello/assistant/plain"
	"sportello/web/dialogue"
	"sportello/web/page"
)

// SimplerRequest is the body of POST /api/v1/t/SLUG/simpler.
type SimplerRequest struct {
	Language string        `json:"language,omitempty"`
	Quotes   []StretchJSON `json:"quotes"`
}

// StretchJSON is where a quote stands, as the citations of an answer say it.
type StretchJSON struct {
	DocumentID string `json:"document_id"`
	Start      *int   `json:"start"` // there, even when 0
	End        int    `json:"end"`
}

// SimplerReply is quotes in simpler words. Lists are never null.
type SimplerReply struct {
	Language   string                    `json:"language"`
	Statements []assistant.StatementJSON `json:"statements"` // of a model, verified; none without a model
	Quotes     []SimplerQuoteJSON        `json:"quotes"`
	Terms      []TermJSON                `json:"terms"`
	AI         AIMark                    `json:"ai"`
}

// SimplerQuoteJSON is a quote taken apart: all its words are in its parts, those of references in laws.
type SimplerQuoteJSON struct {
	assistant.CitationJSON
	Facts []FactJSON `json:"facts"`
	Parts []PartJSON `json:"parts"`
	Laws  []string   `json:"laws"`
}

// FactJSON is a detail in the words of the quote.
type FactJSON struct {
	Topic   plain.Topic `json:"topic"`
	Before  string      `json:"before"`
	Text    string      `json:"text"`
	After   string      `json:"after"`
	Meaning string      `json:"meaning,omitempty"` // of a date or a period, in the reader's language
}

// PartJSON is a piece of a sentence.
type PartJSON struct {
	Kind plain.Kind `json:"kind"`
	Runs []RunJSON  `json:"runs"`
}

// RunJSON is a stretch of words, or the number of a reference in laws, from 1.
type RunJSON struct {
	Text string `json:"text,omitempty"`
	Law  int    `json:"law,omitempty"`
}

// TermJSON is a word of administrations with what it means.
type TermJSON struct {
	Word     string `json:"word"`
	Name     string `json:"name"`
	Meaning  string `json:"meaning"`
	Language string `json:"language"`
}

// Simpler says quotes of public documents in simpler words.
func (a *API) Simpler(w http.ResponseWriter, r *http.Request, slug string) error {
	var in SimplerRequest
	if err := read(r, &in, true); err != nil {
		return err
	}
	t, err := a.cfg.Library.Tenant(r.Context(), slug)
	if err != nil {
		return err
	}
	if in.Language != "" && !a.cfg.Catalogue.Has(in.Language) {
		return fault.New(fault.Invalid, "language must be one of those of the pages, such as %q", "it")
	}
	l := a.cfg.Catalogue.For(in.Language, r.Header.Get("Accept-Language"))
	req := dialogue.SimplerRequest{Tenant: slug, Language: l.Lang()}
	for _, q := range in.Quotes {
		if q.DocumentID == "" || q.Start == nil || *q.Start < 0 || q.End < 1 {
			return fault.New(fault.Invalid, "a quote has document_id, start and end, as the citations of an answer say them")
		}
		req.Quotes = append(req.Quotes, dialogue.Stretch{Document: q.DocumentID, Start: *q.Start, End: q.End})
	}
	got, err := a.cfg.Dialogue.Simpler(r.Context(), req)
	if err != nil {
		return err
	}
	out := SimplerReply{
		Language: l.Lang(), Statements: []assistant.StatementJSON{}, Quotes: []SimplerQuoteJSON{}, Terms: []TermJSON{},
		AI: AIMark{System: "Sportello", Generated: len(got.Statements) > 0, Notice: l.T("simpler_note")},
	}
	if out.AI.Generated {
		out.AI.Notice = l.T("simpler_model")
	}
	for _, st := range got.Statements {
		out.Statements = append(out.Statements, st.JSON())
	}
	text := ""
	var words []plain.Word
	for _, q := range got.Quotes {
		one := SimplerQuoteJSON{
			CitationJSON: assistant.Statement{Citations: []assistant.Citation{q.Citation}}.JSON().Citations[0],
			Facts:        []FactJSON{}, Parts: []PartJSON{}, Laws: append([]string{}, q.Laws...),
		}
		for _, topic := range plain.Topics() {
			for _, f := range q.Of(topic) {
				one.Facts = append(one.Facts, FactJSON{topic, f.Lead(), f.Text, f.Rest(), page.Meaning(l, f.Text)})
			}
		}
		for _, p := range q.Parts {
			part := PartJSON{Kind: p.Kind, Runs: []RunJSON{}}
			for i, run := range p.Runs {
				part.Runs = append(part.Runs, RunJSON{run.Spaced(i), run.Law})
			}
			one.Parts = append(one.Parts, part)
		}
		out.Quotes = append(out.Quotes, one)
		text, words = text+q.Quote+"\n", append(words, q.Words...)
	}
	if a.cfg.Explain != nil {
		for _, term := range a.cfg.Explain(t, l, text, words) {
			out.Terms = append(out.Terms, TermJSON{term.Word, term.Name, term.Meaning, term.Language})
		}
	}
	w.Header().Set(aiHeader, strconv.FormatBool(out.AI.Generated))
	return reply(w, out)
}
