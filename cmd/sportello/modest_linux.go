package main

import (
	"log/slog"
	"runtime"
	"syscall"
)

// modestly runs f on a thread of its own, which the machine serves after those that answer questions; programs that f starts inherit it.
// The thread ends with f: its rank cannot be raised again without privileges.
func modestly(f func()) {
	const rank = 10 // of 0 to 19: about a tenth of the time when others want it
	done := make(chan struct{})
	go func() {
		defer close(done)
		runtime.LockOSThread()
		if err := syscall.Setpriority(syscall.PRIO_PROCESS, syscall.Gettid(), rank); err != nil {
			slog.Warn("documents are taken in at the rank of questions", "error", err)
		}
		f()
	}()
	<-done
}
