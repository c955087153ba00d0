package engine

import "syscall"

// childAttributes put the child in a group of its own, so that Ctrl-C in a terminal reaches it through us only, and have the
// kernel end it when we die, however we die.
func childAttributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGTERM}
}
