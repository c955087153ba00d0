package reference

import (
	"context"
	"strconv"
	"strings"

	"sportello/assistant/lexicon"
)

// Status says what is known of a reference.
type Status string

// The statuses. Only Known says that the part was seen in a text that is held.
const (
	Known      Status = "known"      // the act is held, in force, and has that part
	ActOnly    Status = "act_known"  // the act is in the table of norms, its text is not held: the part was not checked
	Repealed   Status = "repealed"   // the act is no longer in force
	NoPart     Status = "no_part"    // the act is held, or its last article is known, and there is no such part
	Unknown    Status = "unknown"    // neither held nor in the table: somebody has to verify it
	Internal   Status = "internal"   // a part of the text itself ("del presente regolamento"), or without an act
	Incomplete Status = "incomplete" // an act without number or date
)

// Holding is a text that is held: a norm in Akoma Ntoso, a regulation of the comune, one of its acts.
type Holding struct {
	ID       string
	Title    string
	Source   string
	InForce  bool
	Reason   string              // why it is not in force
	By       string              // title of what took its place
	Articles map[string][]string // commi by article ("" of one that has none); nil when the text has no articles
}

// Library finds what a reference means among what is held. It gives nil when nothing held is meant.
type Library interface {
	Find(ctx context.Context, c lexicon.Citation) (*Holding, error)
}

// Checked is a citation with what is known of it.
type Checked struct {
	lexicon.Citation
	Status  Status
	Why     string   // one sentence in Italian for the clerk, empty when Known
	Norm    *Norm    // from the table, nil when it is not there
	Holding *Holding // nil when it is not held
	URN     string
	Link    string
	Style   string // as it is written in full
}

// Check recognises and checks all references of a text, in order. day (ISO 8601) is the day for which they have to hold. library may be nil.
func Check(ctx context.Context, text, day string, norms *Norms, library Library) ([]Checked, error) {
	var out []Checked
	for _, c := range lexicon.Citations(text) {
		k := Checked{Citation: c, Norm: norms.Find(c.Reference), URN: URN(c.Reference, norms), Link: Link(c.Reference, norms, day), Style: Cite(c.Reference, true, norms)}
		if c.Name != "" && c.Number == "" {
			k.Style = strings.TrimSpace(Part(c.Reference) + " " + c.Name)
		}
		if library != nil && c.Act != "" && !c.Own {
			h, err := library.Find(ctx, c)
			if err != nil {
				return nil, err
			}
			k.Holding = h
		}
		k.Status, k.Why = judge(&k, day)
		out = append(out, k)
	}
	return out, nil
}

func judge(k *Checked, day string) (Status, string) {
	if k.Own || k.Act == "" {
		return Internal, ""
	}
	if n := k.Norm; n != nil && n.Repealed != "" && (day == "" || day >= n.Repealed) {
		why := "abrogato dal " + Day(n.Repealed) + "; ora " + n.By
		if n.RepealNote != "" {
			why += " (" + n.RepealNote + ")"
		}
		return Repealed, why
	}
	if k.Norm != nil && k.Date != "" && k.Date != k.Norm.Date {
		return NoPart, "la data non è quella dell'atto: " + Act(lexicon.Reference{Act: k.Norm.Act, Number: k.Norm.Number, Year: k.Norm.Year(), Date: k.Norm.Date}, true, nil)
	}
	if h := k.Holding; h != nil {
		if !h.InForce {
			return Repealed, strings.TrimSuffix("non è più in vigore: "+notEmpty(h.Title, h.Source)+reason(h), ": ")
		}
		if h.Articles != nil && k.Article != "" {
			return part(k, h)
		}
		return Known, ""
	}
	switch {
	case k.Norm != nil && k.Norm.Last > 0 && lead(k.Article) > k.Norm.Last:
		return NoPart, "l'ultimo articolo è il " + strconv.Itoa(k.Norm.Last)
	case k.Norm != nil && k.Article == "":
		return Known, ""
	case k.Norm != nil:
		return ActOnly, "il testo non è fra i documenti caricati: l'articolo non è stato controllato"
	case codes[k.Act] != "":
		return ActOnly, "il testo non è fra i documenti caricati: l'articolo non è stato controllato"
	case k.Number == "" && k.Date == "" && k.Name == "":
		return Incomplete, "mancano numero e data dell'atto"
	}
	return Unknown, "da verificare: l'atto non è fra i documenti caricati"
}

// part looks for the article and comma of a reference in a text that is held.
func part(k *Checked, h *Holding) (Status, string) {
	article := k.Article
	if article == "unico" {
		article = "1"
	}
	commi, ok := h.Articles[article]
	if !ok {
		return NoPart, "l'art. " + k.Article + " non c'è nel testo in vigore di " + notEmpty(h.Title, h.Source)
	}
	if k.Comma == "" || len(commi) == 0 {
		return Known, ""
	}
	for _, c := range commi {
		if c == k.Comma {
			return Known, ""
		}
	}
	if lead(k.Comma) == 1 && commi[0] == "" {
		return Known, ""
	}
	return NoPart, "l'art. " + k.Article + " non ha il comma " + k.Comma + " nel testo in vigore di " + notEmpty(h.Title, h.Source)
}

func reason(h *Holding) string {
	switch {
	case h.By != "":
		return ": sostituito da " + h.By
	case h.Reason != "":
		return ": " + h.Reason
	}
	return ""
}

func notEmpty(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// lead gives the number of "12-bis", 0 of what is none.
func lead(s string) int {
	head, _, _ := strings.Cut(s, "-")
	n, err := strconv.Atoi(head)
	if err != nil {
		return 0
	}
	return n
}
