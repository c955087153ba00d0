package access

import (
	"fmt"
	"strings"
)

// rights reads the table: lines whose first word is a role, then one x or - for each action. A table that is not complete stops the
// program at start, in the tests of every package that uses it.
func rights(text string) map[Role]map[Action]bool {
	out := map[Role]map[Action]bool{}
	for line := range strings.Lines(text) {
		cells := strings.Fields(line)
		if len(cells) == 0 || !Role(cells[0]).Known() {
			continue
		}
		r := Role(cells[0])
		if len(cells) != len(actions)+1 || out[r] != nil {
			panic(fmt.Sprintf("access: the line of %s has %d cells, not %d, or is there twice", r, len(cells)-1, len(actions)))
		}
		out[r] = map[Action]bool{}
		for i, cell := range cells[1:] {
			if cell != "x" && cell != "-" {
				panic(fmt.Sprintf("access: %s %s is %q, not x or -", r, actions[i], cell))
			}
			out[r][actions[i]] = cell == "x"
		}
	}
	if len(out) != len(roles) {
		panic(fmt.Sprintf("access: %d roles in the table, %d known", len(out), len(roles)))
	}
	return out
}
