package export

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/xml"
	"slices"
	"strings"
	"testing"
)

// The sidecar is of that very file, names who is in the act, and leaves empty what registration gives.
func TestSidecar(t *testing.T) {
	d := drafts(t, "verbale-consiglio")["verbale-consiglio"]
	file := []byte("contenuto & altro")
	m, err := Describe(d, "verbale.docx", file)
	if err != nil {
		t.Fatal(err)
	}
	m.Tool = "sportello 1.2"
	var got struct {
		XMLName xml.Name
		Print   string   `xml:"IdDoc>ImprontaCrittograficaDelDocumento>Impronta"`
		Algo    string   `xml:"IdDoc>ImprontaCrittograficaDelDocumento>Algoritmo"`
		ID      string   `xml:"IdDoc>Identificativo"`
		Kind    string   `xml:"TipologiaDocumentale"`
		Number  string   `xml:"DatiDiRegistrazione>TipoRegistro>Repertorio_Registro>NumeroRegistrazioneDocumento"`
		Body    string   `xml:"Soggetti>Ruolo>AmministrazioneCheEffettuaLaRegistrazione>PAI>IPAAmm>Denominazione"`
		IPA     string   `xml:"Soggetti>Ruolo>AmministrazioneCheEffettuaLaRegistrazione>PAI>IPAAmm>CodiceIPA"`
		First   []string `xml:"Soggetti>Ruolo>Autore>PF>Nome"`
		Last    []string `xml:"Soggetti>Ruolo>Autore>PF>Cognome"`
		Subject string   `xml:"ChiaveDescrittiva>Oggetto"`
		Format  string   `xml:"IdentificativoDelFormato>Formato"`
		Version string   `xml:"IdentificativoDelFormato>ProdottoSoftware>VersioneProdotto"`
		Signed  string   `xml:"Verifica>FirmatoDigitalmente"`
		Name    string   `xml:"NomeDelDocumento"`
		Note    string   `xml:"Note"`
	}
	if err := xml.Unmarshal(Sidecar(d, m, Look{IPA: "c_x123"}), &got); err != nil {
		t.Fatal(err)
	}
	hash, err := base64.StdEncoding.DecodeString(got.Print)
	if err != nil || hex.EncodeToString(hash) != m.SHA256 || got.Algo != "SHA-256" {
		t.Errorf("print %q of %s", got.Print, m.SHA256)
	}
	if got.XMLName.Local != "DocumentoAmministrativoInformatico" || got.ID != "" || got.Number != "" || got.Signed != "false" {
		t.Errorf("%+v", got)
	}
	if got.Body != "Comune di Roccaverde" || got.IPA != "c_x123" || len(got.First) != 1 || got.First[0] != "Anna" || got.Last[0] != "Rolando" || got.Kind != d.Title || got.Name != "verbale.docx" || got.Version != "1.2" || got.Note != "bozza" || got.Subject == "" || !strings.Contains(got.Format, "wordprocessingml") {
		t.Errorf("%+v", got)
	}
}

// order is what the schema of the allegato wants, as programs of administrations have it in what they generate from it.
var order = strings.Fields(`IdDoc ModalitaDiFormazione TipologiaDocumentale DatiDiRegistrazione Soggetti ChiaveDescrittiva Allegati Classificazione Riservato
	IdentificativoDelFormato Verifica Agg IdIdentificativoDocumentoPrimario NomeDelDocumento VersioneDelDocumento TracciatureModificheDocumento TempoDiConservazione Note`)

// What is obligatory is there, in its order; a name of three words stays whole.
func TestSidecarOrder(t *testing.T) {
	d := drafts(t, "determina-impegno")["determina-impegno"]
	d.Facts["responsabile"] = map[string]any{"nome": "dott.ssa Anna Maria De Luca"}
	delete(d.Facts, "responsabile.nome")
	m, err := Describe(d, "atto.docx", []byte("x"))
	if err != nil {
		t.Fatal(err)
	}
	file := string(Sidecar(d, m, Look{}))
	var names []string
	for line := range strings.Lines(file) {
		if name, ok := strings.CutPrefix(line, "  <"); ok && name[0] != '/' {
			names = append(names, name[:strings.IndexByte(name, '>')])
		}
	}
	at := -1
	for _, n := range names {
		i := slices.Index(order, n)
		if i <= at {
			t.Errorf("%s does not come after %s", n, order[max(at, 0)])
		}
		at = i
	}
	for _, n := range order {
		optional := n == "IdIdentificativoDocumentoPrimario" || n == "TracciatureModificheDocumento" || n == "TempoDiConservazione"
		if !optional && !slices.Contains(names, n) {
			t.Errorf("%s is missing", n)
		}
	}
	if !strings.Contains(file, "<Cognome>Anna Maria De Luca</Cognome>") || !strings.Contains(file, "nome e cognome da separare") {
		t.Error(file)
	}
}
