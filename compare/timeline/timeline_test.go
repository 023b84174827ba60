package timeline_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/antequem/antequem/compare"
	"github.com/antequem/antequem/compare/timeline"
	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/raster"
)

// ground draws a plane of overlapping rectangles of random grey: roofs and fields.
func ground(seed uint64, side int) raster.Plane {
	rng := rand.New(rand.NewPCG(seed, 1))
	p := raster.NewPlane(side, side)
	for i := range p.Pix {
		p.Pix[i] = 90
	}
	for range side * side / 60 {
		w, h := 3+rng.IntN(12), 3+rng.IntN(12)
		fill(p, rng.IntN(side), rng.IntN(side), w, h, float32(30+rng.IntN(170)))
	}
	return p
}

// fill paints the rectangle with its corner at (x, y), as far as it lies inside.
func fill(p raster.Plane, x, y, w, h int, v float32) {
	for j := max(y, 0); j < min(y+h, p.H); j++ {
		for i := max(x, 0); i < min(x+w, p.W); i++ {
			p.Pix[j*p.W+i] = v
		}
	}
}

func clone(p raster.Plane) raster.Plane {
	q := raster.NewPlane(p.W, p.H)
	copy(q.Pix, p.Pix)
	return q
}

// shot is one day's picture of the ground: its own light, and noise of two grey levels.
func shot(p raster.Plane, seed uint64) raster.Raster {
	rng := rand.New(rand.NewPCG(seed, 2))
	gain, offset := 0.7+0.5*rng.Float64(), 30*rng.Float64()
	q := raster.NewPlane(p.W, p.H)
	for i, v := range p.Pix {
		q.Pix[i] = float32(gain*float64(v) + offset + 2*rng.NormFloat64())
	}
	return raster.Raster{Bands: []raster.Plane{q}}
}

// frames names the pictures 0, 1, 2 …; the first is the reference.
func frames(pictures ...raster.Raster) []timeline.Frame {
	var out []timeline.Frame
	for i, p := range pictures {
		out = append(out, timeline.Frame{File: fmt.Sprint(i), Aligned: true, Reference: i == 0, Picture: p, Scale: 1})
	}
	return out
}

// square is a region of 40 × 40 px with its corner at (100, 80).
var square = []imagery.Point{{X: 100, Y: 80}, {X: 140, Y: 80}, {X: 140, Y: 120}, {X: 100, Y: 120}}

func analyse(t *testing.T, fs []timeline.Frame) compare.Timeline {
	t.Helper()
	got, err := timeline.Analyse(context.Background(), fs, square, timeline.DefaultOptions())
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// states writes one letter a frame: old, new, unclear; capital where it was left out.
func states(t compare.Timeline) string {
	var s []byte
	for _, f := range t.Frames {
		c := f.State[0]
		if f.Status == compare.StatusObscured || f.Status == compare.StatusUnaligned {
			c = f.Status[0] - 'a' + 'A'
		}
		s = append(s, c)
	}
	return string(s)
}

func TestAnalyseTellsStates(t *testing.T) {
	const side = 256
	before, after, rebuilt := threeLooks()
	other := ground(2, side)
	elsewhere := clone(before)
	for y := range 30 {
		copy(elsewhere.Row(180 + y)[30:60], other.Row(y)[:30])
	}
	cloudy := shot(before, 13)
	fill(cloudy.Bands[0], 80, 60, 80, 80, 250)

	for _, c := range []struct {
		name   string
		frames []timeline.Frame
		state  compare.RegionState
		shows  string
	}{
		{"five pictures of one ground in different light", frames(shot(before, 1), shot(before, 2), shot(before, 3), shot(before, 4), shot(before, 5)), compare.Unchanged, "ooooo"},
		{"two pictures of one ground", frames(shot(before, 1), shot(before, 2)), compare.Unchanged, "oo"},
		{"more than half of the region replaced from the fourth picture on", frames(shot(before, 1), shot(before, 2), shot(before, 3), shot(after, 4), shot(after, 5)), compare.Changed, "ooonn"},
		{"the same in the last picture only", frames(shot(before, 1), shot(before, 2), shot(before, 3), shot(after, 4)), compare.Changed, "ooon"},
		{"the same between two pictures", frames(shot(before, 1), shot(after, 2)), compare.Changed, "on"},
		{"a change far from the region", frames(shot(before, 1), shot(before, 2), shot(elsewhere, 3), shot(elsewhere, 4)), compare.Unchanged, "oooo"},
		{"a cloud over the region in one picture", frames(shot(before, 1), shot(before, 2), cloudy, shot(before, 4), shot(before, 5)), compare.Unchanged, "ooOoo"},
		{"a cloud on the day of a change", frames(shot(before, 1), shot(before, 2), cloudy, shot(after, 4), shot(after, 5)), compare.Changed, "ooOnn"},
		{"another place passed off as this one", frames(shot(before, 1), shot(before, 2), shot(ground(9, side), 3), shot(before, 4)), compare.Unchanged, "ooUo"},
		{"changed, then changed again", frames(shot(before, 1), shot(before, 2), shot(after, 3), shot(after, 4), shot(rebuilt, 5), shot(rebuilt, 6)), compare.Changed, "oonnnn"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := analyse(t, c.frames)
			if got.State != c.state || states(got) != c.shows {
				t.Errorf("got %s %s, want %s %s (p %.4f, cautions %q)", got.State, states(got), c.state, c.shows, got.PValue, got.Cautions)
			}
			if known := got.RuledOutPx >= 3 && got.RuledOutPx <= 27; known != (c.state == compare.Unchanged) {
				t.Errorf("a region of 40 px is %s, and changes of %g px and more are ruled out", got.State, got.RuledOutPx)
			}
		})
	}
}

