// Package ocr reads the words in pictures of pages with tesseract, an external program.
//
// It stores nothing and keeps no temporary files: the picture goes in by a pipe and the words come out by another. Where
// tesseract is missing it says so once, when asked; whoever asked goes on without.
package ocr
