package catalogue

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sportello/assistant/fault"
	"sportello/assistant/model/gguf"
)

// model is a small but valid model file.
func model(t *testing.T) []byte {
	t.Helper()
	var w gguf.Writer
	if err := w.Set("general.name", strings.Repeat("x", 4000)); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if _, err := w.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func sum(b []byte) string {
	s := sha256.Sum256(b)
	return hex.EncodeToString(s[:])
}

func catalogueOf(m Model) *Catalogue {
	if m.Name == "" {
		m.Name = "tiny"
	}
	m.Task, m.File = Chat, "tiny.gguf"
	return &Catalogue{models: []Model{m}}
}

func fromURL(hash string) *Catalogue {
	return catalogueOf(Model{SHA256: hash, Sources: []Source{{URL: "https://hub.example.org/org/repo/tiny.gguf"}}})
}

// mirror serves the file with the handler.
func mirror(t *testing.T, h http.HandlerFunc) Where {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return Where{CacheDir: t.TempDir(), Mirror: s.URL + "/m"}
}

func serveFile(b []byte, tag string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", tag)
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(b))
	}
}

func TestPullFromAddress(t *testing.T) {
	file := model(t)
	for name, hash := range map[string]string{"known hash": sum(file), "unknown hash": ""} {
		t.Run(name, func(t *testing.T) {
			calls := 0
			w := mirror(t, func(rw http.ResponseWriter, r *http.Request) {
				calls++
				if r.URL.Path != "/m/org/repo/tiny.gguf" {
					t.Errorf("path %s", r.URL.Path)
				}
				serveFile(file, `"a"`)(rw, r)
			})
			var last Progress
			f, err := fromURL(hash).Pull(t.Context(), w, "tiny", func(p Progress) {
				if p.Step == Download {
					last = p
				}
			})
			if err != nil || f.SHA256 != sum(file) || last.Done != int64(len(file)) || last.Total != last.Done {
				t.Fatalf("%+v %v %+v", f, err, last)
			}
			if left, _ := filepath.Glob(filepath.Join(w.CacheDir, "models", "*.part*")); left != nil {
				t.Errorf("left behind: %v", left)
			}
			if _, err := fromURL(hash).Pull(t.Context(), w, "tiny", nil); err != nil || calls != 1 {
				t.Errorf("a second pull: %v, %d calls", err, calls)
			}
			l := fromURL(hash).Status(w.CacheDir)
			if !l[0].Installed || l[0].Path != f.Path {
				t.Errorf("%+v", l)
			}
		})
	}
}

// A connection that breaks is taken up again where it broke.
func TestPullResumes(t *testing.T) {
	file := model(t)
	var ranges []string
	w := mirror(t, func(rw http.ResponseWriter, r *http.Request) {
		ranges = append(ranges, r.Header.Get("Range"))
		if len(ranges) == 1 {
			rw.Header().Set("ETag", `"a"`)
			rw.Header().Set("Content-Length", fmt.Sprint(len(file)))
			_, _ = rw.Write(file[:1000])
			rw.(http.Flusher).Flush()
			panic(http.ErrAbortHandler)
		}
		serveFile(file, `"a"`)(rw, r)
	})
	if _, err := fromURL(sum(file)).Pull(t.Context(), w, "tiny", nil); err != nil {
		t.Fatal(err)
	}
	if len(ranges) != 2 || ranges[1] != "bytes=1000-" {
		t.Errorf("ranges %q", ranges)
	}
}

// What an interrupted process left is gone on with, unless the file at the server is another by now.
func TestPullGoesOnWithAnEarlierPart(t *testing.T) {
	file := model(t)
	for name, c := range map[string]struct {
		tag, part string
		want      string
	}{
		"same file":         {`"a"`, string(file[:500]), "bytes=500-"},
		"changed file":      {`"old"`, "garbage", "bytes=7-"},
		"no tag":            {"", "garbage", ""},
		"longer than whole": {`"a"`, string(file) + "more", fmt.Sprintf("bytes=%d-", len(file)+4)},
	} {
		t.Run(name, func(t *testing.T) {
			var first string
			calls := 0
			w := mirror(t, func(rw http.ResponseWriter, r *http.Request) {
				if calls++; calls == 1 {
					first = r.Header.Get("Range")
				}
				serveFile(file, `"a"`)(rw, r)
			})
			part := filepath.Join(w.CacheDir, "models", "tiny.gguf.part")
			write(t, part, c.part)
			write(t, part+".tag", c.tag)
			if f, err := fromURL(sum(file)).Pull(t.Context(), w, "tiny", nil); err != nil || f.SHA256 != sum(file) {
				t.Fatal(f, err)
			}
			if first != c.want {
				t.Errorf("range %q", first)
			}
		})
	}
}

