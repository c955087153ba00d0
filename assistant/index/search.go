package index

import (
	"context"
	"math"
	"runtime"
	"sync"
	"sync/atomic"

	"sportello/assistant"
	"sportello/ingest"
)

// BM25 constants (Robertson and Zaragoza 2009), lower than the usual 1.2 and 0.75: chunks are short and of about equal length, so
// that how often a word occurs and how long the chunk is say less than in whole documents.
const (
	bm25K1 = 0.9
	bm25B  = 0.5
)

// Search implements assistant.Index. The statistics of BM25 are those of all tenants of the query together.
func (x *Index) Search(ctx context.Context, q assistant.IndexQuery) (words, near []assistant.Hit, err error) {
	if q.K <= 0 {
		return nil, nil, nil
	}
	var parts []part
	points, length := 0, int64(0)
	for _, name := range q.Tenants {
		sn, err := x.snapshot(ctx, name)
		if err != nil {
			return nil, nil, err
		}
		parts = append(parts, sn.parts...)
		points += sn.points
		length += sn.words
	}
	if err := ctx.Err(); err != nil {
		return nil, nil, err
	}
	if points == 0 {
		return nil, nil, nil
	}
	f := filter{staff: q.Audience == ingest.Staff, at: day(q.At)}
	if len(q.Terms) > 0 {
		words = searchWords(parts, points, length, q.Terms, f, q.K)
	}
	if len(q.Vector) > 0 {
		near = searchVectors(parts, q.Vector, f, q.K)
	}
	return words, near, nil
}

// filter leaves points out of a search.
type filter struct {
	staff bool
	at    int32 // 0: any day
}

func (f filter) admits(p *part, i int) bool {
	switch {
	case p.dead.has(i):
		return false
	case p.staff[i] && !f.staff:
		return false
	case f.at == 0:
		return true
	}
	return (p.from[i] == 0 || p.from[i] <= f.at) && (p.to[i] == 0 || f.at <= p.to[i])
}

var scorePool = sync.Pool{New: func() any { return new([]float32) }}

// holding is how many living points have a term.
func (p *part) holding(term string) int {
	list := p.list(term)
	if p.dead == nil {
		return len(list)
	}
	n := 0
	for _, post := range list {
		if !p.dead.has(int(post >> 8)) {
			n++
		}
	}
	return n
}

// searchWords scores by BM25, the weight of a term multiplying what it adds.
func searchWords(parts []part, points int, length int64, terms []assistant.Term, f filter, k int) []assistant.Hit {
	average := max(float64(length)/float64(points), 1)
	weights := make([]float64, len(terms))
	for i, t := range terms {
		df := 0
		for p := range parts {
			df += parts[p].holding(t.Text)
		}
		if df > 0 {
			weights[i] = float64(max(t.Count, 1)) * math.Log(1+(float64(points-df)+0.5)/(float64(df)+0.5))
		}
	}
	best := newTop(k)
	buffer := scorePool.Get().(*[]float32)
	defer scorePool.Put(buffer)
	for pi := range parts {
		p := &parts[pi]
		if cap(*buffer) < p.size() {
			*buffer = make([]float32, p.size())
		}
		scores := (*buffer)[:p.size()]
		clear(scores)
		found := false
		for i, t := range terms {
			list := p.list(t.Text)
			if weights[i] == 0 || len(list) == 0 {
				continue
			}
			found = true
			w, base, slope := float32(weights[i]*(bm25K1+1)), float32(bm25K1*(1-bm25B)), float32(bm25K1*bm25B/average)
			for _, post := range list {
				n, tf := post>>8, float32(post&255)
				scores[n] += w * tf / (tf + base + slope*float32(p.length[n]))
			}
		}
		if !found {
			continue
		}
		floor := float32(best.floor())
		for i, s := range scores {
			if s > 0 && s >= floor && f.admits(p, i) {
				best.add(p.segment, i, float64(s))
				floor = float32(best.floor())
			}
		}
	}
	return best.hits()
}

// searchVectors scores by dot product; vectors of another length than the query's come from another model and are left out.
func searchVectors(parts []part, query []float32, f filter, k int) []assistant.Hit {
	type job struct {
		p     *part
		block int
	}
	var jobs []job
	for i := range parts {
		p := &parts[i]
		if p.dim != len(query) {
			continue
		}
		for b := range p.blocks {
			jobs = append(jobs, job{p, b})
		}
	}
	question, best := newSought(query), newTop(k)
	workers := min(runtime.GOMAXPROCS(0), 4, len(jobs))
	if workers <= 1 {
		for _, j := range jobs {
			question.scan(best, j.p, j.block, f)
		}
		return best.hits()
	}
	tops := make([]*top, workers)
	var next atomic.Int64
	var wg sync.WaitGroup
	for w := range workers {
		tops[w] = newTop(k)
		wg.Go(func() {
			for n := int(next.Add(1)) - 1; n < len(jobs); n = int(next.Add(1)) - 1 {
				question.scan(tops[w], jobs[n].p, jobs[n].block, f)
			}
		})
	}
	wg.Wait()
	for _, t := range tops {
		for _, h := range t.heap {
			best.add(h.s, h.point, h.score)
		}
	}
	return best.hits()
}
