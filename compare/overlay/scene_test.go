package overlay_test

import (
	"testing"
	"time"

	"github.com/antequem/antequem/compare"
	"github.com/antequem/antequem/compare/overlay"
	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/edtf"
)

func date(t testing.TB, s string) edtf.Date {
	t.Helper()
	d, err := edtf.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// scene is a case with a vague date, an open one, a clouded image, one that could
// not be aligned, and a claim of every kind.
func scene(t testing.TB) overlay.Series {
	images := []imagery.Image{
		{File: "2015-05-01.tif", Acquired: date(t, "2015-05-01")},
		{File: "ministry-first-image.png", Acquired: date(t, "2015-10-15"), Basis: imagery.BasisClaimed, Synthetic: true},
		{File: "globe.png", Acquired: date(t, "2016-01"), Basis: imagery.BasisMosaic},
		{File: "clouded.png", Acquired: date(t, "2016-03-04")},
		{File: "posted.jpg", Acquired: date(t, "2016-04-20"), Basis: imagery.BasisPublished},
		{File: "b.tif", Acquired: date(t, "2016-05-02T08:21:00Z")},
		{File: "with-a-very-long-name-that-a-screenshot-tool-made-up-2016-09-18-at-11.22.33.png", Acquired: date(t, "2016-09")},
	}
	tl := compare.Timeline{Frames: []compare.Frame{
		{File: images[0].File, Status: compare.StatusReference, State: compare.StateOld},
		{File: images[1].File, Status: compare.StatusUsed, State: compare.StateOld},
		{File: images[2].File, Status: compare.StatusUsed, State: compare.StateOld},
		{File: images[3].File, Status: compare.StatusObscured, State: compare.StateUnclear, Group: -1},
		{File: images[4].File, Status: compare.StatusUnaligned, State: compare.StateUnclear, Group: -1},
		{File: images[5].File, Status: compare.StatusUsed, State: compare.StateNew, Group: 1},
		{File: images[6].File, Status: compare.StatusUsed, State: compare.StateNew, Group: 2},
	}}
	steps := []compare.Bracket{
		{After: time.Date(2016, 1, 1, 0, 0, 0, 0, time.UTC), By: time.Date(2016, 5, 2, 8, 21, 1, 0, time.UTC)},
		{After: time.Date(2016, 5, 2, 8, 21, 0, 0, time.UTC), By: time.Date(2016, 10, 1, 0, 0, 0, 0, time.UTC)},
	}
	claims := []imagery.Claim{
		{ID: "struck-27-april", Kind: imagery.ClaimChanged, When: date(t, "2016-04-27")},
		{ID: "old-damage", Kind: imagery.ClaimChanged, When: date(t, "../2015-10-15")},
		{ID: "still-standing", Kind: imagery.ClaimUnchanged, When: date(t, "2015-05-01/2015-10")},
		{ID: "since-then", Kind: imagery.ClaimChanged, When: date(t, "2016-04-27/..")},
		{ID: "same-damage", Kind: imagery.ClaimSame, Images: [2]string{images[1].File, images[5].File}},
		{ID: "whose-aircraft", Kind: imagery.ClaimUntestable},
	}
	var verdicts []compare.Verdict
	for _, a := range []compare.Answer{compare.Consistent, compare.Contradicted, compare.Supported, compare.Supported, compare.AnswerUndetermined, compare.Untestable} {
		verdicts = append(verdicts, compare.Verdict{Answer: a})
	}
	return overlay.SeriesOf("When the roof changed, by the images", tl, images, steps, claims, verdicts)
}
