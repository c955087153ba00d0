package assistant

import (
	"math"
	"strings"

	"sportello/assistant/lexicon"
)

// sameFact reports whether a fact of a source states a fact of a statement. The source may be more precise (a full date for
// "31 dicembre", a reference with its comma) but never less.
func sameFact(said, source *lexicon.Fact) bool {
	switch said.Kind {
	case lexicon.ReferenceFact, lexicon.ActFact:
		return source.Ref != nil && said.Ref.Within(*source.Ref)
	case lexicon.DateFact:
		if source.Kind != lexicon.DateFact {
			return false
		}
		return said.Norm == source.Norm || strings.HasPrefix(said.Norm, "--") && strings.HasSuffix(source.Norm, said.Norm[1:]) ||
			len(said.Norm) == 7 && !strings.HasPrefix(said.Norm, "--") && strings.HasPrefix(source.Norm, said.Norm)
	case lexicon.YearFact:
		if source.Kind == lexicon.DateFact {
			return strings.HasPrefix(source.Norm, said.Norm)
		}
		return (source.Kind == lexicon.YearFact || source.Kind == lexicon.NumberFact) && said.Norm == source.Norm
	case lexicon.URLFact:
		return source.Kind == lexicon.URLFact && (said.Norm == source.Norm || strings.HasPrefix(source.Norm, said.Norm+"/"))
	case lexicon.AmountFact, lexicon.PercentFact, lexicon.MeasureFact:
		if said.Kind == source.Kind && said.Unit == source.Unit {
			return near(said.Value, source.Value) && (said.Per == "" || source.Per == "" || said.Per == source.Per)
		}
		// Cells of a table have their unit in the header; "la metà" is 50 per cent.
		if source.Kind == lexicon.NumberFact && said.Kind == lexicon.PercentFact && strings.Contains(source.Norm, "/") {
			return near(said.Value/100, source.Value)
		}
		return source.Kind == lexicon.NumberFact && source.Unit == "" && near(said.Value, source.Value)
	case lexicon.NumberFact:
		if strings.Contains(said.Norm, "/") && source.Kind == lexicon.PercentFact {
			return near(said.Value*100, source.Value)
		}
		switch source.Kind {
		case lexicon.NumberFact, lexicon.YearFact:
			return said.Norm == source.Norm
		case lexicon.AmountFact, lexicon.PercentFact, lexicon.DurationFact, lexicon.MeasureFact:
			return said.Value != 0 && near(said.Value, source.Value)
		}
		return false
	}
	return said.Kind == source.Kind && said.Norm == source.Norm
}

func near(a, b float64) bool { return math.Abs(a-b) <= 1e-9*math.Max(math.Abs(a), math.Abs(b)) }

// rivals reports whether one figure could be put in the place of the other: they are of one sort and say different things.
func rivals(a, b *lexicon.Fact) bool {
	if sortOf(a) != sortOf(b) {
		return false
	}
	return !sameFact(a, b) && !sameFact(b, a)
}

func sortOf(f *lexicon.Fact) string {
	switch f.Kind {
	case lexicon.YearFact:
		return "year"
	case lexicon.NumberFact:
		return "number"
	case lexicon.LabelFact:
		name, _, _ := strings.Cut(f.Norm, " ")
		return "label " + name
	case lexicon.MeasureFact:
		return "measure " + f.Unit
	case lexicon.ReferenceFact, lexicon.ActFact:
		if f.Ref.Article != "" {
			return "article"
		}
		if f.Ref.Comma != "" {
			return "comma"
		}
		return "act"
	}
	return string(f.Kind)
}

// verdictOf gives the verdict on a fact that no cited passage has.
func verdictOf(f *lexicon.Fact) Verdict {
	switch f.Kind {
	case lexicon.ReferenceFact, lexicon.ActFact, lexicon.LabelFact:
		return UnknownReference
	case lexicon.URLFact, lexicon.EmailFact, lexicon.PhoneFact, lexicon.IBANFact:
		return UnknownReference
	}
	return UnknownNumber
}
