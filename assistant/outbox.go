package assistant

// Change says that a document changed: a new version, new vectors, repealed, back again.
type Change struct {
	Seq        int64
	Tenant     string
	DocumentID string
}

// Pending is a text that waits for its vector.
type Pending struct {
	Hash string // sha256 of Text, hex
	Text string // breadcrumb, lead and text of a chunk
}
