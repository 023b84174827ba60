package assess_test

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"

	"github.com/antequem/antequem/compare/assess"
	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/edtf"
)

// TestPicturesAreReadAheadAsThoughTheyWereNot reads the next picture while one is laid
// over the reference: each once, errors and panics as though they were read in turn.
func TestPicturesAreReadAheadAsThoughTheyWereNot(t *testing.T) {
	c := imagery.Case{Title: "three", Reference: "0.png"}
	for i := range 3 {
		d, err := edtf.Parse(fmt.Sprintf("2015-0%d-01", i+1))
		if err != nil {
			t.Fatal(err)
		}
		c.Images = append(c.Images, imagery.Image{File: fmt.Sprintf("%d.png", i), Acquired: d, Digest: imagery.Digest{byte(i + 1)}})
	}
	ground := roofs(1, 128)
	broken := errors.New("cut off")
	for _, what := range []struct {
		name string
		then func() error // what reading the last picture does
		want any
	}{
		{"all are read once", func() error { return nil }, nil},
		{"an error comes back", func() error { return broken }, broken},
		{"a panic can be recovered from", func() error { panic("torn") }, "torn"},
	} {
		t.Run(what.name, func(t *testing.T) {
			var asked atomic.Int32
			load := func(_ context.Context, im imagery.Image) (assess.Picture, error) {
				asked.Add(1)
				if im.File == "2.png" {
					if err := what.then(); err != nil {
						return assess.Picture{}, err
					}
				}
				return assess.Picture{Image: im, Raster: moved(ground, 4, 4, 120)}, nil
			}
			got := func() (out any) {
				defer func() {
					if p := recover(); p != nil {
						out = p
					}
				}()
				if _, err := assess.Case(t.Context(), c, load, assess.DefaultOptions(), nil); err != nil {
					return err
				}
				return nil
			}()
			if err, ok := got.(error); ok && errors.Is(err, broken) {
				got = broken
			}
			if got != what.want {
				t.Errorf("%v, want %v", got, what.want)
			}
			if n := asked.Load(); n != 3 {
				t.Errorf("%d pictures were read, want 3", n)
			}
		})
	}
}
