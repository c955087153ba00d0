package html

import (
	"encoding/json"
	"regexp"
	"strings"

	"sportello/ingest"
)

// declared is one thing a page says of itself in JSON-LD.
type declared struct{ label, text string }

// The properties read, in the order they are shown (schema.org GovernmentService, GovernmentOffice, FAQPage, ContactPoint).
var jsonLabels = []struct{ key, label string }{
	{"name", "Servizio"}, {"description", "Descrizione"}, {"serviceType", "Tipo di servizio"}, {"audience", "A chi è rivolto"}, {"areaServed", "Territorio"},
	{"serviceOperator", "Ufficio responsabile"}, {"provider", "Ente"}, {"availableChannel", "Come accedere"}, {"hoursAvailable", "Orari"}, {"openingHours", "Orari"},
	{"address", "Indirizzo"}, {"telephone", "Telefono"}, {"email", "E-mail"}, {"termsOfService", "Condizioni di servizio"},
}

// readTypes are the types whose properties are read; others (WebSite, BreadcrumbList, Organization of the site) describe the site.
var readTypes = map[string]bool{"GovernmentService": true, "PublicService": true, "Service": true, "GovernmentOffice": true, "GovernmentPermit": true}

const maxJSONDepth = 12

// readJSONLD reads one script; what is not JSON is left out.
func readJSONLD(src string) []declared {
	if len(src) > 1<<20 || jsonDepth(src) > 100 {
		return nil
	}
	var v any
	if json.Unmarshal([]byte(src), &v) != nil {
		return nil
	}
	var out []declared
	collect(v, 0, &out)
	return out
}

func jsonDepth(s string) int {
	depth, most := 0, 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '{', '[':
			depth++
			most = max(most, depth)
		case '}', ']':
			depth--
		}
	}
	return most
}

func collect(v any, depth int, out *[]declared) {
	if depth > maxJSONDepth || len(*out) > 200 {
		return
	}
	switch v := v.(type) {
	case []any:
		for _, x := range v {
			collect(x, depth+1, out)
		}
	case map[string]any:
		if g, ok := v["@graph"]; ok {
			collect(g, depth+1, out)
		}
		if isType(v, "FAQPage") {
			collect(v["mainEntity"], depth+1, out)
		}
		if isType(v, "Question") {
			if a, ok := v["acceptedAnswer"].(map[string]any); ok {
				*out = append(*out, declared{label: clean(v["name"]), text: clean(a["text"])})
			}
			return
		}
		for t := range readTypes {
			if isType(v, t) {
				properties(v, out)
				return
			}
		}
	}
}

func isType(v map[string]any, want string) bool {
	switch t := v["@type"].(type) {
	case string:
		return strings.TrimPrefix(t, "schema:") == want
	case []any:
		for _, x := range t {
			if s, ok := x.(string); ok && strings.TrimPrefix(s, "schema:") == want {
				return true
			}
		}
	}
	return false
}

func properties(v map[string]any, out *[]declared) {
	for _, p := range jsonLabels {
		if text := flat(v[p.key], 0); text != "" {
			*out = append(*out, declared{label: p.label, text: text})
		}
	}
}

// flat joins the text of a value: of an object its name and contacts, not its types and addresses of the web.
func flat(v any, depth int) string {
	if depth > maxJSONDepth {
		return ""
	}
	switch v := v.(type) {
	case string:
		if s := clean(v); !strings.HasPrefix(s, "http://schema.org") && !strings.HasPrefix(s, "https://schema.org") {
			return s
		}
	case []any:
		var parts []string
		for _, x := range v {
			if s := flat(x, depth+1); s != "" {
				parts = append(parts, s)
			}
		}
		return strings.Join(parts, ", ")
	case map[string]any:
		var parts []string
		for _, k := range []string{"name", "audienceType", "description", "serviceUrl", "serviceLocation", "servicePhone", "address", "streetAddress", "postalCode", "addressLocality",
			"telephone", "email", "dayOfWeek", "opens", "closes", "openingHours", "availableLanguage"} {
			if s := flat(v[k], depth+1); s != "" {
				parts = append(parts, s)
			}
		}
		return strings.Join(parts, ", ")
	}
	return ""
}

var reTag = regexp.MustCompile(`<[^>]*>`)

func clean(v any) string {
	s, _ := v.(string)
	return ingest.Squeeze(reTag.ReplaceAllString(s, " "))
}

// addDeclared adds what JSON-LD says and the page's text does not, so that nothing is said twice.
func (w *walker) addDeclared(list []declared) {
	if len(list) == 0 {
		return
	}
	var all strings.Builder
	for _, b := range w.out {
		all.WriteString(fold(b.Text))
		all.WriteByte(' ')
	}
	text := all.String()
	for _, d := range list {
		if d.text == "" || strings.Contains(text, fold(d.text)) {
			continue
		}
		line := d.text
		if d.label != "" {
			line = strings.TrimSuffix(d.label, ":") + ": " + d.text
			if strings.HasSuffix(d.label, "?") {
				line = d.label + " " + d.text
			}
		}
		w.out = append(w.out, ingest.Block{Kind: ingest.Item, Text: line})
		text += fold(d.text) + " "
	}
}

func fold(s string) string { return strings.ToLower(ingest.Squeeze(s)) }
