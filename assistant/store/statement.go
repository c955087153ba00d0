package store

import (
	"embed"
	"io/fs"
	"strconv"
	"strings"

	"sportello/assistant/fault"
)

//go:embed sql
var files embed.FS

// statements are the SQL texts by name, as the files in sql/ give them: a line "-- name: x" starts the statement x.
type statements map[string]string

func loadStatements() (statements, error) {
	all := statements{}
	names, err := fs.Glob(files, "sql/*.sql")
	if err != nil {
		return nil, fault.Wrap(fault.Internal, err, "the SQL files")
	}
	for _, file := range names {
		b, err := files.ReadFile(file)
		if err != nil {
			return nil, fault.Wrap(fault.Internal, err, "%s", file)
		}
		if err := all.add(file, string(b)); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func (all statements) add(file, text string) error {
	const mark = "-- name: "
	name := ""
	for i, line := range strings.Split(text, "\n") {
		if rest, ok := strings.CutPrefix(line, mark); ok {
			name = strings.TrimSpace(rest)
			if _, twice := all[name]; twice || name == "" {
				return fault.New(fault.Internal, "%s:%d: statement %q twice or without a name", file, i+1, name)
			}
			all[name] = ""
			continue
		}
		if line == "" || strings.HasPrefix(line, "--") {
			continue
		}
		if name == "" {
			return fault.New(fault.Internal, "%s:%d: SQL before the first name", file, i+1)
		}
		all[name] += line + "\n"
	}
	return nil
}

// list replaces the mark /*list*/ of a statement with n parameters, numbered from first; nothing is in a list of none.
func list(statement string, first, n int) string {
	var b strings.Builder
	if n == 0 {
		b.WriteString("NULL")
	}
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteByte('?')
		b.WriteString(strconv.Itoa(first + i))
	}
	return strings.ReplaceAll(statement, "/*list*/", b.String())
}
