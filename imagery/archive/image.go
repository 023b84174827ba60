package archive

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/sqlite"
)

// A Record is an image as the archive holds it.
type Record struct {
	imagery.Image
	Location string // slug
	Size     int64  // bytes
	Facts
}

const imageColumns = `location, file, digest, acquired, basis, source, publisher, licence, platform, sensor,
	gsd, off_nadir, sun_az, sun_el, notes, synthetic, tie_points`

const selectRecords = `SELECT i.location, i.file, i.digest, i.acquired, i.basis, i.source, i.publisher, i.licence,
	i.platform, i.sensor, i.gsd, i.off_nadir, i.sun_az, i.sun_el, i.notes, i.synthetic, i.tie_points,
	o.size, o.format, o.width, o.height, o.perceptual
	FROM images i JOIN originals o ON o.digest = i.digest`

func imageValues(slug string, im imagery.Image) ([]any, error) {
	ties, err := json.Marshal(tiePointsForm(im.TiePoints))
	if err != nil {
		return nil, fmt.Errorf("tie points of %s: %w: %w", im.File, imagery.ErrInvalid, err)
	}
	return []any{slug, im.File, im.Digest.String(), im.Acquired.String(), string(im.Basis), im.Source, im.Publisher,
		im.Licence, string(im.Platform), im.Sensor, im.GSD, known(im.OffNadir), known(im.SunAz), known(im.SunEl),
		im.Notes, im.Synthetic, string(ties)}, nil
}

func scanRecord(row sqlite.Row) (r Record, err error) {
	var digest, acquired, ties, perceptual string
	var offNadir, sunAz, sunEl *float64
	err = row.Scan(&r.Location, &r.File, &digest, &acquired, &r.Basis, &r.Source, &r.Publisher, &r.Licence,
		&r.Platform, &r.Sensor, &r.GSD, &offNadir, &sunAz, &sunEl, &r.Notes, &r.Synthetic, &ties,
		&r.Size, &r.Format, &r.Width, &r.Height, &perceptual)
	if err != nil {
		return r, err
	}
	r.OffNadir, r.SunAz, r.SunEl = orNaN(offNadir), orNaN(sunAz), orNaN(sunEl)
	var form [][4]float64
	if err := json.Unmarshal([]byte(ties), &form); err != nil {
		return r, err
	}
	r.TiePoints = tiePoints(form)
	if r.Digest, err = imagery.ParseDigest(digest); err != nil {
		return r, err
	}
	if r.Perceptual, err = parseHash(perceptual); err != nil {
		return r, err
	}
	r.Acquired, err = dateOf(acquired)
	return r, err
}

// checkImage fills what may be left out and refuses what no record can hold.
func checkImage(im *imagery.Image) error {
	if im.Basis == "" {
		im.Basis = imagery.BasisCapture
	}
	if im.Platform == "" {
		im.Platform = imagery.PlatformUnknown
	}
	switch {
	case im.File == "" || len(im.File) > 500 || strings.ContainsFunc(im.File, unicode.IsControl):
		return fmt.Errorf("image name %q: want 1 to 500 bytes without control characters: %w", im.File, imagery.ErrInvalid)
	case im.Digest.IsZero():
		return fmt.Errorf("image %s: no digest: %w", im.File, imagery.ErrInvalid)
	case !slices.Contains(imagery.Bases, im.Basis):
		return fmt.Errorf("image %s: basis %q: want one of %v: %w", im.File, im.Basis, imagery.Bases, imagery.ErrInvalid)
	case !slices.Contains(imagery.Platforms, im.Platform):
		return fmt.Errorf("image %s: platform %q: want one of %v: %w", im.File, im.Platform, imagery.Platforms, imagery.ErrInvalid)
	case !(im.GSD >= 0 && im.GSD < 1e7):
		return fmt.Errorf("image %s: ground sample distance %v m: want metres per pixel, or 0 if unknown: %w", im.File, im.GSD, imagery.ErrInvalid)
	}
	for _, angle := range []*float64{known(im.OffNadir), known(im.SunAz), known(im.SunEl)} {
		if angle != nil && !(*angle >= -360 && *angle <= 360) {
			return fmt.Errorf("image %s: angle %v°: want -360 to 360: %w", im.File, *angle, imagery.ErrInvalid)
		}
	}
	return nil
}

// AddImage records an image of a location, whose original, im.Digest, must have
// been put. A location that has these bytes already gets the receipt only: added is
// false and the record is the one held. A File that names other bytes is [ErrExists].
func (a *Archive) AddImage(ctx context.Context, slug string, im imagery.Image, f Facts, r Receipt) (rec Record, added bool, err error) {
	err = a.write(ctx, func(tx *sql.Tx) error {
		rec, added, err = a.receive(ctx, tx, slug, im, f, r)
		return err
	})
	if err != nil {
		return Record{}, false, fmt.Errorf("archive: add image: %w", err)
	}
	return rec, added, nil
}

