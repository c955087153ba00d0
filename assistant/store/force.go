package store

// Force says whether a document's rules hold on a day, and if not, why.
type Force string

// What a document may be on a day.
const (
	InForce    Force = "in_force"
	NotYet     Force = "not_yet"    // its validity begins later
	Expired    Force = "expired"    // its validity has ended
	Superseded Force = "superseded" // another document took its place
	Annulled   Force = "repealed"   // a person said that it is no longer in force
	Aside      Force = "retired"    // its file vanished, or its upload was undone
)

// Forces are all of them, in the order of a list.
var Forces = []Force{InForce, NotYet, Expired, Superseded, Annulled, Aside}

// ForceOn gives what the document is on a day (ISO 8601).
func (r *Record) ForceOn(day string) Force {
	switch {
	case r.State == Retired:
		return Aside
	case r.State == Repealed && r.SupersededBy != "":
		return Superseded
	case r.State == Repealed:
		return Annulled
	case r.ValidFrom != "" && r.ValidFrom > day:
		return NotYet
	case r.ValidTo != "" && r.ValidTo < day:
		return Expired
	}
	return InForce
}
