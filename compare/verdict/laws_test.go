package verdict_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/antequem/antequem/compare"
	"github.com/antequem/antequem/compare/verdict"
	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/edtf"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

var dated = []imagery.ClaimKind{imagery.ClaimChanged, imagery.ClaimUnchanged}

// drawClaim draws a claim in hours or in days, with ends open or not.
func drawClaim(t *rapid.T, tb testing.TB) imagery.Claim {
	kind := rapid.SampledFrom(dated).Draw(t, "kind")
	lo := rapid.IntRange(0, hoursLong-1).Draw(t, "from")
	hi := rapid.IntRange(lo+1, hoursLong).Draw(t, "to")
	c := inHours(tb, kind, lo, hi)
	switch rapid.IntRange(0, 5).Draw(t, "form") {
	case 0:
		c.When = date(tb, "../"+hour(hi).Format(time.RFC3339))
	case 1:
		c.When = date(tb, hour(lo).Format(time.RFC3339)+"/..")
	case 2:
		c.When = date(tb, rapid.SampledFrom([]string{"2016-01-01", "2015-12-31/2016-01-02", "2015-12-20~", "2016-01", "2016-01-01/2016-01-02"}).Draw(t, "days"))
	}
	return c
}

func TestOrderOfImagesDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		shots, _ := drawShots(rt, 3)
		ev, c := seenBy(observations(shots)), drawClaim(rt, t)
		want := verdict.Judge(c, ev)
		other := ev
		other.Observations = rapid.Permutation(ev.Observations).Draw(rt, "observations")
		other.Pairings = rapid.Permutation(ev.Pairings).Draw(rt, "pairings")
		if diff := cmp.Diff(want, verdict.Judge(c, other)); diff != "" {
			rt.Fatalf("another order, another verdict (-one +other):\n%s", diff)
		}
	})
}

func isDecided(a compare.Answer) bool { return a == compare.Supported || a == compare.Contradicted }

func TestAWiderDateNeverMakesAnAnswerSharper(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		shots, _ := drawShots(rt, 3)
		c := drawClaim(rt, t)
		sharp := verdict.Judge(c, seenBy(observations(shots)))
		if sharp.Reason == verdict.ReasonContradictory {
			return // wider dates may well resolve a contradiction
		}
		i := rapid.IntRange(0, len(shots)-1).Draw(rt, "which")
		wide := slices.Clone(shots)
		if s := &wide[i]; s.lo > 0 {
			s.lo -= rapid.IntRange(0, s.lo+1).Draw(rt, "earlier")
		}
		if s := &wide[i]; s.hi > 0 {
			if s.hi += rapid.IntRange(0, 6).Draw(rt, "later"); s.hi > hoursLong {
				s.hi = -1
			}
		}
		v := verdict.Judge(c, seenBy(observations(wide)))
		if isDecided(v.Answer) && v.Answer != sharp.Answer {
			rt.Fatalf("%v: %s %s is %s, and %s with %v", shots, c.Kind, c.When, sharp.Answer, v.Answer, wide)
		}
	})
}

// A true history with one change at most is drawn, images are taken in it, and one
// more: the answer may become sharper, and never turns round.
func TestOneMoreImageNeverTurnsAnAnswerRound(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		change := rapid.IntRange(0, slots).Draw(rt, "change")
		var shots []shot
		for range rapid.IntRange(3, 6).Draw(rt, "images") {
			slot := rapid.IntRange(0, slots-1).Draw(rt, "slot")
			s := shot{lo: max(slot/2-rapid.IntRange(0, 2).Draw(rt, "early"), 0), hi: min(slot/2+1+rapid.IntRange(0, 2).Draw(rt, "late"), hoursLong)}
			if slot >= change {
				s.look = 1
			}
			shots = append(shots, s)
		}
		c := drawClaim(rt, t)
		few := verdict.Judge(c, seenBy(observations(shots[:len(shots)-1])))
		all := verdict.Judge(c, seenBy(observations(shots)))
		if isDecided(few.Answer) && isDecided(all.Answer) && few.Answer != all.Answer {
			rt.Fatalf("%v: %s %s is %s, and %s with one image more", shots, c.Kind, c.When, few.Answer, all.Answer)
		}
		exact := c.Kind == imagery.ClaimChanged && few.Answer == compare.Supported && c.When.Interval().Bounded()
		if exact && all.Answer != compare.Supported {
			rt.Fatalf("%v: %s %s is supported, and %s with one image more", shots, c.Kind, c.When, all.Answer)
		}
	})
}

