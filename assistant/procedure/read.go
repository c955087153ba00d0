package procedure

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"sportello/assistant/lexicon"
	"sportello/ingest"
)

// privacyNotice is where forms stop to speak of the service.
var privacyNotice = regexp.MustCompile(`^(informativa\b|ai sensi .{0,40}(regolamento ue|regolamento europeo|gdpr|2016/679|196/2003)|la informiamo che i dati|i dati personali)`)

// marker is what an item of a list begins with.
var marker = regexp.MustCompile("^(?:[-–—•●▪■□◦*·✓✔➢❖☐o-]\\s|[\uf020-\uf0ff]\\s?|\\(?(?:[a-z]{1,2}|\\d{1,2})\\)\\s?|\\d{1,2}\\.\\s)(?:\\|\\s*)?")

// read finds the lines of a part of a source.
func (b *Builder) read(lines map[Heading][]Line, at int, s Source, part part, about string) {
	d := s.Document
	var listed []Span
	if part.whole {
		listed = b.form(lines, at, s)
	}
	text := d.Text[part.start:part.end]
	spans := lexicon.Sentences(text)
	until, took := -1, map[Heading]bool{} // the list that is being read, and the headings that have it whole
	for i := range spans {
		said := text[spans[i].Start:spans[i].End]
		if part.whole && d.Kind == ingest.Modulo && privacyNotice.MatchString(plain(said)) {
			return
		}
		if !sayable(said) {
			continue
		}
		weights := b.weigh(said, part.rubric, about)
		if overlaps(listed, part.start+spans[i].Start, part.start+spans[i].End) {
			weights[Bring] += enough + 2
		}
		from := spans[i].Start
		if mark := marker.FindString(said); len(mark) < len(said) && markKind(mark) != "1" && markKind(mark) != "a" || strings.HasPrefix(mark, "o ") {
			from += len(mark) // a bullet says nothing; a number or letter is how one finds the place
		}
		line := Line{
			Span: Span{part.start + from, part.start + spans[i].End, text[from:spans[i].End]}, Source: at, Article: part.article,
			Page: d.Page(part.start + spans[i].Start), General: part.general,
		}
		last := i
		if start := announcement(said); start >= 0 {
			line.Start, line.Text = spans[i].Start+part.start+start, said[start:]
			line.Items, last = items(text, part.start, spans, i)
			if len(line.Items) == 0 { // an announcement of nothing
				continue
			}
		} else if title(said) {
			continue
		}
		if i > until {
			clear(took)
		}
		for h, weight := range weights {
			if weight < enough || (part.general || part.titled) && !b.titled(h, part.rubric) {
				continue
			}
			if took[h] {
				continue
			}
			one := line
			one.value = 10*weight + part.value
			lines[h] = append(lines[h], one)
			if last > i {
				until, took[h] = last, true
			}
		}
	}
}

// attached is a title of a form that has no colon and announces a list all the same.
var attached = regexp.MustCompile(`(?i)(?:allegati(?: obbligatori)?|(?:documenti|documentazione) (?:obbligatori[ae]|da allegare|richiest[ia]|necessari[ae])|si allegano?)$`)

// announcement gives where the words begin that announce a list, -1 when the sentence announces none.
func announcement(said string) int {
	said = strings.TrimSpace(said)
	if strings.HasSuffix(said, ":") {
		return 0
	}
	if at := attached.FindStringIndex(said); at != nil && utf8.RuneCountInString(said) < 80 {
		return at[0]
	}
	return -1
}

