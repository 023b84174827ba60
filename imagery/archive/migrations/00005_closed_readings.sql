-- +goose Up
-- Readings are kept from whoever may still read blind, until an editor closes the round.

ALTER TABLE releases ADD COLUMN readings BOOLEAN NOT NULL DEFAULT FALSE;

-- +goose Down
ALTER TABLE releases DROP COLUMN readings;
