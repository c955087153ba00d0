package minutes

import (
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"sportello/assistant/fault"
	"sportello/assistant/lexicon"
)

// Turn is what one voice says without another one in between.
type Turn struct {
	Voice string `json:"voice"`           // "voce 1"
	Label string `json:"label,omitempty"` // what the file calls it
	Start int    `json:"start"`           // milliseconds of the recording, -1 unknown
	End   int    `json:"end"`
	Text  string `json:"text"`
}

// Transcript is what was said, in turns, with what a person said about it.
type Transcript struct {
	Source string            `json:"source,omitempty"` // name of the file
	Turns  []Turn            `json:"turns"`
	Names  map[string]string `json:"names,omitempty"` // voice -> name of a member, or another person's; set by a person only
	Marks  []Mark            `json:"marks,omitempty"` // where items begin, as a person put them
}

// Mark says that an item begins with a turn.
type Mark struct {
	Turn int    `json:"turn"` // index
	Item int    `json:"item"` // from 1; 0: before the first, or none
	By   string `json:"by"`   // person, marker, words, clock
	Why  string `json:"why,omitempty"`
}

// Limits of a transcript.
const (
	MostTurns      = 20000
	LongestSpeech  = 2 << 20 // bytes of a whole transcript
	joinWithin     = 90_000  // a voice that goes on within this time is one turn
	longestOfATurn = 6000    // bytes
	unknownVoice   = "voce"
)

// Read reads a transcript of TXT, VTT or SRT by its content. The paragraphs of a DOCX go through Lines.
func Read(name string, data []byte) (*Transcript, error) {
	if len(data) > LongestSpeech {
		return nil, fault.New(fault.TooLarge, "%s has %d KB: a transcript has at most %d", name, len(data)>>10, LongestSpeech>>10)
	}
	if !utf8.Valid(data) {
		data = latin1(data)
	}
	text := strings.ReplaceAll(strings.TrimPrefix(string(data), "\ufeff"), "\r\n", "\n")
	if strings.ContainsRune(text, 0) {
		return nil, fault.New(fault.Unsupported, "%s is no text: give a transcript as TXT, VTT, SRT or DOCX", filepath.Base(name))
	}
	var cues []Turn
	switch {
	case strings.HasPrefix(text, "WEBVTT"), srtTime.MatchString(text):
		cues = readCues(text)
	default:
		cues = readLines(strings.Split(text, "\n"))
	}
	return Assemble(filepath.Base(name), cues)
}

// Lines reads a transcript given as paragraphs.
func Lines(name string, paragraphs []string) (*Transcript, error) {
	return Assemble(filepath.Base(name), readLines(paragraphs))
}

// latin1 reads what is no UTF-8 as the encoding of old Windows programs: letters of Italian are the same in both.
func latin1(data []byte) []byte {
	r := make([]rune, len(data))
	for i, b := range data {
		r[i] = rune(b)
		if c, ok := windows[b]; ok {
			r[i] = c
		}
	}
	return []byte(string(r))
}

var windows = map[byte]rune{0x80: '€', 0x85: '…', 0x91: '‘', 0x92: '’', 0x93: '“', 0x94: '”', 0x96: '–', 0x97: '—'}

var (
	srtTime  = regexp.MustCompile(`(?m)^\s*(?:(\d{1,3}):)?(\d{1,2}):(\d{2})[.,](\d{1,3})\s*-->\s*(?:(\d{1,3}):)?(\d{1,2}):(\d{2})[.,](\d{1,3})`)
	vttVoice = regexp.MustCompile(`<v(?:\.[^\s>]*)?\s+([^>]*)>`)
	anyTag   = regexp.MustCompile(`</?[a-zA-Z0-9.:][^>]*>`)
	// labelForm is who speaks at the start of a line: "SINDACA ROLANDO:", "Speaker 1:", "[SPEAKER_00]:", "- Bruno:".
	labelForm = regexp.MustCompile(`^\s*(?:[-–]\s*)?(?:\[([^\]\d][^\]]{0,48})\]\s*:?|([\p{L}][\p{L}\d_.'’ ()-]{0,48}?)\s*:)\s+(.*)$`)
	// timeFirst is a time before a line, "[00:12:30]" or "(12:30)" or "00:12:30".
	timeFirst = regexp.MustCompile(`^\s*[\[(]?(?:(\d{1,2}):)?(\d{1,2}):(\d{2})(?:[.,](\d{1,3}))?[\])]?\s*[-–]?\s*(.*)$`)
	// nameTime is a line with who speaks and when, and nothing else: "Anna Rolando   0:12".
	nameTime = regexp.MustCompile(`^\s*([\p{L}][\p{L}\d_.'’ -]{0,60}?)[\s,(\[-]+(?:(\d{1,2}):)?(\d{1,2}):(\d{2})(?:[.,](\d{1,3}))?[)\]]?\s*:?\s*$`)
)

