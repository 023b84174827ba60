package decode

// A turn is EXIF's orientation, 1 to 8: how a stored picture is brought upright.
// 1 leaves it as it is.
type turn int

// turn returns the orientation that applies: a georeferenced grid is never turned,
// because its transform counts stored rows and columns.
func (h header) turn() turn {
	if h.orientation < 2 || h.orientation > 8 || h.meta.geo != nil {
		return 1
	}
	return turn(h.orientation)
}

// swaps says that width and height change places.
func (t turn) swaps() bool { return t >= 5 && t <= 8 }

// walk returns, for a stored picture of w × h pixels, the index of the stored pixel
// that is upright's top left one, and the steps to its right and lower neighbours.
func (t turn) walk(w, h int) (start, right, down int) {
	switch t {
	case 2: // mirrored left to right
		return w - 1, -1, w
	case 3: // by 180 degrees
		return w*h - 1, -1, -w
	case 4: // mirrored top to bottom
		return (h - 1) * w, 1, -w
	case 5: // mirrored along the main diagonal
		return 0, w, 1
	case 6: // stored on its left side: turn clockwise
		return (h - 1) * w, -w, 1
	case 7: // mirrored along the other diagonal
		return w*h - 1, -w, -1
	case 8: // stored on its right side: turn anticlockwise
		return w - 1, w, -1
	}
	return 0, 1, w
}

// upright moves a stored picture of w × h elements into upright order; 1 returns src itself.
func upright[T any](t turn, w, h int, src []T) []T {
	if t <= 1 || t > 8 {
		return src
	}
	start, right, down := t.walk(w, h)
	uw, uh := w, h
	if t.swaps() {
		uw, uh = h, w
	}
	dst := make([]T, len(src))
	for y := range uh {
		at := start + y*down
		for x := range uw {
			dst[y*uw+x] = src[at]
			at += right
		}
	}
	return dst
}
