package export

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"

	"sportello/assistant/drafting"
)

// Sidecar writes the metadata of an exported file as the DocumentoAmministrativoInformatico of allegato 5 to the AgID guidelines on documents
// (aligned with it). Elements, their order and their fixed values are those that programs of administrations generate from the schema of
// the allegato; the schema itself and its namespace could not be had, so none is declared. What registration gives, classification and file
// are left empty for the protocol system, and nothing is said to be signed: that happens outside.
func Sidecar(d *drafting.Draft, m *Manifest, look Look) []byte {
	hash, err := hex.DecodeString(m.SHA256)
	if err != nil {
		hash = nil
	}
	body := look.Body
	if body == "" {
		body = d.Body()
	}
	format := m.File[strings.LastIndexByte(m.File, '.')+1:]
	software, version, _ := strings.Cut(m.Tool, " ")
	note := "bozza"
	if m.Final {
		note = "versione finale, da firmare"
	}
	people, whole := persons(d)
	if whole {
		note += "; nome e cognome da separare"
	}
	w := &tree{}
	w.in("DocumentoAmministrativoInformatico", func() {
		w.in("IdDoc", func() {
			w.in("ImprontaCrittograficaDelDocumento", func() {
				w.say("Impronta", base64.StdEncoding.EncodeToString(hash))
				w.say("Algoritmo", "SHA-256")
			})
			w.say("Identificativo", "")
		})
		w.say("ModalitaDiFormazione", "creazione tramite utilizzo di strumenti software che assicurino la produzione di documenti nei formati previsti in allegato 2")
		w.say("TipologiaDocumentale", d.Title)
		w.in("DatiDiRegistrazione", func() {
			w.say("TipologiaDiFlusso", "I")
			w.in("TipoRegistro", func() {
				w.in("Repertorio_Registro", func() {
					w.say("TipoRegistro", `Repertorio\Registro`)
					w.say("DataRegistrazioneDocumento", "")
					w.say("NumeroRegistrazioneDocumento", "")
					w.say("CodiceRegistro", "")
				})
			})
		})
		w.in("Soggetti", func() {
			w.in("Ruolo", func() {
				w.in("AmministrazioneCheEffettuaLaRegistrazione", func() {
					w.say("TipoRuolo", "Amministrazione Che Effettua La Registrazione")
					w.in("PAI", func() {
						w.office("IPAAmm", body, look.IPA)
						w.office("IPAAOO", "", "")
						w.say("IndirizziDigitaliDiRiferimento", "")
					})
				})
			})
			for _, p := range people {
				w.person(p)
			}
		})
		w.in("ChiaveDescrittiva", func() { w.say("Oggetto", m.Subject) })
		w.in("Allegati", func() { w.say("NumeroAllegati", "0") })
		w.in("Classificazione", func() {
			for _, x := range []string{"IndiceDiClassificazione", "Descrizione", "PianoDiClassificazione"} {
				w.say(x, "")
			}
		})
		w.say("Riservato", "false")
		w.in("IdentificativoDelFormato", func() {
			w.say("Formato", mediaTypes[format])
			w.in("ProdottoSoftware", func() {
				w.say("NomeProdotto", software)
				w.say("VersioneProdotto", version)
				w.say("Produttore", "")
			})
		})
		w.in("Verifica", func() {
			for _, x := range []string{"FirmatoDigitalmente", "SigillatoElettronicamente", "MarcaturaTemporale", "ConformitaCopieImmagineSuSupportoInformatico"} {
				w.say(x, "false")
			}
		})
		w.in("Agg", func() {
			w.in("TipoAgg", func() {
				w.say("TipoAggregazione", "Fascicolo")
				w.say("IdAggregazione", "")
			})
		})
		w.say("NomeDelDocumento", m.File)
		w.say("VersioneDelDocumento", fmt.Sprint(max(d.Revision, 1)))
		w.say("Note", note)
	})
	return []byte(`<?xml version="1.0" encoding="UTF-8"?>` + "\n" + w.String())
}

// tree writes elements inside each other.
type tree struct {
	strings.Builder
	depth int
}

func (w *tree) say(name, value string) {
	w.WriteString(strings.Repeat("  ", w.depth) + "<" + name + ">" + escaped(value) + "</" + name + ">\n")
}

func (w *tree) in(name string, inner func()) {
	w.WriteString(strings.Repeat("  ", w.depth) + "<" + name + ">\n")
	w.depth++
	inner()
	w.depth--
	w.WriteString(strings.Repeat("  ", w.depth) + "</" + name + ">\n")
}

func (w *tree) office(name, called, code string) {
	w.in(name, func() {
		w.say("Denominazione", called)
		w.say("CodiceIPA", code)
	})
}

// mediaTypes are the formats by the extension of a file.
var mediaTypes = map[string]string{
	"docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "odt": "application/vnd.oasis.opendocument.text", "pdf": "application/pdf", "txt": "text/plain", "xml": "application/akn+xml",
}

// person is who has a part in an act.
type person struct {
	role, first, last string
}

func (w *tree) person(p person) {
	w.in("Ruolo", func() {
		w.in(p.role, func() {
			w.say("TipoRuolo", p.role)
			kind := "PF"
			if p.role == "RUP" {
				kind = "RUP"
			}
			w.in(kind, func() {
				w.say("Cognome", p.last)
				w.say("Nome", p.first)
				if p.role == "RUP" {
					w.say("IndirizziDigitaliDiRiferimento", "")
				}
			})
		})
	})
}

// titles stand before a name and are none of it.
const titles = " il la lo dott. dott.ssa dr. dr.ssa ing. avv. arch. geom. rag. sig. sig.ra prof. prof.ssa sindaco sindaca vicesindaco vicesindaca presidente assessore assessora consigliere consigliera segretario segretaria comunale responsabile "

// persons are those whom the facts name: who presides and who takes the minutes, or who is responsible. A name of two words is told apart, first
// name first, as acts have it; of a longer one only a person knows where the surname begins, so it stays whole.
func persons(d *drafting.Draft) (all []person, whole bool) {
	for _, f := range []struct{ fact, role string }{{"responsabile.nome", "Autore"}, {"presidente", "Autore"}, {"segretario", "Operatore"}, {"procedimento.responsabile", "RUP"}} {
		words := strings.Fields(d.Fact(f.fact))
		for len(words) > 0 && strings.Contains(titles, " "+strings.ToLower(words[0])+" ") {
			words = words[1:]
		}
		switch len(words) {
		case 0:
		case 2:
			all = append(all, person{f.role, words[0], words[1]})
		default:
			all, whole = append(all, person{f.role, "", strings.Join(words, " ")}), true
		}
	}
	return all, whole
}
