//go:build unix

package eval

import (
	"syscall"
	"time"
)

// cpuSelf gives the processor time that this process has used so far.
func cpuSelf() time.Duration { return usage(syscall.RUSAGE_SELF) }

// cpuChildren gives that of its ended children.
func cpuChildren() time.Duration { return usage(syscall.RUSAGE_CHILDREN) }

func usage(who int) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(who, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
