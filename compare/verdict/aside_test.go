package verdict_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/antequem/antequem/compare"
	"github.com/antequem/antequem/compare/verdict"
	"github.com/antequem/antequem/imagery"
)

func TestImagesThatLookTheSameCoverAClaimWhateverTheirStateIs(t *testing.T) {
	ev := verdict.Evidence{
		State:        compare.Undetermined,
		Observations: shots(t, "a 2015-01-10 unclear", "b 2015-03-10 unclear", "c 2015-06-10 unclear"),
		Pairings:     []compare.Pairing{{A: "a", B: "b", Same: true}, {A: "a", B: "c", Caution: "the surroundings differ"}, {A: "b", B: "c"}},
	}
	for _, c := range []struct {
		name string
		kind imagery.ClaimKind
		when string
		want compare.Answer
	}{
		{"no change between the two", imagery.ClaimUnchanged, "2015-01-20/2015-03-01", compare.Supported},
		{"a change between the two", imagery.ClaimChanged, "2015-01-20/2015-03-01", compare.Contradicted},
		{"no change until the third", imagery.ClaimUnchanged, "2015-01-20/2015-06-01", compare.AnswerUndetermined},
		{"a change between the second and the third", imagery.ClaimChanged, "2015-03-20/2015-06-01", compare.AnswerUndetermined},
	} {
		got := verdict.Judge(imagery.Claim{Kind: c.kind, When: date(t, c.when)}, ev)
		if got.Answer != c.want {
			t.Errorf("%s: %s (%s), want %s", c.name, got.Answer, got.Why, c.want)
		}
		if open := got.Answer == compare.AnswerUndetermined; open && (got.Reason != verdict.ReasonStateUnclear || !slices.Equal(got.RestsOn, []string{"b", "c"})) {
			t.Errorf("%s: %s rests on %v (%s), want the doubt to lie between b and c", c.name, got.Reason, got.RestsOn, got.Why)
		}
		if got.Reason == verdict.ReasonNoChangeSeen && !slices.Equal(got.RestsOn, []string{"a", "b"}) {
			t.Errorf("%s rests on %v, want a and b", c.name, got.RestsOn)
		}
	}
}

func TestWhereARegionFillsTheImagesWiderOnesWouldSettleIt(t *testing.T) {
	ev := verdict.Evidence{State: compare.Undetermined, Crowded: true, Observations: shots(t, "a 2015-01-10 unclear", "b 2015-03-10 unclear")}
	for _, c := range []imagery.Claim{
		{Kind: imagery.ClaimUnchanged, When: date(t, "2015-01-20/2015-03-01")},
		{Kind: imagery.ClaimChanged, When: date(t, "2015-02")},
		{Kind: imagery.ClaimSame, Images: [2]string{"a", "b"}},
		{Kind: imagery.ClaimDiffers, Images: [2]string{"a", "b"}},
	} {
		got := verdict.Judge(c, ev)
		if got.Answer != compare.AnswerUndetermined || got.Reason != verdict.ReasonTooLittle || !strings.Contains(got.WouldSettle, "more ground around the region") {
			t.Errorf("%s: %s for %s; would settle it: %s", c.Kind, got.Answer, got.Reason, got.WouldSettle)
		}
	}
}

func TestADoubtLiesBetweenTheImagesThatAreSurelyAlike(t *testing.T) {
	shown := []string{"a 2015-01 unclear", "b 2015-02 unclear", "c 2015-03 unclear", "d 2015-04 unclear"}
	for _, c := range []struct {
		name, same string
		want       []string
	}{
		{"two and two", "ab cd", []string{"b", "c"}},
		{"three and one", "ab ac bc", []string{"c", "d"}},
		{"one in the middle is like both sides", "ab ac bc bd cd", []string{"a", "d"}},
		{"two are like one another, and two aren't", "ab", nil},
		{"all are alike", "ab ac ad bc bd cd", nil},
		{"none are", "", nil},
	} {
		ev := verdict.Evidence{State: compare.Undetermined, Observations: shots(t, shown...)}
		for _, p := range strings.Fields(c.same) {
			ev.Pairings = append(ev.Pairings, compare.Pairing{A: p[:1], B: p[1:], Same: true})
		}
		got := verdict.Judge(imagery.Claim{Kind: imagery.ClaimChanged, When: date(t, "2014/2016")}, ev)
		if got.Reason != verdict.ReasonStateUnclear || !slices.Equal(got.RestsOn, c.want) {
			t.Errorf("%s: %s rests on %v, want %v (%s)", c.name, got.Reason, got.RestsOn, c.want, got.Why)
		}
	}
}
