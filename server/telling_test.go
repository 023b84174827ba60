package server_test

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/draw"
	"image/jpeg"
	"image/png"
	"slices"
	"testing"
)

// leak is in every word that a telling file says of itself.
const leak = `exifleak"><pwn pwn="1"><img src=x onerror=alert(1)><script>alert("exif")</script>=cmd|'/C calc'!A0`

// words are the text fields of EXIF and TIFF, by number: description, maker, model,
// program, artist, copyright.
var words = []uint16{270, 271, 272, 305, 315, 33432}

// block writes a little TIFF: the words, and the fields given besides, whose values
// begin at an offset counted from the block's start.
func exifBlock(more ...[4]uint32) []byte {
	le := binary.LittleEndian
	text := []byte(leak + "\x00")
	fields := slices.Clone(more)
	n := len(words) + len(more)
	at := uint32(8 + 2 + 12*n + 4)
	for _, tag := range words {
		fields = append(fields, [4]uint32{uint32(tag), 2, uint32(len(text)), at})
	}
	slices.SortFunc(fields, func(a, b [4]uint32) int { return int(a[0]) - int(b[0]) })
	out := le.AppendUint32([]byte("II*\x00"), 8)
	out = le.AppendUint16(out, uint16(n))
	for _, f := range fields {
		out = le.AppendUint16(le.AppendUint16(out, uint16(f[0])), uint16(f[1]))
		out = le.AppendUint32(le.AppendUint32(out, f[2]), f[3])
	}
	return append(le.AppendUint32(out, 0), text...)
}

const xmpPacket = `<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">` +
	`<rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:CreatorTool="exifleak &lt;script&gt;">` +
	`<dc:creator><rdf:Seq><rdf:li>exifleak &quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;</rdf:li></rdf:Seq></dc:creator></rdf:Description></rdf:RDF></x:xmpmeta>`

// tellingJPEG is a picture that says much of itself: EXIF, XMP and a comment.
func tellingJPEG(t testing.TB, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, pixels(t, data), &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	out := bytes.Clone(b.Bytes()[:2])
	segment := func(marker byte, text string) {
		out = append(binary.BigEndian.AppendUint16(append(out, 0xff, marker), uint16(len(text)+2)), text...)
	}
	segment(0xe1, "Exif\x00\x00"+string(exifBlock()))
	segment(0xe1, "http://ns.adobe.com/xap/1.0/\x00"+xmpPacket)
	segment(0xed, "Photoshop 3.0\x008BIM\x04\x04\x00\x00\x00\x00\x00\x10\x1c\x02\x50\x00\x08exifleak\x1c\x02\x00")
	segment(0xfe, leak)
	return append(out, b.Bytes()[2:]...)
}

// tellingPNG is the same as PNG, with words before the pixels and behind them.
func tellingPNG(data []byte) []byte {
	chunk := func(typ, text string) []byte {
		body := []byte(typ + text)
		out := append(binary.BigEndian.AppendUint32(nil, uint32(len(text))), body...)
		return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(body))
	}
	const header, end = 33, 12 // signature and IHDR; IEND
	return slices.Concat(data[:header], chunk("eXIf", string(exifBlock())), chunk("tEXt", "Author\x00"+leak), chunk("tEXt", "Comment\x00"+leak),
		chunk("iTXt", "XML:com.adobe.xmp\x00\x00\x00\x00\x00"+xmpPacket), data[header:len(data)-end], chunk("tEXt", "Title\x00"+leak), data[len(data)-end:])
}

// tellingTIFF is the same as an uncompressed TIFF.
func tellingTIFF(t testing.TB, data []byte) []byte {
	t.Helper()
	im := pixels(t, data)
	w, h := im.Rect.Dx(), im.Rect.Dy()
	var rgb []byte
	for i := 0; i < len(im.Pix); i += 4 {
		rgb = append(rgb, im.Pix[i:i+3]...)
	}
	fields := [][4]uint32{
		{256, 4, 1, uint32(w)}, {257, 4, 1, uint32(h)}, {258, 3, 3, 0}, {259, 3, 1, 1}, {262, 3, 1, 2}, {273, 4, 1, 0},
		{277, 3, 1, 3}, {278, 4, 1, uint32(h)}, {279, 4, 1, uint32(len(rgb))}, {700, 1, uint32(len(xmpPacket)), 0},
	}
	at := uint32(len(exifBlock(fields...)))
	fields[9][3] = at
	fields[2][3] = at + uint32(len(xmpPacket))
	fields[5][3] = fields[2][3] + 6
	return slices.Concat(exifBlock(fields...), []byte(xmpPacket), []byte{8, 0, 8, 0, 8, 0}, rgb)
}

func pixels(t testing.TB, data []byte) *image.NRGBA {
	t.Helper()
	im, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	out := image.NewNRGBA(im.Bounds())
	draw.Draw(out, out.Rect, im, im.Bounds().Min, draw.Src)
	return out
}
