package assistant

// Verdict says why a drafted statement was not shown; empty: it stands.
type Verdict string

// The verdicts. The zero value is the good one.
const (
	Accepted         Verdict = ""
	NoCitation       Verdict = "no_citation"       // it points to no retrieved passage
	UnknownNumber    Verdict = "unknown_number"    // a number, date or amount that is not in what it cites
	MisplacedNumber  Verdict = "misplaced_number"  // a number that the source says of something else
	UnknownReference Verdict = "unknown_reference" // an article, act or norm that is not in what it cites
	UnknownName      Verdict = "unknown_name"      // a proper name that is not in what it cites
	Negation         Verdict = "negation"          // it affirms what the source denies, or the other way round
	LostException    Verdict = "lost_exception"    // it leaves out a condition or exception of the sentence it rests on
	NotCovered       Verdict = "not_covered"       // its words are not those of the passage
	NotASentence     Verdict = "not_a_sentence"    // markup, links, instructions, fragments
)
