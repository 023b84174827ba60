package decode

import "math"

// A tiffLayout is one picture's grid of strips or tiles.
type tiffLayout struct {
	dir           tiffDir
	width, height int
	bands, bits   int
	kind          kind
	float         bool
	compression   int
	photo         int
	predictor     int
	planar        bool // each band in segments of its own
	reverse       bool // the first pixel in a byte's lowest bits
	tiled         bool
	segW, segH    int // pixels of a whole segment
	across, down  int // segments of one plane
	offsets       []int64
	counts        []int64
	alpha         int
	premultiplied bool
	subX, subY    int // YCbCr's subsampling where blocks are stored
	warnings      []string
}

// layout reads a directory. It takes no memory beyond the lists of segments.
func (d tiffDir) layout() (*tiffLayout, error) {
	l := &tiffLayout{dir: d, alpha: -1, subX: 1, subY: 1}
	w, h := d.int(tagWidth, 0), d.int(tagHeight, 0)
	if w <= 0 || h <= 0 || w > math.MaxInt32 || h > math.MaxInt32 {
		return nil, corruptf("tiff: size %d × %d px", w, h)
	}
	l.width, l.height = int(w), int(h)
	l.compression = int(d.int(tagCompression, tiffNone))
	l.photo = int(d.int(tagPhotometric, -1))
	l.predictor = 1
	switch l.compression {
	case tiffLZW, tiffDeflate, tiffOldFlate, tiffZSTD:
		l.predictor = int(d.int(tagPredictor, 1))
	}
	l.planar = d.int(tagPlanar, 1) == 2
	l.reverse = d.int(tagFillOrder, 1) == 2
	if tiffCompressions[l.compression] == "" {
		if name := tiffUnread[l.compression]; name != "" {
			return nil, unsupportedf("tiff: %s compression: convert it with gdal_translate -co COMPRESS=DEFLATE", name)
		}
		return nil, unsupportedf("tiff: compression %d: convert it with gdal_translate -co COMPRESS=DEFLATE", l.compression)
	}
	for _, step := range []func() error{l.readSamples, l.readColour, l.readGrid, l.readSegments} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	return l, nil
}

// readSamples finds how a sample is stored.
func (l *tiffLayout) readSamples() error {
	n := l.dir.int(tagBands, 1)
	depths := l.dir.ints(tagBits)
	if len(depths) == 0 {
		depths = []int64{1}
	}
	if n < 1 || n > 4096 {
		return corruptf("tiff: %d bands", n)
	}
	for _, b := range depths {
		if b != depths[0] {
			return unsupportedf("tiff: bands of %v bits (one depth for all is read here): %s", depths, toTIFF)
		}
	}
	l.bands, l.bits = int(n), int(depths[0])
	if l.bits < 1 || l.bits > 64 {
		return corruptf("tiff: samples of %d bits", l.bits)
	}
	format := int64(1)
	if f := l.dir.ints(tagSampleFormat); len(f) > 0 {
		format = f[0]
		for _, v := range f[:min(len(f), l.bands)] {
			if v != format {
				return unsupportedf("tiff: bands of different sample types: %s", toTIFF)
			}
		}
	}
	return l.readKind(format)
}

// readKind chooses what samples become in memory, as GDAL does: odd depths grow to the
// next whole type, half floats to float32.
func (l *tiffLayout) readKind(format int64) error {
	switch format {
	case 3:
		l.float = true
		switch l.bits {
		case 16, 24, 32:
			l.kind = f32
		case 64:
			l.kind = f64
		default:
			return unsupportedf("tiff: floats of %d bits: %s", l.bits, toTIFF)
		}
	case 5, 6:
		return unsupportedf("tiff: complex numbers: take the amplitude first (gdal_calc.py)")
	case 2:
		l.kind = [...]kind{i8, i16, i32, i64}[byteClass(l.bits)]
		if l.bits&(l.bits-1) != 0 || l.bits < 8 {
			return unsupportedf("tiff: signed samples of %d bits: %s", l.bits, toTIFF)
		}
	default: // unsigned, undefined, and what old writers left there
		l.kind = [...]kind{u8, u16, u32, u64}[byteClass(l.bits)]
	}
	return nil
}

// byteClass returns 0, 1, 2 or 3 for depths that fit into 1, 2, 4 or 8 bytes.
func byteClass(bits int) int {
	switch {
	case bits <= 8:
		return 0
	case bits <= 16:
		return 1
	case bits <= 32:
		return 2
	}
	return 3
}

