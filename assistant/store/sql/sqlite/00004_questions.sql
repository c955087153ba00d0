-- What citizens ask, and what offices do about it. What citizens wrote lies in columns called sealed: AES-256-GCM under a key that is
-- a file of the folder keys/, one a tenant and day, one a hand-over. Retention removes rows and keys. Counts hold no content and stay.

-- +goose Up
CREATE TABLE questions (
  id         TEXT PRIMARY KEY,             -- 128 random bits
  tenant     TEXT NOT NULL REFERENCES tenants(slug),
  day        TEXT NOT NULL,                -- ISO 8601, of the server's clock
  hour       INTEGER NOT NULL,
  language   TEXT NOT NULL,
  subject    TEXT NOT NULL,                -- one of the offices' subjects, or empty
  office     TEXT NOT NULL,                -- that the answer named first
  status     TEXT NOT NULL,
  reason     TEXT NOT NULL,
  confidence REAL NOT NULL,
  approved   TEXT NOT NULL,                -- approved.id that was given, or empty
  assigned   TEXT NOT NULL,
  done       INTEGER NOT NULL,
  sealed     BLOB NOT NULL                 -- JSON: question, statements, passages
);
CREATE INDEX questions_day ON questions(tenant, day);

CREATE TABLE question_counts (
  tenant   TEXT NOT NULL REFERENCES tenants(slug),
  day      TEXT NOT NULL,
  language TEXT NOT NULL,
  subject  TEXT NOT NULL,
  office   TEXT NOT NULL,
  status   TEXT NOT NULL,
  reason   TEXT NOT NULL,
  weak     INTEGER NOT NULL,
  approved INTEGER NOT NULL,
  n        INTEGER NOT NULL,
  PRIMARY KEY (tenant, day, language, subject, office, status, reason, weak, approved)
);

CREATE TABLE feedback (
  id       INTEGER PRIMARY KEY,
  tenant   TEXT NOT NULL REFERENCES tenants(slug),
  question TEXT NOT NULL,                  -- questions.id, which may be gone or never have been; empty: of the page
  day      TEXT NOT NULL,
  useful   INTEGER NOT NULL,
  rate     INTEGER NOT NULL,
  reason   TEXT NOT NULL,
  sealed   BLOB NOT NULL                   -- JSON: text
);
CREATE INDEX feedback_question ON feedback(tenant, question);
CREATE INDEX feedback_day ON feedback(tenant, day);

CREATE TABLE feedback_counts (
  tenant TEXT NOT NULL REFERENCES tenants(slug),
  day    TEXT NOT NULL,
  kind   TEXT NOT NULL,                    -- useful | rate | reason
  value  TEXT NOT NULL,
  n      INTEGER NOT NULL,
  PRIMARY KEY (tenant, day, kind, value)
);

CREATE TABLE approved (
  id         TEXT PRIMARY KEY,
  tenant     TEXT NOT NULL REFERENCES tenants(slug),
  language   TEXT NOT NULL,
  question   TEXT NOT NULL,
  wordings   TEXT NOT NULL,                -- JSON list
  body       TEXT NOT NULL,
  sources    TEXT NOT NULL,                -- JSON list of citations
  office     TEXT NOT NULL,
  author     TEXT NOT NULL,
  approved   TEXT NOT NULL,                -- ISO 8601 day
  expires    TEXT NOT NULL,                -- the last day on which it is given, or empty
  withdrawn  INTEGER NOT NULL,
  served     INTEGER NOT NULL,
  updated_at TEXT NOT NULL
);
CREATE INDEX approved_tenant ON approved(tenant);

CREATE TABLE handovers (
  id          TEXT PRIMARY KEY,
  tenant      TEXT NOT NULL REFERENCES tenants(slug),
  token       TEXT NOT NULL UNIQUE,        -- sha256 of the private link's token, hex
  office      TEXT NOT NULL,
  language    TEXT NOT NULL,
  asked       TEXT NOT NULL,               -- questions.id or empty
  state       TEXT NOT NULL,               -- open | answered | closed
  with_email  INTEGER NOT NULL,
  added_at    TEXT NOT NULL,
  answered_at TEXT NOT NULL,
  answered_by TEXT NOT NULL,
  sealed      BLOB NOT NULL                -- JSON: text, reply, e-mail, token
);
CREATE INDEX handovers_tenant ON handovers(tenant, state);

CREATE TABLE mails (
  id       INTEGER PRIMARY KEY,
  tenant   TEXT NOT NULL REFERENCES tenants(slug),
  handover TEXT NOT NULL REFERENCES handovers(id),
  receiver TEXT NOT NULL,                  -- office | citizen
  state    TEXT NOT NULL,                  -- queued | sent | failed
  tries    INTEGER NOT NULL,
  next_at  INTEGER NOT NULL,               -- unix milliseconds from which somebody may try
  error    TEXT NOT NULL
);
CREATE INDEX mails_next ON mails(state, next_at);
CREATE INDEX mails_handover ON mails(handover);

CREATE TABLE closures (
  tenant    TEXT NOT NULL REFERENCES tenants(slug),
  subject   TEXT NOT NULL,                 -- empty: the whole assistant
  notice    TEXT NOT NULL,
  closed_by TEXT NOT NULL,
  closed_at TEXT NOT NULL,
  PRIMARY KEY (tenant, subject)
);
INSERT INTO counters (name, value) VALUES ('closures', 0);
INSERT INTO counters (name, value) VALUES ('approved', 0);

-- +goose Down
DELETE FROM counters WHERE name IN ('closures', 'approved');
DROP TABLE closures;
DROP TABLE mails;
DROP TABLE handovers;
DROP TABLE approved;
DROP TABLE feedback_counts;
DROP TABLE feedback;
DROP TABLE question_counts;
DROP TABLE questions;
