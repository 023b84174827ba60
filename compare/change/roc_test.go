package change_test

// How well the change score tells changed windows from unchanged ones, beside three
// scores that anyone can compute. On folders of one's own:
//
//	go test ./compare/change -run ROC -v -pairs DIR
//
// where DIR/NAME/ holds before.png, after.png (on before's grid) and change.png, white
// where people labelled a change; a.png and b.png will do as well. Without -pairs it
// runs on scenes that are drawn here. Names that share what comes before the first
// underscore are one set, and so are all names without one.

import (
	"flag"
	"fmt"
	"image"
	"image/draw"
	"image/png"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/antequem/antequem/compare/change"
	"github.com/antequem/antequem/imagery/raster"
)

var pairs = flag.String("pairs", "", "folder of labelled pairs to take the ROC on")

// A labelled pair of pictures on one grid.
type labelled struct {
	name          string
	before, after raster.Raster
	changed       []bool
}

func TestROCOfTheScoreIsAboveThatOfTheUsualOnes(t *testing.T) {
	scenes := drawnScenes()
	if *pairs != "" {
		scenes = readScenes(t, *pairs)
	}
	sets := map[string][]labelled{}
	for _, s := range scenes {
		set, _, found := strings.Cut(s.name, "_")
		if !found {
			set = "plain"
		}
		sets[set] = append(sets[set], s)
	}
	names := []string{"score", "SSIM", "CVA", "IR-MAD"}
	t.Logf("%-8s area under the ROC curve, all windows pooled / mean of the pairs: %v", "set", names)
	for _, set := range sortedSets(sets) {
		pooled, single := areas(sets[set])
		row := ""
		for k, name := range names {
			row += fmt.Sprintf("  %.3f/%.3f", pooled[k], single[k])
			if k > 0 && pooled[k] > pooled[0] {
				t.Errorf("%s: %s reaches %.3f, the score %.3f", set, name, pooled[k], pooled[0])
			}
		}
		t.Logf("%-8s%s", set, row)
	}
}

func sortedSets(sets map[string][]labelled) []string {
	var out []string
	for s := range sets {
		out = append(out, s)
	}
	slices.Sort(out)
	return out
}

// areas returns the area under the ROC curve of each score.
func areas(scenes []labelled) (pooled, single [4]float64) {
	var yes, no [4][]float64
	n := 0
	for _, s := range scenes {
		y, o := s.windows()
		for k := range yes {
			yes[k], no[k] = append(yes[k], y[k]...), append(no[k], o[k]...)
			if len(y[0]) > 0 && len(o[0]) > 0 {
				single[k] += area(y[k], o[k])
			}
		}
		if len(y[0]) > 0 && len(o[0]) > 0 {
			n++
		}
	}
	for k := range yes {
		pooled[k], single[k] = area(yes[k], no[k]), single[k]/float64(n)
	}
	return pooled, single
}

// area is the chance that a changed window scores more than an unchanged one.
func area(yes, no []float64) float64 {
	sum := 0.0
	for _, y := range yes {
		for _, n := range no {
			if y > n {
				sum++
			} else if y == n {
				sum += 0.5
			}
		}
	}
	return sum / float64(len(yes)*len(no))
}

// windows draws windows of some texture, mostly changed or without a change within
// 8 px, and returns their mean scores by each measure.
func (s labelled) windows() (yes, no [4][]float64) {
	w, h := s.before.Size()
	ours, _ := change.Map(s.before, s.after, change.DefaultOptions())
	maps := [4]raster.Plane{ours, dissimilarity(s.before, s.after), vectors(s.before, s.after), variates(s.before, s.after)}
	texture, plain := contours(s.before)
	rng := rand.New(rand.NewPCG(5, 5))
	for range 20000 {
		if len(yes[0]) >= 120 && len(no[0]) >= 120 {
			break
		}
		ww, wh := 20+rng.IntN(36), 20+rng.IntN(36)
		x, y := 30+rng.IntN(max(w-ww-60, 1)), 30+rng.IntN(max(h-wh-60, 1))
		if x+ww+30 > w || y+wh+30 > h || windowMean(texture, x, y, ww, wh) < plain {
			continue
		}
		into := &no
		switch {
		case s.share(x, y, ww, wh) >= 0.5:
			into = &yes
		case s.share(x-8, y-8, ww+16, wh+16) > 0:
			continue
		}
		if len(into[0]) < 120 {
			for k, m := range maps {
				into[k] = append(into[k], windowMean(m, x, y, ww, wh))
			}
		}
	}
	return yes, no
}

