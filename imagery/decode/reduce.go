package decode

import (
	"fmt"
	"math"
)

// A reducer makes one pixel of k × k as rows come in.
type reducer struct {
	in, out   *samples
	win       window
	k         int
	rows      int // taken in
	sum       []float64
	count     []int32
	line      []float32
	by1, each bool // k is 1; pixels are picked and not averaged
}

// newReducer reduces the window win of rows shaped like in's.
func newReducer(in *samples, win window, k int) *reducer {
	out := *in
	out.width, out.height = (win.w+k-1)/k, (win.h+k-1)/k
	out.pix = make([]byte, out.stride()*out.height)
	out.valid = nil
	r := &reducer{in: in, out: &out, win: win, k: k, by1: k == 1, each: in.colour == indexed || in.key != nil}
	if !r.by1 && !r.each {
		r.sum = make([]float64, out.width*out.bands)
		r.count = make([]int32, out.width*out.bands)
		r.line = make([]float32, win.w)
	}
	if in.valid != nil {
		out.valid = make([]uint8, out.width*out.height)
		for y := range out.height {
			for x := range out.width {
				sy, sx := win.y+min(win.h-1, y*k+k/2), win.x+min(win.w-1, x*k+k/2)
				out.valid[y*out.width+x] = in.valid[sy*in.width+sx]
			}
		}
	}
	return r
}

// add takes in the next row, which begins at column 0 of the stored picture.
func (r *reducer) add(row []byte) {
	pixel := r.in.bands * r.in.kind.size()
	row = row[r.win.x*pixel : (r.win.x+r.win.w)*pixel]
	y := r.rows / r.k
	switch {
	case r.by1:
		copy(r.out.row(y), row)
	case r.each:
		if r.rows%r.k == min(r.k/2, r.win.h-1-y*r.k) {
			to := r.out.row(y)
			for x := range r.out.width {
				at := min(r.win.w-1, x*r.k+r.k/2) * pixel
				copy(to[x*pixel:(x+1)*pixel], row[at:])
			}
		}
	default:
		r.sumUp(row)
		if (r.rows+1)%r.k == 0 || r.rows+1 == r.win.h {
			r.flush(r.out.row(y))
		}
	}
	r.rows++
}

func (r *reducer) sumUp(row []byte) {
	n := r.in.bands
	nodata, has := float32(0), r.in.nodata != nil
	if has {
		nodata = float32(*r.in.nodata)
	}
	for b := range n {
		r.in.band(row, b, r.line)
		for x := range r.out.width {
			sum, count := 0.0, int32(0)
			for _, v := range r.line[x*r.k : min((x+1)*r.k, len(r.line))] {
				if v-v == 0 && !(has && v == nodata) {
					sum += float64(v)
					count++
				}
			}
			r.sum[x*n+b] += sum
			r.count[x*n+b] += count
		}
	}
}

// flush writes a row of means; where nothing was valid, nodata.
func (r *reducer) flush(to []byte) {
	size := r.out.kind.size()
	for i, c := range r.count {
		v := math.NaN()
		switch {
		case c > 0:
			v = r.sum[i] / float64(c)
		case r.in.nodata != nil:
			v = *r.in.nodata
		}
		if r.out.kind != f32 && r.out.kind != f64 {
			v = math.Round(v)
		}
		copy(to[i*size:(i+1)*size], r.out.kind.encode(v))
		r.sum[i], r.count[i] = 0, 0
	}
}

func (r *reducer) done() *samples { return r.out }

func overviewName(o *tiffLayout) string {
	return fmt.Sprintf("overview of %d × %d px", o.width, o.height)
}
