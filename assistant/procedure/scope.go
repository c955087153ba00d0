package procedure

import (
	"math"
	"slices"
	"strings"

	"sportello/assistant/lexicon"
	"sportello/ingest"
)

// part is a piece of a document that speaks of the service.
type part struct {
	start, end int
	article    string
	rubric     string
	whole      bool // the whole of a form or of a short document
	general    bool
	titled     bool // only what its title announces
	value      int  // how much it is about the subject, 0..20
}

// Limits of what is read of a regulation.
const (
	mostArticles = 10
	shortText    = 9000 // bytes: a document without articles that is about one thing
)

// common are words that say of no service which one it is.
var common = wordSet(`domanda richiesta istanza modulo modello comunicazione autorizzazione rilascio servizio comune comunale regolamento disciplina
	applicazione dichiarazione sostitutiva certificato atto generale presentazione procedura modalità art articolo legge delibera allegato norme
	come cosa fare serve servono devo posso quanto costa quando dove chi quali quale documenti documento ottenere avere chiedere richiedere fac simile via anno`)

func wordSet(words string) map[string]bool {
	out := map[string]bool{}
	for _, t := range lexicon.Analyze(words) {
		out[t] = true
	}
	return out
}

// About is what the document is about: the purpose of a form, else its title.
func (s Source) About() string {
	if f := s.Document.Form; f != nil && f.Purpose != "" && len(f.Purpose) < 140 {
		return f.Purpose
	}
	return s.Title
}

// roots are the words of a subject that tell it from others.
func roots(subject string) []string {
	all := lexicon.Analyze(subject)
	kept := slices.DeleteFunc(slices.Clone(all), func(t string) bool { return common[t] || strings.Contains(t, ":") })
	if len(kept) < 2 { // one word alone does not tell: "dichiarazione TARI" is not all of the TARI
		kept = slices.DeleteFunc(all, func(t string) bool { return strings.Contains(t, ":") })
	}
	slices.Sort(kept)
	return slices.Compact(kept)
}

// scope gives the parts of a source that are about the subject. Of a first source whose own the subject is, all articles are whose titles say
// which heading they belong to.
func scope(s Source, subject string, first, own bool) []part {
	d := s.Document
	articles := articlesOf(d)
	if len(articles) < 3 && (d.Kind == ingest.Modulo || d.Kind == ingest.Scheda || d.Kind == ingest.Pagina || len(d.Text) < shortText) {
		if !first && share(roots(subject), plainly(roots(subject)), set(s.About()+" "+s.Title)) < .6 {
			return nil
		}
		return []part{{end: len(d.Text), whole: true, value: 10}}
	}
	if len(articles) == 0 {
		articles = headingsOf(d)
	}
	want := roots(subject)
	read := make([]map[string]bool, len(articles))
	for i, a := range articles {
		read[i] = set(a.rubric + " " + d.Text[a.start:a.end])
	}
	weight := weightsOf(read, want)
	best, titled := 0.0, false
	scores := make([]float64, len(articles))
	for i, a := range articles {
		in, title := share(want, weight, read[i]), share(want, plainly(want), set(a.rubric))
		scores[i] = in + 2*title
		if in < .6 && title < .5 {
			scores[i] = 0
		}
		if s.Article != "" && a.article == s.Article {
			scores[i] = max(scores[i], 2)
		}
		best = max(best, scores[i])
		titled = titled || title >= .5
	}
	if best == 0 {
		if !first || !own {
			return nil
		}
		var all []part
		for _, a := range articles {
			all = append(all, part{start: a.start, end: a.end, article: a.article, rubric: a.rubric, titled: true})
		}
		return all
	}
	least := .4
	if titled { // where a title names the subject, others only mention it
		least = .8
	}
	return pick(articles, scores, best, least)
}

// pick takes the articles with the best scores, and marks their neighbours in the same chapter as general.
func pick(articles []article, scores []float64, best, least float64) []part {
	order := make([]int, len(articles))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		if scores[a] != scores[b] {
			if scores[a] > scores[b] {
				return -1
			}
			return 1
		}
		return 0
	})
	taken, parents := map[int]bool{}, map[int]bool{}
	for _, i := range order {
		if scores[i] < least*best || len(taken) >= mostArticles || scores[i] == 0 {
			break
		}
		taken[i] = true
		if scores[i] >= .8*best {
			parents[articles[i].parent] = true
		}
	}
	var out []part
	for i, a := range articles {
		p := part{start: a.start, end: a.end, article: a.article, rubric: a.rubric, value: int(20 * scores[i] / best)}
		switch {
		case taken[i]:
		case parents[a.parent] && a.parent >= 0:
			p.general = true
		default:
			continue
		}
		out = append(out, p)
	}
	return out
}

// article is a section with the titles above it.
type article struct {
	start, end int
	article    string
	rubric     string
	parent     int
}

func articlesOf(d *ingest.Document) []article {
	var out []article
	for _, s := range d.Sections {
		if s.Kind == ingest.SecArticle {
			out = append(out, article{s.Start, s.End, s.Number, chain(d, s), s.Parent})
		}
	}
	return out
}

// headingsOf are the parts of a long document without articles: what is between one heading and the next, or all of it.
func headingsOf(d *ingest.Document) []article {
	var out []article
	for _, s := range d.Sections {
		if s.Kind == ingest.SecIndex || s.Kind == ingest.SecTable {
			continue
		}
		if n := len(out); n > 0 && s.Start < out[n-1].end {
			out[n-1].end = s.Start
		}
		if s.End > s.Start {
			out = append(out, article{s.Start, s.End, "", chain(d, s), s.Parent})
		}
	}
	if len(out) == 0 {
		out = []article{{0, len(d.Text), "", "", -1}}
	}
	return out
}

// chain is the rubric of a section with those above it, the nearest first.
func chain(d *ingest.Document, s ingest.Section) string {
	words := []string{s.Rubric}
	for i := s.Parent; i >= 0 && i < len(d.Sections) && len(words) < 6; i = d.Sections[i].Parent {
		words = append(words, d.Sections[i].Rubric)
	}
	return strings.Join(words, " · ")
}

func set(text string) map[string]bool {
	out := map[string]bool{}
	for _, t := range lexicon.Analyze(text) {
		out[t] = true
	}
	return out
}

// weightsOf weighs the words of a subject: one that every article has tells nothing, and nor does one that the document never uses.
func weightsOf(read []map[string]bool, want []string) map[string]float64 {
	out := map[string]float64{}
	for _, t := range want {
		n := 0
		for _, r := range read {
			if r[t] {
				n++
			}
		}
		if n == 0 {
			continue
		}
		out[t] = math.Log(1 + float64(len(read)+1)/float64(n+1))
	}
	return out
}

// plainly weighs all words alike: in a title each of them was chosen.
func plainly(want []string) map[string]float64 {
	out := map[string]float64{}
	for _, t := range want {
		out[t] = 1
	}
	return out
}

func share(want []string, weight map[string]float64, have map[string]bool) float64 {
	whole, found := 0.0, 0.0
	for _, t := range want {
		whole += weight[t]
		if have[t] {
			found += weight[t]
		}
	}
	if whole == 0 {
		return 0
	}
	return found / whole
}
