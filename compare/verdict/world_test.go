package verdict_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/antequem/antequem/compare"
	"github.com/antequem/antequem/compare/verdict"
	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/edtf"
	"pgregory.net/rapid"
)

// The rule against every world. Time is a short row of hours, each of two slots.
// An image is taken in a slot, a change comes at the beginning of one, and a world
// is one way it could have been: the slot of each image, within its date, and of
// each change. An answer has to be true in every world that shows what the images
// show.

const (
	hoursLong = 8
	slots     = 2 * hoursLong
)

var midnight = time.Date(2016, 1, 1, 0, 0, 0, 0, time.UTC)

func hour(i int) time.Time { return midnight.Add(time.Duration(i) * time.Hour) }

// A shot is an image whose date allows the hours from lo up to, but not, hi; -1
// for an end that is open.
type shot struct{ lo, hi, look int }

func (s shot) interval() edtf.Interval {
	var iv edtf.Interval
	if s.lo >= 0 {
		iv.Earliest = hour(s.lo)
	}
	if s.hi >= 0 {
		iv.Latest = hour(s.hi)
	}
	return iv
}

// allows says whether the shot could be taken in the slots from, up to but not, to.
func (s shot) allows(from, to int) bool {
	hi := 2 * s.hi
	if s.hi < 0 {
		hi = slots
	}
	return max(2*s.lo, from) < min(hi, to)
}

func observations(shots []shot) []compare.Observation {
	var out []compare.Observation
	for i, s := range shots {
		o := compare.Observation{File: fmt.Sprintf("%c.png", 'a'+i), Taken: s.interval(), State: compare.StateOld, Group: s.look}
		if s.look > 0 {
			o.State = compare.StateNew
		}
		out = append(out, o)
	}
	return out
}

// worlds calls each with the changes of every world, in slots.
func worlds(shots []shot, looks int, each func(changes []int)) {
	if looks == 1 {
		each(nil)
		for c := range slots + 1 { // a change that nobody saw: all images on one side of it
			if fits(shots, 0, c) || fits(shots, c, slots) {
				each([]int{c})
			}
		}
		return
	}
	first := make([]int, looks)
	for i := range first {
		first[i] = i
	}
	permutations(first, func(order []int) { place(shots, order, nil, each) })
}

// place tries every slot for the changes that are still to be placed.
func place(shots []shot, order, changes []int, each func([]int)) {
	if len(changes) == len(order)-1 {
		if shown(shots, order, append(slices.Clone(changes), slots)) {
			each(changes)
		}
		return
	}
	from := 0
	if len(changes) > 0 {
		from = changes[len(changes)-1]
	}
	for c := from + 1; c < slots; c++ {
		place(shots, order, append(slices.Clone(changes), c), each)
	}
}

func fits(shots []shot, from, to int) bool {
	return !slices.ContainsFunc(shots, func(s shot) bool { return !s.allows(from, to) })
}

// shown says whether every shot fits into the time of its look; the j-th look of
// the order lasts until ends[j].
func shown(shots []shot, order, ends []int) bool {
	from := 0
	for j, look := range order {
		for _, s := range shots {
			if s.look == look && !s.allows(from, ends[j]) {
				return false
			}
		}
		from = ends[j]
	}
	return true
}

func permutations(items []int, do func([]int)) {
	if len(items) < 2 {
		do(items)
		return
	}
	for i := range items {
		rest := append(slices.Clone(items[:i]), items[i+1:]...)
		permutations(rest, func(p []int) { do(append([]int{items[i]}, p...)) })
	}
}

// drawShots draws images of up to most looks, each of which some image shows.
func drawShots(t *rapid.T, most int) ([]shot, int) {
	looks := rapid.IntRange(1, most).Draw(t, "looks")
	n := rapid.IntRange(max(2, looks), 5).Draw(t, "images")
	shots := make([]shot, n)
	for i := range shots {
		lo := rapid.IntRange(0, hoursLong-1).Draw(t, "lo")
		hi := min(lo+rapid.IntRange(1, 4).Draw(t, "length"), hoursLong)
		look := i
		if i >= looks {
			look = rapid.IntRange(0, looks-1).Draw(t, "look")
		}
		shots[i] = shot{lo, hi, look}
		switch rapid.IntRange(0, 15).Draw(t, "open") {
		case 0:
			shots[i].lo = -1
		case 1:
			shots[i].hi = -1
		}
	}
	return shots, looks
}

