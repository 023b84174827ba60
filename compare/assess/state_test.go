package assess_test

import (
	"testing"

	"github.com/antequem/antequem/compare"
	"github.com/antequem/antequem/compare/assess"
)

func TestARegionIsUnchangedOverAllDatesWhereItsEndsAreReadOrHiddenByChance(t *testing.T) {
	still := compare.Frame{Status: compare.StatusUsed, State: compare.StateOld}
	end := func(s compare.Status) compare.Frame { return compare.Frame{Status: s, State: compare.StateUnclear} }
	for _, c := range []struct {
		name  string
		last  []compare.Frame
		alone bool // what hides the region hides little else
		want  compare.RegionState
	}{
		{"the last image is read", []compare.Frame{still}, false, compare.Unchanged},
		{"it is clouded", []compare.Frame{end(compare.StatusObscured)}, false, compare.Unchanged},
		{"it is bright and bare in the region alone", []compare.Frame{end(compare.StatusObscured)}, true, compare.Undetermined},
		{"it could not be laid over the others", []compare.Frame{end(compare.StatusUnaligned)}, true, compare.Undetermined},
		{"it is clouded, and the one before it shows wholly different surroundings", []compare.Frame{end(compare.StatusUsed), end(compare.StatusObscured)}, false, compare.Undetermined},
		{"it shows wholly different surroundings", []compare.Frame{end(compare.StatusUsed)}, false, compare.Undetermined},
	} {
		t.Run(c.name, func(t *testing.T) {
			tl := compare.Timeline{State: compare.Unchanged, EndUnread: c.alone, Frames: append([]compare.Frame{still, still}, c.last...)}
			if got := assess.StateOf(tl); got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
}
