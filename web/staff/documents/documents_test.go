package documents_test

import (
	"testing"

	"sportello/assistant/store"
	"sportello/web/staff"
	"sportello/web/staff/documents"
	"sportello/web/staff/stafftest"
)

func parts(s *store.Store) []staff.Part {
	return []staff.Part{documents.New(documents.Config{Store: s})}
}

// Every route, every role, every place.
func TestMatrix(t *testing.T) { stafftest.Matrix(t, parts) }
