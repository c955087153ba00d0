package eval

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"math"
	"slices"
	"strings"
	"time"

	"sportello/assistant"
	"sportello/assistant/fault"
)

// Row is a question with what a right answer holds. The fields are those of the question sets' README.
type Row struct {
	ID       string   `json:"id"`
	Tenant   string   `json:"tenant"`
	Lang     string   `json:"lang"`
	Kind     string   `json:"kind"` // answerable, unanswerable, out_of_scope, personal_decision, injection
	Needs    []string `json:"needs"`
	Question string   `json:"question"`
	Answer   string   `json:"answer"` // of reference, in the language of the question
	Gold     []Gold   `json:"gold"`
	GoldMode string   `json:"gold_mode"` // "any": the gold entries are alternatives
	Facts    []string `json:"facts"`
	Stale    []string `json:"stale"`
	MustNot  []string `json:"must_not"`
}

// Gold is a place that answers.
type Gold struct {
	Doc       string   `json:"doc"`
	Article   string   `json:"article"`
	Page      int      `json:"page"`
	Pages     []int    `json:"pages"`
	Quote     string   `json:"quote"`
	AlsoPages []int    `json:"also_pages"`
	AlsoIn    []string `json:"also_in"`
	Alt       []struct {
		Doc   string `json:"doc"`
		Page  int    `json:"page"`
		Quote string `json:"quote"`
	} `json:"alt"`
}

// ReadRows reads a question set, one JSON object a line.
func ReadRows(r io.Reader) ([]Row, error) {
	var rows []Row
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 1<<22)
	for n := 1; lines.Scan(); n++ {
		if strings.TrimSpace(lines.Text()) == "" {
			continue
		}
		var row Row
		if err := json.Unmarshal(lines.Bytes(), &row); err != nil {
			return nil, fault.Wrap(fault.Invalid, err, "line %d is not a question", n)
		}
		rows = append(rows, row)
	}
	return rows, lines.Err()
}

// Figures are the scores of a group of rows. Shares are of the rows they make sense for.
type Figures struct {
	N          int                `json:"n"`
	Recall     map[string]float64 `json:"recall,omitempty"`     // at least one gold place within k passages
	RecallAll  map[string]float64 `json:"recall_all,omitempty"` // every gold place within k passages
	Document   float64            `json:"document,omitempty"`   // the gold document among ten passages
	Facts      float64            `json:"facts,omitempty"`      // all facts in the answer
	CitedGold  float64            `json:"cited_gold,omitempty"` // of the citations shown, those to a gold place
	StaleShown float64            `json:"stale,omitempty"`      // an outdated value shown without the right ones
	Refused    float64            `json:"refused"`
	Pass       float64            `json:"pass"` // by the rule of its kind
	Language   float64            `json:"language"`
}

// Report is what `sportello eval questions` prints.
type Report struct {
	Questions   int                `json:"questions"`
	ByKind      map[string]Figures `json:"by_kind"`
	ByLanguage  map[string]Figures `json:"by_language"` // answerable rows only
	ByNeed      map[string]Figures `json:"by_need"`     // answerable rows only
	ByTenant    map[string]Figures `json:"by_tenant"`   // answerable rows only
	Statuses    map[string]int     `json:"statuses"`
	Citations   Citations          `json:"citations"`
	Unsupported int                `json:"unsupported"` // shown statements with a detail that is not in what they cite
	Accepted    int                `json:"drafts_accepted"`
	Rejected    int                `json:"drafts_rejected"`
	RejectedBy  map[string]int     `json:"drafts_rejected_by,omitempty"`
	P50         float64            `json:"p50_ms"`
	P95         float64            `json:"p95_ms"`
	Outcomes    []Outcome          `json:"-"`
}

// Citations counts the quotes shown and those that are literally in their document's text.
type Citations struct {
	Shown   int `json:"shown"`
	Literal int `json:"literal"`
}

// Outcome is what became of one row.
type Outcome struct {
	Row         Row
	Answer      *assistant.Answer
	HitAt       int // rank of the first passage that hits a gold place, 0: none
	Hits        []int
	Facts       bool
	Cited, Gold int // citations shown, and those to a gold place
	Stale       bool
	Pass        bool
	Unsupported []string
}

// Runner asks rows. Text gives the text of a document, to check quotes against.
type Runner struct {
	Ask  func(ctx context.Context, q assistant.Question) (*assistant.Answer, error)
	Text func(ctx context.Context, tenant, documentID string) (string, error)
	Each func(done, all int) // progress; may be nil
}

// depth is how many passages recall is measured on.
const depth = 10

// Run asks every row to its own tenant, or to the one given, and scores the answers.
func (r Runner) Run(ctx context.Context, rows []Row, tenant string) (*Report, error) {
	report := &Report{Questions: len(rows), Statuses: map[string]int{}, RejectedBy: map[string]int{}}
	var took []time.Duration
	texts := map[string]string{}
	for i, row := range rows {
		if tenant != "" {
			row.Tenant = tenant
		}
		start := time.Now()
		answer, err := r.Ask(ctx, assistant.Question{Tenant: row.Tenant, Text: row.Question, K: depth})
		if err != nil {
			return nil, fault.Wrap(fault.CodeOf(err), err, "question %s", row.ID)
		}
		took = append(took, time.Since(start))
		o := score(row, answer)
		report.Statuses[string(answer.Status)]++
		report.Rejected += len(answer.Drafts)
		for _, d := range answer.Drafts {
			report.RejectedBy[string(d.Why)]++
		}
		if err := r.check(ctx, report, &o, texts); err != nil {
			return nil, err
		}
		report.Outcomes = append(report.Outcomes, o)
		if r.Each != nil {
			r.Each(i+1, len(rows))
		}
	}
	report.group()
	slices.Sort(took)
	report.P50, report.P95 = millisecondsAt(took, 0.50), millisecondsAt(took, 0.95)
	return report, nil
}

