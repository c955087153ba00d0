// Package html reads the pages of municipal sites into blocks: the main content, without menus, banners, breadcrumbs and
// footers. Lists of links to files become one passage a file ("Modulo: … (PDF)") under their heading, tables become rows with
// their header, and what the page declares in JSON-LD or in data-element="service-…" (the municipal model of AGID) is read too.
//
// It is the only importer of golang.org/x/net/html. It stores nothing, fetches nothing and follows no link.
package html

import (
	"bytes"
	"context"
	"errors"
	"regexp"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/charset"

	"sportello/assistant/fault"
	"sportello/ingest"
)

// Config holds the limits. The zero value is the default.
type Config struct {
	MaxBytes  int // of the page; default 16 MiB
	MaxNodes  int // of its tree; default 1,000,000
	MaxDepth  int // of nesting; deeper content is left out with a warning; default 400
	MaxBlocks int // default 100,000
}

func (c Config) withDefaults() Config {
	if c.MaxBytes <= 0 {
		c.MaxBytes = 16 << 20
	}
	if c.MaxNodes <= 0 {
		c.MaxNodes = 1_000_000
	}
	if c.MaxDepth <= 0 {
		c.MaxDepth = 400
	}
	if c.MaxBlocks <= 0 {
		c.MaxBlocks = 100_000
	}
	return c
}

// Parser reads HTML; make it with New.
type Parser struct{ config Config }

// New gives a parser with these limits.
func New(c Config) *Parser { return &Parser{config: c.withDefaults()} }

// reNotFound is what a saved "404" page gives: it opens, but what it says is that there is nothing.
var reNotFound = regexp.MustCompile(`(?i)^\W*(?:(?:errore|error)?\W*404\b.*|pagina non trovata|page not found|not found|la pagina (?:richiesta|che cerchi) non (?:è stata trovata|esiste).*)\W*$`)

// Parse implements ingest.Parser.
func (p *Parser) Parse(ctx context.Context, in ingest.Input) (*ingest.Parsed, error) {
	if len(in.Bytes) > p.config.MaxBytes {
		return nil, fault.New(fault.TooLarge, "%s: a page of %d MB, more than the limit of %d MB", in.Name, len(in.Bytes)>>20, p.config.MaxBytes>>20)
	}
	root, err := html.ParseWithOptions(decoded(in.Bytes), html.ParseOptionEnableScripting(false))
	if err != nil {
		return nil, fault.Wrap(fault.Broken, err, "%s: cannot be read as HTML: save the page anew", in.Name)
	}
	page := newPage(p.config)
	if err := page.survey(ctx, root); err != nil {
		if errors.Is(err, errTooMany) {
			return nil, fault.Wrap(fault.TooLarge, err, "%s: the page is too large or too deep to be read", in.Name)
		}
		return nil, fault.Wrap(fault.Timeout, err, "%s: stopped before it was read", in.Name)
	}
	w := &walker{ctx: ctx, page: page}
	main := page.mainContent(root)
	w.walk(main)
	w.flush()
	w.addDeclared(page.declared)
	if err := ctx.Err(); err != nil {
		return nil, fault.Wrap(fault.Timeout, err, "%s: stopped before it was read", in.Name)
	}
	if len(w.out) > p.config.MaxBlocks {
		return nil, fault.New(fault.TooLarge, "%s: more than %d paragraphs: split it", in.Name, p.config.MaxBlocks)
	}
	parsed := &ingest.Parsed{
		Format: string(ingest.FormatHTML), Title: page.title(w.out), Language: page.lang, URL: page.address(),
		Blocks: w.out, Warnings: page.warnings,
	}
	page.besides(root, main, parsed)
	if notFound(w.out) {
		return nil, fault.New(fault.NoText, "%s: the page only says that it was not found (404)", in.Name)
	}
	if len(w.out) == 0 {
		return nil, fault.New(fault.NoText, "%s: the page holds no text outside its menus", in.Name)
	}
	return parsed, nil
}

// notFound says whether a short page's headings say that there is no such page.
func notFound(blocks []ingest.Block) bool {
	size := 0
	said := false
	for _, b := range blocks {
		size += len(b.Text)
		said = said || b.Kind == ingest.Heading && reNotFound.MatchString(b.Text)
	}
	return said && size < 600
}

// decoded gives the page as UTF-8, by its byte order mark, its meta tag, or what its bytes look like.
func decoded(b []byte) *bytes.Reader {
	e, _, _ := charset.DetermineEncoding(b[:min(len(b), 4096)], "")
	if !hasMetaCharset(b) && validUTF8(b) {
		return bytes.NewReader(bytes.TrimPrefix(b, []byte("\xef\xbb\xbf")))
	}
	out, err := e.NewDecoder().Bytes(b)
	if err != nil {
		return bytes.NewReader(b)
	}
	return bytes.NewReader(bytes.TrimPrefix(out, []byte("\xef\xbb\xbf")))
}

var reMetaCharset = regexp.MustCompile(`(?i)<meta[^>]+charset|<\?xml[^>]+encoding`)

func hasMetaCharset(b []byte) bool {
	head := b[:min(len(b), 4096)]
	return bytes.HasPrefix(b, []byte("\xff\xfe")) || bytes.HasPrefix(b, []byte("\xfe\xff")) || reMetaCharset.Match(head)
}

func validUTF8(b []byte) bool { return strings.ToValidUTF8(string(b), "") == string(b) }
