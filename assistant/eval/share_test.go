package eval

import (
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestShare(t *testing.T) {
	for _, tt := range []struct {
		s         Share
		low, high float64 // Wilson 1927, as other programs compute it
	}{
		{Share{95, 120}, .7106, .8546},
		{Share{0, 10}, 0, .2775},
		{Share{10, 10}, .7225, 1},
		{Share{}, 0, 1},
	} {
		low, high := tt.s.Interval()
		if math.Abs(low-tt.low) > .0002 || math.Abs(high-tt.high) > .0002 {
			t.Errorf("%+v: %.4f to %.4f", tt.s, low, high)
		}
	}
	if got := (Share{95, 120}).String() + (Share{}).String(); got != "0.792 [0.71 0.85]-" {
		t.Error(got)
	}
}

func TestSeparation(t *testing.T) {
	high, low := []float64{.9, .8, .7, .6, .5}, []float64{.6, .4, .3, .2}
	if got := AUC(high, low); math.Abs(got-.925) > 1e-9 { // 18 pairs won and one tie of 20
		t.Errorf("AUC %v", got)
	}
	if got := AUC(nil, low); got != .5 {
		t.Errorf("AUC of nothing %v", got)
	}
	for _, tt := range []struct {
		falseRefusals float64
		want          Share
	}{{0, Share{3, 4}}, {.2, Share{3, 4}}, {.4, Share{4, 4}}, {1, Share{4, 4}}} {
		if got := RefusedAt(high, low, tt.falseRefusals); got != tt.want {
			t.Errorf("at %v: %+v", tt.falseRefusals, got)
		}
	}
	if got := RefusedAt(nil, low, .1); got != (Share{}) {
		t.Errorf("nothing to refuse by: %+v", got)
	}
}

func TestCalibration(t *testing.T) {
	got := Calibration([]Judged{{1, true}, {.95, true}, {.91, false}, {.05, false}, {0, false}})
	want := []Tenth{{From: 0, N: 2, Confidence: .025, right: Share{0, 2}}, {From: .9, N: 3, Confidence: .953, Right: .667, right: Share{2, 3}}}
	if d := cmp.Diff(want, got, cmp.AllowUnexported(Tenth{})); d != "" {
		t.Error(d)
	}
	if got := CalibrationError(want); math.Abs(got-(2*.025+3*.286)/5) > 1e-9 {
		t.Errorf("calibration error %v", got)
	}
	if CalibrationError(nil) != 0 {
		t.Error("no case, no error")
	}
}

func TestTable(t *testing.T) {
	table := Table{Title: "Somme", Columns: []string{"città", "n", "share"}}
	table.Add("Forlì", 12, Share{1, 2})
	table.Add("Forlì-Cesena", 3, .5)
	want := "Somme\n  città         n   share\n  Forlì         12  0.500 [0.09 0.91]\n  Forlì-Cesena  3   0.500\n"
	if d := cmp.Diff(want, table.String()); d != "" {
		t.Error(d)
	}
	if got := joined("head\n", Table{Title: "empty"}, table); got != "head\n\n"+want {
		t.Errorf("%q", got)
	}
}

func TestCompare(t *testing.T) {
	const line = "  italian  1200  0.792 [0.71 0.86]  900"
	was := "set: 3 comuni\n\nTable\n" + line + "\n  french   9     0.500 [0.25 0.75]  10\n  gone     1     0.100              2\n"
	one := func(change Change) []Change { return []Change{change} }
	for _, tt := range []struct {
		what, is string
		want     []Change
	}{
		{"as it was", was, nil},
		{"intervals and spaces apart", strings.NewReplacer("[0.71 0.86]", "[0.70 0.87]", "  1200", " 1200").Replace(was), one(Change{Was: line, Is: "  italian 1200  0.792 [0.70 0.87]  900"})},
		{"within the tolerance", strings.NewReplacer("0.792", "0.796", " 900", " 905").Replace(was), one(Change{Was: line, Is: "  italian  1200  0.796 [0.71 0.86]  905"})},
		{"a share moved", strings.Replace(was, "0.792", "0.799", 1), one(Change{Was: line, Is: "  italian  1200  0.799 [0.71 0.86]  900", Moved: true})},
		{"one case of nine", strings.NewReplacer("0.500", "0.611", "  10\n", "  11\n").Replace(was), one(Change{Was: "  french   9     0.500 [0.25 0.75]  10", Is: "  french   9     0.611 [0.25 0.75]  11"})},
		{"two cases of nine", strings.Replace(was, "0.500", "0.722", 1), one(Change{Was: "  french   9     0.500 [0.25 0.75]  10", Is: "  french   9     0.722 [0.25 0.75]  10", Moved: true})},
		{"a count moved", strings.Replace(was, "  10\n", "  12\n", 1), one(Change{Was: "  french   9     0.500 [0.25 0.75]  10", Is: "  french   9     0.500 [0.25 0.75]  12", Moved: true})},
		{"a line is gone and one is new", strings.Replace(was, "  gone ", "  new ", 1), []Change{
			{Was: "  gone     1     0.100              2", Moved: true}, {Is: "  new     1     0.100              2", Moved: true}}},
	} {
		if d := cmp.Diff(tt.want, Compare(was, tt.is, Tolerance{Share: .005, Count: .01, Cases: 1})); d != "" {
			t.Errorf("%s: %s", tt.what, d)
		}
	}
	if got := (Change{Was: "a 1", Is: "a 2", Moved: true}).String(); got != "!- a 1\n!+ a 2\n" {
		t.Errorf("%q", got)
	}
}
