package assistant

import "strings"

// Near is a place that may be what somebody was looking for when there is no answer: shown by its title only, as "forse cercavi". What
// it says is not given as an answer.
type Near struct {
	DocumentID string
	Document   string // source
	Title      string
	Article    string
	Rubric     string // the last step of the breadcrumb: "Art. 12 Riduzioni"
	Page       int
	Start, End int // bytes of the passage in the document's text
}

const (
	nearShown  = 3
	nearOfOne  = 2   // of the same document
	nearLooked = 10  // passages
	nearShare  = 0.4 // of the question's words, that a passage shares to be worth a look
)

// nearMisses gives the places that share a good part of the question's words, best first.
func nearMisses(s sought, passages []Passage) []Near {
	var out []Near
	of, seen := map[string]int{}, map[string]bool{}
	for _, p := range passages[:min(nearLooked, len(passages))] {
		n := Near{DocumentID: p.DocumentID, Document: p.Document, Title: p.Title, Article: p.Article, Rubric: lastStep(p), Page: p.Page, Start: p.Start, End: p.End}
		key := p.Title + "\n" + n.Rubric
		if seen[key] || of[p.DocumentID] == nearOfOne || s.coverage(p.Breadcrumb+"\n"+p.Lead+"\n"+p.Text) < nearShare {
			continue
		}
		seen[key] = true
		of[p.DocumentID]++
		if out = append(out, n); len(out) == nearShown {
			break
		}
	}
	return out
}

// lastStep gives the last step of a passage's breadcrumb, empty when it is the document itself.
func lastStep(p Passage) string {
	i := strings.LastIndex(p.Breadcrumb, " > ")
	if i < 0 {
		return ""
	}
	return strings.TrimSpace(p.Breadcrumb[i+len(" > "):])
}
