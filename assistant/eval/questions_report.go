package eval

import (
	"math"
	"time"

	"sportello/assistant"
)

// Figures are the scores of a group of rows; those that only make sense for answerable rows are nil for others. Intervals holds the 95 % interval of each.
type Figures struct {
	N              int                   `json:"n"`
	Recall         map[string]float64    `json:"recall,omitempty"`          // at least one gold place within k passages
	RecallAll      map[string]float64    `json:"recall_all,omitempty"`      // every gold place within k passages
	Document       *float64              `json:"document,omitempty"`        // the gold document among ten passages
	Facts          *float64              `json:"facts,omitempty"`           // all facts in the answer
	CitedGold      *float64              `json:"cited_gold,omitempty"`      // precision: of the citations shown, those to a gold place
	CitationRecall *float64              `json:"citation_recall,omitempty"` // of the gold places, those cited
	StaleShown     *float64              `json:"stale,omitempty"`           // an outdated value shown without the right ones
	Refused        float64               `json:"refused"`
	Pass           float64               `json:"pass"` // by the rule of its kind
	Language       float64               `json:"language"`
	Intervals      map[string][2]float64 `json:"intervals"`

	shares map[string]Share
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
	Calibration []Tenth            `json:"calibration"` // confidence against a gold place within five passages
	P50         float64            `json:"p50_ms"`
	P95         float64            `json:"p95_ms"`
	Outcomes    []Outcome          `json:"-"`
}

// Citations counts the quotes shown and those that are literally in their document's text.
type Citations struct {
	Shown   int `json:"shown"`
	Literal int `json:"literal"`
}

const answerable = "answerable"

func (r *Report) group() {
	kinds, languages, needs, tenants := map[string][]Outcome{}, map[string][]Outcome{}, map[string][]Outcome{}, map[string][]Outcome{}
	for _, o := range r.Outcomes {
		kinds[o.Row.Kind] = append(kinds[o.Row.Kind], o)
		for _, need := range o.Row.Needs {
			if o.Row.Kind != answerable {
				kinds[o.Row.Kind+"/"+need] = append(kinds[o.Row.Kind+"/"+need], o)
			}
		}
		if o.Row.Kind != answerable {
			continue
		}
		languages[o.Row.Lang] = append(languages[o.Row.Lang], o)
		tenants[o.Row.Tenant] = append(tenants[o.Row.Tenant], o)
		for _, need := range o.Row.Needs {
			needs[need] = append(needs[need], o)
		}
	}
	r.ByKind, r.ByLanguage, r.ByNeed, r.ByTenant = figureAll(kinds), figureAll(languages), figureAll(needs), figureAll(tenants)
	r.Calibration = Calibration(judged(r.Outcomes, foundWithinFive))
}

func figureAll(groups map[string][]Outcome) map[string]Figures {
	out := map[string]Figures{}
	for name, group := range groups {
		out[name] = groupFigures(group)
	}
	return out
}

// cutoffs are the numbers of passages that recall is given for.
var cutoffs = map[string]int{"1": 1, "5": 5, "10": 10}

func groupFigures(group []Outcome) Figures {
	f := Figures{N: len(group), shares: map[string]Share{}, Intervals: map[string][2]float64{}}
	set := func(name string, s Share) float64 {
		f.shares[name] = s
		low, high := s.Interval()
		f.Intervals[name] = [2]float64{round(low), round(high)}
		return round(s.Value())
	}
	f.Refused = set("refused", shareOf(group, refused))
	f.Pass = set("pass", shareOf(group, func(o Outcome) bool { return o.Pass }))
	f.Language = set("language", shareOf(group, func(o Outcome) bool { return o.Answer.Language == o.Row.Lang }))
	if len(group) == 0 || group[0].Row.Kind != answerable {
		return f
	}
	f.Recall, f.RecallAll = map[string]float64{}, map[string]float64{}
	for name, k := range cutoffs {
		f.Recall[name] = set("any@"+name, shareOf(group, func(o Outcome) bool { return foundWithin(o, k) }))
		f.RecallAll[name] = set("all@"+name, shareOf(group, func(o Outcome) bool { return allWithin(o, k) }))
	}
	f.Document = pointer(set("document", shareOf(group, documentFound)))
	f.Facts = pointer(set("facts", shareOf(group, func(o Outcome) bool { return o.Facts })))
	f.StaleShown = pointer(set("stale", shareOf(group, func(o Outcome) bool { return o.Stale })))
	var cited, places Share
	for _, o := range group {
		cited.Hits, cited.N = cited.Hits+o.Gold, cited.N+o.Cited
		places.Hits, places.N = places.Hits+o.Places.Hits, places.N+o.Places.N
	}
	f.CitedGold = pointer(set("cited_gold", cited))
	f.CitationRecall = pointer(set("citation_recall", places))
	return f
}

func refused(o Outcome) bool { return o.Answer.Status == assistant.Refused }

func foundWithin(o Outcome, k int) bool { return o.HitAt > 0 && o.HitAt <= k }

func foundWithinFive(o Outcome) bool { return foundWithin(o, 5) }

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

// judged gives the questions that were searched, with how sure the assistant was. Unanswerable ones are never right.
func judged(outcomes []Outcome, right func(Outcome) bool) []Judged {
	var out []Judged
	for _, o := range outcomes {
		if (o.Row.Kind == answerable || o.Row.Kind == "unanswerable") && len(o.Answer.Passages) > 0 {
			out = append(out, Judged{Confidence: o.Answer.Confidence, Right: o.Row.Kind == answerable && right(o)})
		}
	}
	return out
}

func pointer(x float64) *float64 { return &x }

func round(x float64) float64 { return math.Round(x*1000) / 1000 }

// millisecondsAt gives a percentile of sorted durations.
func millisecondsAt(sorted []time.Duration, p float64) float64 {
	if len(sorted) == 0 {
		return 0
	}
	return assistant.Milliseconds(sorted[min(len(sorted)-1, int(p*float64(len(sorted))))])
}
