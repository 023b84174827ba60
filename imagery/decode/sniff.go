package decode

import "bytes"

// A signature recognises a format that is read here.
var signatures = []struct {
	format string
	at     int
	magic  string
}{
	{"png", 0, "\x89PNG\r\n\x1a\n"},
	{"jpeg", 0, "\xff\xd8\xff"},
	{"tiff", 0, "II*\x00"},
	{"tiff", 0, "MM\x00*"},
	{"tiff", 0, "II+\x00"},
	{"tiff", 0, "MM\x00+"},
	{"webp", 8, "WEBP"},
	{"gif", 0, "GIF87a"},
	{"gif", 0, "GIF89a"},
	{"bmp", 0, "BM"},
}

// foreign names what people bring by mistake or in a format that is not read here,
// and how to mend it.
var foreign = []struct {
	at          int
	magic       string
	name, mends string
}{
	{0, "\x00\x00\x00\x0cjP  ", "JPEG 2000", toTIFF},
	{0, "\xff\x4f\xff\x51", "JPEG 2000 codestream", toTIFF},
	{4, "ftypavif", "AVIF", toPNG},
	{4, "ftypavis", "AVIF sequence", toPNG},
	{4, "ftypheic", "HEIC", toPNG},
	{4, "ftypheix", "HEIC", toPNG},
	{4, "ftyphevc", "HEIC sequence", toPNG},
	{4, "ftypheim", "HEIC", toPNG},
	{4, "ftypheis", "HEIC", toPNG},
	{4, "ftypmif1", "HEIF", toPNG},
	{4, "ftypmsf1", "HEIF sequence", toPNG},
	{4, "ftypcrx ", "Canon raw", toTIFF},
	{4, "ftyp", "MP4 or QuickTime video", aFrame},
	{0, "\x1aE\xdf\xa3", "Matroska or WebM video", aFrame},
	{8, "AVI ", "AVI video", aFrame},
	{0, "\x00\x00\x00\x0cJXL ", "JPEG XL", toPNG},
	{0, "\xff\x0a", "JPEG XL codestream", toPNG},
	{0, "%PDF", "PDF document", "save the picture in it as PNG or JPEG"},
	{0, "PK\x03\x04", "ZIP archive (or KMZ, DOCX)", "unpack it and bring the pictures"},
	{0, "\x1f\x8b", "gzip file", "unpack it first"},
	{0, "Rar!", "RAR archive", "unpack it and bring the pictures"},
	{0, "7z\xbc\xaf\x27\x1c", "7-Zip archive", "unpack it and bring the pictures"},
	{0, "8BPS", "Photoshop document", toTIFF},
	{0, "\x89HDF", "HDF5 or NetCDF file", toTIFF},
	{0, "CDF", "NetCDF file", toTIFF},
	{0, "NITF", "NITF file", toTIFF},
	{0, "EHFA_HEADER_TAG", "Erdas Imagine file", toTIFF},
	{0, "\x00\x00\x01\x00", "Windows icon", toPNG},
	{0, "\x00\x00\x02\x00", "Windows cursor or Targa picture", toPNG},
	{0, "\x00\x00\x0a\x00", "Targa picture", toPNG},
	{0, "II\xbc", "JPEG XR", toPNG},
	{0, "DDS ", "DirectDraw surface", toPNG},
	{0, "v/1\x01", "OpenEXR picture", toTIFF},
	{0, "#?RADIANCE", "Radiance HDR picture", toTIFF},
	{0, "farbfeld", "farbfeld picture", toPNG},
	{0, "qoif", "QOI picture", toPNG},
	{0, "gimp xcf", "GIMP document", "export it as PNG or TIFF"},
	{0, "RIFF", "RIFF file that is no WebP", toPNG},
	{0, "{", "JSON text", "bring the picture itself"},
}

const (
	toTIFF = "convert it with gdal_translate to a GeoTIFF"
	toPNG  = "convert it to PNG or JPEG"
	aFrame = "save the frame in question as PNG"
)

// sniff returns the name of the codec for data.
func sniff(data []byte) (string, error) {
	if len(data) == 0 {
		return "", corruptf("file: it is empty: fetch it again")
	}
	for _, s := range signatures {
		if at(data, s.at, s.magic) && (s.format != "webp" || at(data, 0, "RIFF")) {
			return s.format, nil
		}
	}
	for _, f := range foreign {
		if at(data, f.at, f.magic) {
			return "", unsupportedf("file: %s, which is not read here: %s", f.name, f.mends)
		}
	}
	if name, mend := text(data); name != "" {
		return "", unsupportedf("file: this is %s: %s", name, mend)
	}
	return "", unsupportedf("file: no picture format that is read here (PNG, JPEG, TIFF, WebP, GIF, BMP): %s", toPNG)
}

func at(data []byte, off int, magic string) bool {
	return len(data) >= off+len(magic) && string(data[off:off+len(magic)]) == magic
}

// text recognises formats that have no fixed first bytes.
func text(data []byte) (name, mend string) {
	head := bytes.ToLower(bytes.TrimLeft(data[:min(len(data), 1024)], "\ufeff \t\r\n"))
	switch {
	case bytes.Contains(head, []byte("<svg")):
		return "an SVG drawing", "export it as PNG"
	case bytes.HasPrefix(head, []byte("<!doctype html")), bytes.Contains(head, []byte("<html")):
		return "a web page", "save the picture in it, not the page"
	case bytes.Contains(head, []byte("<kml")):
		return "a KML file", "bring the picture it shows"
	case bytes.HasPrefix(head, []byte("<?xml")):
		return "an XML file", "bring the picture that belongs to it"
	case len(head) > 2 && head[0] == 'p' && head[1] >= '1' && head[1] <= '7' && (head[2] == '\n' || head[2] == ' ' || head[2] == '\r' || head[2] == '\t'):
		return "a PNM picture", toPNG
	}
	return "", ""
}
