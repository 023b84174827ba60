package decode

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math"
	"sync"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/geo"
)

// A File is a picture file of which parts are read as they are asked for, so that a
// picture far larger than memory can be looked at and cropped. A TIFF is read by its
// strips or tiles and by its overviews; other formats are decoded whole when their
// first pixels are asked for, and then kept. Its methods may be called from any number
// of goroutines.
type File struct {
	Format        string
	Width, Height int // pixels, upright

	r     io.ReaderAt
	size  int64
	lim   Limits
	tiff  *tiffPicture                   // nil for other formats
	head  header                         // of other formats
	whole func() (p *Picture, err error) // of other formats
}

// Open reads the header of the file that r holds in size bytes. r is read from for as
// long as the File is used.
func Open(r io.ReaderAt, size int64, lim Limits) (*File, error) {
	f := &File{r: r, size: size, lim: lim}
	if lim.MaxBytes > 0 && size > lim.MaxBytes {
		return nil, tooLargef("file: %d bytes, the limit is %d", size, lim.MaxBytes)
	}
	first := make([]byte, min(size, 1024))
	if _, err := r.ReadAt(first, 0); err != nil && err != io.EOF {
		return nil, corruptf("file: %v", err)
	}
	var err error
	if f.Format, err = sniff(first); err != nil {
		return nil, err
	}
	if f.Format == "tiff" {
		if f.tiff, err = newTIFFPicture(fileSource{r, size}); err != nil {
			return nil, err
		}
		f.Width, f.Height = f.tiff.upright()
		return f, nil
	}
	return f, f.openWhole()
}

// openWhole reads the header of a format that is decoded whole.
func (f *File) openWhole() error {
	data, err := f.bytes()
	if err != nil {
		return err
	}
	if f.head, err = codecs[f.Format].header(data, Limits{MaxMemory: math.MaxInt64}); err != nil {
		return err
	}
	f.Width, f.Height = f.head.width, f.head.height
	if f.head.turn().swaps() {
		f.Width, f.Height = f.Height, f.Width
	}
	f.whole = sync.OnceValues(func() (*Picture, error) {
		data, err := f.bytes()
		if err != nil {
			return nil, err
		}
		return Decode(data, f.lim)
	})
	return nil
}

func (f *File) bytes() ([]byte, error) {
	data := make([]byte, f.size)
	if _, err := io.ReadFull(io.NewSectionReader(f.r, 0, f.size), data); err != nil {
		return nil, corruptf("file: %v", err)
	}
	return data, nil
}

// Georeference returns where the picture's stored grid lies; ok is false where the file
// does not say.
func (f *File) Georeference() (g geo.Georeference, ok bool) {
	if m := f.header().meta.geo; m != nil && m.HasGrid {
		return *m, true
	}
	return g, false
}

// Place says where the picture's stored grid lies, as a world file beside it does, and
// what was odd about that. A placed picture is never turned by its EXIF, because the
// place counts stored pixels. It comes before anything else is asked of the File.
func (f *File) Place(g geo.Georeference) {
	h := f.header()
	h.meta.geo = &g
	f.Width, f.Height = h.width, h.height
	if f.whole == nil {
		return
	}
	whole := f.whole
	f.whole = sync.OnceValues(func() (*Picture, error) {
		p, err := whole()
		if err == nil {
			p.Place(g)
		}
		return p, err
	})
}

func (f *File) header() *header {
	if f.tiff != nil {
		return &f.tiff.head
	}
	return &f.head
}

// Window reads a part of the picture, reduced to at most maxPixels (0: not reduced). Of
// a TIFF only the strips or tiles that the part touches are read, from the smallest
// overview that is fine enough, so memory follows the part and not the picture. Reduced
// pixels are means of the valid ones they stand for; of a palette, the middle one.
func (f *File) Window(win Window, maxPixels int64) (*Part, error) {
	if f.tiff != nil {
		return f.tiff.part(win, maxPixels, f.lim)
	}
	p, err := f.whole()
	if err != nil {
		return nil, err
	}
	return p.part(win, maxPixels)
}

// Survey reads the whole picture, every strip and tile of it and no overview, and returns
// a copy reduced to at most maxPixels: what can't be surveyed is broken or too large.
func (f *File) Survey(maxPixels int64) (*Part, error) {
	if f.tiff == nil {
		return f.Window(Window{}, maxPixels)
	}
	if n := f.lim.MaxPixels; n > 0 && int64(f.Width) > n/int64(f.Height) {
		return nil, tooLargef("tiff: %d × %d px, the limit is %d px in all: "+cropIt, f.Width, f.Height, n)
	}
	whole := *f.tiff
	whole.page.overviews = nil
	return whole.part(Window{}, maxPixels, f.lim)
}

// maxStretched is how many pixels of a picture its Stretch is taken of.
const maxStretched = 1 << 20

// Stretch returns the range by which every part of the picture is shown, from a copy
// of the whole picture reduced to a million pixels.
func (f *File) Stretch() (Stretch, error) {
	p, err := f.Window(Window{}, maxStretched)
	if err != nil {
		return Stretch{}, err
	}
	return p.Stretch(), nil
}

// Stretch returns the range that shows a part which is the whole picture.
func (p *Part) Stretch() Stretch {
	st := p.Picture.Stretch()
	if st.Of != "" && p.StepX > 1 {
		st.Of = fmt.Sprintf("the whole picture at %d × %d px", p.Picture.Width, p.Picture.Height)
	}
	return st
}

// Stat describes the file without its pixels: their digests are empty.
func (f *File) Stat() (Info, error) {
	sum := sha256.New()
	if _, err := io.Copy(sum, io.NewSectionReader(f.r, 0, f.size)); err != nil {
		return Info{}, fmt.Errorf("decode file: %w", err)
	}
	info := describe(f.Format, f.size, *f.header())
	info.SHA256 = hex.EncodeToString(sum.Sum(nil))
	return info, nil
}

// Info describes the file and hashes its pixels, all of which it reads. Of a picture
// that is too large to decode it gives what Stat gives, and says so in a warning.
func (f *File) Info() (Info, error) {
	info, err := f.Stat()
	if err != nil {
		return Info{}, err
	}
	info.RGBASHA256, info.SamplesSHA256, err = f.digests()
	if errors.Is(err, imagery.ErrTooLarge) {
		info.Warnings = append(info.Warnings, err.Error())
		return info, nil
	}
	return info, err
}

func (f *File) digests() (rgba, stored string, err error) {
	if f.tiff == nil {
		p, err := f.whole()
		if err != nil {
			return "", "", err
		}
		d := newDigester(p.samples)
		d.add(p.samples)
		rgba, stored = d.sums()
		return rgba, stored, nil
	}
	l := f.tiff.full
	if err := l.check(f.lim); err != nil {
		return "", "", err
	}
	d := newDigester(l.samples())
	if err := l.eachBand(window{0, 0, l.width, l.height}, f.tiff.page.nodata(), d.add); err != nil {
		return "", "", err
	}
	rgba, stored = d.sums()
	return rgba, stored, nil
}

// part cuts a window out of a decoded picture.
func (p *Picture) part(win Window, maxPixels int64) (*Part, error) {
	win, err := win.within(p.Width, p.Height)
	if err != nil {
		return nil, err
	}
	s := p.samples
	stored := p.turn.stored(win, s.width, s.height)
	red := newReducer(s, stored, reduction(win, maxPixels))
	for y := stored.y; y < stored.y+stored.h; y++ {
		red.add(s.row(y))
	}
	return part(p.Format, p.head, red.done(), p.turn, win, "full size"), nil
}
