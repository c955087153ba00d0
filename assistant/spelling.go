package assistant

import (
	"context"
	"strings"

	"sportello/assistant/lexicon"
)

// Speller is an Index that can say which words it holds. The embedded index is one.
type Speller interface {
	// Roots calls yield with each root that the tenants' points have, in no order, until it says false.
	Roots(ctx context.Context, q IndexQuery, yield func(root string) bool) error
	// Holding is how many points that the query may see have a root.
	Holding(ctx context.Context, q IndexQuery, root string) (int, error)
}

const (
	spelledFrom  = 6 // letters of a word that is corrected: shorter ones are near too many others
	spelledLong  = 9 // letters from which one may be missing or too many; in shorter words only what is written by ear
	spelledRoot  = 4 // letters of a root that a word is corrected to
	spelledTwice = 2 // points that have the right word at least: a word that stands once may be a slip itself
)

// spell writes the words of an Italian question as the documents write them, when no document has them as they are: "il pass
// disabbili" becomes "il pass disabili". A word that the glossary knows is right, and so is one in capitals. The same text comes back
// when there is nothing to correct or the index is no Speller.
func spell(ctx context.Context, index Index, q IndexQuery, text string, glossary *lexicon.Glossary) (string, error) {
	speller, ok := index.(Speller)
	if !ok {
		return text, nil
	}
	var wrong []lexicon.Word
	for _, w := range lexicon.Words(text) {
		if w.End-w.Start < spelledFrom || len(w.Root) < spelledRoot || glossary.Knows(w.Root) {
			continue
		}
		n, err := speller.Holding(ctx, q, w.Root)
		if err != nil {
			return "", err
		}
		if n == 0 {
			wrong = append(wrong, w)
		}
	}
	for i := len(wrong) - 1; i >= 0; i-- { // from the end, so that the places of the others stay
		right, err := nearestRoot(ctx, speller, q, wrong[i], glossary)
		if err != nil {
			return "", err
		}
		if right != "" {
			text = text[:wrong[i].Start] + withRoot(text[wrong[i].Start:wrong[i].End], wrong[i].Root, right) + text[wrong[i].End:]
		}
	}
	return text, nil
}

// nearestRoot gives the root that a written one most likely stands for, among those of the documents and of the glossary: the nearest,
// and of two as near the more frequent. None when nothing is near enough.
func nearestRoot(ctx context.Context, speller Speller, q IndexQuery, written lexicon.Word, glossary *lexicon.Glossary) (string, error) {
	most := lexicon.SlipOfEar
	if written.End-written.Start >= spelledLong {
		most = lexicon.SlipOfHaste
	}
	near := map[string]float64{}
	best := most
	try := func(root string) bool {
		if cost := lexicon.Slip(written.Root, root, best); cost <= best && len(root) >= spelledRoot {
			near[root], best = cost, cost
		}
		return true
	}
	if err := speller.Roots(ctx, q, try); err != nil {
		return "", err
	}
	for root := range glossary.Roots() {
		try(root)
	}
	right, points := "", spelledTwice-1
	for root, cost := range near {
		if cost > best {
			continue
		}
		n, err := speller.Holding(ctx, q, root)
		if err != nil {
			return "", err
		}
		if glossary.Knows(root) {
			n = max(n, spelledTwice)
		}
		if n > points || n == points && right != "" && root < right {
			right, points = root, n
		}
	}
	return right, nil
}

// withRoot writes a word with another root and its own ending.
func withRoot(word, root, right string) string {
	if folded := lexicon.Fold(word); len(folded) == len(word) && strings.HasPrefix(folded, root) {
		return right + word[len(root):]
	}
	return right
}
