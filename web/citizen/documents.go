package citizen

import (
	"net/http"
	"strings"
	"unicode"

	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"

	"sportello/ingest"
	"sportello/web/page"
	"sportello/web/site"
)

// kinds in the order of the list: what people come for first.
var kinds = []ingest.Kind{
	ingest.Modulo, ingest.Scheda, ingest.Regolamento, ingest.Bando, ingest.Ordinanza, ingest.Delibera, ingest.Determina,
	ingest.Verbale, ingest.Norma, ingest.Pagina, ingest.Altro,
}

type documentsBody struct {
	Search string
	Kind   ingest.Kind
	State  string // "", "force" or "past"
	Kinds  []ingest.Kind
	Groups []documentGroup
	Total  int
}

type documentGroup struct {
	Kind  ingest.Kind
	Items []documentItem
}

type documentItem struct {
	site.Document
	URL     string
	Act     string
	InForce bool
}

// Documents lists the public documents by kind, with a search in titles.
func (p *Pages) Documents(w http.ResponseWriter, r *http.Request, slug string) error {
	v, err := p.tenantView(r, slug)
	if err != nil {
		return err
	}
	docs, err := p.cfg.Library.Documents(r.Context(), slug)
	if err != nil {
		return err
	}
	q := r.URL.Query()
	body := documentsBody{Search: strings.TrimSpace(q.Get("q")), Kind: ingest.Kind(q.Get("kind")), State: q.Get("state")}
	words := strings.Fields(fold(body.Search))
	groups := map[ingest.Kind][]documentItem{}
	present := map[ingest.Kind]bool{}
	for _, d := range docs {
		if d.Visibility != ingest.Public {
			continue
		}
		item := p.item(v, d)
		kind := item.Kind
		present[kind] = true
		if body.Kind != "" && kind != body.Kind || !matches(d, words) ||
			body.State == "force" && !item.InForce || body.State == "past" && item.InForce {
			continue
		}
		groups[kind] = append(groups[kind], item)
		body.Total++
	}
	for _, k := range kinds {
		if present[k] {
			body.Kinds = append(body.Kinds, k)
		}
		if len(groups[k]) > 0 {
			body.Groups = append(body.Groups, documentGroup{k, groups[k]})
		}
	}
	v.Title, v.Here, v.Body = v.L.T("documents_title"), "documents", body
	return p.write(w, "documents", v)
}

func (p *Pages) item(v *page.View, d site.Document) documentItem {
	d.Kind = knownKind(d.Kind)
	return documentItem{
		Document: d, URL: v.URL("/t/" + v.Tenant.Slug + "/documents/" + d.ID), Act: act(v.L, d.Approval, d.ValidFrom), InForce: d.InForce(p.today()),
	}
}

func knownKind(k ingest.Kind) ingest.Kind {
	for _, known := range kinds {
		if k == known {
			return k
		}
	}
	return ingest.Altro
}

// matches says whether every word begins a word of the title, the purpose or the year.
func matches(d site.Document, words []string) bool {
	text := d.Title + " " + d.Year + " " + d.Approval.Number
	if d.Form != nil {
		text += " " + d.Form.Purpose
	}
	have := strings.FieldsFunc(fold(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	for _, w := range words {
		found := false
		for _, h := range have {
			found = found || strings.HasPrefix(h, w)
		}
		if !found {
			return false
		}
	}
	return true
}

// fold lowers case and drops accents: people type "perche" and "caffe".
func fold(s string) string {
	out, _, err := transform.String(transform.Chain(norm.NFD, runes.Remove(runes.In(unicode.Mn)), norm.NFC), strings.ToLower(s))
	if err != nil {
		return strings.ToLower(s)
	}
	return out
}
