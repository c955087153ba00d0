package minutes

import (
	_ "embed"
	"strings"

	"github.com/pelletier/go-toml/v2"
)

// Code names what is wrong.
type Code string

// The codes; problems.toml has a sentence for each.
const (
	NotUnderstood     Code = "riga_non_capita"
	VoteNotUnderstood Code = "voto_non_capito"
	NoTime            Code = "ora_errata"
	NoText            Code = "testo_manca"
	NoName            Code = "nome_manca"
	NoItem            Code = "punto_inesistente"
	UnknownName       Code = "nome_sconosciuto"
	WhichName         Code = "nome_ambiguo"
	TwiceNamed        Code = "nome_ripetuto"
	SecretNames       Code = "voto_segreto_nomi"
	TimeBack          Code = "ora_indietro"
	AfterEnd          Code = "dopo_chiusura"
	RollTwice         Code = "appello_ripetuto"
	NoRollCall        Code = "appello_manca"
	AlreadyIn         Code = "gia_presente"
	AlreadyOut        Code = "gia_assente"
	NotThere          Code = "non_presente"
	NoQuorum          Code = "numero_legale"
	VoterNotThere     Code = "votante_assente"
	VotedTwice        Code = "voto_doppio"
	VotesOver         Code = "voti_oltre_presenti"
	VotesUnder        Code = "voti_sotto_presenti"
	NotUnanimous      Code = "non_unanime"
	NotEnforceable    Code = "eseguibilita_maggioranza"
	NoTellers         Code = "scrutatori_mancano"
	VoteWithoutItem   Code = "voto_senza_punto"
	Missing           Code = "dato_manca"
	NotOpened         Code = "apertura_manca"
	NotClosed         Code = "chiusura_manca"
	NoOutcome         Code = "esito_manca"
	VoiceUnnamed      Code = "voce_senza_nome"
	ItemNotHeard      Code = "punto_non_trovato"
	HeardOtherwise    Code = "voto_detto_diverso"
	SpokeAbsent       Code = "parla_assente"
)

// Severity is how much a Problem matters.
type Severity string

// The severities: what blocks keeps a verbale from being final.
const (
	Blocks Severity = "blocca"
	Warns  Severity = "avvisa"
)

// Problem is something that a person has to look at.
type Problem struct {
	Code     Code     `json:"code"`
	Severity Severity `json:"severity"`
	Message  string   `json:"message"` // Italian, for the segretario
	Source   string   `json:"source,omitempty"`
	Line     int      `json:"line,omitempty"` // of the diary, from 1
	ID       string   `json:"id,omitempty"`   // of that line
	Item     int      `json:"item,omitempty"`
	Time     string   `json:"time,omitempty"` // of the recording
}

//go:embed problems.toml
var problemsFile []byte

type problemText struct {
	Severity Severity `toml:"gravita"`
	Message  string   `toml:"messaggio"`
	Source   string   `toml:"fonte"`
}

var problemTexts = func() map[Code]problemText {
	var all map[Code]problemText
	if err := toml.Unmarshal(problemsFile, &all); err != nil {
		panic("minutes: problems.toml: " + err.Error())
	}
	return all
}()

// problem writes a problem: {1}, {2}… of its sentence are the values.
func problem(code Code, values ...string) *Problem {
	text := problemTexts[code]
	message := text.Message
	for i, v := range values {
		message = strings.ReplaceAll(message, "{"+itoa(i+1)+"}", v)
	}
	return &Problem{Code: code, Severity: text.Severity, Message: message, Source: text.Source}
}
