package server_test

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/color"
	"image/png"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/antequem/antequem/compare/assess"
	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/archive"
	"github.com/antequem/antequem/imagery/decode"
	"github.com/antequem/antequem/imagery/edtf"
	"github.com/antequem/antequem/server"
	"github.com/antequem/antequem/server/jobs"
)

// A house is a whole service over a data folder of its own.
type house struct {
	*server.Server
	archive *archive.Archive
	queue   *jobs.Queue
	log     *safeBuffer
}

// safeBuffer may be written by several goroutines.
type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *safeBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *safeBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// settle are settings for tests, which stop at once.
func settle(mend ...func(*server.Config)) server.Config {
	c := server.DefaultConfig()
	c.Grace = time.Second
	for _, m := range mend {
		m(&c)
	}
	return c
}

// build opens a service over dir; a second one over the same folder is what a
// restart sees.
func build(t testing.TB, dir string, c server.Config) *house {
	t.Helper()
	ctx := context.Background()
	a, err := archive.Open(ctx, dir, archive.DefaultOptions())
	if err != nil {
		t.Fatal(err)
	}
	h := &house{archive: a, log: &safeBuffer{}}
	log := slog.New(slog.NewJSONHandler(h.log, nil))
	work := server.Work{Originals: a, Limits: decode.DefaultLimits()}
	o := jobs.DefaultOptions()
	o.Logger = log
	h.queue, err = jobs.Open(ctx, filepath.Join(dir, "jobs.db"), a, func(ctx context.Context, r archive.Recipe, tell jobs.Tell) (map[string][]byte, error) {
		return work.Make(ctx, r, tell)
	}, o)
	if err != nil {
		t.Fatal(err)
	}
	h.Server, err = server.New(server.Deps{
		Archive: a, Ingest: ingester{a}, Jobs: queue{h.queue}, Options: assess.DefaultOptions(), Log: log, Version: "test",
	}, c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.close(t) })
	return h
}

func (h *house) close(t testing.TB) {
	if h.archive == nil {
		return
	}
	if err := errors.Join(h.queue.Close(context.Background()), h.archive.Close()); err != nil {
		t.Error(err)
	}
	h.archive = nil
}

// listen serves h on loopback and returns its address.
func (h *house) listen(t testing.TB) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- h.Serve(ctx, ln) }()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return "http://" + ln.Addr().String()
}

// queue lets the jobs answer to the service.
type queue struct{ *jobs.Queue }

func (q queue) Standing(ctx context.Context, d imagery.Digest) (server.Standing, error) {
	s, err := q.Queue.Standing(ctx, d)
	return server.Standing(s), err
}

// ingester takes uploads as they are.
type ingester struct{ a *archive.Archive }

func (i ingester) Receive(ctx context.Context, slug string, im imagery.Image, name string, r io.Reader) (server.Received, error) {
	s, err := i.a.Stage(ctx, r, 1<<28)
	if err != nil {
		return server.Received{}, err
	}
	defer s.Discard()
	b, err := s.Bytes()
	if err != nil {
		return server.Received{}, err
	}
	pic, err := decode.Decode(b, decode.DefaultLimits())
	if err != nil {
		return server.Received{}, err
	}
	rec, added, err := i.a.Receive(ctx, s, slug, im, archive.Facts{Format: pic.Format, Width: pic.Width, Height: pic.Height},
		archive.Receipt{OriginalName: name})
	return server.Received{Record: rec, Known: !added}, err
}

