package contest

import (
	"bytes"
	"os"
	"runtime/debug"
	"strconv"
)

// Resident is the memory of a process in bytes after it gave back what it does not use, 0 where nothing says.
func Resident(pid string) int64 {
	if pid == "self" {
		debug.FreeOSMemory()
	}
	status, err := os.ReadFile("/proc/" + pid + "/status")
	if err != nil {
		return 0
	}
	for line := range bytes.Lines(status) {
		if rest, ok := bytes.CutPrefix(line, []byte("VmRSS:")); ok {
			kb, _ := strconv.ParseInt(string(bytes.TrimSpace(bytes.TrimSuffix(bytes.TrimSpace(rest), []byte("kB")))), 10, 64)
			return kb << 10
		}
	}
	return 0
}
