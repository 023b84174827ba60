package synth_test

import (
	"bytes"
	"image"
	"math"
	"testing"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/samples/synth"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// plain is a small, sharp, noiseless look at the middle of the town, straight
// down, so that everything lies where ToMoving says.
func plain(scale, turn, dx, dy float64) synth.Spec {
	return synth.Spec{
		Town: 5, Look: 1, W: 240, H: 200, ToMoving: synth.Similarity(240, 200, scale, turn, dx, dy),
		SunAz: 150, SunEl: 50, Leaf: 1, Green: 0.5, Blur: 0.7, Bare: true,
	}
}

func TestEqualSpecsGiveEqualBytes(t *testing.T) {
	s := plain(1, 7, 3.25, -2.5)
	s.Noise, s.JPEG, s.Cloud = 3, 80, 0.2
	a, _ := synth.Draw(s)
	b, _ := synth.Draw(s)
	if !bytes.Equal(a.Pix, b.Pix) {
		t.Error("two drawings of one spec differ")
	}
	s.Look++
	if c, _ := synth.Draw(s); bytes.Equal(a.Pix, c.Pix) {
		t.Error("another look, the same picture")
	}
}

func TestTheTruthIsWhereThePictureIs(t *testing.T) {
	for _, c := range []struct {
		name         string
		turn, dx, dy float64
	}{
		{"moved by a fraction of a pixel", 0, 0.4, -0.3},
		{"moved by several pixels", 0, 11.7, -6.2},
		{"turned", 12, 1.1, 2.3},
	} {
		t.Run(c.name, func(t *testing.T) {
			ref, _ := synth.Draw(plain(1, 0, 0, 0))
			spec := plain(1, c.turn, c.dx, c.dy)
			mov, truth := synth.Draw(spec)
			m := compose(truth.ToMoving, invertShift(plain(1, 0, 0, 0).ToMoving))
			// Reading the moving picture where the truth says must explain the
			// reference better than reading it half a pixel beside, either way.
			at := mismatch(ref, mov, m, 0, 0)
			for _, off := range [][2]float64{{0.5, 0}, {-0.5, 0}, {0, 0.5}, {0, -0.5}} {
				if beside := mismatch(ref, mov, m, off[0], off[1]); beside < 1.5*at {
					t.Errorf("mean difference %.2f where the truth is, %.2f at %v beside it", at, beside, off)
				}
			}
			if x, y := vertex(ref, mov, m); math.Hypot(x, y) > 0.05 {
				t.Errorf("the difference is least %.3f, %.3f px beside the truth", x, y)
			}
		})
	}
}

func TestOnlyTheDamageAndItsShadowDiffer(t *testing.T) {
	s := synth.Spec{
		Town: 3, Look: 1, W: 1, H: 1, ToMoving: synth.Identity(), OffNadir: 8, LeanAz: 120,
		SunAz: 150, SunEl: 40, Leaf: 0.5, Green: 0.5, Blur: 0.6, Noise: 2, Bare: true,
	}
	_, truth := synth.Draw(s)
	x0, y0, w, h := frame(truth.Damage, 24)
	s.W, s.H = w, h
	s.ToMoving = [3][3]float64{{1, 0, -float64(x0)}, {0, 1, -float64(y0)}, {0, 0, 1}}
	whole, _ := synth.Draw(s)
	s.Damaged = true
	broken, truth := synth.Draw(s)
	inside, outside := 0, 0
	for y := range h {
		for x := range w {
			o := whole.PixOffset(x, y)
			if bytes.Equal(whole.Pix[o:o+3], broken.Pix[o:o+3]) {
				continue
			}
			if within(truth.Damage, float64(x0+x), float64(y0+y), 3) { // the blur reaches 3 px
				inside++
			} else {
				outside++
			}
		}
	}
	if inside < 1000 || outside > 0 {
		t.Errorf("%d pixels differ within the damage, %d outside it", inside, outside)
	}
	if !truth.Damaged || len(truth.Building) < 3 {
		t.Errorf("truth %+v", truth)
	}
}

func TestCloudHidesTheClinicAndSaysSo(t *testing.T) {
	for _, s := range synth.Training() {
		if s.File != "2016-04-26.jpg" && s.File != "2016-04-18.jpg" {
			continue
		}
		s.Spec.W, s.Spec.H = 8, 8 // the truth is the same however much is drawn
		_, truth := synth.Draw(s.Spec)
		if truth.Hidden != (s.Spec.Cloud > 0) {
			t.Errorf("%s: hidden is %v with cloud %g", s.File, truth.Hidden, s.Spec.Cloud)
		}
	}
}

func TestEveryTrainingPictureIsMarkedSynthetic(t *testing.T) {
	for _, s := range synth.Training() {
		if s.Spec.Bare {
			t.Errorf("%s carries no mark", s.File)
		}
	}
	s := plain(1, 0, 0, 0)
	bare, _ := synth.Draw(s)
	s.Bare = false
	marked, _ := synth.Draw(s)
	white := 0
	for y := s.H - 21; y < s.H-8; y++ {
		for x := 8; x < 8+7*9; x++ {
			if marked.NRGBAAt(x, y).R == 255 && bare.NRGBAAt(x, y).R != 255 {
				white++
			}
		}
	}
	if white < 9*10 { // nine letters of ten dots and more each
		t.Errorf("%d white dots in the corner, too few for nine letters", white)
	}
}

func TestNoSpecMakesDrawFail(t *testing.T) {
	hostile := rapid.OneOf(rapid.Float64(), rapid.SampledFrom([]float64{0, -1, 1e9, math.Inf(1), math.Inf(-1), math.NaN()}))
	rapid.Check(t, func(t *rapid.T) {
		f := func(name string) float64 { return hostile.Draw(t, name) }
		s := synth.Spec{
			Town: rapid.Uint64().Draw(t, "town"), W: rapid.IntRange(-2, 24).Draw(t, "w"), H: rapid.IntRange(-2, 24).Draw(t, "h"),
			Damaged: true, OffNadir: f("off"), LeanAz: f("lean"), SunAz: f("az"), SunEl: f("el"), Leaf: f("leaf"), Green: f("green"),
			Haze: f("haze"), Gain: f("gain"), Warm: f("warm"), Blur: f("blur"), Noise: f("noise"), JPEG: rapid.IntRange(-5, 200).Draw(t, "jpeg"),
			Cloud: f("cloud"), CloudAt: imagery.Point{X: f("cx"), Y: f("cy")},
		}
		for i := range 3 {
			for j := range 3 {
				s.ToMoving[i][j] = f("m")
			}
		}
		img, _ := synth.Draw(s)
		for i := 3; i < len(img.Pix); i += 4 {
			if img.Pix[i] != 255 {
				t.Fatalf("pixel %d is not opaque", i/4)
			}
		}
	})
}

func TestSimilarityKeepsTheCentre(t *testing.T) {
	got := synth.Apply(synth.Similarity(101, 51, 2, 30, 3, 4), imagery.Point{X: (synth.RefW - 1) / 2.0, Y: (synth.RefH - 1) / 2.0})
	if math.Hypot(got.X-53, got.Y-29) > 1e-9 {
		t.Errorf("the centre comes to %v, want (50+3, 25+4)", got)
	}
	// A quarter turn clockwise brings what lies to the right of the centre below it.
	m := synth.Similarity(synth.RefW, synth.RefH, 1, 90, 0, 0)
	right := synth.Apply(m, imagery.Point{X: (synth.RefW-1)/2.0 + 10, Y: (synth.RefH - 1) / 2.0})
	if d := cmp.Diff([2]float64{math.Round(right.X*2) / 2, math.Round(right.Y*2) / 2}, [2]float64{449.5, 359.5}); d != "" {
		t.Error(d)
	}
}

// invertShift inverts a map that only shifts.
func invertShift(m [3][3]float64) [3][3]float64 {
	return [3][3]float64{{1, 0, -m[0][2]}, {0, 1, -m[1][2]}, {0, 0, 1}}
}

// compose returns the map that applies b, then a.
func compose(a, b [3][3]float64) (c [3][3]float64) {
	for i := range 3 {
		for j := range 3 {
			for k := range 3 {
				c[i][j] += a[i][k] * b[k][j]
			}
		}
	}
	return c
}

// mismatch returns the mean absolute difference, grey levels, between ref and
// mov read by m, displaced by (ox, oy) px of the moving picture.
func mismatch(ref, mov *image.NRGBA, m [3][3]float64, ox, oy float64) float64 {
	var sum float64
	n := 0
	for y := 0; y < ref.Rect.Dy(); y++ {
		for x := 0; x < ref.Rect.Dx(); x++ {
			p := synth.Apply(m, imagery.Point{X: float64(x), Y: float64(y)})
			v, ok := bicubic(mov, p.X+ox, p.Y+oy)
			if !ok {
				continue
			}
			sum += math.Abs(v - float64(ref.Pix[ref.PixOffset(x, y)+1]))
			n++
		}
	}
	return sum / float64(max(n, 1))
}

// vertex returns the displacement at which squared mismatch is least, by
// parabolas through its values half a pixel apart.
func vertex(ref, mov *image.NRGBA, m [3][3]float64) (x, y float64) {
	at := func(ox, oy float64) float64 { v := mismatch(ref, mov, m, ox, oy); return v * v }
	c := at(0, 0)
	peak := func(lo, hi float64) float64 { return 0.25 * (lo - hi) / (lo - 2*c + hi) }
	return peak(at(-0.5, 0), at(0.5, 0)), peak(at(0, -0.5), at(0, 0.5))
}

// bicubic reads the green band of img (Catmull–Rom); false within 2 px of the rim.
func bicubic(img *image.NRGBA, x, y float64) (float64, bool) {
	i, j := int(math.Floor(x)), int(math.Floor(y))
	if i < 2 || j < 2 || i+3 >= img.Rect.Dx() || j+3 >= img.Rect.Dy() {
		return 0, false
	}
	weights := func(t float64) [4]float64 {
		return [4]float64{((2-t)*t - 1) * t / 2, (t*t*(3*t-5) + 2) / 2, ((4-3*t)*t + 1) * t / 2, (t - 1) * t * t / 2}
	}
	u, v := weights(x-float64(i)), weights(y-float64(j))
	var sum float64
	for b := range 4 {
		for a := range 4 {
			sum += u[a] * v[b] * float64(img.Pix[img.PixOffset(i-1+a, j-1+b)+1])
		}
	}
	return sum, true
}

// frame returns the box of poly grown by r px.
func frame(poly []imagery.Point, r float64) (x0, y0, w, h int) {
	lo, hi := poly[0], poly[0]
	for _, p := range poly {
		lo.X, lo.Y, hi.X, hi.Y = min(lo.X, p.X), min(lo.Y, p.Y), max(hi.X, p.X), max(hi.Y, p.Y)
	}
	x0, y0 = int(lo.X-r), int(lo.Y-r)
	return x0, y0, int(hi.X+r) - x0, int(hi.Y+r) - y0
}

// within says whether (x, y) lies in the convex polygon grown by r px.
func within(poly []imagery.Point, x, y, r float64) bool {
	var c imagery.Point
	for _, p := range poly {
		c.X, c.Y = c.X+p.X/float64(len(poly)), c.Y+p.Y/float64(len(poly))
	}
	for i, p := range poly {
		q := poly[(i+1)%len(poly)]
		nx, ny := q.Y-p.Y, p.X-q.X
		k := 1 / math.Hypot(nx, ny)
		if nx*(c.X-p.X)+ny*(c.Y-p.Y) > 0 {
			k = -k
		}
		if k*(nx*(x-p.X)+ny*(y-p.Y)) > r {
			return false
		}
	}
	return true
}

func BenchmarkDraw(b *testing.B) {
	for _, side := range []int{256, 1024} {
		s := plain(1, 0, 0, 0)
		s.W, s.H = side, side
		s.ToMoving = synth.Similarity(side, side, 1, 0, 0, 0)
		b.Run(map[int]string{256: "256 px", 1024: "1024 px"}[side], func(b *testing.B) {
			b.SetBytes(int64(side * side)) // one byte per pixel: MB/s reads as megapixels per second
			b.ReportAllocs()
			for b.Loop() {
				synth.Draw(s)
			}
		})
	}
}
