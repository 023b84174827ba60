package align

import "github.com/antequem/antequem/imagery/raster"

// against multiplies f by the conjugate of s.
func against(f, s raster.Complex) {
	ar, ai, br, bi := s.Re, s.Im, f.Re, f.Im
	ai, br, bi = ai[:len(ar)], br[:len(ar)], bi[:len(ar)]
	for k, r := range ar {
		j := ai[k]
		br[k], bi[k] = r*br[k]+j*bi[k], r*bi[k]-j*br[k]
	}
}

// join replaces f by the Hermitian half of f times the conjugate of s, plus i times that
// of g times the conjugate of t. g may be f.
func join(f, s, g, t raster.Complex) {
	n := f.W
	for y := range n/2 + 1 {
		i0, j0 := y*n, (n-y)*n
		last := n
		if y == 0 || 2*y == n { // its own mirror
			j0, last = i0, n/2+1
		}
		for x := range last {
			i, j := i0+x, j0
			if x > 0 {
				j += n - x
			}
			pr, pi := s.Re[i]*f.Re[i]+s.Im[i]*f.Im[i], s.Re[i]*f.Im[i]-s.Im[i]*f.Re[i]
			qr, qi := s.Re[j]*f.Re[j]+s.Im[j]*f.Im[j], s.Re[j]*f.Im[j]-s.Im[j]*f.Re[j]
			ur, ui := t.Re[i]*g.Re[i]+t.Im[i]*g.Im[i], t.Re[i]*g.Im[i]-t.Im[i]*g.Re[i]
			vr, vi := t.Re[j]*g.Re[j]+t.Im[j]*g.Im[j], t.Re[j]*g.Im[j]-t.Im[j]*g.Re[j]
			hr, hi, kr, ki := (pr+qr)/2, (pi-qi)/2, (ur+vr)/2, (ui-vi)/2
			f.Re[i], f.Im[i] = hr-ki, hi+kr
			f.Re[j], f.Im[j] = hr+ki, kr-hi
		}
	}
}
