package drafting

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// condition is what stands after {se: comparisons joined by e or o, read from left to right.
type condition []comparison

type comparison struct {
	or    bool // joined to what is before by "o"
	not   bool
	path  string
	op    string // "", =, !=, >, <, >=, <=
	value string
}

var compareForm = regexp.MustCompile(`^(non\s+)?([a-z][a-z0-9_.]*)(?:\s*(=|!=|>=|<=|>|<)\s*(?:"([^"]*)"|([\w.,-]+)))?$`)

func parseCondition(s string) (condition, error) {
	var out condition
	rest := strings.TrimSpace(s)
	or := false
	for {
		one, next, joined := rest, "", ""
		if at := joiner.FindStringIndex(rest); at != nil {
			one, joined, next = rest[:at[0]], strings.TrimSpace(rest[at[0]:at[1]]), rest[at[1]:]
		}
		m := compareForm.FindStringSubmatch(strings.TrimSpace(one))
		if m == nil {
			return nil, fmt.Errorf("%q is no condition: write {se campo}, {se non campo}, {se campo = \"valore\"} or {se campo > 100}", strings.TrimSpace(one))
		}
		out = append(out, comparison{or: or, not: m[1] != "", path: m[2], op: m[3], value: m[4] + m[5]})
		if joined == "" {
			return out, nil
		}
		or, rest = joined == "o", next
	}
}

var joiner = regexp.MustCompile(`\s+[eo]\s+`)

// holds decides a condition with the values that get gives.
func (c condition) holds(get func(path string) any) bool {
	result := false
	for i, x := range c {
		h := x.holds(get(x.path))
		switch {
		case i == 0:
			result = h
		case x.or:
			result = result || h
		default:
			result = result && h
		}
	}
	return result
}

func (x comparison) holds(v any) bool {
	var h bool
	switch {
	case x.op == "":
		h = truthy(v)
	case x.op == "=" || x.op == "!=":
		h = same(v, x.value) == (x.op == "=")
	default:
		a, ok1 := number(v)
		b, err := strconv.ParseFloat(strings.ReplaceAll(x.value, ",", "."), 64)
		h = ok1 && err == nil && map[string]bool{">": a > b, "<": a < b, ">=": a >= b, "<=": a <= b}[x.op]
	}
	return h != x.not
}

func same(v any, want string) bool {
	if n, ok := number(v); ok {
		if w, err := strconv.ParseFloat(strings.ReplaceAll(want, ",", "."), 64); err == nil {
			return n == w
		}
	}
	switch v := v.(type) {
	case nil:
		return want == ""
	case bool:
		return v == (want == "si" || want == "sì" || want == "true")
	case string:
		return strings.EqualFold(strings.TrimSpace(v), want)
	}
	return false
}

func truthy(v any) bool {
	switch v := v.(type) {
	case nil:
		return false
	case bool:
		return v
	case string:
		return strings.TrimSpace(v) != ""
	case []any:
		return len(v) > 0
	case map[string]any:
		return len(v) > 0
	}
	n, ok := number(v)
	return !ok || n != 0
}
