package decode

import (
	"strconv"
	"strings"
)

// A tiffPage is one picture of a TIFF with its copies.
type tiffPage struct {
	dir       tiffDir
	overviews []tiffDir // from large to small
	mask      *tiffDir
	pages     int
}

// Bits of NewSubfileType.
const (
	subReduced = 1
	subMask    = 4
)

// page finds the first picture of full size, its overviews and its mask.
func (f *tiffFile) page() (tiffPage, error) {
	var p tiffPage
	seen := map[int64]bool{}
	for off := f.first; off != 0 && !seen[off] && len(seen) < maxTIFFPages; {
		seen[off] = true
		d, next, err := f.dir(off)
		if err != nil {
			if p.pages == 0 {
				return p, err
			}
			break // a broken later page leaves the first one readable
		}
		p.add(d)
		off = next
	}
	if p.pages == 0 {
		return p, corruptf("tiff: no picture in it (cut off? fetch the file again)")
	}
	for _, off := range p.dir.ints(tagSubIFDs) {
		if d, _, err := f.dir(off); err == nil && !seen[off] && len(seen) < maxTIFFPages {
			seen[off] = true
			if sub := d.int(tagSubfileType, 0); sub&(subReduced|subMask) != 0 {
				p.add(d)
			}
		}
	}
	return p, nil
}

// add files a directory under the first picture.
func (p *tiffPage) add(d tiffDir) {
	sub := d.int(tagSubfileType, 0)
	w, h := d.int(tagWidth, 0), d.int(tagHeight, 0)
	switch same := p.pages > 0 && w == p.dir.int(tagWidth, 0) && h == p.dir.int(tagHeight, 0); {
	case p.pages == 0:
		p.dir, p.pages = d, 1
	case sub&subMask != 0:
		if same && p.pages == 1 && p.mask == nil {
			p.mask = &d
		}
	case sub&subReduced != 0:
		if p.pages == 1 {
			p.overviews = append(p.overviews, d)
		}
	default:
		p.pages++
	}
}

// A tiffPicture is a TIFF whose first picture was found and not read yet.
type tiffPicture struct {
	page tiffPage
	full *tiffLayout
	head header
}

func newTIFFPicture(src source) (*tiffPicture, error) {
	f, err := newTIFF(src)
	if err != nil {
		return nil, err
	}
	p, err := f.page()
	if err != nil {
		return nil, err
	}
	l, err := p.dir.layout()
	if err != nil {
		return nil, err
	}
	t := &tiffPicture{page: p, full: l, head: p.header(l)}
	if p.dir.has(tagXMP) || p.dir.has(tagIPTC) || p.dir.has(tagPhotoshop) {
		t.head.meta.published("tiff", src.reader())
	}
	return t, nil
}

func tiffHeader(data []byte, lim Limits) (header, error) {
	t, err := newTIFFPicture(memory(data))
	if err != nil {
		return header{}, err
	}
	return t.head, t.full.check(lim)
}

// header describes the first picture.
func (p tiffPage) header(l *tiffLayout) header {
	h := header{
		width: l.width, height: l.height, bands: l.bands, kind: l.kind, bits: l.bits, colour: l.colour(), alpha: l.alpha >= 0,
		compression: tiffCompressions[l.compression], pages: p.pages, mask: p.mask != nil,
		orientation: int(p.dir.int(tagOrientation, 1)), warnings: l.warnings,
	}
	if l.float && l.kind == f32 {
		h.bits = 32
	}
	for _, o := range p.overviews {
		h.overviews = append(h.overviews, [2]int{int(o.int(tagWidth, 0)), int(o.int(tagHeight, 0))})
	}
	h.meta.tellsTIFF(p.dir)
	h.meta.camera(p.dir)
	h.warnings = append(h.warnings, h.meta.geotiff(p.dir)...)
	h.meta.c2pa = p.dir.has(tagC2PA)
	if h.orientation > 1 && h.meta.geo != nil {
		h.warnings = append(h.warnings, "orientation "+strconv.Itoa(h.orientation)+" is left aside: the picture is georeferenced")
	}
	return h
}

// colour says what the bands of the decoded picture mean.
func (l *tiffLayout) colour() colour {
	switch l.photo {
	case photoWhiteIsZero:
		if l.kind == u8 || l.kind == u16 || l.kind == u32 {
			return l.single(inverse)
		}
		return l.single(grey)
	case photoBlackIsZero, photoMask:
		return l.single(grey)
	case photoRGB:
		return rgb
	case photoYCbCr:
		return rgb
	case photoPalette:
		if l.kind == u8 {
			return indexed
		}
	case photoCMYK:
		return cmyk
	case photoLab:
		return lab
	}
	return other
}

// single is c where no band stands beside it but alpha.
func (l *tiffLayout) single(c colour) colour {
	if l.bands == 1 || l.bands == 2 && l.alpha == 1 {
		return c
	}
	return other
}

func tiffPixels(data []byte, lim Limits) (*samples, error) {
	t, err := newTIFFPicture(memory(data))
	if err != nil {
		return nil, err
	}
	if err := t.full.check(lim); err != nil {
		return nil, err
	}
	all := window{0, 0, t.full.width, t.full.height}
	s, err := t.full.readReduced(all, 1, t.page.nodata())
	if err == nil && t.page.mask != nil {
		s.valid = t.page.maskPart(t.full, all, 1, s.width, s.height, lim)
	}
	return s, err
}

// samples returns the picture that the layout decodes to, without pixels.
func (l *tiffLayout) samples() *samples {
	s := &samples{width: l.width, height: l.height, bands: l.bands, kind: l.kind, bits: l.bits,
		colour: l.colour(), alpha: l.alpha, premultiplied: l.premultiplied}
	if s.colour == indexed {
		s.palette = l.palette()
	}
	return s
}

// palette reads ColorMap: all reds, all greens, all blues, of 16 bits. Old writers left
// 8-bit numbers in it, which show by none being above 255.
func (l *tiffLayout) palette() [][4]uint8 {
	m := l.dir.ints(tagColorMap)
	n := len(m) / 3
	shift := 0
	for _, v := range m {
		if v > 255 {
			shift = 8
		}
	}
	out := make([][4]uint8, n)
	for i := range out {
		out[i] = [4]uint8{uint8(m[i] >> shift), uint8(m[n+i] >> shift), uint8(m[2*n+i] >> shift), 255}
	}
	return out
}

// nodata reads GDAL's text.
func (p tiffPage) nodata() *float64 {
	s := strings.TrimSpace(p.dir.text(tagGDALNodata))
	if v, err := strconv.ParseFloat(s, 64); err == nil {
		return &v
	}
	return nil
}

// maskLayout finds the picture's mask.
func (p tiffPage) maskLayout() (*tiffLayout, error) {
	l, err := p.mask.layout()
	if err == nil && (l.bands != 1 || l.kind != u8) {
		err = unsupportedf("tiff: a mask of %d bands of %s", l.bands, l.kind)
	}
	return l, err
}
