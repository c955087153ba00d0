package web_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"sportello/assistant"
	"sportello/web/staff/stafftest"
)

// wrong gives what a schema does not allow in one place: a value beside each bound, and of every other type.
func wrong(s *openapi3.Schema) (out []any) {
	if len(s.AnyOf) > 0 || len(s.OneOf) > 0 { // only what no branch takes
		return []any{map[string]any{"zz": 1.0}, true}
	}
	types := map[string]any{"string": "x", "integer": 7.0, "number": 7.5, "boolean": true, "array": []any{}, "object": map[string]any{}}
	for name, value := range types {
		if s.Type != nil && !s.Type.Is(name) && (name != "integer" || !s.Type.Is("number")) {
			out = append(out, value)
		}
	}
	switch {
	case s.Type == nil:
		return nil
	case s.Type.Is("string"):
		if len(s.Enum) > 0 {
			out = append(out, "zz", " "+fmt.Sprint(s.Enum[0]), strings.ToUpper(fmt.Sprint(s.Enum[0])))
		}
		if s.MinLength > 0 {
			out = append(out, "")
		}
		if s.MaxLength != nil { // measured as it was sent: before trimming, before control characters are taken out
			n := int(*s.MaxLength)
			for _, filler := range []string{"a", " ", "\n", "\x01", "\u00a0", "é"} {
				out = append(out, "a"+strings.Repeat(filler, n), strings.Repeat(filler, n)+"a", strings.Repeat(filler, n+1))
			}
		}
		if s.Pattern == `[^\s]` { // what any dialect of patterns takes for a space
			for _, r := range " \t\v\f\u001c\u001f\u0085\u00a0\u1680\u2003\u2028\u3000\ufeff" {
				out = append(out, string(r), strings.Repeat(string(r), 3))
			}
		} else if s.Pattern != "" {
			out = append(out, "zz zz", "\x00")
		}
		switch s.Format {
		case "date":
			out = append(out, "", "2026-02-30", "2099-1-1", " 2099-12-31", "2099-12-31T00:00:00Z", "２０９９-12-31", "2099-12-31\n")
		case "email":
			out = append(out, "", "a", "a@", "@b.it", "a@b@c.it", "a b@c.it", "a@c.it\n")
		case "uri":
			out = append(out, "", "x", "//x.it/", "https://", "https://a b.it/", "https://a.it/\n")
		}
	case s.Type.Is("integer"):
		out = append(out, 1.5)
		if s.Min != nil {
			out = append(out, *s.Min-1, -1e30)
		}
		if s.Max != nil {
			out = append(out, *s.Max+1, 1e30)
		}
	case s.Type.Is("array"):
		if s.MinItems > 0 {
			out = append(out, []any{})
		}
		if s.MaxItems != nil {
			out = append(out, slices.Repeat([]any{"a"}, int(*s.MaxItems)+1))
		}
	}
	return out
}

// good makes a body that a schema allows, from values that stand for something in the house.
func good(ref *openapi3.SchemaRef, name string, known map[string]any) any {
	s := ref.Value
	if v, ok := known[name]; ok {
		return v
	}
	switch {
	case len(s.Enum) > 0:
		return s.Enum[0]
	case s.Type == nil:
		return "x"
	case s.Type.Is("object"):
		out := map[string]any{}
		for field, p := range s.Properties {
			if slices.Contains(s.Required, field) || known[field] != nil || p.Value.MaxLength != nil {
				out[field] = good(p, field, known)
			}
		}
		return out
	case s.Type.Is("array"):
		return []any{good(s.Items, name+"[]", known)}
	case s.Type.Is("integer"):
		return max(1.0, *cmp0(s.Min))
	case s.Type.Is("boolean"):
		return false
	}
	return "x"
}

func cmp0(n *float64) *float64 {
	if n == nil {
		return new(float64)
	}
	return n
}

// spoiled gives copies of a body that are wrong in one place each, with the place.
func spoiled(s *openapi3.Schema, body any, at string, put func(any) any, each func(at string, whole any)) {
	for _, v := range wrong(s) {
		each(fmt.Sprintf("%s = %.40q", at, fmt.Sprint(v)), put(v))
	}
	switch value := body.(type) {
	case map[string]any:
		with := func(change func(map[string]any)) any {
			other := maps.Clone(value)
			change(other)
			return put(other)
		}
		for _, field := range s.Required {
			each(at+" without "+field, with(func(m map[string]any) { delete(m, field) }))
			each(at+" with "+strings.ToUpper(field), with(func(m map[string]any) { m[strings.ToUpper(field)] = m[field]; delete(m, field) }))
		}
		if s.AdditionalProperties.Has != nil && !*s.AdditionalProperties.Has {
			each(at+" with zz", with(func(m map[string]any) { m["zz"] = 1 }))
		}
		for field, p := range s.Properties {
			if inner, ok := value[field]; ok {
				spoiled(p.Value, inner, at+"."+field, func(v any) any { return with(func(m map[string]any) { m[field] = v }) }, each)
			}
		}
	case []any:
		if len(value) > 0 {
			spoiled(s.Items.Value, value[0], at+"[]", func(v any) any { return put(append([]any{v}, value[1:]...)) }, each)
		}
	}
}

