package main

import (
	"context"
	"math"
	"testing"

	"github.com/antequem/antequem/compare"
	"github.com/antequem/antequem/compare/assess"
	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/casefile"
	"github.com/antequem/antequem/imagery/decode"
	"github.com/antequem/antequem/samples"
	"github.com/antequem/antequem/samples/synth"
	"github.com/google/go-cmp/cmp"
)

// judgeTraining takes the training case the whole way, from bytes to verdicts.
func judgeTraining(t *testing.T) assess.Report {
	t.Helper()
	all, err := samples.All()
	if err != nil {
		t.Fatal(err)
	}
	c, err := casefile.Parse("training", all[0].Case)
	if err != nil {
		t.Fatal(err)
	}
	load := func(_ context.Context, im imagery.Image) (assess.Picture, error) {
		pic, err := decode.Decode(all[0].Pictures[im.File], decode.DefaultLimits())
		if err != nil {
			return assess.Picture{}, err
		}
		return assess.FromFile(im, pic), nil
	}
	res, err := assess.Case(t.Context(), c, load, assess.DefaultOptions(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return res.Report
}

// What the training case should give is written down in samples/README.md, from
// what is drawn and not from what the program says.
func TestTheTrainingCaseFromBytesToVerdicts(t *testing.T) {
	r := judgeTraining(t)
	t.Run("each claim gets the verdict that the drawn truth gives", func(t *testing.T) {
		want := map[string]compare.Answer{
			"struck-27-april":      compare.Consistent,
			"second-half-of-april": compare.Supported,
			"old-ruin":             compare.Contradicted,
			"same-damage":          compare.Contradicted,
			"not-the-same":         compare.Supported,
			"stood-all-winter":     compare.Supported,
			"stood-in-may":         compare.Contradicted,
			"gone-by-the-26th":     compare.AnswerUndetermined,
			"whose":                compare.Untestable,
			"no-strike":            compare.Untestable,
		}
		got := map[string]compare.Answer{}
		for _, c := range r.Claims {
			got[c.ID] = c.Verdict
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Error(d)
		}
	})
	t.Run("each image is laid where it was drawn", func(t *testing.T) {
		shots := synth.Training()
		for _, s := range shots {
			for _, im := range r.Images {
				if im.File != s.File {
					continue
				}
				if im.Status == compare.StatusUnaligned {
					t.Errorf("%s is not aligned: %s", im.File, im.Why)
				} else if e := offTruth(im.Alignment.Matrix, shots[0].Spec, s.Spec); !(e < 0.6) {
					t.Errorf("%s lies %.2f px beside the truth", im.File, e)
				}
			}
		}
	})
	t.Run("the clouded image says nothing of the region", func(t *testing.T) {
		for _, im := range r.Images {
			if im.File == "2016-04-26.jpg" && im.State != compare.StateUnclear {
				t.Errorf("%s shows the %s state through cloud", im.File, im.State)
			}
		}
	})
}

// offTruth returns the mean distance, px of the moving image, between where got
// and the drawn truth put the reference grid. What stands up leans by the sensor's
// angle, so the truth at roof height differs from that on the ground; a flat
// map does right to fit either or what lies between.
func offTruth(got [3][3]float64, ref, mov synth.Spec) float64 {
	best := math.Inf(1)
	rx, ry := lean(ref)
	mx, my := lean(mov)
	for h := 0.0; h <= 15; h += 0.5 { // metres; the clinic is the highest, 14.2 m
		var sum float64
		n := 0
		for y := 50.0; y < synth.RefH; y += 100 {
			for x := 50.0; x < synth.RefW; x += 100 {
				p := synth.Apply(got, imagery.Point{X: x, Y: y})
				q := synth.Apply(mov.ToMoving, imagery.Point{X: x + (mx-rx)*h, Y: y + (my-ry)*h})
				sum += math.Hypot(p.X-q.X, p.Y-q.Y)
				n++
			}
		}
		best = min(best, sum/float64(n))
	}
	return best
}

// lean returns how far a point appears to move, reference px per metre of height.
func lean(s synth.Spec) (x, y float64) {
	sin, cos := math.Sincos(s.LeanAz * math.Pi / 180)
	k := math.Tan(s.OffNadir*math.Pi/180) / synth.RefGSD
	return k * sin, -k * cos
}
