package crawl

import (
	"context"
	"net/url"
	"path"
	"strings"

	"sportello/assistant/fault"
	"sportello/ingest"
)

// visit is one call of Visit.
type visit struct {
	*Crawler
	address ingest.Address
	prefix  string
	memory  ingest.Memory
	yield   func(ingest.Fetched) error
	seen    map[string]bool // addresses that were queued, and those that they led to
	queue   []stop
	bytes   int64
	result  ingest.Visit
}

// stop is an address to get, with how many links lead to it from the first.
type stop struct {
	url   *url.URL
	depth int
	leaf  bool // its links are not followed, but those to files when files is set
	files bool
}

// all goes through the queue, nearest first, so that a limit cuts off what is farthest.
func (v *visit) all(ctx context.Context, start *url.URL) error {
	v.add(stop{url: start})
	for first := true; len(v.queue) > 0; first = false {
		s := v.queue[0]
		v.queue = v.queue[1:]
		if v.result.Fetched+v.result.Unchanged >= v.address.Pages || v.bytes >= v.address.Bytes {
			v.result.Full, v.result.Partial = true, true
			return nil
		}
		err := v.one(ctx, s, first)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (v *visit) add(s stop) {
	if key := s.url.String(); !v.seen[key] {
		v.seen[key] = true
		v.queue = append(v.queue, s)
	}
}

// one gets one address. Its error ends the visit; what is wrong with a page that others led to is in the result.
func (v *visit) one(ctx context.Context, s stop, first bool) error {
	name := s.url.String()
	var known ingest.Validators
	if v.memory != nil {
		var err error
		if known, err = v.memory.Recall(ctx, name); err != nil {
			return err
		}
	}
	page, err := v.get(ctx, s.url, known)
	if err != nil {
		code := fault.CodeOf(err)
		switch {
		case code == fault.NotFound:
			v.result.Gone = append(v.result.Gone, name)
			return nil
		case first:
			return err
		}
		v.result.Partial = v.result.Partial || code == fault.Unavailable || code == fault.Timeout
		v.result.Skipped = append(v.result.Skipped, ingest.Failure{File: name, Error: fault.MessageOf(err), Code: code})
		return nil
	}
	if page.unchanged {
		v.result.Unchanged++
		if v.address.Kind == ingest.AddressSection {
			v.follow(s, links(known.Links))
		}
		return v.memory.Seen(ctx, name)
	}
	return v.take(ctx, s, name, page, first)
}

// take yields what was got, and queues what it leads to.
func (v *visit) take(ctx context.Context, s stop, name string, page *answer, first bool) error {
	v.bytes += int64(len(page.body))
	final := page.url.String()
	if final != name && v.seen[final] { // a redirect to a page that was queued by its own name
		return nil
	}
	v.seen[final] = true
	if s.leaf && !s.files || v.address.Kind == ingest.AddressPage || !first && v.address.Kind == "" {
		return v.keep(ctx, name, final, page, nil)
	}
	if first && v.address.Kind != ingest.AddressSection {
		if items, ok := feed(page.body, page.url); ok {
			v.feed(items)
			return v.remember(ctx, name, page, items.addresses())
		}
		if v.address.Kind == ingest.AddressFeed {
			return fault.New(fault.Unsupported, "%s: it is no RSS or Atom feed: check the address, or watch it as a page", name)
		}
		return v.keep(ctx, name, final, page, nil)
	}
	var found []*url.URL
	if ingest.Sniff(page.body, path.Base(page.url.Path)) == ingest.FormatHTML {
		found = pageLinks(page.body, page.url)
		v.follow(s, found)
	}
	return v.keep(ctx, name, final, page, found)
}

// keep yields a document and remembers it.
func (v *visit) keep(ctx context.Context, name, final string, page *answer, found []*url.URL) error {
	v.result.Fetched++
	if err := v.yield(ingest.Fetched{URL: final, Bytes: page.body}); err != nil {
		return err
	}
	var to []string
	for _, u := range found {
		to = append(to, u.String())
	}
	return v.remember(ctx, name, page, to)
}

func (v *visit) remember(ctx context.Context, name string, page *answer, found []string) error {
	if v.memory == nil {
		return nil
	}
	return v.memory.Remember(ctx, name, ingest.Validators{ETag: page.etag, Modified: page.modified, Links: found})
}

// follow queues what a page leads to: pages below the prefix, and files wherever they lie on a host that is allowed.
func (v *visit) follow(s stop, found []*url.URL) {
	if s.leaf && !s.files {
		return
	}
	for _, u := range found {
		switch {
		case v.Crawler.cfg.Client.Check(u) != nil || asset(u):
		case file(u):
			v.add(stop{url: u, depth: s.depth + 1, leaf: true})
		case !s.leaf && s.depth < v.address.Depth && below(u, v.prefix):
			v.add(stop{url: u, depth: s.depth + 1})
		}
	}
}

// feed queues the items of a feed: their files when they name any, else their page with the files it leads to.
func (v *visit) feed(items items) {
	for _, i := range items {
		for _, u := range i.files {
			v.add(stop{url: u, depth: 1, leaf: true})
		}
		if len(i.files) == 0 && i.page != nil {
			v.add(stop{url: i.page, depth: 1, leaf: true, files: true})
		}
	}
}

// below says whether an address lies below a prefix: "/servizi" holds "/servizi" and "/servizi/x", not "/servizi-online".
func below(u *url.URL, prefix string) bool {
	whole := u.String()
	if !strings.HasPrefix(whole, prefix) {
		return false
	}
	rest := whole[len(prefix):]
	return rest == "" || strings.HasSuffix(prefix, "/") || rest[0] == '/' || rest[0] == '?'
}

// fileTypes are the names of files that may be documents; assets are what pages are made of, and what no parser reads.
var (
	fileTypes = words("pdf p7m doc docx odt rtf xls xlsx ods csv ppt pptx odp txt md xml")
	assets    = words("css js mjs json map ico svg png jpg jpeg gif webp avif bmp tif tiff woff woff2 ttf eot mp3 mp4 m4a m4v ogg wav avi mov webm " +
		"zip rar 7z gz tar exe msi dmg apk ics vcf kml kmz gpx dwg dxf shp eml swf rss atom")
)

func words(s string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(s) {
		m["."+w] = true
	}
	return m
}

func file(u *url.URL) bool  { return fileTypes[strings.ToLower(path.Ext(u.Path))] }
func asset(u *url.URL) bool { return assets[strings.ToLower(path.Ext(u.Path))] }

func links(addresses []string) []*url.URL {
	var out []*url.URL
	for _, a := range addresses {
		if u, err := url.Parse(a); err == nil {
			out = append(out, u)
		}
	}
	return out
}
