-- A question bears a mark that only the citizen's code of the conversation and the question's id make: who has the code can have it exported or
-- erased, and nobody can tell from the rows which questions belong together.

-- +goose Up
ALTER TABLE questions ADD COLUMN mark TEXT NOT NULL DEFAULT '';
ALTER TABLE handovers ADD COLUMN mark TEXT NOT NULL DEFAULT ''; -- of the question that it was left for, which may be gone by then

-- +goose Down
ALTER TABLE handovers DROP COLUMN mark;
ALTER TABLE questions DROP COLUMN mark;
