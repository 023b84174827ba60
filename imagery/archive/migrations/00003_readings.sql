-- +goose Up
-- What a person saw in an image, without its date. A reading never changes what was
-- computed; it stands beside it.

CREATE TABLE readings (
	number   BIGINT PRIMARY KEY,
	location TEXT   NOT NULL,
	region   TEXT   NOT NULL,
	file     TEXT   NOT NULL,
	person   TEXT   NOT NULL,
	place    BIGINT NOT NULL, -- in the order in which that person was shown the images, from 1
	state    TEXT   NOT NULL, -- old, new or unclear
	damage   TEXT   NOT NULL, -- class of UNITAR-UNOSAT; '' where none was given
	at       TEXT   NOT NULL,
	UNIQUE (location, region, file, person)
);

-- +goose Down
DROP TABLE readings;