// threeLooks returns one ground before and after a change and a further one: another
// place's 30 × 30 px set into the region, 56 % of its area.
func threeLooks() (before, after, rebuilt raster.Plane) {
	before, other, third := ground(1, 256), ground(2, 256), ground(3, 256)
	after, rebuilt = clone(before), clone(before)
	for y := range 30 {
		copy(after.Row(85 + y)[105:135], other.Row(y)[:30])
		copy(rebuilt.Row(85 + y)[105:135], third.Row(y)[:30])
	}
	return before, after, rebuilt
}

func TestTwoChangesAreTwoSteps(t *testing.T) {
	before, after, rebuilt := threeLooks()
	got := analyse(t, frames(shot(before, 1), shot(before, 2), shot(after, 3), shot(after, 4), shot(rebuilt, 5), shot(rebuilt, 6)))
	var groups []int
	for _, f := range got.Frames {
		groups = append(groups, f.Group)
	}
	if diff := cmp.Diff([]int{0, 0, 1, 1, 2, 2}, groups); diff != "" {
		t.Errorf("looks in date order (-want +got):\n%s", diff)
	}
	for _, p := range got.Pairings {
		same := (p.A[0]-'0')/2 == (p.B[0]-'0')/2 // pictures 0 and 1, 2 and 3, 4 and 5 show one look
		if p.Same != same || p.Differ == same {
			t.Errorf("pictures %s and %s: same %v, differ %v", p.A, p.B, p.Same, p.Differ)
		}
	}
}

func TestIdenticalPicturesAreUnchangedAndUnremarkable(t *testing.T) {
	p := shot(ground(1, 256), 1)
	got := analyse(t, frames(p, p, p))
	if got.State != compare.Unchanged || got.PValue < 0.99 || got.Statistic != 0 {
		t.Errorf("got %s, p %g, statistic %g; want unchanged, 1, 0", got.State, got.PValue, got.Statistic)
	}
	for i, row := range got.Dissimilar {
		for j, d := range row {
			if d != 0 {
				t.Errorf("pictures %d and %d are %g apart", i, j, d)
			}
		}
	}
}

func TestPlacebosLieNearTheRegionAndShowNothing(t *testing.T) {
	before := ground(1, 256)
	after := clone(before)
	fill(after, 100, 80, 40, 40, 90)
	for i := range 8 {
		fill(after, 102+4*i, 84, 2, 30, 200)
	}
	got := analyse(t, frames(shot(before, 1), shot(before, 2), shot(after, 3), shot(after, 4)))
	if len(got.Placebos) != 3 {
		t.Fatalf("%d placebos, want 3", len(got.Placebos))
	}
	for i, p := range got.Placebos {
		if max(p.DX, -p.DX) < 40 && max(p.DY, -p.DY) < 40 {
			t.Errorf("placebo %d touches the region: %d, %d", i, p.DX, p.DY)
		}
		if p.Statistic >= got.Statistic || p.PValue <= got.PValue {
			t.Errorf("placebo %d shows %g (p %g), the region %g (p %g)", i, p.Statistic, p.PValue, got.Statistic, got.PValue)
		}
	}
}

