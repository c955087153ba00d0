package assistant

import (
	"strings"

	"sportello/assistant/lexicon"
	"sportello/ingest"
)

// Question is what somebody asked, as they wrote it.
type Question struct {
	Tenant       string // slug
	Text         string
	Language     string            // BCP 47; empty or "auto": found from the text
	PageLanguage string            // of the page it was asked on, a prior for short questions; may be empty
	Audience     ingest.Visibility // Public sees public documents only; Staff sees both
	At           string            // ISO 8601 date whose rules are asked for; empty: today
	K            int               // passages wanted; 0: the default
	After        *Turn             // what it may lean on in a conversation; nil: it is the first
	Earlier      []string          // what was asked before, when there is no After: oldest first
	Formal       bool              // whoever reads is addressed formally, where a model phrases
	Spelt        bool              // its words are as the documents write them already: the search does not look at them again
}

// Passage is a chunk that a search found, with what is needed to show and cite it. Its text comes from the store, never
// from the index.
type Passage struct {
	ID         string      // chunk id, a UUID
	DocumentID string      // stable id of the document (not of its version)
	Document   string      // source: the path as ingested, or the URL
	Title      string      //
	Kind       ingest.Kind //
	Format     string
	Article    string
	EID        string // of the innermost section
	Breadcrumb string
	Lead       string
	Page       int // first page, 0 without pages
	Pages      []int
	Start, End int // bytes in the document's text
	Text       string
	Approval   ingest.Act
	ValidFrom  string
	ValidTo    string
	Year       string
	Tenant     string // owner: the tenant asked or one of its ancestors
	Form       *ingest.Form
	Score      float64 // fused, 0..1
	WordScore  float64 // BM25 of the word leg, 0 when it did not find it
	NearScore  float64 // cosine of the vector leg, 0 when it did not find it

	said *sentences // what its sentences say, once somebody has read it; see read.go
}

// detect tells the language of the question. In a conversation a few words are taken to be in the language of those before, unless
// they clearly are not.
func (q Question) detect() string {
	if q.After == nil || q.After.Language == "" {
		language, _ := lexicon.Detect(q.Text, q.PageLanguage)
		return language
	}
	language, confidence := lexicon.Detect(q.Text, q.After.Language)
	if len(strings.Fields(q.Text)) <= fewWords && (confidence < clearly || language == lexicon.Other) {
		return q.After.Language
	}
	return language
}

const (
	fewWords = 6
	clearly  = 0.7
)
