package decode_test

import (
	"encoding/binary"
	"image"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// withChunk puts one chunk behind the header of a PNG.
func withChunk(data []byte, name, body string) []byte {
	const header = 33
	return slices.Concat(data[:header], chunk(name, []byte(body)), data[header:])
}

func TestMetadataThatMayTellOfPeopleIsNamed(t *testing.T) {
	small := image.NewGray(image.Rect(0, 0, 8, 8))
	plain, drawn := plainJPEG(t), pngOf(t, small)
	tiff := func(f ...field) []byte {
		return tiffOf(binary.LittleEndian, false, false, [][]byte{{1}}, with(greyFields(1, 1, 8), f...)...)
	}
	for name, c := range map[string]struct {
		file []byte
		want []string
	}{
		"a drawn picture":                  {drawn, nil},
		"a bare JPEG":                      {plain, nil},
		"EXIF with the turn alone":         {withEXIF(t, small, short(274, 1)), nil},
		"EXIF with a camera":               {withEXIF(t, small, ascii(271, "Acme")), []string{"EXIF"}},
		"EXIF with a time":                 {withEXIF(t, small, ascii(306, "2015:10:15 08:21:00")), []string{"EXIF"}},
		"XMP in a JPEG":                    {insert(plain, 0xe1, "http://ns.adobe.com/xap/1.0/\x00<x/>"), []string{"XMP"}},
		"IPTC in a JPEG":                   {insert(plain, 0xed, "Photoshop 3.0\x008BIM"), []string{"IPTC"}},
		"a comment":                        {insert(plain, 0xfe, "by me"), []string{"comment"}},
		"a comment by a library of itself": {insert(plain, 0xfe, "CREATOR: gd-jpeg v1.0 (using IJG JPEG v62)"), nil},
		"a colour profile":                 {insert(plain, 0xe2, "ICC_PROFILE\x00"), nil},
		"the program of a PNG":             {withChunk(drawn, "tEXt", "Software\x00gimp"), nil},
		"the author of a PNG":              {withChunk(drawn, "tEXt", "Author\x00me"), []string{"comment"}},
		"XMP in a PNG":                     {withChunk(drawn, "iTXt", "XML:com.adobe.xmp\x00\x00\x00\x00\x00<x/>"), []string{"XMP"}},
		"Content Credentials in a PNG":     {withChunk(drawn, "caBX", "jumb"), []string{"C2PA"}},
		"what a seller says in a GeoTIFF":  {tiff(ascii(270, "scene 12"), ascii(305, "gdal"), ascii(306, "2015:10:15 08:21:00"), ascii(42112, "<GDALMetadata/>")), nil},
		"the author of a TIFF":             {tiff(ascii(315, "me")), []string{"EXIF"}},
		"XMP in a TIFF":                    {tiff(ascii(700, "<x/>")), []string{"XMP"}},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, mustDecode(t, c.file).Info().Personal); diff != "" {
				t.Error(diff)
			}
		})
	}
}
