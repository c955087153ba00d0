package staff

import (
	"context"
	"math"
	"net/mail"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Setting is a key that a tenant can set on the page of settings and that inherits along the tree. It is there only when something
// reads it: a part names those that it reads, and reads them with store.Setting.
type Setting struct {
	Key     string // "page.languages": messages setting_page_languages and setting_page_languages_help
	Group   string // "page": message setting_group_page
	Kind    SettingKind
	Default string                                              // what holds when nobody set it
	Choices []string                                            // of Choice and Several; words for them are setting_page_languages_CHOICE, else the choice itself
	Min     int                                                 // of Number
	Max     int                                                 // of Number; of texts: characters, default 2000
	Now     func(ctx context.Context, v *Visit) (string, error) // a line on how things stand, below the help; may be nil
	Check   func(string) string                                 // key of a message that says what is wrong, empty when nothing is; nil: all is well
}

// SettingKind is how a setting is written.
type SettingKind string

// The kinds.
const (
	Text    SettingKind = "text"    // one line
	Lines   SettingKind = "lines"   // one value a line
	Long    SettingKind = "long"    // a text of some lines
	Number  SettingKind = "number"  // whole
	Choice  SettingKind = "choice"  // one of Choices
	Several SettingKind = "several" // some of Choices, separated by spaces; at least one
	Switch  SettingKind = "switch"  // "1" or "0"
	Colour  SettingKind = "colour"  // #0059b3, dark enough for white letters on it
	Link    SettingKind = "link"    // https address, or empty
	Email   SettingKind = "email"   // one address, or empty
	Phone   SettingKind = "tel"     // a number as people write it, or empty
	Picture SettingKind = "picture" // name of a store.Picture, which settings/{key}/picture puts there; empty: none
	Origins SettingKind = "origins" // web sites one a line, as browsers call them: https://www.comune.example.it
	Hosts   SettingKind = "hosts"   // names of servers one a line, in the form of outbound.Config.Allow without addresses
)

// Name gives the key as messages have it.
func (s Setting) Name() string { return strings.ReplaceAll(s.Key, ".", "_") }

// Clean gives the value as it is stored. problem is the key of a message that says what is wrong with it, empty when nothing is.
func (s Setting) Clean(value string) (clean, problem string) {
	value = strings.TrimSpace(strings.ReplaceAll(value, "\r\n", "\n"))
	limit := s.Max
	if limit == 0 || s.Kind == Number {
		limit = 2000
	}
	if utf8.RuneCountInString(value) > limit {
		return value, "setting_problem_long"
	}
	switch s.Kind {
	case Number:
		n, err := strconv.Atoi(value)
		if err != nil || n < s.Min || n > s.Max {
			return value, "setting_problem_number"
		}
		value = strconv.Itoa(n)
	case Choice:
		if !slices.Contains(s.Choices, value) {
			return value, "setting_problem_choice"
		}
	case Several:
		given := strings.Fields(value)
		var kept []string
		for _, c := range s.Choices {
			if slices.Contains(given, c) {
				kept = append(kept, c)
			}
		}
		if len(kept) == 0 {
			return value, "setting_problem_several"
		}
		value = strings.Join(kept, " ")
	case Switch:
		if value != "1" {
			value = "0"
		}
	case Colour:
		value = strings.ToLower(value)
		if contrastWithWhite(value) < 4.5 {
			return value, "setting_problem_colour"
		}
	case Link:
		u, err := url.Parse(value)
		if value != "" && (err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil) {
			return value, "setting_problem_link"
		}
	case Picture:
		if value != "" && !pictureName.MatchString(value) {
			return value, "setting_problem_picture"
		}
	case Email:
		a, err := mail.ParseAddress(value)
		if value != "" && (err != nil || a.Address != value || !strings.Contains(value[strings.LastIndexByte(value, '@'):], ".")) {
			return value, "setting_problem_email"
		}
	case Phone:
		value = strings.Join(strings.Fields(value), " ")
		if value != "" && !phoneForm.MatchString(value) {
			return value, "setting_problem_phone"
		}
	case Origins, Hosts:
		return cleanSites(s.Kind, value)
	case Text:
		value = strings.Join(strings.Fields(value), " ")
	case Lines:
		var kept []string
		for line := range strings.Lines(value) {
			if line = strings.TrimSpace(line); line != "" && !slices.Contains(kept, line) {
				kept = append(kept, line)
			}
		}
		value = strings.Join(kept, "\n")
	}
	if s.Check != nil {
		return value, s.Check(value)
	}
	return value, ""
}

var pictureName = regexp.MustCompile(`^[0-9a-f]{64}$`)

// phoneForm is a number as people write it: digits, with a plus before them and spaces, dots, hyphens, slashes and brackets among them.
var phoneForm = regexp.MustCompile(`^\+?[0-9(][0-9 ()./-]{2,28}[0-9]$`)

// contrastWithWhite gives the contrast of WCAG 2 between "#rrggbb" and white, 0 for what is no colour.
func contrastWithWhite(colour string) float64 {
	if len(colour) != 7 || colour[0] != '#' {
		return 0
	}
	n, err := strconv.ParseUint(colour[1:], 16, 32)
	if err != nil {
		return 0
	}
	light := 0.0
	for i, weight := range []float64{.2126, .7152, .0722} {
		x := float64(n>>(16-8*i)&0xff) / 255
		if x <= .04045 {
			x /= 12.92
		} else {
			x = math.Pow((x+.055)/1.055, 2.4)
		}
		light += weight * x
	}
	return 1.05 / (light + .05)
}
