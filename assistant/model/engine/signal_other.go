//go:build !unix

package engine

import (
	"context"
	"os"
	"syscall"
)

func childAttributes() *syscall.SysProcAttr { return nil }

func interrupt(*os.Process) {}

func kill(p *os.Process) error { return p.Kill() }

func alive(pid int) bool {
	p, err := os.FindProcess(pid)
	if err != nil {
		return false
	}
	_ = p.Release()
	return true
}

// lock does nothing here: two processes that start at once run two engines, and the later run-file wins.
func lock(context.Context, string) (unlock func(), err error) { return func() {}, nil }
