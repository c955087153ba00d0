package ingest

import "strings"

// lead is what is indexed with the first part of a form: its purpose, who fills it in and what to attach, as printed,
// without what that part says itself.
func (f *Form) lead(shown string) string {
	var out []string
	for _, t := range append([]string{f.Purpose, f.Who}, f.Attachments...) {
		if t != "" && !strings.Contains(shown, t) {
			out = append(out, t)
		}
	}
	return strings.Join(out, "\n")
}
