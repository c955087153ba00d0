package qdrant

import (
	"context"
	"strconv"
	"strings"

	client "github.com/qdrant/go-client/qdrant"

	"sportello/assistant"
	"sportello/ingest"
)

// upsertBatch is how many points go in one operation: a message stays well below gRPC's 4 MB.
const upsertBatch = 256

// Replace implements assistant.Index. The new points are put in and whatever else the document had is deleted, in one batch
// that returns when both are applied. A batch that breaks off in the middle is mended by repeating it, which the outbox does.
func (x *Index) Replace(ctx context.Context, tenant, documentID string, points []assistant.Point) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	var operations []*client.PointsUpdateOperation
	keep := make([]*client.PointId, 0, len(points))
	var batch []*client.PointStruct
	flush := func() {
		if len(batch) > 0 {
			operations = append(operations, client.NewPointsUpdateUpsert(&client.PointsUpdateOperation_PointStructList{Points: batch}))
			batch = nil
		}
	}
	for _, p := range points {
		keep = append(keep, client.NewIDUUID(p.ID))
		batch = append(batch, x.point(p))
		if len(batch) == upsertBatch {
			flush()
		}
	}
	flush()
	old := &client.Filter{Must: []*client.Condition{client.NewMatchKeyword(fieldTenant, tenant), client.NewMatchKeyword(fieldDocument, documentID)}}
	if len(keep) > 0 {
		old.MustNot = []*client.Condition{client.NewHasID(keep...)}
	}
	operations = append(operations, client.NewPointsUpdateDeletePoints(&client.PointsUpdateOperation_DeletePoints{Points: client.NewPointsSelectorFilter(old)}))

	x.replacing.Lock()
	defer x.replacing.Unlock()
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
