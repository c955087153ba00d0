package static

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
)

func TestFilesWithAndWithoutTheVendoredOnes(t *testing.T) {
	ours := fstest.MapFS{"sportello.css": {Data: []byte("a{}")}, "static.go": {Data: []byte("package static")}}
	bare, err := load(ours)
	if err != nil {
		t.Fatal(err)
	}
	if bare.Vendored() || !bare.Has("sportello.css") || bare.Has("static.go") {
		t.Errorf("bare: %+v", bare)
	}
	ours["vendor/bootstrap-italia/css/bootstrap-italia.min.css"] = &fstest.MapFile{Data: []byte("b{}")}
	full, err := load(ours)
	if err != nil {
		t.Fatal(err)
	}
	if !full.Vendored() || full.URL("sportello.css") == bare.URL("sportello.css") {
		t.Error("the address does not change with the files")
	}
	w := httptest.NewRecorder()
	full.ServeHTTP(w, httptest.NewRequest(http.MethodGet, full.URL("sportello.css"), nil))
	if w.Body.String() != "a{}" || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/css") {
		t.Errorf("%v %q", w.Header(), w.Body)
	}
}

// The embedded files are there whether or not the front end was built.
func TestNew(t *testing.T) {
	f, err := New()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"sportello.css", "sportello.js", "fallback.css", "favicon.svg"} {
		if !f.Has(name) {
			t.Errorf("no %s", name)
		}
	}
}