func milliseconds(h, m, s, ms string) int {
	frac := ms
	for len(frac) > 0 && len(frac) < 3 {
		frac += "0"
	}
	return ((number(h)*60+number(m))*60+number(s))*1000 + number(frac)
}

// readCues reads VTT and SRT: a line of times, then the words until an empty line.
func readCues(text string) []Turn {
	var out []Turn
	lines := strings.Split(text, "\n")
	label, tagged := "", vttVoice.MatchString(text) // a file that names voices does so everywhere
	for i := 0; i < len(lines); i++ {
		m := srtTime.FindStringSubmatch(lines[i])
		if m == nil {
			continue
		}
		start, end := milliseconds(m[1], m[2], m[3], m[4]), milliseconds(m[5], m[6], m[7], m[8])
		for i++; i < len(lines) && strings.TrimSpace(lines[i]) != ""; i++ {
			line := lines[i]
			if srtTime.MatchString(line) { // a cue without an empty line before it
				i--
				break
			}
			if v := vttVoice.FindStringSubmatch(line); v != nil {
				label = strings.TrimSpace(v[1])
			}
			line = anyTag.ReplaceAllString(line, "")
			if l, rest, ok := labelled(line); ok && !tagged {
				label, line = l, rest
			}
			if line = strings.TrimSpace(line); line != "" && (!isNumber(line) || i+1 >= len(lines) || !srtTime.MatchString(lines[i+1])) {
				out = append(out, Turn{Label: label, Start: start, End: end, Text: line})
			}
		}
	}
	return out
}

// labelled takes who speaks from the start of a line. A sentence with a colon is none: a label has few words, and none of them is small
// unless it stands between capitals.
func labelled(line string) (label, rest string, ok bool) {
	m := labelForm.FindStringSubmatch(line)
	if m == nil {
		return "", line, false
	}
	label = strings.TrimSpace(m[1] + m[2])
	words := strings.Fields(label)
	if len(words) > 5 {
		return "", line, false
	}
	if m[1] != "" || voiceWord.MatchString(label) {
		return label, m[3], true
	}
	for _, w := range words {
		r, _ := utf8.DecodeRuneInString(w)
		if strings.ToUpper(string(r)) != string(r) && !particles[fold(w)] {
			return "", line, false
		}
	}
	return label, m[3], !notALabel[fold(words[0])] && !(len(words) == 1 && verbForm.MatchString(label))
}

var voiceWord = regexp.MustCompile(`(?i)^(?:speaker|voce|relatore|interlocutore|persona|parlante)[\s_]*\d*$`)

// verbForm is a word that opens a sentence: "Votiamo: tre favorevoli".
var verbForm = regexp.MustCompile(`(?i)(?:iamo|ando|endo|are|ere|ire|ate|ete)$`)

// notALabel are words that begin a sentence with a colon rather than a turn.
var notALabel = map[string]bool{"allora": true, "quindi": true, "dunque": true, "ecco": true, "bene": true, "oggetto": true, "punto": true, "art": true, "articolo": true, "comma": true,
	"nota": true, "ore": true, "totale": true, "importo": true, "data": true, "presenti": true, "assenti": true, "favorevoli": true, "contrari": true, "astenuti": true, "votazione": true}

// readLines reads a transcript written as text: a line may begin with a time, with who speaks, or with both.
func readLines(lines []string) []Turn {
	var out []Turn
	label, at := "", -1
	for _, line := range lines {
		line = strings.TrimSpace(strings.ReplaceAll(line, "\u00a0", " "))
		if line == "" {
			continue
		}
		if m := nameTime.FindStringSubmatch(line); m != nil {
			label, at = strings.TrimSpace(m[1]), milliseconds(m[2], m[3], m[4], m[5])
			continue
		}
		fresh := false
		if m := timeFirst.FindStringSubmatch(line); m != nil {
			at, line, fresh = milliseconds(m[1], m[2], m[3], m[4]), m[5], true
		}
		if l, rest, ok := labelled(line); ok {
			label, line = l, rest
			if m := timeFirst.FindStringSubmatch(line); m != nil && !fresh {
				at, line = milliseconds(m[1], m[2], m[3], m[4]), m[5]
			}
		}
		if line != "" {
			out = append(out, Turn{Label: label, Start: at, End: at, Text: line})
		}
	}
	return out
}

