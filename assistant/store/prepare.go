package store

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"sportello/assistant/fault"
	"sportello/ingest"
)

var shaForm = regexp.MustCompile(`^[0-9a-f]{64}$`)

// checked gives a copy of d fit to be stored: a validity that is not a day is left out with a warning, since a slip in
// an old text is no reason to refuse it.
func checked(d *ingest.Document, chunks []ingest.Chunk, original []byte) (*ingest.Document, error) {
	c := *d
	sum := sha256.Sum256(original)
	switch have := hex.EncodeToString(sum[:]); {
	case c.Source == "":
		return nil, fault.New(fault.Invalid, "a document needs a source")
	case original == nil && c.SHA256 == "":
		return nil, fault.New(fault.Invalid, "%s: neither bytes nor their sha256", c.Source)
	case original != nil && c.SHA256 == "":
		c.SHA256 = have
	case original != nil && c.SHA256 != have:
		return nil, fault.New(fault.Invalid, "%s: the sha256 is not that of the bytes", c.Source)
	}
	if !shaForm.MatchString(c.SHA256) {
		return nil, fault.New(fault.Invalid, "%s: %q is not a sha256 in hex", c.Source, c.SHA256)
	}
	if !utf8.ValidString(c.Text) {
		return nil, fault.New(fault.Invalid, "%s: the text is not UTF-8", c.Source)
	}
	for _, k := range chunks {
		if k.Start < 0 || k.End < k.Start || k.End > len(c.Text) || k.Section < -1 || k.Section >= len(c.Sections) {
			return nil, fault.New(fault.Invalid, "%s: chunk %d lies outside the text", c.Source, k.Ordinal)
		}
	}
	for _, day := range []*string{&c.ValidFrom, &c.ValidTo} {
		if _, err := time.Parse(time.DateOnly, *day); *day != "" && err != nil {
			c.Warnings = append(c.Warnings[:len(c.Warnings):len(c.Warnings)], "not a day, left out: "+*day)
			*day = ""
		}
	}
	if c.Visibility == "" {
		c.Visibility = ingest.Public
	}
	if c.Language == "" {
		c.Language = "it"
	}
	if c.Kind == "" {
		c.Kind = ingest.Altro
	}
	return &c, nil
}

// prepared is what Put works out before it takes the write lock.
type prepared struct {
	document                       string // id
	fingerprint                    string
	approval, form, meta, sections string // JSON
	size                           int
	texts                          []text // one a chunk
}

type text struct {
	hash, body string
	terms      []byte
}

// meta is what is kept of a version only to be shown again.
type meta struct {
	Date       string           `json:"date,omitempty"`
	PageStarts []int            `json:"page_starts,omitempty"`
	Warnings   []string         `json:"warnings,omitempty"`
	Findings   []ingest.Finding `json:"findings,omitempty"`
}

func (s *Store) prepare(tenant string, d *ingest.Document, chunks []ingest.Chunk) (*prepared, error) {
	v := &prepared{document: derive("document", tenant, d.Source)}
	whole, err := json.Marshal(struct {
		Document *ingest.Document
		Chunks   []ingest.Chunk
	}{d, chunks})
	if err != nil {
		return nil, err
	}
	v.fingerprint = digest(whole)
	for _, part := range []struct {
		to   *string
		from any
	}{{&v.approval, d.Approval}, {&v.meta, meta{d.Date, d.PageStarts, d.Warnings, d.Findings}}, {&v.sections, d.Sections}} {
		b, err := json.Marshal(part.from)
		if err != nil {
			return nil, err
		}
		*part.to = string(b)
	}
	if d.Form != nil {
		b, err := json.Marshal(d.Form)
		if err != nil {
			return nil, err
		}
		v.form = string(b)
	}
	return v, nil
}

// space is the namespace of our UUIDs; changing it would give every document and chunk a new id.
var space = uuid.NewSHA1(uuid.NameSpaceURL, []byte("sportello"))

// derive gives the UUIDv5 of parts.
func derive(parts ...string) string {
	return uuid.NewSHA1(space, []byte(strings.Join(parts, "\x00"))).String()
}

func digest(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}
