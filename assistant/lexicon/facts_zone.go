package lexicon

// zone reads how the columns of tariffs name a zone: "Z1", "Z 2" is "zona 1", "zona 2".
func (s *factScan) zone() bool {
	if !s.is(s.at, "z") || !s.upper(s.at) {
		return false
	}
	n, ok := s.digits(s.at + 1)
	if !ok || len(n) > 2 || factTrimZeros(n) == "" || s.toks[s.at+1].start-s.toks[s.at].end > 1 {
		return false
	}
	s.add(Fact{Kind: LabelFact, Norm: "zona " + factTrimZeros(n)}, s.at, s.at+2)
	return true
}
