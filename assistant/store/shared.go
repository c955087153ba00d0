package store

import (
	"errors"
	"io/fs"
	"time"
)

// conversationKey begins the names of the keys that conversations are sealed with.
const conversationKey = "c."

// ConversationKey gives what all nodes on a database seal conversations of a day with, so that each can go on with what another began. nil
// where there is one node: its key is in its memory.
func (s *Store) ConversationKey() func(day string) ([]byte, error) {
	if s.dialect != postgresDialect {
		return nil
	}
	return s.conversationKey
}

func (s *Store) conversationKey(day string) ([]byte, error) {
	key, err := s.keyring.read(conversationKey + day)
	if !errors.Is(err, fs.ErrNotExist) {
		return key, s.fail(err)
	}
	if err := s.keyring.make(conversationKey + day); err != nil {
		return nil, s.fail(err)
	}
	if err := s.forgetConversations(day); err != nil {
		return nil, s.fail(err)
	}
	key, err = s.keyring.read(conversationKey + day)
	return key, s.fail(err)
}

// forgetConversations shreds the keys of two days before and earlier: what they sealed is over.
func (s *Store) forgetConversations(day string) error {
	today, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return err
	}
	first := conversationKey + today.AddDate(0, 0, -1).Format(time.DateOnly)
	names, err := s.keys(conversationKey)
	for _, name := range names {
		if name < first {
			err = errors.Join(err, s.shred(name))
		}
	}
	return err
}
