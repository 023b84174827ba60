package archive

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/sqlite"
)

// DamageClasses are those of UNITAR-UNOSAT's damage assessments, from most to least;
// "" says that none was given.
var DamageClasses = []string{"destroyed", "severe damage", "moderate damage", "possible damage", "no visible damage", ""}

// A Reading is what a person saw of a region in an image, without being told its date.
type Reading struct {
	Number int64  // names it in the custody log
	Region string // Region.Name
	File   string // of the image
	Person string // pseudonym; "" for the one person at a machine
	Place  int    // in the order in which the images were shown to that person, from 1
	State  string // "old", "new" or "unclear"
	Damage string // one of DamageClasses
	At     time.Time
}

type readingForm struct {
	Number int64  `json:"number"`
	Region string `json:"region"`
	Place  int    `json:"place"`
	State  string `json:"state"`
	Damage string `json:"damage,omitempty"`
	At     string `json:"at"`
}

func formOfReading(r Reading) readingForm {
	return readingForm{r.Number, r.Region, r.Place, r.State, r.Damage, r.At.Format(instant)}
}

// AddReading records a reading by c.By. Each person reads a region of an image once:
// a second reading is [ErrExists], for the first was blind.
func (a *Archive) AddReading(ctx context.Context, slug string, r Reading, c Change) error {
	r.Person, r.At = c.By, a.now()
	err := a.write(ctx, func(tx *sql.Tx) error { return a.addReading(ctx, tx, slug, r, c) })
	if err != nil {
		return fmt.Errorf("archive: add reading of %s: %w", slug, err)
	}
	return nil
}

func (a *Archive) addReading(ctx context.Context, tx *sql.Tx, slug string, r Reading, c Change) error {
	if !slices.Contains([]string{"old", "new", "unclear"}, r.State) {
		return fmt.Errorf("state %q: want old, new or unclear: %w", r.State, imagery.ErrInvalid)
	}
	if !slices.Contains(DamageClasses, r.Damage) {
		return fmt.Errorf("damage %q: want one of %q: %w", r.Damage, DamageClasses, imagery.ErrInvalid)
	}
	if _, err := imageOf(ctx, tx, slug, r.File); err != nil {
		return err
	}
	err := tx.QueryRowContext(ctx, `SELECT number FROM readings WHERE location = $1 AND region = $2 AND file = $3 AND person = $4`,
		slug, r.Region, r.File, r.Person).Scan(&r.Number)
	if err == nil {
		return fmt.Errorf("%s was read: %w", r.File, ErrExists)
	}
	if !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	// Numbers are never given twice, so that the log stays clear after a deletion.
	err = tx.QueryRowContext(ctx, `SELECT (SELECT COUNT(*) FROM custody WHERE action = 'reading.add') + 1`).Scan(&r.Number)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO readings (number, location, region, file, person, place, state, damage, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		r.Number, slug, r.Region, r.File, r.Person, r.Place, r.State, r.Damage, r.At.Format(instant))
	if err != nil {
		return err
	}
	return a.log(ctx, tx, entry{action: "reading.add", location: slug, subject: slug + "/" + r.File, change: c, record: formOfReading(r)})
}

// Readings returns what people saw in the images of a location, in the order of their
// readings.
func (a *Archive) Readings(ctx context.Context, slug string) (rs []Reading, err error) {
	err = a.read(ctx, func(tx *sql.Tx) error {
		rs, err = sqlite.Collect(ctx, tx, scanReading, `SELECT `+readingColumns+` FROM readings WHERE location = $1 ORDER BY number`, slug)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("archive: readings of %s: %w", slug, err)
	}
	return rs, nil
}

const readingColumns = `number, region, file, person, place, state, damage, at`

func scanReading(row sqlite.Row) (r Reading, err error) {
	var at string
	if err = row.Scan(&r.Number, &r.Region, &r.File, &r.Person, &r.Place, &r.State, &r.Damage, &at); err == nil {
		err = scanInstant(at, &r.At)
	}
	return r, err
}

// currentReadings adds the readings to the records as replay keys them.
func currentReadings(ctx context.Context, tx *sql.Tx, state map[string]string) error {
	_, err := sqlite.Collect(ctx, tx, func(row sqlite.Row) (struct{}, error) {
		var slug, at string
		var r Reading
		err := row.Scan(&slug, &r.Number, &r.Region, &r.File, &r.Person, &r.Place, &r.State, &r.Damage, &at)
		if err == nil {
			err = scanInstant(at, &r.At)
		}
		state[readingKey(slug+"/"+r.File, r.Number)] = form(formOfReading(r))
		return struct{}{}, err
	}, `SELECT location, `+readingColumns+` FROM readings`)
	return err
}

func readingKey(subject string, number int64) string {
	return fmt.Sprintf("reading %s\x00%d", subject, number)
}
