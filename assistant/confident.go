package assistant

// confident tells whether the passages are likely to answer. Two signs are read: the share of the question's words that the
// best passages hold, and the closeness of meaning of the best one. The thresholds are chosen on held-out folds of the
// development questions (assistant/eval, "knowing when not to answer").
func confident(s sought, language string, passages []Passage) bool {
	if len(passages) == 0 {
		return false
	}
	covered, near := 0.0, 0.0
	for _, p := range passages[:min(3, len(passages))] {
		covered = max(covered, s.coverage(p.Breadcrumb+"\n"+p.Lead+"\n"+p.Text))
		near = max(near, p.NearScore)
	}
	if near == 0 { // words only
		return covered >= 0.5
	}
	if language != "it" {
		return near >= 0.82
	}
	return covered >= 0.6 || near >= 0.86 || (covered >= 0.34 && near >= 0.84)
}
