-- +goose Up
-- What an editor lets everybody have that is withheld unasked. No line: nothing.

CREATE TABLE releases (
	location TEXT    NOT NULL,
	file     TEXT    NOT NULL, -- of an image; '' for every image of the location
	names    BOOLEAN NOT NULL, -- who brought it, and the name of its file on their machine
	metadata BOOLEAN NOT NULL, -- the original with the metadata inside it
	PRIMARY KEY (location, file)
);

-- +goose Down
DROP TABLE releases;
