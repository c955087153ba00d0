package pdf

import (
	"strings"
	"unicode"
)

// quality sums up whether the text of a page is language.
type quality struct {
	letters, chars  int // fill-in lines and leaders apart
	digits, singles int // singles: letters that stand alone
	words           int // runs of letters of the Latin alphabet, two at least
	function        int // words among them that are function words of a language we know
	shaped          int // words among them that have the vowels and consonants of a word
	odd             int // characters that no text has: controls, private use, lone marks
	latin           int // letters of the Latin alphabet
}

// common holds the function words of the languages that a comune publishes in. A page of text has many of them, a page of
// glyph codes has none.
var common = func() map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(`
		di e il la le lo gli un una uno in del della dei delle dell degli dello al alla ai alle agli allo dal dalla dai nel nella nei nelle
		con per su sul sulla sui da che non si è o ed a come se più anche sono essere ha ai art comma n nr via data euro legge comune
		the of and to in is for on be with by or as at from this that are not an
		le la les des du de un une et est en pour dans par sur au aux que qui ne pas
		der die das und ist von zu den mit für auf im ein eine nicht werden dem
		el los las y que por con para del una se su
		de la și în cu pe din pentru care este sau nu
		të në dhe për me që nga një është si ose`) {
		m[w] = true
	}
	return m
}()

// judge looks at words of a page.
func judge(words []word) quality {
	var q quality
	seen := map[string]bool{}
	var run []rune
	end := func() {
		low := strings.ToLower(string(run))
		single := len(run) == 1
		run = run[:0]
		if single {
			q.singles++
		}
		if low == "" || single && !common[low] || seen[low] {
			return
		}
		seen[low] = true
		q.words++
		if common[low] {
			q.function++
		}
		if shaped(low) {
			q.shaped++
		}
	}
	for _, w := range words {
		for _, r := range w.text {
			if strings.ContainsRune("_.…", r) { // fill-in lines, leaders
				end()
				continue
			}
			q.chars++
			switch {
			case r == 'ÿ': // a letter, but a rare one, and what broken fonts give for a space
				q.odd++
			case unicode.IsLetter(r):
				q.letters++
				if unicode.Is(unicode.Latin, r) {
					q.latin++
					run = append(run, r)
					continue
				}
			case unicode.IsDigit(r):
				q.digits++
			case unicode.Is(unicode.Co, r) && r != 0xF0B7 && r != 0xF0A7 || unicode.IsControl(r):
				q.odd++
			}
			end()
		}
		end()
	}
	return q
}

// shaped says whether a lower-case word could be pronounced: it has vowels, and not too many letters without one.
func shaped(w string) bool {
	vowels, run, letters := 0, 0, 0
	for _, r := range w {
		letters++
		if strings.ContainsRune("aeiouyàèéìòùáíóúâêîôûäöüëïăîâșţ", r) {
			vowels++
			run = 0
			continue
		}
		if run++; run > 4 {
			return false
		}
	}
	return vowels > 0 && vowels*6 >= letters
}

const minWords = 25 // below this the words of a page prove nothing

// garbage says whether the text is certainly not language: glyph codes, or characters of no alphabet.
func (q quality) garbage() bool {
	switch {
	case q.chars == 0:
		return false
	case q.odd*10 > q.chars:
		return true
	case q.letters > 0 && q.latin*2 < q.letters: // Arabic, Cyrillic, Chinese: nothing to compare with
		return false
	case q.words >= minWords:
		// Real pages, lists of names and tables of figures among them, are well over either.
		return q.function*50 < q.words && q.shaped*3 < q.words*2 || q.shaped*2 < q.words
	}
	// Symbols, digits and lone letters that hardly make a word.
	return q.chars >= 200 && q.singles*2 > q.letters && q.shaped*60 < q.chars && q.digits*2 < q.chars
}
