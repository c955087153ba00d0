-- What a visit to a watched address did can be undone, and stays undone.

-- +goose Up
-- What a document was before the visit that is under way took it in: written first, so that a killed process loses nothing.
CREATE TABLE address_taken (
  address  TEXT NOT NULL,
  document TEXT NOT NULL,
  was      TEXT NOT NULL,                  -- JSON, as in journal_items
  PRIMARY KEY (address, document)
);

-- What somebody took back from a visit: the same page is not taken in again, another one is.
CREATE TABLE declined (
  document    TEXT NOT NULL,
  fingerprint TEXT NOT NULL,               -- versions.fingerprint
  PRIMARY KEY (document, fingerprint)
);

-- +goose Down
DROP TABLE declined;
DROP TABLE address_taken;
