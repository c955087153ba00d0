package program_test

import (
	"testing"

	"sportello/assistant/store"
	"sportello/web/staff"
	"sportello/web/staff/program"
	"sportello/web/staff/stafftest"
)

// Every route with tokens of every role, for every action, in every place. What the routes answer is checked against the
// description in package web.
func TestMatrix(t *testing.T) {
	stafftest.Matrix(t, func(s *store.Store) []staff.Part { return []staff.Part{program.New(program.Config{Store: s})} })
}
