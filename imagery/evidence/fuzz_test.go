package evidence_test

import (
	"bytes"
	"context"
	"io"
	"math"
	"slices"
	"testing"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/archive"
	"github.com/antequem/antequem/imagery/evidence"
	"github.com/antequem/antequem/imagery/pack"
)

// Whatever text is given, nothing panics, and a log without faults has whole entries only.
func FuzzReadCustody(f *testing.F) {
	a, err := archive.Open(context.Background(), f.TempDir(), archive.Options{})
	if err != nil {
		f.Fatal(err)
	}
	defer a.Close()
	if _, err := a.AddLocation(context.Background(), imagery.Location{Name: "Square", Lat: math.NaN(), Lon: math.NaN()}, archive.Change{By: "heron"}); err != nil {
		f.Fatal(err)
	}
	b, err := evidence.Bag(context.Background(), a, "square", evidence.Options{Identities: true})
	if err != nil {
		f.Fatal(err)
	}
	i := slices.IndexFunc(b.Files, func(p pack.File) bool { return p.Name == evidence.CustodyFile })
	r, err := b.Files[i].Open()
	if err != nil {
		f.Fatal(err)
	}
	text, err := io.ReadAll(r)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Add(bytes.Replace(text, []byte(`"action"`), []byte(`"at":null,"action"`), 1))
	f.Add([]byte(`{"seq":1,"hash":"` + imagery.Digest{}.String() + "\"}\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		c, err := evidence.ReadCustody(text)
		if err != nil || len(c.Faults) > 0 {
			return
		}
		for _, e := range c.Shown {
			if e.Sum() != e.Hash {
				t.Errorf("entry %d was taken for whole", e.Seq)
			}
		}
		archive.Replay(c.Shown)
	})
}
