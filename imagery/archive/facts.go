package archive

import (
	"context"
	"database/sql"
	"fmt"
	"math/bits"
	"slices"
	"strconv"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/sqlite"
)

// Facts are what reading an original told of it, so that lists and the search for
// near-duplicates need not read it again. They follow from the bytes and are no
// part of the custody log.
type Facts struct {
	Format        string // "png", "jpeg", "tiff" …; "" if not known
	Width, Height int    // pixels, upright; 0 if not known
	Perceptual    uint64 // 64 bits that look-alikes share most of; 0 if not known
}

// SetFacts keeps what reading the original d told of it. Zero fields leave what is kept.
func (a *Archive) SetFacts(ctx context.Context, d imagery.Digest, f Facts) error {
	err := a.write(ctx, func(tx *sql.Tx) error {
		if _, err := sizeOf(ctx, tx, d); err != nil {
			return err
		}
		return a.setFacts(ctx, tx, d, f)
	})
	if err != nil {
		return fmt.Errorf("archive: set facts: %w", err)
	}
	return nil
}

func (a *Archive) setFacts(ctx context.Context, tx *sql.Tx, d imagery.Digest, f Facts) error {
	_, err := tx.ExecContext(ctx, `UPDATE originals SET
		format = CASE WHEN $2 = '' THEN format ELSE $2 END,
		width = CASE WHEN $3 = 0 THEN width ELSE $3 END,
		height = CASE WHEN $4 = 0 THEN height ELSE $4 END,
		perceptual = CASE WHEN $5 = '' THEN perceptual ELSE $5 END
		WHERE digest = $1`, d.String(), f.Format, f.Width, f.Height, hashText(f.Perceptual))
	return err
}

// A Likeness is an image that looks like another.
type Likeness struct {
	Record
	Bits int // perceptual hash bits that differ, 0 to 64
}

// LookAlikes returns the images, in any location, whose perceptual hash differs from
// h in at most most bits, nearest first. Those of the original except are left out.
func (a *Archive) LookAlikes(ctx context.Context, h uint64, most int, except imagery.Digest) (ls []Likeness, err error) {
	if h == 0 {
		return nil, nil
	}
	err = a.read(ctx, func(tx *sql.Tx) error {
		near, err := nearTo(ctx, tx, h, most)
		for _, n := range near {
			if n.digest == except.String() {
				continue
			}
			recs, err := sqlite.Collect(ctx, tx, scanRecord, selectRecords+` WHERE i.digest = $1 ORDER BY i.location, i.file`, n.digest)
			if err != nil {
				return err
			}
			for _, r := range recs {
				ls = append(ls, Likeness{r, n.bits})
			}
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("archive: look for look-alikes: %w", err)
	}
	return ls, nil
}

type neighbour struct {
	digest string
	bits   int
}

// nearTo looks through the hashes of all originals.
func nearTo(ctx context.Context, tx *sql.Tx, h uint64, most int) ([]neighbour, error) {
	all, err := sqlite.Collect(ctx, tx, func(row sqlite.Row) (n neighbour, err error) {
		var text string
		if err = row.Scan(&n.digest, &text); err != nil {
			return n, err
		}
		other, err := parseHash(text)
		n.bits = bits.OnesCount64(h ^ other)
		return n, err
	}, `SELECT digest, perceptual FROM originals WHERE perceptual <> '' ORDER BY digest`)
	all = slices.DeleteFunc(all, func(n neighbour) bool { return n.bits > most })
	slices.SortStableFunc(all, func(a, b neighbour) int { return a.bits - b.bits })
	return all, err
}

func parseHash(s string) (uint64, error) {
	if s == "" {
		return 0, nil
	}
	return strconv.ParseUint(s, 16, 64)
}
