//go:build unix

package energy

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// ticks of /proc a second: what Linux has told programs for thirty years, whatever it counts in itself.
const ticks = 100

// readMachine reads what this system lets be read.
func readMachine(ctx context.Context, pids []int) (r reading) {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return r
	}
	r.known = true
	r.cpu = time.Duration(u.Utime.Nano() + u.Stime.Nano())
	for _, pid := range pids {
		r.cpu += cpuOf("/proc", pid)
	}
	r.machine = machineBusy("/proc")
	r.joules, r.counter = rapl("/sys/class/powercap")
	r.gpuWatts = gpuWatts(ctx, "nvidia-smi")
	return r
}

// cpuOf is the processor time of another process; 0 when it cannot be read.
func cpuOf(proc string, pid int) time.Duration {
	b, err := os.ReadFile(filepath.Join(proc, strconv.Itoa(pid), "stat"))
	if err != nil {
		return 0
	}
	// The name of the program stands in brackets and may hold anything.
	fields := strings.Fields(string(b[strings.LastIndexByte(string(b), ')')+1:]))
	if len(fields) < 13 {
		return 0
	}
	user, _ := strconv.Atoi(fields[11])
	system, _ := strconv.Atoi(fields[12])
	return time.Duration(user+system) * time.Second / ticks
}

// machineBusy is the time that all cores were busy, from the first line of /proc/stat.
func machineBusy(proc string) (busy time.Duration) {
	b, err := os.ReadFile(filepath.Join(proc, "stat"))
	if err != nil {
		return 0
	}
	line, _, _ := strings.Cut(string(b), "\n")
	fields := strings.Fields(line)
	if len(fields) < 9 || fields[0] != "cpu" {
		return 0
	}
	for i, f := range fields[1:9] {
		if i == 3 || i == 4 { // idle, and waiting for a disk
			continue
		}
		n, _ := strconv.Atoi(f)
		busy += time.Duration(n) * time.Second / ticks
	}
	return busy
}

// rapl sums the counters of the processors' packages, which only root may read on most systems.
func rapl(powercap string) (joules float64, there bool) {
	packages, err := filepath.Glob(filepath.Join(powercap, "*-rapl:*", "energy_uj"))
	if err != nil {
		return 0, false
	}
	for _, p := range packages {
		if strings.Count(filepath.Base(filepath.Dir(p)), ":") != 1 { // a part of a package, counted in it
			continue
		}
		b, err := os.ReadFile(p)
		if err != nil {
			return 0, false
		}
		n, err := strconv.ParseFloat(strings.TrimSpace(string(b)), 64)
		if err != nil {
			return 0, false
		}
		joules, there = joules+n/1e6, true
	}
	return joules, there
}

// gpuWatts is what the graphics cards take at the moment; 0 without nvidia-smi.
func gpuWatts(ctx context.Context, program string) (watts float64) {
	path, err := exec.LookPath(program)
	if err != nil {
		return 0
	}
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	out, err := exec.CommandContext(ctx, path, "--query-gpu=power.draw", "--format=csv,noheader,nounits").Output()
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(out)) {
		if n, err := strconv.ParseFloat(strings.TrimSpace(line), 64); err == nil {
			watts += n
		}
	}
	return watts
}