// Receive keeps a staged upload and records its image as AddImage does, both or neither.
func (a *Archive) Receive(ctx context.Context, s *Staged, slug string, im imagery.Image, f Facts, r Receipt) (rec Record, added bool, err error) {
	im.Digest = s.Digest
	err = a.keeping(ctx, []*Staged{s}, func(tx *sql.Tx) error {
		if _, err := a.keep(ctx, tx, s, f); err != nil {
			return err
		}
		rec, added, err = a.receive(ctx, tx, slug, im, f, r)
		return err
	})
	if err != nil {
		return Record{}, false, fmt.Errorf("archive: receive image: %w", err)
	}
	return rec, added, nil
}

func (a *Archive) receive(ctx context.Context, tx *sql.Tx, slug string, im imagery.Image, f Facts, r Receipt) (Record, bool, error) {
	if _, err := sizeOf(ctx, tx, im.Digest); err != nil {
		return Record{}, false, err
	}
	if err := a.setFacts(ctx, tx, im.Digest, f); err != nil {
		return Record{}, false, err
	}
	held, err := sqlite.Collect(ctx, tx, scanRecord, selectRecords+` WHERE i.location = $1 AND i.digest = $2 ORDER BY i.file`,
		slug, im.Digest.String())
	if err != nil {
		return Record{}, false, err
	}
	added := len(held) == 0
	if added {
		if err := a.insertImage(ctx, tx, slug, im, Change{By: r.Uploader}); err != nil {
			return Record{}, false, err
		}
	} else {
		im.File = held[0].File
	}
	if err := a.addReceipt(ctx, tx, slug, im.File, im.Digest, r); err != nil {
		return Record{}, false, err
	}
	rec, err := imageOf(ctx, tx, slug, im.File)
	return rec, added, err
}

func (a *Archive) insertImage(ctx context.Context, tx *sql.Tx, slug string, im imagery.Image, c Change) error {
	if err := checkImage(&im); err != nil {
		return err
	}
	if _, _, err := location(ctx, tx, slug); err != nil {
		return err
	}
	if _, err := imageOf(ctx, tx, slug, im.File); err == nil {
		return fmt.Errorf("image %s of %s: %w", im.File, slug, ErrExists)
	} else if !errors.Is(err, imagery.ErrNotFound) {
		return err
	}
	values, err := imageValues(slug, im)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO images (`+imageColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)`, values...)
	if err != nil {
		return err
	}
	return a.log(ctx, tx, entry{action: "image.add", location: slug, subject: slug + "/" + im.File, change: c, record: formOfImage(im)})
}

// UpdateImage changes what is known of the image im.File. Its Digest stays what it is.
func (a *Archive) UpdateImage(ctx context.Context, slug string, im imagery.Image, c Change) error {
	err := a.write(ctx, func(tx *sql.Tx) error {
		old, err := imageOf(ctx, tx, slug, im.File)
		if err != nil {
			return err
		}
		if im.Digest.IsZero() {
			im.Digest = old.Digest
		}
		if im.Digest != old.Digest {
			return fmt.Errorf("image %s: other bytes are another image: %w", im.File, imagery.ErrInvalid)
		}
		if err := checkImage(&im); err != nil {
			return err
		}
		values, err := imageValues(slug, im)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE images SET digest = $3, acquired = $4, basis = $5, source = $6, publisher = $7,
			licence = $8, platform = $9, sensor = $10, gsd = $11, off_nadir = $12, sun_az = $13, sun_el = $14,
			notes = $15, synthetic = $16, tie_points = $17 WHERE location = $1 AND file = $2`, values...)
		if err != nil {
			return err
		}
		return a.log(ctx, tx, entry{action: "image.change", location: slug, subject: slug + "/" + im.File, change: c, record: formOfImage(im)})
	})
	if err != nil {
		return fmt.Errorf("archive: change image: %w", err)
	}
	return nil
}

// Images returns the images of a location in date order: by the earliest instant of
// each, then the latest, then File. An unknown beginning comes first, an unknown end last.
func (a *Archive) Images(ctx context.Context, slug string) (recs []Record, err error) {
	err = a.read(ctx, func(tx *sql.Tx) (err error) {
		if _, _, err = location(ctx, tx, slug); err == nil {
			recs, err = images(ctx, tx, slug)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("archive: images: %w", err)
	}
	return recs, nil
}

func images(ctx context.Context, tx *sql.Tx, slug string) ([]Record, error) {
	recs, err := sqlite.Collect(ctx, tx, scanRecord, selectRecords+` WHERE i.location = $1`, slug)
	slices.SortFunc(recs, byDate)
	return recs, err
}

func byDate(a, b Record) int {
	s, t := a.Taken(), b.Taken()
	if c := s.Earliest.Compare(t.Earliest); c != 0 {
		return c // the zero time, an open beginning, is the earliest there is
	}
	if s.Latest.IsZero() != t.Latest.IsZero() {
		if s.Latest.IsZero() {
			return 1
		}
		return -1
	}
	if c := s.Latest.Compare(t.Latest); c != 0 {
		return c
	}
	return strings.Compare(a.File, b.File)
}

func imageOf(ctx context.Context, tx *sql.Tx, slug, file string) (Record, error) {
	rec, err := scanRecord(tx.QueryRowContext(ctx, selectRecords+` WHERE i.location = $1 AND i.file = $2`, slug, file))
	if errors.Is(err, sql.ErrNoRows) {
		err = fmt.Errorf("image %q of %s: %w", file, slug, imagery.ErrNotFound)
	}
	return rec, err
}
