package archive

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/sqlite"
	"golang.org/x/text/unicode/norm"
)

// A Heading is what a case says above its images.
type Heading struct {
	Title     string // the location's name where empty
	Summary   string
	Reference string   // File of the image whose grid is used; "" lets the program pick
	LookFor   []string // what imagery would settle the case
}

// A LocationSummary is a line of the list of locations.
type LocationSummary struct {
	imagery.Location
	Title   string
	Images  int
	Claims  int
	Changed time.Time // of the last entry about it in the custody log
}

// Slug makes a name for addresses from a name for people: lower case ASCII letters,
// digits and hyphens, accents left off. A name without any such letter gives
// "location-" and eight digits of its SHA-256.
func Slug(name string) string {
	var b strings.Builder
	for _, r := range norm.NFKD.String(strings.ToLower(name)) {
		switch {
		case r < unicode.MaxASCII && (unicode.IsLower(r) || unicode.IsDigit(r)):
			b.WriteRune(r)
		case unicode.Is(unicode.Mn, r) || r == '\'' || r == '’':
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	if s := strings.Trim(b.String(), "-"); s != "" {
		return s[:min(len(s), 80)]
	}
	return "location-" + imagery.DigestOf([]byte(name)).String()[:8]
}

func checkLocation(l imagery.Location) error {
	if l.Slug == "" || Slug(l.Slug) != l.Slug {
		return fmt.Errorf("slug %q: want lower case letters, digits and hyphens: %w", l.Slug, imagery.ErrInvalid)
	}
	if strings.TrimSpace(l.Name) == "" {
		return fmt.Errorf("location %s has no name: %w", l.Slug, imagery.ErrInvalid)
	}
	if math.Abs(l.Lat) > 90 || math.Abs(l.Lon) > 180 {
		return fmt.Errorf("location %s: latitude %v, longitude %v lie outside the earth: %w", l.Slug, l.Lat, l.Lon, imagery.ErrInvalid)
	}
	return nil
}

// AddLocation records a new location and returns its slug, which is made from its
// Name where none is given.
func (a *Archive) AddLocation(ctx context.Context, l imagery.Location, c Change) (slug string, err error) {
	if l.Slug == "" {
		l.Slug = Slug(l.Name)
	}
	err = a.write(ctx, func(tx *sql.Tx) error { return a.addLocation(ctx, tx, l, Heading{}, c) })
	if err != nil {
		return "", fmt.Errorf("archive: add location: %w", err)
	}
	return l.Slug, nil
}

func (a *Archive) addLocation(ctx context.Context, tx *sql.Tx, l imagery.Location, h Heading, c Change) error {
	if err := checkLocation(l); err != nil {
		return err
	}
	if _, _, err := location(ctx, tx, l.Slug); err == nil {
		return fmt.Errorf("location %s: %w", l.Slug, ErrExists)
	} else if !errors.Is(err, imagery.ErrNotFound) {
		return err
	}
	lookFor, err := json.Marshal(h.LookFor)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO locations (slug, name, lat, lon, position, title, summary, reference, look_for)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		l.Slug, l.Name, known(l.Lat), known(l.Lon), l.Position, h.Title, h.Summary, h.Reference, string(lookFor))
	if err != nil {
		return err
	}
	return a.log(ctx, tx, entry{action: "location.add", location: l.Slug, subject: l.Slug, change: c, record: formOfLocation(l, h)})
}

// UpdateLocation changes the location of that slug.
func (a *Archive) UpdateLocation(ctx context.Context, l imagery.Location, c Change) error {
	return a.changeLocation(ctx, l.Slug, c, func(old *imagery.Location, _ *Heading) { *old = l })
}

// SetHeading changes title, summary, reference and what to look for.
func (a *Archive) SetHeading(ctx context.Context, slug string, h Heading, c Change) error {
	return a.changeLocation(ctx, slug, c, func(_ *imagery.Location, old *Heading) { *old = h })
}

func (a *Archive) changeLocation(ctx context.Context, slug string, c Change, change func(*imagery.Location, *Heading)) error {
	err := a.write(ctx, func(tx *sql.Tx) error {
		l, h, err := location(ctx, tx, slug)
		if err != nil {
			return err
		}
		change(&l, &h)
		if err := checkLocation(l); err != nil {
			return err
		}
		lookFor, err := json.Marshal(h.LookFor)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE locations SET name = $2, lat = $3, lon = $4, position = $5,
			title = $6, summary = $7, reference = $8, look_for = $9 WHERE slug = $1`,
			slug, l.Name, known(l.Lat), known(l.Lon), l.Position, h.Title, h.Summary, h.Reference, string(lookFor))
		if err != nil {
			return err
		}
		return a.logLocation(ctx, tx, slug, c)
	})
	if err != nil {
		return fmt.Errorf("archive: change location: %w", err)
	}
	return nil
}

// logLocation enters the location as it now is.
func (a *Archive) logLocation(ctx context.Context, tx *sql.Tx, slug string, c Change) error {
	l, h, err := location(ctx, tx, slug)
	if err != nil {
		return err
	}
	return a.log(ctx, tx, entry{action: "location.change", location: slug, subject: slug, change: c, record: formOfLocation(l, h)})
}

// Location returns the location of that slug.
func (a *Archive) Location(ctx context.Context, slug string) (l imagery.Location, err error) {
	err = a.read(ctx, func(tx *sql.Tx) (err error) {
		l, _, err = location(ctx, tx, slug)
		return err
	})
	if err != nil {
		return l, fmt.Errorf("archive: %w", err)
	}
	return l, nil
}

func location(ctx context.Context, tx *sql.Tx, slug string) (l imagery.Location, h Heading, err error) {
	var lat, lon *float64
	var lookFor string
	err = tx.QueryRowContext(ctx, `SELECT slug, name, lat, lon, position, title, summary, reference, look_for
		FROM locations WHERE slug = $1`, slug).
		Scan(&l.Slug, &l.Name, &lat, &lon, &l.Position, &h.Title, &h.Summary, &h.Reference, &lookFor)
	if errors.Is(err, sql.ErrNoRows) {
		return l, h, fmt.Errorf("location %q: %w", slug, imagery.ErrNotFound)
	}
	if err != nil {
		return l, h, err
	}
	l.Lat, l.Lon = orNaN(lat), orNaN(lon)
	return l, h, json.Unmarshal([]byte(lookFor), &h.LookFor)
}

// Locations lists all locations by title.
func (a *Archive) Locations(ctx context.Context) (ls []LocationSummary, err error) {
	err = a.read(ctx, func(tx *sql.Tx) (err error) {
		ls, err = sqlite.Collect(ctx, tx, scanSummary, `SELECT slug, name, lat, lon, position, title,
			(SELECT COUNT(*) FROM images WHERE location = slug), (SELECT COUNT(*) FROM claims WHERE location = slug),
			COALESCE((SELECT at FROM custody WHERE location = slug ORDER BY seq DESC LIMIT 1), '')
			FROM locations`)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("archive: list locations: %w", err)
	}
	slices.SortFunc(ls, func(a, b LocationSummary) int {
		return strings.Compare(strings.ToLower(a.Title)+"\x00"+a.Slug, strings.ToLower(b.Title)+"\x00"+b.Slug)
	})
	return ls, nil
}

func scanSummary(row sqlite.Row) (s LocationSummary, err error) {
	var lat, lon *float64
	var changed string
	err = row.Scan(&s.Slug, &s.Name, &lat, &lon, &s.Position, &s.Title, &s.Images, &s.Claims, &changed)
	if err != nil {
		return s, err
	}
	s.Lat, s.Lon = orNaN(lat), orNaN(lon)
	if s.Title == "" {
		s.Title = s.Name
	}
	return s, scanInstant(changed, &s.Changed)
}
