package workshop

import (
	"context"
	"fmt"
	"image"
	"strings"
)

// dropFolder removes the files of a folder from b.
func dropFolder(b map[string][]byte, folder string) {
	for name := range b {
		if strings.HasPrefix(name, folder) {
			delete(b, name)
		}
	}
}

// chunkTiles is how many tiles side by side are read at once: enough that strips of
// a picture are not read again for each, few enough that they fit into memory.
const chunkTiles = 8

// streamTiles makes the pyramid that addTiles makes, of a picture that is read a
// window at a time, from the top down. It holds about a row of tiles of each level.
func streamTiles(ctx context.Context, b map[string][]byte, folder string, size image.Point, read func(image.Rectangle) (*image.RGBA, error)) error {
	top := newBand(b, folder, topLevel(size.X, size.Y), size)
	const rows = tileSide
	for y := 0; y < size.Y; y += rows {
		if err := ctx.Err(); err != nil {
			return err
		}
		strip := image.NewRGBA(image.Rect(0, 0, size.X, min(rows, size.Y-y)))
		for x := 0; x < size.X; x += chunkTiles * tileSide {
			r := image.Rect(x, y, min(x+chunkTiles*tileSide, size.X), y+strip.Rect.Dy())
			part, err := read(r)
			if err != nil {
				return err
			}
			for j := range part.Rect.Dy() {
				copy(strip.Pix[j*strip.Stride+4*x:], part.Pix[j*part.Stride:][:4*part.Rect.Dx()])
			}
		}
		if err := top.add(strip); err != nil {
			return err
		}
	}
	return nil
}

// A band is the rows of one level from which tiles are still to be cut.
type band struct {
	b      map[string][]byte
	folder string
	level  int
	size   image.Point
	rows   *image.RGBA // held rows
	first  int         // the row of the level that rows begin with
	held   int         // rows that are filled
	next   int         // the row of tiles to cut next
	odd    []uint8     // a row that waits for the one below to be halved with; nil if none
	below  *band       // the level of half the size; nil under level 0
}

func newBand(b map[string][]byte, folder string, level int, size image.Point) *band {
	d := &band{b: b, folder: folder, level: level, size: size}
	d.rows = image.NewRGBA(image.Rect(0, 0, size.X, min(size.Y, 2*tileSide+2*tileOverlap)))
	if level > 0 {
		d.below = newBand(b, folder, level-1, image.Pt((size.X+1)/2, (size.Y+1)/2))
	}
	return d
}

// add takes the rows that follow, at most a tile's side of them.
func (d *band) add(rows *image.RGBA) error {
	n := rows.Rect.Dy()
	for y := range n {
		copy(d.rows.Pix[(d.held+y)*d.rows.Stride:][:4*d.size.X], rows.Pix[y*rows.Stride:])
	}
	d.held += n
	if err := d.halve(rows); err != nil {
		return err
	}
	for d.ready() {
		if err := d.cut(); err != nil {
			return err
		}
	}
	return nil
}

// last is the row of the level after the last that is held.
func (d *band) last() int { return d.first + d.held }

// ready says that all rows of the next row of tiles are held.
func (d *band) ready() bool {
	return d.next*tileSide < d.size.Y && d.last() >= min((d.next+1)*tileSide+tileOverlap, d.size.Y)
}

// cut cuts a row of tiles and lets go of the rows that no other tile needs.
func (d *band) cut() error {
	top := d.next * tileSide
	level := image.Rectangle{Max: d.size}
	for col := 0; col*tileSide < d.size.X; col++ {
		tile := image.Rect(col*tileSide, top, (col+1)*tileSide, top+tileSide).Inset(-tileOverlap).Intersect(level)
		text, err := encodeJPEG(d.rows.SubImage(tile.Sub(image.Pt(0, d.first))), tileQuality)
		if err != nil {
			return fmt.Errorf("tile: %w", err)
		}
		d.b[fmt.Sprintf("%s%d/%d_%d.jpg", d.folder, d.level, col, d.next)] = text
	}
	d.next++
	keep := min(max(d.next*tileSide-tileOverlap, d.first), d.last())
	copy(d.rows.Pix, d.rows.Pix[(keep-d.first)*d.rows.Stride:d.held*d.rows.Stride])
	d.held -= keep - d.first
	d.first = keep
	return nil
}

// halve hands the rows on at half their size. A lone last row of the level is
// halved with itself.
func (d *band) halve(rows *image.RGBA) error {
	if d.below == nil {
		return nil
	}
	pix, n := rows.Pix, rows.Rect.Dy()
	if rows.Stride != 4*d.size.X {
		return fmt.Errorf("rows of %d bytes, want %d", rows.Stride, 4*d.size.X)
	}
	if d.odd != nil {
		pix, n = append(d.odd, pix...), n+1
		d.odd = nil
	}
	if n%2 == 1 && d.last() < d.size.Y {
		n--
		d.odd = append([]uint8(nil), pix[n*rows.Stride:(n+1)*rows.Stride]...)
	}
	if n == 0 {
		return nil
	}
	return d.below.add(halve(&image.RGBA{Pix: pix, Stride: rows.Stride, Rect: image.Rect(0, 0, d.size.X, n)}))
}