func (s labelled) share(x, y, w, h int) float64 {
	width, _ := s.before.Size()
	n := 0
	for j := y; j < y+h; j++ {
		for i := x; i < x+w; i++ {
			if s.changed[j*width+i] {
				n++
			}
		}
	}
	return float64(n) / float64(w*h)
}

func windowMean(p raster.Plane, x, y, w, h int) float64 {
	sum := 0.0
	for j := y; j < y+h; j++ {
		for _, v := range p.Row(j)[x : x+w] {
			sum += float64(v)
		}
	}
	return sum / float64(w*h)
}

// contours returns how steep brightness is at each pixel, and the steepness that two
// fifths of the places stay below.
func contours(r raster.Raster) (steep raster.Plane, plain float64) {
	luma := r.Luma()
	steep = raster.NewPlane(luma.W, luma.H)
	for i := luma.W; i < len(luma.Pix)-1; i++ {
		steep.Pix[i] = float32(math.Hypot(float64(luma.Pix[i+1]-luma.Pix[i]), float64(luma.Pix[i]-luma.Pix[i-luma.W])))
	}
	all := raster.Blur(steep, raster.Mask{}, 7, 0).Pix
	slices.Sort(all)
	return steep, float64(all[2*len(all)/5])
}

// standard returns a plane with mean 0 and standard deviation 1.
func standard(p raster.Plane) raster.Plane {
	var sum, squares float64
	for _, v := range p.Pix {
		sum, squares = sum+float64(v), squares+float64(v)*float64(v)
	}
	n := float64(len(p.Pix))
	mean := sum / n
	dev := math.Sqrt(max(squares/n-mean*mean, 1e-12))
	out := raster.NewPlane(p.W, p.H)
	for i, v := range p.Pix {
		out.Pix[i] = float32((float64(v) - mean) / dev)
	}
	return out
}

// dissimilarity is 1 - SSIM (Wang et al. 2004) of brightness in standard units, in
// squares of 7 px as scikit-image has it; a range of 255 is some five deviations,
// and its middle the mean.
func dissimilarity(a, b raster.Raster) raster.Plane {
	const reach, c1, c2 = 3, 0.0025, 0.0225
	p, q := standard(a.Luma()), standard(b.Luma())
	for i := range p.Pix {
		p.Pix[i], q.Pix[i] = p.Pix[i]+2.5, q.Pix[i]+2.5
	}
	out := raster.NewPlane(p.W, p.H)
	for y := reach; y < p.H-reach; y++ {
		for x := reach; x < p.W-reach; x++ {
			var u, v, uu, vv, uv float32
			for j := y - reach; j <= y+reach; j++ {
				for i := x - reach; i <= x+reach; i++ {
					s, t := p.At(i, j)/49, q.At(i, j)
					u, v, uu, vv, uv = u+s, v+t/49, uu+49*s*s, vv+t*t/49, uv+s*t
				}
			}
			out.Row(y)[x] = 1 - (2*u*v+c1)*(2*(uv-u*v)+c2)/((u*u+v*v+c1)*(uu-u*u+vv-v*v+c2))
		}
	}
	return out
}

// vectors is change vector analysis: the length of the difference of standardised bands.
func vectors(a, b raster.Raster) raster.Plane {
	w, h := a.Size()
	out := raster.NewPlane(w, h)
	for k := range a.Bands {
		p, q := standard(a.Bands[k]), standard(b.Bands[k])
		for i := range out.Pix {
			out.Pix[i] += (p.Pix[i] - q.Pix[i]) * (p.Pix[i] - q.Pix[i])
		}
	}
	for i, v := range out.Pix {
		out.Pix[i] = float32(math.Sqrt(float64(v)))
	}
	return out
}

