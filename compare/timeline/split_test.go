package timeline_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/antequem/antequem/compare"
	"github.com/antequem/antequem/compare/timeline"
)

// The second picture was taken some time in a year and shows the new roof; a picture
// given after it shows the old one still.
func TestAVagueDateMayComeAfterASharpOneThatIsGivenLater(t *testing.T) {
	before := ground(1, 256)
	after := clone(before)
	fill(after, 100, 80, 40, 40, 90)
	for i := range 8 {
		fill(after, 102+4*i, 84, 2, 30, 200)
	}
	fs := frames(shot(before, 1), shot(after, 2), shot(before, 3), shot(after, 4), shot(after, 5))
	for i, ends := range [][2]int{{1, 2}, {3, 10}, {5, 6}, {7, 8}, {11, 12}} {
		fs[i].From, fs[i].Until = ends[0], ends[1]
	}
	got := analyse(t, fs)
	want := []compare.State{compare.StateOld, compare.StateNew, compare.StateOld, compare.StateNew, compare.StateNew}
	for i, f := range got.Frames {
		if f.State != want[i] {
			t.Errorf("picture %d shows the %s state (%s), want %s", i, f.State, f.Why, want[i])
		}
	}
	if got.State != compare.Changed {
		t.Errorf("the region is %s (p %g), want changed", got.State, got.PValue)
	}
	for i := range fs {
		fs[i].From, fs[i].Until = 2*i+1, 2*i+2
	}
	if got := analyse(t, fs); got.Frames[1].State == compare.StateNew && got.Frames[2].State == compare.StateOld {
		t.Error("with sharp dates an old state follows a new one")
	}
}

// drawDates draws frames in the order of their dates' middles.
func drawDates(rt *rapid.T) []timeline.Frame {
	fs := make([]timeline.Frame, rapid.IntRange(2, 6).Draw(rt, "frames"))
	for i := range fs {
		fs[i].From = rapid.IntRange(1, 12).Draw(rt, "from")
		fs[i].Until = fs[i].From + rapid.IntRange(1, 6).Draw(rt, "long")
	}
	slices.SortStableFunc(fs, func(a, b timeline.Frame) int { return a.From + a.Until - b.From - b.Until })
	return fs
}

func TestSplitsAreThoseOfTheOrdersThatTheDatesAllow(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		fs := drawDates(rt)
		got := timeline.Splits(fs)
		for bits := 1; bits < 1<<len(fs)-1; bits++ {
			s, want := make([]bool, len(fs)), true
			for i := range s {
				s[i] = bits>>i&1 == 1
			}
			for i := range s {
				for j := range s {
					want = want && !(s[i] && !s[j] && fs[i].Until <= fs[j].From)
				}
			}
			if has := slices.ContainsFunc(got, func(o []bool) bool { return slices.Equal(o, s) }); has != want {
				rt.Fatalf("split %v of %+v is tried: %v, allowed: %v", s, fs, has, want)
			}
		}
	})
}

func TestASharperDateAllowsNoFurtherSplit(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		fs := drawDates(rt)
		wide := timeline.Splits(fs)
		sharp := slices.Clone(fs)
		i := rapid.IntRange(0, len(fs)-1).Draw(rt, "which")
		if sharp[i].Until-sharp[i].From >= 3 { // its middle stays
			sharp[i].From, sharp[i].Until = sharp[i].From+1, sharp[i].Until-1
		}
		for _, s := range timeline.Splits(sharp) {
			if !slices.ContainsFunc(wide, func(o []bool) bool { return slices.Equal(o, s) }) {
				rt.Fatalf("split %v of %+v is not among those of %+v", s, sharp, fs)
			}
		}
	})
}
