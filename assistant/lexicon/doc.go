// Package lexicon knows words: how Italian is analysed for search, which words stand for one another, what language a text is in,
// where its sentences end, and the facts and references that it states. It imports nothing of ours, so that whoever searches and
// whoever verifies can take a word for the same thing.
package lexicon
