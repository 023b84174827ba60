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

func TestWhatIsNotedOfAnImageIsSaidInTheReadersLanguage(t *testing.T) {
	s := plainSample(t)
	s.lang = "uk"
	v := s.claim()
	v.Finding.Timeline.Frames[1].Why = "cloud or glare hides 96 % of the region"
	v.Finding.Timeline.Cautions = []string{"some image differs, but none shows clearly a state before or after.", "something new"}
	var b bytes.Buffer
	if err := page.Claim(&b, v); err != nil {
		t.Fatal(err)
	}
	text := textOf(elements(tree(t, b.Bytes()), "main")[0])
	for _, want := range []string{"хмари або відблиск закривають 96 % ділянки", "якийсь знімок відрізняється", "something new"} {
		if !strings.Contains(text, want) {
			t.Errorf("lacks %q", want)
		}
	}
}
