package export

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"errors"
	"io/fs"
	"os"
	"time"

	"sportello/assistant/drafting"
	"sportello/assistant/fault"
)

// Manifest says how an exported file was made. It is signed by the installation, so that whoever has file and manifest can tell that neither
// was changed since. It says nothing of who has authority to adopt the act: that is the signature on the act.
type Manifest struct {
	Schema    string           `json:"schema"` // "sportello.draft/1"
	File      string           `json:"file"`   // its name
	SHA256    string           `json:"sha256"` // of the file
	Text      string           `json:"text_sha256"`
	Type      string           `json:"type"`
	Subject   string           `json:"subject"`
	Template  drafting.Version `json:"template"`
	Facts     string           `json:"facts_sha256"`
	Origins   map[string]int   `json:"origins"`           // characters by where they come from
	Sources   []string         `json:"sources,omitempty"` // passages, models and persons that pieces name
	Models    []Model          `json:"models,omitempty"`
	Norms     []string         `json:"norms"` // as cited, with what is known of each
	Final     bool             `json:"final"`
	Open      int              `json:"open"`     // what is left to verify
	Findings  []string         `json:"findings"` // "blocca codice", "avvisa codice"
	Override  string           `json:"override,omitempty"`
	State     drafting.State   `json:"state"`
	By        string           `json:"by,omitempty"` // who exported it
	At        time.Time        `json:"at"`
	Tool      string           `json:"tool"` // program and version
	PublicKey string           `json:"public_key"`
	Signature string           `json:"signature,omitempty"` // ed25519 over the JSON without this field, base64
}

// Model is a language model that phrased a piece, with the prompt it was given.
type Model struct {
	Name   string `json:"name"`
	SHA256 string `json:"sha256"`
	Prompt string `json:"prompt"` // id and version
}

const schema = "sportello.draft/1"

// Describe fills in what a draft and its file say by themselves. The caller adds norms, findings, who and when.
func Describe(d *drafting.Draft, name string, file []byte) (*Manifest, error) {
	facts, err := json.Marshal(d.Facts)
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "the facts of the draft cannot be written as JSON")
	}
	m := &Manifest{
		Schema: schema, File: name, SHA256: sum(file), Text: sum([]byte(d.Text())), Type: d.Type, Subject: subject(d), Template: d.Template, Facts: sum(facts),
		Origins: map[string]int{}, Open: len(d.Open()), State: d.State, Norms: []string{}, Findings: []string{},
	}
	seen := map[string]bool{}
	for _, part := range d.Parts {
		for _, p := range part.Paragraphs {
			for _, x := range p.Pieces {
				m.Origins[string(x.Origin)] += len([]rune(x.Text))
				if x.Source != "" && x.Origin != drafting.FromField && x.Origin != drafting.FromTemplate && !seen[x.Source] {
					seen[x.Source] = true
					m.Sources = append(m.Sources, x.Source)
				}
			}
		}
	}
	return m, nil
}

func sum(data []byte) string {
	s := sha256.Sum256(data)
	return hex.EncodeToString(s[:])
}

// payload is what is signed.
func (m Manifest) payload() ([]byte, error) {
	m.Signature = ""
	return json.Marshal(m)
}

// Sign puts the key's signature on the manifest.
func (m *Manifest) Sign(key ed25519.PrivateKey) error {
	public, ok := key.Public().(ed25519.PublicKey)
	if !ok {
		return fault.New(fault.Internal, "the key is none of ed25519")
	}
	m.PublicKey = base64.StdEncoding.EncodeToString(public)
	data, err := m.payload()
	if err != nil {
		return fault.Wrap(fault.Internal, err, "manifest")
	}
	m.Signature = base64.StdEncoding.EncodeToString(ed25519.Sign(key, data))
	return nil
}

// Verdict says what became of a file and its manifest.
type Verdict struct {
	Signed bool   `json:"signed"` // the manifest is as it was signed
	Same   bool   `json:"same"`   // the file is the one it was made for
	Ours   bool   `json:"ours"`   // the key is that of this installation
	Why    string `json:"why,omitempty"`
}

// Good says whether everything is in order.
func (v Verdict) Good() bool { return v.Signed && v.Same && v.Ours }

// Check verifies a manifest and its file. own is the key of this installation; with nil the manifest's own key is taken, and Ours stays false.
func Check(manifest, file []byte, own ed25519.PublicKey) (Verdict, *Manifest, error) {
	return CheckSum(manifest, sum(file), own)
}

// CheckSum is Check for a file of which only the SHA-256 is there, in hexadecimal digits.
func CheckSum(manifest []byte, fileSum string, own ed25519.PublicKey) (Verdict, *Manifest, error) {
	var m Manifest
	if err := json.Unmarshal(manifest, &m); err != nil {
		return Verdict{}, nil, fault.Wrap(fault.Invalid, err, "the manifest is no JSON of ours")
	}
	if m.Schema != schema {
		return Verdict{}, nil, fault.New(fault.Unsupported, "the manifest is of %q: this version reads %s", m.Schema, schema)
	}
	key, err1 := base64.StdEncoding.DecodeString(m.PublicKey)
	signature, err2 := base64.StdEncoding.DecodeString(m.Signature)
	data, err3 := m.payload()
	if readable := err1 == nil && err2 == nil && err3 == nil && len(key) == ed25519.PublicKeySize; !readable {
		return Verdict{Why: "la firma del manifesto non si legge"}, &m, nil
	}
	v := Verdict{Signed: ed25519.Verify(key, data, signature), Same: fileSum == m.SHA256, Ours: own != nil && own.Equal(ed25519.PublicKey(key))}
	switch {
	case !v.Signed:
		v.Why = "il manifesto è stato cambiato dopo la firma"
	case !v.Same:
		v.Why = "il file non è quello per cui il manifesto è stato fatto"
	case !v.Ours:
		v.Why = "la firma è di un'altra installazione"
	}
	return v, &m, nil
}

const pemType = "PRIVATE KEY ED25519 SPORTELLO"

// Key reads the key of an installation, or makes it the first time. The file is for the owner alone.
func Key(name string) (ed25519.PrivateKey, error) {
	data, err := os.ReadFile(name)
	if err == nil {
		block, _ := pem.Decode(data)
		if block == nil || block.Type != pemType || len(block.Bytes) != ed25519.SeedSize {
			return nil, fault.New(fault.Broken, "%s is not a key of ours: move it away, and a new one is made; what the old one signed is then of another installation", name)
		}
		return ed25519.NewKeyFromSeed(block.Bytes), nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return nil, fault.Wrap(fault.Internal, err, "the key of the installation")
	}
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, fault.Wrap(fault.Internal, err, "a new key")
	}
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, fault.Wrap(fault.Internal, err, "the key of the installation cannot be kept")
	}
	err = pem.Encode(f, &pem.Block{Type: pemType, Bytes: key.Seed()})
	if err = errors.Join(err, f.Close()); err != nil {
		return nil, fault.Wrap(fault.Internal, err, "the key of the installation cannot be kept")
	}
	return key, nil
}
