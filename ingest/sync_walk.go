package ingest

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"sportello/assistant/fault"
)

// found is a file to take in.
type found struct {
	path   string // to open
	name   string // as given, for messages
	source string
	size   int64
}

// survey is what walking the given paths found.
type survey struct {
	files     []found
	addresses []string
	folders   []string          // sources of the given folders: what was known below them and is not found has vanished
	unread    []string          // sources of folders that could not be read: nothing below them has vanished
	failed    map[string]error  // by name
	sources   map[string]string // source -> absolute path
}

// walk lists the files of paths. The source of a file keeps the name of the folder that was given: "atti/2024/tari.pdf" for
// "./archivio/atti". A file given by itself keeps the name of the folder that it is in. Hidden files and the lock files of
// Office programs are no documents; links to folders are not followed.
func walk(ctx context.Context, paths []string) (*survey, error) {
	s := &survey{failed: map[string]error{}, sources: map[string]string{}}
	for _, path := range paths {
		if strings.HasPrefix(path, "http://") || strings.HasPrefix(path, "https://") {
			s.addresses = append(s.addresses, path)
			continue
		}
		if err := s.given(ctx, path); err != nil {
			return nil, err
		}
	}
	return s, nil
}

func (s *survey) given(ctx context.Context, path string) error {
	whole, err := filepath.Abs(path)
	if err != nil {
		s.failed[path] = unreadable(path, err)
		return nil
	}
	info, err := os.Stat(path)
	if err != nil {
		s.failed[path] = unreadable(path, err)
		return nil
	}
	if !info.IsDir() {
		s.add(path, whole, source(filepath.Base(filepath.Dir(whole)), filepath.Base(whole)), info)
		return nil
	}
	// What is above the folder's own name does not count: the same folder moved elsewhere holds the same documents.
	name := filepath.Base(whole)
	s.folders = append(s.folders, source(name))
	return filepath.WalkDir(path, func(file string, entry fs.DirEntry, err error) error {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		inside, relErr := filepath.Rel(path, file)
		if relErr != nil {
			inside = file
		}
		if err != nil {
			s.failed[file] = unreadable(file, err)
			s.unread = append(s.unread, source(name, inside))
			return nil
		}
		if inside != "." && hidden(entry.Name()) {
			if entry.IsDir() {
				return filepath.SkipDir
			}
			return nil
		}
		if entry.IsDir() {
			return nil
		}
		info, err := os.Stat(file) // follows links
		switch {
		case err != nil:
			s.failed[file] = unreadable(file, err)
			s.unread = append(s.unread, source(name, inside))
		case info.IsDir():
			s.failed[file] = fault.New(fault.Unsupported, "%s: a link to a folder is not followed: give the folder itself", file)
			s.unread = append(s.unread, source(name, inside))
		default:
			s.add(file, filepath.Join(whole, inside), source(name, inside), info)
		}
		return nil
	})
}

func (s *survey) add(path, whole, source string, info fs.FileInfo) {
	if !info.Mode().IsRegular() {
		s.failed[path] = fault.New(fault.Unsupported, "%s: not a file", path)
		return
	}
	switch other, taken := s.sources[source]; {
	case taken && other == whole: // given twice
		return
	case taken:
		s.failed[path] = fault.New(fault.Conflict, "%s: %s is called %s too: rename one of the two folders", path, other, source)
		return
	}
	s.sources[source] = whole
	s.files = append(s.files, found{path: path, name: path, source: source, size: info.Size()})
}

// vanished says whether a known source is missing from the folders that were given and read.
func (s *survey) vanished(source string) bool {
	if _, here := s.sources[source]; here {
		return false
	}
	for _, folder := range s.unread {
		if source == folder || strings.HasPrefix(source, folder+"/") {
			return false
		}
	}
	return true
}

// source joins the parts of a path with slashes, as UTF-8, without what leads nowhere ("/", ".").
func source(parts ...string) string {
	joined := filepath.ToSlash(filepath.Join(parts...))
	return strings.ToValidUTF8(strings.TrimLeft(joined, "/"), "\uFFFD")
}

func hidden(name string) bool {
	return strings.HasPrefix(name, ".") || strings.HasPrefix(name, "~$")
}

func unreadable(path string, err error) error {
	switch {
	case os.IsNotExist(err):
		return fault.Wrap(fault.NotFound, err, "%s: there is no such file or folder", path)
	case os.IsPermission(err):
		return fault.Wrap(fault.Invalid, err, "%s: no permission to read it", path)
	}
	return fault.Wrap(fault.Broken, err, "%s: the disk does not give it", path)
}
