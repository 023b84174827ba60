package assess_test

import (
	"fmt"
	"testing"

	"github.com/antequem/antequem/compare/assess"
	"github.com/antequem/antequem/imagery"
)

func TestADateThatEndsWhereAnotherBeginsComesFirst(t *testing.T) {
	dates := []string{"2015-06-01", "2015", "2015-06-02", "../2015-06-01", "2015-12/.."}
	var images []imagery.Image
	for i, d := range dates {
		images = append(images, imagery.Image{File: fmt.Sprint(i), Acquired: parseDate(t, d)})
	}
	ends := assess.DateEnds(images...)
	// a day ends with its last second, where the next one begins; what lasts a year or
	// has an open end comes surely before or after what it doesn't reach
	first := map[[2]int]bool{{0, 2}: true, {0, 4}: true, {2, 4}: true, {3, 2}: true, {3, 4}: true}
	for i := range ends {
		for j := range ends {
			if got := ends[i][1] <= ends[j][0]; got != first[[2]int{i, j}] {
				t.Errorf("%s is surely before %s: %v", dates[i], dates[j], got)
			}
		}
	}
}
