package decode

// Progressive scans (T.81, annex G) bring a picture's coefficients bit by bit: first the
// high bits of some of them, later one more bit at a time.

func (c *jpegBand) coef(bx, by int) *[64]int16 { return &c.coefs[by*c.across+bx] }

// read returns the next n bits, at most 16.
func (d *jpegDecoder) read(n uint) int {
	if n == 0 {
		return 0
	}
	if d.have < 32 {
		d.fill()
	}
	v := int(d.acc >> (64 - n))
	d.acc <<= n
	d.have -= n
	return v
}

// code reads one symbol of a table.
func (d *jpegDecoder) code(t *jpegHuffman) (int, error) {
	if d.have < 32 {
		d.fill()
	}
	e := t.fast[d.acc>>(64-jpegFastBits)]
	s, l := byte(e>>8), uint(e&255)
	if l == 0 {
		var err error
		if s, l, err = t.symbol(d.acc); err != nil {
			return 0, err
		}
	}
	d.acc <<= l
	d.have -= l
	return int(s), nil
}

func (d *jpegDecoder) dcFirst(c *jpegBand, bx, by int) error {
	v, err := d.mean(c)
	c.coef(bx, by)[0] = int16(v << d.low)
	return err
}

func (d *jpegDecoder) dcMore(c *jpegBand, bx, by int) error {
	if d.read(1) == 1 {
		c.coef(bx, by)[0] |= 1 << d.low
	}
	return nil
}

func (d *jpegDecoder) acFirst(c *jpegBand, bx, by int) error {
	if d.runOfEmpty > 0 {
		d.runOfEmpty--
		return nil
	}
	b := c.coef(bx, by)
	for k := d.from; k <= d.to; k++ {
		s, err := d.code(c.ac)
		if err != nil {
			return err
		}
		run, size := s>>4, uint(s&15)
		if size == 0 {
			if run < 15 {
				d.runOfEmpty = 1<<run - 1 + d.read(uint(run))
				return nil
			}
			k += 15
			continue
		}
		if k += run; k > 63 {
			return errJPEG
		}
		b[zigzag[k]] = int16(extend(d.read(size), int(size)) << d.low)
	}
	return nil
}

// acMore adds a bit to coefficients that are there already, and brings new ones of one bit.
func (d *jpegDecoder) acMore(c *jpegBand, bx, by int) error {
	b := c.coef(bx, by)
	bit := int16(1) << d.low
	k := d.from
	for ; k <= d.to && d.runOfEmpty == 0; k++ {
		s, err := d.code(c.ac)
		if err != nil {
			return err
		}
		zeros, fresh := s>>4, int16(0)
		switch s & 15 {
		case 0:
			if zeros < 15 {
				d.runOfEmpty = 1<<zeros + d.read(uint(zeros))
			}
		case 1:
			if fresh = -bit; d.read(1) == 1 {
				fresh = bit
			}
		default:
			return errJPEG
		}
		if d.runOfEmpty > 0 {
			break
		}
		k = d.more(b, k, zeros, bit)
		if fresh != 0 {
			if k > d.to {
				return errJPEG
			}
			b[zigzag[k]] = fresh
		}
	}
	if d.runOfEmpty > 0 {
		d.more(b, k, 64, bit)
		d.runOfEmpty--
	}
	return nil
}

// more adds a bit to the coefficients from k on that are not zero, and stops at the zero
// behind as many zeros as are to be passed over.
func (d *jpegDecoder) more(b *[64]int16, k, zeros int, bit int16) int {
	for ; k <= d.to; k++ {
		v := &b[zigzag[k]]
		if *v == 0 {
			if zeros == 0 {
				return k
			}
			zeros--
			continue
		}
		if d.read(1) == 0 || *v&bit != 0 && *v > 0 || -*v&bit != 0 && *v < 0 {
			continue
		}
		if *v > 0 {
			*v += bit
		} else {
			*v -= bit
		}
	}
	return k
}
