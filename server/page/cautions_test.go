package page_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/server/page"
)

func TestNoCautionIsLostInAnotherLanguage(t *testing.T) {
	s := plainSample(t)
	s.lang = "fr"
	v := s.location()
	v.Images[0].GSD, v.Images[1].GSD, v.Images[1].Platform = 0.52, 3, imagery.PlatformDrone
	v.Cautions = []string{
		"The images come from different platforms (satellite and drone): they look at buildings from other angles, and façades that one shows another hides.",
		"Ground sample distances differ much (0.5 to 3 m): the coarsest image sets what can be seen.",
		"The sun stood in different directions: shadows fall on other ground, which is no change.",
		"Some of the images are SYNTHETIC: drawn by a program, for training. They show no real place.",
		"A visible change is not damage, and no visible change is not no damage: what happens inside, at an entrance or to a façade can't be seen from above.",
		"A caution that no other language knows.",
	}
	var b bytes.Buffer
	if err := page.Location(&b, v); err != nil {
		t.Fatal(err)
	}
	text := textOf(elements(tree(t, b.Bytes()), "main")[0])
	for _, want := range []string{
		"porteurs différents (satellite et drone)", "(0,5 à 3 m)", "Le soleil était dans des directions différentes", "SYNTHÉTIQUES", "Un changement visible n’est pas un dommage",
		"A caution that no other language knows.",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("lacks %q", want)
		}
	}
	if !strings.Contains(b.String(), `<span lang="en" dir="ltr">A caution that no other language knows.</span>`) {
		t.Error("what is held in English alone is not marked as English")
	}
	if strings.Contains(text, "A visible change is not damage") {
		t.Error("a caution is said in both languages")
	}
}

func TestACautionThatNamesImagesIsSaidInEveryLanguage(t *testing.T) {
	for _, l := range page.Languages[1:] {
		s := plainSample(t)
		s.lang = l
		v := s.location()
		v.Images[0].File, v.Images[1].File, v.Images[2].File = "a.png", "a and b, c.png", "a.png.tif"
		v.Findings, v.Lead = nil, nil
		for i := range v.Images {
			v.Images[i].Why = ""
		}
		v.Cautions = []string{
			"The sun stood low in a.png (12°), a and b, c.png (20°) and a.png.tif (7°): shadows are more than twice as long as things are high, and hide or feign change beside them.",
			"Laid over the reference by way of another image, whose error adds to their own: a.png (by way of a.png.tif) and a.png.tif (by way of a.png).",
			"a.png fits the other images badly: laid over the reference, the same ground lies beside where they have it. Look at the alignment before relying on what it shows.",
			"a.png and a and b, c.png fit the other images badly: laid over the reference, the same ground lies beside where they have it. Look at the alignment before relying on what it shows.",
			"a.png: its georeference and that of a.png.tif put it 40 m beside where the two pictures agree: one of them is off by more than it should be. The pictures were lined up by what they show.",
			"a.png: By the declared date, 2016-01, the picture was taken after its file was made or changed: 2015-10-15 (Exif ModifyDate).",
			"a.png: The declared date is 2016-01; the file says that it was taken 2015-10-15 (Exif DateTimeOriginal).",
			"a.png (15 October 2015) and a.png.tif (2016) look like copies of one exposure: their finest detail agrees as that of pictures taken apart never did where it was measured (correlation 0.98). If they are, they bear witness once and not twice.",
			"a.png (no date), a and b, c.png (2015 or earlier) and a.png.tif (2016) look like copies of one exposure: their finest detail agrees as that of pictures taken apart never did where it was measured (correlation 0.98). If they are, at least one of their dates is wrong, and what rests on it falls.",
		}
		var b bytes.Buffer
		if err := page.Location(&b, v); err != nil {
			t.Fatal(err)
		}
		if i := strings.Index(b.String(), `<span lang="en" dir="ltr">`); i >= 0 {
			t.Errorf("%s: left in English: %.200s", l, b.String()[i:])
		}
		v.Cautions = []string{"other.png fits the other images badly: laid over the reference, the same ground lies beside where they have it. Look at the alignment before relying on what it shows."}
		b.Reset()
		if err := page.Location(&b, v); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(b.String(), `<span lang="en" dir="ltr">other.png fits`) {
			t.Errorf("%s: an image that is not held is taken for one", l)
		}
	}
}

func TestWhatIsNotedOfAnImageIsSaidInTheReadersLanguage(t *testing.T) {
	s := plainSample(t)
	s.lang = "uk"
	v := s.claim()
	v.Finding.Timeline.Frames[1].Why = "cloud or glare hides 96 % of the region"
	v.Finding.Timeline.Cautions = []string{"some image differs, but none shows clearly a state before or after.", "something new",
		"in b.png the region looks unlike the images next to it in time: it changed and changed back, or a date is wrong",
		"from c.png to d.png the region looks unlike the images next to it in time: it changed and changed back, or a date is wrong"}
	var b bytes.Buffer
	if err := page.Claim(&b, v); err != nil {
		t.Fatal(err)
	}
	text := textOf(elements(tree(t, b.Bytes()), "main")[0])
	for _, want := range []string{"хмари або відблиск закривають 96 % ділянки", "якийсь знімок відрізняється", "something new", "на b.png ділянка не схожа", "від c.png до d.png ділянка не схожа"} {
		if !strings.Contains(text, want) {
			t.Errorf("lacks %q", want)
		}
	}
}

func TestAProblemIsHeadedByItsOwnTitleInEveryLanguage(t *testing.T) {
	for _, c := range []struct {
		status      int
		title, want string
	}{
		{422, "Not read here", "Non lisible ici"},
		{422, "Needs mending", "À corriger"},
		{410, "Withdrawn", "Retiré"},
		{418, "A title of no status", `<span lang="en" dir="ltr">A title of no status</span>`},
	} {
		v := page.ProblemView{Site: page.Site{Lang: "fr"}, Status: c.status, Title: c.title}
		if got := string(v.Headline()); got != c.want {
			t.Errorf("%d %s: %s, want %s", c.status, c.title, got, c.want)
		}
	}
}
