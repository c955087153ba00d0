package plan

import (
	"math"
	"os"
	"path/filepath"
	"testing"

	"sportello/assistant/fault"
)

// round figures, so that a person can follow them.
func round() (Demand, Costs, Assumptions) {
	d := Demand{Comuni: 10, Questions: 360, Passages: 1000, Pages: 2, PeakHour: 0.5, Burst: 4}
	c := Costs{
		AnswerCPU: Cost{Value: 0.4}, QuestionCPU: Cost{Value: 0.1}, PageCPU: Cost{Value: 90}, ServerMemory: Cost{Value: 256}, EngineMemory: Cost{Value: 256},
		PassageMemory: Cost{Value: 0.1024}, PassageDisk: Cost{Value: 0.2048},
	}
	a := Assumptions{
		Small: Machine{Name: "s", Cores: 1, Memory: 4, Price: 600, Idle: 10, Core: 5}, Large: Machine{Name: "l", Cores: 2, Memory: 12, Price: 2400, Idle: 50, Core: 10},
		KWh: 0.5, Years: 5, Filled: 0.5, GPU: 1200, GPUWatts: 300, GPUIdle: 20, Answered: 0.5,
	}
	return d, c, a
}

func value(t *testing.T, p *Plan, key string) float64 {
	t.Helper()
	for _, s := range p.Steps {
		if s.Key == key {
			return s.Value
		}
	}
	t.Fatalf("no step %s", key)
	return 0
}

func TestPlan(t *testing.T) {
	p, err := Make(round())
	if err != nil {
		t.Fatal(err)
	}
	busy := (3600*0.5 + 10*2*90) * daysOfMonth / 3600 // a second of a core an hour of a day…
	for key, want := range map[string]float64{
		"questions_day": 3600, "peak": 2, "cpu_answer": 0.5, "cores": 2, "passages_all": 10_000, "index_memory": 1, "disk": 2, "working": 1, "machines": 2,
		"busy": busy, "kwh_idle": 2 * 50 * hoursOfMonth / 1000, "kwh_work": busy * 10 / 1000, "euro_hardware": 2 * 2400 / 60.0,
	} {
		if got := value(t, p, key); math.Abs(got-want) > 1e-9 {
			t.Errorf("%s is %v, want %v", key, got, want)
		}
	}
	if p.Machine.Name != "l" || p.Nodes != 2 || p.Spare != 1 || !p.Several || p.Qdrant || p.GPUs != 0 {
		t.Errorf("%+v", p)
	}
	if want := p.KWh*0.5 + 80; math.Abs(p.Euro-want) > 1e-9 || math.Abs(p.PerComune-want/10) > 1e-9 {
		t.Errorf("%v euro, want %v", p.Euro, want)
	}
}

func TestWhatIsEnough(t *testing.T) {
	for name, tt := range map[string]struct {
		change  func(*Demand, *Assumptions)
		machine string
		nodes   int
		qdrant  bool
		gpus    int
	}{
		"one quiet comune has one small machine and none to spare": {func(d *Demand, _ *Assumptions) { d.Comuni, d.Questions = 1, 60 }, "s", 1, false, 0},
		"nobody asks":                      {func(d *Demand, _ *Assumptions) { d.Comuni, d.Questions = 1, 0 }, "s", 1, false, 0},
		"an index that one does not hold":  {func(d *Demand, _ *Assumptions) { d.Passages = 100_000 }, "l", 18, true, 0},
		"ten times the questions":          {func(d *Demand, _ *Assumptions) { d.Questions = 3600 }, "l", 11, false, 0},
		"a chat model that takes a second": {func(d *Demand, _ *Assumptions) { d.ChatGPU = 1 }, "l", 2, false, 2},
	} {
		d, c, a := round()
		tt.change(&d, &a)
		p, err := Make(d, c, a)
		if err != nil {
			t.Fatal(name, err)
		}
		if p.Machine.Name != tt.machine || p.Nodes != tt.nodes || p.Qdrant != tt.qdrant || p.GPUs != tt.gpus {
			t.Errorf("%s: %s, %d machines, Qdrant %t, %d GPUs", name, p.Machine.Name, p.Nodes, p.Qdrant, p.GPUs)
		}
		if d.Questions == 0 && (p.PerAnswer != 0 || math.IsNaN(p.Euro)) {
			t.Errorf("%s: %+v", name, p)
		}
	}
}

// More of anything never costs less.
func TestMoreIsNotCheaper(t *testing.T) {
	d, c, a := round()
	last := 0.0
	for _, n := range []int{1, 4, 5, 12, 59, 400} {
		d.Comuni = n
		p, err := Make(d, c, a)
		if err != nil {
			t.Fatal(err)
		}
		if p.Euro < last {
			t.Errorf("%d comuni cost %v, fewer cost %v", n, p.Euro, last)
		}
		last = p.Euro
	}
}

func TestWrongFigures(t *testing.T) {
	for _, change := range []func(*Demand, *Assumptions){
		func(d *Demand, _ *Assumptions) { d.Comuni = 0 }, func(d *Demand, _ *Assumptions) { d.PeakHour = 2 }, func(d *Demand, _ *Assumptions) { d.Burst = 0 },
		func(_ *Demand, a *Assumptions) { a.Years = 0 }, func(_ *Demand, a *Assumptions) { a.Small.Cores = 0 }, func(_ *Demand, a *Assumptions) { a.Large.Memory = 1 },
	} {
		d, c, a := round()
		change(&d, &a)
		if _, err := Make(d, c, a); fault.CodeOf(err) != fault.Invalid {
			t.Errorf("%+v %+v: %v", d, a, err)
		}
	}
}

func TestCosts(t *testing.T) {
	measured, err := Measured()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "costs.toml")
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("[answer_cpu]\nvalue = 9\ncommand = \"mine\"\n")
	own, err := ReadCosts(file)
	if err != nil || own.AnswerCPU.Value != 9 || own.AnswerCPU.Command != "mine" || own.PageCPU != measured.PageCPU {
		t.Errorf("%v %+v", err, own)
	}
	for _, bad := range []string{"[answer_cpu]\nvalue = -1", "[answer_cpu]\nvalue = \"a\"", "[", "[page_cpu]\nvalue = nan"} {
		write(bad)
		if _, err := ReadCosts(file); fault.CodeOf(err) != fault.Invalid {
			t.Errorf("%q: %v", bad, err)
		}
	}
	if _, err := ReadCosts(file + "x"); fault.CodeOf(err) != fault.Invalid {
		t.Error(err)
	}
}
