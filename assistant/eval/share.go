package eval

import (
	"fmt"
	"math"
	"slices"
)

// Share is how many of a number of cases have something.
type Share struct{ Hits, N int }

func shareOf[T any](all []T, has func(T) bool) Share {
	s := Share{N: len(all)}
	for _, x := range all {
		if has(x) {
			s.Hits++
		}
	}
	return s
}

// Value is the share, 0 of no cases.
func (s Share) Value() float64 {
	if s.N == 0 {
		return 0
	}
	return float64(s.Hits) / float64(s.N)
}

// Interval is the 95 % interval of Wilson (1927), which holds for few cases and for shares near 0 and 1 too.
func (s Share) Interval() (low, high float64) {
	if s.N == 0 {
		return 0, 1
	}
	const z = 1.959964
	n, p := float64(s.N), s.Value()
	middle := (p + z*z/(2*n)) / (1 + z*z/n)
	half := z / (1 + z*z/n) * math.Sqrt(p*(1-p)/n+z*z/(4*n*n))
	return max(middle-half, 0), min(middle+half, 1)
}

// String writes the share with its interval: "0.792 [0.71 0.86]", "-" of no cases.
func (s Share) String() string {
	if s.N == 0 {
		return "-"
	}
	low, high := s.Interval()
	return fmt.Sprintf("%.3f [%.2f %.2f]", s.Value(), low, high)
}

// AUC is the chance that a case of high has a greater value than one of low, ties half: the area under the ROC curve. 0.5 when
// one of them is empty.
func AUC(high, low []float64) float64 {
	if len(high) == 0 || len(low) == 0 {
		return 0.5
	}
	low = slices.Clone(low)
	slices.Sort(low)
	won := 0.0
	for _, h := range high {
		below, _ := slices.BinarySearch(low, h)
		upTo, _ := slices.BinarySearch(low, math.Nextafter(h, math.Inf(1)))
		won += float64(below) + float64(upTo-below)/2
	}
	return won / float64(len(high)) / float64(len(low))
}

// RefusedAt is the share of low that a threshold refuses which refuses at most the given share of high, the answerable ones.
func RefusedAt(high, low []float64, falseRefusals float64) Share {
	if len(high) == 0 {
		return Share{}
	}
	sorted := slices.Sorted(slices.Values(high))
	threshold := sorted[min(int(falseRefusals*float64(len(sorted))), len(sorted)-1)] // what is below it is refused
	return shareOf(low, func(v float64) bool { return v < threshold })
}
