package ingest

// OCRWord is a word that an OCR read in a picture of a page. It is here because the OCR and the parsers that use it do not
// know each other.
type OCRWord struct {
	Text           string
	X0, Y0, X1, Y1 float64 // of its line vertically, of the word itself horizontally; pixels from the top left corner
	Line           int     // words of one line share it; lines count upwards in the OCR's reading order
	Confidence     float64 // 0..1
}
