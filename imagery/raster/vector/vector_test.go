package vector_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/antequem/antequem/imagery/raster/vector"
)

// same says that what do returns has the same bytes with AVX and without; do is called twice.
func same(t *testing.T, what string, do func() []float32) {
	t.Helper()
	var plain []float32
	vector.Plainly(func() { plain = do() })
	got := do()
	for i, v := range plain {
		if math.Float32bits(v) != math.Float32bits(got[i]) {
			t.Fatalf("%s: sample %d is %v, in plain Go %v", what, i, got[i], v)
		}
	}
}

func random(rng *rand.Rand, n int) []float32 {
	out := make([]float32, n)
	for i := range out {
		out[i] = float32(rng.NormFloat64())
	}
	return out
}

func groups(rng *rand.Rand, n int) []vector.Group {
	out := make([]vector.Group, n)
	for i := range out {
		out[i] = vector.Group(random(rng, 2*vector.Lanes))
	}
	return out
}

func flat(gs []vector.Group) []float32 {
	var out []float32
	for _, g := range gs {
		out = append(out, g[:]...)
	}
	return out
}

func TestButterfliesGiveTheSameBytesInPlainGo(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, c := range []struct{ n, out, in int }{{1, 1, 1}, {1, 1, 4}, {4, 4, 4}, {16, 16, 64}, {3, 5, 7}} {
		x := groups(rng, 3*c.in+c.n)
		w := &[3]vector.Turn{{0.6, -0.8}, {-0.28, 0.96}, {0, 1}}
		for _, w := range []*[3]vector.Turn{nil, w} {
			same(t, "radix 4", func() []float32 {
				y := make([]vector.Group, 3*c.out+c.n)
				vector.Four(y, x, c.n, c.out, c.in, w)
				return flat(y)
			})
		}
		same(t, "radix 2", func() []float32 {
			y := make([]vector.Group, c.out+c.n)
			vector.Two(y, x, c.n, c.out, c.in, w[0])
			return flat(y)
		})
	}
}

func TestFiltersAndSumsGiveTheSameBytesInPlainGo(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for _, n := range []int{0, 1, 7, 8, 9, 31, 32, 33, 41, 63, 64, 100, 512, 517} {
		for _, taps := range []int{1, 2, 3, 4, 5, 8, 19} {
			for _, step := range []int{1, 3, n} {
				r := (taps - 1) * step
				src, k := random(rng, n+2*r), random(rng, taps)
				same(t, "filter", func() []float32 {
					dst := make([]float32, n)
					vector.Filter(dst, src, r, step, k)
					return dst
				})
			}
		}
		a, b, c, d := random(rng, n), random(rng, n), random(rng, n), random(rng, n)
		same(t, "add", func() []float32 {
			dst := slices.Clone(a)
			vector.Add(dst, b)
			return dst
		})
		same(t, "add product", func() []float32 {
			dst := slices.Clone(a)
			vector.AddProduct(dst, b, c)
			return dst
		})
		same(t, "dot", func() []float32 { return []float32{vector.Dot(a, b)} })
		same(t, "dots", func() []float32 {
			ac, ad, bc, bd := vector.Dots(a, b, c, d)
			return []float32{ac, ad, bc, bd}
		})
	}
}

func TestInterpolationGivesTheSameBytesInPlainGo(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 10))
	const w, h = 37, 23
	pix := random(rng, w*h)
	for _, n := range []int{0, 1, 8, 13, 64} {
		at, s, u := make([]int, n), make([]float32, n), make([]float32, n)
		for i := range at {
			at[i], s[i], u[i] = rng.IntN(h-3)*w+rng.IntN(w-3), rng.Float32(), rng.Float32()
		}
		same(t, "cubic", func() []float32 {
			dst := make([]float32, n)
			vector.Cubic(dst, pix, w, at, s, u)
			return dst
		})
	}
}

func TestInterpolationKeepsSamplesAndParabolas(t *testing.T) {
	const w, h = 9, 7
	pix := make([]float32, w*h)
	for i := range pix {
		x, y := float32(i%w), float32(i/w)
		pix[i] = x*x - 2*x*y + 3*y + 1
	}
	var at []int
	var s, u []float32
	for i := range 16 {
		at, s, u = append(at, (i%4)*w+i%6), append(s, float32(i)/16), append(u, float32(i%5)/8)
	}
	dst := make([]float32, len(at))
	vector.Cubic(dst, pix, w, at, s, u)
	for i, got := range dst {
		x, y := float32(at[i]%w+1)+s[i], float32(at[i]/w+1)+u[i]
		if want := x*x - 2*x*y + 3*y + 1; math.Abs(float64(got-want)) > 1e-4 {
			t.Errorf("at %v, %v: %v, want %v", x, y, got, want)
		}
	}
}

func TestFilterIsItsDefinition(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	src, taps := random(rng, 80), []float32{0.5, 0.2, 0.05}
	dst := make([]float32, 40)
	vector.Filter(dst, src, 20, 10, taps)
	for x, got := range dst {
		want := 0.5*src[20+x] + 0.2*(src[10+x]+src[30+x]) + 0.05*(src[x]+src[40+x])
		if math.Abs(float64(got-want)) > 1e-6 {
			t.Fatalf("sample %d is %v, want %v", x, got, want)
		}
	}
}

func TestDotsAreTheirDefinition(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	for _, n := range []int{0, 5, 8, 83} {
		v := [4][]float32{random(rng, n), random(rng, n), random(rng, n), random(rng, n)}
		var got [4]float32
		got[0], got[1], got[2], got[3] = vector.Dots(v[0], v[1], v[2], v[3])
		for i, of := range [4][2]int{{0, 2}, {0, 3}, {1, 2}, {1, 3}} {
			var want float64
			for k, p := range v[of[0]] {
				want += float64(p) * float64(v[of[1]][k])
			}
			alone := vector.Dot(v[of[0]], v[of[1]])
			if math.Abs(float64(got[i])-want) > 1e-4 || alone != got[i] {
				t.Errorf("%d samples: product %d is %v, alone %v, want %v", n, i, got[i], alone, want)
			}
		}
	}
}

func TestWhatIsTooShortPanicsBeforeAnythingIsWritten(t *testing.T) {
	long, dst := make([]float32, 64), []float32{1: 1, 39: 0}
	panics := func(do func()) (did bool) {
		defer func() { did = recover() != nil }()
		do()
		return
	}
	for name, do := range map[string]func(){
		"a filter that reaches before":  func() { vector.Filter(dst, long, 1, 1, []float32{1, 1, 1}) },
		"a filter that reaches beyond":  func() { vector.Filter(dst, long, 24, 1, []float32{1, 1}) },
		"a shorter summand":             func() { vector.Add(dst, long[:39:39]) },
		"a shorter factor":              func() { vector.AddProduct(dst, long, long[:39:39]) },
		"shorter factors of dots":       func() { vector.Dots(long, long, long, long[:63:63]) },
		"groups that aren't there":      func() { vector.Four(make([]vector.Group, 4), make([]vector.Group, 3), 1, 1, 1, nil) },
		"a place beyond the last":       func() { vector.Cubic(dst[:1], long, 16, []int{13}, long, long) },
		"a place before the first":      func() { vector.Cubic(dst[:1], long, 16, []int{-1}, long, long) },
		"a second half that isn't here": func() { vector.Two(make([]vector.Group, 1), make([]vector.Group, 2), 1, 1, 1, vector.Turn{1}) },
	} {
		if !panics(do) || dst[1] != 1 {
			t.Errorf("%s: passes, or something was written", name)
		}
	}
}
