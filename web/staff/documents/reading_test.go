package documents

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"sportello/locales"
)

// Every warning that a parser may give has words for a clerk.
func TestEveryWarningHasWords(t *testing.T) {
	l, err := locales.Staff()
	if err != nil {
		t.Fatal(err)
	}
	verb := regexp.MustCompile(`%[a-z]`)
	found := 0
	err = filepath.WalkDir("../../../ingest", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) == 0 {
				return true
			}
			said := ""
			switch f := call.Fun.(type) {
			case *ast.SelectorExpr:
				if f.Sel.Name == "warn" {
					said = sentence(call.Args[0])
				}
			case *ast.Ident:
				if f.Name == "append" && len(call.Args) == 2 && !call.Ellipsis.IsValid() && strings.HasSuffix(strings.ToLower(last(call.Args[0])), "warnings") {
					said = sentence(call.Args[1])
				}
			}
			if said == "" {
				return true
			}
			found++
			if said = verb.ReplaceAllString(said, "7"); reading(l, said) == l.T("reading_other") {
				t.Errorf("%s warns %q, for which there are no words", path, said)
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if found < 15 {
		t.Errorf("only %d warnings were found in the parsers", found)
	}
	if got := reading(l, "pages 2-4: no text, and no OCR is set up"); !strings.Contains(got, "2-4") {
		t.Error(got)
	}
}

// last is the name at the end of an expression: d.warnings.
func last(e ast.Expr) string {
	switch x := e.(type) {
	case *ast.SelectorExpr:
		return x.Sel.Name
	case *ast.Ident:
		return x.Name
	}
	return ""
}

// sentence is what an expression makes, with 7 for what is put in.
func sentence(e ast.Expr) string {
	switch x := e.(type) {
	case *ast.BasicLit:
		text, _ := strconv.Unquote(x.Value)
		return text
	case *ast.BinaryExpr:
		return sentence(x.X) + sentence(x.Y)
	case *ast.CallExpr:
		if last(x.Fun) == "Sprintf" {
			return "" // the sentence is where the format is
		}
	}
	return "7"
}
