package web_test

import (
	"io/fs"
	"os"
	"regexp"
	"strings"
	"testing"

	"sportello/locales"
)

// Every message that a template or a handler asks for exists, and every message is asked for by somebody here, except those named by
// a code (a reason, a verdict, a kind, an error), which have their own test.
func TestTemplatesAndMessagesAgree(t *testing.T) {
	c, err := locales.New()
	if err != nil {
		t.Fatal(err)
	}
	asked := map[string]bool{}
	literal := regexp.MustCompile(`\b[TN]\(?\s?"([a-z0-9_]+)"`)
	other := regexp.MustCompile(`"([a-z]+_[a-z0-9_]+)"`) // passed on before it is asked for
	err = fs.WalkDir(os.DirFS("."), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			if d.Name() == "node_modules" || d.Name() == "vendor" {
				return fs.SkipDir
			}
			return err
		}
		if strings.HasSuffix(path, "_test.go") || !strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, ".html") {
			return nil
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		console := strings.HasPrefix(path, "staff/") // has messages of its own besides, and its own test
		for _, m := range literal.FindAllStringSubmatch(string(b), -1) {
			asked[m[1]] = true
			if !console && !c.For("it").Has(m[1]) && !strings.HasSuffix(m[1], "_") {
				t.Errorf("%s asks for %q, which no language has", path, m[1])
			}
		}
		for _, m := range other.FindAllStringSubmatch(string(b), -1) {
			asked[m[1]] = true
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	coded := regexp.MustCompile(`^(refused|why|kinds?|error|month|weekday|made_status|rate|mail|steps|span)_|^date_|^act_`)
	for _, key := range c.Keys() {
		if !asked[key] && !coded.MatchString(key) {
			t.Errorf("nobody asks for %q", key)
		}
	}
}
