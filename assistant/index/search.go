package index

import (
	"context"
	"math"
	"runtime"
	"sync"

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
		if cap(*buffer) < len(p.ids) {
			*buffer = make([]float32, len(p.ids))
		}
		scores := (*buffer)[:len(p.ids)]
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
		for i, s := range scores {
			if s > 0 && best.wants(float64(s)) && f.admits(p, i) {
				best.add(p.ids[i], float64(s))
			}
		}
	}
	return best.hits()
}

// parallelRows is how many vectors make it worth asking another core.
const parallelRows = 4096

// searchVectors scores by dot product; vectors of another length than the query's come from another model and are left out.
func searchVectors(parts []part, query []float32, f filter, k int) []assistant.Hit {
	type job struct {
		p          *part
		start, end int
	}
	var jobs []job
	for i := range parts {
		p := &parts[i]
		if p.rows == 0 || p.dim != len(query) {
			continue
		}
		for s := 0; s < len(p.ids); s += parallelRows {
			jobs = append(jobs, job{p, s, min(s+parallelRows, len(p.ids))})
		}
	}
	scan := func(best *top, j job) {
		p := j.p
		for i := j.start; i < j.end; i++ {
			r := int(p.row[i])
			if r < 0 || !f.admits(p, i) {
				continue
			}
			if s := float64(dot(query, p.vectors[r*p.dim:(r+1)*p.dim])); best.wants(s) {
				best.add(p.ids[i], s)
			}
		}
	}
	best := newTop(k)
	workers := min(runtime.GOMAXPROCS(0), 4, len(jobs))
	if workers <= 1 {
		for _, j := range jobs {
			scan(best, j)
		}
		return best.hits()
	}
	tops := make([]*top, workers)
	var wg sync.WaitGroup
	for w := range workers {
		tops[w] = newTop(k)
		wg.Go(func() {
			for n := w; n < len(jobs); n += workers {
				scan(tops[w], jobs[n])
			}
		})
	}
	wg.Wait()
	for _, t := range tops {
		for _, h := range t.heap {
			if best.wants(h.Score) {
				best.add(h.ID, h.Score)
			}
		}
	}
	return best.hits()
}

// dot is the sum of products, eight at a time in four sums: the compiler keeps them in registers and the processor works on
// them at once.
func dot(a, b []float32) float32 {
	b = b[:len(a)]
	var s0, s1, s2, s3 float32
	i := 0
	for ; i+8 <= len(a); i += 8 {
		x, y := a[i:i+8:i+8], b[i:i+8:i+8]
		s0 += x[0]*y[0] + x[4]*y[4]
		s1 += x[1]*y[1] + x[5]*y[5]
		s2 += x[2]*y[2] + x[6]*y[6]
		s3 += x[3]*y[3] + x[7]*y[7]
	}
	for ; i < len(a); i++ {
		s0 += a[i] * b[i]
	}
	return s0 + s1 + s2 + s3
}
