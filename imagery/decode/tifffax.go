package decode

import (
	"errors"
	"fmt"
)

// unFax decodes a strip of ITU-T T.4 (group 3), T.6 (group 4) or TIFF's run-length form,
// one bit a pixel, 1 for black. It returns how many bytes of whole rows it filled.
func (l *tiffLayout) unFax(out, src []byte, w, h int) (int, error) {
	f := &fax{src: src, width: w, tables: faxTables()}
	switch l.compression {
	case tiffCCITT4:
		f.two = true
	case tiffCCITT3:
		f.marks = true
		f.mixed = l.dir.int(tagT4Options, 0)&1 != 0
	case tiffCCITTRLE:
		f.align = 8
	case tiffCCITTRLEW:
		f.align = 16
	}
	line := (w + 7) / 8
	for y := range h {
		more, err := f.row()
		if err != nil {
			return y * line, fmt.Errorf("row %d: %w", y, err)
		}
		if !more {
			return y * line, nil
		}
		f.paint(out[y*line : (y+1)*line])
	}
	return h * line, nil
}

var (
	errFaxCode = errors.New("fax code that does not exist")
	errFaxLong = errors.New("fax runs beyond the row's end")
)

// A fax holds the state between rows. Rows are lists of the columns at which colour
// changes, beginning with white, so even places turn black and odd ones white.
type fax struct {
	src    []byte
	at     int // next bit
	width  int
	two    bool // every row is coded by the one above
	mixed  bool // a bit after each end-of-line says which rows are
	marks  bool // rows begin with an end-of-line code
	align  int  // rows begin at a multiple of so many bits
	tables [2][]faxCode
	above  []int
	now    []int
}

// peek returns the next n bits, at most 24; zeros follow the end.
func (f *fax) peek(n int) int {
	v, at := 0, f.at>>3
	for i := range 4 {
		v <<= 8
		if at+i < len(f.src) {
			v |= int(f.src[at+i])
		}
	}
	return v >> (32 - n - f.at&7) & (1<<n - 1)
}

func (f *fax) ended() bool { return f.at >= 8*len(f.src) }

// mark passes over fill bits and an end-of-line code, and says whether there was one.
func (f *fax) mark() bool {
	if f.peek(11) != 0 {
		return false
	}
	for f.at += 11; !f.ended(); f.at++ {
		if f.peek(1) == 1 {
			f.at++
			return true
		}
	}
	return false
}

// row decodes one row into f.now; more is false at the end of the data.
func (f *fax) row() (more bool, err error) {
	f.above, f.now = f.now, f.above[:0]
	if f.align > 0 {
		f.at = (f.at + f.align - 1) / f.align * f.align
	}
	two := f.two
	if f.marks {
		marked := f.mark()
		if f.mixed && marked {
			two = f.peek(1) == 0
			f.at++
		}
		if marked && f.peek(12) == 1 {
			return false, nil // several marks in a row end the page
		}
	}
	if f.two && f.peek(24) == 0x001001 || f.ended() {
		return false, nil
	}
	if two {
		return true, f.byAbove()
	}
	return true, f.runs()
}

// runs decodes a row as white and black runs in turn.
func (f *fax) runs() error {
	for x, colour := 0, 0; x < f.width; colour ^= 1 {
		n, err := f.run(colour)
		if err != nil {
			return err
		}
		if x += n; x > f.width {
			return errFaxLong
		}
		f.turn(x)
	}
	return nil
}

// run reads the length of one run of a colour.
func (f *fax) run(colour int) (int, error) {
	n := 0
	for {
		c := f.tables[colour][f.peek(faxWindow)]
		if c.bits == 0 || f.ended() {
			return 0, errFaxCode
		}
		f.at += int(c.bits)
		if n += int(c.run); c.run < 64 {
			return n, nil
		}
		if n > f.width {
			return 0, errFaxLong
		}
	}
}

// turn notes a change of colour at x. Two at one place cancel, so that the row below
// never takes them for a change.
func (f *fax) turn(x int) {
	if k := len(f.now); k > 0 && f.now[k-1] == x {
		f.now = f.now[:k-1]
		return
	}
	f.now = append(f.now, x)
}

// byAbove decodes a row by its differences from the one above (T.4, 4.2; T.6, 2.2).
func (f *fax) byAbove() error {
	x, colour, i := -1, 0, 0
	for x < f.width {
		// b1 is the first change above to the right of x that turns away from our colour.
		for i = max(0, i-2); i < len(f.above) && (f.above[i] <= x || i&1 != colour); i++ {
		}
		b1, b2 := f.width, f.width
		if i < len(f.above) {
			b1 = f.above[i]
		}
		if i+1 < len(f.above) {
			b2 = f.above[i+1]
		}
		shift, err := f.mode()
		if err != nil {
			return err
		}
		switch shift {
		case faxPass:
			x = b2
		case faxRuns:
			first, err := f.run(colour)
			if err != nil {
				return err
			}
			second, err := f.run(colour ^ 1)
			if err != nil {
				return err
			}
			x = max(x, 0) + first
			f.turn(x)
			x += second
			f.turn(x)
		default:
			if b1+shift < max(x, 0) {
				return errFaxCode
			}
			x = b1 + shift
			f.turn(x)
			colour ^= 1
		}
		if x > f.width {
			return errFaxLong
		}
	}
	return nil
}

const (
	faxPass = 100 + iota
	faxRuns
)

// mode reads how the next change is told: by passing one above, by two runs, or as so
// many columns right of the change above.
func (f *fax) mode() (int, error) {
	modes := [...]struct{ bits, code, shift int }{
		{1, 1, 0}, {3, 3, 1}, {3, 2, -1}, {3, 1, faxRuns}, {4, 1, faxPass}, {6, 3, 2}, {6, 2, -2}, {7, 3, 3}, {7, 2, -3},
	}
	for _, m := range modes {
		if f.peek(m.bits) == m.code && !f.ended() {
			f.at += m.bits
			return m.shift, nil
		}
	}
	return 0, errFaxCode
}

// paint writes the row, 1 for black.
func (f *fax) paint(row []byte) {
	clear(row)
	for i := 0; i < len(f.now); i += 2 {
		end := f.width
		if i+1 < len(f.now) {
			end = f.now[i+1]
		}
		for x := f.now[i]; x < end; x++ {
			if x&7 == 0 && x+8 <= end {
				row[x>>3] = 0xff
				x += 7
				continue
			}
			row[x>>3] |= 0x80 >> (x & 7)
		}
	}
}
