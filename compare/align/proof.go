package align

import (
	"math"

	"github.com/antequem/antequem/compare"
)

// A proof is how far the windows of a picture agree on a map beyond chance.
type proof struct {
	gaps  [2]float64 // by windows of 64 and of 32 px: see gap
	spots [2]int     // how many of each were asked
	worth float64    // both together
	lead  float64    // see lead; 0 where it wasn't asked for
}

// backed says whether a proof that is not worth enough by itself becomes so by the
// lead of its map over deliberately false ones. Where 10 are asked of both together,
// right maps of destroyed towns reached 10 to 19, and of some 500 pairs of unrelated
// places none more than 8.4.
func (p *pair) backed(m matrix, f *proof) bool {
	const least = 0.4
	asked := p.asked(m)
	if f.worth < least*asked {
		return false
	}
	f.lead = p.lead(m)
	return f.both() > p.askedOfBoth(m)
}

// both returns what a proof and the lead of its map are worth together.
func (f *proof) both() float64 {
	const each = 2
	return f.worth + each*f.lead
}

func (p *pair) askedOfBoth(m matrix) float64 { return 12. / 7 * p.asked(m) }

// lead returns by how much more the windows of the search agree on m than on the
// same map turned by quarters of a circle, mirrored, or turned a little further,
// each given the same freedom to find its best: false maps, but of pictures with
// the same detail, the same straight edges and streets at right angles. It is the
// difference of the means of a window, times the root of their number.
func (p *pair) lead(m matrix) float64 {
	const few, further = 5, 9 * math.Pi / 180
	level := p.levelFor(m, p.searchLevel())
	side := p.windowFor(level)
	t := p.tracker(level, side, side/2, 144)
	own := t.surfaces(m, side*5/16)
	n := len(own.spots)
	if n < fewSpots {
		return 0
	}
	x, y := own.centre()
	var sum, count float64
	for _, turn := range [...]float64{0, further} {
		for k := range 8 {
			if k == 0 && turn == 0 {
				continue
			}
			s := t.surfaces(m.mul(shift(x, y)).mul(similarity(turn, 1)).mul(dihedral(k)).mul(shift(-x, -y)), side*5/16)
			if 2*len(s.spots) >= n {
				sum, count = sum+s.highest(), count+1
			}
		}
	}
	if count < few {
		return 0
	}
	return (own.highest() - sum/count) * math.Sqrt(float64(n))
}

// dihedral returns the k-th of the eight turns and mirrorings of a square about the origin.
func dihedral(k int) matrix {
	d := [...][4]float64{{1, 0, 0, 1}, {0, -1, 1, 0}, {-1, 0, 0, -1}, {0, 1, -1, 0}, {-1, 0, 0, 1}, {1, 0, 0, -1}, {0, 1, 1, 0}, {0, -1, -1, 0}}[k]
	return matrix{{d[0], d[1], 0}, {d[2], d[3], 0}, {0, 0, 1}}
}

// highest returns the mean credit of a spot under the small turn and scaling that give most.
func (s *surfaces) highest() float64 {
	c := s.smooth(1.5)
	for _, z := range c.z {
		for i, v := range z {
			z[i] = float32(credit(float64(v)))
		}
	}
	_, top := c.hough(smallTurns, smallScales)
	return top / float64(len(c.spots))
}

// prove asks windows of two sizes how far they agree on m, each under a map that
// its own part of the picture had no say in.
//
// Slid by any other few px, the same windows agree by chance alone, and whatever
// raises chance agreement in these two pictures, as long straight edges,
// repeated patterns or windows that overlap do, raises it there as well. So how
// high the agreement stands over the highest elsewhere needs no model of chance.
// Surfaces made under nearly m, where there are any, are asked first: where m is
// beyond all doubt, they show it.
func (p *pair) prove(m matrix, model compare.Model, near *surfaces) proof {
	var out proof
	if near != nil {
		out.gaps[0], out.spots[0] = p.agreement(m, model, near)
		if p.beyondDoubt(out) {
			out.worth = 2 * out.gaps[0]
			return out
		}
	}
	level := p.levelFor(m, 0)
	for p.ref.veil == nil && p.ref.area/float64(int(1)<<(2*level)) > 640*640 {
		level++
	}
	for i, n := range [...]int{64, 32} {
		t := p.tracker(level, n, n/2, 400)
		out.gaps[i], out.spots[i] = p.agreement(m, model, t.levelled(m, n/2-2, taperGain(n)))
		if p.beyondDoubt(out) {
			out.worth = 2 * out.gaps[0]
			return out
		}
	}
	out.worth = worth(out)
	return out
}

// beyondDoubt says that windows of 64 px leave nothing for smaller ones to add. Right
// maps of one date have gaps of 50 and more; of two dates and wrong ones, 10 and less.
func (p *pair) beyondDoubt(f proof) bool {
	return f.gaps[0]*min(1, float64(f.spots[0])/plenty) > 4*p.opts.Evidence
}

// plenty is the number of windows of 64 px, and half of that of 32 px, from
// which on what chance can do no longer depends on their number.
const plenty = 60

// worth returns twice the geometric mean of both gaps: chance may favour windows
// of the one size, but hardly of both. Where few windows were asked, each counts less.
func worth(f proof) float64 {
	big := f.gaps[0] * min(1, float64(f.spots[0])/plenty)
	small := f.gaps[1] * min(1, float64(f.spots[1])/(2*plenty))
	switch {
	case f.spots[0] < fewSpots:
		return 1.4 * small
	case big <= 0 || small <= 0:
		return min(big, small)
	}
	return 2 * math.Sqrt(big*small)
}