// variates is IR-MAD.
func variates(a, b raster.Raster) raster.Plane {
	w, h := a.Size()
	out, z := raster.NewPlane(w, h), change.MAD(a, b)
	for i := range out.Pix {
		out.Pix[i] = float32(z(i%w, i/w))
	}
	return out
}

// drawnScenes are roofs of three colours under another light, half of them in another
// season, some squares of them rebuilt.
func drawnScenes() []labelled {
	const side = 256
	var out []labelled
	for seed := range uint64(2) {
		s := labelled{name: fmt.Sprintf("drawn_%d", seed), changed: make([]bool, side*side)}
		rng := rand.New(rand.NewPCG(seed, 3))
		for range 14 {
			x, y, n := rng.IntN(side-40), rng.IntN(side-40), 20+rng.IntN(20)
			for i := range s.changed {
				s.changed[i] = s.changed[i] || i%side >= x && i%side < x+n && i/side >= y && i/side < y+n
			}
		}
		for band := range uint64(3) {
			p, other := roofs(10*seed+band, side), roofs(100+10*seed+band, side)
			q := raster.NewPlane(side, side)
			for i, v := range p.Pix {
				if s.changed[i] {
					v = other.Pix[i]
				}
				if i%side < side/2 {
					v = 90 + 0.5*v
				}
				q.Pix[i] = float32(255*math.Pow(float64(v)/255, 0.8) + 6*rng.NormFloat64())
			}
			s.before.Bands, s.after.Bands = append(s.before.Bands, p), append(s.after.Bands, q)
		}
		out = append(out, s)
	}
	return out
}

// readScenes reads the labelled pairs of a folder; pairs without labels are left out.
func readScenes(t *testing.T, dir string) []labelled {
	t.Helper()
	folders, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var out []labelled
	for _, f := range folders {
		before, after := readPNG(dir, f.Name(), "before.png", "a.png"), readPNG(dir, f.Name(), "after.png", "b.png")
		label := readPNG(dir, f.Name(), "change.png")
		if before.Bands == nil || after.Bands == nil || label.Bands == nil {
			continue
		}
		s := labelled{name: f.Name(), before: before, after: after}
		for _, v := range label.Bands[0].Pix {
			s.changed = append(s.changed, v > 127)
		}
		w, h := before.Size()
		if aw, ah := after.Size(); aw != w || ah != h || len(s.changed) != w*h {
			t.Fatalf("%s: the pictures differ in size", f.Name())
		}
		out = append(out, s)
	}
	if len(out) == 0 {
		t.Fatalf("%s holds no labelled pair", dir)
	}
	return out
}

// readPNG returns the first of the named pictures that is there; none without one.
func readPNG(dir, pair string, names ...string) (r raster.Raster) {
	for _, name := range names {
		f, err := os.Open(filepath.Join(dir, pair, name))
		if err != nil {
			continue
		}
		defer f.Close()
		im, err := png.Decode(f)
		if err != nil {
			continue
		}
		b := im.Bounds()
		flat := image.NewNRGBA(b)
		draw.Draw(flat, b, im, b.Min, draw.Src)
		for band := range 3 {
			p := raster.NewPlane(b.Dx(), b.Dy())
			for i := range p.Pix {
				p.Pix[i] = float32(flat.Pix[4*i+band])
			}
			r.Bands = append(r.Bands, p)
		}
		return r
	}
	return r
}

// The values that a chi-square exceeds in one case of twenty and of a hundred
// (Abramowitz and Stegun 1964, table 26.8).
func TestSurvivalIsTheTableOfChiSquares(t *testing.T) {
	for k, of := range map[int][2]float64{1: {3.84146, 6.63490}, 2: {5.99147, 9.21034}, 3: {7.81473, 11.3449}, 4: {9.48773, 13.2767}, 5: {11.0705, 15.0863}, 6: {12.5916, 16.8119}} {
		for i, want := range [2]float64{0.05, 0.01} {
			if got := change.Survival(k, of[i]); math.Abs(got-want) > 2e-6 {
				t.Errorf("beyond %g with %d degrees of freedom lies %g, want %g", of[i], k, got, want)
			}
		}
		if got := change.Survival(k, 0); got != 1 {
			t.Errorf("beyond 0 with %d degrees of freedom lies %g, want all", k, got)
		}
	}
}
