// Package rule checks acts against the rules of the field: parts that have to be there, words that are wrong in them, arithmetic, votes, dates,
// references, personal data in what is going to be published.
//
// Rules are files a person can read and change (rules/*.toml): each has a code, a severity, the acts it is for, what it looks for, the reason,
// the source and what to do. What cannot be said by a pattern is a calculation with a name (calc*.go). The package reads plain text, so
// that a draft made here and an act written elsewhere are checked in the same way; what kind of act a text is, it tells by its words
// (kind.go). It stores nothing, asks no model and decides nothing: a finding is for a person to look at.
package rule
