// Package backups is the page of the staff console that says which backups there are, and why the last one failed. Who makes and restores them is
// cmd/sportello: no button here starts anything, because a restore wants somebody at the machine.
package backups

import (
	"context"
	"embed"
	"fmt"
	"net/http"
	"strings"
	"time"

	"sportello/assistant/access"
	"sportello/web/staff"
)

//go:embed templates/*.html
var templates embed.FS

// Backup is one that was made.
type Backup struct {
	Place string // folder or bucket
	Name  string
	At    time.Time
	Bytes int64
}

// State is what is known of the backups that the server makes by itself.
type State struct {
	Places    []string // where they are to be kept; none: the server makes none
	Hours     int      // between two
	Keep      int      // how many stay in a place
	Encrypted bool
	Mail      string // who is told of a failure
	Made      []Backup
	Why       string    // the last attempt failed; empty: it did not
	Since     time.Time // it fails
	Waiting   bool      // a message to the administrator waits for the mail server
}

// Late says whether the last backup is older than twice the time between two.
func (s State) Late(now time.Time) bool {
	return len(s.Places) > 0 && len(s.Made) > 0 && now.Sub(s.Made[0].At) > 2*time.Duration(s.Hours)*time.Hour
}

// Config is what New needs.
type Config struct {
	State func(ctx context.Context) (State, error)
}

// New gives the part. It is for who looks after the installation.
func New(c Config) staff.Part {
	return staff.Part{
		Templates: templates,
		Funcs:     map[string]any{"megabytes": megabytes},
		Menu:      []staff.MenuItem{{Label: "backups_menu", Path: "backups", Icon: "it-download", Action: access.EditTenants, Order: 94}},
		Routes: []staff.Route{staff.Page("backups", access.EditTenants, func(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
			state, err := c.State(r.Context())
			if err != nil {
				return err
			}
			return v.Render(w, "backups", v.L.T("backups_title"), body{state, state.Late(time.Now())})
		})},
	}
}

type body struct {
	State
	Late bool
}

// megabytes writes a size with a decimal comma.
func megabytes(n int64) string {
	return strings.ReplaceAll(fmt.Sprintf("%.1f MB", float64(max(n, 100_000))/1e6), ".", ",")
}
