//go:build unix

package office

import (
	"os/exec"
	"syscall"
)

// ownGroup makes the program lead a process group and be killed with it: soffice is a script that starts others.
func ownGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
}
