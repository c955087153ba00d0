// Package reference checks what a draft cites: which norm or act, which part of it, where it can be read, how it is written in an
// official act, and whether it is known here, repealed, or has no such article.
//
// What is cited is recognised by assistant/lexicon. What is held (the comune's own documents, norms that were loaded in Akoma Ntoso) comes
// through Library, so this package stores nothing and reads no file. A table of norms that comuni cite often (norms.toml) adds their
// dates, short names and repeals. A reference that neither knows is Unknown: somebody has to verify it. It is never silently right:
// Normattiva opens article 1 for an article that does not exist, so a link that opens proves nothing.
package reference
