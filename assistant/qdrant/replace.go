package qdrant

import (
	"context"
	"strconv"
	"strings"

	client "github.com/qdrant/go-client/qdrant"

	"sportello/assistant"
	"sportello/ingest"
)

// upsertBatch is how many points go in one message: with a vector of 1,024 numbers and its words a point has at most 12 kB, and gRPC takes
// 4 MB. The next is sent when the one before is applied: a server that is behind slows down who fills it.
const upsertBatch = 256

// Replace implements assistant.Index. The new points are put in and whatever else the document had is deleted, in one batch
// that returns when both are applied. Of a document that needs several messages the first go ahead: until the last one, searches see the old version
// and part of the new, and the store knows which is live. What breaks off in the middle is mended by repeating it, which the outbox does.
func (x *Index) Replace(ctx context.Context, tenant, documentID string, points []assistant.Point) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	keep := make([]*client.PointId, 0, len(points))
	all := make([]*client.PointStruct, 0, len(points))
	for _, p := range points {
		keep, all = append(keep, client.NewIDUUID(p.ID)), append(all, x.point(p))
	}
	for ; len(all) > upsertBatch; all = all[upsertBatch:] {
		if err := x.update(ctx, upsert(all[:upsertBatch])); err != nil {
			return err
		}
	}
	old := &client.Filter{Must: []*client.Condition{client.NewMatchKeyword(fieldTenant, tenant), client.NewMatchKeyword(fieldDocument, documentID)}}
	if len(keep) > 0 {
		old.MustNot = []*client.Condition{client.NewHasID(keep...)}
	}
	var last []*client.PointsUpdateOperation
	if len(all) > 0 {
		last = append(last, upsert(all))
	}
	x.replacing.Lock()
	defer x.replacing.Unlock()
	return x.update(ctx, append(last, client.NewPointsUpdateDeletePoints(&client.PointsUpdateOperation_DeletePoints{Points: client.NewPointsSelectorFilter(old)}))...)
}

func upsert(points []*client.PointStruct) *client.PointsUpdateOperation {
	return client.NewPointsUpdateUpsert(&client.PointsUpdateOperation_PointStructList{Points: points})
}

// update sends operations and waits until they are applied.
func (x *Index) update(ctx context.Context, operations ...*client.PointsUpdateOperation) error {
	_, err := x.client.UpdateBatch(ctx, &client.UpdateBatchPoints{
		CollectionName: x.collection, Operations: operations, Wait: client.PtrOf(true),
		Ordering: &client.WriteOrdering{Type: client.WriteOrderingType_Medium},
	})
	return explain(ctx, err)
}

func (x *Index) point(p assistant.Point) *client.PointStruct {
	vectors := map[string]*client.Vector{vectorWords: sparse(p.Terms)}
	if x.meaning && len(p.Vector) > 0 {
		vectors[vectorMeaning] = client.NewVectorDense(p.Vector)
	}
	visibility := p.Visibility
	if visibility == "" {
		visibility = ingest.Staff // what is not said to be public is not
	}
	return &client.PointStruct{
		Id:      client.NewIDUUID(p.ID),
		Vectors: client.NewVectorsMap(vectors),
		Payload: client.NewValueMap(map[string]any{
			fieldTenant: p.Tenant, fieldDocument: p.DocumentID, fieldVisibility: string(visibility),
			fieldFrom: day(p.ValidFrom, 0), fieldTo: day(p.ValidTo, always),
		}),
	}
}

// always is later than any last day.
const always = 99999999

// day writes an ISO date as the number 20211231, so that days can be compared by the server; none gives the other value.
func day(iso string, none int64) int64 {
	n, err := strconv.ParseInt(strings.ReplaceAll(iso, "-", ""), 10, 64)
	if err != nil {
		return none
	}
	return n
}
