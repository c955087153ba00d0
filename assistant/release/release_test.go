package release_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sportello/assistant/fault"
	"sportello/assistant/release"
	"sportello/assistant/release/releasetest"
)

func TestVerify(t *testing.T) {
	maker, other := releasetest.New(t), releasetest.New(t)
	file := maker.Release(t, t.TempDir(), "v1.2.3", "il programma")
	r, err := release.Verify(file, []string{other.Public, maker.Public})
	if err != nil || r.Version != "v1.2.3" || r.Package {
		t.Fatalf("%+v %v", r, err)
	}
	to := filepath.Join(t.TempDir(), "sportello")
	if err := r.Program(t.Context(), to); err != nil {
		t.Fatal(err)
	}
	if b, err := os.ReadFile(to); err != nil || string(b) != "il programma" {
		t.Errorf("%q %v", b, err)
	}
	change := func(name string, how func([]byte) []byte) func(string) string {
		return func(file string) string {
			path := filepath.Join(filepath.Dir(file), name)
			b, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, how(b), 0o600); err != nil {
				t.Fatal(err)
			}
			return file
		}
	}
	for name, tt := range map[string]struct {
		how  func(file string) string
		keys []string
		code fault.Code
	}{
		"no key":          {func(f string) string { return f }, nil, fault.Invalid},
		"a key that none": {func(f string) string { return f }, []string{"RWx"}, fault.Invalid},
		"another key":     {func(f string) string { return f }, []string{other.Public}, fault.Forbidden},
		"file changed": {func(f string) string {
			return change(filepath.Base(f), func(b []byte) []byte { return b[:len(b)-1] })(f)
		}, []string{maker.Public}, fault.Broken},
		"sums changed": {change("SHA256SUMS", func(b []byte) []byte { return append(b, '\n') }), []string{maker.Public}, fault.Forbidden},
		"comment changed": {change("SHA256SUMS.minisig", func(b []byte) []byte {
			return []byte(strings.Replace(string(b), "v1.2.3", "v9.2.3", 1))
		}), []string{maker.Public}, fault.Forbidden},
		"no signature": {change("SHA256SUMS.minisig", func([]byte) []byte { return nil }), []string{maker.Public}, fault.Forbidden},
		"another name": {func(f string) string {
			to := strings.Replace(f, "1.2.3", "1.2.4", 1)
			if err := os.Rename(f, to); err != nil {
				t.Fatal(err)
			}
			return to
		}, []string{maker.Public}, fault.Broken},
		"of another sort": {func(string) string { return "/etc/hostname" }, []string{maker.Public}, fault.Invalid},
		"not there":       {func(string) string { return filepath.Join(t.TempDir(), "x.tar.gz") }, []string{maker.Public}, fault.NotFound},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := release.Verify(tt.how(maker.Release(t, t.TempDir(), "v1.2.3", "x")), tt.keys); fault.CodeOf(err) != tt.code {
				t.Errorf("%v, want %s", err, tt.code)
			}
		})
	}
}

func TestNewer(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		want bool
	}{{"v1.0.0", "v1.0.1", true}, {"v1.9.0", "v1.10.0", true}, {"v1.0.0", "v1.0.0", false}, {"v1.0.0", "v1.0.0-rc1", false}, {"v2.0.0", "v1.9.9", false},
		{"devel-37919be", "v0.1.0", true}, {"v0.0.0-20261201120000-aaaaaaaaaaaa", "v0.0.0-20261201130000-000000000000", true}} {
		if got := release.Newer(tt.a, tt.b); got != tt.want {
			t.Errorf("%s, %s: %v", tt.a, tt.b, got)
		}
	}
}
