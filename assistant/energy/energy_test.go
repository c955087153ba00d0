//go:build unix

package energy

import (
	"context"
	"math"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"sportello/assistant"
)

// book is a Ledger in memory.
type book map[string]assistant.Energy

func (b book) AddEnergy(_ context.Context, tenant string, u assistant.Energy) error {
	sum := b[tenant]
	sum.Answers, sum.CPU, sum.Joules, sum.Measured = sum.Answers+u.Answers, sum.CPU+u.CPU, sum.Joules+u.Joules, sum.Measured+u.Measured
	b[tenant] = sum
	return nil
}

func near(a, b float64) bool { return math.Abs(a-b) < 1e-6*max(1, math.Abs(b)) }

// played is a meter whose counters go on by step at each look, while avella works three seconds for one of avellino and documents take four.
func played(t *testing.T, step reading) book {
	t.Helper()
	b := book{}
	synctest.Test(t, func(t *testing.T) {
		now := reading{known: true}
		m := New(Config{Ledger: b, Watts: 10, Every: 10 * time.Second, gauge: func(context.Context, []int) reading {
			now.cpu, now.machine, now.joules = now.cpu+step.cpu, now.machine+step.machine, now.joules+step.joules
			now.counter, now.gpuWatts = step.counter, step.gpuWatts
			return now
		}})
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() { m.Run(ctx); close(ended) }()
		synctest.Wait()
		for _, w := range []struct {
			tenant string
			time.Duration
		}{{"avella", 2 * time.Second}, {"avella", time.Second}, {"avellino", time.Second}, {"", 4 * time.Second}} {
			done := m.Work(w.tenant)
			time.Sleep(w.Duration)
			done()
			done() // without effect
		}
		time.Sleep(5 * time.Second)
		stop()
		<-ended
	})
	return b
}

func TestSharesOfTenants(t *testing.T) {
	got := played(t, reading{cpu: 8 * time.Second, machine: 16 * time.Second})
	a := got["avella"]
	if a.Answers != 2 || !near(a.CPU.Seconds(), 3) || !near(a.Joules, 30) || a.Measured != 0 {
		t.Errorf("avella %+v", a)
	}
	if o := got["avellino"]; o.Answers != 1 || !near(o.CPU.Seconds(), 1) || !near(o.Joules, 10) {
		t.Errorf("avellino %+v", o)
	}
	if _, noted := got[""]; noted {
		t.Error("documents are on somebody's account")
	}
}

func TestMeasuredElectricity(t *testing.T) {
	// The machine was busy twice as long as we, so that half of 160 joules are ours.
	got := played(t, reading{cpu: 8 * time.Second, machine: 16 * time.Second, joules: 160, counter: true})
	if a := got["avella"]; !near(a.Joules, 30) || !near(a.Measured, a.Joules) {
		t.Errorf("avella %+v", a)
	}
	withGPU := played(t, reading{cpu: 8 * time.Second, gpuWatts: 100})
	if a := withGPU["avella"]; !near(a.Joules, 30+400*3/8.0) || !near(a.Measured, 400*3/8.0) {
		t.Errorf("with a GPU: %+v", a)
	}
}

// A counter that begins anew, or an engine that ended, gives nobody anything absurd.
func TestCountersThatGoBack(t *testing.T) {
	if got := played(t, reading{cpu: -time.Second}); len(got) != 0 {
		t.Errorf("%+v", got)
	}
	if a := played(t, reading{cpu: 8 * time.Second, machine: 16 * time.Second, joules: -5, counter: true})["avella"]; !near(a.Joules, 30) || a.Measured != 0 {
		t.Errorf("not estimated: %+v", a)
	}
}

func TestNilMeasuresNothing(t *testing.T) {
	var m *Meter
	m.Work("a")()
	m.Run(t.Context())
}

func write(t *testing.T, path, text string, mode os.FileMode) string {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestWhatTheSystemSays(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "7", "stat"), "7 (a (strange) name) S 1 7 7 0 -1 0 1 0 0 0 150 50 0 0 20 0", 0o600)
	if got := cpuOf(dir, 7); got != 2*time.Second {
		t.Errorf("a process: %v", got)
	}
	if cpuOf(dir, 8) != 0 {
		t.Error("a process that is not there")
	}
	write(t, filepath.Join(dir, "stat"), "cpu  100 100 100 9999 9999 50 50 0 0 0\ncpu0 1", 0o600)
	if got := machineBusy(dir); got != 4*time.Second {
		t.Errorf("the machine: %v", got)
	}
	for name, uj := range map[string]string{"intel-rapl:0": "1500000\n", "intel-rapl:1": "500000", "intel-rapl:0:0": "9000000"} {
		write(t, filepath.Join(dir, "cap", name, "energy_uj"), uj, 0o600)
	}
	if joules, there := rapl(filepath.Join(dir, "cap")); !there || joules != 2 {
		t.Errorf("RAPL: %v %t", joules, there)
	}
	if _, there := rapl(dir); there {
		t.Error("a counter where there is none")
	}
	smi := write(t, filepath.Join(dir, "smi"), "#!/bin/sh\necho 71.5\necho 28.5\n", 0o700)
	if got := gpuWatts(t.Context(), smi); got != 100 {
		t.Errorf("GPUs: %v", got)
	}
	if gpuWatts(t.Context(), filepath.Join(dir, "none")) != 0 {
		t.Error("a GPU where there is none")
	}
	if r := readMachine(t.Context(), []int{os.Getpid()}); !r.known || r.cpu <= 0 {
		t.Errorf("%+v", r)
	}
}
