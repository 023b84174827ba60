package server_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"image/jpeg"
	"image/png"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/antequem/antequem/imagery"
)

func TestAClaimShowsTheRegionCloseUpInEveryImage(t *testing.T) {
	h, slug, _, _ := judged(t, settle())
	got := eventually(t, h.Handler(), "/locations/"+slug+"/claims/struck", func(status int, b string) bool {
		return status == 200 && !strings.Contains(b, "/events?wait=")
	})
	crops := regexp.MustCompile(`/results/[0-9a-f]{64}/crops/0/[0-9a-f]{12}\.jpg" width="(\d+)" height="(\d+)"`).FindAllStringSubmatch(got, -1)
	if len(crops) != 2 {
		t.Fatalf("%d close-ups, want one for each image", len(crops))
	}
	path, _, _ := strings.Cut(crops[0][0], `"`)
	im, err := jpeg.Decode(ask(h.Handler(), "GET", path).Body)
	if err != nil {
		t.Fatal(err)
	}
	// The region is 56 × 44 px: with half of 56 around it, 113 × 101 px, and 360 px across.
	if size := fmt.Sprint(im.Bounds().Dx(), im.Bounds().Dy()); size != crops[0][1]+" "+crops[0][2] || im.Bounds().Dx() != 360 {
		t.Errorf("the close-up is %s px, the page says %v", size, crops[0][1:])
	}
}

func TestThePictureOfTheControlWindowsKeepsItsPlaceOnThePage(t *testing.T) {
	h, slug, _, _ := judged(t, settle())
	got := eventually(t, h.Handler(), "/locations/"+slug+"/claims/struck", func(status int, b string) bool {
		return status == 200 && !strings.Contains(b, "/events?wait=")
	})
	at := regexp.MustCompile(`img src="(/results/[0-9a-f]{64}/placebo\.png)" width="(\d+)" height="(\d+)"`).FindStringSubmatch(got)
	if at == nil {
		t.Fatalf("no size:\n%s", got)
	}
	im, err := png.DecodeConfig(ask(h.Handler(), "GET", at[1]).Body)
	if err != nil || fmt.Sprint(im.Width, im.Height) != at[2]+" "+at[3] {
		t.Errorf("%d × %d px, %v; the page says %v", im.Width, im.Height, err, at[2:])
	}
}

func TestPicturesAreCachedForGoodUnderTheirResultAndCheckedUnderTheirName(t *testing.T) {
	h, slug, before, _ := judged(t, settle())
	page := eventually(t, h.Handler(), "/locations/"+slug, func(status int, b string) bool { return !strings.Contains(b, "/events?wait=") })
	kept := regexp.MustCompile(`/results/[0-9a-f]{64}/shown/[0-9a-f]{12}\.jpg`).FindString(page)
	if kept == "" {
		t.Fatalf("no picture on the page:\n%s", page)
	}
	r := ask(h.Handler(), "GET", kept)
	if r.StatusCode != 200 || r.Header.Get("Content-Type") != "image/jpeg" || !strings.Contains(r.Header.Get("Cache-Control"), "immutable") {
		t.Errorf("%s: %d %v", kept, r.StatusCode, r.Header)
	}
	whole := body(t, r)
	if _, err := jpeg.Decode(strings.NewReader(whole)); err != nil || strings.Contains(whole, "Exif") {
		t.Errorf("not a plain JPEG: %v", err)
	}
	if r := ask(h.Handler(), "GET", kept, with("If-None-Match", r.Header.Get("Etag"))); r.StatusCode != http.StatusNotModified {
		t.Errorf("known already: %d", r.StatusCode)
	}
	part := ask(h.Handler(), "GET", kept, with("Range", "bytes=10-19"))
	if got := body(t, part); part.StatusCode != http.StatusPartialContent || got != whole[10:20] {
		t.Errorf("range: %d, %d bytes", part.StatusCode, len(got))
	}
	named := ask(h.Handler(), "GET", "/locations/"+slug+"/images/"+before.Short()+".png")
	if named.StatusCode != 200 || named.Header.Get("Cache-Control") != "no-cache" || named.Header.Get("Etag") == "" {
		t.Errorf("by name: %d %v", named.StatusCode, named.Header)
	}
	text := body(t, named)
	if _, err := png.Decode(strings.NewReader(text)); err != nil {
		t.Error(err)
	}
	for _, chunk := range []string{"tEXt", "iTXt", "zTXt", "eXIf", "tIME"} {
		if strings.Contains(text, chunk) {
			t.Errorf("a derived picture holds metadata: %s", chunk)
		}
	}
}

