// Package vector holds the innermost loops of transforms, filters and correlations: on
// amd64 with AVX eight samples at a time, everywhere else in plain Go. Both do the same
// operations on every sample in the same order and fuse none, so that amd64 gives the
// same bytes with AVX and without.
//
// A slice that is too short for what is asked panics before anything is written.
package vector

import "slices"

// Lanes is how many sequences a [Group] holds a sample of.
const Lanes = 16

// A Group is one complex sample of each of as many sequences: real parts, then imaginary
// parts.
type Group [2 * Lanes]float32

// A Turn is a complex factor of magnitude 1: real and imaginary part.
type Turn [2]float32

// Four takes n butterflies of radix 4. The k-th reads x[k + in·i] and writes y[k + out·i],
// i from 0 to 3: the discrete Fourier transform of the four, of which all but the first
// are turned by w, unless w is nil.
func Four(y, x []Group, n, out, in int, w *[3]Turn) {
	if n == 0 {
		return
	}
	_, _ = y[:3*out+n], x[:3*in+n]
	if wideFour(y, x, n, out, in, w) {
		return
	}
	for k := range n {
		split(&y[k], &y[k+out], &y[k+2*out], &y[k+3*out], &x[k], &x[k+in], &x[k+2*in], &x[k+3*in])
		if w != nil {
			y[k+out].turn(w[0])
			y[k+2*out].turn(w[1])
			y[k+3*out].turn(w[2])
		}
	}
}

func split(o0, o1, o2, o3, a, b, c, d *Group) {
	for q := range Lanes {
		sr, si := a[q]+c[q], a[q+Lanes]+c[q+Lanes]
		tr, ti := a[q]-c[q], a[q+Lanes]-c[q+Lanes]
		ur, ui := b[q]+d[q], b[q+Lanes]+d[q+Lanes]
		vr, vi := b[q+Lanes]-d[q+Lanes], d[q]-b[q] // -i (b - d)
		o0[q], o0[q+Lanes] = sr+ur, si+ui
		o1[q], o1[q+Lanes] = tr+vr, ti+vi
		o2[q], o2[q+Lanes] = sr-ur, si-ui
		o3[q], o3[q+Lanes] = tr-vr, ti-vi
	}
}

func (g *Group) turn(w Turn) {
	for q := range Lanes {
		re, im := g[q], g[q+Lanes]
		g[q], g[q+Lanes] = w[0]*re-w[1]*im, w[0]*im+w[1]*re
	}
}

// Two takes n butterflies of radix 2: y[k] = x[k] + x[k+in], y[k+out] = w·(x[k] - x[k+in]).
func Two(y, x []Group, n, out, in int, w Turn) {
	if n == 0 {
		return
	}
	_, _ = y[:out+n], x[:in+n]
	if wideTwo(y, x, n, out, in, w) {
		return
	}
	for k := range n {
		a, b, o0, o1 := &x[k], &x[k+in], &y[k], &y[k+out]
		for q := range a {
			o0[q], o1[q] = a[q]+b[q], a[q]-b[q]
		}
		o1.turn(w)
	}
}

// Filter fills dst with a symmetric filter of src about src[at]: taps[0] times that
// sample, and taps[j] times the sum of those j·step before and after it.
func Filter(dst, src []float32, at, step int, taps []float32) {
	n, r := len(dst), (len(taps)-1)*step
	if n == 0 || len(taps) == 0 {
		return
	}
	_ = src[at-r : at+r+n]
	done := wideFilter(dst, src, at, step, taps)
	filterPlain(dst[done:], src, at+done, step, taps)
}

// filterPlain takes three pairs a pass, which keeps the sums in registers.
func filterPlain(dst, src []float32, at, step int, taps []float32) {
	n := len(dst)
	for x, v := range src[at:][:n] {
		dst[x] = taps[0] * v
	}
	j := 1
	for ; j+2 < len(taps); j += 3 {
		a, b := src[at-j*step:][:n], src[at+j*step:][:n]
		c, d := src[at-(j+1)*step:][:n], src[at+(j+1)*step:][:n]
		e, f := src[at-(j+2)*step:][:n], src[at+(j+2)*step:][:n]
		p, q, r := taps[j], taps[j+1], taps[j+2]
		for x, v := range dst {
			dst[x] = v + p*(a[x]+b[x]) + q*(c[x]+d[x]) + r*(e[x]+f[x])
		}
	}
	for ; j < len(taps); j++ {
		a, b, p := src[at-j*step:][:n], src[at+j*step:][:n], taps[j]
		for x, v := range dst {
			dst[x] = v + p*(a[x]+b[x])
		}
	}
}

