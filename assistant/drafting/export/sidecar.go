package export

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"

	"sportello/assistant/drafting"
)

// Sidecar writes the metadata of an exported file as the DocumentoAmministrativoInformatico of allegato 5 to the AgID guidelines on documents
// (aligned with it: the names are those of the allegato, and a protocol system fills in what it alone knows). What registration gives is left
// empty, and nothing is said to be signed: that happens outside.
func Sidecar(d *drafting.Draft, m *Manifest, look Look) []byte {
	hash, err := hex.DecodeString(m.SHA256)
	if err != nil {
		hash = nil
	}
	format := m.File[strings.LastIndexByte(m.File, '.')+1:]
	var b strings.Builder
	line := func(depth int, name, value string) {
		b.WriteString(strings.Repeat("  ", depth) + "<" + name + ">" + escaped(value) + "</" + name + ">\n")
	}
	open := func(depth int, name string) { b.WriteString(strings.Repeat("  ", depth) + "<" + name + ">\n") }
	shut := func(depth int, name string) { b.WriteString(strings.Repeat("  ", depth) + "</" + name + ">\n") }
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?>` + "\n")
	open(0, "DocumentoAmministrativoInformatico")
	open(1, "IdDoc")
	open(2, "ImprontaCrittograficaDelDocumento")
	line(3, "Impronta", base64.StdEncoding.EncodeToString(hash))
	line(3, "Algoritmo", "SHA-256")
	shut(2, "ImprontaCrittograficaDelDocumento")
	line(2, "Identificativo", "")
	shut(1, "IdDoc")
	line(1, "ModalitaDiFormazione", "creazione tramite l'utilizzo di strumenti software che assicurino la produzione di documenti nei formati previsti nell'Allegato 2")
	line(1, "TipologiaDocumentale", d.Title)
	open(1, "DatiDiRegistrazione")
	line(2, "TipologiaDiFlusso", "I")
	open(2, "TipoRegistro")
	open(3, "Nessuno")
	line(4, "TipoRegistro", "Nessuno")
	shut(3, "Nessuno")
	shut(2, "TipoRegistro")
	line(2, "NumeroRegistrazione", "")
	line(2, "DataRegistrazione", "")
	shut(1, "DatiDiRegistrazione")
	open(1, "Soggetti")
	for _, s := range subjects(d, look) {
		open(2, "Ruolo")
		open(3, s.element)
		line(4, "TipoRuolo", s.role)
		open(4, s.kind)
		for _, f := range s.fields {
			line(5, f[0], f[1])
		}
		shut(4, s.kind)
		shut(3, s.element)
		shut(2, "Ruolo")
	}
	shut(1, "Soggetti")
	open(1, "ChiaveDescrittiva")
	line(2, "Oggetto", m.Subject)
	shut(1, "ChiaveDescrittiva")
	open(1, "Allegati")
	line(2, "NumeroAllegati", "0")
	shut(1, "Allegati")
	line(1, "Riservato", "false")
	open(1, "IdentificativoDelFormato")
	line(2, "Formato", mediaTypes[format])
	open(2, "ProdottoSoftware")
	name, version, _ := strings.Cut(m.Tool, " ")
	line(3, "NomeProdotto", name)
	line(3, "VersioneProdotto", version)
	line(3, "Produttore", "")
	shut(2, "ProdottoSoftware")
	shut(1, "IdentificativoDelFormato")
	open(1, "Verifica")
	for _, v := range []string{"FirmatoDigitalmente", "SigillatoElettronicamente", "MarcaturaTemporale", "ConformitaCopieImmagineSuSupportoInformatico"} {
		line(2, v, "false")
	}
	shut(1, "Verifica")
	line(1, "NomeDelDocumento", m.File)
	line(1, "VersioneDelDocumento", fmt.Sprint(max(d.Revision, 1)))
	line(1, "Note", map[bool]string{true: "versione finale, da firmare", false: "bozza"}[m.Final])
	shut(0, "DocumentoAmministrativoInformatico")
	return []byte(b.String())
}

// mediaTypes are the formats by the extension of a file.
var mediaTypes = map[string]string{
	"docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "odt": "application/vnd.oasis.opendocument.text", "pdf": "application/pdf", "txt": "text/plain", "xml": "application/akn+xml",
}

type subjectOf struct {
	element, role, kind string
	fields              [][2]string
}

// subjects are the body, as author, and those whom the facts name: who presides and who takes the minutes, or who is responsible.
func subjects(d *drafting.Draft, look Look) []subjectOf {
	body := look.Body
	if body == "" {
		body = d.Body()
	}
	out := []subjectOf{{"AmministrazioneCheEffettuaLaRegistrazione", "Amministrazione Che Effettua La Registrazione", "PAI", [][2]string{{"IPAAmm", ""}, {"DenominazioneAmministrazione", body}}}}
	for _, f := range []struct{ fact, role string }{{"responsabile.nome", "Autore"}, {"presidente", "Autore"}, {"segretario", "Operatore"}, {"procedimento.responsabile", "RUP"}} {
		if name := d.Fact(f.fact); name != "" {
			out = append(out, subjectOf{strings.ReplaceAll(f.role, " ", ""), f.role, "PF", [][2]string{{"Nome", name}}})
		}
	}
	return out
}