// items are the sentences of the list that the sentence at i announces, without their markers. A list ends where its markers change.
func items(text string, offset int, spans []lexicon.Span, i int) (out []Span, last int) {
	last = i
	kind := ""
	for k := i + 1; k < len(spans) && len(out) < mostList; k++ {
		said := text[spans[k].Start:spans[k].End]
		mark := marker.FindString(said)
		first, _ := utf8.DecodeRuneInString(said)
		switch {
		case utf8.RuneCountInString(said) > longest, privacyNotice.MatchString(plain(said)):
			return out, last
		case mark == "" && !unicode.IsLower(first) && len(out) > 0 && !goesOn(text, spans, k):
			return out, last
		case mark != "" && kind != "" && markKind(mark) != kind && len(out) > 0 && !strings.HasSuffix(out[len(out)-1].Text, ":"):
			return out, last
		case mark != "" && kind == "":
			kind = markKind(mark)
		}
		last = k
		from := spans[k].Start + len(mark)
		if len(mark) < len(said) && sayable(said[len(mark):]) {
			out = append(out, Span{offset + from, offset + spans[k].End, text[from:spans[k].End]})
		}
	}
	return out, last
}

// goesOn says whether a list is still under way at a sentence that begins as any other: it, the one before or the one after ends as an item does.
func goesOn(text string, spans []lexicon.Span, k int) bool {
	for _, i := range []int{k - 1, k, k + 1} {
		if i < len(spans) && strings.HasSuffix(text[spans[i].Start:spans[i].End], ";") {
			return true
		}
	}
	return false
}

// markKind tells lists apart: those with figures, with letters, and each bullet.
func markKind(mark string) string {
	mark = strings.TrimSpace(mark)
	switch first, _ := utf8.DecodeRuneInString(strings.TrimPrefix(mark, "(")); {
	case unicode.IsDigit(first):
		return "1"
	case unicode.IsLetter(first):
		return "a"
	}
	return mark
}

var rubricLine = regexp.MustCompile(`^(art\.?|articolo|capo|titolo|allegato) ?[0-9ivxl]+\b[^.]*$`)

// title says whether a sentence is a heading: short, without an end, or in capitals.
func title(said string) bool {
	last, _ := utf8.DecodeLastRuneInString(said)
	if rubricLine.MatchString(plain(said)) {
		return true
	}
	if strings.ContainsRune(".;!)»\"”", last) {
		return false
	}
	return utf8.RuneCountInString(said) < 25 || said == strings.ToUpper(said)
}

// form adds what was read of a form when it came in, where it stands: who signs and to whom it is addressed. It gives the places of its
// attachments; those that are no sentence by themselves are added, too.
func (b *Builder) form(lines map[Heading][]Line, at int, s Source) (listed []Span) {
	f := s.Document.Form
	if f == nil {
		return nil
	}
	add := func(h Heading, t string) {
		if span, ok := locate(s.Document.Text, t); ok && sayable(span.Text) && !fragment.MatchString(plain(t)) {
			lines[h] = append(lines[h], Line{Span: span, Source: at, Page: s.Document.Page(span.Start), value: 45})
		}
	}
	for _, t := range f.Attachments {
		if span, ok := locate(s.Document.Text, t); ok && !privacyNotice.MatchString(plain(t)) {
			listed = append(listed, span)
		}
	}
	add(Where, f.Recipient)
	for who := range strings.SplitSeq(f.Who, "; ") {
		add(Who, who)
	}
	return listed
}

// fragment is the rest of a line whose beginning stands elsewhere.
var fragment = regexp.MustCompile(`^(del|della|dello|dell'|di|da|con|e|o|il|la)\b`)

func overlaps(spans []Span, start, end int) bool {
	for _, s := range spans {
		if s.Start < end && start < s.End {
			return true
		}
	}
	return false
}

// locate finds a text whose white space was tidied in the text that it was taken from.
func locate(text, said string) (Span, bool) {
	words := strings.Fields(said)
	if len(words) == 0 {
		return Span{}, false
	}
	for i := range words {
		words[i] = regexp.QuoteMeta(words[i])
	}
	found, err := regexp.Compile(strings.Join(words, `[\s_.…]+`))
	if err != nil {
		return Span{}, false
	}
	at := found.FindStringIndex(text)
	if at == nil {
		return Span{}, false
	}
	return Span{at[0], at[1], text[at[0]:at[1]]}, true
}
