package timeline

const (
	glaring    = 1.5 // brighter by so much, in units of the frame's contrast, than another frame shows the place
	leastGlare = 9   // cells that hang together
)

// glares says that cell c of frame i is among the brightest of its frame, grey, and
// brighter by far than in another frame: a cumulus is bright enough to have structure
// of its own, and two copies of one picture show one cloud twice.
func glares(seen []survey, i, c int) bool {
	s := &seen[i]
	if !(s.tone.v[c] >= s.bright && s.saturation.v[c] < mostSaturation) {
		return false
	}
	for j := range seen {
		if s.tone.v[c]-seen[j].tone.v[c] > glaring {
			return true
		}
	}
	return false
}

// markGlare marks the cells of frame i that glare and hang together in a set whose rim
// is soft, as a cloud's is; that of a roof, or of a paved yard, is not.
func (f *field) markGlare(marks *sheet, seen []survey, i int) {
	glare := newSheet(marks.w, marks.h)
	for c := range glare.v {
		if glares(seen, i, c) {
			glare.v[c] = 1
		}
	}
	for _, set := range glare.connected() {
		if len(set) < leastGlare {
			continue
		}
		alone := newSheet(marks.w, marks.h)
		for _, c := range set {
			alone.v[c] = 1
		}
		if n, hard := f.rim(&alone); 2*hard < n {
			for _, c := range set {
				marks.v[c] = 1
			}
		}
	}
}

// connected returns the sets of marked cells that hang together by their sides.
func (s *sheet) connected() [][]int {
	var out [][]int
	done := make([]bool, len(s.v))
	for c := range s.v {
		if s.v[c] == 0 || done[c] {
			continue
		}
		set := []int{c}
		done[c] = true
		for k := 0; k < len(set); k++ {
			s.beside(set[k], func(n int) {
				if s.v[n] != 0 && !done[n] {
					done[n] = true
					set = append(set, n)
				}
			})
		}
		out = append(out, set)
	}
	return out
}

// beside calls do for each cell that shares a side with c.
func (s *sheet) beside(c int, do func(n int)) {
	x, y := c%s.w, c/s.w
	for _, d := range sideways {
		if u, v := x+d[0], y+d[1]; u >= 0 && v >= 0 && u < s.w && v < s.h {
			do(v*s.w + u)
		}
	}
}

// sideways are the steps, right and down, across the sides of a cell.
var sideways = [4][2]int{{1, 0}, {-1, 0}, {0, 1}, {0, -1}}

// rim counts the lines that lead out of the marks, and those along which brightness
// falls in an edge.
func (f *field) rim(marks *sheet) (n, hard int) {
	for c, v := range marks.v {
		if v == 0 || marks.lonely(c) {
			continue
		}
		cx, cy := c%marks.w, c/marks.w
		for _, d := range sideways {
			x, y := cx+d[0], cy+d[1]
			if x < 0 || y < 0 || x >= marks.w || y >= marks.h || marks.v[y*marks.w+x] != 0 {
				continue
			}
			if share, ok := f.drop(cx*cell+cell/2, cy*cell+cell/2, d); ok {
				n++
				if share >= atOnce {
					hard++
				}
			}
		}
	}
	return n, hard
}
