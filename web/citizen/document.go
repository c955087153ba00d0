package citizen

import (
	"net/http"
	"strconv"

	"sportello/assistant/fault"
	"sportello/ingest"
	"sportello/web/site"
)

type documentBody struct {
	documentItem
	Doc      *ingest.Document
	Download string // address of the original, empty when it was not kept
	Article  string // asked for and found
	Heading  string // of that article
	Before   []block
	Current  []block
	After    []block
	Contents []contentsEntry
	Cited    bool // something is marked
}

type contentsEntry struct {
	ID, Text string
	Level    int
}

// Document shows a document with ?article= in its place and the bytes ?start= to ?end= marked.
func (p *Pages) Document(w http.ResponseWriter, r *http.Request, slug, id string) error {
	v, err := p.tenantView(r, slug)
	if err != nil {
		return err
	}
	d, err := p.public(r, slug, id)
	if err != nil {
		return err
	}
	content, err := p.cfg.Library.Content(r.Context(), slug, id)
	if err != nil {
		return err
	}
	q := r.URL.Query()
	from, to := span(content.Text, q.Get("start"), q.Get("end"))
	body := documentBody{documentItem: p.item(v, *d), Doc: content, Download: "/t/" + slug + "/documents/" + id + "/original"}
	if n := content.Page(from); to > from && n > 0 && d.Format == "pdf" {
		body.Download += "#page=" + strconv.Itoa(n)
	}
	rendered := render(content, from, to)
	section := findArticle(content, q.Get("article"), from)
	for _, b := range rendered {
		switch {
		case section == nil || b.start < section.Start:
			body.Before = append(body.Before, b)
		case b.start < section.End:
			body.Current = append(body.Current, b)
		default:
			body.After = append(body.After, b)
		}
		if b.Level > 0 && b.ID != "" {
			body.Contents = append(body.Contents, contentsEntry{b.ID, b.Text(), b.Level})
		}
	}
	if section != nil {
		body.Article = section.Number
	}
	body.Cited = to > from
	v.Title, v.Here, v.Body = d.Title, "documents", body
	if r.Header.Get("Accept") == fragment {
		w.Header().Add("Vary", "Accept")
		if section == nil {
			body.Before, body.After = around(body.Before, from, to), nil
		}
		v.Body = panelBody{body, r.URL.RequestURI()}
		return p.fragment(w, v, "panel", v)
	}
	return p.write(w, "document", v)
}

// panelBody is a document as it stands beside an answer: the cited article, or what is around the cited words.
type panelBody struct {
	documentBody
	Whole string // address of the page
}

const panelBlocks = 8 // on either side of cited words that are in no article

// around gives the blocks near the marked bytes; the first ones when nothing is marked.
func around(blocks []block, from, to int) []block {
	at := 0
	for i, b := range blocks {
		if to > from && b.start <= from {
			at = i
		}
	}
	return blocks[max(0, at-panelBlocks):min(len(blocks), at+panelBlocks+1)]
}

// public gives a document that anybody may see. The library already hides the others; this check stays here so that a mistake
// there does not become a leak.
func (p *Pages) public(r *http.Request, slug, id string) (*site.Document, error) {
	d, err := p.cfg.Library.Document(r.Context(), slug, id)
	if err != nil {
		return nil, err
	}
	if d.Visibility != ingest.Public {
		return nil, fault.New(fault.NotFound, "there is no document %q", id)
	}
	return d, nil
}
