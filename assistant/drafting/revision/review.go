package revision

import (
	_ "embed"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/pelletier/go-toml/v2"

	"sportello/assistant/drafting/reference"
	"sportello/assistant/lexicon"
	"sportello/ingest"
)

// Code names a kind of finding.
type Code string

// The codes; rilievi.toml has the words for each.
const (
	RepealedNorm Code = "norma_abrogata"
	WrongPart    Code = "riferimento_inesistente"
	Contradicts  Code = "contraddizione"
	LongSentence Code = "frase_lunga"
	ObscureWord  Code = "parola_oscura"
	NoSubject    Code = "manca_oggetto"
	NoTerms      Code = "mancano_definizioni"
	NoSanctions  Code = "mancano_sanzioni"
	NoRepeals    Code = "mancano_abrogazioni"
	NoForce      Code = "manca_entrata_in_vigore"
)

// Codes are all of them, in the order of a report.
var Codes = []Code{RepealedNorm, WrongPart, Contradicts, NoSubject, NoTerms, NoSanctions, NoRepeals, NoForce, LongSentence, ObscureWord}

// Finding is a place to look at.
type Finding struct {
	Code     Code   `json:"code"`
	Message  string `json:"message"` // Italian
	Reason   string `json:"reason"`
	Article  string `json:"article,omitempty"`
	EID      string `json:"eid,omitempty"`
	Quote    string `json:"quote,omitempty"`
	Other    string `json:"other,omitempty"` // the other place of a contradiction, with its words
	Proposal string `json:"proposal,omitempty"`
	Start    int    `json:"start"`
	End      int    `json:"end"`
}

//go:embed rilievi.toml
var wordsFile string

//go:embed parole.toml
var plainFile string

type said struct {
	Message string `toml:"messaggio"`
	Reason  string `toml:"motivo"`
}

var words = func() map[Code]said {
	var all map[Code]said
	if err := toml.Unmarshal([]byte(wordsFile), &all); err != nil {
		panic("revision: rilievi.toml: " + err.Error())
	}
	return all
}()

// Review gives the findings of a regulation, those of substance first. checked are its references, as reference.Check gives them for the day.
func Review(d *ingest.Document, checked []reference.Checked) []Finding {
	r := &reviewer{d: d, divided: slices.ContainsFunc(d.Sections, func(s ingest.Section) bool { return s.Kind == ingest.SecArticle })}
	r.references(checked)
	r.contradictions()
	r.missing()
	r.sentences()
	r.obscure()
	slices.SortStableFunc(r.found, func(a, b Finding) int {
		if i, j := slices.Index(Codes, a.Code), slices.Index(Codes, b.Code); i != j {
			return i - j
		}
		return a.Start - b.Start
	})
	return r.found
}

type reviewer struct {
	d       *ingest.Document
	divided bool // into articles
	found   []Finding
}