func TestMirroredClaimsGetMirroredVerdicts(t *testing.T) {
	mirror := map[compare.Answer]compare.Answer{
		compare.Supported: compare.Contradicted, compare.Contradicted: compare.Supported, compare.AnswerUndetermined: compare.AnswerUndetermined,
	}
	rapid.Check(t, func(rt *rapid.T) {
		shots, _ := drawShots(rt, 3)
		ev := seenBy(observations(shots))
		for i := range ev.Pairings {
			if rapid.Bool().Draw(rt, "unclear") {
				ev.Pairings[i].Same, ev.Pairings[i].Differ = false, false
			}
		}
		i, j := rapid.IntRange(0, len(shots)-1).Draw(rt, "A"), rapid.IntRange(0, len(shots)-1).Draw(rt, "B")
		a, b := ev.Observations[i].File, ev.Observations[j].File
		same := verdict.Judge(imagery.Claim{Kind: imagery.ClaimSame, Images: [2]string{a, b}}, ev)
		differs := verdict.Judge(imagery.Claim{Kind: imagery.ClaimDiffers, Images: [2]string{b, a}}, ev)
		if differs.Answer != mirror[same.Answer] || differs.Reason != same.Reason || !cmp.Equal(differs.RestsOn, same.RestsOn) {
			rt.Fatalf("same is %+v, differs is %+v", same, differs)
		}
	})
}

func TestAChangeBothClaimedAndDeniedIsNotTrueTwice(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		shots, _ := drawShots(rt, 3)
		c := drawClaim(rt, t)
		ev := seenBy(observations(shots))
		c.Kind = imagery.ClaimChanged
		changed := verdict.Judge(c, ev)
		c.Kind = imagery.ClaimUnchanged
		unchanged := verdict.Judge(c, ev)
		if isDecided(changed.Answer) && changed.Answer == unchanged.Answer {
			rt.Fatalf("%v: changed and unchanged %s are both %s", shots, c.When, changed.Answer)
		}
	})
}

func TestEveryReasonIsListedOnce(t *testing.T) {
	listed := map[string]bool{}
	for _, r := range verdict.Reasons {
		if listed[r.Code] || r.Meaning == "" {
			t.Errorf("reason %q is listed twice or means nothing", r.Code)
		}
		listed[r.Code] = true
	}
	rapid.Check(t, func(rt *rapid.T) {
		shots, _ := drawShots(rt, 3)
		if v := verdict.Judge(drawClaim(rt, t), seenBy(observations(shots))); !listed[v.Reason] {
			rt.Fatalf("reason %q is not listed", v.Reason)
		}
	})
}

// TestDaysAgreeWithAnObserverWhoKnowsTheStates judges series as an archive of
// scenes gives them: images weeks apart, some dated by the month or by a few days,
// claims in days. In days an image speaks for its day, so what can be said is
// counted in days here, apart from the instants of the rule.
func TestDaysAgreeWithAnObserverWhoKnowsTheStates(t *testing.T) {
	counts := map[compare.Answer]int{}
	for seed := range uint64(3000) {
		s := drawSeries(rand.New(rand.NewPCG(seed, 1)))
		for range 12 {
			from, to := s.aSpan()
			for _, kind := range dated {
				want := s.answer(kind, from, to)
				c := claim(t, kind, dayText(from)+"/"+dayText(to))
				got := verdict.Judge(c, seenBy(s.observations))
				counts[got.Answer]++
				if isDecided(want) && got.Answer != want || !isDecided(want) && isDecided(got.Answer) {
					t.Fatalf("seed %d: %s %s is %s, want %s\n%s\n%v", seed, kind, c.When, got.Answer, want, got.Why, s.observations)
				}
			}
		}
	}
	if counts[compare.Supported] < 1000 || counts[compare.Contradicted] < 1000 || counts[compare.Consistent] < 1000 {
		t.Errorf("the draws are lopsided: %v", counts)
	}
}

