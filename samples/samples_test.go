package samples_test

import (
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/casefile"
	"github.com/antequem/antequem/samples"
	"github.com/antequem/antequem/samples/synth"
)

func load(t *testing.T, name string) imagery.Case {
	t.Helper()
	text, err := samples.FS.ReadFile(name + "/case.yaml")
	if err != nil {
		t.Fatal(err)
	}
	c, err := casefile.Parse(name, text)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestTheTrainingCaseSaysWhatIsDrawn(t *testing.T) {
	c, shots := load(t, "training"), synth.Training()
	if len(c.Images) != len(shots) {
		t.Fatalf("the case has %d images, %d are drawn", len(c.Images), len(shots))
	}
	for _, s := range shots {
		im, ok := c.Image(s.File)
		if !ok {
			t.Errorf("%s is drawn, and no image of the case", s.File)
			continue
		}
		if !im.Synthetic {
			t.Errorf("%s is not marked synthetic", s.File)
		}
		for _, v := range []struct {
			name        string
			said, drawn float64
		}{{"off_nadir", im.OffNadir, s.Spec.OffNadir}, {"sun_azimuth", im.SunAz, s.Spec.SunAz}, {"sun_elevation", im.SunEl, s.Spec.SunEl}} {
			if !math.IsNaN(v.said) && v.said != v.drawn {
				t.Errorf("%s: %s is %g, drawn with %g", s.File, v.name, v.said, v.drawn)
			}
		}
		m := s.Spec.ToMoving
		if gsd := synth.RefGSD / math.Hypot(m[0][0], m[1][0]); im.GSD != 0 && math.Abs(im.GSD-gsd) > 0.006 {
			t.Errorf("%s: gsd_m is %g, drawn with %.3f", s.File, im.GSD, gsd)
		}
	}
}

func TestTheTrainingRegionIsTheClinicAsTheReferenceShowsIt(t *testing.T) {
	c, first := load(t, "training"), synth.Training()[0]
	if c.Reference != first.File || c.Regions[0].Image != first.File || first.Spec.ToMoving != synth.Identity() {
		t.Fatalf("the reference is %q, the region counts pixels of %q, drawn first is %q", c.Reference, c.Regions[0].Image, first.File)
	}
	small := first.Spec
	small.W, small.H = 8, 8 // the truth is the same however much is drawn
	_, truth := synth.Draw(small)
	if len(c.Regions[0].Polygon) != len(truth.Building) {
		t.Fatalf("region %v, clinic %v", c.Regions[0].Polygon, truth.Building)
	}
	for i, p := range c.Regions[0].Polygon {
		if b := truth.Building[i]; math.Hypot(p.X-b.X, p.Y-b.Y) > 1 {
			t.Errorf("corner %d is at %v, drawn at %.1f", i, p, b)
		}
	}
}

func TestTheTrainingCaseLoadsFromTheFolderThatWriteFills(t *testing.T) {
	dir := t.TempDir()
	if err := samples.Write(dir); err != nil {
		t.Fatal(err)
	}
	if _, err := casefile.Load(filepath.Join(dir, "training", "case.yaml")); err != nil {
		t.Error(err)
	}
	entries, err := os.ReadDir(filepath.Join(dir, "training"))
	if err != nil || len(entries) != len(synth.Training())+1 {
		t.Errorf("%d files, %v: want the pictures and the case alone", len(entries), err)
	}
}

func TestTheAlQudsCaseHoldsTextAndNoImagery(t *testing.T) {
	c := load(t, "al-quds")
	if len(c.Images) != 0 || len(c.Regions) != 0 {
		t.Errorf("it holds %d images and %d regions", len(c.Images), len(c.Regions))
	}
	if c.Location.Position != "unverified" || !math.IsNaN(c.Location.Lat) {
		t.Errorf("its position is %q at latitude %g; none was published", c.Location.Position, c.Location.Lat)
	}
	if len(c.LookFor) == 0 {
		t.Error("it doesn't say what to look for")
	}
	var ids []string
	for _, cl := range c.Claims {
		ids = append(ids, cl.ID)
		if cl.Claimant == "" && cl.Kind != imagery.ClaimUntestable || cl.Text == "" {
			t.Errorf("%s: who says what?", cl.ID)
		}
	}
	if len(ids) != 5 {
		t.Errorf("claims %v, want the five that the sources allow", ids)
	}
}
