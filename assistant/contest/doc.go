// Package contest puts search engines before the same passages, vectors and questions, each in a process of its own, and says
// what they took and what they found. Passages are real text repeated with changes, and vectors lie near real ones: both are made from a
// seed, so that a run can be repeated. It stores nothing.
//
// An engine is a program that reads a stream of gob values (Corpus tells of what) from its standard input and answers on
// its standard output; Serve is its side for engines that are in this module, and cmd/bench-peers has those of others.
package contest
