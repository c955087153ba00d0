-- Addresses of other programs that are told what happens, and what was sent to them.

-- +goose Up
CREATE TABLE webhooks (
  id       TEXT PRIMARY KEY,
  tenant   TEXT NOT NULL REFERENCES tenants(slug),
  url      TEXT NOT NULL,
  events   TEXT NOT NULL,                  -- JSON list
  active   INTEGER NOT NULL,
  author   TEXT NOT NULL,
  added_at TEXT NOT NULL,
  sealed   BLOB NOT NULL                   -- JSON: the secret that messages are signed with
);
CREATE INDEX webhooks_tenant ON webhooks(tenant);

-- A row is written in the transaction that does what it tells of.
CREATE TABLE deliveries (
  id      INTEGER PRIMARY KEY,
  webhook TEXT NOT NULL REFERENCES webhooks(id),
  message TEXT NOT NULL,                   -- the id that who receives it knows it by
  event   TEXT NOT NULL,
  body    TEXT NOT NULL,                   -- JSON, as it is sent
  at      TEXT NOT NULL,
  state   TEXT NOT NULL,                   -- queued | sent | failed
  tries   INTEGER NOT NULL,
  next_at INTEGER NOT NULL,                -- unix milliseconds: when it is due, or until when somebody is at it
  status  INTEGER NOT NULL,                -- of the last answer, 0: none
  error   TEXT NOT NULL
);
CREATE INDEX deliveries_due ON deliveries(state, next_at);
CREATE INDEX deliveries_webhook ON deliveries(webhook, id);

-- +goose Down
DROP TABLE deliveries;
DROP TABLE webhooks;
