// Package fault holds the one error type of Sportello: a code that decides the HTTP status and the exit code, a message that
// is safe to show to anybody and says what to do, and the cause for the log. It is a leaf: it imports nothing of ours and anybody may import it.
package fault

import (
	"errors"
	"fmt"
)

// Code classifies an error. web maps it to a status, locales to a sentence for citizens.
type Code string

// The codes: as many as a caller has to tell apart, and no more.
const (
	Internal    Code = "internal"    // a defect of ours; the message shows nothing of it
	Invalid     Code = "invalid"     // the request or setting is wrong; the message says which and how to write it
	NotFound    Code = "not_found"   //
	Conflict    Code = "conflict"    // somebody else changed it first
	Unavailable Code = "unavailable" // a model, index or server that we need does not answer
	TooLarge    Code = "too_large"   // over a limit of size, pages, nesting or expansion
	Unsupported Code = "unsupported" // a format that is not read, or not here (LibreOffice missing)
	Broken      Code = "broken"      // a file that its own format's reader cannot open
	Encrypted   Code = "encrypted"   // a file that wants a password
	NoText      Code = "no_text"     // a file that opens and holds no text
	Timeout     Code = "timeout"     // over a limit of time
	Unsigned    Code = "unsigned"    // nobody is signed in, or the token is not good
	Forbidden   Code = "forbidden"   // who is signed in may not do this
)

// Error is an error with a code and a message that may be shown.
type Error struct {
	Code    Code
	Message string // English for the command line and the log; safe to show
	Err     error  // the cause; never shown to citizens
}

func (e *Error) Error() string {
	if e.Err == nil {
		return e.Message
	}
	return e.Message + ": " + e.Err.Error()
}

func (e *Error) Unwrap() error { return e.Err }

// New makes an error with a message built as by fmt.Sprintf.
func New(code Code, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...)}
}

// Wrap makes an error around a cause.
func Wrap(code Code, cause error, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...), Err: cause}
}

// CodeOf gives the code of the outermost *Error in err's chain, Internal when there is none and "" for nil.
func CodeOf(err error) Code {
	if err == nil {
		return ""
	}
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return Internal
}

// MessageOf gives the message that may be shown for err.
func MessageOf(err error) string {
	var e *Error
	if errors.As(err, &e) {
		return e.Message
	}
	return "internal error"
}
