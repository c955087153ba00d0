package ingest

// classify fills in what the text says about the document as a whole.
func classify(d *Document, p *Parsed, s *scan) {
	d.Kind = Altro
	d.Title = p.Title
	if d.Title == "" && len(s.lines) > 0 {
		d.Title = s.lines[0].text
	}
}
