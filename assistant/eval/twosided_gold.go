package eval

import (
	"fmt"
	"hash/fnv"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"sportello/assistant"
	"sportello/assistant/lexicon"
	"sportello/ingest"
)

// Half splits rows into a development half and a held-out half by the hash of the question's number: rules are written
// looking at the first only. Language variants ("d001-en") fall in the half of their original.
func Half(id string) string {
	id, _, _ = strings.Cut(id, "-")
	h := fnv.New32a()
	h.Write([]byte(id))
	if h.Sum32()%2 == 0 {
		return "development"
	}
	return "held out"
}

// GoldPassages gives the passages of docs that hold up a row: for each gold quote all chunks of its article, or without an
// article the whole of a form, or all chunks that touch its page, or without pages the chunks that hold its words. docs are keyed by path.
func GoldPassages(row Row, docs map[string]*ingest.Document) []assistant.Passage {
	var out []assistant.Passage
	seen := map[string]bool{}
	for _, g := range row.Gold {
		d := docs[g.Doc]
		if d == nil {
			continue
		}
		all := DocumentPassages(d)
		picked := pick(all, func(p assistant.Passage) bool {
			return g.Article != "" && p.Article == g.Article && (g.Page == 0 || onPage(p, g.Page, 1))
		})
		if len(picked) == 0 && d.Kind == ingest.Modulo {
			picked = all // a form is one thing
		}
		if len(picked) == 0 && g.Page > 0 {
			picked = pick(all, func(p assistant.Passage) bool { return onPage(p, g.Page, 0) })
		}
		if len(picked) == 0 {
			picked = pick(all, func(p assistant.Passage) bool { return holds(p.Text, g.Quote) })
		}
		for _, p := range picked {
			if !seen[p.ID] {
				seen[p.ID] = true
				out = append(out, p)
			}
		}
	}
	return out
}

func pick(all []assistant.Passage, ok func(assistant.Passage) bool) []assistant.Passage {
	var out []assistant.Passage
	for _, p := range all {
		if ok(p) {
			out = append(out, p)
		}
	}
	return out
}

func onPage(p assistant.Passage, page, slack int) bool {
	for _, n := range p.Pages {
		if n >= page-slack && n <= page+slack {
			return true
		}
	}
	return false
}

// holds reports whether a text has at least four fifths of the words of a quote, which may have been read in another order.
func holds(text, quote string) bool {
	have := map[string]bool{}
	for _, w := range strings.Fields(lexicon.Fold(text)) {
		have[strings.Trim(w, ".,;:()")] = true
	}
	n, hit := 0, 0
	for _, w := range strings.Fields(lexicon.Fold(quote)) {
		n++
		if have[strings.Trim(w, ".,;:()")] {
			hit++
		}
	}
	return hit*5 >= n*4
}

// DocumentPassages cuts a document into the passages that a search would find.
func DocumentPassages(d *ingest.Document) []assistant.Passage {
	var out []assistant.Passage
	for _, c := range ingest.Split(d, nil, 0) {
		p := assistant.Passage{
			ID: d.Source + "#" + strconv.Itoa(c.Ordinal), DocumentID: d.Source, Document: d.Source, Title: d.Title, Kind: d.Kind, Format: d.Format,
			Article: c.Article, Breadcrumb: c.Breadcrumb, Lead: c.Lead, Page: c.PageFirst, Start: c.Start, End: c.End, Text: d.Text[c.Start:c.End],
			Approval: d.Approval, ValidFrom: d.ValidFrom, ValidTo: d.ValidTo, Year: d.Year, Form: d.Form,
		}
		for n := c.PageFirst; n > 0 && n <= c.PageLast; n++ {
			p.Pages = append(p.Pages, n)
		}
		out = append(out, p)
	}
	return out
}

// Statements cuts a reference answer into the sentences that are fed to Verify as drafts.
func Statements(answer string) []string {
	var out []string
	for _, s := range lexicon.Sentences(answer) {
		out = append(out, answer[s.Start:s.End])
	}
	return out
}

// SortedDocuments gives documents in the order of their paths.
func SortedDocuments(docs map[string]*ingest.Document) []*ingest.Document {
	var out []*ingest.Document
	for _, path := range slices.Sorted(maps.Keys(docs)) {
		out = append(out, docs[path])
	}
	return out
}

// ReadDocuments parses the files that rows cite, under root, with parse.
func ReadDocuments(root string, rows []Row, parse func(path string) (*ingest.Parsed, error)) (map[string]*ingest.Document, error) {
	docs := map[string]*ingest.Document{}
	for _, row := range rows {
		for _, g := range row.Gold {
			if docs[g.Doc] != nil {
				continue
			}
			p, err := parse(filepath.Join(root, filepath.FromSlash(g.Doc)))
			if err != nil {
				return nil, fmt.Errorf("%s: %w", g.Doc, err)
			}
			docs[g.Doc] = ingest.Structure(g.Doc, p)
		}
	}
	return docs, nil
}
