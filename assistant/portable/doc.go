// Package portable writes a tenant to a ZIP archive in open formats and reads it back: lists of records as JSON Lines, the originals of the
// documents as they were given, and formato.md, which says what each field means to somebody who has never seen Sportello.
//
// It knows nothing of the database: whoever calls gives the records and takes them.
package portable
