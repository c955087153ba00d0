// Package store is the truth: tenants, offices, documents with their versions, text, sections and chunks, the vectors made
// of them and the outbox that tells every process what changed. An index is derived from it and can be rebuilt at any time.
//
// It keeps one SQLite database, DIR/sportello.db, and the original files under DIR/files/ab/<sha256>, written and synced
// before the row that names them. Several processes may have the same DIR open: one writes at a time, nobody waits to read.
// The SQL lies in sql/: one folder of migrations a dialect, and the statements by subject, written so that PostgreSQL
// can take them.
//
// A lease or an hour that lies further ahead than any is ever given was written by a clock that was wrong, and counts as past: a machine that
// believed for a minute that it was 2099 does not keep work waiting until then.
//
// It parses nothing, embeds nothing and ranks nothing; the analyser of words is given to it.
package store
