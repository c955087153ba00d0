-- Acts that are being written, with all their revisions, what people say of them, and the files that were made of them; the templates of
-- tenants. What an act holds is JSON that only assistant/drafting reads.

-- +goose Up
CREATE TABLE acts (
  id          TEXT PRIMARY KEY,
  tenant      TEXT NOT NULL REFERENCES tenants(slug),
  template    TEXT NOT NULL,
  family      TEXT NOT NULL,
  title       TEXT NOT NULL,
  state       TEXT NOT NULL,                -- draft | in_review | approved
  revision    INTEGER NOT NULL,             -- of the present content, from 1
  author      TEXT NOT NULL,                -- actor
  author_name TEXT NOT NULL,
  added_at    TEXT NOT NULL,
  changed_at  TEXT NOT NULL,
  changed_by  TEXT NOT NULL,                -- name
  review_by   TEXT NOT NULL,                -- who sent it to review, empty in a draft
  review_at   TEXT NOT NULL,
  approved_by TEXT NOT NULL,
  approved_at TEXT NOT NULL
);
CREATE INDEX acts_tenant ON acts(tenant, changed_at);

CREATE TABLE act_revisions (
  act      TEXT NOT NULL REFERENCES acts(id),
  revision INTEGER NOT NULL,
  content  TEXT NOT NULL,
  what     TEXT NOT NULL,                   -- made | fields | part | undo…
  restores INTEGER NOT NULL,                -- the revision whose content this is again, 0: it is new
  by_name  TEXT NOT NULL,
  at       TEXT NOT NULL,
  PRIMARY KEY (act, revision)
);

CREATE TABLE act_comments (
  id          TEXT PRIMARY KEY,
  act         TEXT NOT NULL REFERENCES acts(id),
  part        TEXT NOT NULL,                -- empty: of the whole act
  text        TEXT NOT NULL,
  by_name     TEXT NOT NULL,
  at          TEXT NOT NULL,
  resolved_by TEXT NOT NULL,
  resolved_at TEXT NOT NULL
);
CREATE INDEX act_comments_act ON act_comments(act, at);

CREATE TABLE act_exports (
  id       TEXT PRIMARY KEY,
  act      TEXT NOT NULL REFERENCES acts(id),
  revision INTEGER NOT NULL,
  format   TEXT NOT NULL,
  final    INTEGER NOT NULL,
  reason   TEXT NOT NULL,                   -- why it was exported although something was open
  manifest TEXT NOT NULL,                   -- JSON, signed
  by_name  TEXT NOT NULL,
  at       TEXT NOT NULL
);
CREATE INDEX act_exports_act ON act_exports(act, at);

CREATE TABLE act_templates (
  tenant  TEXT NOT NULL REFERENCES tenants(slug),
  name    TEXT NOT NULL,
  version INTEGER NOT NULL,                 -- from 1
  text    TEXT NOT NULL,                    -- the template as one file; empty: taken out of use, the one below it holds again
  what    TEXT NOT NULL,                    -- copied | changed | restored | imported | withdrawn
  by_name TEXT NOT NULL,
  at      TEXT NOT NULL,
  PRIMARY KEY (tenant, name, version)
);

-- +goose Down
DROP TABLE act_templates;
DROP TABLE act_exports;
DROP TABLE act_comments;
DROP TABLE act_revisions;
DROP TABLE acts;
