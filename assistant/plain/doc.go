// Package plain makes the words of an act easier to read without adding any: it cuts long sentences at the places where a condition, an
// exception or another rule begins, folds references to laws behind a number, takes out what a person looks for first (who, how much,
// when, where) in the literal words, and says what words of offices mean in everyday Italian.
//
// It is pure and knows no language model. Whatever it shows of a text stands in that text: the parts put together again, with the folded
// references in their places, are the text (a test says so). What everyday words an office's words have is a readable file, everyday.txt.
package plain
