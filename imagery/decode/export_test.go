package decode

// Parts that have tests of their own.
var (
	EDTF       = edtfOf
	LZW        = unLZW
	PackBits   = unPackBits
	Inflate    = inflate
	Half       = half
	Reduction  = reduction
	FaxWhite   = whiteRuns
	FaxBlack   = blackRuns
	FaxLong    = longRuns
	SmoothRow  = smoothChroma
	VideoToRGB = vp8RGB
)

// Fax decodes one strip of a fax by TIFF's number for its coding.
func Fax(out, src []byte, compression, options, w, h int) (int, error) {
	l := &tiffLayout{compression: compression, dir: tiffDir{f: &tiffFile{src: memory{byte(options), 0, 0, 0}}, fields: map[uint16]tiffField{}}}
	l.dir.fields[tagT4Options] = tiffField{typ: 1, count: 1}
	return l.unFax(out, src, w, h)
}