// inHours is a claim in hours, so that its ends are exact: from hour lo up to hour hi.
func inHours(t testing.TB, kind imagery.ClaimKind, lo, hi int) imagery.Claim {
	last := hour(hi).Add(-time.Second) // its second ends with the hour
	return claim(t, kind, hour(lo).Format(time.RFC3339)+"/"+last.Format(time.RFC3339))
}

// A tally counts the worlds in which a region changed within a time, and did not.
type tally struct{ did, didNot int }

func tallyOf(shots []shot, looks, lo, hi int) (n tally) {
	worlds(shots, looks, func(changes []int) {
		if slices.ContainsFunc(changes, func(c int) bool { return 2*lo <= c && c < 2*hi }) {
			n.did++
		} else {
			n.didNot++
		}
	})
	return n
}

func TestAnAnswerHoldsInEveryWorld(t *testing.T) {
	answers := map[compare.Answer]int{}
	rapid.Check(t, func(rt *rapid.T) {
		shots, looks := drawShots(rt, 3)
		lo := rapid.IntRange(0, hoursLong-1).Draw(rt, "from")
		hi := rapid.IntRange(lo+1, hoursLong).Draw(rt, "to")
		n := tallyOf(shots, looks, lo, hi)
		ev := seenBy(observations(shots))
		changed := verdict.Judge(inHours(t, imagery.ClaimChanged, lo, hi), ev)
		unchanged := verdict.Judge(inHours(t, imagery.ClaimUnchanged, lo, hi), ev)
		answers[changed.Answer]++
		answers[unchanged.Answer]++
		for _, bad := range []struct {
			is    bool
			claim string
			v     compare.Verdict
		}{
			{changed.Answer == compare.Supported && n.didNot > 0, "changed", changed},
			{changed.Answer == compare.Contradicted && n.did > 0, "changed", changed},
			{unchanged.Answer == compare.Supported && n.did > 0, "unchanged", unchanged},
			{unchanged.Answer == compare.Contradicted && n.didNot > 0, "unchanged", unchanged},
		} {
			if bad.is {
				rt.Fatalf("%v: %s in hours %d to %d is %s, but the region changed then in %d worlds and not in %d: %s",
					shots, bad.claim, lo, hi, bad.v.Answer, n.did, n.didNot, bad.v.Why)
			}
		}
	})
	if answers[compare.Supported] == 0 || answers[compare.Contradicted] == 0 {
		t.Errorf("nothing was decided: %v", answers)
	}
}

// With one change at most and dates that leave no doubt of the order, the rule is
// exact: what holds in every world is said.
func TestWhatHoldsInEveryWorldIsSaid(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		shots, looks := drawShots(rt, 2)
		turned := slices.Clone(shots)
		for i := range turned {
			turned[i].look = 1 - turned[i].look
		}
		_, inOrder := verdict.Steps(observations(shots))
		_, outOfOrder := verdict.Steps(observations(turned))
		isOpen := slices.ContainsFunc(shots, func(s shot) bool { return s.lo < 0 || s.hi < 0 })
		if inOrder != nil || looks == 2 && outOfOrder == nil || isOpen {
			return // a contradiction, an order that is unsure, or a row too short for open ends
		}
		lo := rapid.IntRange(0, hoursLong-1).Draw(rt, "from")
		hi := rapid.IntRange(lo+1, hoursLong).Draw(rt, "to")
		n := tallyOf(shots, looks, lo, hi)
		ev := seenBy(observations(shots))
		v := verdict.Judge(inHours(t, imagery.ClaimChanged, lo, hi), ev)
		if (v.Answer == compare.Supported) != (n.didNot == 0) || (v.Answer == compare.Contradicted) != (n.did == 0) {
			rt.Fatalf("%v: changed in hours %d to %d is %s, but the region changed then in %d worlds and not in %d: %s", shots, lo, hi, v.Answer, n.did, n.didNot, v.Why)
		}
		u := verdict.Judge(inHours(t, imagery.ClaimUnchanged, lo, hi), ev)
		if (u.Answer == compare.Contradicted) != (n.didNot == 0) {
			rt.Fatalf("%v: unchanged in hours %d to %d is %s, but the region did not change then in %d worlds: %s", shots, lo, hi, u.Answer, n.didNot, u.Why)
		}
	})
}
