package crawl

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"net/url"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/charset"
)

// maxLinks bounds what one page may lead to.
const maxLinks = 5000

// pageLinks gives the addresses that a page links to, in order, each once.
func pageLinks(body []byte, base *url.URL) []*url.URL {
	var out []*url.URL
	seen := map[string]bool{}
	z := html.NewTokenizer(bytes.NewReader(body))
	for len(out) < maxLinks {
		switch z.Next() {
		case html.ErrorToken:
			return out
		case html.StartTagToken, html.SelfClosingTagToken:
		default:
			continue
		}
		name, more := z.TagName()
		tag := string(name)
		if tag != "a" && tag != "base" {
			continue
		}
		for more {
			var key, value []byte
			key, value, more = z.TagAttr()
			if string(key) != "href" {
				continue
			}
			u, err := base.Parse(strings.TrimSpace(string(value)))
			if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.User != nil || u.Host == "" {
				continue
			}
			if tag == "base" {
				base = u
				continue
			}
			u = clean(u)
			if key := u.String(); !seen[key] {
				seen[key] = true
				out = append(out, u)
			}
		}
	}
	return out
}

// entry is one item of a feed.
type entry struct {
	page  *url.URL
	files []*url.URL
}

type items []entry

func (all items) addresses() []string {
	var out []string
	for _, i := range all {
		for _, u := range i.files {
			out = append(out, u.String())
		}
		if len(i.files) == 0 && i.page != nil {
			out = append(out, i.page.String())
		}
	}
	return out
}

// rss is what is read of RSS 0.9x, 1.0 and 2.0 and of Atom (RFC 4287); AlboPOP (albopop.it/specs) is RSS 2.0 with categories of its own.
type rss struct {
	XMLName xml.Name
	Channel []rssItem `xml:"channel>item"`
	Items   []rssItem `xml:"item"` // RSS 1.0 has them beside the channel
	Entries []rssItem `xml:"entry"`
}

type rssItem struct {
	Links      []rssLink `xml:"link"`
	GUID       rssGUID   `xml:"guid"`
	Enclosures []struct {
		URL string `xml:"url,attr"`
	} `xml:"enclosure"`
}

type rssLink struct {
	Text string `xml:",chardata"`
	Href string `xml:"href,attr"`
	Rel  string `xml:"rel,attr"`
}

type rssGUID struct {
	Text      string `xml:",chardata"`
	PermaLink string `xml:"isPermaLink,attr"`
}

// feed reads a feed; false when the bytes are none.
func feed(body []byte, base *url.URL) (items, bool) {
	d := xml.NewDecoder(bytes.NewReader(body))
	d.CharsetReader = func(label string, in io.Reader) (io.Reader, error) { return charset.NewReaderLabel(label, in) }
	d.Strict = false
	d.Entity = xml.HTMLEntity
	var f rss
	if err := d.Decode(&f); err != nil {
		return nil, false
	}
	if name := strings.ToLower(f.XMLName.Local); name != "rss" && name != "rdf" && name != "feed" {
		return nil, false
	}
	out := items{}
	for _, i := range append(append(f.Channel, f.Items...), f.Entries...) {
		if one, err := i.entry(base); err == nil {
			out = append(out, one)
		}
	}
	return out, true
}

func (i rssItem) entry(base *url.URL) (e entry, err error) {
	resolve := func(s string) *url.URL {
		u, err := base.Parse(strings.TrimSpace(s))
		if s = strings.TrimSpace(s); s == "" || err != nil || u.Scheme != "http" && u.Scheme != "https" {
			return nil
		}
		return clean(u)
	}
	for _, l := range i.Links {
		u := resolve(l.Text + l.Href)
		switch {
		case u == nil:
		case l.Rel == "enclosure":
			e.files = append(e.files, u)
		case e.page == nil && (l.Rel == "" || l.Rel == "alternate"):
			e.page = u
		}
	}
	for _, x := range i.Enclosures {
		if u := resolve(x.URL); u != nil {
			e.files = append(e.files, u)
		}
	}
	if e.page == nil && i.GUID.PermaLink != "false" {
		e.page = resolve(i.GUID.Text)
	}
	if e.page == nil && len(e.files) == 0 {
		return e, errors.New("an item without an address")
	}
	return e, nil
}
