package contest

import (
	"context"
	"errors"
	"io"
	"math"
	"os"
	"slices"
	"testing"
)

// TestMain lets the test be the contestant that it starts.
func TestMain(m *testing.M) {
	if os.Getenv("CONTEST_ENGINE") != "" {
		if err := Serve(os.Stdin, os.Stdout, func(string) (Engine, error) { return Embedded(), nil }); err != nil && !errors.Is(err, io.EOF) {
			panic(err)
		}
		return
	}
	os.Exit(m.Run())
}

func small() *Corpus {
	return &Corpus{
		Texts:   []string{"Art. 1 La TARI si versa in due rate entro il 30 giugno", "Art. 2 Il passo carrabile è autorizzato dal 2019", "Art. 3 La Giunta approva le tariffe"},
		Vectors: MadeVectors(5, 64, 1), Seed: 7,
	}
}

func TestPassagesAreTheSameAgain(t *testing.T) {
	var first, again []*Passage
	for p := range small().Passages(200, true, true) {
		first = append(first, p)
	}
	for p := range small().Passages(200, true, true) {
		again = append(again, p)
	}
	seen := map[string]bool{}
	for i, p := range first {
		if p.Text != again[i].Text || !slices.Equal(p.Vector, again[i].Vector) || p.ID != again[i].ID {
			t.Fatalf("passage %d is another one the second time", i)
		}
		sum := 0.0
		for _, x := range p.Vector {
			sum += float64(x) * float64(x)
		}
		if math.Abs(sum-1) > 1e-4 {
			t.Fatalf("vector %d is %.5f long", i, sum)
		}
		seen[p.Text] = true
	}
	if len(seen) < 100 {
		t.Errorf("%d texts of 200 differ: nothing was changed", len(seen))
	}
	for p := range small().Passages(3, false, true) { // vectors alone are those of both
		if p.Text != "" || !slices.Equal(p.Vector, first[slices.IndexFunc(first, func(f *Passage) bool { return f.ID == p.ID })].Vector) {
			t.Errorf("%s has another vector without its words", p.ID)
		}
	}
}

func TestRun(t *testing.T) {
	t.Setenv("CONTEST_ENGINE", "1")
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	const n, k = 500, 10
	c := small()
	questions := []Question{{Text: "quando si paga la tari", Vector: c.Vectors[0]}, {Text: "passo carrabile", Vector: c.Vectors[3]}}
	exact, err := Exact(context.Background(), c, n, k, questions)
	if err != nil || len(exact) != 2 || len(exact[0]) != k || len(exact[1]) != k {
		t.Fatal(exact, err)
	}
	for _, e := range []Entrant{{Name: "ours", Words: true}, {Name: "ours", Vectors: true}, {Name: "ours", Words: true, Vectors: true}} {
		e.Program = []string{self}
		r, err := Run(context.Background(), e, c, n, k, questions, exact)
		if err != nil {
			t.Fatal(e.Leg(), err)
		}
		if r.Passages != n || r.P50 <= 0 || r.P95 < r.P50 || r.Filled <= 0 {
			t.Errorf("%s: %+v", e.Leg(), r)
		}
		if want := map[bool]float64{true: 1}[e.Leg() == "vectors"]; r.Recall != want {
			t.Errorf("%s: recall %.2f, want %.2f", e.Leg(), r.Recall, want)
		}
	}
	if _, err := Run(context.Background(), Entrant{Name: "none", Program: []string{"/does/not/exist"}}, c, 1, 1, questions, exact); err == nil {
		t.Error("a program that is not there took part")
	}
	if _, err := Run(context.Background(), Entrant{Name: "mute", Program: []string{"true"}, Words: true}, c, 1, 1, questions, exact); err == nil {
		t.Error("a program that ends at once took part")
	}
}
