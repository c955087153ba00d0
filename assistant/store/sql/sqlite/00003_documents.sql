-- What people do to documents: corrections by hand, what can be undone, uploads that wait their turn, addresses to watch.

-- +goose Up
ALTER TABLE documents ADD COLUMN office TEXT NOT NULL DEFAULT ''; -- name of the office that answers for it, set by hand

-- What a person said of a document against what its file says. It is applied to every version, so that it outlives them.
CREATE TABLE fixes (
  document TEXT PRIMARY KEY REFERENCES documents(id),
  fields   TEXT NOT NULL,                  -- JSON: the fields set by hand
  parsed   TEXT NOT NULL                   -- JSON: what the present version's file says of the same fields
);

-- What was done, with what it was before: a line can be undone until it is pruned. Never what erases personal data.
CREATE TABLE journal (
  id        INTEGER PRIMARY KEY,
  tenant    TEXT NOT NULL REFERENCES tenants(slug),
  at        TEXT NOT NULL,
  author    TEXT NOT NULL,                 -- name of the account
  action    TEXT NOT NULL,                 -- repeal | restore | supersede | fix | upload…
  label     TEXT NOT NULL,                 -- what it was done to, as a person knows it
  undone_at TEXT NOT NULL,                 -- empty: not undone
  undone_by TEXT NOT NULL
);
CREATE INDEX journal_tenant ON journal(tenant, id);

CREATE TABLE journal_items (
  entry   INTEGER NOT NULL REFERENCES journal(id),
  kind    TEXT NOT NULL,                   -- document | address | setting
  subject TEXT NOT NULL,                   -- its id
  was     TEXT NOT NULL,                   -- JSON: what it was before
  PRIMARY KEY (entry, kind, subject)
);
CREATE INDEX journal_items_subject ON journal_items(kind, subject);

-- Uploads. A job and its files are written once their bytes are on the disk, in inbox/<job>/; whoever holds the lease, in unix
-- milliseconds, works at it.
CREATE TABLE jobs (
  id          TEXT PRIMARY KEY,
  tenant      TEXT NOT NULL REFERENCES tenants(slug),
  author      TEXT NOT NULL,
  options     TEXT NOT NULL,               -- JSON: visibility, kind, office
  state       TEXT NOT NULL,               -- waiting | working | done | cancelled
  added_at    TEXT NOT NULL,
  finished_at TEXT NOT NULL,
  lease       INTEGER NOT NULL
);
CREATE INDEX jobs_tenant ON jobs(tenant, added_at);

CREATE TABLE job_files (
  job      TEXT NOT NULL REFERENCES jobs(id),
  ordinal  INTEGER NOT NULL,
  name     TEXT NOT NULL,                  -- as the person knows it
  source   TEXT NOT NULL,                  -- what the document is to be known by
  path     TEXT NOT NULL,                  -- of its bytes, below inbox/<job>/
  entry    INTEGER NOT NULL,               -- position in the archive at path, -1 for the file itself
  size     INTEGER NOT NULL,
  state    TEXT NOT NULL,                  -- waiting | done | failed
  outcome  TEXT NOT NULL,                  -- added | replaced | unchanged | duplicate | unpacked
  document TEXT NOT NULL,
  was      TEXT NOT NULL,                  -- JSON: the document before, for the journal
  code     TEXT NOT NULL,                  -- of the error
  message  TEXT NOT NULL,
  warnings TEXT NOT NULL,                  -- JSON list
  PRIMARY KEY (job, ordinal)
);

CREATE TABLE addresses (
  id         TEXT PRIMARY KEY,
  tenant     TEXT NOT NULL REFERENCES tenants(slug),
  address    TEXT NOT NULL,
  kind       TEXT NOT NULL,                -- page | section | feed
  options    TEXT NOT NULL,                -- JSON: prefix, depth, limits, visibility, kind and office of what is found
  hours      INTEGER NOT NULL,             -- between two visits; 0: only when asked
  active     INTEGER NOT NULL,
  author     TEXT NOT NULL,
  added_at   TEXT NOT NULL,
  next_at    INTEGER NOT NULL,             -- unix milliseconds
  lease      INTEGER NOT NULL,             -- unix milliseconds until which somebody is at it
  visited_at TEXT NOT NULL,
  report     TEXT NOT NULL,                -- JSON: what the last visit found
  UNIQUE (tenant, address)
);

-- What was seen at an address: what to ask the server with, and what it led to when it says that nothing changed.
CREATE TABLE address_pages (
  address  TEXT NOT NULL REFERENCES addresses(id),
  url      TEXT NOT NULL,
  etag     TEXT NOT NULL,
  modified TEXT NOT NULL,
  links    TEXT NOT NULL,                  -- JSON list
  seen_at  TEXT NOT NULL,
  gone_at  TEXT NOT NULL,                  -- when it was first missed; empty: it is there
  PRIMARY KEY (address, url)
);

-- +goose Down
DROP TABLE address_pages;
DROP TABLE addresses;
DROP TABLE job_files;
DROP TABLE jobs;
DROP TABLE journal_items;
DROP TABLE journal;
DROP TABLE fixes;
ALTER TABLE documents DROP COLUMN office;
