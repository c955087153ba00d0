-- The first schema. What a column means is said once, here.
--
-- A document is known by its tenant and source and keeps its id for ever; what it says is in versions, of which
-- documents.version is the one that counts. Only that version has chunks. A text is what is indexed and embedded for a
-- chunk, kept once for all the chunks that say the same, so that terms and vectors are computed once.

-- +goose Up
CREATE TABLE tenants (
  slug     TEXT PRIMARY KEY,
  name     TEXT NOT NULL,
  kind     TEXT NOT NULL,                  -- comune | unione | provincia
  parent   TEXT REFERENCES tenants(slug),
  istat    TEXT NOT NULL,
  ipa      TEXT NOT NULL,
  hosts    TEXT NOT NULL,                  -- JSON list
  added_at TEXT NOT NULL                   -- RFC 3339, UTC, as everywhere
);

CREATE TABLE offices (
  tenant   TEXT NOT NULL REFERENCES tenants(slug),
  ordinal  INTEGER NOT NULL,
  name     TEXT NOT NULL,
  subjects TEXT NOT NULL,                  -- JSON list
  hours    TEXT NOT NULL,
  phone    TEXT NOT NULL,
  email    TEXT NOT NULL,
  address  TEXT NOT NULL,
  PRIMARY KEY (tenant, ordinal)
);

CREATE TABLE documents (
  id            TEXT PRIMARY KEY,          -- UUIDv5 of tenant and source
  tenant        TEXT NOT NULL REFERENCES tenants(slug),
  source        TEXT NOT NULL,
  state         TEXT NOT NULL,             -- live | retired | repealed
  reason        TEXT NOT NULL,             -- why it is not live
  superseded_by TEXT REFERENCES documents(id),
  shared        INTEGER,                   -- shown to the tenants below: 1, 0, or NULL for the rule of the house
  version       INTEGER NOT NULL,          -- versions.id, 0 while the row is being made
  added_at      TEXT NOT NULL,
  UNIQUE (tenant, source)
);
CREATE INDEX documents_version ON documents(version);

CREATE TABLE versions (
  id          INTEGER PRIMARY KEY,
  document    TEXT NOT NULL REFERENCES documents(id),
  number      INTEGER NOT NULL,            -- 1, 2, 3…
  sha256      TEXT NOT NULL,               -- of the original's bytes, its name under files/
  size        INTEGER NOT NULL,            -- bytes of the original, 0 when it was not kept
  fingerprint TEXT NOT NULL,               -- sha256 of the parsed content: what decides "unchanged"
  title       TEXT NOT NULL,
  kind        TEXT NOT NULL,
  format      TEXT NOT NULL,
  language    TEXT NOT NULL,
  visibility  TEXT NOT NULL,               -- public | staff
  valid_from  TEXT NOT NULL,               -- ISO 8601 day or empty
  valid_to    TEXT NOT NULL,
  year        TEXT NOT NULL,
  pages       INTEGER NOT NULL,
  chunks      INTEGER NOT NULL,
  approval    TEXT NOT NULL,               -- JSON
  form        TEXT NOT NULL,               -- JSON, empty when it is no form
  added_at    TEXT NOT NULL,
  meta        TEXT NOT NULL,               -- JSON: date, page starts, warnings
  sections    TEXT NOT NULL,               -- JSON
  body        BLOB NOT NULL,               -- the text: offsets everywhere count its bytes
  UNIQUE (document, number)
);

CREATE TABLE texts (
  id       INTEGER PRIMARY KEY,
  hash     TEXT NOT NULL UNIQUE,           -- sha256 of body
  analyzer INTEGER NOT NULL,               -- version of the analyser that made terms
  terms    BLOB NOT NULL,
  body     BLOB NOT NULL                   -- breadcrumb, lead and text of the chunk: the chunk's text is its end
);
CREATE INDEX texts_analyzer ON texts(analyzer);

CREATE TABLE chunks (
  id         TEXT NOT NULL UNIQUE,         -- UUIDv5 of tenant, source, sha256 and ordinal
  version    INTEGER NOT NULL REFERENCES versions(id),
  ordinal    INTEGER NOT NULL,
  text       INTEGER NOT NULL REFERENCES texts(id),
  section    INTEGER NOT NULL,
  article    TEXT NOT NULL,
  eid        TEXT NOT NULL,
  breadcrumb TEXT NOT NULL,
  lead       TEXT NOT NULL,
  start_at   INTEGER NOT NULL,             -- bytes of versions.body
  end_at     INTEGER NOT NULL,
  page_first INTEGER NOT NULL,
  page_last  INTEGER NOT NULL,
  PRIMARY KEY (version, ordinal)
) WITHOUT ROWID;                           -- a document's chunks lie together
CREATE INDEX chunks_text ON chunks(text);

CREATE TABLE models (
  id   INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  dims INTEGER NOT NULL                    -- 0 until the first vector
);

CREATE TABLE vectors (
  id     INTEGER PRIMARY KEY,
  model  INTEGER NOT NULL REFERENCES models(id),
  text   INTEGER NOT NULL REFERENCES texts(id),
  vector BLOB NOT NULL,                    -- float32, little endian
  UNIQUE (model, text)
);

-- Texts that wait for a vector. lease is the unix time in milliseconds until which somebody is at it.
CREATE TABLE queue (
  model INTEGER NOT NULL REFERENCES models(id),
  text  INTEGER NOT NULL REFERENCES texts(id),
  lease INTEGER NOT NULL,
  PRIMARY KEY (model, text)
);

-- The outbox: the last change of each document. seq comes from counters, whose row makes writers wait for each other, so
-- that a lower seq is never committed after a higher one was seen.
CREATE TABLE changes (
  document TEXT PRIMARY KEY REFERENCES documents(id),
  tenant   TEXT NOT NULL,
  seq      INTEGER NOT NULL UNIQUE
);

CREATE TABLE counters (
  name  TEXT PRIMARY KEY,
  value INTEGER NOT NULL
);
INSERT INTO counters (name, value) VALUES ('changes', 0);

CREATE TABLE cursors (
  consumer TEXT PRIMARY KEY,
  seq      INTEGER NOT NULL
);

-- +goose Down
DROP TABLE cursors;
DROP TABLE counters;
DROP TABLE changes;
DROP TABLE queue;
DROP TABLE vectors;
DROP TABLE models;
DROP TABLE chunks;
DROP TABLE texts;
DROP TABLE versions;
DROP TABLE documents;
DROP TABLE offices;
DROP TABLE tenants;
