package ingest_test

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/archive"
	"github.com/antequem/antequem/imagery/ingest"
)

func TestAnHourHoldsSoManyFilesOfOneUploader(t *testing.T) {
	now := time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
	a, err := archive.Open(t.Context(), t.TempDir(), archive.Options{Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Close() })
	if _, err := a.AddLocation(t.Context(), imagery.Location{Name: "Square", Slug: "square", Lat: math.NaN(), Lon: math.NaN()}, archive.Change{}); err != nil {
		t.Fatal(err)
	}
	o := ingest.DefaultOptions()
	o.Hourly = 2
	g, err := ingest.New(a, o)
	if err != nil {
		t.Fatal(err)
	}
	file := asJPEG(t, scene(1, 200, 120), 90)
	for i, c := range []struct {
		after time.Duration
		who   string
		want  error
	}{
		{0, "heron", nil},
		{0, "heron", nil},
		{59 * time.Minute, "heron", imagery.ErrTooMany},
		{0, "wren", nil}, // another's hour is another's
		{-2 * time.Hour, "heron", imagery.ErrTooMany}, // nobody gains by a clock set back
		{2*time.Hour + 2*time.Minute, "heron", nil},
	} {
		now = now.Add(c.after)
		_, err := g.Receive(t.Context(), "square", declared(t, fmt.Sprintf("%d.jpg", i), ""), ingest.Origin{Uploader: c.who}, bytes.NewReader(file))
		if !errors.Is(err, c.want) {
			t.Errorf("file %d by %s: %v, want %v", i+1, c.who, err, c.want)
		}
	}
}

// Originals without a location have no receipts, and are counted all the same.
func TestAnHourHoldsSoManyOriginalsOfOneUploader(t *testing.T) {
	a, err := archive.Open(t.Context(), t.TempDir(), archive.DefaultOptions())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Close() })
	o := ingest.DefaultOptions()
	o.Hourly = 2
	g, err := ingest.New(a, o)
	if err != nil {
		t.Fatal(err)
	}
	for i, c := range []struct {
		who  string
		seed uint64
		want error
	}{
		{"heron", 1, nil}, {"heron", 1, nil}, // held already: it takes no room
		{"heron", 2, nil}, {"heron", 3, imagery.ErrTooMany}, {"heron", 1, imagery.ErrTooMany},
		{"wren", 3, nil},
	} {
		file := asJPEG(t, scene(c.seed, 200, 120), 90)
		_, err := g.Original(t.Context(), imagery.DigestOf(file), c.who, bytes.NewReader(file))
		if !errors.Is(err, c.want) {
			t.Errorf("file %d by %s: %v, want %v", i+1, c.who, err, c.want)
		}
	}
}
