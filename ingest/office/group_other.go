//go:build !unix

package office

import "os/exec"

// ownGroup does nothing where there are no process groups: the program itself is still killed.
func ownGroup(*exec.Cmd) {}
