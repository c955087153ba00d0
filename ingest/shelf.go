package ingest

import "context"

// Shelf is where Sync puts documents: the store, or what a test has in its place.
type Shelf interface {
	// Known gives the documents of a tenant whose source is prefix or lies in the folder prefix, whatever their standing.
	// Unknown tenant: fault.NotFound.
	Known(ctx context.Context, tenant, prefix string) ([]Known, error)
	// Put stores a new version in one step, or changes nothing when the document is the same. Errors with code fault.Invalid
	// or fault.Conflict concern this document only; any other one means that nothing can be stored any more.
	Put(ctx context.Context, tenant string, d *Document, chunks []Chunk, original []byte) (Stored, error)
	// Retire puts a document aside whose file vanished.
	Retire(ctx context.Context, tenant, id string) error
}

// Accepter is a Shelf that remembers what editors let stand of what files hide.
type Accepter interface {
	// Accepted gives the keys of the findings that were accepted in the document of a source.
	Accepted(ctx context.Context, tenant, source string) ([]string, error)
}

// Standing says whether a document counts.
type Standing string

// The standings: only a live document counts.
const (
	Live     Standing = "live"
	Retired  Standing = "retired"  // its file vanished: put aside, back as soon as it is ingested again
	Repealed Standing = "repealed" // a person said that it is no longer in force
)

// Known is what Sync has to know of a document that is on the shelf.
type Known struct {
	ID         string
	Source     string
	SHA256     string
	Kind       Kind
	Visibility Visibility
	Standing   Standing
	Chunks     int
	Pages      int
}

// Outcome says what Put did.
type Outcome string

// What Put may have done.
const (
	Added     Outcome = "added"     // a source not seen before, or one that had been retired
	Replaced  Outcome = "replaced"  // a new version
	Unchanged Outcome = "unchanged" // the same bytes, read the same way
)

// Stored says what became of a document.
type Stored struct {
	ID       string
	Version  int // 1 for the first
	Outcome  Outcome
	Standing Standing // Repealed when a person had repealed the document: new bytes do not bring it back
	Chunks   int      // of this version
}

// Fetcher gets documents from addresses.
type Fetcher interface {
	// Fetch yields the documents found at an address, one for a file, many for a site that it walks. Errors are *fault.Error;
	// an error of yield ends it and is returned.
	Fetch(ctx context.Context, address string, yield func(Fetched) error) error
}

// Fetched is one document got from an address.
type Fetched struct {
	URL   string // where it was in the end, redirects followed: what the document is known by
	Bytes []byte
}
