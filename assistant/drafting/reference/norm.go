package reference

import (
	_ "embed"
	"strings"

	"github.com/pelletier/go-toml/v2"

	"sportello/assistant/fault"
	"sportello/assistant/lexicon"
)

// Norm is a law or code that comuni cite often.
type Norm struct {
	Act        string `toml:"act"` // as lexicon.Reference.Act: "dlgs", "l", "dpr", "dl", "rd"
	Number     string `toml:"number"`
	Date       string `toml:"date"`        // ISO 8601
	Title      string `toml:"title"`       // what it is called in an act: "Testo unico delle leggi sull'ordinamento degli enti locali"
	Repealed   string `toml:"repealed"`    // ISO 8601, the first day it is no longer in force; empty: in force
	By         string `toml:"by"`          // what took its place, as it is cited
	RepealNote string `toml:"repeal_note"` // what has to be known about the repeal
	Last       int    `toml:"last"`        // the number of its last article, 0: not known here
}

// Year gives the year of the norm.
func (n Norm) Year() string { return n.Date[:4] }

// Norms is the table of norms.toml.
type Norms struct {
	list []Norm
	by   map[string]*Norm
}

//go:embed norms.toml
var normsFile string

// LoadNorms reads the table. An error is a defect of the file and says where.
func LoadNorms() (*Norms, error) {
	var file struct {
		Norm []Norm `toml:"norm"`
	}
	if err := toml.Unmarshal([]byte(normsFile), &file); err != nil {
		return nil, fault.Wrap(fault.Internal, err, "norms.toml")
	}
	n := &Norms{list: file.Norm, by: map[string]*Norm{}}
	for i := range n.list {
		x := &n.list[i]
		if len(x.Date) != 10 || x.Act == "" || x.Number == "" {
			return nil, fault.New(fault.Internal, "norms.toml: %s %s has no act, number or date", x.Act, x.Number)
		}
		n.by[key(x.Act, x.Number, x.Year())] = x
	}
	return n, nil
}

func key(act, number, year string) string {
	return act + " " + strings.TrimLeft(number, "0") + "/" + year
}

// Find gives the norm that a reference means; nil when the table has not got it.
func (n *Norms) Find(r lexicon.Reference) *Norm {
	return n.by[key(r.Act, r.Number, r.Year)]
}

// All gives the whole table, in the order of the file.
func (n *Norms) All() []Norm { return n.list }
