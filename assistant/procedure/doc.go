// Package procedure builds the steps of a service from its documents' own words: who may ask, what to bring, where, by when, what it
// costs, how long it takes, what happens after a refusal. Facilitators read it with a person, and print it.
//
// It is pure and knows no language model. Every line is a literal span of a document; a heading that the documents say nothing
// about stays empty, and whoever shows it says so. Which words speak of which heading is a readable file, cues.txt, written for Italian
// regulations and forms of any comune.
package procedure
