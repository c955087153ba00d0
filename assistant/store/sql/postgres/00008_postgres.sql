-- What only PostgreSQL has: on SQLite bytes and keys are files of the data folder, and instr is built in.

-- +goose Up

-- Bytes that every node has to reach, in pieces: originals and uploads that wait. The name is that of the file it would be.
CREATE TABLE blobs (
  name     TEXT PRIMARY KEY,
  size     INTEGER NOT NULL,
  added_at TEXT NOT NULL
);
CREATE TABLE blob_pieces (
  blob    TEXT NOT NULL REFERENCES blobs(name) ON DELETE CASCADE,
  ordinal INTEGER NOT NULL,
  bytes   BLOB NOT NULL,
  PRIMARY KEY (blob, ordinal)
);
ALTER TABLE blob_pieces ALTER COLUMN bytes SET STORAGE EXTERNAL; -- most of it is compressed already

-- The keys of what is sealed, see vault.go. A row that is deleted is shredded by VACUUM FULL, which writes the table anew.
CREATE TABLE keys (
  name   TEXT PRIMARY KEY,
  secret BLOB NOT NULL
);

CREATE FUNCTION instr(text, text) RETURNS integer AS 'SELECT strpos($1, $2)' LANGUAGE sql IMMUTABLE;

-- +goose Down
DROP FUNCTION instr(text, text);
DROP TABLE keys;
DROP TABLE blob_pieces;
DROP TABLE blobs;
