-- +goose Up
-- One text for SQLite and PostgreSQL. Instants are RFC 3339 with six decimals and Z,
-- so that they sort as text; dates are EDTF as written; lists are JSON; NULL is "not known".

CREATE TABLE originals (
	digest     TEXT   PRIMARY KEY, -- SHA-256, 64 hexadecimal digits
	size       BIGINT NOT NULL,    -- bytes
	format     TEXT   NOT NULL,    -- '' is not known
	width      BIGINT NOT NULL,    -- pixels; 0 is not known
	height     BIGINT NOT NULL,
	perceptual TEXT   NOT NULL,    -- 16 hexadecimal digits; '' is not known
	kept_at    TEXT   NOT NULL
);

CREATE TABLE locations (
	slug      TEXT PRIMARY KEY,
	name      TEXT NOT NULL,
	lat       DOUBLE PRECISION,
	lon       DOUBLE PRECISION,
	position  TEXT NOT NULL,
	title     TEXT NOT NULL,
	summary   TEXT NOT NULL,
	reference TEXT NOT NULL,
	look_for  TEXT NOT NULL
);

CREATE TABLE images (
	location   TEXT NOT NULL REFERENCES locations (slug),
	file       TEXT NOT NULL,
	digest     TEXT NOT NULL REFERENCES originals (digest),
	acquired   TEXT NOT NULL,
	basis      TEXT NOT NULL,
	source     TEXT NOT NULL,
	publisher  TEXT NOT NULL,
	licence    TEXT NOT NULL,
	platform   TEXT NOT NULL,
	sensor     TEXT NOT NULL,
	gsd        DOUBLE PRECISION NOT NULL,
	off_nadir  DOUBLE PRECISION,
	sun_az     DOUBLE PRECISION,
	sun_el     DOUBLE PRECISION,
	notes      TEXT NOT NULL,
	synthetic  BOOLEAN NOT NULL,
	tie_points TEXT NOT NULL,
	PRIMARY KEY (location, file)
);
CREATE INDEX images_by_digest ON images (digest);

CREATE TABLE regions (
	location TEXT   NOT NULL REFERENCES locations (slug),
	number   BIGINT NOT NULL,
	name     TEXT   NOT NULL,
	image    TEXT   NOT NULL,
	polygon  TEXT   NOT NULL,
	rings    TEXT   NOT NULL,
	PRIMARY KEY (location, number)
);

CREATE TABLE claims (
	location TEXT   NOT NULL REFERENCES locations (slug),
	number   BIGINT NOT NULL,
	id       TEXT   NOT NULL,
	text     TEXT   NOT NULL,
	claimant TEXT   NOT NULL,
	source   TEXT   NOT NULL,
	region   TEXT   NOT NULL,
	kind     TEXT   NOT NULL,
	period   TEXT   NOT NULL,
	image_a  TEXT   NOT NULL,
	image_b  TEXT   NOT NULL,
	why      TEXT   NOT NULL,
	PRIMARY KEY (location, number),
	UNIQUE (location, id)
);

CREATE TABLE receipts (
	number        BIGINT PRIMARY KEY,
	digest        TEXT   NOT NULL REFERENCES originals (digest),
	location      TEXT   NOT NULL,
	file          TEXT   NOT NULL,
	original_name TEXT   NOT NULL,
	uploader      TEXT   NOT NULL,
	received_at   TEXT   NOT NULL
);
CREATE INDEX receipts_by_digest ON receipts (digest);

CREATE TABLE tombstones (
	number     BIGINT PRIMARY KEY,
	digest     TEXT   NOT NULL,
	location   TEXT   NOT NULL,
	file       TEXT   NOT NULL,
	deleted_at TEXT   NOT NULL,
	by_whom    TEXT   NOT NULL,
	why        TEXT   NOT NULL
);

CREATE TABLE custody (
	seq         BIGINT PRIMARY KEY,
	at          TEXT NOT NULL,
	action      TEXT NOT NULL,
	location    TEXT NOT NULL,
	subject     TEXT NOT NULL,
	what        TEXT,          -- NULL after a deletion took it back
	what_sha256 TEXT NOT NULL,
	who         TEXT,          -- NULL after a deletion took it back
	who_sha256  TEXT NOT NULL,
	prev        TEXT NOT NULL,
	hash        TEXT NOT NULL
);
CREATE INDEX custody_by_location ON custody (location, seq);

-- +goose Down
DROP TABLE custody;
DROP TABLE tombstones;
DROP TABLE receipts;
DROP TABLE claims;
DROP TABLE regions;
DROP TABLE images;
DROP TABLE locations;
DROP TABLE originals;
