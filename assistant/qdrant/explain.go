package qdrant

import (
	"context"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"sportello/assistant/fault"
)

// explain turns an error of the server into one that says what to do.
func explain(ctx context.Context, err error) error {
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return ctx.Err()
	}
	switch status.Code(err) {
	case codes.Unauthenticated, codes.PermissionDenied:
		return fault.Wrap(fault.Invalid, err, "Qdrant refuses the key: check qdrant.api_key")
	case codes.Unavailable, codes.DeadlineExceeded, codes.ResourceExhausted, codes.Aborted:
		return fault.Wrap(fault.Unavailable, err, "Qdrant does not answer: check that it runs and qdrant.address, and whether it wants TLS")
	case codes.NotFound:
		return fault.Wrap(fault.Unavailable, err, "the collection is gone from Qdrant: restart to fill it again")
	}
	return fault.Wrap(fault.Internal, err, "Qdrant did not do what it was asked")
}
