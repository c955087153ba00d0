package qdrant

import (
	"context"

	client "github.com/qdrant/go-client/qdrant"

	"sportello/assistant"
	"sportello/ingest"
)

// Search implements assistant.Index: both legs in one request, filtered by the server.
func (x *Index) Search(ctx context.Context, q assistant.IndexQuery) (words, near []assistant.Hit, err error) {
	if err := ctx.Err(); err != nil {
		return nil, nil, err
	}
	if q.K <= 0 || len(q.Tenants) == 0 {
		return nil, nil, nil
	}
	var legs []*client.QueryPoints
	var into []*[]assistant.Hit
	filter := filterOf(q)
	if len(q.Terms) > 0 {
		v := wanted(q.Terms).GetSparse()
		legs, into = append(legs, x.leg(vectorWords, client.NewQuerySparse(v.GetIndices(), v.GetValues()), filter, q.K)), append(into, &words)
	}
	if x.meaning && len(q.Vector) > 0 {
		leg := x.leg(vectorMeaning, client.NewQueryDense(q.Vector), filter, q.K)
		leg.Params = &client.SearchParams{Exact: client.PtrOf(x.exact)}
		legs, into = append(legs, leg), append(into, &near)
	}
	if len(legs) == 0 {
		return nil, nil, nil
	}
	x.replacing.RLock()
	results, err := x.client.QueryBatch(ctx, &client.QueryBatchPoints{CollectionName: x.collection, QueryPoints: legs})
	x.replacing.RUnlock()
	if err != nil {
		return nil, nil, explain(ctx, err)
	}
	for i, r := range results {
		for _, p := range r.GetResult() {
			*into[i] = append(*into[i], assistant.Hit{ID: p.GetId().GetUuid(), Score: float64(p.GetScore())})
		}
	}
	return words, near, nil
}

func (x *Index) leg(vector string, query *client.Query, filter *client.Filter, k int) *client.QueryPoints {
	return &client.QueryPoints{
		CollectionName: x.collection, Query: query, Using: client.PtrOf(vector), Filter: filter, Limit: client.PtrOf(uint64(k)),
		WithPayload: client.NewWithPayload(false),
	}
}

// filterOf says which points a query may see.
func filterOf(q assistant.IndexQuery) *client.Filter {
	must := []*client.Condition{client.NewMatchKeywords(fieldTenant, q.Tenants...)}
	if q.Audience != ingest.Staff {
		must = append(must, client.NewMatchKeyword(fieldVisibility, string(ingest.Public)))
	}
	if q.At != "" {
		at := float64(day(q.At, 0))
		must = append(must, client.NewRange(fieldFrom, &client.Range{Lte: &at}), client.NewRange(fieldTo, &client.Range{Gte: &at}))
	}
	return &client.Filter{Must: must}
}