// Whatever stands in the description is held: a value beside any bound, of any field of any body, measured as it was sent, is refused,
// and the body without it is taken.
func TestEveryBoundIsHeld(t *testing.T) {
	m := newManager(t)
	doc, _ := description(t, m.harness)
	id := map[string]string{
		"documents": m.document, "questions": "q2", "handovers": "AAAA2222", "settings": "page.notice", "answers": "", "webhooks": "", "people": m.house.Person("clerk", stafftest.Unione).ID,
	}
	known := map[string]any{
		"document": m.document, "ids[]": m.document, "superseded_by": m.newer, "office": "Avella", "quote": "entro il 16 giugno", "text": "Entro il 16 giugno.", "expires": "2099-12-31",
		"url": "https://www.example.it/", "email": "nuova@example.it", "slug": "nuovo", "name": "Avella", "role": "clerk", "question": "Quando si paga?", "from": "2099-12-31", "number": 1.0,
		"actions[]": "documents.read", "visibility": "public", "model": "borgoprova", "messages": []any{map[string]any{"role": "user", "content": "Quando apre?"}}, "active": true,
		"value": "Ciao", "document_id": "d-tari", "start": 216.0, "end": 302.0, "valid_from": "2026-01-01",
	}
	if r := m.manage("PUT", "offices", `{"offices":[{"name":"Avella"}]}`); r.StatusCode != 200 {
		t.Fatal(text(t, r))
	}
	for part, body := range map[string]string{"answers": `{"question":"Quando si paga?","text":"Entro il 16 giugno.","office":"Avella","expires":"2099-12-31","sources":[{"document":"` + m.document + `","quote":"entro il 16 giugno"}]}`, "webhooks": `{"url":"https://www.example.it/","events":["document.changed"]}`} {
		var made struct{ ID string }
		if err := json.Unmarshal([]byte(text(t, m.manage("POST", part, body))), &made); err != nil || made.ID == "" {
			t.Fatal(part, err)
		}
		id[part] = made.ID
	}
	{
		one := "CCCC2222"
		if err := m.house.Store.AddHandOver(t.Context(), assistant.HandOver{ID: one, Tenant: stafftest.Unione, Office: "Avella", Language: "it", Text: "Aiuto", Token: one}, false); err != nil {
			t.Fatal(err)
		}
	}
	asked := 0
	for _, path := range slices.Sorted(maps.Keys(doc.Paths.Map())) {
		for method, o := range doc.Paths.Value(path).Operations() {
			if o.RequestBody == nil || o.RequestBody.Value.Content["application/json"] == nil {
				continue
			}
			if strings.Contains(path, "/acts/{id}") || strings.Contains(path, "/minutes/{id}") {
				continue // of what is being written, which this house has none of
			}
			schema := o.RequestBody.Value.Content["application/json"].Schema
			address := strings.Replace(path, "{slug}", map[bool]string{true: "borgoprova", false: stafftest.Unione}[o.OperationID == "ask" || o.OperationID == "simpler"], 1)
			_, after, _ := strings.Cut(path, "/manage/")
			address = strings.NewReplacer("{id}", id[strings.Split(after, "/")[0]], "{key}", "page.notice").Replace(address)
			if o.OperationID == "moveHandOver" {
				address = strings.Replace(address, "AAAA", "CCCC", 1)
			}
			if strings.Contains(address, "{") {
				continue // of what this house has none
			}
			send := func(body any) *http.Response {
				raw, err := json.Marshal(body)
				if err != nil {
					t.Fatal(err)
				}
				return m.do(request(method, address, string(raw), "Content-Type", "application/json", "Authorization", "Bearer "+m.secret))
			}
			base := good(schema, "", known)
			spoiled(schema.Value, base, o.OperationID, func(v any) any { return v }, func(at string, body any) {
				asked++
				if r := send(body); !slices.Contains([]int{400, 413, 422}, r.StatusCode) {
					t.Errorf("%s is taken: %d %s", at, r.StatusCode, text(t, r))
				}
			})
			if r := send(base); r.StatusCode >= 300 && len(schema.Value.Properties) > 0 && !slices.Contains([]string{"addAct", "acceptHidden", "verify", "conversationExport", "conversationErase"}, o.OperationID) {
				t.Errorf("%s: %v is not taken: %d %s", o.OperationID, base, r.StatusCode, text(t, r))
			}
		}
	}
	t.Logf("%d wrong bodies", asked)
}

// The same for what is in an address after the question mark.
func TestEveryParameterIsHeld(t *testing.T) {
	m := newManager(t)
	doc, _ := description(t, m.harness)
	asked := 0
	for path, item := range doc.Paths.Map() {
		for method, o := range item.Operations() {
			address := strings.NewReplacer("{slug}", stafftest.Unione, "documents/{id}", "documents/"+m.document, "questions/{id}", "questions/q1", "{format}", "json").Replace(path)
			for _, p := range o.Parameters {
				s := p.Value.Schema.Value
				if p.Value.In != "query" {
					continue
				}
				values := []string{}
				for _, v := range wrong(s) {
					if text, ok := v.(string); ok && (text != "" || !s.Type.Is("string") || s.Format != "") {
						values = append(values, text)
					}
				}
				if s.Type.Is("integer") {
					values = append(values, "", "1.5", "1e1", "0x1", "1_0", " 1", "99999999999999999999", "-1")
				}
				for _, v := range values {
					asked++
					q := url.Values{p.Value.Name: {v}}
					if r := m.do(request(method, address+"?"+q.Encode(), "", "Authorization", "Bearer "+m.secret)); r.StatusCode != 422 {
						t.Errorf("%s?%s: %d", o.OperationID, q.Encode(), r.StatusCode)
					}
				}
			}
		}
	}
	t.Logf("%d wrong parameters", asked)
}

func (m *manager) manage(method, path, body string) *http.Response {
	return m.do(request(method, "/api/v1/t/"+stafftest.Unione+"/manage/"+path, body, "Content-Type", "application/json", "Authorization", "Bearer "+m.secret))
}
