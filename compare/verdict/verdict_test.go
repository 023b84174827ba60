package verdict_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/antequem/antequem/compare"
	"github.com/antequem/antequem/compare/verdict"
	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/edtf"
	"github.com/google/go-cmp/cmp"
)

func date(t testing.TB, s string) edtf.Date {
	t.Helper()
	d, err := edtf.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// shots reads "a 2015-10-15 old" and the like: a file, a date and a look, "old",
// "new", a number from 2 for a later look, "unclear" or "hidden". A "?" after the file makes
// its date someone's word.
func shots(t testing.TB, lines ...string) []compare.Observation {
	t.Helper()
	var out []compare.Observation
	for _, line := range lines {
		f := strings.Fields(line)
		o := compare.Observation{File: strings.TrimSuffix(f[0], "?"), Conditional: strings.HasSuffix(f[0], "?"), Taken: date(t, f[1]).Interval()}
		switch f[2] {
		case "old", "new", "unclear":
			o.State = compare.State(f[2])
		case "hidden":
			o.State, o.Hidden, o.Why = compare.StateUnclear, true, "cloud hides it"
		default:
			o.State = compare.StateNew
			if _, err := fmt.Sscan(f[2], &o.Group); err != nil {
				t.Fatal(err)
			}
		}
		if o.State == compare.StateUnclear {
			o.Group = -1
		}
		out = append(out, o)
	}
	return out
}

// seenBy is the evidence of an observer who sees every look for what it is.
func seenBy(obs []compare.Observation) verdict.Evidence {
	look := func(o compare.Observation) int {
		if o.State == compare.StateNew {
			return max(o.Group, 1)
		}
		return 0
	}
	ev := verdict.Evidence{State: compare.Undetermined, Observations: obs}
	clear := slices.DeleteFunc(slices.Clone(obs), func(o compare.Observation) bool { return o.State == compare.StateUnclear })
	if len(clear) > 1 {
		ev.State = compare.Unchanged
	}
	for i, a := range clear {
		for _, b := range clear[i+1:] {
			differ := look(a) != look(b)
			ev.Pairings = append(ev.Pairings, compare.Pairing{A: a.File, B: b.File, Differ: differ, Same: !differ})
			if differ {
				ev.State = compare.Changed
			}
		}
	}
	return ev
}

func claim(t testing.TB, kind imagery.ClaimKind, when string) imagery.Claim {
	return imagery.Claim{ID: "c", Kind: kind, When: date(t, when)}
}

func TestDatedClaims(t *testing.T) {
	const changed, unchanged = imagery.ClaimChanged, imagery.ClaimUnchanged
	pair := []string{"a 2015-10-15 old", "b 2016-05-02 new"}
	still := []string{"a 2015-10-15 old", "b 2016-05-02 old"}
	for _, tt := range []struct {
		name   string
		shots  []string
		kind   imagery.ClaimKind
		when   string
		answer compare.Answer
		reason string
		rests  []string
	}{
		{"a change that lies within the claimed time", pair, changed, "2015-10/2016-05", compare.Supported, verdict.ReasonBracketWithin, []string{"a", "b"}},
		{"a claimed time as long as the bracket to the day", pair, changed, "2015-10-15/2016-05-02", compare.Supported, verdict.ReasonBracketWithin, []string{"a", "b"}},
		{"a claimed time that begins a day after the last intact image", pair, changed, "2015-10-16/2016-05-02", compare.Consistent, verdict.ReasonBracketOverlap, []string{"a", "b"}},
		{"a claimed time that ends a day before the first changed image", pair, changed, "2015-10-15/2016-05-01", compare.Consistent, verdict.ReasonBracketOverlap, []string{"a", "b"}},
		{"a claim that ends on the day of the last intact image", pair, changed, "2015-10-01/2015-10-15", compare.Consistent, verdict.ReasonBracketOverlap, []string{"a", "b"}},
		{"a claim that ends the day before the last intact image", pair, changed, "2015-10-01/2015-10-14", compare.Contradicted, verdict.ReasonBracketOutside, []string{"a", "b"}},
		{"a claim that begins on the day of the first changed image", pair, changed, "2016-05-02/2016-06-01", compare.Consistent, verdict.ReasonBracketOverlap, []string{"a", "b"}},
		{"a claim that begins the day after the first changed image", pair, changed, "2016-05-03/2016-06-01", compare.Contradicted, verdict.ReasonBracketOutside, []string{"a", "b"}},
		{"a single day within the bracket", pair, changed, "2016-04-27", compare.Consistent, verdict.ReasonBracketOverlap, []string{"a", "b"}},
		{"an open beginning that holds the bracket", pair, changed, "../2016-05-02", compare.Supported, verdict.ReasonBracketWithin, []string{"a", "b"}},
		{"an open beginning that ends before the bracket", pair, changed, "../2015-10-14", compare.Contradicted, verdict.ReasonBracketOutside, []string{"a", "b"}},
		{"no change over images that cover the claim", still, changed, "2016-04-27", compare.Contradicted, verdict.ReasonNoChangeSeen, []string{"a", "b"}},
		{"no change, and a claim that begins before the first image", still, changed, "2015-10-14/2016-04-27", compare.AnswerUndetermined, verdict.ReasonNotCovered, nil},
		{"no change, and a claim that ends on the day of the last image", still, changed, "2016-04-27/2016-05-02", compare.Contradicted, verdict.ReasonNoChangeSeen, []string{"a", "b"}},
		{"no change, and a claim of the very day of the last image", still, changed, "2016-05-02", compare.AnswerUndetermined, verdict.ReasonNotCovered, nil},
		{"no change, and a claim of an hour of the last image's day", still, changed, "2016-05-02T12:00:00Z", compare.AnswerUndetermined, verdict.ReasonNotCovered, nil},
		{"no change, and a claim without a beginning", still, changed, "../2016-04-27", compare.AnswerUndetermined, verdict.ReasonNotCovered, nil},
		{"still standing, covered from the first day to the last", still, unchanged, "2015-10-15/2016-05-02", compare.Supported, verdict.ReasonNoChangeSeen, []string{"a", "b"}},
		{"still standing, and no image of the last day or later", still, unchanged, "2015-10-15/2016-05-03", compare.AnswerUndetermined, verdict.ReasonNotCovered, nil},
		{"still standing, and a change that lies within", pair, unchanged, "2015-10/2016-05", compare.Contradicted, verdict.ReasonBracketWithin, []string{"a", "b"}},
		{"still standing, and a change that may lie within", pair, unchanged, "2015-11/2016-05", compare.AnswerUndetermined, verdict.ReasonBracketOverlap, []string{"a", "b"}},
		{"still standing before the change, covered", append([]string{"z 2015-01-01 old"}, pair...), unchanged, "2015-02/2015-09", compare.Supported, verdict.ReasonNoChangeSeen, []string{"z", "a", "b"}},
		{"still standing before the change, not covered", pair, unchanged, "2015-02/2015-09", compare.AnswerUndetermined, verdict.ReasonNotCovered, nil},
		{"the images nearest to the claimed time carry the answer", []string{"a 2014 old", "b 2015-01 old", "c 2016-01 old", "d 2017 old"}, changed, "2015-06", compare.Contradicted, verdict.ReasonNoChangeSeen, []string{"b", "c"}},
		{"a month for a date covers from its last day", []string{"a 2015-10 old", "b 2016-05-02 old"}, unchanged, "2015-10-30/2016-05", compare.AnswerUndetermined, verdict.ReasonNotCovered, nil},
		{"an old image whose beginning is open leaves the bracket open", []string{"a ../2015-10-15 old", "b 2016-05-02 new"}, changed, "2015/2016", compare.Consistent, verdict.ReasonBracketOverlap, []string{"a", "b"}},
		{"and supports what has no beginning", []string{"a ../2015-10-15 old", "b 2016-05-02 new"}, changed, "../2016", compare.Supported, verdict.ReasonBracketWithin, []string{"a", "b"}},
		{"a new image whose end is open leaves the bracket open", []string{"a 2015-10-15 old", "b 2016-05-02/.. new"}, changed, "2015/2017", compare.Consistent, verdict.ReasonBracketOverlap, []string{"a", "b"}},
		{"and contradicts what came before the last intact image", []string{"a 2015-10-15 old", "b 2016-05-02/.. new"}, changed, "2014", compare.Contradicted, verdict.ReasonBracketOutside, []string{"a", "b"}},
		{"two looks whose dates allow either order", []string{"a 2015-10 old", "b 2015-10-20 new"}, changed, "2015-10-01/2015-10-20", compare.Consistent, verdict.ReasonBracketOverlap, []string{"a"}},
		{"old surely after new", []string{"a 2015-10-15 new", "b 2016-05-02 old"}, changed, "2016", compare.AnswerUndetermined, verdict.ReasonContradictory, []string{"a", "b"}},
		{"a repair", []string{"a 2015 old", "b 2016 new", "c 2017 old"}, changed, "2014/2018", compare.AnswerUndetermined, verdict.ReasonContradictory, []string{"b", "c"}},
		{"one image", []string{"a 2015 old"}, changed, "2014/2018", compare.AnswerUndetermined, verdict.ReasonTooFew, nil},
		{"two images of which one is clouded", []string{"a 2015 old", "b 2016 hidden"}, changed, "2014/2018", compare.AnswerUndetermined, verdict.ReasonTooFew, nil},
		{"two images of which one is not clear", []string{"a 2015 old", "b 2016 unclear"}, changed, "2014/2018", compare.AnswerUndetermined, verdict.ReasonStateUnclear, []string{"a", "b"}},
		{"no image", nil, changed, "2014/2018", compare.AnswerUndetermined, verdict.ReasonNoImagery, nil},
		{"the first of two changes lies within", []string{"a 2015-01-01 old", "b 2016-01-01 new", "c 2017-01-01 2"}, changed, "2015/2016", compare.Supported, verdict.ReasonBracketWithin, []string{"a", "b"}},
		{"the second of two changes lies within", []string{"a 2015-01-01 old", "b 2016-01-01 new", "c 2017-01-01 2"}, changed, "2016/2017", compare.Supported, verdict.ReasonBracketWithin, []string{"b", "c"}},
		{"between two changes, covered", []string{"a 2015-01-01 old", "b 2016-01-01 new", "c 2017-01-01 new", "d 2018-01-01 2"}, changed, "2016-04", compare.Contradicted, verdict.ReasonBracketOutside, []string{"a", "b", "c", "d"}},
		{"before two changes, not covered", []string{"a 2015-01-01 old", "b 2016-01-01 new", "c 2017-01-01 2"}, changed, "2014-04", compare.AnswerUndetermined, verdict.ReasonNotCovered, nil},
		{"between two changes nothing changed", []string{"a 2015-01-01 old", "b 2016-01-01 new", "c 2017-01-01 new", "d 2018-01-01 2"}, unchanged, "2016-02/2016-11", compare.Supported, verdict.ReasonNoChangeSeen, []string{"a", "b", "c", "d"}},
		{"scenes from either side of two contested dates decide about neither", []string{"a 2015-05-01 old", "b 2016-09-18 new"}, changed, "2016-04-27", compare.Consistent, verdict.ReasonBracketOverlap, []string{"a", "b"}},
		{"nor about damage by the earlier of them", []string{"a 2015-05-01 old", "b 2016-09-18 new"}, changed, "../2015-10-15", compare.Consistent, verdict.ReasonBracketOverlap, []string{"a", "b"}},
		{"about a day supports no more than the day", []string{"a 2016-04-20 old", "b 2016-04-30 new"}, changed, "2016-04-25~", compare.Consistent, verdict.ReasonBracketOverlap, []string{"a", "b"}},
		{"about a day is contradicted only beyond the week around it", []string{"a 2016-05-01 old", "b 2016-05-30 new"}, changed, "2016-04-25~", compare.Consistent, verdict.ReasonBracketOverlap, []string{"a", "b"}},
		{"until about a day, with a change just inside of it", []string{"a 2016-04-20 old", "b 2016-04-24 new"}, unchanged, "2016-01-01/2016-04-25~", compare.AnswerUndetermined, verdict.ReasonBracketOverlap, []string{"a", "b"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			v := verdict.Judge(claim(t, tt.kind, tt.when), seenBy(shots(t, tt.shots...)))
			if v.Answer != tt.answer || v.Reason != tt.reason {
				t.Errorf("%s: %s %s is %s (%s), want %s (%s): %s", tt.shots, tt.kind, tt.when, v.Answer, v.Reason, tt.answer, tt.reason, v.Why)
			}
			if diff := cmp.Diff(tt.rests, v.RestsOn); diff != "" {
				t.Errorf("rests on the wrong images (-want +got):\n%s", diff)
			}
			decided := v.Answer == compare.Supported || v.Answer == compare.Contradicted
			if decided != (v.WouldSettle == "") || v.Why == "" || v.Claim != "c" {
				t.Errorf("%+v: what would settle it is said exactly where it is open, and why always", v)
			}
		})
	}
}

func TestConditionsAreNamedWhereTheAnswerNeedsThem(t *testing.T) {
	for _, tt := range []struct {
		name   string
		shots  []string
		when   string
		rests  []string
		onWord []string
	}{
		{"both ends of the bracket are someone's word", []string{"a? 2015-10-15 old", "b? 2016-04-29 new"}, "2015/2016", []string{"a", "b"}, []string{"a", "b"}},
		{"one end is", []string{"a? 2015-10-15 old", "b 2016-05-02 new"}, "2015/2016", []string{"a", "b"}, []string{"a"}},
		{"images of sure dates decide it alone", []string{"z 2015-05-01 old", "a? 2015-10-15 old", "b? 2016-04-29 new", "c 2016-05-02 new"}, "2015/2016", []string{"z", "c"}, nil},
		{"they would not", []string{"z 2015-05-01 old", "a? 2015-10-15 old", "b? 2016-04-29 new", "c 2016-05-02 new"}, "2015-10/2016", []string{"a", "b"}, []string{"a", "b"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			v := verdict.Judge(claim(t, imagery.ClaimChanged, tt.when), seenBy(shots(t, tt.shots...)))
			if v.Answer != compare.Supported || !cmp.Equal(v.RestsOn, tt.rests) || !cmp.Equal(v.ConditionalOn, tt.onWord) {
				t.Errorf("%+v, want supported by %v if %v", v, tt.rests, tt.onWord)
			}
			if said := strings.Contains(v.Why, "if that date is right"); said != (len(tt.onWord) > 0) {
				t.Errorf("why says: %s", v.Why)
			}
		})
	}
}

func TestAChangeThatMightHaveEscapedIsNotExcluded(t *testing.T) {
	ev := seenBy(shots(t, "a 2015-10-15 old", "b 2016-05-02 old"))
	ev.Pairings[0].Same = false
	if v := verdict.Judge(claim(t, imagery.ClaimChanged, "2016-04-27"), ev); v.Answer != compare.AnswerUndetermined || v.Reason != verdict.ReasonNotSeen {
		t.Errorf("%+v, want undetermined because a change might not have been seen", v)
	}
	ev.State = compare.Undetermined
	if v := verdict.Judge(claim(t, imagery.ClaimUnchanged, "2016-04-27"), ev); v.Answer != compare.AnswerUndetermined || v.Reason != verdict.ReasonStateUnclear {
		t.Errorf("%+v, want undetermined because the state is unclear", v)
	}
}

func TestPairs(t *testing.T) {
	ev := seenBy(shots(t, "a 2015 old", "b 2016 new", "c 2017 new", "d 2018 unclear"))
	for _, tt := range []struct {
		name          string
		images        [2]string
		same, differs compare.Answer
		reason        string
	}{
		{"alike", [2]string{"c", "b"}, compare.Supported, compare.Contradicted, verdict.ReasonAlike},
		{"different", [2]string{"a", "c"}, compare.Contradicted, compare.Supported, verdict.ReasonDifferent},
		{"one that is clouded", [2]string{"a", "d"}, compare.AnswerUndetermined, compare.AnswerUndetermined, verdict.ReasonNotComparable},
		{"one that is not held", [2]string{"a", "x"}, compare.AnswerUndetermined, compare.AnswerUndetermined, verdict.ReasonNotHeld},
		{"one image twice", [2]string{"a", "a"}, compare.Supported, compare.Contradicted, verdict.ReasonSameImage},
	} {
		t.Run(tt.name, func(t *testing.T) {
			same := verdict.Judge(imagery.Claim{Kind: imagery.ClaimSame, Images: tt.images}, ev)
			differs := verdict.Judge(imagery.Claim{Kind: imagery.ClaimDiffers, Images: tt.images}, ev)
			if same.Answer != tt.same || same.Reason != tt.reason || differs.Answer != tt.differs || differs.Reason != tt.reason {
				t.Errorf("same is %s (%s) and differs %s (%s), want %s, %s, both for %s", same.Answer, same.Reason, differs.Answer, differs.Reason, tt.same, tt.differs, tt.reason)
			}
			if same.ConditionalOn != nil {
				t.Errorf("no date is needed, but it is conditional on %v", same.ConditionalOn)
			}
		})
	}
}

func TestUntestableIsRecordedAndNeverJudged(t *testing.T) {
	v := verdict.Judge(imagery.Claim{ID: "whose", Kind: imagery.ClaimUntestable, Why: "Imagery shows what changed, not who did it."}, seenBy(shots(t, "a 2015 old", "b 2016 new")))
	want := compare.Verdict{Claim: "whose", Answer: compare.Untestable, Reason: verdict.ReasonUntestable, Why: "Imagery shows what changed, not who did it."}
	if diff := cmp.Diff(want, v); diff != "" {
		t.Errorf("verdict differs (-want +got):\n%s", diff)
	}
}

func TestSteps(t *testing.T) {
	for _, tt := range []struct {
		name  string
		shots []string
		want  []string // "after by" as in JSON, "-" for an open end
	}{
		{"one change", []string{"a 2015-10-15 old", "b 2016-05-02 new"}, []string{"2015-10-15T00:00:00Z 2016-05-02T24:00:00Z"}},
		{"the last old image and the first new one bound it", []string{"a 2014 old", "b 2015-10-15 old", "c 2016-05-02 new", "d 2017 new"}, []string{"2015-10-15T00:00:00Z 2016-05-02T24:00:00Z"}},
		{"none", []string{"a 2015-10-15 old", "b 2016-05-02 old"}, nil},
		{"clouded images count for nothing", []string{"a 2015-10-15 old", "c 2016-01-01 unclear", "b 2016-05-02 new"}, []string{"2015-10-15T00:00:00Z 2016-05-02T24:00:00Z"}},
		{"two changes", []string{"a 2015-10-15 old", "b 2016-05-02 new", "c 2017-01-01 2"}, []string{"2015-10-15T00:00:00Z 2016-05-02T24:00:00Z", "2016-05-02T00:00:00Z 2017-01-01T24:00:00Z"}},
		{"an open end", []string{"a 2015-10-15 old", "b 2016-05-02/.. new"}, []string{"2015-10-15T00:00:00Z -"}},
		{"either order", []string{"a 2015-10 old", "b 2015-10-20 new"}, []string{"2015-10-01T00:00:00Z 2015-10-31T24:00:00Z"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			steps, err := verdict.Steps(shots(t, tt.shots...))
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			open := func(s string) string {
				if s == "" {
					return "-"
				}
				return s
			}
			for _, s := range steps {
				got = append(got, open(edtf.FormatEarliest(s.After))+" "+open(edtf.FormatLatest(s.By)))
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("brackets differ (-want +got):\n%s", diff)
			}
		})
	}
	_, err := verdict.Steps(shots(t, "a 2015 new", "b 2016 old"))
	var c *verdict.Contradiction
	if !errors.As(err, &c) || c.Earlier != "b" || c.Later != "a" {
		t.Errorf("error is %v, want a contradiction between b and a", err)
	}
}

func TestEvidenceOfJoinsTimelineAndDates(t *testing.T) {
	images := []imagery.Image{
		{File: "a", Acquired: date(t, "2015-10-15"), Basis: imagery.BasisClaimed},
		{File: "b", Acquired: date(t, "2016-05-02"), Basis: imagery.BasisPublished},
		{File: "c", Acquired: date(t, "2016-06")},
	}
	tl := compare.Timeline{State: compare.Changed, Frames: []compare.Frame{
		{File: "a", Status: compare.StatusReference, State: compare.StateOld},
		{File: "b", Status: compare.StatusUsed, State: compare.StateNew, Group: 1},
		{File: "c", Status: compare.StatusObscured, State: compare.StateNew, Group: 1, Why: "cloud"},
	}}
	want := []compare.Observation{
		{File: "a", Taken: date(t, "2015-10-15").Interval(), Conditional: true, State: compare.StateOld},
		{File: "b", Taken: date(t, "../2016-05-02").Interval(), State: compare.StateNew, Group: 1},
		{File: "c", Taken: date(t, "2016-06").Interval(), State: compare.StateUnclear, Group: 1, Hidden: true, Why: "cloud"},
	}
	if diff := cmp.Diff(want, verdict.EvidenceOf(tl, images).Observations); diff != "" {
		t.Errorf("observations differ (-want +got):\n%s", diff)
	}
}

func TestWhyAndWhatWouldSettleAreSentences(t *testing.T) {
	ev := seenBy(shots(t, "a.png? 2015-10-15 old", "b.tif 2016-05-02 new"))
	v := verdict.Judge(claim(t, imagery.ClaimChanged, "2016-04-27"), ev)
	want := "The images put the change between 15 Oct 2015 (a.png) and 2 May 2016 (b.tif), which allows the claimed time (27 Apr 2016) and doesn't prove it, if that date is right (a.png)."
	if v.Why != want {
		t.Errorf("why is\n%s\nwant\n%s", v.Why, want)
	}
	want = "Two images: one taken between 15 Oct 2015 and 26 Apr 2016, as near to 27 Apr 2016 as can be, and one taken between 28 Apr 2016 and 2 May 2016, as near to 27 Apr 2016 as can be."
	if v.WouldSettle != want {
		t.Errorf("what would settle it is\n%s\nwant\n%s", v.WouldSettle, want)
	}
}
