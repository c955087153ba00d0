-- What one process tells the next, and the conversation of a citizen with a person of an office.

-- +goose Up
CREATE TABLE remembered (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
);

-- A hand-over whose citizen asked to write with somebody at once. Times are unix milliseconds.
CREATE TABLE chats (
  handover   TEXT PRIMARY KEY REFERENCES handovers(id),
  state      TEXT NOT NULL,                -- asked | joined | ended
  asked_at   INTEGER NOT NULL,
  joined_by  TEXT NOT NULL,                -- for colleagues; the citizen is told the office only
  citizen_at INTEGER NOT NULL,             -- when each was last there
  clerk_at   INTEGER NOT NULL
);

CREATE TABLE messages (
  id       INTEGER PRIMARY KEY,
  handover TEXT NOT NULL REFERENCES handovers(id),
  at       INTEGER NOT NULL,
  office   INTEGER NOT NULL,               -- 1: the office's, 0: the citizen's
  sealed   BLOB NOT NULL                   -- JSON: text; under the key of the hand-over
);
CREATE INDEX messages_handover ON messages(handover, id);

-- People of the console who said that they answer citizens now; a row counts until its moment passes.
CREATE TABLE available (
  person TEXT NOT NULL,
  tenant TEXT NOT NULL REFERENCES tenants(slug),
  until  INTEGER NOT NULL,
  PRIMARY KEY (person, tenant)
);

-- +goose Down
DROP TABLE available;
DROP TABLE messages;
DROP TABLE chats;
DROP TABLE remembered;
