package server_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"io"
	"math"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/antequem/antequem/compare"
	"github.com/antequem/antequem/compare/assess"
	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/archive"
	"github.com/antequem/antequem/server"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestAKindOfFailureHasOneStatusAndPublicWords(t *testing.T) {
	for _, c := range []struct {
		name   string
		err    error
		status int
	}{
		{"not found", imagery.ErrNotFound, 404},
		{"invalid", imagery.ErrInvalid, 400},
		{"unsupported", imagery.ErrUnsupported, 422},
		{"corrupt", imagery.ErrCorrupt, 422},
		{"not aligned", imagery.ErrNotAligned, 422},
		{"too large", imagery.ErrTooLarge, 413},
		{"more bytes than are taken", &http.MaxBytesError{Limit: 1}, 413},
		{"taken, which is invalid too", archive.ErrExists, 409},
		{"too slow", context.DeadlineExceeded, 503},
		{"anything else", errors.New("disk on fire"), 500},
	} {
		err := fmt.Errorf("open /secret/path: %w", c.err)
		status, title, detail := server.Explain(err)
		if status != c.status || title == "" || detail == "" {
			t.Errorf("%s: %d %q %q, want %d", c.name, status, title, detail, c.status)
		}
		if strings.Contains(detail, "secret") || strings.Contains(detail, "disk on fire") {
			t.Errorf("%s: the reader is told of the inside: %q", c.name, detail)
		}
	}
}

func TestWhyAJobFailedNamesNoPath(t *testing.T) {
	if got := server.PublicFailure("open /home/x/data: input/output error"); strings.Contains(got, "home") {
		t.Error(got)
	}
	if got := server.PublicFailure("b.tif: decode: corrupt"); got != "b.tif: decode: corrupt" {
		t.Error(got)
	}
}

func TestAnInstantOfAReportMayBeTheMidnightThatEndsADay(t *testing.T) {
	text := func(s string) *string { return &s }
	for _, c := range []struct {
		in   *string
		want time.Time
	}{
		{text("2015-10-15T00:00:00Z"), time.Date(2015, 10, 15, 0, 0, 0, 0, time.UTC)},
		{text("2016-02-29T24:00:00Z"), time.Date(2016, 3, 1, 0, 0, 0, 0, time.UTC)},
		{text("2016-05-02T09:10:11Z"), time.Date(2016, 5, 2, 9, 10, 11, 0, time.UTC)},
		{nil, time.Time{}},
		{text("some day"), time.Time{}},
	} {
		if got := server.InstantOf(c.in); !got.Equal(c.want) {
			t.Errorf("%v, want %v", got, c.want)
		}
	}
}

