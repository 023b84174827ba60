package archive

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/sqlite"
)

// SetRegions replaces the regions of a location.
func (a *Archive) SetRegions(ctx context.Context, slug string, rs []imagery.Region, c Change) error {
	err := a.write(ctx, func(tx *sql.Tx) error { return a.setRegions(ctx, tx, slug, rs, c) })
	if err != nil {
		return fmt.Errorf("archive: set regions of %s: %w", slug, err)
	}
	return nil
}

func (a *Archive) setRegions(ctx context.Context, tx *sql.Tx, slug string, rs []imagery.Region, c Change) error {
	if _, _, err := location(ctx, tx, slug); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM regions WHERE location = $1`, slug); err != nil {
		return err
	}
	forms := []regionForm{}
	names := map[string]bool{}
	for i, r := range rs {
		if names[r.Name] {
			return fmt.Errorf("two regions named %q: %w", r.Name, imagery.ErrInvalid)
		}
		names[r.Name] = true
		f := formOfRegion(r)
		polygon, rings, err := regionColumns(f)
		if err != nil {
			return fmt.Errorf("region %q: %w: %w", r.Name, imagery.ErrInvalid, err)
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO regions (location, number, name, image, polygon, rings)
			VALUES ($1, $2, $3, $4, $5, $6)`, slug, i, r.Name, r.Image, polygon, rings)
		if err != nil {
			return err
		}
		forms = append(forms, f)
	}
	return a.log(ctx, tx, entry{action: "regions.set", location: slug, subject: slug, change: c, record: forms})
}

// regionColumns fails where a coordinate is NaN or infinite: JSON has no word for it.
func regionColumns(f regionForm) (polygon, rings string, err error) {
	p, err := json.Marshal(f.Polygon)
	if err != nil {
		return "", "", err
	}
	r, err := json.Marshal(f.Rings)
	return string(p), string(r), err
}

func regions(ctx context.Context, tx *sql.Tx, slug string) ([]imagery.Region, error) {
	return sqlite.Collect(ctx, tx, scanRegion,
		`SELECT name, image, polygon, rings FROM regions WHERE location = $1 ORDER BY number`, slug)
}

func scanRegion(row sqlite.Row) (imagery.Region, error) {
	var f regionForm
	var polygon, rings string
	if err := row.Scan(&f.Name, &f.Image, &polygon, &rings); err != nil {
		return imagery.Region{}, err
	}
	if err := json.Unmarshal([]byte(polygon), &f.Polygon); err != nil {
		return imagery.Region{}, err
	}
	err := json.Unmarshal([]byte(rings), &f.Rings)
	return f.region(), err
}
