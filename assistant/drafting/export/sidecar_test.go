package export

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/xml"
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
		Number  string   `xml:"DatiDiRegistrazione>NumeroRegistrazione"`
		Body    string   `xml:"Soggetti>Ruolo>AmministrazioneCheEffettuaLaRegistrazione>PAI>DenominazioneAmministrazione"`
		Authors []string `xml:"Soggetti>Ruolo>Autore>PF>Nome"`
		Subject string   `xml:"ChiaveDescrittiva>Oggetto"`
		Format  string   `xml:"IdentificativoDelFormato>Formato"`
		Version string   `xml:"IdentificativoDelFormato>ProdottoSoftware>VersioneProdotto"`
		Signed  string   `xml:"Verifica>FirmatoDigitalmente"`
		Name    string   `xml:"NomeDelDocumento"`
		Note    string   `xml:"Note"`
	}
	if err := xml.Unmarshal(Sidecar(d, m, Look{}), &got); err != nil {
		t.Fatal(err)
	}
	hash, err := base64.StdEncoding.DecodeString(got.Print)
	if err != nil || hex.EncodeToString(hash) != m.SHA256 || got.Algo != "SHA-256" {
		t.Errorf("print %q of %s", got.Print, m.SHA256)
	}
	if got.XMLName.Local != "DocumentoAmministrativoInformatico" || got.ID != "" || got.Number != "" || got.Signed != "false" {
		t.Errorf("%+v", got)
	}
	if got.Body != "Comune di Roccaverde" || len(got.Authors) != 1 || !strings.Contains(got.Authors[0], "Anna Rolando") || got.Kind != d.Title || got.Name != "verbale.docx" || got.Version != "1.2" || got.Note != "bozza" || got.Subject == "" || !strings.Contains(got.Format, "wordprocessingml") {
		t.Errorf("%+v", got)
	}
}
