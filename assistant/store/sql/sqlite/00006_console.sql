-- Pictures of settings, what chats took of a model, and the conversation of a citizen with a clerk.

-- +goose Up

-- A picture is known by what it is: the setting that shows it holds its sha256. One that no setting shows is dropped after a while.
CREATE TABLE pictures (
  sha256   TEXT PRIMARY KEY,
  bytes    BLOB NOT NULL,                  -- PNG, written by us
  added_at TEXT NOT NULL
);

-- Tokens of the chat model by tenant and day. Counts only.
CREATE TABLE model_use (
  tenant   TEXT NOT NULL REFERENCES tenants(slug),
  day      TEXT NOT NULL,
  read     INTEGER NOT NULL,               -- tokens of prompts
  written  INTEGER NOT NULL,
  answers  INTEGER NOT NULL,
  guessed  INTEGER NOT NULL,               -- answers of which the server did not say what they took: a bound is counted
  PRIMARY KEY (tenant, day)
);

-- +goose Down
DROP TABLE model_use;
DROP TABLE pictures;
