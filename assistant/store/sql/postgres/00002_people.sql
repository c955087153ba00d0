-- What 00002 of sql/sqlite says, where the words of PostgreSQL are others: the log that only grows is kept so by a function.

-- +goose Up
CREATE TABLE people (
  id          TEXT PRIMARY KEY,            -- UUID
  email       TEXT NOT NULL UNIQUE,        -- small letters
  name        TEXT NOT NULL,
  password    TEXT NOT NULL,               -- argon2id with its parameters, empty: none yet, or only by OIDC
  totp        TEXT NOT NULL,               -- base32, empty: none
  totp_step   INTEGER NOT NULL,            -- the last step whose code was used
  recovery    TEXT NOT NULL,               -- JSON list of digests
  subject     TEXT NOT NULL,               -- issuer and subject of OIDC, empty: none
  disabled_at TEXT NOT NULL,
  seen_at     TEXT NOT NULL,
  added_at    TEXT NOT NULL
);
CREATE UNIQUE INDEX people_subject ON people(subject) WHERE subject <> '';

CREATE TABLE memberships (
  person   TEXT NOT NULL REFERENCES people(id),
  tenant   TEXT NOT NULL,                  -- slug, empty: the whole installation
  role     TEXT NOT NULL,
  added_at TEXT NOT NULL,
  PRIMARY KEY (person, tenant, role)
);
CREATE INDEX memberships_tenant ON memberships(tenant);

CREATE TABLE sessions (
  hash       TEXT PRIMARY KEY,
  id         TEXT NOT NULL UNIQUE,         -- what a list of sessions shows
  person     TEXT NOT NULL REFERENCES people(id),
  pending    INTEGER NOT NULL,             -- 1: the password was right, the second factor is still to come
  agent      TEXT NOT NULL,                -- "Firefox, Linux"
  created_at TEXT NOT NULL,
  seen_at    TEXT NOT NULL,
  expires_at TEXT NOT NULL
);
CREATE INDEX sessions_person ON sessions(person);

CREATE TABLE links (
  hash       TEXT PRIMARY KEY,
  kind       TEXT NOT NULL,                -- invite | reset | setup
  person     TEXT NOT NULL,                -- people.id, empty for setup
  expires_at TEXT NOT NULL,
  used_at    TEXT NOT NULL
);

CREATE TABLE tokens (
  id         TEXT PRIMARY KEY,
  hash       TEXT NOT NULL UNIQUE,
  name       TEXT NOT NULL,
  person     TEXT NOT NULL REFERENCES people(id),
  tenant     TEXT NOT NULL REFERENCES tenants(slug),
  actions    TEXT NOT NULL,                -- JSON list
  created_at TEXT NOT NULL,
  expires_at TEXT NOT NULL,
  used_at    TEXT NOT NULL,
  revoked_at TEXT NOT NULL
);
CREATE INDEX tokens_tenant ON tokens(tenant);

-- Attempts that are counted: a key is a digest of what is counted (an account, an address). since is unix seconds.
CREATE TABLE attempts (
  key   TEXT PRIMARY KEY,
  count INTEGER NOT NULL,
  since INTEGER NOT NULL
);

CREATE TABLE settings (
  tenant     TEXT NOT NULL,                -- slug, empty: the whole installation
  key        TEXT NOT NULL,
  value      TEXT NOT NULL,
  changed_at TEXT NOT NULL,
  PRIMARY KEY (tenant, key)
);

-- Append-only. hash is the sha256 of the entry together with the hash of the one before.
CREATE TABLE audit (
  seq    INTEGER PRIMARY KEY,
  at     TEXT NOT NULL,
  actor  TEXT NOT NULL,                    -- person:ID, token:ID, command, system
  action TEXT NOT NULL,
  tenant TEXT NOT NULL,
  object TEXT NOT NULL,                    -- an id or a key
  note   TEXT NOT NULL,                    -- a role, a state: never what a citizen wrote
  hash   TEXT NOT NULL
);
CREATE INDEX audit_tenant ON audit(tenant, seq);

-- +goose StatementBegin
CREATE FUNCTION audit_append_only() RETURNS trigger AS $$
BEGIN
  RAISE EXCEPTION 'the audit log is append-only';
END
$$ LANGUAGE plpgsql;
-- +goose StatementEnd
CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION audit_append_only();

ALTER TABLE offices ADD COLUMN closed TEXT NOT NULL DEFAULT '[]'; -- JSON list: days, ISO 8601, and why

-- +goose Down
ALTER TABLE offices DROP COLUMN closed;
DROP TABLE audit;
DROP FUNCTION audit_append_only;
DROP TABLE settings;
DROP TABLE attempts;
DROP TABLE tokens;
DROP TABLE links;
DROP TABLE sessions;
DROP TABLE memberships;
DROP TABLE people;
