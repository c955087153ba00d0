package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// The one direction of imports: cmd -> web -> assistant/* -> assistant -> ingest, with leaves that anybody may import.
var leaves = []string{"assistant/fault", "assistant/access", "assistant/registry", "assistant/lexicon", "assistant/privacy", "assistant/outbound", "assistant/turn", "assistant/recent", "prompts", "locales"}

// only says which packages may import a library: what is behind our own interface stays replaceable.
var only = map[string]string{
	"aead.dev/minisign":                   "assistant/release",
	"filippo.io/age":                      "assistant/backup",
	"golang.org/x/crypto/acme":            "web/certificate",
	"github.com/letsencrypt":              "web/certificate",
	"github.com/labstack/echo":            "web",
	"github.com/tmc/langchaingo":          "assistant/model",
	"github.com/qdrant/go-client":         "assistant/qdrant",
	"modernc.org/sqlite":                  "assistant/store",
	"github.com/pressly/goose":            "assistant/store",
	"github.com/jackc/pgx":                "assistant/store",
	"github.com/klippa-app/go-pdfium":     "ingest/pdf",
	"github.com/yuin/goldmark":            "ingest/text",
	"github.com/nicksnyder/go-i18n":       "locales",
	"github.com/minio/minio-go":           "assistant/backup/bucket",
	"github.com/alecthomas/kong":          "cmd/sportello",
	"github.com/knadh/koanf":              "cmd/sportello",
	"github.com/schollz/progressbar":      "cmd/sportello",
	"github.com/prometheus/client_golang": "web",
	"github.com/wneessen/go-mail":         "assistant/mail",
	"github.com/temoto/robotstxt":         "ingest/crawl",
	"github.com/pquerna/otp":              "assistant/access",
	"github.com/boombuler/barcode":        "web/qr",
	"github.com/coreos/go-oidc":           "web/staff",
	"golang.org/x/oauth2":                 "web/staff",
	"github.com/zitadel/oidc":             "web/staff",
	"github.com/getkin/kin-openapi":       "web",
	"github.com/sony/gobreaker":           "assistant/model",
	"github.com/standard-webhooks":        "assistant/webhook",
}

// measures are the packages that look at several adapters at once because measuring them is what they are for.
var measures = map[string]bool{"assistant/eval": true, "assistant/indextest": true, "assistant/contest": true}

func TestImportsRunOneWay(t *testing.T) {
	root := filepath.Join("..", "..")
	files := 0
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if base := d.Name(); base == "node_modules" || base == "testdata" || (strings.HasPrefix(base, ".") && len(base) > 2) {
				return fs.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(name, ".go") {
			return nil
		}
		files++
		rel, err := filepath.Rel(root, filepath.Dir(name))
		if err != nil {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		test := strings.HasSuffix(name, "_test.go")
		for _, spec := range file.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			if why := forbidden(filepath.ToSlash(rel), imported, test); why != "" {
				t.Errorf("%s imports %s: %s", name, imported, why)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files < 100 {
		t.Fatalf("only %d Go files were seen: the rule was not checked", files)
	}
}

// forbidden says why a package may not import another, "" when it may. Tests may reach further, never into cmd or web.
func forbidden(from, imported string, test bool) string {
	for library, owner := range only {
		if strings.HasPrefix(imported, library) && from != owner && !strings.HasPrefix(from, owner+"/") {
			return "only " + owner + " may"
		}
	}
	to, ours := strings.CutPrefix(imported, "sportello/")
	if !ours || from == to || leaf(to) && (!leaf(from) || to == "assistant/fault") {
		return ""
	}
	if test && top(to) != "cmd" && top(to) != "web" {
		return ""
	}
	switch {
	case leaf(from):
		return "a leaf imports nothing of ours but assistant/fault"
	case top(from) == "cmd":
		return ""
	case top(from) == "web":
		if top(to) == "cmd" {
			return "web is below cmd"
		}
	case top(from) == "assistant":
		if top(to) != "assistant" && top(to) != "ingest" {
			return "assistant is below " + top(to)
		}
		if top(to) == "ingest" && to != "ingest" {
			return "only the contracts of ingest, not its parsers"
		}
		if from == "assistant" && top(to) == "assistant" {
			return "the domain imports no adapter"
		}
		if to != "assistant" && top(to) == "assistant" && second(from) != second(to) && !measures[second(from)] {
			return "adapters never import each other"
		}
	case top(from) == "ingest":
		if top(to) != "ingest" {
			return "ingest is at the bottom"
		}
		if from == "ingest" || (to != "ingest" && !strings.HasPrefix(to, "ingest/internal") && second(from) != second(to)) {
			return "parsers never import each other"
		}
	}
	return ""
}

func leaf(pkg string) bool {
	for _, l := range leaves {
		if pkg == l || strings.HasPrefix(pkg, l+"/") {
			return true
		}
	}
	return false
}

func top(pkg string) string { first, _, _ := strings.Cut(pkg, "/"); return first }

// second gives the first two elements: "assistant/model" of "assistant/model/engine".
func second(pkg string) string {
	if parts := strings.Split(pkg, "/"); len(parts) > 1 {
		return path.Join(parts[0], parts[1])
	}
	return pkg
}

func TestForbidden(t *testing.T) {
	for _, tt := range []struct {
		from, imported string
		test, wrong    bool
	}{
		{"cmd/sportello", "sportello/web", false, false},
		{"web", "sportello/assistant/store", false, false},
		{"assistant/store", "sportello/web", false, true},
		{"assistant/store", "sportello/assistant/index", false, true},
		{"assistant/eval", "sportello/assistant/index", false, false},
		{"assistant", "sportello/assistant/store", false, true},
		{"assistant", "sportello/assistant/lexicon", false, false},
		{"ingest/pdf", "sportello/ingest/ocr", false, true},
		{"ingest", "sportello/ingest/pdf", false, true},
		{"ingest", "sportello/ingest/pdf", true, false},
		{"ingest", "sportello/assistant", false, true},
		{"assistant/lexicon", "sportello/ingest", false, true},
		{"assistant/model", "github.com/tmc/langchaingo/llms", false, false},
		{"web", "github.com/tmc/langchaingo/llms", false, true},
	} {
		if got := forbidden(tt.from, tt.imported, tt.test) != ""; got != tt.wrong {
			t.Errorf("%s imports %s: forbidden %v, want %v", tt.from, tt.imported, got, tt.wrong)
		}
	}
}
