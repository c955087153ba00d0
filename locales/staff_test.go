package locales

import (
	"strings"
	"testing"
	"testing/fstest"
)

func TestStaff(t *testing.T) {
	l, err := Staff()
	if err != nil {
		t.Fatal(err)
	}
	if l.Lang() != "it" || l.T("staff_save") != "Salva" || l.T("month_3") != "marzo" || l.N("staff_login_wait", 2) == "staff_login_wait" || len(l.Keys()) < 300 {
		t.Errorf("%s %q %d keys", l.Lang(), l.T("staff_save"), len(l.Keys()))
	}
	citizens := fstest.MapFS{"messages/it.toml": {Data: []byte("a = \"x\"\n")}}
	for name, tc := range map[string]struct {
		staff fstest.MapFS
		want  string
	}{
		"none":            {fstest.MapFS{}, "missing"},
		"a key twice":     {fstest.MapFS{"staff/a.toml": {Data: []byte("b = \"x\"\n")}, "staff/b.toml": {Data: []byte("b = \"y\"\n")}}, "b is in staff/a.toml too"},
		"of a citizen":    {fstest.MapFS{"staff/a.toml": {Data: []byte("a = \"x\"\n")}}, "a is in messages/it.toml too"},
		"that is no TOML": {fstest.MapFS{"staff/a.toml": {Data: []byte("a = ")}}, "staff/a.toml"},
	} {
		if _, err := loadStaff(citizens, tc.staff); err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := loadStaff(fstest.MapFS{}, fstest.MapFS{"staff/a.toml": {Data: []byte("b = \"x\"\n")}}); err == nil {
		t.Error("without the citizens' messages")
	}
}
