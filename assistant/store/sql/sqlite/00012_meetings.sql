-- Sessions of a Giunta or a Consiglio, as the segretario enters them, with what was said. The store does not read them.

-- +goose Up
CREATE TABLE meetings (
  id         TEXT PRIMARY KEY,
  tenant     TEXT NOT NULL REFERENCES tenants(slug),
  organ      TEXT NOT NULL,
  day        TEXT NOT NULL,
  revision   INTEGER NOT NULL,
  body       TEXT NOT NULL,               -- JSON of the session
  transcript TEXT NOT NULL,               -- JSON, empty: none
  parts      TEXT NOT NULL,               -- JSON of what a person or a model wrote of the discussion, empty: nothing
  added_at   TEXT NOT NULL,
  changed_at TEXT NOT NULL,
  changed_by TEXT NOT NULL
);
CREATE INDEX meetings_tenant ON meetings(tenant, day);

-- What a session was before each of its last changes.
CREATE TABLE meeting_saves (
  meeting  TEXT NOT NULL REFERENCES meetings(id) ON DELETE CASCADE,
  revision INTEGER NOT NULL,
  at       TEXT NOT NULL,
  author   TEXT NOT NULL,
  body     TEXT NOT NULL,
  PRIMARY KEY (meeting, revision)
);

-- +goose Down
DROP TABLE meeting_saves;
DROP TABLE meetings;
