package staff_test

import (
	"io/fs"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/pelletier/go-toml/v2"

	"sportello/locales"
)

// Every message of the console is asked for by somebody in web/staff or below, and every one that code asks for by its name is there.
// Templates are checked when the program starts.
func TestMessages(t *testing.T) {
	l, err := locales.Staff()
	if err != nil {
		t.Fatal(err)
	}
	named := map[string]bool{}
	literal := regexp.MustCompile(`\.L\.[TN]\("([a-z0-9_]+)"`)
	other := regexp.MustCompile(`"([a-z0-9]+_[a-z0-9_]*)`)
	for _, dir := range []string{".", "../../cmd/sportello", "../../assistant/desk"} {
		err := fs.WalkDir(os.DirFS(dir), ".", func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || strings.HasSuffix(path, "_test.go") || !strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, ".html") {
				return err
			}
			text, err := os.ReadFile(dir + "/" + path)
			if err != nil {
				return err
			}
			for _, m := range literal.FindAllStringSubmatch(string(text), -1) {
				if !l.Has(m[1]) && !strings.HasSuffix(m[1], "_") {
					t.Errorf("%s asks for %q, which locales/staff has not", path, m[1])
				}
			}
			for _, m := range other.FindAllStringSubmatch(string(text), -1) {
				named[m[1]] = true
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	files, err := fs.Glob(os.DirFS("../../locales"), "staff/*.toml")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile("../../locales/" + file)
		if err != nil {
			t.Fatal(err)
		}
		var messages map[string]any
		if err := toml.Unmarshal(text, &messages); err != nil {
			t.Fatal(err)
		}
		for key := range messages {
			used := named[key]
			for i := range key { // made of a name and a code: "staff_role_" + role
				used = used || key[i] == '_' && named[key[:i+1]]
			}
			if !used {
				t.Errorf("%s: nobody asks for %q", file, key)
			}
		}
	}
}

// Each thing that the audit log says was done has words: who reads it is no programmer.
func TestAuditWords(t *testing.T) {
	l, err := locales.Staff()
	if err != nil {
		t.Fatal(err)
	}
	written := regexp.MustCompile(`(?:Action: |entry\(v, |\baction(?:, \w+)? :?= |note\(r\.Context\(\), v, )"([a-z]+\.[a-z_]+)"`)
	actions := map[string]bool{"answer.approve": true}
	for _, dir := range []string{"../../assistant", "."} {
		err := fs.WalkDir(os.DirFS(dir), ".", func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			text, err := os.ReadFile(dir + "/" + path)
			for _, m := range written.FindAllStringSubmatch(string(text), -1) {
				actions[m[1]] = true
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, done := range []string{"repeal", "restore", "supersede", "fix", "visibility", "kind", "version"} {
		actions["document."+done] = true
		if !l.Has("changes_" + done) {
			t.Errorf("there are no words for the change %s", done)
		}
	}
	if len(actions) < 40 {
		t.Errorf("only %d actions were found", len(actions))
	}
	for a := range actions {
		if !l.Has("audit_" + strings.ReplaceAll(a, ".", "_")) {
			t.Errorf("there are no words for %s in the audit log", a)
		}
	}
}
