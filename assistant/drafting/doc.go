// Package drafting builds acts and minutes from templates and facts: determine, deliberazioni, ordinanze, decrees, authorisations, letters,
// notices, minutes.
//
// A template is a folder of two readable files that a clerk can change: modello.toml says what has to be known (fields) and which parts an
// act has to have, testo.txt is the text with the fields in braces. Templates are Italian and so are their words. A Draft is the text in
// parts, each piece with where it comes from (template, field, passage, model, person). A fact that is missing becomes
// [VERIFICARE: …]; nothing is ever invented, and a draft with one of them left is not exported as final.
//
// The package is pure: it stores nothing and asks no model. Arithmetic is in count, references in reference, checks in rule, files in export.
package drafting
