package change

import "math"

// ln returns the natural logarithm of a positive, normal x to 2e-7 at worst beside 1: a
// tenth of what a score, of 16 bits, can show.
func ln(x float32) float32 {
	const middle = 0x3f3504f3 // √½, from where a mantissa is taken to √2
	bits := math.Float32bits(x) - middle
	m := math.Float32frombits(bits&0x7fffff + middle)
	t := (m - 1) / (m + 1)
	s := t * t
	return float32(int32(bits)>>23)*math.Ln2 + 2*t*(1+s*(1.0/3+s*(1.0/5+s*(1.0/7))))
}

// exp returns e to the x, for x from -80 to 80, to a millionth of itself times the size of x.
func exp(x float32) float32 {
	n := float32(int32(x*math.Log2E+128.5) - 128)
	t := x - n*math.Ln2
	y := 1 + t*(1+t*(1.0/2+t*(1.0/6+t*(1.0/24+t*(1.0/120+t*(1.0/720))))))
	return y * math.Float32frombits(uint32(int32(n)+127)<<23)
}
