package load

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"

	"sportello/assistant/fault"
)

// Read reads questions: JSON lines with "question" and, if they like, "lang" and "tenant"; or plain lines of text.
func Read(r io.Reader) ([]Question, error) {
	var out []Question
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		line := strings.TrimSpace(lines.Text())
		switch {
		case line == "" || line[0] == '#':
		case line[0] == '{':
			var q Question
			if err := json.Unmarshal([]byte(line), &q); err != nil {
				return nil, fault.Wrap(fault.Invalid, err, "line %d of the questions is not JSON", len(out)+1)
			}
			if q.Text != "" {
				out = append(out, q)
			}
		default:
			out = append(out, Question{Text: line})
		}
	}
	if err := lines.Err(); err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "the questions cannot be read")
	}
	if len(out) == 0 {
		return nil, fault.New(fault.Invalid, "there is no question in the file: one a line, or JSON lines with \"question\"")
	}
	return out, nil
}

// asking is how people ask about a document, in the languages of the pages.
var asking = []struct{ language, before, after string }{
	{"it", "che cosa prevede ", "?"}, {"it", "entro quando si presenta la domanda per ", "?"}, {"it", "quanto si paga per ", "?"}, {"it", "chi ha diritto a ", "?"},
	{"it", "che documenti servono per ", "?"}, {"it", "a quale ufficio mi rivolgo per ", "?"}, {"en", "what do I have to do for ", "?"}, {"en", "how much does it cost: ", "?"},
	{"ro", "ce acte sunt necesare pentru ", "?"}, {"sq", "çfarë duhet për ", "?"}, {"ar", "ما هي الوثائق المطلوبة: ", "؟"}, {"uk", "які документи потрібні: ", "?"},
	{"es", "qué necesito para ", "?"}, {"fr", "comment demander ", "?"}, {"de", "was brauche ich für ", "?"}, {"zh", "如何办理 ", "？"},
}

// Titles makes questions about the documents that a tenant publishes, six in sixteen of them in another language than Italian.
func (c *Config) Titles(ctx context.Context, tenant string) ([]Question, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.Base+"/api/v1/t/"+url.PathEscape(tenant)+"/documents", nil)
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "%s is not an address", c.Base)
	}
	resp, err := c.Client.Do(req)
	if err != nil {
		return nil, fault.Wrap(fault.Unavailable, err, "no server answers at %s: start one with sportello serve", c.Base)
	}
	defer func() { _ = resp.Body.Close() }()
	var list struct{ Documents []struct{ Title string } }
	if resp.StatusCode != http.StatusOK {
		return nil, fault.New(fault.NotFound, "the server has no tenant %q (status %d)", tenant, resp.StatusCode)
	}
	if err := json.NewDecoder(resp.Body).Decode(&list); err != nil {
		return nil, fault.Wrap(fault.Unavailable, err, "the list of documents of %s cannot be read", c.Base)
	}
	var out []Question
	for _, d := range list.Documents {
		for _, a := range asking {
			out = append(out, Question{Tenant: tenant, Text: a.before + d.Title + a.after, Language: a.language})
		}
	}
	if len(out) == 0 {
		return nil, fault.New(fault.NotFound, "%s publishes no documents: give questions with --questions", tenant)
	}
	return out, nil
}
