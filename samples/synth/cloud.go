package synth

import "math"

// A cloudField is the clouds of one picture: a bank about one spot and broken
// cloud elsewhere, from noise that drifts with the picture's seed.
type cloudField struct {
	cover  float64 // 0 to 1; 0 is a clear sky
	bank   vec     // ground position that the bank hides
	drift  vec     // texels
	height float64 // of the cloud base over the ground for its shadow, metres
}

func newCloudField(s Spec) cloudField {
	return cloudField{
		cover:  s.Cloud,
		bank:   ground(s.CloudAt),
		drift:  vec{float64(s.Look*7919%509) + 0.5, float64(s.Look*104729%503) + 0.5},
		height: 45, // far lower than a real one, so that the shadow stays in the picture
	}
}

// thick returns the cloud's optical thickness over a ground position, 0 for none.
func (c cloudField) thick(p vec) float64 {
	if c.cover == 0 {
		return 0
	}
	n := noise.broad
	puff := n.at(p.x*0.35+c.drift.x, p.y*0.35+c.drift.y) + 0.25*n.at(p.x*1.7+c.drift.y, p.y*1.7+c.drift.x)
	reach := 40 + 200*c.cover
	bank := 1.7 * math.Exp(-p.sub(c.bank).dot(p.sub(c.bank))/(reach*reach/2))
	return max(2.6*(0.8*puff+bank-0.75+0.5*c.cover), 0)
}

// through returns the share of light that comes through at p, 0 to 1.
func (c cloudField) through(p vec) float64 {
	if c.cover == 0 {
		return 1
	}
	return math.Exp(-1.9 * c.thick(p))
}

// over returns how far cloud veils p, 0 to 1, and how bright it is there.
func (c cloudField) over(p vec) (veil, white float64) {
	if c.cover == 0 {
		return 0, 0
	}
	t := c.thick(p)
	return 1 - math.Exp(-1.9*t), 0.62 + 0.2*smooth(t/2.5)
}