func TestNothingIsSaidWithoutTheMeans(t *testing.T) {
	p := ground(1, 256)
	unaligned := frames(shot(p, 1), shot(p, 2), shot(p, 3))
	unaligned[2].Aligned = false
	blank := raster.Raster{Bands: []raster.Plane{raster.NewPlane(256, 256)}}
	holed := shot(p, 3)
	holed.Valid = raster.Mask{W: 256, H: 256, Pix: make([]uint8, 256*256)}
	coarse := frames(shot(p, 1), shot(p, 2), shot(p, 3))
	coarse[1].Scale = 20
	for _, c := range []struct {
		name      string
		in        []timeline.Frame
		state     compare.RegionState
		shows     string
		endUnread bool
	}{
		{"no picture", nil, compare.Undetermined, "", false},
		{"one picture", frames(shot(p, 1)), compare.Undetermined, "u", false},
		{"a last picture that could not be aligned, of which the others say nothing", unaligned, compare.Unchanged, "ooU", true},
		{"a last picture that is blank", frames(shot(p, 1), shot(p, 2), blank), compare.Unchanged, "ooO", true},
		{"a last picture without data", frames(shot(p, 1), shot(p, 2), holed), compare.Unchanged, "ooO", false},
		{"a blank one", frames(shot(p, 1), blank, shot(p, 3)), compare.Unchanged, "oOo", false},
		{"one without data", frames(shot(p, 1), holed, shot(p, 3)), compare.Unchanged, "oOo", false},
		{"one of whose pixels half the region is made", coarse, compare.Unchanged, "oOo", false},
		{"blank ones only", frames(blank, blank, blank), compare.Undetermined, "OOO", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := analyse(t, c.in)
			if got.State != c.state || states(got) != c.shows {
				t.Errorf("got %s %s, want %s %s", got.State, states(got), c.state, c.shows)
			}
			if got.EndUnread != c.endUnread {
				t.Errorf("an end that a change may hide: %v, want %v", got.EndUnread, c.endUnread)
			}
			if got.State == compare.Undetermined && len(c.in) > 0 && len(got.Cautions) == 0 {
				t.Error("undetermined without a word why")
			}
		})
	}
}

func TestWhereTheSurroundingsChangedTooTheImagesOfOneTimeAreReadAlone(t *testing.T) {
	before, after := ground(1, 256), ground(2, 256)
	got := analyse(t, frames(shot(before, 1), shot(before, 2), shot(before, 3), shot(after, 4), shot(after, 5)))
	// Pictures 3 and 4 show another place as good as: nothing tells the region from the rest.
	if got.State != compare.Unchanged || states(got) != "ooouu" {
		t.Errorf("got %s %s, want unchanged ooouu", got.State, states(got))
	}
	if len(got.Cautions) == 0 || got.Frames[4].Why == "" {
		t.Error("nothing says why the last pictures are unclear")
	}
	same := map[string]bool{}
	for _, p := range got.Pairings {
		if p.Differ {
			t.Errorf("pictures %s and %s are said to differ", p.A, p.B)
		}
		same[p.A+p.B] = p.Same
	}
	if !same["02"] || !same["34"] || same["23"] {
		t.Errorf("pictures 0 and 2, and 3 and 4, show one look each, 2 and 3 nobody knows: %v", same)
	}
}

func TestWhereTheSurroundingsChangedNoLookOfTheLaterImagesIsCalledOld(t *testing.T) {
	before, after := ground(1, 256), ground(2, 256)
	got := analyse(t, frames(shot(before, 1), shot(before, 2), shot(after, 3), shot(after, 4), shot(after, 5)))
	if states(got) != "uuuuu" {
		t.Errorf("got %s, want uuuuu", states(got))
	}
	for _, p := range got.Pairings {
		if one := (p.A < "2") == (p.B < "2"); p.Same != one || p.Differ {
			t.Errorf("pictures %s and %s: same %v, differ %v", p.A, p.B, p.Same, p.Differ)
		}
	}
}

