package archive_test

import (
	"errors"
	"testing"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/archive"
)

func TestImagesComeInDateOrder(t *testing.T) {
	a := fresh(t)
	place(t, a, "square")
	// In the order expected. The basis opens an end: a picture posted on a day was
	// taken at any time before, a mosaic's date is its oldest part.
	for i, im := range []struct {
		date  string
		basis imagery.Basis
	}{
		{"2014-01-01", imagery.BasisPublished},
		{"2015-10", imagery.BasisClaimed},
		{"2016-01-01", imagery.BasisCapture},
		{"2016", imagery.BasisCapture},
		{"2016-01-01", imagery.BasisMosaic},
		{"2016-04-27", imagery.BasisCapture},
	} {
		text := string(rune('a' + i))
		rec := image(t, string(rune('z'-i)), put(t, a, text), im.date)
		rec.Basis = im.basis
		add(t, a, "square", rec)
	}
	recs, err := a.Images(t.Context(), "square")
	if err != nil {
		t.Fatal(err)
	}
	var got string
	for _, r := range recs {
		got += r.File
	}
	if got != "zyxwvu" {
		t.Errorf("order %s, want zyxwvu", got)
	}
}

func TestWhatCanNotBeRecordedIsRefusedByKind(t *testing.T) {
	a := fresh(t)
	ctx := t.Context()
	place(t, a, "square")
	d := put(t, a, "picture")
	add(t, a, "square", image(t, "a.png", d, "2015"))
	other := put(t, a, "another")
	unknown := imagery.DigestOf([]byte("never put"))
	update := image(t, "a.png", other, "2015")
	for name, tt := range map[string]struct {
		err, want error
	}{
		"a location twice":               {second(a.AddLocation(ctx, imagery.Location{Name: "Square"}, archive.Change{})), archive.ErrExists},
		"an image of no location":        {third(a.AddImage(ctx, "nowhere", image(t, "b.png", other, "2015"), archive.Facts{}, archive.Receipt{})), imagery.ErrNotFound},
		"an image without its original":  {third(a.AddImage(ctx, "square", image(t, "b.png", unknown, "2015"), archive.Facts{}, archive.Receipt{})), imagery.ErrNotFound},
		"another image of the same name": {third(a.AddImage(ctx, "square", image(t, "a.png", other, "2015"), archive.Facts{}, archive.Receipt{})), archive.ErrExists},
		"other bytes for an image":       {a.UpdateImage(ctx, "square", update, archive.Change{}), imagery.ErrInvalid},
		"a change of no image":           {a.UpdateImage(ctx, "square", image(t, "c.png", d, "2015"), archive.Change{}), imagery.ErrNotFound},
		"claims of no location":          {a.SetClaims(ctx, "nowhere", nil, archive.Change{}), imagery.ErrNotFound},
		"regions of no location":         {a.SetRegions(ctx, "nowhere", nil, archive.Change{}), imagery.ErrNotFound},
		"an original never put":          {second(a.Original(ctx, unknown)), imagery.ErrNotFound},
		"a case of no location":          {second(a.Case(ctx, "nowhere")), imagery.ErrNotFound},
		"a deletion without a reason":    {a.DeleteImage(ctx, "square", "a.png", archive.Change{By: "x"}), imagery.ErrInvalid},
	} {
		if !errors.Is(tt.err, tt.want) {
			t.Errorf("%s: %v, want %v", name, tt.err, tt.want)
		}
	}
	wantClean(t, a)
}
