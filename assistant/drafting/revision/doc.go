// Package revision looks at a regulation as somebody who has to write it anew: what it cites that is no longer in force, where it says the
// same thing with another number, what is missing, which sentences and words a reader stumbles over, each with a plainer proposal. It also
// lays two regulations of different comuni on the same subject side by side, article by article. (Two versions of one are ingest/check's.)
//
// It is pure and asks no model: proposals come from rules and from parole.toml, a list that a clerk can read and lengthen. It decides nothing:
// a finding is a place to look at, and a proposal is a beginning for whoever writes.
package revision
