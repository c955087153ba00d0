package export

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"image"
	_ "image/jpeg" // for the size of the coat of arms
	_ "image/png"  // for the size of the coat of arms
	"strings"
	"time"

	"sportello/assistant/drafting"
	"sportello/assistant/fault"
)

// Format is a kind of file.
type Format string

// The formats.
const (
	DOCX Format = "docx"
	ODT  Format = "odt"
	PDF  Format = "pdf"
	Text Format = "txt"
	XML  Format = "xml" // Akoma Ntoso, of the regulation that an act approves
)

// Look is how a file looks beside its words.
type Look struct {
	Body       string // of the header: "Comune di Roccaverde"
	CoatOfArms []byte // PNG or JPEG; nil: none
	IPA        string // code of the body in the index of public administrations, for the metadata
	Language   string // BCP 47, default it-IT
	Draft      bool   // "BOZZA" stands in the header
}

// picture is the coat of arms with its size on the page.
type picture struct {
	data          []byte
	kind          string // png, jpeg
	width, height int    // in EMU: 914,400 to the inch
}

// maxPicture bounds the coat of arms: it is in every file.
const maxPicture = 2 << 20

func (l Look) picture() (*picture, error) {
	if len(l.CoatOfArms) == 0 {
		return nil, nil
	}
	if len(l.CoatOfArms) > maxPicture {
		return nil, fault.New(fault.TooLarge, "the coat of arms has %d KB: give one of at most %d", len(l.CoatOfArms)>>10, maxPicture>>10)
	}
	c, kind, err := image.DecodeConfig(bytes.NewReader(l.CoatOfArms))
	if err != nil || c.Width < 1 || c.Height < 1 {
		return nil, fault.Wrap(fault.Unsupported, err, "the coat of arms is neither a PNG nor a JPEG")
	}
	const high = 720000 // 2 cm
	return &picture{l.CoatOfArms, kind, high * c.Width / c.Height, high}, nil
}

func (l Look) language() string {
	if l.Language == "" {
		return "it-IT"
	}
	return l.Language
}

// escaped writes text for XML; characters that XML cannot hold become spaces.
func escaped(s string) string {
	var b bytes.Buffer
	if err := xml.EscapeText(&b, []byte(s)); err != nil {
		return ""
	}
	return b.String()
}

// entry is a file of a package.
type entry struct {
	name   string
	data   []byte
	stored bool // not compressed: the mimetype of an ODT
}

// pack writes entries in their order, all with one time, so that the same draft gives the same bytes.
func pack(entries []entry, at time.Time) ([]byte, error) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, e := range entries {
		h := &zip.FileHeader{Name: e.name, Method: zip.Deflate, Modified: at.UTC()}
		if e.stored {
			h.Method = zip.Store
		}
		w, err := z.CreateHeader(h)
		if err != nil {
			return nil, fault.Wrap(fault.Internal, err, "%s", e.name)
		}
		if _, err := w.Write(e.data); err != nil {
			return nil, fault.Wrap(fault.Internal, err, "%s", e.name)
		}
	}
	if err := z.Close(); err != nil {
		return nil, fault.Wrap(fault.Internal, err, "package")
	}
	return b.Bytes(), nil
}

// block is a paragraph or a table of a draft: rows that follow each other are one table.
type block struct {
	paragraph drafting.Paragraph
	table     [][]string
	first     bool // of its part
	numbers   int  // which list of numbers it is of, from 1
}

func blocks(d *drafting.Draft) []block {
	var out []block
	lists := 0
	for _, part := range d.Parts {
		numbered := false
		for i, p := range part.Paragraphs {
			if p.Layout == drafting.Row {
				if n := len(out); i > 0 && n > 0 && out[n-1].table != nil {
					out[n-1].table = append(out[n-1].table, p.Cells())
					continue
				}
				out = append(out, block{table: [][]string{p.Cells()}, first: i == 0})
				continue
			}
			if p.Layout == drafting.Numbered && !numbered {
				numbered = true
				lists++
			}
			out = append(out, block{paragraph: p, first: i == 0, numbers: lists})
		}
	}
	return out
}

// subject gives the text of the part "oggetto" for the title of a file.
func subject(d *drafting.Draft) string {
	for _, p := range d.Parts {
		if p.ID == "oggetto" && len(p.Paragraphs) > 0 {
			return strings.TrimSpace(strings.TrimPrefix(p.Paragraphs[0].Text(), "Oggetto:"))
		}
	}
	return d.Title
}

func stamp(at time.Time) string { return at.UTC().Format("2006-01-02T15:04:05Z") }

func xmlf(format string, args ...any) []byte {
	return []byte(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n" + fmt.Sprintf(format, args...))
}

// grid gives the cells of a table with as many in each row as the widest has.
func grid(rows [][]string) (cells [][]string, columns int) {
	columns = 1
	for _, r := range rows {
		columns = max(columns, len(r))
	}
	for _, r := range rows {
		full := make([]string, columns)
		copy(full, r)
		cells = append(cells, full)
	}
	return cells, columns
}