func TestACloseUpShowsTheRegionAndHalfAsMuchAroundIt(t *testing.T) {
	grid := [2]int{1000, 800}
	for name, c := range map[string]struct {
		polygon [][2]float64
		want    image.Rectangle
	}{
		"a region of 100 × 60 px":        {[][2]float64{{400, 300}, {500, 300}, {500, 360}}, image.Rect(350, 250, 551, 411)},
		"a region in the corner":         {[][2]float64{{0, 0}, {100, 0}, {100, 100}}, image.Rect(0, 0, 151, 151)},
		"a region smaller than anything": {[][2]float64{{500, 500}, {502, 500}, {502, 502}}, image.Rect(477, 477, 526, 526)},
		"a region off the grid":          {[][2]float64{{-900, -900}, {-800, -900}, {-800, -800}}, image.Rectangle{}},
		"none":                           {nil, image.Rectangle{}},
	} {
		if got := server.CropBox(c.polygon, grid); got != c.want && !(got.Empty() && c.want.Empty()) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

func TestATiePointEndsWhereItsPictureIsLaidOverTheOther(t *testing.T) {
	// The moving image is twice as large and turned by a quarter: (x, y) ↦ (100 - 2y, 2x).
	al := compare.Alignment{Aligned: true, Matrix: [3][3]float64{{0, -2, 100}, {2, 0, 0}, {0, 0, 1}}}
	// (10, 20) maps to (60, 20). The tie point says (60, 26): 6 px down there are 3 px to the right here.
	x, y, ok := server.OnGrid(al, compare.TiePoint{RefX: 10, RefY: 20, MovX: 60, MovY: 26})
	if !ok || math.Abs(x-13) > 1e-9 || math.Abs(y-20) > 1e-9 {
		t.Errorf("%v, %v, %v, want 13, 20", x, y, ok)
	}
	if _, _, ok := server.OnGrid(compare.Alignment{}, compare.TiePoint{RefX: 1}); ok {
		t.Error("a map that leads nowhere leads somewhere")
	}
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
	r, err := server.CaseRecipe(want, assess.DefaultOptions())
	if err != nil {
		t.Fatal(err)
	}
	var o server.Order
	if err := json.Unmarshal(r.Options, &o); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, server.Made(o), cmpopts.EquateNaNs()); diff != "" {
		t.Error(diff)
	}
	many := assess.DefaultOptions()
	many.Workers, many.Align.Workers, many.Change.Workers, many.Timeline.Workers = 8, 8, 8, 8
	if again, err := server.CaseRecipe(want, many); err != nil || again.Digest() != r.Digest() {
		t.Errorf("the number of workers makes another recipe: %v", err)
	}
	want.Claims[0].When = date(t, "2016-04-28")
	if other, err := server.CaseRecipe(want, assess.DefaultOptions()); err != nil || other.Digest() == r.Digest() {
		t.Errorf("another claim makes the same recipe: %v", err)
	}
}

func TestAJobOfAnotherVersionIsRefused(t *testing.T) {
	r, err := server.ViewRecipe(imagery.DigestOf(nil))
	if err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(*archive.Recipe){
		"an older version": func(r *archive.Recipe) { r.Version = "view.0" },
		"an unknown kind":  func(r *archive.Recipe) { r.Kind = "wish" },
	} {
		s := r
		spoil(&s)
		if _, err := (server.Work{}).Make(context.Background(), s, nil); !errors.Is(err, imagery.ErrUnsupported) {
			t.Errorf("%s: %v", name, err)
		}
	}
	r.Inputs = nil
	if _, err := (server.Work{}).Make(context.Background(), r, nil); !errors.Is(err, imagery.ErrInvalid) {
		t.Errorf("a view of nothing: %v", err)
	}
}

func TestAnUploadedNameIsSafeAndItsOwn(t *testing.T) {
	for in, want := range map[string]string{
		"a.png":                          "a-2.png", // taken
		`C:\Users\someone\Desktop\a.tif`: "a.tif",
		"../../etc/passwd":               "passwd",
		"photo of the square.JPG":        "photo-of-the-square.JPG",
		".hidden":                        "hidden",
		"":                               "image",
		"снимок.png":                     "снимок.png",
		"a\x00b\u202egnp.png":            "abgnp.png",
	} {
		if got := server.FileName(in, func(n string) bool { return n == "a.png" }); got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
	}
}

func FuzzFileName(f *testing.F) {
	for _, s := range []string{"a.png", "../../x", "", "\xff\xfe", strings.Repeat("ю", 300) + ".tif", "a.b.c", "....", "/", `\`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		taken := []string{"a.png", "image"}
		got := server.FileName(s, func(n string) bool { return slices.Contains(taken, n) })
		if got == "" || len(got) > 255 || !utf8.ValidString(got) || !filepath.IsLocal(got) || strings.ContainsAny(got, `/\`) ||
			strings.ContainsFunc(got, unicode.IsControl) || slices.Contains(taken, got) {
			t.Errorf("%q becomes %q", s, got)
		}
	})
}

func FuzzAddresses(f *testing.F) {
	h, _, _, _ := judged(f, settle())
	for _, s := range []string{"/", "/locations/block/compare?before=..&mode=%00", "/embed/%2e%2e", "/results/../x", "/oembed?url=%zz", "/api/v1/locations/%ff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		r, err := http.NewRequest("GET", "http://localhost/"+strings.TrimPrefix(s, "/"), nil)
		if err != nil {
			return
		}
		r.RemoteAddr, r.RequestURI = "127.0.0.1:1", r.URL.RequestURI()
		if a := serveOne(h.Handler(), r); a.StatusCode >= 500 && a.StatusCode != http.StatusServiceUnavailable && a.StatusCode != http.StatusNotImplemented {
			b, _ := io.ReadAll(a.Body)
			t.Errorf("%q: %d\n%s\n%s", s, a.StatusCode, b, h.log.String())
		}
	})
}
