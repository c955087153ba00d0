package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"time"

	"sportello/assistant/fault"
)

// PutPicture keeps a picture and gives its name, which is what it is: the same bytes have the same. The setting that shows it holds the
// name, so that pictures inherit and are undone as settings are.
func (s *Store) PutPicture(ctx context.Context, bytes []byte) (string, error) {
	sum := sha256.Sum256(bytes)
	name := hex.EncodeToString(sum[:])
	return name, s.write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, s.sql["picture_put"], name, bytes, s.stamp())
		return err
	})
}

// Picture gives the bytes of a picture, or fault.NotFound.
func (s *Store) Picture(ctx context.Context, name string) (bytes []byte, err error) {
	err = s.reader.QueryRowContext(ctx, s.sql["picture_get"], name).Scan(&bytes)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fault.New(fault.NotFound, "there is no picture %s", name)
	}
	return bytes, s.fail(err)
}

// pictureGrace is how long a picture may lie between being kept and being set.
const pictureGrace = 24 * time.Hour

// prunePictures forgets those that no setting shows and none can come back to by undoing.
func (s *Store) prunePictures(ctx context.Context, tx *sql.Tx) error {
	_, err := tx.ExecContext(ctx, s.sql["picture_prune"], s.now().UTC().Add(-pictureGrace).Format(time.RFC3339Nano))
	return err
}