// A series is 4 to 9 images of which those from number k on show another look.
// Days are counted from 1 January 2015; lo and hi are the first and last day that
// an image's date allows.
type series struct {
	lo, hi       []int
	isNew        []bool
	observations []compare.Observation
	rng          *rand.Rand
}

func dayOf(n int) time.Time { return time.Date(2015, 1, 1+n, 0, 0, 0, 0, time.UTC) }
func dayText(n int) string  { return dayOf(n).Format("2006-01-02") }

func daysTo(t time.Time) int { return int(t.Sub(dayOf(0)).Hours() / 24) }

func drawSeries(rng *rand.Rand) series {
	s := series{rng: rng}
	n := 4 + rng.IntN(6)
	k := n // none changed
	if rng.IntN(3) > 0 {
		k = 1 + rng.IntN(n-1)
	}
	day := rng.IntN(200)
	for i := range n {
		day += 25 + rng.IntN(95)
		lo, hi := day, day
		switch r := rng.IntN(100); {
		case i > 0 && r < 15:
			first := time.Date(dayOf(day).Year(), dayOf(day).Month(), 1, 0, 0, 0, 0, time.UTC)
			lo, hi = daysTo(first), daysTo(first.AddDate(0, 1, 0))-1
		case i > 0 && r < 30:
			lo, hi = day-1-rng.IntN(9), day+1+rng.IntN(9)
		}
		s.lo, s.hi, s.isNew = append(s.lo, lo), append(s.hi, hi), append(s.isNew, i >= k)
		o := compare.Observation{File: fmt.Sprintf("%d.png", i), State: compare.StateOld, Taken: edtf.Interval{Earliest: dayOf(lo), Latest: dayOf(hi + 1)}}
		if i >= k {
			o.State, o.Group = compare.StateNew, 1
		}
		s.observations = append(s.observations, o)
	}
	return s
}

// aSpan draws a span of two days or more whose ends lie near or on those of dates.
func (s series) aSpan() (from, to int) {
	end := func() int {
		i := s.rng.IntN(len(s.lo))
		return []int{s.lo[i], s.hi[i], s.lo[i] + s.rng.IntN(100) - 50}[s.rng.IntN(3)] + s.rng.IntN(3) - 1
	}
	from, to = end(), end()
	if from > to {
		from, to = to, from
	}
	if from == to {
		to++
	}
	return from, to
}

// answer is what can be said in days by who knows each image's state.
func (s series) answer(kind imagery.ClaimKind, from, to int) compare.Answer {
	after, by, changed := -1<<30, 1<<30, false
	firstBy, lastFrom := 1<<30, -1<<30
	for i := range s.lo {
		firstBy, lastFrom = min(firstBy, s.hi[i]), max(lastFrom, s.lo[i])
		if s.isNew[i] {
			by, changed = min(by, s.hi[i]), true
		} else {
			after = max(after, s.lo[i])
		}
	}
	covered := firstBy <= from && to <= lastFrom
	within := changed && from <= after && by <= to
	apart := !changed || to < after || from > by
	switch {
	case within && kind == imagery.ClaimChanged, kind == imagery.ClaimUnchanged && apart && covered:
		return compare.Supported
	case within, kind == imagery.ClaimChanged && apart && (changed || covered):
		return compare.Contradicted
	}
	return compare.AnswerUndetermined
}