func TestPullErrors(t *testing.T) {
	file := model(t)
	busy := 0
	for name, c := range map[string]struct {
		h    http.HandlerFunc
		hash string
		code fault.Code
	}{
		"damaged":     {serveFile(append([]byte("x"), file...), `"a"`), sum(file), fault.Broken},
		"not a model": {serveFile([]byte("<html>sign in</html>"), `"a"`), "", fault.Broken},
		"gone":        {http.NotFound, sum(file), fault.NotFound},
		"busy":        {func(w http.ResponseWriter, _ *http.Request) { busy++; w.WriteHeader(503) }, sum(file), fault.Unavailable},
		"wrong part": {func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Range") != "" {
				w.Header().Set("Content-Range", "bytes 1-2/3")
				w.WriteHeader(206)
				return
			}
			w.Header().Set("ETag", `"a"`)
			w.Header().Set("Content-Length", "900")
			_, _ = w.Write([]byte("half"))
		}, sum(file), fault.Unavailable},
		"elsewhere": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://169.254.169.254/secrets", http.StatusFound)
		}, sum(file), fault.Invalid},
	} {
		t.Run(name, func(t *testing.T) {
			w := mirror(t, c.h)
			_, err := fromURL(c.hash).Pull(t.Context(), w, "tiny", nil)
			if fault.CodeOf(err) != c.code {
				t.Errorf("%v", err)
			}
			if _, err := os.Stat(filepath.Join(w.CacheDir, "models", "tiny.gguf")); err == nil {
				t.Error("it was installed")
			}
		})
	}
	if busy != downloadTries {
		t.Errorf("a busy server was asked %d times", busy)
	}
	c := fromURL("")
	if _, err := c.Pull(t.Context(), Where{CacheDir: t.TempDir()}, "other", nil); fault.CodeOf(err) != fault.NotFound {
		t.Error(err)
	}
	if _, err := catalogueOf(Model{}).Pull(t.Context(), Where{CacheDir: t.TempDir()}, "tiny", nil); fault.CodeOf(err) != fault.NotFound {
		t.Error(err)
	}
	if _, err := c.Pull(t.Context(), Where{CacheDir: "/dev/null/x"}, "tiny", nil); fault.CodeOf(err) != fault.Invalid {
		t.Error(err)
	}
	if _, err := c.Pull(t.Context(), Where{CacheDir: t.TempDir(), Mirror: "x"}, "tiny", nil); fault.CodeOf(err) != fault.Invalid {
		t.Error(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	w := mirror(t, func(rw http.ResponseWriter, _ *http.Request) { cancel(); rw.WriteHeader(503) })
	if _, err := c.Pull(ctx, w, "tiny", nil); err == nil {
		t.Error("a cancelled pull succeeds")
	}
}

func TestContentRange(t *testing.T) {
	for h, want := range map[string][2]int64{"bytes 5-9/10": {5, 10}, "bytes 5-9/*": {5, -1}, "": {-1, -1}, "x": {-1, -1}} {
		if from, size := contentRange(h); from != want[0] || size != want[1] {
			t.Errorf("%q: %d %d", h, from, size)
		}
	}
}

// wheel makes a package with one member.
func wheel(t *testing.T, member string, content []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	f, err := z.Create(member)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Write(content); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// fakePip is a python whose "pip download" copies DIR/PACKAGE.whl to where it was told to, or says what is in DIR/error.
func fakePip(t *testing.T, wheels map[string][]byte) string {
	t.Helper()
	dir := t.TempDir()
	for name, b := range wheels {
		write(t, filepath.Join(dir, name), string(b))
	}
	script := `#!/bin/sh
while [ $# -gt 0 ]; do
  case "$1" in -r) req="$2"; shift;; -d) dst="$2"; shift;; --platform) platform="$2"; shift;; esac
  shift
done
[ -e "` + dir + `/error" ] && { cat "` + dir + `/error"; exit 1; }
name=$(sed 's/==.*//' "$req")
echo "$platform" > "` + dir + `/platform"
[ -e "` + dir + `/$name.whl" ] && cp "` + dir + `/$name.whl" "$dst/$name-1.0-py3-none-any.whl"
exit 0
`
	python := filepath.Join(dir, "python")
	if err := os.WriteFile(python, []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	return python
}

func TestPullFromPackages(t *testing.T) {
	file := model(t)
	a, b := wheel(t, "a/one", file[:100]), wheel(t, "b/two", file[100:])
	source := Source{Package: "a", Version: "1.0", SHA256: []string{sum(a)}, Member: "a/one", Platform: "p",
		Parts: []Source{{Package: "b", Version: "1.0", SHA256: []string{sum(b)}, Member: "b/two"}}}
	python := fakePip(t, map[string][]byte{"a.whl": a, "b.whl": b})
	w := Where{CacheDir: t.TempDir(), Python: python}
	f, err := catalogueOf(Model{SHA256: sum(file), Sources: []Source{source}}).Pull(t.Context(), w, "tiny", nil)
	if err != nil || f.SHA256 != sum(file) {
		t.Fatal(f, err)
	}
	if left, _ := filepath.Glob(filepath.Join(w.CacheDir, "pull-*")); left != nil {
		t.Errorf("left behind: %v", left)
	}
	for name, c := range map[string]struct {
		wheels map[string][]byte
		member string
		code   fault.Code
	}{
		"another wheel":    {map[string][]byte{"a.whl": b, "b.whl": b}, "a/one", fault.Broken},
		"no member":        {map[string][]byte{"a.whl": a, "b.whl": b}, "a/none", fault.Broken},
		"nothing fetched":  {map[string][]byte{}, "a/one", fault.Unavailable},
		"no network":       {map[string][]byte{"error": []byte("Could not find a version")}, "a/one", fault.Unavailable},
		"no pip":           {map[string][]byte{"error": []byte("No module named pip")}, "a/one", fault.Unsupported},
		"changed upstream": {map[string][]byte{"error": []byte("THESE PACKAGES DO NOT MATCH THE HASHES")}, "a/one", fault.Broken},
	} {
		t.Run(name, func(t *testing.T) {
			s := source
			s.Member = c.member
			w := Where{CacheDir: t.TempDir(), Python: fakePip(t, c.wheels)}
			if _, err := catalogueOf(Model{SHA256: sum(file), Sources: []Source{s}}).Pull(t.Context(), w, "tiny", nil); fault.CodeOf(err) != c.code {
				t.Errorf("%v", err)
			}
		})
	}
	t.Run("second source", func(t *testing.T) {
		w := mirror(t, serveFile(file, `"a"`))
		w.Python = fakePip(t, nil)
		m := Model{SHA256: sum(file), Sources: []Source{source, {URL: "https://hub.example.org/tiny.gguf"}}}
		if _, err := catalogueOf(m).Pull(t.Context(), w, "tiny", nil); err != nil {
			t.Error(err)
		}
	})
}

func TestPython(t *testing.T) {
	cache := t.TempDir()
	p := newPuller(Where{CacheDir: cache}, Model{}, nil)
	t.Setenv("PATH", t.TempDir())
	if _, err := p.python(); fault.CodeOf(err) != fault.Unsupported {
		t.Error(err)
	}
	own := filepath.Join(cache, "engine", "bin", "python")
	write(t, own, "")
	if got, err := p.python(); err != nil || got != own {
		t.Error(got, err)
	}
}

func TestPullConverts(t *testing.T) {
	m := Model{Convert: convertE5, Sources: []Source{{URL: "https://hub.example.org/x.bin"}}}
	w := mirror(t, serveFile([]byte("not a packed model"), `"a"`))
	if _, err := catalogueOf(m).Pull(t.Context(), w, "tiny", nil); fault.CodeOf(err) != fault.Broken {
		t.Error(err)
	}
	if left, _ := filepath.Glob(filepath.Join(w.CacheDir, "models", "*")); left != nil {
		t.Errorf("left behind: %v", left)
	}
}

func TestImport(t *testing.T) {
	file := model(t)
	dir := t.TempDir()
	carried := filepath.Join(dir, "carried.bin")
	write(t, carried, string(file))
	whl := wheel(t, "a/one", file)
	wheelPath := filepath.Join(dir, "a.whl")
	write(t, wheelPath, string(whl))
	named := filepath.Join(dir, "tiny.gguf")
	write(t, named, string(file))
	source := Source{Package: "a", Version: "1.0", SHA256: []string{sum(whl)}, Member: "a/one", MemberSHA256: sum(file)}
	for name, c := range map[string]struct {
		m    Model
		path string
		code fault.Code
	}{
		"by hash":          {Model{SHA256: sum(file)}, carried, ""},
		"wheel":            {Model{SHA256: sum(file), Sources: []Source{source}}, wheelPath, ""},
		"member":           {Model{Sources: []Source{source}}, carried, ""},
		"by name":          {Model{}, named, ""},
		"wrong bytes":      {Model{SHA256: sum(whl)}, named, fault.Broken},
		"unknown":          {Model{}, carried, fault.NotFound},
		"not there":        {Model{}, filepath.Join(dir, "none"), fault.NotFound},
		"folder":           {Model{}, dir, fault.NotFound},
		"member not E5":    {Model{Convert: convertE5, Sources: []Source{source}}, carried, fault.Broken},
		"wheel not of E5":  {Model{Convert: convertE5, Sources: []Source{source}}, wheelPath, fault.Broken},
		"unknown is model": {Model{SHA256: ""}, wheelPath, fault.NotFound},
	} {
		t.Run(name, func(t *testing.T) {
			w := Where{CacheDir: t.TempDir()}
			m, f, err := catalogueOf(c.m).Import(w, c.path, nil)
			if fault.CodeOf(err) != c.code {
				t.Fatal(err)
			}
			if c.code == "" && (m.Name != "tiny" || f.SHA256 != sum(file)) {
				t.Errorf("%+v %+v", m, f)
			}
		})
	}
	if _, _, err := catalogueOf(Model{}).Import(Where{CacheDir: "/dev/null/x"}, named, nil); fault.CodeOf(err) != fault.Invalid {
		t.Error(err)
	}
}

func TestStatusTellsAWrongFile(t *testing.T) {
	cache := t.TempDir()
	write(t, filepath.Join(cache, "models", "tiny.gguf"), "other")
	l := catalogueOf(Model{SHA256: strings.Repeat("a", 64)}).Status(cache)
	if l[0].Installed || !strings.Contains(l[0].Problem, "not the one") {
		t.Errorf("%+v", l)
	}
}
