package model

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"sportello/assistant"
	"sportello/assistant/lexicon"
	"sportello/prompts"
)

// drafter cuts a text that arrives in pieces into drafts. It asks nothing of the model but words: markers of sources are
// found where the model put them, before or after the full stop, in square brackets or spelt out ("fonte 2"); a sentence without one
// has no sources; marks of lists and of emphasis, reasoning between <think> marks and the tokens of chat formats are taken out.
type drafter struct {
	buf     string
	given   int // passages the model was given
	emit    func(assistant.Draft) error
	emitted []string
	repeats int
	full    bool // enough was said, or the model began to repeat itself
	over    bool // the model's turn is over, whatever else comes
}

const (
	maxDrafts   = 12
	maxRepeats  = 2
	maxSentence = 800 // bytes; a thought between <think> marks may be longer
)

// add takes the next piece and emits the sentences that are whole.
func (d *drafter) add(piece string) error {
	d.buf += piece
	if err := d.drain(false); err != nil {
		return err
	}
	d.full = d.full || d.over || d.loops()
	return nil
}

// loops says that the sentence under way is no sentence: it does not end, or says the same again and again.
func (d *drafter) loops() bool {
	const tail, times = 24, 4
	n := len(d.buf)
	if strings.Contains(d.buf, "<think>") {
		return false
	}
	return n > maxSentence || n > tail*times && strings.Count(d.buf, d.buf[n-tail:]) >= times
}

// finish emits what is left. cut says that the model stopped for the limit of tokens: a last sentence without its end is dropped.
func (d *drafter) finish(cut bool) error {
	if cut && !ended.MatchString(strings.TrimSpace(d.buf)) {
		if err := d.drain(false); err != nil {
			return err
		}
		return nil
	}
	return d.drain(true)
}

var (
	// ended: a text that closes with a full stop or a marker.
	ended = regexp.MustCompile(`(?:[.!?…。？！؟]["”»)]*|\])$`)
	// afterStop: markers that follow the stop of the sentence they belong to.
	afterStop = regexp.MustCompile(`([.!?…。？！؟]["”»]?)((?:[ \t]*` + marker + `)+)`)
	// openMarker: the start of a marker that is still arriving.
	openMarker = regexp.MustCompile(`(?i)[\[(【]\s*(?:f|s|n|d|\d|$)[^\])】]{0,24}$`)
	markers    = regexp.MustCompile(`[ \t]*` + marker)
	figures    = regexp.MustCompile(`(\d{1,2})(?:\s*[-–]\s*(\d{1,2}))?`)
	thinking   = regexp.MustCompile(`(?s)<think>.*?</think>`)
	// turnEnd: the end of the model's turn in common chat formats, or the start of a prompt that it makes up.
	turnEnd = regexp.MustCompile(`<\|[^|>]{0,40}\|>|</s>|<end_of_turn>|</?(?:source|question)\b`)
	bullet  = regexp.MustCompile(`^(?:[-*•–]\s+|#{1,6}\s+|\d{1,2}[.)]\s+)`)
)

// marker is a reference to sources: [1], [1, 3], [1-2], 【1】, [fonte 1], (source 2).
const marker = `(?:[\[【]\s*(?i:font[ei]|sources?|doc\.?|n\.?|burimi|sursa|джерело)?\s*#?\s*\d{1,2}(?:\s*(?:[,;–-]|e|and)\s*\d{1,2})*\s*[\]】]|\(\s*(?i:font[ei]|sources?)\s*\d{1,2}(?:\s*[,;–-]\s*\d{1,2})*\s*\))`

// drain emits the sentences of the buffer: all of them when it is the last call, else those that another follows.
func (d *drafter) drain(last bool) error {
	d.buf = thinking.ReplaceAllString(d.buf, "")
	if i := strings.Index(d.buf, "<think>"); i >= 0 && !last {
		return nil // the thought is not over
	}
	if loc := turnEnd.FindStringIndex(d.buf); loc != nil {
		d.buf, last, d.over = d.buf[:loc[0]], true, true
	}
	text := afterStop.ReplaceAllString(d.buf, "$2$1 ")
	spans := lexicon.Sentences(text)
	whole := len(spans)
	if !last {
		whole--
	}
	if whole <= 0 && !last {
		return nil
	}
	if !last && openMarker.MatchString(text[spans[whole].Start:]) && spans[whole].End-spans[whole].Start < 30 {
		return nil // it may belong to the sentence before
	}
	for _, s := range spans[:whole] {
		if err := d.sentence(text[s.Start:s.End]); err != nil || d.full {
			return err
		}
	}
	d.buf = ""
	if !last {
		d.buf = text[spans[whole].Start:]
	}
	return nil
}

// sentence makes a draft of one sentence and emits it, unless it says nothing or was said before.
func (d *drafter) sentence(s string) error {
	text := clean(markers.ReplaceAllString(s, ""))
	if !strings.ContainsFunc(text, unicode.IsLetter) || strings.EqualFold(strings.Trim(text, " .*\"'"), prompts.DontKnow) {
		return nil
	}
	if slices.Contains(d.emitted, text) {
		d.repeats++
		d.full = d.repeats >= maxRepeats
		return nil
	}
	d.emitted = append(d.emitted, text)
	d.full = len(d.emitted) >= maxDrafts
	return d.emit(assistant.Draft{Text: text, Sources: d.sources(s)})
}

// clean takes out what is not prose.
func clean(s string) string {
	s = bullet.ReplaceAllString(strings.TrimSpace(s), "")
	s = strings.NewReplacer("**", "", "__", "", "`", "").Replace(s)
	return strings.Join(strings.Fields(s), " ")
}

// sources reads the numbers of the markers that name a passage that was given.
func (d *drafter) sources(s string) []int {
	var out []int
	for _, m := range markers.FindAllString(s, -1) {
		for _, f := range figures.FindAllStringSubmatch(m, -1) {
			from, _ := strconv.Atoi(f[1])
			to := from
			if f[2] != "" {
				to, _ = strconv.Atoi(f[2])
			}
			for n := from; n <= min(to, d.given); n++ {
				if n >= 1 && !slices.Contains(out, n) {
					out = append(out, n)
				}
			}
		}
	}
	return out
}