// asked returns what a proof of m must be worth. A map near one of those that
// pictures come with, upright and at one scale or as georeferences have it, was
// one of few that were tried; any other is the best of thousands.
func (p *pair) asked(m matrix) float64 {
	const thousands = 1.25
	x, y := float64(p.ref.w-1)/2, float64(p.ref.h-1)/2
	a, b, c, d := m.jacobian(x, y)
	for _, h := range append([]Hint{{Matrix: identity}}, p.opts.Hints...) {
		e, f, g, i := matrix(h.Matrix).jacobian(x, y)
		scale := math.Sqrt((a*d - b*c) / (e*i - f*g))
		along := (a*e + b*f + c*g + d*i) / math.Sqrt((a*a+b*b+c*c+d*d)*(e*e+f*f+g*g+i*i))
		if scale > 0.8 && scale < 1.25 && along > 0.965 { // 15 degrees
			return p.opts.Evidence
		}
	}
	return thousands * p.opts.Evidence
}

// agreement returns the gap of the windows whose surfaces are given, and how many had
// something to say.
func (p *pair) agreement(m matrix, model compare.Model, s *surfaces) (gap float64, spots int) {
	s = s.smooth(1)
	if len(s.spots) < fewSpots {
		return 0, len(s.spots)
	}
	at := s.under(m)
	fr := p.frameFor(m)
	for fold := range parts {
		rest := *s
		rest.z, rest.spots = nil, nil
		for i, pl := range s.spots {
			if p.part(pl.x, pl.y) != fold {
				rest.z, rest.spots = append(rest.z, s.z[i]), append(rest.spots, pl)
			}
		}
		if len(rest.spots) == len(s.spots) || len(rest.spots) < fewSpots {
			continue
		}
		g, _ := rest.settle(m, model, fr, 2)
		for i, pl := range s.spots {
			if p.part(pl.x, pl.y) == fold {
				at[i].x, at[i].y = s.displaced(i, g)
			}
		}
	}
	return s.gap(at), len(s.spots)
}

// taperGain returns, for displacements of 0 to n-1 px along an axis, the standard
// deviation that chance gives the correlation of two patches tapered by hann: the
// less of the one lies under the middle of the other, the less it can be.
func taperGain(n int) []float32 {
	line, gain := make([]float64, n), make([]float32, n)
	for i := range line {
		v := 0.5 - 0.5*math.Cos(2*math.Pi*(float64(i)+0.5)/float64(n))
		line[i] = v * v
	}
	for d := range gain {
		var sum float64
		for i, v := range line {
			sum += v * line[(i+d)%n]
		}
		gain[d] = float32(math.Sqrt(sum))
	}
	return gain
}

// parts is how many parts a picture is cut into for holding one back.
const parts = 8

// part returns the part that a reference position belongs to: squares of a
// quarter of the picture's sides, so that windows of two parts hardly overlap, or of
// an eighth where less than half of the picture holds data: with a quarter of a strip
// left out, the rest says little of where that lies.
func (p *pair) part(x, y float64) int {
	w, h := float64(p.ref.w), float64(p.ref.h)
	across := 4.
	if p.ref.area < w*h/2 {
		across = 8
	}
	return (int(min(x/w*across, across-1)) + 2*int(min(y/h*across, across-1))) % parts
}

// gap returns how high the spots' agreement, given where each is displaced to,
// stands over the highest that it reaches where all slide on by more than a few
// px, in standard deviations of what it has there.
func (s *surfaces) gap(at []position) float64 {
	const here, there = 1, 5 // px
	r := s.r - 4
	votes := s.votes(at, r)
	best, rival := math.Inf(-1), math.Inf(-1)
	var n, sum, square float64
	for i, v := range votes {
		dx, dy := i%(2*r+1)-r, i/(2*r+1)-r
		switch d := dx*dx + dy*dy; {
		case d <= here*here:
			best = max(best, v)
		case d > there*there:
			rival = max(rival, v)
			n, sum, square = n+1, sum+v, square+v*v
		}
	}
	mean := sum / n
	return (best - rival) / math.Sqrt(max(square/n-mean*mean, 1e-12))
}

// votes returns what the spots together give where all slide by up to r px from
// where each is displaced to, row by row.
func (s *surfaces) votes(at []position, r int) []float64 {
	side, w := 2*r+1, 2*s.r+1
	sum, nowhere := make([]float64, side*side), credit(0)
	for i, z := range s.z {
		x, y := at[i].x+float64(s.r), at[i].y+float64(s.r)
		ix, iy := int(math.Floor(x)), int(math.Floor(y))
		fx, fy := x-float64(ix), y-float64(iy)
		for dy := range side {
			line, py := sum[dy*side:][:side], iy+dy-r
			if py < 0 || py >= w-1 {
				for dx := range line {
					line[dx] += nowhere
				}
				continue
			}
			row, next := z[py*w:][:w], z[(py+1)*w:][:w]
			for dx := range line {
				px := ix + dx - r
				if px < 0 || px >= w-1 {
					line[dx] += nowhere
					continue
				}
				line[dx] += credit((1-fy)*((1-fx)*float64(row[px])+fx*float64(row[px+1])) + fy*((1-fx)*float64(next[px])+fx*float64(next[px+1])))
			}
		}
	}
	return sum
}