func TestBadInputIsInvalid(t *testing.T) {
	p := shot(ground(1, 64), 1)
	small := shot(ground(1, 32), 1)
	bad := timeline.DefaultOptions()
	bad.Alpha = math.NaN()
	for _, c := range []struct {
		name   string
		frames []timeline.Frame
		region []imagery.Point
		opts   timeline.Options
	}{
		{"grids that differ", frames(p, small), square[:3], timeline.DefaultOptions()},
		{"a region of two points", frames(p, p), square[:2], timeline.DefaultOptions()},
		{"a region off the grid", frames(p, p), square, timeline.DefaultOptions()},
		{"a region of NaN", frames(p, p), []imagery.Point{{X: math.NaN(), Y: 1}, {X: 2, Y: math.NaN()}, {X: 3, Y: 9}}, timeline.DefaultOptions()},
		{"an alpha of NaN", frames(p, p), square, bad},
	} {
		if _, err := timeline.Analyse(context.Background(), c.frames, c.region, c.opts); !errors.Is(err, imagery.ErrInvalid) {
			t.Errorf("%s: got %v", c.name, err)
		}
	}
}

func TestWorkersDoNotChangeTheResult(t *testing.T) {
	before := ground(1, 200)
	after := clone(before)
	fill(after, 105, 85, 28, 28, 20)
	fs := frames(shot(before, 1), shot(before, 2), shot(after, 3), shot(after, 4))
	var first compare.Timeline
	for i, n := range []int{1, 2, 8} {
		opts := timeline.DefaultOptions()
		opts.Workers = n
		got, err := timeline.Analyse(context.Background(), fs, square, opts)
		if err != nil {
			t.Fatal(err)
		}
		if i == 0 {
			first = got
			continue
		}
		if diff := cmp.Diff(first, got, cmpopts.EquateNaNs()); diff != "" {
			t.Errorf("%d workers (-one +many):\n%s", n, diff)
		}
	}
}

func TestPictureValuesOutsideTheMaskDoNotMatter(t *testing.T) {
	before := ground(1, 256)
	holed := func(rubbish float32) []timeline.Frame {
		fs := frames(shot(before, 1), shot(before, 2), shot(before, 3))
		m := raster.Mask{W: 256, H: 256, Pix: make([]uint8, 256*256)}
		for i := range m.Pix {
			m.Pix[i] = 1
			if i%256 > 220 {
				m.Pix[i] = 0
				fs[1].Picture.Bands[0].Pix[i] = rubbish
			}
		}
		fs[1].Picture.Valid = m
		return fs
	}
	if diff := cmp.Diff(analyse(t, holed(0)), analyse(t, holed(60000)), cmpopts.EquateNaNs()); diff != "" {
		t.Errorf("what has no data was read (-zero +rubbish):\n%s", diff)
	}
}

func TestCancelledAnalysisEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	p := shot(ground(1, 200), 1)
	if _, err := timeline.Analyse(ctx, frames(p, p), square, timeline.DefaultOptions()); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestDefaultOptionsAreValid(t *testing.T) {
	if err := timeline.DefaultOptions().Validate(); err != nil {
		t.Error(err)
	}
}

func BenchmarkAnalyse(b *testing.B) {
	for _, side := range []int{256, 1024} {
		b.Run(fmt.Sprint(side), func(b *testing.B) {
			p := ground(1, side)
			var ps []raster.Raster
			for i := range 10 {
				ps = append(ps, shot(p, uint64(i)))
			}
			fs := frames(ps...)
			b.SetBytes(int64(10 * side * side)) // one byte per pixel: MB/s reads as megapixels per second
			b.ReportAllocs()
			for b.Loop() {
				if _, err := timeline.Analyse(context.Background(), fs, square, timeline.DefaultOptions()); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func TestALargeRegionIsReadAsASmallOneIs(t *testing.T) {
	before := ground(1, 500)
	after, other := clone(before), ground(2, 500)
	for y := range 90 { // of 120 × 120 px: 56 % of the area
		copy(after.Row(205 + y)[205:295], other.Row(y)[:90])
	}
	region := []imagery.Point{{X: 190, Y: 190}, {X: 310, Y: 190}, {X: 310, Y: 310}, {X: 190, Y: 310}}
	for _, c := range []struct {
		later raster.Plane
		want  compare.RegionState
	}{{before, compare.Unchanged}, {after, compare.Changed}} {
		got, err := timeline.Analyse(context.Background(), frames(shot(before, 1), shot(before, 2), shot(c.later, 3)), region, timeline.DefaultOptions())
		if err != nil {
			t.Fatal(err)
		}
		if got.State != c.want {
			t.Errorf("got %s (p %.4f, %q), want %s", got.State, got.PValue, got.Cautions, c.want)
		}
	}
}
