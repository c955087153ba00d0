package assistant

import (
	"strings"
	"testing"

	"sportello/assistant/fault"
)

func TestCodes(t *testing.T) {
	a, b := NewCode(), NewCode()
	if a == b || len(a) != codeLength || len(a.String()) != codeLength+3 {
		t.Errorf("%q %q", a, b)
	}
	for _, written := range []string{a.String(), strings.ToLower(a.String()), " " + strings.ReplaceAll(a.String(), "-", " ") + "\n", strings.ReplaceAll(strings.ReplaceAll(a.String(), "0", "o"), "1", "l")} {
		if got, err := ParseCode(written); err != nil || got != a {
			t.Errorf("%q: %q %v", written, got, err)
		}
	}
	for _, wrong := range []string{"", "ABCD", a.String() + "A", "UUUU-UUUU-UUUU-UUUU", "ABCD-EFGH-JKMN-PQR!", strings.Repeat("A", 5000)} {
		if _, err := ParseCode(wrong); fault.CodeOf(err) != fault.Invalid {
			t.Errorf("%.30q is a code", wrong)
		}
	}
	again := a
	if a.Mark("q1") == a.Mark("q2") || a.Mark("q1") == b.Mark("q1") || a.Mark("q1") != again.Mark("q1") || Code("").Mark("q1") != "" {
		t.Error("marks")
	}
}
