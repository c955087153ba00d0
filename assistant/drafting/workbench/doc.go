// Package workbench is where an act is written by people: what a template made of the facts, what somebody changed by hand, what was taken from
// another act, what a model proposed. It keeps where each word comes from.
//
// A part that was changed by hand goes on following the fields wherever nobody touched it (three-way merge by paragraph, diff.go). A
// change that was made to an earlier revision is put onto the present one, or the two are shown beside each other (change.go): nothing
// is overwritten. What a model writes is marked until a person accepts it, and whatever it states that the facts do not say becomes
// [VERIFICARE: …] (guard.go).
//
// The package is pure: it stores nothing and asks no model. A Work is kept as JSON.
package workbench
