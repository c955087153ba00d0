package minutes

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

var clockForm = regexp.MustCompile(`^([01]?\d|2[0-3])[:.]([0-5]\d)(?:[:.]([0-5]\d))?$`)

// clock reads a time of day in seconds, -1 for what is none.
func clock(s string) int {
	m := clockForm.FindStringSubmatch(strings.TrimSpace(s))
	if m == nil {
		return -1
	}
	n := 0
	for _, x := range m[1:] {
		v, _ := strconv.Atoi(x) // the form is digits; seconds that are not written are 0
		n = n*60 + v
	}
	return n
}

// hour writes a time of day without seconds, as a verbale has it.
func hour(seconds int) string { return fmt.Sprintf("%02d:%02d", seconds/3600%24, seconds/60%60) }

// Stamp writes a place of a recording: "01:12:30".
func Stamp(ms int) string {
	s := ms / 1000
	return fmt.Sprintf("%02d:%02d:%02d", s/3600, s/60%60, s%60)
}