func TestOriginalsAreOfferedToReadersOnThisMachine(t *testing.T) {
	h, _, before, _ := judged(t, settle())
	r := ask(h.Handler(), "GET", "/originals/"+before.String())
	if got := body(t, r); r.StatusCode != 200 || imagery.DigestOf([]byte(got)) != before || !strings.HasPrefix(r.Header.Get("Content-Disposition"), "attachment") {
		t.Errorf("%d %v", r.StatusCode, r.Header)
	}
	if r := ask(h.Handler(), "GET", "/originals/"+before.String(), with("X-Forwarded-For", "192.0.2.1")); r.StatusCode != 403 {
		t.Errorf("through a proxy: %d, want 403", r.StatusCode)
	}
	if r := ask(h.Handler(), "GET", "/originals/"+before.Short()); r.StatusCode != 404 {
		t.Errorf("by a short name: %d, want 404", r.StatusCode)
	}
}

func TestImagesThatCannotBeAlignedAreShownAndSaidToBe(t *testing.T) {
	h, slug, before, _ := judged(t, settle())
	file := strange(t)
	r := sending{fields: goodFields, name: "strange.png", file: file}.to(t, h.Handler(), "/api/v1/locations/"+slug+"/images")
	if r.StatusCode != http.StatusCreated {
		t.Fatal(r.StatusCode)
	}
	id := imagery.DigestOf(file).Short()
	done := func(status int, b string) bool { return status == 200 && !strings.Contains(b, "/events?wait=") }
	if got := eventually(t, h.Handler(), "/locations/"+slug, done); !strings.Contains(got, "shown/image.jpg") {
		t.Error("the image that lies on no grid is not shown as it came")
	}
	got := eventually(t, h.Handler(), "/locations/"+slug+"/compare?before="+before.Short()+"&after="+id, done)
	if !strings.Contains(got, "could not be laid over one another") {
		t.Errorf("the page doesn't say that the two are not aligned:\n%s", got)
	}
	var img struct {
		Status    string
		Alignment struct{ Status, Reason string }
	}
	text := body(t, ask(h.Handler(), "GET", "/api/v1/locations/"+slug+"/images/"+id))
	if err := json.Unmarshal([]byte(text), &img); err != nil || img.Status != "unaligned" || img.Alignment.Status != "failed" || img.Alignment.Reason == "" {
		t.Errorf("%+v %v", img, err)
	}
	if r := ask(h.Handler(), "GET", "/locations/"+slug+"/images/"+id+".png"); r.StatusCode != 200 {
		t.Errorf("its picture: %d", r.StatusCode)
	}
}

func TestADamagedResultIsMadeAgain(t *testing.T) {
	for _, name := range []string{"report.json", "shown"} {
		h, slug, _, _ := judged(t, settle())
		path := "/locations/" + slug
		first := body(t, ask(h.Handler(), "GET", path))
		picture := regexp.MustCompile(`/results/([0-9a-f]{64})/(shown/[0-9a-f]{12}\.jpg)`).FindStringSubmatch(first)
		if picture == nil {
			t.Fatal("no picture")
		}
		if name == "shown" {
			name = picture[2]
		}
		file := filepath.Join(h.archive.Dir(), "results", picture[1][:2], picture[1], filepath.FromSlash(name))
		if err := errors.Join(os.Chmod(file, 0o644), os.WriteFile(file, []byte("damaged"), 0o644)); err != nil {
			t.Fatal(err)
		}
		h.Server = again(t, h)
		if r := ask(h.Handler(), "GET", picture[0]); name != "report.json" && r.StatusCode != http.StatusServiceUnavailable {
			t.Errorf("%s: the damaged picture: %d", name, r.StatusCode)
		}
		eventually(t, h.Handler(), path, func(status int, b string) bool { return status == 200 && !strings.Contains(b, "/events?wait=") })
		if r := ask(h.Handler(), "GET", picture[0]); r.StatusCode != 200 {
			t.Errorf("%s: made again: %d", name, r.StatusCode)
		}
	}
}