func (r *reviewer) add(code Code, start, end int, values ...string) *Finding {
	f := Finding{Code: code, Message: words[code].Message, Reason: words[code].Reason, Start: start, End: end}
	for i, v := range values {
		f.Message = strings.ReplaceAll(f.Message, "{"+strconv.Itoa(i+1)+"}", v)
	}
	if end > start {
		f.Quote = oneLine(r.d.Text[start:end])
		f.Article, f.EID = r.place(start)
	}
	r.found = append(r.found, f)
	return &r.found[len(r.found)-1]
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// place gives the innermost article of a byte.
func (r *reviewer) place(at int) (article, eid string) {
	for i := range r.d.Sections {
		if s := &r.d.Sections[i]; s.Kind == ingest.SecArticle && s.Start <= at && at < s.End {
			article, eid = s.Number, s.EID
		}
	}
	return article, eid
}

// indexed says whether a byte lies in a table of contents.
func (r *reviewer) indexed(at int) bool {
	for i := range r.d.Sections {
		if s := &r.d.Sections[i]; s.Kind == ingest.SecIndex && s.Start <= at && at < s.End {
			return true
		}
	}
	return false
}

// past says that a text speaks of what was, so that a norm no longer in force is cited rightly.
var past = regexp.MustCompile(`(?i)abrogat|sostituit|già\s+|previgent|allora\s+vigent|come\s+modificat|modifiche\s+apportat|soppress|istitutiv`)

func (r *reviewer) references(checked []reference.Checked) {
	seen := map[string]bool{}
	for _, c := range checked {
		code := map[reference.Status]Code{reference.Repealed: RepealedNorm, reference.NoPart: WrongPart}[c.Status]
		key := string(code) + c.Reference.Norm()
		if code == "" || seen[key] || r.indexed(c.Start) {
			continue
		}
		if around := r.d.Text[max(0, c.Start-80):min(len(r.d.Text), c.End+120)]; code == RepealedNorm && past.MatchString(around) {
			continue
		}
		seen[key] = true
		f := r.add(code, c.Start, c.End, c.Why)
		if c.Norm != nil && c.Norm.By != "" {
			f.Proposal = c.Norm.By
		}
	}
}

// part is a part that a regulation has to have, or has to have when it speaks of something.
var parts = []struct {
	code    Code
	has     *regexp.Regexp
	when    *regexp.Regexp // nil: always
	atLeast int            // articles
}{
	{NoSubject, regexp.MustCompile(`(?i)oggetto|finalità|ambito\s+di\s+applicazione|princip[ìi]|il\s+presente\s+regolamento\s+(?:disciplina|regola|stabilisce|determina|detta|reca|contiene|individua)`), nil, 3},
	{NoTerms, regexp.MustCompile(`(?i)definizion|si\s+intend[eo]|(?:si\s+)?intendono|per\s+[«"“][^»"”]{2,60}[»"”]\s+si|\bdefinit[oaie]\b`), nil, 15},
	{NoSanctions, regexp.MustCompile(`(?i)sanzion|ammend[ae]|violazion[ei]\s+(?:al|alle|del|delle|sono)|penal[ei]\b`), regexp.MustCompile(`(?i)è\s+(?:fatto\s+)?(?:assolutamente\s+|severamente\s+)?(?:vietat|obblig|divieto|fatto\s+obbligo)|sono\s+vietat|divieto\s+di`), 5},
	{NoRepeals, regexp.MustCompile(`(?i)abrog|cessa(?:no)?\s+di\s+(?:avere\s+(?:efficacia|vigore)|produrre)|sostituisce\s+(?:il\s+)?(?:precedente|previgente|ogni)|disposizion[ei]\s+(?:in\s+contrasto|incompatibil)|incompatibil[ei]\s+con`), nil, 8},
	{NoForce, regexp.MustCompile(`(?i)entr[aoeier]+\s+in\s+vigore|entrata\s+in\s+vigore|ha\s+effetto\s+dal|decorrenza|si\s+applica\s+(?:a\s+decorrere\s+)?dal|efficacia\s+dal|esecutiv[oa]|in\s+vigore\s+(?:dal|il)`), nil, 8},
}

// missing looks at the parts that a whole regulation has. What begins after article 1 is a piece of one.
func (r *reviewer) missing() {
	articles, first := 0, ""
	for i := range r.d.Sections {
		if r.d.Sections[i].Kind == ingest.SecArticle {
			if articles++; articles == 1 {
				first = r.d.Sections[i].Number
			}
		}
	}
	if first != "1" {
		return
	}
	for _, p := range parts {
		if articles >= p.atLeast && !p.has.MatchString(r.d.Text) && (p.when == nil || p.when.MatchString(r.d.Text)) {
			r.add(p.code, 0, 0)
		}
	}
}

// prose gives the sentences of the articles, tables, headings and contents apart.
func (r *reviewer) prose() []lexicon.Span {
	var out []lexicon.Span
	for _, s := range lexicon.Sentences(r.d.Text) {
		text := r.d.Text[s.Start:s.End]
		if strings.Contains(text, " | ") || strings.Contains(text, "\t") || strings.Contains(text, "....") || r.indexed(s.Start) || len(strings.Fields(text)) < 6 {
			continue
		}
		if article, _ := r.place(s.Start); article == "" && r.divided {
			continue
		}
		out = append(out, s)
	}
	return out
}
