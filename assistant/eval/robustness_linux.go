//go:build linux

package eval

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

func ownGroup(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

// killTree ends a process and all that it started, children in groups of their own too.
func killTree(pid int) {
	for _, p := range tree(pid) {
		_ = syscall.Kill(p, syscall.SIGKILL)
	}
	_ = syscall.Kill(-pid, syscall.SIGKILL)
}

// treeMB is the resident memory of a process and of all that it started, in megabytes.
func treeMB(pid int) int {
	kb := 0
	for _, p := range tree(pid) {
		b, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(p), "statm"))
		if err != nil {
			continue
		}
		if f := strings.Fields(string(b)); len(f) > 1 {
			pages, _ := strconv.Atoi(f[1])
			kb += pages * os.Getpagesize() / 1024
		}
	}
	return kb / 1024
}

// tree lists a process and its descendants.
func tree(pid int) []int {
	out := []int{pid}
	for i := 0; i < len(out) && len(out) < 200; i++ {
		base := filepath.Join("/proc", strconv.Itoa(out[i]), "task")
		tasks, err := os.ReadDir(base)
		if err != nil {
			continue
		}
		for _, t := range tasks {
			b, err := os.ReadFile(filepath.Join(base, t.Name(), "children"))
			if err != nil {
				continue
			}
			for _, c := range strings.Fields(string(b)) {
				if n, err := strconv.Atoi(c); err == nil {
					out = append(out, n)
				}
			}
		}
	}
	return out
}
