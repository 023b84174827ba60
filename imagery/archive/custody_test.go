package archive_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"testing"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/archive"
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
