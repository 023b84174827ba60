package ingest_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"math"
	"math/bits"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/archive"
	"github.com/antequem/antequem/imagery/decode"
	"github.com/antequem/antequem/imagery/edtf"
	"github.com/antequem/antequem/imagery/ingest"
)

// scene draws a few dozen rectangles: a picture with shape of its own for each seed.
func scene(seed uint64, w, h int) *image.NRGBA {
	rng := rand.New(rand.NewPCG(seed, 1))
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for range 60 {
		x, y := rng.Float64(), rng.Float64()
		dx, dy, grey := 0.3*rng.Float64(), 0.3*rng.Float64(), uint8(rng.IntN(256))
		for py := int(y * float64(h)); py < min(h, int((y+dy)*float64(h))); py++ {
			for px := int(x * float64(w)); px < min(w, int((x+dx)*float64(w))); px++ {
				img.SetNRGBA(px, py, color.NRGBA{grey, grey, grey / 2, 255})
			}
		}
	}
	for i := 3; i < len(img.Pix); i += 4 {
		img.Pix[i] = 255
	}
	return img
}

func asPNG(t *testing.T, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func asJPEG(t *testing.T, img image.Image, quality int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: quality}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func date(t *testing.T, s string) edtf.Date {
	t.Helper()
	d, err := edtf.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func declared(t *testing.T, file, acquired string) imagery.Image {
	im := imagery.Image{File: file, Basis: imagery.BasisCapture, OffNadir: math.NaN(), SunAz: math.NaN(), SunEl: math.NaN()}
	if acquired != "" {
		im.Acquired = date(t, acquired)
	}
	return im
}

func setUp(t *testing.T) (*archive.Archive, *ingest.Ingester) {
	t.Helper()
	a, err := archive.Open(t.Context(), t.TempDir(), archive.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Close() })
	for _, slug := range []string{"square", "elsewhere"} {
		if _, err := a.AddLocation(t.Context(), imagery.Location{Name: slug, Slug: slug, Lat: 36.2, Lon: 37.15}, archive.Change{}); err != nil {
			t.Fatal(err)
		}
	}
	g, err := ingest.New(a, ingest.DefaultOptions())
	if err != nil {
		t.Fatal(err)
	}
	return a, g
}

func codes(ws []ingest.Warning) []ingest.Code {
	out := []ingest.Code{}
	for _, w := range ws {
		out = append(out, w.Code)
	}
	return out
}

func TestAnUploadIsStoredAsItCameWithWhatWasReadOfIt(t *testing.T) {
	a, g := setUp(t)
	data := asPNG(t, scene(1, 200, 120))
	rep, err := g.Receive(t.Context(), "square", declared(t, "a.png", "2015-10-15"), ingest.Origin{Name: "IMG 1.png", Uploader: "heron"}, bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	if rep.Held || rep.Digest != imagery.DigestOf(data) || rep.Size != int64(len(data)) || rep.Format != "png" || rep.Width != 200 || rep.Height != 120 || rep.Perceptual == 0 {
		t.Errorf("report %+v", rep)
	}
	if len(rep.Warnings) != 0 {
		t.Errorf("warnings %v", rep.Warnings)
	}
	got, err := a.ReadOriginal(t.Context(), rep.Digest)
	if err != nil || !bytes.Equal(got, data) {
		t.Errorf("read back %d bytes, %v", len(got), err)
	}
	rs, err := a.Receipts(t.Context(), rep.Digest)
	if err != nil || len(rs) != 1 || rs[0].OriginalName != "IMG 1.png" || rs[0].Uploader != "heron" {
		t.Errorf("receipts %+v, %v", rs, err)
	}
}

func TestWhatIsNoPictureLeavesNothing(t *testing.T) {
	whole := asPNG(t, scene(1, 200, 120))
	small := ingest.DefaultOptions()
	small.Limits.MaxPixels = 100
	short := ingest.DefaultOptions()
	short.Limits.MaxBytes = 50
	for name, tt := range map[string]struct {
		opts ingest.Options
		slug string
		r    io.Reader
		want error
	}{
		"a text":               {ingest.DefaultOptions(), "square", strings.NewReader("not a picture"), imagery.ErrUnsupported},
		"an empty file":        {ingest.DefaultOptions(), "square", strings.NewReader(""), imagery.ErrInvalid},
		"half a picture":       {ingest.DefaultOptions(), "square", bytes.NewReader(whole[:len(whole)/2]), imagery.ErrCorrupt},
		"a page with a script": {ingest.DefaultOptions(), "square", strings.NewReader("<svg><script>alert(1)</script></svg>"), imagery.ErrUnsupported},
		"too many bytes":       {short, "square", bytes.NewReader(whole), imagery.ErrTooLarge},
		"too many pixels":      {small, "square", bytes.NewReader(whole), imagery.ErrTooLarge},
		"a line that breaks":   {ingest.DefaultOptions(), "square", iotest.TimeoutReader(iotest.OneByteReader(bytes.NewReader(whole))), iotest.ErrTimeout},
		"no such location":     {ingest.DefaultOptions(), "nowhere", bytes.NewReader(whole), imagery.ErrNotFound},
	} {
		t.Run(name, func(t *testing.T) {
			a, _ := setUp(t)
			g, err := ingest.New(a, tt.opts)
			if err != nil {
				t.Fatal(err)
			}
			_, err = g.Receive(t.Context(), tt.slug, declared(t, "a.png", "2015"), ingest.Origin{}, tt.r)
			if !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
			wantEmpty(t, a)
		})
	}
}

// wantEmpty says that an archive with two locations holds no image and no file.
func wantEmpty(t *testing.T, a *archive.Archive) {
	t.Helper()
	rep, err := a.Verify(t.Context(), nil)
	if err != nil || !rep.OK() || rep.Originals != 0 || rep.Entries != 2 {
		t.Errorf("left %+v, %v", rep, err)
	}
	left, err := os.ReadDir(filepath.Join(a.Dir(), "incoming"))
	if err != nil || len(left) != 0 {
		t.Errorf("incoming holds %v, %v", left, err)
	}
}

func TestTheSameFileAgainIsSaidToBeHeld(t *testing.T) {
	_, g := setUp(t)
	data := asPNG(t, scene(1, 64, 64))
	for _, when := range []string{"2015-10-15", "2016-04-27"} {
		rep, err := g.Receive(t.Context(), "square", declared(t, when+".png", when), ingest.Origin{}, bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		again := when != "2015-10-15"
		if rep.Held != again || rep.File != "2015-10-15.png" || rep.Acquired.String() != "2015-10-15" {
			t.Errorf("%s: held %v as %s of %s", when, rep.Held, rep.File, rep.Acquired)
		}
		// Once for being held, once for the date that differs.
		if want := []ingest.Code{ingest.HeldAlready, ingest.HeldAlready}; again && !slices.Equal(codes(rep.Warnings), want) {
			t.Errorf("warnings %v", rep.Warnings)
		}
	}
}

func TestACopyIsPointedOutInWhateverLocation(t *testing.T) {
	_, g := setUp(t)
	if _, err := g.Receive(t.Context(), "square", declared(t, "old.png", "2015-10-15"), ingest.Origin{}, bytes.NewReader(asPNG(t, scene(1, 400, 300)))); err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		data []byte
		when string
		want string // in the warning; "" for none
	}{
		"recompressed, with another date": {asJPEG(t, scene(1, 400, 300), 60), "2016-04-27", "an old picture was posted again"},
		"half as large, of the same date": {asJPEG(t, scene(1, 200, 150), 80), "2015-10", "it may be a copy"},
		"another picture":                 {asPNG(t, scene(2, 400, 300)), "2016-04-27", ""},
	} {
		rep, err := g.Receive(t.Context(), "elsewhere", declared(t, name, tt.when), ingest.Origin{}, bytes.NewReader(tt.data))
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(rep.Warnings, func(w ingest.Warning) bool {
			return w.Code == ingest.LooksLike && strings.Contains(w.Text, "old.png (2015-10-15) of square")
		})
		if (i >= 0) != (tt.want != "") || i >= 0 && !strings.Contains(rep.Warnings[i].Text, tt.want) {
			t.Errorf("%s: %v", name, rep.Warnings)
		}
	}
}

func TestAFileThatWasDeletedIsSaidToHaveBeen(t *testing.T) {
	a, g := setUp(t)
	data := asPNG(t, scene(1, 64, 64))
	for round := range 2 {
		rep, err := g.Receive(t.Context(), "square", declared(t, "a.png", "2015"), ingest.Origin{}, bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		if got := slices.Contains(codes(rep.Warnings), ingest.WasDeleted); got != (round == 1) {
			t.Errorf("round %d: %v", round, rep.Warnings)
		}
		if err := a.DeleteImage(t.Context(), "square", "a.png", archive.Change{By: "wren", Why: "a face"}); err != nil {
			t.Fatal(err)
		}
	}
}

func TestEveryDisagreementWithTheFileIsNamed(t *testing.T) {
	aleppo := imagery.Location{Slug: "square", Lat: 36.2, Lon: 37.15}
	number := func(v float64) *float64 { return &v }
	square := func(lon, lat float64) [][2]float64 {
		return [][2]float64{{lon - 0.01, lat + 0.01}, {lon + 0.01, lat + 0.01}, {lon + 0.01, lat - 0.01}, {lon - 0.01, lat - 0.01}}
	}
	captured := func(s string) decode.Info {
		return decode.Info{Dates: []decode.Date{{Value: s, Tag: "EXIF DateTimeOriginal", Means: "capture"}}}
	}
	changed := func(s string) decode.Info {
		return decode.Info{Dates: []decode.Date{{Value: s, Tag: "EXIF DateTime", Means: "change"}}}
	}
	with := func(date string, basis imagery.Basis, more ...func(*imagery.Image)) imagery.Image {
		im := declared(t, "a.png", date)
		im.Basis = basis
		for _, m := range more {
			m(&im)
		}
		return im
	}
	gsd := func(v float64) func(*imagery.Image) { return func(im *imagery.Image) { im.GSD = v } }
	sensor := func(s string) func(*imagery.Image) { return func(im *imagery.Image) { im.Sensor = s } }
	const capture, published, mosaic = imagery.BasisCapture, imagery.BasisPublished, imagery.BasisMosaic

	for name, tt := range map[string]struct {
		im    imagery.Image
		file  decode.Info
		place imagery.Location
		want  []ingest.Code
	}{
		"nothing said": {with("2015-10", capture), decode.Info{}, aleppo, nil},
		"the same day": {with("2015-10-15", capture), captured("2015-10-15T08:21:00"), aleppo, nil},
		"the day before, by a clock without a zone":   {with("2015-10-15", capture), captured("2015-10-14T23:00:00"), aleppo, nil},
		"the day before, by a clock in UTC":           {with("2015-10-15", capture), captured("2015-10-14T23:00:00Z"), aleppo, []ingest.Code{ingest.DateDiffers}},
		"another year":                                {with("2015-10-15", capture), captured("2014-10-15T08:21:00"), aleppo, []ingest.Code{ingest.DateDiffers}},
		"posted after it was taken":                   {with("2015-10-15", published), captured("2014-01-01T00:00:00"), aleppo, nil},
		"posted before it was taken":                  {with("2015-10-15", published), captured("2016-01-01T00:00:00"), aleppo, []ingest.Code{ingest.DateDiffers}},
		"a mosaic with a later part":                  {with("2015-10-15", mosaic), captured("2016-01-01T00:00:00"), aleppo, nil},
		"saved years later":                           {with("2015-10-15", capture), changed("2020-01-01T00:00:00"), aleppo, nil},
		"saved before it was taken":                   {with("2015-10-15", capture), changed("2015-10-01T00:00:00"), aleppo, []ingest.Code{ingest.DateTooLate}},
		"a date in the file that nobody can read":     {with("2015-10-15", capture), captured("0000-00-00"), aleppo, nil},
		"no date declared":                            {with("", capture), captured("2015-10-15T08:21:00"), aleppo, []ingest.Code{ingest.DateMissing}},
		"no date anywhere":                            {with("", capture), decode.Info{}, aleppo, []ingest.Code{ingest.DateMissing}},
		"5 % between the pixel sizes":                 {with("2015", capture, gsd(0.5)), decode.Info{GSD: 0.525}, aleppo, nil},
		"twice the pixel size":                        {with("2015", capture, gsd(0.5)), decode.Info{GSD: 1}, aleppo, []ingest.Code{ingest.GSDDiffers}},
		"the location in the picture":                 {with("2015", capture), decode.Info{Footprint: square(37.155, 36.205)}, aleppo, nil},
		"the location out of the picture":             {with("2015", capture), decode.Info{Footprint: square(37.15, 37.2)}, aleppo, []ingest.Code{ingest.PlaceDiffers}},
		"a location whose position nobody knows":      {with("2015", capture), decode.Info{Footprint: square(37.15, 37.2)}, imagery.Location{Lat: math.NaN(), Lon: math.NaN()}, nil},
		"a picture across the date line":              {with("2015", capture), decode.Info{Footprint: [][2]float64{{179.9, 1}, {-179.9, 1}, {-179.9, -1}, {179.9, -1}}}, imagery.Location{Lat: 0, Lon: -179.95}, nil},
		"a camera nearby":                             {with("2015", capture), decode.Info{GPS: true, Lat: number(36.21), Lon: number(37.15)}, aleppo, []ingest.Code{ingest.CameraPlace}},
		"a camera far away":                           {with("2015", capture), decode.Info{GPS: true, Lat: number(48.1), Lon: number(11.5)}, aleppo, []ingest.Code{ingest.PlaceDiffers, ingest.CameraPlace}},
		"the sensor by another spelling":              {with("2015", capture, sensor("WorldView-2")), decode.Info{Sensor: "WORLDVIEW 2 pan"}, aleppo, nil},
		"another sensor":                              {with("2015", capture, sensor("WorldView-2")), decode.Info{Sensor: "FC330"}, aleppo, []ingest.Code{ingest.SensorDiffers}},
		"written by a program that alters pictures":   {with("2015", capture), decode.Info{Software: "Adobe Photoshop CS6"}, aleppo, []ingest.Code{ingest.Edited}},
		"Content Credentials and an oddity":           {with("2015", capture), decode.Info{C2PA: true, Warnings: []string{"two orientations"}}, aleppo, []ingest.Code{ingest.Credentials, ingest.FileOdd}},
		"everything at once stays in order of matter": {with("2015", capture, gsd(1)), decode.Info{GSD: 3, C2PA: true, Software: "GIMP 2.10"}, aleppo, []ingest.Code{ingest.GSDDiffers, ingest.Edited, ingest.Credentials}},
	} {
		if got := codes(ingest.Disagreements(tt.im, tt.file, tt.place)); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %v, want %v", name, got, tt.want)
		}
	}
}

func TestThePerceptualHash(t *testing.T) {
	distance := func(a, b image.Image) int {
		pick := func(m image.Image) uint64 {
			p, err := decode.Decode(asPNG(t, m), decode.DefaultLimits())
			if err != nil {
				t.Fatal(err)
			}
			return ingest.Perceptual(p.NRGBA())
		}
		return bits.OnesCount64(pick(a) ^ pick(b))
	}
	a := scene(1, 400, 300)
	if n := distance(a, a); n != 0 {
		t.Errorf("a picture differs from itself in %d bits", n)
	}
	moved := image.NewNRGBA(image.Rect(-7, 5, 393, 305))
	copy(moved.Pix, a.Pix)
	if ingest.Perceptual(moved) != ingest.Perceptual(a) {
		t.Error("a picture whose origin is not (0, 0) has another hash")
	}
	if n := distance(a, scene(2, 400, 300)); n < 16 {
		t.Errorf("two unlike pictures differ in %d bits only", n)
	}
	blank := image.NewNRGBA(image.Rect(0, 0, 50, 50))
	if h := ingest.Perceptual(blank); h != 0 {
		t.Errorf("a transparent picture has the hash %x", h)
	}
	for i := range blank.Pix {
		blank.Pix[i] = 200
	}
	if h := ingest.Perceptual(blank); h != 0 {
		t.Errorf("an even picture has the hash %x", h)
	}
	for _, size := range []image.Point{{1, 1}, {1, 300}, {300, 1}, {31, 33}} { // fewer pixels than cells
		ingest.Perceptual(scene(3, size.X, size.Y))
	}
	if h := ingest.Perceptual(image.NewNRGBA(image.Rectangle{})); h != 0 {
		t.Errorf("a picture without pixels has the hash %x", h)
	}
}

func TestACaseIsTakenInWholeOrNotAtAll(t *testing.T) {
	files := map[string][]byte{"a.png": asPNG(t, scene(1, 64, 48)), "b.png": asPNG(t, scene(2, 64, 48))}
	open := func(name string) (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader(files[name])), nil
	}
	c := imagery.Case{Title: "T", Location: imagery.Location{Name: "Town", Lat: math.NaN(), Lon: math.NaN()},
		Images: []imagery.Image{declared(t, "a.png", "2015"), declared(t, "b.png", "2016")}}

	a, g := setUp(t)
	slug, err := g.Case(t.Context(), c, open, archive.Change{})
	if err != nil || slug != "town" {
		t.Fatalf("%q, %v", slug, err)
	}
	recs, err := a.Images(t.Context(), "town")
	if err != nil || len(recs) != 2 || recs[0].Width != 64 || recs[1].Height != 48 || recs[0].Format != "png" || recs[0].Perceptual == 0 {
		t.Errorf("records %+v, %v", recs, err)
	}
	if !c.Images[0].Digest.IsZero() {
		t.Error("the caller's case was changed")
	}

	a, g = setUp(t)
	files["b.png"] = files["b.png"][:100]
	if _, err := g.Case(t.Context(), c, open, archive.Change{}); !errors.Is(err, imagery.ErrCorrupt) || !strings.Contains(err.Error(), "b.png") {
		t.Errorf("a broken file: %v", err)
	}
	wantEmpty(t, a)
}

func TestFilesWaitTheirTurnAndGiveUpWhenTheUploaderDoes(t *testing.T) {
	a, _ := setUp(t)
	o := ingest.DefaultOptions()
	o.AtOnce = 1
	g, err := ingest.New(a, o)
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 8)
	for i := range 8 {
		data := asPNG(t, scene(uint64(i), 64, 64))
		go func() {
			_, err := g.Receive(t.Context(), "square", declared(t, fmt.Sprint(i), "2015"), ingest.Origin{}, bytes.NewReader(data))
			done <- err
		}()
	}
	for range 8 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	endless := iotest.OneByteReader(io.MultiReader(slow{}, slow{}))
	if _, err := g.Receive(ctx, "square", declared(t, "slow", "2015"), ingest.Origin{}, endless); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}

// slow gives a byte every millisecond and never ends.
type slow struct{}

func (slow) Read(p []byte) (int, error) {
	time.Sleep(time.Millisecond)
	p[0] = 'x'
	return 1, nil
}

func TestOptionsOutOfRangeAreRefused(t *testing.T) {
	for name, spoil := range map[string]func(*ingest.Options){
		"no turn":      func(o *ingest.Options) { o.AtOnce = 0 },
		"65 of 64":     func(o *ingest.Options) { o.Alike = 65 },
		"minus a byte": func(o *ingest.Options) { o.Limits.MaxBytes = -1 },
	} {
		o := ingest.DefaultOptions()
		spoil(&o)
		if _, err := ingest.New(nil, o); !errors.Is(err, imagery.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func BenchmarkPerceptual(b *testing.B) {
	for _, n := range []int{256, 1024, 4096} {
		img := image.NewNRGBA(image.Rect(0, 0, n, n))
		for i := range img.Pix {
			img.Pix[i] = uint8(i * 7)
		}
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.SetBytes(int64(n * n)) // one byte per pixel: MB/s reads as megapixels per second
			b.ReportAllocs()
			for b.Loop() {
				ingest.Perceptual(img)
			}
		})
	}
}