// Assemble joins pieces of speech to turns and numbers the voices in the order in which they are heard.
func Assemble(source string, cues []Turn) (*Transcript, error) {
	t := &Transcript{Source: source, Names: map[string]string{}}
	voices := map[string]string{}
	for _, c := range apart(cues) {
		c.Text = strings.Join(strings.Fields(c.Text), " ")
		key := fold(c.Label)
		if voices[key] == "" {
			voices[key] = unknownVoice + " " + strconv.Itoa(len(voices)+1)
		}
		c.Voice = voices[key]
		if n := len(t.Turns); n > 0 {
			last := &t.Turns[n-1]
			if last.Voice == c.Voice && !turning.MatchString(fold(c.Text)) && c.Start-last.End < joinWithin && len(last.Text)+len(c.Text) < longestOfATurn && (c.Label != "" || len(last.Text) < 600) {
				last.Text += " " + c.Text
				last.End = max(last.End, c.End)
				continue
			}
		}
		t.Turns = append(t.Turns, c)
	}
	for i := range t.Turns { // a text has no ends: a turn lasts until the next one
		if x := &t.Turns[i]; x.End <= x.Start && i+1 < len(t.Turns) && t.Turns[i+1].Start > x.Start {
			x.End = t.Turns[i+1].Start
		}
	}
	switch {
	case len(t.Turns) == 0:
		return nil, fault.New(fault.NoText, "%s holds no words: give a transcript as TXT, VTT, SRT or DOCX", source)
	case len(t.Turns) > MostTurns:
		return nil, fault.New(fault.TooLarge, "%s has %d turns: at most %d are read", source, len(t.Turns), MostTurns)
	}
	return t, nil
}

// turning is the beginning of a sentence that opens an item, so that whoever leads the session and goes on has another turn for it.
var turning = regexp.MustCompile(`^(?:\p{L}+\W+){0,3}(?:passiamo|procediamo|andiamo|veniamo|affrontiamo|trattiamo|apriamo)\b.{0,80}\b(?:punto|oggetto|ordine|regolamento|mozione|interrogazione|proposta|bilancio|approvazione|nomina|variazione|delibera)`)

// apart cuts cues where a sentence inside opens an item.
func apart(cues []Turn) []Turn {
	var out []Turn
	for _, c := range cues {
		from := 0
		for _, span := range lexicon.Sentences(c.Text) {
			if span.Start > from && turning.MatchString(fold(c.Text[span.Start:span.End])) {
				before := c
				before.Text, before.Start, before.End = c.Text[from:span.Start], c.At(from), c.At(span.Start)
				out, from = append(out, before), span.Start
			}
		}
		rest := c
		rest.Text, rest.Start = c.Text[from:], c.At(from)
		out = append(out, rest)
	}
	return out
}

// Voice is one of those heard.
type Voice struct {
	Name  string `json:"name"` // "voce 1"
	Label string `json:"label,omitempty"`
	Given string `json:"given,omitempty"` // by a person
	Turns int    `json:"turns"`
	Words int    `json:"words"`
	First int    `json:"first"` // milliseconds
	Quote string `json:"quote"` // its first words
}

// Voices lists the voices in the order in which they are heard.
func (t *Transcript) Voices() []Voice {
	var out []Voice
	at := map[string]int{}
	for _, x := range t.Turns {
		i, ok := at[x.Voice]
		if !ok {
			i = len(out)
			at[x.Voice] = i
			out = append(out, Voice{Name: x.Voice, Label: x.Label, Given: t.Names[x.Voice], First: x.Start})
		}
		v := &out[i]
		v.Turns++
		v.Words += len(strings.Fields(x.Text))
		if len(v.Quote) < 120 {
			v.Quote = shorten(strings.TrimSpace(v.Quote+" "+x.Text), 160)
		}
	}
	return out
}

// shorten cuts a text at a word.
func shorten(s string, most int) string {
	if len(s) <= most {
		return s
	}
	cut := strings.LastIndexByte(s[:most], ' ')
	if cut <= 0 {
		cut = most
		for cut > 0 && !utf8.RuneStart(s[cut]) {
			cut--
		}
	}
	return s[:cut] + "…"
}

// Words gives how many words there are.
func (t *Transcript) Words() int {
	n := 0
	for _, x := range t.Turns {
		n += len(strings.Fields(x.Text))
	}
	return n
}
