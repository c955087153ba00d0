// Package archive reads the parts of a ZIP-based document (Office Open XML, OpenDocument) within limits: number of entries,
// size of one part, size of all parts read. A small file that expands to gigabytes is stopped while it expands, whatever
// its directory says. It writes nothing and follows no path: entries are named, never extracted.
package archive

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"strings"

	"sportello/assistant/fault"
)

// Limits bound an archive. The zero value is the default.
type Limits struct {
	Entries int   // default 10,000
	Part    int64 // bytes of one part, expanded; default 64 MiB
	Total   int64 // bytes of all parts read, expanded; default 128 MiB
}

// Archive is an open document.
type Archive struct {
	name  string
	files map[string]*zip.File
	limit Limits
	used  int64
}

// Open reads the directory of b; name is for messages.
func Open(b []byte, name string, limit Limits) (*Archive, error) {
	if limit.Entries <= 0 {
		limit.Entries = 10_000
	}
	if limit.Part <= 0 {
		limit.Part = 64 << 20
	}
	if limit.Total <= 0 {
		limit.Total = 128 << 20
	}
	r, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return nil, fault.Wrap(fault.Broken, err, "%s: the file is damaged (its ZIP directory cannot be read): open it and save it anew", name)
	}
	if len(r.File) > limit.Entries {
		return nil, fault.New(fault.TooLarge, "%s: %d parts, more than the limit of %d", name, len(r.File), limit.Entries)
	}
	a := &Archive{name: name, files: make(map[string]*zip.File, len(r.File)), limit: limit}
	for _, f := range r.File {
		key := partName(f.Name)
		if _, ok := a.files[key]; !ok {
			a.files[key] = f
		}
	}
	return a, nil
}

// partName folds case and slashes: Office writes part names without regard to case (ECMA-376 part 2, 6.2.2).
func partName(s string) string {
	return strings.ToLower(strings.TrimPrefix(strings.ReplaceAll(s, `\`, "/"), "/"))
}

// Has says whether there is a part of that name.
func (a *Archive) Has(name string) bool { return a.files[partName(name)] != nil }

// errNone is the cause when a part is not there.
var errNone = errors.New("no such part")

// Read gives a whole part. A missing part is fault.NotFound, a damaged one fault.Broken, one over the limits fault.TooLarge.
func (a *Archive) Read(name string) ([]byte, error) {
	f := a.files[partName(name)]
	if f == nil {
		return nil, fault.Wrap(fault.NotFound, errNone, "%s: it has no part %s", a.name, name)
	}
	if f.Flags&1 != 0 {
		return nil, fault.New(fault.Encrypted, "%s: it wants a password: save it without and give it again", a.name)
	}
	r, err := f.Open()
	if err != nil {
		return nil, a.broken(name, err)
	}
	defer func() { _ = r.Close() }()
	most := min(a.limit.Part, a.limit.Total-a.used)
	b, err := io.ReadAll(io.LimitReader(r, most+1))
	a.used += int64(len(b))
	if int64(len(b)) > most {
		return nil, fault.New(fault.TooLarge, "%s: its part %s expands to more than %d MB", a.name, name, most>>20)
	}
	if err != nil {
		return nil, a.broken(name, err)
	}
	return b, nil
}

func (a *Archive) broken(name string, err error) error {
	return fault.Wrap(fault.Broken, err, "%s: the file is damaged (its part %s cannot be read): open it and save it anew", a.name, name)
}
