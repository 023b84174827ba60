package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/antequem/antequem/compare"
	"github.com/antequem/antequem/compare/assess"
	"github.com/antequem/antequem/samples/synth"
)

// A clinic is struck, the rubble is cleared away, and something else is built: ten
// pictures, the dates of the three changes known.
func TestDamageClearanceAndRebuildingAreToldAsASequence(t *testing.T) {
	dir := t.TempDir()
	box := image.Rectangle{}
	var images strings.Builder
	for i, state := range []string{"whole", "whole", "whole", "struck", "struck", "bare", "bare", "built", "built", "built"} {
		dx, dy := 2*(i%4)-3, 3-2*(i%3)
		if i == 0 {
			dx, dy = 0, 0
		}
		im, at := drawState(state, i, dx, dy)
		if i == 0 {
			box = at
		}
		var file bytes.Buffer
		if err := png.Encode(&file, im); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%d.png", i)), file.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&images, "  - {file: %d.png, acquired: 2016-%02d-01}\n", i, i+1)
	}
	yaml := fmt.Sprintf(`title: Sequence
location: {name: Town, lat: 36.2, lon: 37.15}
images:
%sreference: 0.png
region: {image: 0.png, polygon: [[%d, %d], [%d, %d], [%d, %d], [%d, %d]]}
claims:
  - {id: struck, text: struck in March, changed: 2016-03-01/2016-04-01}
  - {id: cleared, text: cleared in May, changed: 2016-05-01/2016-06-01}
  - {id: rebuilt, text: rebuilt in July, changed: 2016-07-01/2016-08-01}
  - {id: quiet, text: nothing happened in June, unchanged: 2016-06-02/2016-06-30}
  - {id: never, text: never touched, unchanged: 2016-01-01/2016-10-01}
`, &images, box.Min.X, box.Min.Y, box.Max.X, box.Min.Y, box.Max.X, box.Max.Y, box.Min.X, box.Max.Y)
	if err := os.WriteFile(filepath.Join(dir, "case.yaml"), []byte(yaml), 0o600); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	cmd := newRoot()
	cmd.SetOut(&out)
	cmd.SetArgs([]string{"judge", filepath.Join(dir, "case.yaml"), "--json", "--out", filepath.Join(dir, "result")})
	if err := cmd.Execute(); err != nil {
		t.Fatal(err)
	}
	var r assess.Report
	if err := json.Unmarshal(out.Bytes(), &r); err != nil {
		t.Fatal(err)
	}
	want := [][2]string{{"2016-03-01", "2016-04-01"}, {"2016-05-01", "2016-06-01"}, {"2016-07-01", "2016-08-01"}}
	if len(r.Region.Steps) != len(want) {
		t.Fatalf("%d steps are told, want %d: %+v, %q", len(r.Region.Steps), len(want), r.Region.Frames, r.Region.Cautions)
	}
	for i, s := range r.Region.Steps {
		if !strings.HasPrefix(*s.After, want[i][0]) || !strings.HasPrefix(*s.By, want[i][1]) {
			t.Errorf("step %d is (%s, %s], want (%s, %s]", i+1, *s.After, *s.By, want[i][0], want[i][1])
		}
	}
	verdicts := map[string]compare.Answer{"struck": compare.Supported, "cleared": compare.Supported, "rebuilt": compare.Supported, "quiet": compare.Supported, "never": compare.Contradicted}
	for _, c := range r.Claims {
		if c.Verdict != verdicts[c.ID] {
			t.Errorf("%s is %s (%s), want %s", c.ID, c.Verdict, c.Why, verdicts[c.ID])
		}
	}
	html, err := os.ReadFile(filepath.Join(dir, "result", "report.html"))
	if err != nil {
		t.Fatal(err)
	}
	for _, day := range []string{"1 March 2016", "1 April 2016", "1 May 2016", "1 June 2016", "1 July 2016", "1 August 2016"} {
		if !bytes.Contains(html, []byte(day)) {
			t.Errorf("the page does not name %s", day)
		}
	}
}

// drawState draws the town as picture i shows it, moved by (dx, dy), and returns where
// the clinic, or what is left of it, lies in it.
func drawState(state string, i, dx, dy int) (*image.NRGBA, image.Rectangle) {
	s := synth.Spec{
		Town: 1, Look: uint64(i + 1), W: 420, H: 340, ToMoving: shifted(float64(dx), float64(dy)), OffNadir: 5, LeanAz: 100, SunAz: 150, SunEl: 45,
		Leaf: 0.8, Green: 0.5, Haze: 0.05, Gain: 0.9 + 0.02*float64(i), Blur: 0.5, Noise: 2, Damaged: state != "whole", Bare: true,
	}
	im, truth := synth.Draw(s)
	at := image.Rectangle{}
	for k, p := range truth.Building {
		q := synth.Apply(s.ToMoving, p)
		spot := image.Rect(int(q.X), int(q.Y), int(q.X)+1, int(q.Y)+1)
		if k == 0 {
			at = spot
		}
		at = at.Union(spot)
	}
	at = at.Inset(-8)
	switch state {
	case "bare":
		rng := rand.New(rand.NewPCG(uint64(i), 1))
		for y := at.Min.Y; y < at.Max.Y; y++ {
			for x := at.Min.X; x < at.Max.X; x++ {
				v := 150 + 12*((x-dx)/17%2+(y-dy)/23%2) + rng.IntN(6)
				im.SetNRGBA(x, y, color.NRGBA{uint8(v), uint8(v - 15), uint8(v - 40), 255})
			}
		}
	case "built":
		s.Town = 99
		other, _ := synth.Draw(s)
		for y := at.Min.Y; y < at.Max.Y; y++ {
			for x := at.Min.X; x < at.Max.X; x++ {
				im.SetNRGBA(x, y, other.NRGBAAt(x, y))
			}
		}
	}
	return im, at
}
