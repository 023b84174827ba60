package vector

import "golang.org/x/sys/cpu"

// avx says whether the processor and the system know AVX.
var avx = cpu.X86.HasAVX

func wideFour(y, x []Group, n, out, in int, w *[3]Turn) bool {
	if avx {
		butterfly4(&y[0], &x[0], n, out, in, w)
	}
	return avx
}

func wideTwo(y, x []Group, n, out, in int, w Turn) bool {
	if avx {
		butterfly2(&y[0], &x[0], n, out, in, w[0], w[1])
	}
	return avx
}

// wideFilter, wideAdd, wideAddProduct and wideCubic return how many samples they have done: all
// whole blocks, or none.

func wideFilter(dst, src []float32, at, step int, taps []float32) int {
	n := whole(len(dst))
	if !avx || n == 0 {
		return 0
	}
	filter(&dst[0], &src[at], n, 4*step, &taps[0], len(taps))
	return n
}

func wideAdd(dst, a []float32) int {
	n := whole(len(dst))
	if !avx || n == 0 {
		return 0
	}
	add(&dst[0], &a[0], n)
	return n
}

func wideAddProduct(dst, a, b []float32) int {
	n := whole(len(dst))
	if !avx || n == 0 {
		return 0
	}
	addProduct(&dst[0], &a[0], &b[0], n)
	return n
}

func wideCubic(dst, pix []float32, stride int, at []int, s, t []float32) int {
	n := whole(len(dst))
	if !avx || n == 0 {
		return 0
	}
	cubic(&dst[0], &pix[0], 4*stride, &at[0], &s[0], &t[0], n)
	return n
}

func wideDot(sums *[block]float32, a, b []float32) bool {
	n := whole(len(a))
	if !avx || n == 0 {
		return false
	}
	dot(sums, &a[0], &b[0], n)
	return true
}

func wideDots(sums *[4][block]float32, a, b, c, d []float32) bool {
	n := whole(len(a))
	if !avx || n == 0 {
		return false
	}
	dots(sums, &a[0], &b[0], &c[0], &d[0], n)
	return true
}

// Below, n is not 0 and, where it counts samples, a multiple of block; step and stride are in bytes.

//go:noescape
func butterfly4(y, x *Group, n, out, in int, w *[3]Turn)

//go:noescape
func butterfly2(y, x *Group, n, out, in int, wr, wi float32)

//go:noescape
func filter(dst, src *float32, n, step int, taps *float32, ntaps int)

//go:noescape
func add(dst, a *float32, n int)

//go:noescape
func addProduct(dst, a, b *float32, n int)

//go:noescape
func cubic(dst, pix *float32, stride int, at *int, s, t *float32, n int)

//go:noescape
func dot(sums *[block]float32, a, b *float32, n int)

//go:noescape
func dots(sums *[4][block]float32, a, b, c, d *float32, n int)
