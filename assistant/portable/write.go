package portable

import (
	"archive/zip"
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"encoding/json"
	"errors"
	"hash"
	"io"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"time"

	"sportello/assistant/fault"
)

// Format is the number of the form of exports; a reader refuses a higher one.
const Format = 1

const (
	manifestName = "manifest.json"
	readMeName   = "LEGGIMI.md"
	originals    = "originali/"
	lines        = ".jsonl"
)

//go:embed formato.md
var readMe []byte

// ReadMe is what the archive says of itself.
func ReadMe() string { return string(readMe) }

// Manifest says what is in an archive. It is the last entry.
type Manifest struct {
	Format  int               `json:"format"`
	Program string            `json:"program"` // version that made it
	Made    time.Time         `json:"made"`
	Tenant  string            `json:"tenant"`
	Records map[string]int    `json:"records"` // of each list
	Files   map[string]string `json:"files"`   // entry -> sha256 of its bytes
}

// Writer writes an archive: all records of one list, then those of the next, then the originals.
type Writer struct {
	open     func(ctx context.Context, sha256 string) (io.ReadCloser, error)
	path     string
	file     *os.File
	zip      *zip.Writer
	manifest Manifest

	list string // that is being written
	out  io.Writer
	sum  hash.Hash
}

// Create begins an archive at path, which gets its name when it is whole. open gives the bytes of an original.
//
// Errors: fault.Conflict for a file that is there, fault.Invalid for one that cannot be written.
func Create(path, program, tenant string, now time.Time, open func(ctx context.Context, sha256 string) (io.ReadCloser, error)) (*Writer, error) {
	if _, err := os.Stat(path); err == nil {
		return nil, fault.New(fault.Conflict, "%s is there already: give another name", path)
	}
	f, err := os.OpenFile(path+".part", os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "%s cannot be written", path)
	}
	w := &Writer{open: open, path: path, file: f, zip: zip.NewWriter(f), manifest: Manifest{
		Format: Format, Program: program, Made: now.UTC().Truncate(time.Second), Tenant: tenant, Records: map[string]int{}, Files: map[string]string{},
	}}
	if err := w.entry(readMeName); err != nil {
		return nil, errors.Join(err, w.Discard())
	}
	if _, err := w.out.Write(readMe); err != nil {
		return nil, errors.Join(err, w.Discard())
	}
	return w, nil
}

// entry ends the one that is being written and begins another.
func (w *Writer) entry(name string) error {
	w.end()
	w.list, w.sum = name, sha256.New()
	out, err := w.zip.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: w.manifest.Made})
	if err != nil {
		return err
	}
	w.out = io.MultiWriter(out, w.sum)
	return nil
}

func (w *Writer) end() {
	if w.list != "" {
		w.manifest.Files[w.list] = hex.EncodeToString(w.sum.Sum(nil))
	}
	w.list = ""
}

// Record adds a record to a list.
func (w *Writer) Record(list string, record []byte) error {
	if w.list != list+lines {
		if err := w.entry(list + lines); err != nil {
			return err
		}
	}
	w.manifest.Records[list]++
	_, err := w.out.Write(append(record[:len(record):len(record)], '\n'))
	return err
}

var extension = regexp.MustCompile(`^\.[a-zA-Z0-9]{1,8}$`)

// Original adds the bytes of an original under its sha256, with the ending that its source has, so that a double click opens it.
func (w *Writer) Original(ctx context.Context, sha, source string) error {
	in, err := w.open(ctx, sha)
	if err != nil {
		return err
	}
	ext := path.Ext(source)
	if !extension.MatchString(ext) {
		ext = ""
	}
	if err := w.entry(originals + sha + ext); err != nil {
		return errors.Join(err, in.Close())
	}
	_, err = io.Copy(w.out, in)
	if err = errors.Join(err, in.Close()); err != nil {
		return err
	}
	if got := hex.EncodeToString(w.sum.Sum(nil)); got != sha {
		return fault.New(fault.Broken, "the original of %s is damaged: ingest it again, or restore a backup", source)
	}
	return nil
}

// Close ends the archive and gives it its name.
func (w *Writer) Close() (*Manifest, error) {
	w.end()
	text, err := json.MarshalIndent(w.manifest, "", "  ")
	if err != nil {
		return nil, err
	}
	out, err := w.zip.CreateHeader(&zip.FileHeader{Name: manifestName, Method: zip.Deflate, Modified: w.manifest.Made})
	if err != nil {
		return nil, err
	}
	if _, err := out.Write(text); err != nil {
		return nil, err
	}
	if err := errors.Join(w.zip.Close(), w.file.Sync(), w.file.Close(), os.Rename(w.file.Name(), w.path)); err != nil {
		return nil, err
	}
	folder, err := os.Open(filepath.Dir(w.path))
	if err != nil {
		return nil, err
	}
	return &w.manifest, errors.Join(folder.Sync(), folder.Close())
}

// Discard lets go of an archive that is not to be.
func (w *Writer) Discard() error { return errors.Join(w.file.Close(), os.Remove(w.file.Name())) }
