-- What facilitators do at a DigiPASS. Of a visit nothing is kept but a number: how many there were in a month, at a point, in a language,
-- about a subject and with which outcome. Notes are what one facilitator leaves for the next about a document; they were masked.

-- +goose Up
CREATE TABLE visit_counts (
  tenant    TEXT NOT NULL REFERENCES tenants(slug),
  month     TEXT NOT NULL,                 -- "2026-11"
  point     TEXT NOT NULL,
  language  TEXT NOT NULL,
  subject   TEXT NOT NULL,                 -- one of the offices' subjects, or empty
  outcome   TEXT NOT NULL,
  n         INTEGER NOT NULL,
  questions INTEGER NOT NULL,              -- asked in these visits
  PRIMARY KEY (tenant, month, point, language, subject, outcome)
);

CREATE TABLE visit_notes (
  id       TEXT PRIMARY KEY,
  tenant   TEXT NOT NULL REFERENCES tenants(slug),
  document TEXT NOT NULL,                  -- documents.id, which may be gone
  title    TEXT NOT NULL,                  -- of the document, when the note was written
  body     TEXT NOT NULL,
  author   TEXT NOT NULL,
  day      TEXT NOT NULL                   -- ISO 8601
);
CREATE INDEX visit_notes_document ON visit_notes(tenant, document);

-- +goose Down
DROP TABLE visit_notes;
DROP TABLE visit_counts;
