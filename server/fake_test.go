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
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/antequem/antequem/compare/assess"
	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/archive"
	"github.com/antequem/antequem/imagery/decode"
	"github.com/antequem/antequem/imagery/edtf"
	"github.com/antequem/antequem/imagery/ingest"
	"github.com/antequem/antequem/server"
	"github.com/antequem/antequem/server/jobs"
	"github.com/antequem/antequem/server/people"
	"github.com/antequem/antequem/server/resume"
	"github.com/antequem/antequem/server/workshop"
)

// A house is a whole service over a data folder of its own.
type house struct {
	*server.Server
	archive *archive.Archive
	ingest  *ingest.Ingester
	queue   *jobs.Queue
	people  *people.Store // nil: one person, without an account
	log     *safeBuffer
	config  server.Config
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
	work := workshop.Work{Originals: a, Limits: decode.DefaultLimits()}
	o := jobs.DefaultOptions()
	o.Logger = log
	h.queue, err = jobs.Open(ctx, filepath.Join(dir, "jobs.db"), a, func(ctx context.Context, r archive.Recipe, tell jobs.Tell) (map[string][]byte, error) {
		return work.Make(ctx, r, tell)
	}, o)
	if err != nil {
		t.Fatal(err)
	}
	h.ingest, err = ingest.New(a, ingest.DefaultOptions())
	if err != nil {
		t.Fatal(err)
	}
	h.config = c
	h.Server = again(t, h)
	t.Cleanup(func() { h.close(t) })
	return h
}

// again returns a service over the same folder that remembers nothing.
func again(t testing.TB, h *house) *server.Server {
	t.Helper()
	o := resume.DefaultOptions()
	o.Max, o.Room = h.config.MaxUpload, h.archive.Room
	uploads, err := resume.Open(filepath.Join(h.archive.Dir(), "uploads"), o)
	if err != nil {
		t.Fatal(err)
	}
	s, err := server.New(server.Deps{
		Archive: h.archive, Ingest: h.ingest, Jobs: queue{h.queue}, People: h.people, Uploads: uploads, Options: brief(),
		Log: slog.New(slog.NewJSONHandler(h.log, nil)), Version: "test",
	}, h.config)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// brief are options that cost little: few controls, few planted changes.
func brief() assess.Options {
	o := assess.DefaultOptions()
	o.Context, o.Timeline.Context, o.Timeline.Controls, o.Timeline.Trials = 96, 96, 40, 20
	return o
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

// scene draws a block of flats from above; struck turns one of them into rubble.
// Its noise differs from seed to seed.
func scene(t testing.TB, seed uint64, struck bool) []byte {
	t.Helper()
	town := rand.New(rand.NewPCG(7, 7))
	im := image.NewNRGBA(image.Rect(0, 0, 320, 240))
	fill := func(r image.Rectangle, grey, rough int) {
		for y := r.Min.Y; y < r.Max.Y; y++ {
			for x := r.Min.X; x < r.Max.X; x++ {
				v := grey + town.IntN(2*rough+1) - rough
				if image.Pt(x, y).In(im.Rect) {
					im.SetNRGBA(x, y, color.NRGBA{uint8(v), uint8(v * 97 / 100), uint8(v * 9 / 10), 255})
				}
			}
		}
	}
	fill(im.Rect, 96, 10)
	for y := 6; y < 230; y += 30 {
		for x := 6; x < 310; x += 34 {
			roof := image.Rect(x, y, x+14+town.IntN(14), y+12+town.IntN(12))
			grey := 60 + town.IntN(100)
			fill(roof.Add(image.Pt(3, 3)), 32, 6)
			fill(roof, grey, 8)
			for range 3 {
				at := roof.Min.Add(image.Pt(town.IntN(10), town.IntN(8)))
				fill(image.Rectangle{at, at.Add(image.Pt(2+town.IntN(4), 2+town.IntN(4)))}, 40+town.IntN(120), 6)
			}
		}
	}
	if struck {
		rubble := rand.New(rand.NewPCG(9, 9))
		for range 160 {
			at := image.Pt(158+rubble.IntN(44), 96+rubble.IntN(36))
			fill(image.Rectangle{at, at.Add(image.Pt(2+rubble.IntN(5), 2+rubble.IntN(5)))}, 40+rubble.IntN(120), 12)
		}
	}
	noise := rand.New(rand.NewPCG(seed, 1))
	for i := range im.Pix {
		if i%4 != 3 {
			im.Pix[i] = uint8(min(max(int(im.Pix[i])+noise.IntN(7)-3, 0), 255))
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, im); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// strange draws noise that shows no place at all.
func strange(t testing.TB) []byte {
	t.Helper()
	noise := rand.New(rand.NewPCG(5, 5))
	im := image.NewGray(image.Rect(0, 0, 320, 240))
	for i := range im.Pix {
		im.Pix[i] = uint8(noise.IntN(256))
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
	slug, err := h.ingest.Case(context.Background(), c, func(f string) (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader(files[f])), nil
	}, archive.Change{})
	if err == nil {
		err = h.archive.Publish(context.Background(), slug, archive.Change{Why: "drawn for a test"})
	}
	if err != nil {
		t.Fatal(err)
	}
	return slug, before, after
}

// ready is a data folder in which the block was judged, made once.
var ready = sync.OnceValues(func() (dir string, err error) { return os.MkdirTemp("", "antequem-server-test-") })

var fill sync.Once

func TestMain(m *testing.M) {
	status := m.Run()
	if dir, err := ready(); err == nil {
		_ = os.RemoveAll(dir)
	}
	os.Exit(status)
}

// judged returns a service over a copy of a data folder in which the block was
// judged already.
func judged(t testing.TB, c server.Config) (h *house, slug string, before, after imagery.Digest) {
	t.Helper()
	dir, err := ready()
	if err != nil {
		t.Fatal(err)
	}
	fill.Do(func() {
		h := build(t, dir, settle())
		slug, before, after := block(t, h)
		done := func(status int, text string) bool { return status == 200 && !strings.Contains(text, "/events?wait=") }
		eventually(t, h.Handler(), "/locations/"+slug, done)
		eventually(t, h.Handler(), "/locations/"+slug+"/compare?before="+before.Short()+"&after="+after.Short(), done)
		h.close(t)
	})
	own := filepath.Join(t.TempDir(), "data")
	if err := os.CopyFS(own, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	h = build(t, own, c)
	cs, err := h.archive.Case(context.Background(), "block")
	if err != nil {
		t.Fatal(err)
	}
	return h, "block", cs.Images[0].Digest, cs.Images[1].Digest
}

// eventually asks for path until the answer satisfies ok.
func eventually(t testing.TB, h http.Handler, path string, ok func(status int, body string) bool) string {
	t.Helper()
	deadline := time.Now().Add(5 * time.Minute)
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
