-- +goose Up
ALTER TABLE act_exports ADD COLUMN metadata TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE act_exports DROP COLUMN metadata;
