package main

import (
	"bufio"
	"os"
	"slices"
	"strings"
	"testing"

	"sportello/web/staff"
	"sportello/web/staff/stafftest"
)

// Everything the console does in a tenant is in the program interface: testdata/console_api.txt says by which operations, or why not. A
// new page or form without a line there fails, and so does a line that names what is not there.
func TestConsoleIsInTheAPI(t *testing.T) {
	const pages, programs = "/staff/t/{slug}/", "/api/v1/t/{slug}/manage/"
	console, api := map[string]staff.Route{}, map[string]staff.Route{}
	for _, r := range stafftest.New(t, allParts(t)).Console.Routes() {
		if path, ok := strings.CutPrefix(r.Path, pages); ok {
			console[strings.TrimSpace(r.Method+" "+path)] = r
		}
		if path, ok := strings.CutPrefix(r.Path, programs); ok {
			api[r.Method+" "+path] = r
		}
	}
	f, err := os.Open("testdata/console_api.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	said, used := map[string]bool{}, map[string]bool{}
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		line := lines.Text()
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		page, operations, ok := strings.Cut(line, " = ")
		if !ok {
			t.Errorf("no = in %q", line)
			continue
		}
		page = strings.TrimSpace(page)
		route, there := console[page]
		if !there || said[page] {
			t.Errorf("%s is not in the console, or is here twice", page)
		}
		said[page] = true
		if why, ok := strings.CutPrefix(operations, "- "); ok {
			if len(why) < 20 {
				t.Errorf("%s: %q is no reason", page, why)
			}
			continue
		}
		for _, operation := range strings.Split(operations, ", ") {
			twin, there := api[operation]
			if !there {
				t.Errorf("%s: there is no %s", page, operation)
			}
			if there && route.Method != "GET" && twin.Action != route.Action {
				t.Errorf("%s takes %s, %s takes %s", page, route.Action, operation, twin.Action)
			}
			used[operation] = true
		}
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	var missing []string
	for page := range console {
		if !said[page] {
			missing = append(missing, page)
		}
	}
	slices.Sort(missing)
	if len(missing) > 0 {
		t.Errorf("of the console and in no line of testdata/console_api.txt:\n%s", strings.Join(missing, "\n"))
	}
	for operation := range api {
		if !used[operation] {
			t.Errorf("%s is of no page: add it to the line of the page that does the same", operation)
		}
	}
}
