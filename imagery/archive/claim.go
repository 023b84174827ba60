package archive

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/sqlite"
)

var claimKinds = []imagery.ClaimKind{
	imagery.ClaimChanged, imagery.ClaimUnchanged, imagery.ClaimSame, imagery.ClaimDiffers, imagery.ClaimUntestable,
}

// SetClaims replaces the claims of a location.
func (a *Archive) SetClaims(ctx context.Context, slug string, cs []imagery.Claim, c Change) error {
	err := a.write(ctx, func(tx *sql.Tx) error { return a.setClaims(ctx, tx, slug, cs, c) })
	if err != nil {
		return fmt.Errorf("archive: set claims of %s: %w", slug, err)
	}
	return nil
}

func (a *Archive) setClaims(ctx context.Context, tx *sql.Tx, slug string, cs []imagery.Claim, c Change) error {
	if _, _, err := location(ctx, tx, slug); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM claims WHERE location = $1`, slug); err != nil {
		return err
	}
	forms := []claimForm{}
	ids := map[string]bool{}
	for i, cl := range cs {
		if cl.ID == "" || ids[cl.ID] {
			return fmt.Errorf("claim %d: id %q is empty or taken: %w", i+1, cl.ID, imagery.ErrInvalid)
		}
		ids[cl.ID] = true
		if !slices.Contains(claimKinds, cl.Kind) {
			return fmt.Errorf("claim %s: kind %q: want one of %v: %w", cl.ID, cl.Kind, claimKinds, imagery.ErrInvalid)
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO claims
			(location, number, id, text, claimant, source, region, kind, period, image_a, image_b, why)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
			slug, i, cl.ID, cl.Text, cl.Claimant, cl.Source, cl.Region, string(cl.Kind), cl.When.String(),
			cl.Images[0], cl.Images[1], cl.Why)
		if err != nil {
			return err
		}
		forms = append(forms, formOfClaim(cl))
	}
	return a.log(ctx, tx, entry{action: "claims.set", location: slug, subject: slug, change: c, record: forms})
}

func claims(ctx context.Context, tx *sql.Tx, slug string) ([]imagery.Claim, error) {
	return sqlite.Collect(ctx, tx, scanClaim, `SELECT id, text, claimant, source, region, kind, period, image_a, image_b, why
		FROM claims WHERE location = $1 ORDER BY number`, slug)
}

func scanClaim(row sqlite.Row) (c imagery.Claim, err error) {
	var when string
	err = row.Scan(&c.ID, &c.Text, &c.Claimant, &c.Source, &c.Region, &c.Kind, &when, &c.Images[0], &c.Images[1], &c.Why)
	if err == nil {
		c.When, err = dateOf(when)
	}
	return c, err
}
