// Package index is the embedded index: word postings with BM25 and vectors in 16 bits a number, searched one and all, in memory, per tenant.
//
// It stores nothing: a tenant is loaded from the store (Config.Load) when it is first asked, and kept up to date by Replace. It
// keeps no text and gives ids and scores only; whoever asks checks each hit against the store.
//
// A tenant is a list of immutable segments. Replace adds a small segment with the new points of a document and marks the
// old ones dead; small segments are merged as they grow in number, like the levels of a log-structured tree, so that putting in
// n documents costs n log n. A search reads one snapshot, taken without waiting, and so sees a Replace whole or not at all.
package index
