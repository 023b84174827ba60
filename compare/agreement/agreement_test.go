package agreement_test

import (
	"math"
	"testing"

	"github.com/antequem/antequem/compare/agreement"
	"pgregory.net/rapid"
)

// times returns n items with those answers.
func times(n int, a, b string) [][2]string {
	out := make([][2]string, n)
	for i := range out {
		out[i] = [2]string{a, b}
	}
	return out
}

func near(a, b float64) bool { return math.Abs(a-b) < 1e-9 || math.IsNaN(a) && math.IsNaN(b) }

func TestKappaByHand(t *testing.T) {
	join := func(parts ...[][2]string) (out [][2]string) {
		for _, p := range parts {
			out = append(out, p...)
		}
		return out
	}
	for name, c := range map[string]struct {
		items            [][2]string
		kappa, low, high float64
	}{
		// 35 of 50 agree: 0.7. By chance 0.5·0.6 + 0.5·0.4 = 0.5. So 0.2 / 0.5 = 0.4, and
		// the standard error is √(0.7·0.3/50)/0.5 = 0.129615.
		"fifty proposals, two readers": {join(times(20, "yes", "yes"), times(5, "yes", "no"), times(10, "no", "yes"), times(15, "no", "no")),
			0.4, 0.4 - 1.959963984540054*0.12961481396815722, 0.4 + 1.959963984540054*0.12961481396815722},
		"full agreement on two answers": {join(times(3, "old", "old"), times(2, "new", "new")), 1, 1, 1},
		"the opposite every time":       {join(times(2, "old", "new"), times(2, "new", "old")), -1, -1, -1},
		"one answer throughout":         {times(5, "old", "old"), math.NaN(), math.NaN(), math.NaN()},
		"nothing that both read":        {nil, math.NaN(), math.NaN(), math.NaN()},
	} {
		k := agreement.Cohen(c.items)
		if !near(k.Kappa, c.kappa) || !near(k.Low, c.low) || !near(k.High, c.high) || k.N != len(c.items) {
			t.Errorf("%s: %+v, want %v [%v, %v]", name, k, c.kappa, c.low, c.high)
		}
	}
}

func TestKappaKnowsNoFirstReaderAndNoOrder(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		answer := rapid.SampledFrom([]string{"old", "new", "unclear"})
		items := rapid.SliceOfN(rapid.Custom(func(rt *rapid.T) [2]string {
			return [2]string{answer.Draw(rt, "a"), answer.Draw(rt, "b")}
		}), 1, 40).Draw(rt, "items")
		k := agreement.Cohen(items)
		var turned [][2]string
		for i := len(items) - 1; i >= 0; i-- {
			turned = append(turned, [2]string{items[i][1], items[i][0]})
		}
		if other := agreement.Cohen(turned); !near(k.Kappa, other.Kappa) || !near(k.Low, other.Low) {
			rt.Fatalf("%+v and %+v", k, other)
		}
		if !math.IsNaN(k.Kappa) && !(k.Low <= k.Kappa && k.Kappa <= k.High && k.Low >= -1 && k.High <= 1) {
			rt.Fatalf("%+v", k)
		}
	})
}
