package page_test

import (
	"testing"

	"github.com/antequem/antequem/server/page"
)

func TestTiePointsArePlacedOnEveryImageButTheReference(t *testing.T) {
	two := []page.Canvas{{ID: "a"}, {ID: "b"}}
	for name, c := range map[string]struct {
		d    page.Drawing
		id   string
		want bool
	}{
		"another image":              {page.Drawing{Images: two, Reference: "a"}, "b", true},
		"the reference itself":       {page.Drawing{Images: two, Reference: "a"}, "a", false},
		"an image of unknown size":   {page.Drawing{Images: two, Reference: "a"}, "c", false},
		"no reference is chosen yet": {page.Drawing{Images: two}, "b", false},
	} {
		if got := c.d.Ties(c.id); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
	if text, err := (page.Drawing{}).JSON(); text != "" || err != nil {
		t.Errorf("nothing to draw on: %q, %v", text, err)
	}
}
