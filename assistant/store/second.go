package store

import (
	"context"
	"database/sql"
	"encoding/base64"
	"errors"
	"strings"
)

// secondKey is the key that the secrets of second factors lie sealed under. A backup leaves it out, as all keys: after restoring one people come in with
// a code of recovery, or an administrator takes the second factor off.
const secondKey = "second"

// sealedSecond marks a secret that is sealed; those of earlier versions lie plain until they are first used.
const sealedSecond = "sealed:"

// lostSecond stands for a secret that cannot be read any more. It is no base32: no code fits it, and the second factor is asked for all the same.
const lostSecond = "!lost"

func (s *Store) sealSecond(person, secret string) (string, error) {
	if secret == "" || secret == lostSecond {
		return secret, nil
	}
	sealed, err := s.seal(secondKey, person, secret)
	return sealedSecond + base64.StdEncoding.EncodeToString(sealed), err
}

func (s *Store) unsealSecond(person, kept string) (string, error) {
	text, ok := strings.CutPrefix(kept, sealedSecond)
	if !ok {
		return kept, nil
	}
	sealed, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return lostSecond, nil //nolint:nilerr // asked for all the same, see lostSecond
	}
	var secret string
	err = s.unseal(secondKey, person, sealed, &secret)
	if errors.Is(err, errGone) {
		return lostSecond, nil
	}
	return secret, err
}

// resealSecond seals the secret of an earlier version.
func (s *Store) resealSecond(ctx context.Context, tx *sql.Tx, person string) error {
	var kept string
	if err := tx.QueryRowContext(ctx, s.sql["person_second"], person).Scan(&kept); err != nil || kept == "" || kept == lostSecond || strings.HasPrefix(kept, sealedSecond) {
		return err
	}
	sealed, err := s.sealSecond(person, kept)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, s.sql["person_second_put"], person, sealed)
	return err
}
