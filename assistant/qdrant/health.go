package qdrant

import (
	"context"

	client "github.com/qdrant/go-client/qdrant"
)

// Health is how the server and the collection are.
type Health struct {
	Version string `json:"version"`
	Status  string `json:"status"` // green, yellow (being optimised), grey (optimising waits), red (something is broken)
	Points  int    `json:"points"`
	Indexed int    `json:"indexed"` // vectors in the graph; the others are searched one by one
	Fault   string `json:"fault,omitempty"`
}

// Health asks the server. Errors are those of a server that does not answer.
func (x *Index) Health(ctx context.Context) (Health, error) {
	reply, err := x.client.HealthCheck(ctx)
	if err != nil {
		return Health{}, explain(ctx, err)
	}
	h := Health{Version: reply.GetVersion()}
	info, err := x.client.GetCollectionInfo(ctx, x.collection)
	if err != nil {
		return h, explain(ctx, err)
	}
	h.Points, h.Indexed, h.Fault = int(info.GetPointsCount()), int(info.GetIndexedVectorsCount()), info.GetOptimizerStatus().GetError()
	h.Status = map[client.CollectionStatus]string{
		client.CollectionStatus_Green: "green", client.CollectionStatus_Yellow: "yellow", client.CollectionStatus_Grey: "grey", client.CollectionStatus_Red: "red",
	}[info.GetStatus()]
	return h, nil
}
