-- +goose Up
-- One text for SQLite and PostgreSQL. Instants are RFC 3339 with six decimals and Z,
-- so that they sort as text.

CREATE TABLE people (
	name        TEXT PRIMARY KEY, -- pseudonym, as it is shown
	folded      TEXT NOT NULL UNIQUE, -- the same in one case, so that no two look alike but for it
	role        TEXT NOT NULL,
	password    TEXT NOT NULL, -- argon2id, in the PHC string format
	made_at     TEXT NOT NULL,
	disabled_at TEXT
);

CREATE TABLE keys (
	id         TEXT PRIMARY KEY, -- names the key without letting anybody in
	kind       TEXT NOT NULL,    -- session, invitation or token
	secret     TEXT NOT NULL,    -- SHA-256 of what lets in, 64 hexadecimal digits
	person     TEXT REFERENCES people (name), -- NULL for an invitation
	role       TEXT NOT NULL,    -- that an invitation gives; '' else
	label      TEXT NOT NULL,
	made_at    TEXT NOT NULL,
	expires_at TEXT NOT NULL,
	seen_at    TEXT NOT NULL     -- when it was last used, to within some minutes
);
CREATE INDEX keys_by_person ON keys (person, kind);

-- +goose Down
DROP TABLE keys;
DROP TABLE people;
