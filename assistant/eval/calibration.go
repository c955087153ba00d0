package eval

import (
	"fmt"
	"math"
)

// Judged is an answer with how sure it was and whether it was right.
type Judged struct {
	Confidence float64
	Right      bool
}

// Tenth is a bar of a calibration curve: the cases whose confidence lies in one tenth of 0..1.
type Tenth struct {
	From       float64 `json:"from"`
	N          int     `json:"n"`
	Confidence float64 `json:"confidence"` // mean
	Right      float64 `json:"right"`
	right      Share
}

// Calibration puts cases in tenths by confidence; tenths without cases are left out. In a calibrated system the share that is right is about
// the confidence.
func Calibration(cases []Judged) []Tenth {
	var tenths [10][]Judged
	for _, c := range cases {
		i := min(max(int(c.Confidence*10), 0), 9)
		tenths[i] = append(tenths[i], c)
	}
	var out []Tenth
	for i, group := range tenths {
		if len(group) == 0 {
			continue
		}
		t := Tenth{From: float64(i) / 10, N: len(group), right: shareOf(group, func(c Judged) bool { return c.Right })}
		for _, c := range group {
			t.Confidence += c.Confidence / float64(len(group))
		}
		t.Confidence, t.Right = round(t.Confidence), round(t.right.Value())
		out = append(out, t)
	}
	return out
}

// CalibrationError is the mean distance of confidence and share that is right, tenth by tenth, weighed by their cases.
func CalibrationError(tenths []Tenth) float64 {
	n, sum := 0, 0.0
	for _, t := range tenths {
		n += t.N
		sum += float64(t.N) * math.Abs(t.Confidence-t.Right)
	}
	if n == 0 {
		return 0
	}
	return sum / float64(n)
}

func calibrationTable(title, right string, cases []Judged) Table {
	tenths := Calibration(cases)
	t := Table{Title: fmt.Sprintf("%s; calibration error %.3f", title, CalibrationError(tenths)), Columns: []string{"confidence", "n", "mean", right}}
	for _, x := range tenths {
		t.Add(fmt.Sprintf("%.1f to %.1f", x.From, x.From+0.1), x.N, x.Confidence, x.right)
	}
	return t
}
