// Package raster holds pixels and their arithmetic: bands of float32 samples, the
// valid mask beside them, pyramids, resampling and warping. It is pure: no files,
// no clock, no randomness, and the same bytes out whatever the number of workers.
//
// Sample (x, y) of a plane is the value at the centre of that pixel: x right, y
// down, (0, 0) the centre of the top left one. What has no data is said by the
// mask alone; a plane never holds NaN or Inf.
package raster

// A Plane is one band: W × H samples, row by row, without padding.
type Plane struct {
	W, H int
	Pix  []float32 // len W*H; finite
}

// NewPlane returns a plane of zeros.
func NewPlane(w, h int) Plane { return Plane{W: w, H: h, Pix: make([]float32, w*h)} }

// Row returns row y, sharing memory with p.
func (p Plane) Row(y int) []float32 { return p.Pix[y*p.W : (y+1)*p.W] }

// At returns the sample at (x, y), which must lie inside.
func (p Plane) At(x, y int) float32 { return p.Pix[y*p.W+x] }

// A Mask says where there is data: 1 valid, 0 not.
type Mask struct {
	W, H int
	Pix  []uint8 // len W*H, or nil: valid everywhere
}

// Valid says whether (x, y), which must lie inside, holds data.
func (m Mask) Valid(x, y int) bool { return m.Pix == nil || m.Pix[y*m.W+x] != 0 }

// A Raster is one or more bands on one grid, with one valid mask.
type Raster struct {
	Bands []Plane // all of one size; 1 grey, 3 red green blue, or a sensor's own
	Valid Mask
}

// Size returns width and height in pixels; 0, 0 without bands.
func (r Raster) Size() (w, h int) {
	if len(r.Bands) == 0 {
		return 0, 0
	}
	return r.Bands[0].W, r.Bands[0].H
}

// Luma returns one plane of brightness: Rec. 601's weights for three or four
// bands, taken as red, green and blue, the mean of all bands otherwise.
func (r Raster) Luma() Plane {
	w, h := r.Size()
	if len(r.Bands) == 1 {
		return r.Bands[0]
	}
	out := NewPlane(w, h)
	if n := len(r.Bands); n == 3 || n == 4 {
		red, green, blue := r.Bands[0].Pix, r.Bands[1].Pix, r.Bands[2].Pix
		for i := range out.Pix {
			out.Pix[i] = 0.299*red[i] + 0.587*green[i] + 0.114*blue[i]
		}
		return out
	}
	k := 1 / float32(len(r.Bands))
	for _, b := range r.Bands {
		for i, v := range b.Pix {
			out.Pix[i] += k * v
		}
	}
	return out
}

// Crop copies the w × h pixels of r from (x, y), which must lie inside. A mask that is
// valid everywhere stays without samples.
func (r Raster) Crop(x, y, w, h int) Raster {
	var out Raster
	for _, b := range r.Bands {
		p := NewPlane(w, h)
		for j := range h {
			copy(p.Row(j), b.Row(y + j)[x:x+w])
		}
		out.Bands = append(out.Bands, p)
	}
	if r.Valid.Pix != nil {
		out.Valid = Mask{W: w, H: h, Pix: make([]uint8, 0, w*h)}
		for j := range h {
			out.Valid.Pix = append(out.Valid.Pix, r.Valid.Pix[(y+j)*r.Valid.W+x:][:w]...)
		}
	}
	return out
}

// FillMean writes the mean of p's valid samples where there is no data, so that a filter
// draws nothing wild from there. Where nothing is valid p stays as it is.
func (p Plane) FillMean(valid Mask) {
	var sum float64
	n := 0
	for i, ok := range valid.Pix {
		if ok != 0 {
			sum += float64(p.Pix[i])
			n++
		}
	}
	if n == 0 || n == len(valid.Pix) {
		return
	}
	mean := float32(sum / float64(n))
	for i, ok := range valid.Pix {
		if ok == 0 {
			p.Pix[i] = mean
		}
	}
}