// colourBands returns how many bands the photometric interpretation takes, 0 if any number.
func (l *tiffLayout) colourBands() int {
	switch l.photo {
	case photoRGB, photoYCbCr, photoLab:
		return 3
	case photoPalette, photoWhiteIsZero, photoBlackIsZero, photoMask:
		return 1
	case photoCMYK:
		return 4
	}
	return 0
}

// readColour finds alpha, and mends what old writers forgot.
func (l *tiffLayout) readColour() error {
	if l.photo < 0 {
		l.photo = photoBlackIsZero
		if l.compression == tiffCCITTRLE || l.compression == tiffCCITT3 || l.compression == tiffCCITT4 {
			l.photo = photoWhiteIsZero
		}
	}
	base := l.colourBands()
	if l.photo == photoCMYK && l.kind == i8 {
		return unsupportedf("tiff: ink in signed numbers: %s", toTIFF)
	}
	if base > l.bands {
		return corruptf("tiff: %d bands where the colour needs %d", l.bands, base)
	}
	for i, v := range l.dir.ints(tagExtraSamples) {
		if b := base + i; base > 0 && b < l.bands && l.alpha < 0 && (v == 1 || v == 2) {
			l.alpha, l.premultiplied = b, v == 1
		}
	}
	if l.photo == photoYCbCr && l.compression != tiffJPEG {
		return l.readSubsampling()
	}
	return nil
}

func (l *tiffLayout) readSubsampling() error {
	l.subX, l.subY = 2, 2
	if v := l.dir.ints(tagYCbCrSub); len(v) >= 2 {
		l.subX, l.subY = int(v[0]), int(v[1])
	}
	ok := func(n int) bool { return n == 1 || n == 2 || n == 4 }
	if !ok(l.subX) || !ok(l.subY) {
		return corruptf("tiff: YCbCr subsampling %d × %d", l.subX, l.subY)
	}
	if l.bits != 8 || l.bands != 3 || l.planar && (l.subX > 1 || l.subY > 1) || l.predictor != 1 && l.subX*l.subY > 1 {
		return unsupportedf("tiff: YCbCr of %d bits and %d bands in planes or with a predictor: %s", l.bits, l.bands, toTIFF)
	}
	return nil
}

// readGrid finds the size of a segment.
func (l *tiffLayout) readGrid() error {
	l.tiled = l.dir.has(tagTileWidth)
	if l.tiled {
		w, h := l.dir.int(tagTileWidth, 0), l.dir.int(tagTileHeight, 0)
		if w <= 0 || h <= 0 || w > 1<<20 || h > 1<<20 || w*h > 1<<28 {
			return corruptf("tiff: tiles of %d × %d px", w, h)
		}
		l.segW, l.segH = int(w), int(h)
	} else {
		rows := l.dir.int(tagRowsPerStrip, int64(l.height))
		if rows <= 0 || rows > int64(l.height) {
			rows = int64(l.height)
		}
		l.segW, l.segH = l.width, int(rows)
	}
	l.across, l.down = (l.width+l.segW-1)/l.segW, (l.height+l.segH-1)/l.segH
	return nil
}

// readSegments reads where segments lie.
func (l *tiffLayout) readSegments() error {
	offTag, countTag := uint16(tagStripOffsets), uint16(tagStripCounts)
	if l.tiled && l.dir.has(tagTileOffsets) {
		offTag, countTag = tagTileOffsets, tagTileCounts
	}
	want := l.segments()
	l.offsets, l.counts = l.dir.ints(offTag), l.dir.ints(countTag)
	if int64(len(l.offsets)) < want {
		return corruptf("tiff: places of %d of %d segments (cut off? fetch the file again)", len(l.offsets), want)
	}
	if int64(len(l.counts)) < want {
		if l.compression != tiffNone && want > 1 {
			return corruptf("tiff: lengths of %d of %d segments (cut off? fetch the file again)", len(l.counts), want)
		}
		l.counts = l.estimateCounts()
	}
	l.splitStrips()
	return nil
}

// splitStrips takes one long strip that isn't compressed for several shorter ones, which
// it is in all but name, so that parts of it can be read alone.
func (l *tiffLayout) splitStrips() {
	line := l.lineBytes(l.width)
	rows := max(1, int(stripBytes/line))
	if l.tiled || l.compression != tiffNone || l.subX*l.subY > 1 || l.down > 1 || l.segH <= rows ||
		int64(l.height) > l.dir.f.src.size()/line {
		return
	}
	long := *l
	l.segH, l.down = rows, (l.height+rows-1)/rows
	l.offsets, l.counts = nil, nil
	for i := range int(long.segments()) {
		for y := 0; y < l.height; y += rows {
			from, n := line*int64(y), line*int64(min(rows, l.height-y))
			if long.sparse(i) {
				from, n = 0, 0
			}
			l.offsets = append(l.offsets, long.offsets[i]+from)
			l.counts = append(l.counts, min(n, max(0, long.counts[i]-from)))
		}
	}
}

