package main

import (
	"fmt"
	"strings"
	"testing"

	"sportello/assistant/access"
	"sportello/assistant/store"
	"sportello/locales"
	"sportello/web/staff"
	"sportello/web/staff/stafftest"
)

// allParts are the subjects of the console as the program wires them.
func allParts(t *testing.T) func(*store.Store) []staff.Part {
	return func(s *store.Store) []staff.Part {
		cfg, err := loadConfig(cli{Data: t.TempDir()})
		if err != nil {
			t.Fatal(err)
		}
		parts, err := (&app{cfg: cfg, store: s}).parts()
		if err != nil {
			t.Fatal(err)
		}
		return parts
	}
}

// Every route of the whole console with every role in every place: a page without a rule cannot be reached, and one that was added
// to no Part is not there.
func TestConsoleMatrix(t *testing.T) { stafftest.Matrix(t, allParts(t)) }

// There are words for every role, action and setting.
func TestConsoleWords(t *testing.T) {
	l, err := locales.Staff()
	if err != nil {
		t.Fatal(err)
	}
	var keys []string
	for _, r := range access.Roles() {
		keys = append(keys, "staff_role_"+string(r), "staff_role_"+string(r)+"_help")
	}
	for _, a := range access.Actions() {
		keys = append(keys, "action_"+strings.ReplaceAll(string(a), ".", "_"))
	}
	for _, s := range stafftest.New(t, allParts(t)).Console.Settings() {
		keys = append(keys, "setting_"+s.Name(), "setting_"+s.Name()+"_help", "setting_group_"+s.Group)
		if clean, problem := s.Clean(s.Default); s.Default != "" && (problem != "" || clean != s.Default) {
			t.Errorf("the default of %s is %q, which is %s", s.Key, s.Default, problem)
		}
	}
	for _, key := range keys {
		if !l.Has(key) {
			t.Errorf("there are no words for %s", fmt.Sprintf("%q", key))
		}
	}
}
