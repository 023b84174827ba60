package workshop_test

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"testing"

	"github.com/antequem/antequem/compare/assess"
	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/archive"
	"github.com/antequem/antequem/imagery/edtf"
	"github.com/antequem/antequem/server/workshop"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func date(t *testing.T, s string) edtf.Date {
	t.Helper()
	d, err := edtf.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestARecipeHoldsTheWholeCaseWhateverIsUnknown(t *testing.T) {
	nan := math.NaN()
	want := imagery.Case{
		Title: "A case",
		Images: []imagery.Image{
			{File: "a.png", Digest: imagery.DigestOf([]byte("a")), Acquired: date(t, "2015-10~"), Basis: imagery.BasisClaimed, Platform: imagery.PlatformDrone, OffNadir: nan, SunAz: nan, SunEl: nan, TiePoints: []imagery.UserTiePoint{{Reference: imagery.Point{X: 1, Y: 2}, Moving: imagery.Point{X: 3, Y: 4}}}},
			{File: "b.tif", Digest: imagery.DigestOf([]byte("b")), Acquired: date(t, "../2016-05-01"), Basis: imagery.BasisMosaic, GSD: 0.3, OffNadir: 12.5, SunAz: 180, SunEl: 45.25, Notes: "n", Synthetic: true},
		},
		Reference: "b.tif",
		Regions:   []imagery.Region{{Name: "r", Image: "a.png", Polygon: []imagery.Point{{X: 0.5, Y: 1}}}, {Name: "g", Rings: [][]imagery.Point{{{X: 37.1, Y: 36.2}}}}},
		Claims:    []imagery.Claim{{ID: "c", Text: "t", Kind: imagery.ClaimChanged, When: date(t, "2016-04-27")}, {ID: "d", Kind: imagery.ClaimSame, Images: [2]string{"a.png", "b.tif"}}},
	}
	r, err := workshop.CaseRecipe(want, assess.DefaultOptions())
	if err != nil {
		t.Fatal(err)
	}
	var o workshop.Order
	if err := json.Unmarshal(r.Options, &o); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, workshop.Made(o), cmpopts.EquateNaNs()); diff != "" {
		t.Error(diff)
	}
	many := assess.DefaultOptions()
	many.Workers, many.Align.Workers, many.Change.Workers, many.Timeline.Workers = 8, 8, 8, 8
	if again, err := workshop.CaseRecipe(want, many); err != nil || again.Digest() != r.Digest() {
		t.Errorf("the number of workers makes another recipe: %v", err)
	}
	want.Claims[0].When = date(t, "2016-04-28")
	if other, err := workshop.CaseRecipe(want, assess.DefaultOptions()); err != nil || other.Digest() == r.Digest() {
		t.Errorf("another claim makes the same recipe: %v", err)
	}
}

func TestAJobOfAnotherVersionIsRefused(t *testing.T) {
	r, err := workshop.ViewRecipe(imagery.DigestOf(nil))
	if err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(*archive.Recipe){
		"an older version": func(r *archive.Recipe) { r.Version = "view.0" },
		"an unknown kind":  func(r *archive.Recipe) { r.Kind = "wish" },
	} {
		s := r
		spoil(&s)
		if _, err := (workshop.Work{}).Make(context.Background(), s, nil); !errors.Is(err, imagery.ErrUnsupported) {
			t.Errorf("%s: %v", name, err)
		}
	}
	r.Inputs = nil
	if _, err := (workshop.Work{}).Make(context.Background(), r, nil); !errors.Is(err, imagery.ErrInvalid) {
		t.Errorf("a view of nothing: %v", err)
	}
}
