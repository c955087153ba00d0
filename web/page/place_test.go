package page

import "testing"

func TestRubricLeavesTheNumberToPlace(t *testing.T) {
	for _, c := range []struct{ rubric, article, want string }{
		{"Art. 12 Riduzioni", "12", "Riduzioni"}, {"7.3 La posta certificata", "7.3", "La posta certificata"}, {"Allegato C", "allegato C", "Allegato C"},
		{"Documenti allegati", "", "Documenti allegati"}, {"Art. 5", "5", ""}, {"", "5", ""},
	} {
		if got := Rubric(c.rubric, c.article); got != c.want {
			t.Errorf("%q of article %q: %q, want %q", c.rubric, c.article, got, c.want)
		}
	}
}
