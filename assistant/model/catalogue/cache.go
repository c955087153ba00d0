package catalogue

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"sportello/assistant/fault"
)

// CacheDir gives the folder that models and the engine are kept in when the configuration names none:
// $XDG_CACHE_HOME/sportello, or .cache/sportello in the home folder.
func CacheDir() (string, error) {
	dir := os.Getenv("XDG_CACHE_HOME")
	if dir == "" {
		home, err := os.UserHomeDir()
		if err != nil {
			return "", fault.Wrap(fault.Invalid, err, "no home folder to keep models in: configure a cache folder")
		}
		dir = filepath.Join(home, ".cache")
	}
	return filepath.Join(dir, "sportello"), nil
}

// Path gives where the file of a model lies, or would.
func (m Model) Path(cacheDir string) string { return filepath.Join(cacheDir, "models", m.File) }

// File is a model's file on this machine.
type File struct {
	Path   string
	Bytes  int64
	SHA256 string // hex
}

// Installed gives the file of a model in the cache. Not there: fault.NotFound. There, but not the one the catalogue means:
// fault.Broken.
func (m Model) Installed(cacheDir string) (File, error) {
	f, err := Identify(m.Path(cacheDir))
	if errors.Is(err, fs.ErrNotExist) {
		return f, fault.New(fault.NotFound, "the model %s is not installed: run sportello models pull %s", m.Name, m.Name)
	}
	if err != nil {
		return f, fault.Wrap(fault.Unavailable, err, "the model file %s cannot be read", m.Path(cacheDir))
	}
	if m.SHA256 != "" && f.SHA256 != m.SHA256 {
		return f, fault.New(fault.Broken, "the model file %s is not the one of the catalogue (sha256 %s): remove it and run sportello models pull %s", f.Path, f.SHA256, m.Name)
	}
	return f, nil
}

// note is kept beside a model file, so that its hash is computed once.
type note struct {
	Bytes    int64     `json:"bytes"`
	Modified time.Time `json:"modified"`
	SHA256   string    `json:"sha256"`
}

// Identify gives a file's size and sha256. The hash comes from the note beside the file when size and time still agree.
func Identify(path string) (File, error) {
	s, err := os.Stat(path)
	if err != nil {
		return File{}, err
	}
	f := File{Path: path, Bytes: s.Size()}
	if b, err := os.ReadFile(path + ".json"); err == nil {
		var n note
		if json.Unmarshal(b, &n) == nil && n.Bytes == s.Size() && n.Modified.Equal(s.ModTime()) && len(n.SHA256) == 64 {
			f.SHA256 = n.SHA256
			return f, nil
		}
	}
	if f.SHA256, err = hashFile(path); err != nil {
		return f, err
	}
	if b, err := json.Marshal(note{f.Bytes, s.ModTime(), f.SHA256}); err == nil {
		_ = os.WriteFile(path+".json", b, 0o644) // a folder that cannot be written costs time, not correctness
	}
	return f, nil
}

func hashFile(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer func() { _ = f.Close() }()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
