package staff

// Setting is a key that a tenant can set on the page of settings and that inherits along the tree. It is there only when something
// reads it: a part names those that it reads.
type Setting struct {
	Key     string // "page.languages"; messages setting_KEY and setting_KEY_help, with _ for the dot
	Group   string // key of the message of its group
	Kind    SettingKind
	Default string              // what holds when nobody set it
	Choices []string            // of Choice and Several; words for them are setting_KEY_CHOICE
	Min     int                 // of Number
	Max     int                 // of Number; of texts: characters
	Check   func(string) string // key of a message that says what is wrong, empty when nothing is; nil: all is well
}

// SettingKind is how a setting is written.
type SettingKind string

// The kinds.
const (
	Text    SettingKind = "text"    // one line
	Lines   SettingKind = "lines"   // one value a line
	Long    SettingKind = "long"    // a text of some lines
	Number  SettingKind = "number"  //
	Choice  SettingKind = "choice"  // one of Choices
	Several SettingKind = "several" // some of Choices, separated by spaces
	Switch  SettingKind = "switch"  // "1" or "0"
	Colour  SettingKind = "colour"  // #0059b3
)