// segments returns how many the grid needs, of all planes.
func (l *tiffLayout) segments() int64 {
	n := int64(l.across) * int64(l.down)
	if l.planar {
		n *= int64(l.bands)
	}
	return n
}

// estimateCounts stands in for lengths that old writers left out.
func (l *tiffLayout) estimateCounts() []int64 {
	out := make([]int64, l.segments())
	for i := range out {
		_, _, w, h := l.box(i)
		out[i] = l.rawBytes(w, h)
		if l.compression != tiffNone {
			out[i] = l.dir.f.src.size() - l.offsets[i]
		}
	}
	return out
}

// box returns where segment i lies and its size without padding beyond the picture.
// Tiles are stored whole; strips end with the picture.
func (l *tiffLayout) box(i int) (x, y, w, h int) {
	i %= l.across * l.down
	x, y = i%l.across*l.segW, i/l.across*l.segH
	if l.tiled {
		return x, y, l.segW, l.segH
	}
	return x, y, l.segW, min(l.segH, l.height-y)
}

// segBands returns the bands that one segment holds.
func (l *tiffLayout) segBands() int {
	if l.planar {
		return 1
	}
	return l.bands
}

// lineBytes returns the bytes of a stored row of w pixels.
func (l *tiffLayout) lineBytes(w int) int64 {
	return (int64(w)*int64(l.segBands())*int64(l.bits) + 7) / 8
}

// rawBytes returns the bytes of an unpacked segment of w × h pixels.
func (l *tiffLayout) rawBytes(w, h int) int64 {
	if l.subX*l.subY > 1 {
		return int64((w+l.subX-1)/l.subX) * int64((h+l.subY-1)/l.subY) * int64(l.subX*l.subY+2)
	}
	return l.lineBytes(w) * int64(h)
}

// check compares what the directory claims with limits and with the file's length.
func (l *tiffLayout) check(lim Limits) error {
	perPixel := float64(l.bands * l.kind.size())
	if err := lim.checkSize("tiff", int64(l.width), int64(l.height), perPixel); err != nil {
		return err
	}
	picture := float64(l.width) * float64(l.height) * perPixel
	if need := picture + l.segmentMemory(); need > float64(lim.memory()) {
		return tooLargef("tiff: %d × %d px in strips or tiles of %d × %d need %.0f MiB to decode, the limit is %d MiB: crop it, or rewrite it with gdal_translate -co TILED=YES",
			l.width, l.height, l.segW, l.segH, need/(1<<20), lim.memory()>>20)
	}
	return l.checkStored()
}

// segmentMemory returns the bytes that unpacking one segment takes beside the picture.
func (l *tiffLayout) segmentMemory() float64 {
	pixels := float64(l.segW) * float64(l.segH) * float64(l.segBands())
	switch {
	case l.compression == tiffJPEG || l.compression == tiffWebP:
		return 3 * pixels // planes or coefficients, and pixels
	case l.subX*l.subY > 1:
		return 5 * pixels
	case !l.tiled && l.wholeBytes() && l.segBands() == l.bands && l.compression != tiffNone:
		return 0 // unpacked in its place
	}
	return pixels * float64(l.bits) / 8
}

// checkStored compares what the segments claim with the bytes that are stored for them.
func (l *tiffLayout) checkStored() error {
	ratio := map[int]int64{tiffNone: 1, tiffPackBits: 64, tiffLZW: 4096, tiffDeflate: maxDeflateRatio, tiffOldFlate: maxDeflateRatio}[l.compression]
	if ratio == 0 {
		return nil
	}
	var claimed, stored int64
	for i := range int(l.segments()) {
		if l.sparse(i) {
			continue
		}
		_, _, w, h := l.box(i)
		claimed += l.rawBytes(w, h)
		stored += min(l.counts[i], l.dir.f.src.size())
	}
	if claimed/ratio > stored {
		return corruptf("tiff: %d stored bytes can't hold %d × %d px (cut off? fetch the file again)", stored, l.width, l.height)
	}
	return nil
}

// sparse says that segment i was never written: it is nodata, or zero.
func (l *tiffLayout) sparse(i int) bool { return l.offsets[i] == 0 && l.counts[i] == 0 }
