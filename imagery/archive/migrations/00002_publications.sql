-- +goose Up
-- A location without a line is a draft. A line outlives its location: what was
-- published and then deleted was withdrawn.

CREATE TABLE publications (
	location TEXT PRIMARY KEY,
	state    TEXT NOT NULL, -- published or withdrawn
	at       TEXT NOT NULL,
	why      TEXT NOT NULL
);

-- +goose Down
DROP TABLE publications;
