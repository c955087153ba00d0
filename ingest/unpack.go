package ingest

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"sportello/assistant/fault"
)

// ArchiveLimits bound what an archive of files may hold. What it says of itself is not believed: an entry is read up to the
// limit of a file and no further.
type ArchiveLimits struct {
	Files int   // default 5000
	Bytes int64 // of all files unpacked; default 4 GiB
	Ratio int64 // unpacked to packed, of one file over a megabyte; default 200
}

func (l ArchiveLimits) withDefaults() ArchiveLimits {
	if l.Files <= 0 {
		l.Files = 5000
	}
	if l.Bytes <= 0 {
		l.Bytes = 4 << 30
	}
	if l.Ratio <= 0 {
		l.Ratio = 200
	}
	return l
}

const (
	ratioFrom = 1 << 20 // small files of zeros are no bomb
	maxName   = 400     // bytes of a path in an archive
)

func isZip(head []byte) bool {
	return strings.HasPrefix(string(head), "PK\x03\x04") || string(head) == "PK\x05\x06"
}

// ListArchive gives the files in a ZIP archive of files; nil when it is a ZIP that is one document, as DOCX and ODT are.
//
// Errors: fault.Broken for a damaged archive, fault.TooLarge for one over the limits, fault.Encrypted, fault.NoText for one
// that holds no file. A file that cannot be taken in (its path leads out of the archive, it wants a password) is in the
// list as FileFailed with its reason: the others go on.
func ListArchive(ctx context.Context, f *JobFile, limits ArchiveLimits) (files []JobFile, err error) {
	limits = limits.withDefaults()
	r, err := zip.OpenReader(f.Path)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return nil, fault.Wrap(fault.Broken, err, "%s: the archive is damaged: make it again, or upload the files", f.Name)
	}
	defer func() { _ = r.Close() }() // it was only read
	if oneDocument(&r.Reader) {
		return nil, nil
	}
	if len(r.File) > 4*limits.Files {
		return nil, fault.New(fault.TooLarge, "%s: %d entries, more than the limit of %d: split the archive", f.Name, len(r.File), limits.Files)
	}
	folder := strings.TrimSuffix(f.Source, path.Ext(f.Source))
	var total int64
	for i, e := range r.File {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		name := entryName(e)
		if strings.HasSuffix(name, "/") || clutter(name) {
			continue
		}
		one := JobFile{Name: f.Name + " › " + name, Path: f.Path, Entry: i, Size: int64(min(e.UncompressedSize64, 1<<62)), State: FileWaiting}
		total += one.Size
		clean, why := entryPath(name)
		switch {
		case why != "":
			one.State, one.Code, one.Message = FileFailed, fault.Invalid, fmt.Sprintf("%s: %s: rename it and make the archive again", one.Name, why)
		case e.Flags&1 != 0:
			one.State, one.Code, one.Message = FileFailed, fault.Encrypted, one.Name+": it wants a password: make the archive without and upload it again"
		case one.Size > ratioFrom && one.Size/max(int64(min(e.CompressedSize64, 1<<62)), 1) > limits.Ratio:
			one.State, one.Code, one.Message = FileFailed, fault.TooLarge, one.Name+": it grows too much when it is unpacked: upload it by itself"
		}
		if one.State == FileWaiting {
			one.Source = folder + "/" + clean
		}
		files = append(files, one)
	}
	switch {
	case len(files) == 0:
		return nil, fault.New(fault.NoText, "%s: the archive holds no file", f.Name)
	case len(files) > limits.Files:
		return nil, fault.New(fault.TooLarge, "%s: %d files, more than the limit of %d: split the archive", f.Name, len(files), limits.Files)
	case total > limits.Bytes:
		return nil, fault.New(fault.TooLarge, "%s: %d MB when it is unpacked, more than the limit of %d MB: split the archive", f.Name, total>>20, limits.Bytes>>20)
	}
	return files, nil
}

// oneDocument says whether a ZIP is a document by itself: Office Open XML and OpenDocument say so in a member of their own.
func oneDocument(r *zip.Reader) bool {
	for i, e := range r.File {
		if e.Name == "[Content_Types].xml" || i == 0 && e.Name == "mimetype" {
			return true
		}
	}
	return false
}

// entryName gives the name of an entry as a person wrote it: what is not UTF-8 was made by Windows, in code page 850.
func entryName(e *zip.File) string {
	name := e.Name
	if e.NonUTF8 && !utf8.ValidString(name) {
		if decoded, err := charmap.CodePage850.NewDecoder().String(name); err == nil {
			name = decoded
		}
	}
	return strings.ReplaceAll(strings.ToValidUTF8(name, "\uFFFD"), "\\", "/")
}

// entryPath gives the path of an entry below the archive, or says why it has none.
func entryPath(name string) (clean, why string) {
	switch {
	case len(name) > maxName:
		return "", "its name is too long"
	case strings.ContainsFunc(name, func(r rune) bool { return r < ' ' || r == 0x7f }):
		return "", "its name holds characters that cannot be shown"
	case strings.HasPrefix(name, "/") || len(name) > 1 && name[1] == ':':
		return "", "its name is an absolute path"
	}
	for part := range strings.SplitSeq(name, "/") {
		if part == ".." {
			return "", "its path leads out of the archive"
		}
	}
	return path.Clean(name), ""
}

// clutter is what systems leave in archives and folders and is no document.
func clutter(name string) bool {
	for part := range strings.SplitSeq(name, "/") {
		if part != ".." && part != "." && hidden(part) || part == "__MACOSX" || part == "Thumbs.db" || part == "desktop.ini" {
			return true
		}
	}
	return false
}

// ReadEntry reads one entry of a ZIP archive, up to limit bytes whatever it says of itself.
func ReadEntry(archive string, entry int, name string, limit int64) (b []byte, err error) {
	broken := func(err error) error {
		return fault.Wrap(fault.Broken, err, "%s: it cannot be unpacked: make the archive again, or upload the file", name)
	}
	r, err := zip.OpenReader(archive)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return nil, broken(err)
	}
	defer func() { _ = r.Close() }() // it was only read
	if entry >= len(r.File) {
		return nil, broken(errors.New("no such entry"))
	}
	in, err := r.File[entry].Open()
	if err != nil {
		return nil, broken(err)
	}
	defer func() { _ = in.Close() }()
	b, err = io.ReadAll(io.LimitReader(in, limit+1))
	switch {
	case err != nil:
		return nil, broken(err)
	case int64(len(b)) > limit:
		return nil, fault.New(fault.TooLarge, "%s: more than the limit of %d MB: split it", name, limit>>20)
	}
	return b, nil
}
