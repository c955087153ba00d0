//go:build !unix

package eval

import "time"

// Processor time of this process and of its children is asked of the system in the way of Unix only; elsewhere words are compared and
// the times are 0.

func cpuSelf() time.Duration { return 0 }

func cpuChildren() time.Duration { return 0 }
