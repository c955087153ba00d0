package ingest

// takeMarks takes the structure that the format declares, as Akoma Ntoso does, instead of guessing it from the words.
func (s *scan) takeMarks() {
	for i := range s.lines {
		l := &s.lines[i]
		if l.part == nil {
			continue
		}
		l.mark = mark{kind: l.part.Kind, number: l.part.Number, rubric: l.part.Rubric}
		if l.mark.isHeading() {
			l.rubric = true
		}
	}
}
