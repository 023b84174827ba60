package archive_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"testing"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/archive"
	"github.com/google/go-cmp/cmp"
)

func TestTheChainCanBeCheckedByHand(t *testing.T) {
	a := fresh(t)
	place(t, a, "square")
	if err := a.SetHeading(t.Context(), "square", archive.Heading{Title: "The square"}, archive.Change{By: "heron", Why: "a typo"}); err != nil {
		t.Fatal(err)
	}
	log, err := a.Log(t.Context(), "")
	if err != nil || len(log) != 2 {
		t.Fatalf("%d entries, %v", len(log), err)
	}
	sum := func(b []byte) string {
		d := sha256.Sum256(b)
		return hex.EncodeToString(d[:])
	}
	e := log[1]
	text := fmt.Sprintf("antequem custody 1\n2\n2026-05-01T12:00:00.000000Z\nlocation.change\nsquare\nsquare\n%s\n%s\n%s\n",
		sum(e.What), sum(e.Who), log[0].Hash)
	if got := sum([]byte(text)); got != e.Hash.String() {
		t.Errorf("hash %s, by hand %s", e.Hash, got)
	}
	if log[0].Prev != (imagery.Digest{}) || e.Prev != log[0].Hash {
		t.Error("the chain is not one")
	}
	what, who, err := e.Done()
	if err != nil || what.Why != "a typo" || who.By != "heron" || what.Salt == "" || what.Salt == who.Salt {
		t.Errorf("what %+v, who %+v, %v", what, who, err)
	}
}

func TestEveryChangeIsAnEntryOfTheLog(t *testing.T) {
	a := fresh(t)
	ctx := t.Context()
	place(t, a, "square")
	d := put(t, a, "picture")
	rec := add(t, a, "square", image(t, "a.png", d, "2015"))
	rec.Acquired = date(t, "2015-10-15")
	if err := a.UpdateImage(ctx, "square", rec.Image, archive.Change{By: "heron", Why: "the caption says so"}); err != nil {
		t.Fatal(err)
	}
	c, _ := fullCase(t)
	for _, err := range []error{
		a.SetRegions(ctx, "square", c.Regions, archive.Change{By: "wren"}),
		a.SetClaims(ctx, "square", c.Claims, archive.Change{By: "wren"}),
		a.SetHeading(ctx, "square", archive.Heading{Title: "The square", Reference: "a.png"}, archive.Change{}),
		a.UpdateLocation(ctx, imagery.Location{Slug: "square", Name: "Square", Lat: math.NaN(), Lon: math.NaN()}, archive.Change{}),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	log, err := a.Log(ctx, "square")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range log {
		what, who, err := e.Done()
		if err != nil {
			t.Error(err)
		}
		got = append(got, e.Action+" "+e.Subject+" "+who.By+" "+what.Why)
	}
	want := []string{
		"location.add square  ", "image.add square/a.png  ", "receipt.add square/a.png  ",
		"image.change square/a.png heron the caption says so",
		"regions.set square wren ", "claims.set square wren ", "location.change square  ", "location.change square  ",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	wantClean(t, a)
	ls, err := a.Locations(ctx)
	if err != nil || len(ls) != 1 || ls[0].Title != "The square" || ls[0].Images != 1 || ls[0].Claims != 3 || !math.IsNaN(ls[0].Lat) || !ls[0].Changed.Equal(noon) {
		t.Errorf("locations %+v, %v", ls, err)
	}
}