// Add adds a, sample by sample, to dst, which is as long.
func Add(dst, a []float32) {
	a = a[:len(dst)]
	for i := wideAdd(dst, a); i < len(dst); i++ {
		dst[i] += a[i]
	}
}

// AddProduct adds a·b, sample by sample, to dst; the three are equally long.
func AddProduct(dst, a, b []float32) {
	a, b = a[:len(dst)], b[:len(dst)]
	for i := wideAddProduct(dst, a, b); i < len(dst); i++ {
		dst[i] += a[i] * b[i]
	}
}

// Cubic fills dst with pix, rows of stride samples, interpolated by Catmull and Rom's
// weights (Keys 1981, a = -1/2). Sample i lies among the 4 × 4 whose first is pix[at[i]],
// s[i] from the second to the third column and t[i] from the second to the third row.
func Cubic(dst, pix []float32, stride int, at []int, s, t []float32) {
	at, s, t = at[:len(dst)], s[:len(dst)], t[:len(dst)]
	if len(dst) == 0 {
		return
	}
	_, _ = pix[slices.Min(at)], pix[slices.Max(at)+3*stride+3]
	for i := wideCubic(dst, pix, stride, at, s, t); i < len(dst); i++ {
		a, b, from := Weights(s[i]), Weights(t[i]), pix[at[i]:]
		p, q, r, o := (*[4]float32)(from), (*[4]float32)(from[stride:]), (*[4]float32)(from[2*stride:]), (*[4]float32)(from[3*stride:])
		dst[i] = b[0]*(a[0]*p[0]+a[1]*p[1]+a[2]*p[2]+a[3]*p[3]) + b[1]*(a[0]*q[0]+a[1]*q[1]+a[2]*q[2]+a[3]*q[3]) +
			b[2]*(a[0]*r[0]+a[1]*r[1]+a[2]*r[2]+a[3]*r[3]) + b[3]*(a[0]*o[0]+a[1]*o[1]+a[2]*o[2]+a[3]*o[3])
	}
}

// Weights returns those of four samples for the position t, 0 to 1, between the second and
// the third: Catmull and Rom's.
func Weights(t float32) [4]float32 {
	return [4]float32{t * ((2-t)*t - 1) / 2, ((3*t-5)*t*t + 2) / 2, t * ((4-3*t)*t + 1) / 2, (t - 1) * t * t / 2}
}

// block is how many samples are taken at a time.
const block = 8

// whole returns how many of n samples fill whole blocks.
func whole(n int) int { return n &^ (block - 1) }

// Dot returns the dot product of a and b, which are equally long: the sum of eight, of
// every eighth sample, and of the rest.
func Dot(a, b []float32) float32 {
	b = b[:len(a)]
	done := whole(len(a))
	var sums [block]float32
	if !wideDot(&sums, a, b) {
		for k := range block {
			var s float32
			for i := k; i < done; i += block {
				s += a[i] * b[i]
			}
			sums[k] = s
		}
	}
	ab := sum(&sums)
	for k := done; k < len(a); k++ {
		ab += a[k] * b[k]
	}
	return ab
}

// Dots returns the dot products of a and of b with c and with d, all equally long, each
// summed as Dot does.
func Dots(a, b, c, d []float32) (ac, ad, bc, bd float32) {
	b, c, d = b[:len(a)], c[:len(a)], d[:len(a)]
	done := whole(len(a))
	var sums [4][block]float32
	if !wideDots(&sums, a, b, c, d) {
		dotsPlain(&sums, a[:done], b, c, d)
	}
	ac, ad, bc, bd = sum(&sums[0]), sum(&sums[1]), sum(&sums[2]), sum(&sums[3])
	for k := done; k < len(a); k++ {
		ac += a[k] * c[k]
		ad += a[k] * d[k]
		bc += b[k] * c[k]
		bd += b[k] * d[k]
	}
	return ac, ad, bc, bd
}

func dotsPlain(sums *[4][block]float32, a, b, c, d []float32) {
	b, c, d = b[:len(a)], c[:len(a)], d[:len(a)]
	for k := range block {
		var ac, ad, bc, bd float32
		for i := k; i < len(a); i += block {
			p, q, r, s := a[i], b[i], c[i], d[i]
			ac += p * r
			ad += p * s
			bc += q * r
			bd += q * s
		}
		sums[0][k], sums[1][k], sums[2][k], sums[3][k] = ac, ad, bc, bd
	}
}

func sum(v *[block]float32) float32 {
	return ((v[0] + v[4]) + (v[2] + v[6])) + ((v[1] + v[5]) + (v[3] + v[7]))
}