// scene draws a block of flats from above; struck leaves one of them out. Its
// noise differs from seed to seed.
func scene(t testing.TB, seed uint64, struck bool) []byte {
	t.Helper()
	rng := rand.New(rand.NewPCG(7, 7))
	im := image.NewNRGBA(image.Rect(0, 0, 320, 240))
	fill := func(r image.Rectangle, c color.NRGBA) {
		for y := r.Min.Y; y < r.Max.Y; y++ {
			for x := r.Min.X; x < r.Max.X; x++ {
				im.SetNRGBA(x, y, c)
			}
		}
	}
	fill(im.Rect, color.NRGBA{112, 108, 96, 255})
	for y := 8; y < 220; y += 44 {
		for x := 8; x < 300; x += 52 {
			w, h, v := 24+rng.IntN(20), 18+rng.IntN(18), uint8(120+rng.IntN(110))
			roof := image.Rect(x, y, x+w, y+h)
			if struck && image.Pt(165, 115).In(roof.Inset(-8)) {
				v = 70
				roof = roof.Inset(5)
			}
			fill(roof.Add(image.Pt(4, 4)).Intersect(im.Rect), color.NRGBA{40, 40, 46, 255})
			fill(roof.Intersect(im.Rect), color.NRGBA{v, v - 6, v - 14, 255})
			fill(image.Rect(x+4, y+4, x+10, y+9).Intersect(im.Rect), color.NRGBA{v / 2, v / 2, v / 2, 255})
		}
	}
	noise := rand.New(rand.NewPCG(seed, 1))
	for i := range im.Pix {
		if i%4 != 3 {
			im.Pix[i] = uint8(min(max(int(im.Pix[i])+noise.IntN(9)-4, 0), 255))
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, im); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func date(t testing.TB, s string) edtf.Date {
	t.Helper()
	d, err := edtf.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// block is a case with two images, one region and a claim of every kind.
func block(t testing.TB, h *house) (slug string, before, after imagery.Digest) {
	t.Helper()
	old, struck := scene(t, 1, false), scene(t, 2, true)
	before, after = imagery.DigestOf(old), imagery.DigestOf(struck)
	c := imagery.Case{
		Title:    `Block <script>alert("x")</script> & sons`,
		Summary:  "A block of flats, drawn for a test.",
		Location: imagery.Location{Name: "Test block", Slug: "block", Lat: 36.2, Lon: 37.15, Position: "verified"},
		Images: []imagery.Image{
			{File: "old.png", Acquired: date(t, "2015-10-15"), Basis: imagery.BasisCapture, Platform: imagery.PlatformSatellite, GSD: 0.5, Source: "https://example.org/1", Publisher: "<b>Publisher</b>", Synthetic: true},
			{File: "new.png", Acquired: date(t, "2016-05-01"), Basis: imagery.BasisClaimed, Platform: imagery.PlatformSatellite, GSD: 0.5, Source: "javascript:alert(1)", Synthetic: true},
		},
		Regions: []imagery.Region{{Image: "old.png", Polygon: []imagery.Point{{X: 150, Y: 92}, {X: 206, Y: 92}, {X: 206, Y: 136}, {X: 150, Y: 136}}}},
		Claims: []imagery.Claim{
			{ID: "struck", Text: `It was struck <img src=x onerror=alert(1)>`, Claimant: "A", Source: "https://example.org/a", Kind: imagery.ClaimChanged, When: date(t, "2016-04-27")},
			{ID: "old-damage", Text: "It was so before", Claimant: "B", Source: "https://example.org/b", Kind: imagery.ClaimChanged, When: date(t, "../2015-10-01")},
			{ID: "same", Text: "Both look the same", Claimant: "B", Kind: imagery.ClaimSame, Images: [2]string{"old.png", "new.png"}},
			{ID: "who", Text: "Who did it", Claimant: "B", Kind: imagery.ClaimUntestable, Why: "Imagery shows what changed, not who did it."},
		},
	}
	files := map[string][]byte{"old.png": old, "new.png": struck}
	slug, err := h.archive.ImportCase(context.Background(), c, func(f string) (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader(files[f])), nil
	}, 1<<20, archive.Change{})
	if err != nil {
		t.Fatal(err)
	}
	return slug, before, after
}

// eventually asks for path until the answer satisfies ok.
func eventually(t testing.TB, h http.Handler, path string, ok func(status int, body string) bool) string {
	t.Helper()
	deadline := time.Now().Add(60 * time.Second)
	for {
		r := ask(h, "GET", path)
		b, err := io.ReadAll(r.Body)
		if err != nil {
			t.Fatal(err)
		}
		if ok(r.StatusCode, string(b)) {
			return string(b)
		}
		if time.Now().After(deadline) {
			t.Fatalf("%s: still %d:\n%s", path, r.StatusCode, b)
		}
		time.Sleep(50 * time.Millisecond)
	}
}
