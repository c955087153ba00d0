// Package eval measures Sportello: answers to questions whose source is known, retrieval, extraction next to pdftotext, what the
// parsers do with damaged files, and Verify on mutated statements. What it measures is the code that serves people; the judges
// share none of it.
package eval
