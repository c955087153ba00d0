package staff_test

import (
	"testing"

	"sportello/web/staff/stafftest"
)

// Every route, every role, every place. cmd/sportello walks the pages of the other packages too.
func TestMatrix(t *testing.T) { stafftest.Matrix(t, nil) }
