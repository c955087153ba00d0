// Package backuptest makes keys of age for tests.
package backuptest

import (
	"testing"

	"filippo.io/age"
)

// Keys makes a pair: what backups are encrypted for, and what opens them.
func Keys(t testing.TB) (public, private string) {
	t.Helper()
	id, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	return id.Recipient().String(), id.String()
}
