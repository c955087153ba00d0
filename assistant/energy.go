package assistant

import "time"

// Energy is what answers took of the machine.
type Energy struct {
	Answers  int
	CPU      time.Duration // of the processor, engines included
	Joules   float64
	Measured float64 // of the Joules, those that a counter told; the rest is an estimate by the watts of a busy core
}
