// Package static holds the files that pages load: our own style and script, and the vendored front end (bootstrap-italia with its
// fonts and sprites) that `npm run build` in web/ copies into vendor/.
//
// vendor/ is never committed and may be empty: then pages use fallback.css, which is ours, and have no icons. Every file is
// served under an address that holds a hash of its bytes, so that browsers may keep it for good.
package static

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"time"
)

// all: takes vendor/ when it is there; the pattern matches without it.
//
//go:embed all:*
var embedded embed.FS

// Prefix is where Files are served.
const Prefix = "/static/"

// Files are the assets with their hashed addresses.
type Files struct {
	version string
	content map[string][]byte
}

// New reads the embedded assets.
func New() (*Files, error) { return load(embedded) }

func load(source fs.FS) (*Files, error) {
	f := &Files{content: map[string][]byte{}}
	sum := sha256.New()
	err := fs.WalkDir(source, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || types[path.Ext(name)] == "" {
			return err
		}
		data, err := fs.ReadFile(source, name)
		if err != nil {
			return err
		}
		f.content[name] = data
		_, _ = fmt.Fprintf(sum, "%s %d\n", name, len(data)) // a hash never fails
		sum.Write(data)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("static: %w", err)
	}
	// One hash for all: style sheets refer to fonts by relative address, so they must share a folder.
	f.version = hex.EncodeToString(sum.Sum(nil))[:12]
	return f, nil
}

// types are the only ones served; anything else in the folder (Go source, licences) is not.
var types = map[string]string{
	".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml",
	".woff2": "font/woff2", ".png": "image/png", ".ico": "image/x-icon",
}

// Vendored says whether the front-end packages were built in.
func (f *Files) Vendored() bool { return f.Has("vendor/bootstrap-italia/css/bootstrap-italia.min.css") }

// Has says whether there is such a file.
func (f *Files) Has(name string) bool { _, ok := f.content[name]; return ok }

// URL gives the address of a file: "sportello.css" -> "/static/0123456789ab/sportello.css".
func (f *Files) URL(name string) string { return Prefix + f.version + "/" + name }

// ServeHTTP serves /static/HASH/NAME. A stale hash gets the present file without permission to keep it.
func (f *Files) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	hash, name, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, Prefix), "/")
	data, ok := f.content[name]
	if !ok {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", types[path.Ext(name)])
	if hash == f.version {
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	} else {
		w.Header().Set("Cache-Control", "no-cache")
	}
	http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(data))
}
