package ingest

// Kind is the sort of a document, in the words a comune uses.
type Kind string

// The kinds that are told apart; Altro is every other.
const (
	Regolamento Kind = "regolamento"
	Modulo      Kind = "modulo"
	Scheda      Kind = "scheda" // a service sheet
	Delibera    Kind = "delibera"
	Determina   Kind = "determina"
	Ordinanza   Kind = "ordinanza"
	Verbale     Kind = "verbale"
	Bando       Kind = "bando"
	Norma       Kind = "norma" // a law of the State or of a Region
	Pagina      Kind = "pagina"
	Altro       Kind = "altro"
)

// Visibility says who may be shown a document.
type Visibility string

// Public documents are for everybody, Staff ones for those who ask as the comune's own.
const (
	Public Visibility = "public"
	Staff  Visibility = "staff"
)

// Act names a formal act: "C.C. n. 28 del 31/03/2021".
type Act struct {
	Type   string `json:"type,omitempty"`   // delibera, determina, ordinanza, decreto
	Body   string `json:"body,omitempty"`   // C.C., G.C., dirigente…
	Number string `json:"number,omitempty"` // "28"
	Date   string `json:"date,omitempty"`   // ISO 8601, "2021-03-31"
}

// Document is a parsed file with its structure. Text is the single source of every span.
type Document struct {
	Source     string // what it is known by: the path as ingested with the given folder's own name, or a URL
	Title      string
	Kind       Kind
	Format     string
	Language   string // BCP 47, default "it"
	SHA256     string // of the bytes, hex
	Visibility Visibility

	Approval  Act    // the act that approves it, or the act that it is
	Date      string // ISO 8601 date of the document itself, when the text says it
	ValidFrom string // ISO 8601; empty: always
	ValidTo   string // ISO 8601, last day in force; empty: still in force
	Year      string // the year it is about, when its title says so ("tariffe 2023")

	Pages      int
	PageStarts []int // byte offset in Text where page i+1 starts; empty without pages; len == Pages otherwise
	Text       string
	Sections   []Section // in order of Start; parents before children
	Form       *Form     // when Kind is Modulo
	Warnings   []string
	Findings   []Finding `json:",omitempty"` // what a reader does not see, or what speaks to an assistant; excerpts
}

// SectionKind is a level of the structure of Italian acts.
type SectionKind string

// The levels, under the names that the acts themselves use.
const (
	SecPreamble SectionKind = "preambolo"
	SecPart     SectionKind = "parte"
	SecTitolo   SectionKind = "titolo"
	SecCapo     SectionKind = "capo"
	SecSezione  SectionKind = "sezione"
	SecArticle  SectionKind = "articolo"
	SecComma    SectionKind = "comma"
	SecLettera  SectionKind = "lettera"
	SecNumero   SectionKind = "numero"
	SecAllegato SectionKind = "allegato"
	SecHeading  SectionKind = "intestazione" // a plain heading of a document without articles
	SecTable    SectionKind = "tabella"
	SecIndex    SectionKind = "indice" // a table of contents: kept in the text, never chunked, never cited
)

// Section is a span of Document.Text with its place in the structure.
type Section struct {
	Kind       SectionKind
	Number     string // as printed, normalised: "12-bis", "IV", "a"
	Rubric     string
	EID        string // Akoma Ntoso style: art_5-bis__para_2__point_a
	Parent     int    // index in Document.Sections, -1 at the top
	Start, End int    // bytes of Document.Text, End exclusive, the heading included
}

// Form is what a citizen wants to know about a form before filling it in.
type Form struct {
	Purpose     string   `json:"purpose"`               // "richiesta di rateizzazione della sanzione"
	Who         string   `json:"who,omitempty"`         // who fills it in and signs
	Recipient   string   `json:"recipient,omitempty"`   // the office or body it is addressed to
	Attachments []string `json:"attachments,omitempty"` // what to attach, as printed
	Fields      []string `json:"fields,omitempty"`      // labels or names of fillable fields
}

// Chunk is what search finds and an answer cites: an article, a run of its commi, a group of table rows, a part of a form.
type Chunk struct {
	Ordinal    int    // position in the document
	Section    int    // index in Document.Sections of the innermost section that holds it all, -1 for none
	Article    string // number of the article it lies in ("12-bis"), or of the allegato ("allegato A"), empty when neither
	Breadcrumb string // "Regolamento TARI > Titolo II > Art. 12 Riduzioni"
	Lead       string // text indexed before Text though it stands elsewhere: the header of a table for its later rows
	Start, End int    // bytes of Document.Text
	PageFirst  int    // 1-based, 0 without pages
	PageLast   int
}

// Indexed is the text that is embedded and indexed for a chunk.
func (d *Document) Indexed(c Chunk) string {
	s := c.Breadcrumb
	if c.Lead != "" {
		s += "\n" + c.Lead
	}
	return s + "\n" + d.Text[c.Start:c.End]
}

// Page gives the 1-based page that holds the byte at offset, 0 when the document has no pages.
func (d *Document) Page(offset int) int {
	lo, hi := 0, len(d.PageStarts)
	for lo < hi { // first page that starts after offset
		mid := (lo + hi) / 2
		if d.PageStarts[mid] <= offset {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo
}