// check holds every statement shown against the documents.
func (r Runner) check(ctx context.Context, report *Report, o *Outcome, texts map[string]string) error {
	for _, s := range o.Answer.Statements {
		if s.Origin == assistant.FromModel {
			report.Accepted++
		}
		var cited, articles []string
		for _, c := range s.Citations {
			key := o.Row.Tenant + "/" + c.DocumentID
			if _, ok := texts[key]; !ok {
				text, err := r.Text(ctx, o.Row.Tenant, c.DocumentID)
				if err != nil {
					return err
				}
				texts[key] = text
			}
			report.Citations.Shown++
			if c.Quote != "" && strings.Contains(texts[key], c.Quote) {
				report.Citations.Literal++
			}
			cited = append(cited, c.Quote)
			articles = append(articles, c.Article)
		}
		if len(s.Citations) == 0 {
			o.Unsupported = append(o.Unsupported, "no citation")
		}
		o.Unsupported = append(o.Unsupported, Unsupported(s.Text, cited, articles)...)
	}
	if len(o.Unsupported) > 0 {
		report.Unsupported++
	}
	return nil
}

func (r *Report) group() {
	kinds, languages, needs, tenants := map[string][]Outcome{}, map[string][]Outcome{}, map[string][]Outcome{}, map[string][]Outcome{}
	for _, o := range r.Outcomes {
		kinds[o.Row.Kind] = append(kinds[o.Row.Kind], o)
		for _, need := range o.Row.Needs {
			if o.Row.Kind != "answerable" {
				kinds[o.Row.Kind+"/"+need] = append(kinds[o.Row.Kind+"/"+need], o)
			}
		}
		if o.Row.Kind != "answerable" {
			continue
		}
		languages[o.Row.Lang] = append(languages[o.Row.Lang], o)
		tenants[o.Row.Tenant] = append(tenants[o.Row.Tenant], o)
		for _, need := range o.Row.Needs {
			needs[need] = append(needs[need], o)
		}
	}
	r.ByKind, r.ByLanguage, r.ByNeed, r.ByTenant = figureAll(kinds), figureAll(languages), figureAll(needs), figureAll(tenants)
}

func figureAll(groups map[string][]Outcome) map[string]Figures {
	out := map[string]Figures{}
	for name, group := range groups {
		out[name] = groupFigures(group)
	}
	return out
}

func groupFigures(group []Outcome) Figures {
	f := Figures{N: len(group)}
	share := func(count func(Outcome) bool) float64 {
		n := 0
		for _, o := range group {
			if count(o) {
				n++
			}
		}
		return round(float64(n) / float64(len(group)))
	}
	f.Refused = share(func(o Outcome) bool { return o.Answer.Status == assistant.Refused })
	f.Pass = share(func(o Outcome) bool { return o.Pass })
	f.Language = share(func(o Outcome) bool { return o.Answer.Language == o.Row.Lang })
	if group[0].Row.Kind != "answerable" {
		return f
	}
	f.Recall, f.RecallAll = map[string]float64{}, map[string]float64{}
	for name, k := range map[string]int{"1": 1, "5": 5, "10": 10} {
		f.Recall[name] = share(func(o Outcome) bool { return o.HitAt > 0 && o.HitAt <= k })
		f.RecallAll[name] = share(func(o Outcome) bool { return allWithin(o, k) })
	}
	f.Document = share(func(o Outcome) bool { return documentFound(o) })
	f.Facts = share(func(o Outcome) bool { return o.Facts })
	f.StaleShown = share(func(o Outcome) bool { return o.Stale })
	cited, gold := 0, 0
	for _, o := range group {
		cited, gold = cited+o.Cited, gold+o.Gold
	}
	if cited > 0 {
		f.CitedGold = round(float64(gold) / float64(cited))
	}
	return f
}

func allWithin(o Outcome, k int) bool {
	for _, at := range o.Hits {
		within := at > 0 && at <= k
		if o.Row.GoldMode == "any" && within {
			return true
		}
		if o.Row.GoldMode != "any" && !within {
			return false
		}
	}
	return o.Row.GoldMode != "any" && len(o.Hits) > 0
}

func documentFound(o Outcome) bool {
	for _, p := range o.Answer.Passages[:min(depth, len(o.Answer.Passages))] {
		for _, g := range o.Row.Gold {
			if sameDocument(p.Document, g.Doc) {
				return true
			}
		}
	}
	return false
}

func round(x float64) float64 { return math.Round(x*1000) / 1000 }

// millisecondsAt gives a percentile of sorted durations.
func millisecondsAt(sorted []time.Duration, p float64) float64 {
	if len(sorted) == 0 {
		return 0
	}
	return assistant.Milliseconds(sorted[min(len(sorted)-1, int(p*float64(len(sorted))))])
}
