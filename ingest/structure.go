package ingest

// Structure joins the blocks of a file into the canonical text and finds the parts of a regulation, an act or a form in it.
//
// Lines of one paragraph are joined by a space, everything else by a newline; a table row stays on one line. Headings are
// recognised by their words (titolo, capo, articolo…), kept when their numbers make a plausible sequence, and dropped when
// they are references ("art. 5 del decreto…") or lines of a table of contents. Where the format declares its parts (Mark
// blocks) they are taken as given. The source is what the document is known by; it never decides the structure.
//
// The result has no SHA256 and no Visibility: those belong to whoever read the bytes.
func Structure(source string, p *Parsed) *Document { return StructureAccepting(source, p, nil) }

// StructureAccepting is Structure with the findings whose keys an editor has accepted: what they hid is part of the text, in its place.
func StructureAccepting(source string, p *Parsed, accepted map[string]bool) *Document {
	blocks, findings := accept(p, accepted)
	with := *p
	with.Blocks = blocks
	p = &with
	s := newScan(p)
	if s.declared {
		s.takeMarks()
	} else {
		s.findActs()
		s.findCandidates()
		s.findIndex()
		s.chooseArticles()
		s.chooseParts()
		s.chooseHeadings()
		s.findRubrics()
		s.findAnnexes()
		s.findBodies()
	}
	d := &Document{Source: source, Format: p.Format, Language: p.Language, Pages: p.Pages}
	if d.Language == "" {
		d.Language = "it"
	}
	s.compose(d)
	d.Sections = s.sections()
	d.Warnings = append(d.Warnings, p.Warnings...)
	d.Findings = findings
	classify(d, p, s)
	return d
}

// scan is the state of one call of Structure: the lines of the file and what was found out about them.
type scan struct {
	lines    []line
	declared bool  // the format gives the structure
	acts     []act // resolutions and the like that the file contains, in order
	indexes  []span
}

// span is a run of lines, to exclusive.
type span struct{ from, to int }

// compose writes the lines into d.Text and remembers where each of them lies.
func (s *scan) compose(d *Document) {
	var b []byte
	page := 0
	starts := make([]int, 0, d.Pages)
	for i := range s.lines {
		l := &s.lines[i]
		if i > 0 {
			if s.joins(i) {
				b = append(b, ' ')
			} else {
				b = append(b, '\n')
			}
		}
		l.start = len(b)
		for page < l.page && page < d.Pages {
			starts = append(starts, l.start)
			page++
		}
		b = append(b, l.text...)
		l.end = len(b)
	}
	for d.Pages > 0 && len(starts) < d.Pages {
		starts = append(starts, len(b))
	}
	if d.Pages > 0 {
		starts[0] = 0
		d.PageStarts = starts
	}
	d.Text = string(b)
}

// joins says whether line i goes on in the paragraph of the line before it.
func (s *scan) joins(i int) bool {
	prev, l := &s.lines[i-1], &s.lines[i]
	if !prev.wraps || l.mark.kind != "" || l.index || prev.index || prev.kind == Row || l.kind == Row || l.kind == Heading {
		return false
	}
	if prev.rubric != l.rubric { // a heading never runs into the text below it
		return false
	}
	return prev.mark.kind == "" || !prev.mark.isHeading() || l.rubric
}
