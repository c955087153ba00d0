package ingest

import "context"

// AddressKind says what an address is.
type AddressKind string

// The kinds of address.
const (
	AddressPage    AddressKind = "page"    // one page or file
	AddressSection AddressKind = "section" // the pages below a prefix with the files they lead to
	AddressFeed    AddressKind = "feed"    // RSS, of which AlboPOP is a profile, or Atom: the documents of its items
)

// Address is an address to visit, with how far to go. Zero limits take the Visitor's.
type Address struct {
	URL    string
	Kind   AddressKind
	Hosts  []string // that may be visited besides those of the Visitor: a host, or "*.example.it"
	Prefix string   // of a section: addresses that do not begin so are not followed; empty: the folder of URL
	Depth  int      // of a section: links from URL; 0: the Visitor's
	Pages  int      // documents got
	Bytes  int64    // of all of them
}

// Memory is what a Visitor keeps of an address between visits.
type Memory interface {
	// Recall gives what was remembered of a page; zero when nothing was.
	Recall(ctx context.Context, url string) (Validators, error)
	// Remember keeps what a page said of itself, once what it holds was taken in.
	Remember(ctx context.Context, url string, v Validators) error
	// Seen notes that a page is there, unchanged.
	Seen(ctx context.Context, url string) error
}

// Validators are what a server is asked with whether a page changed (RFC 9110, 8.8), and what the page led to.
type Validators struct {
	ETag     string
	Modified string   // Last-Modified as the server wrote it
	Links    []string // addresses that the page led to: when it did not change, they are not in the answer
}

// Visit says what a visit found.
type Visit struct {
	Fetched   int       `json:"fetched"`           // documents got
	Unchanged int       `json:"unchanged"`         // documents that the server says have not changed
	Gone      []string  `json:"gone,omitempty"`    // pages that the server says are no longer there
	Skipped   []Failure `json:"skipped,omitempty"` // what was not got, and why
	Full      bool      `json:"full,omitempty"`    // a limit of pages or bytes was met: there is more
	Partial   bool      `json:"partial,omitempty"` // a page did not answer, or Full: what was not seen may be there
}

// Visitor gets the documents of an address.
type Visitor interface {
	// Visit yields each document that is new or changed since memory last saw it; memory may be nil. An address that cannot
	// be got at all is an error, a page of it that cannot is in Visit.Skipped. An error of yield ends it and is returned.
	Visit(ctx context.Context, a Address, memory Memory, yield func(Fetched) error) (Visit, error)
}
