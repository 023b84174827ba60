package page_test

import (
	"bytes"
	"image"
	"image/png"
	"slices"
	"testing"

	"github.com/antequem/antequem/imagery/decode"
	"github.com/antequem/antequem/server/page"
)

func TestWhatAFormRefusesIsSaidInTheLanguageOfItsReader(t *testing.T) {
	for _, c := range []struct {
		does string
		lang page.Language
		text string
		want string
	}{
		{"English stays as it is", "en", "Choose a file.", "Choose a file."},
		{"a note", "fr", "Choose a file.", "Choisissez un fichier."},
		{"a note within a note", "uk", "This date can't be read: months run from 01 to 12, seasons from 21 to 24.",
			"Цю дату не вдається прочитати: місяці — від 01 до 12, пори року — від 21 до 24."},
		{"a date, in words", "es", "The declared date is 2016-04; the file says that it was taken 2016-05-01 (EXIF DateTimeOriginal).",
			"La fecha declarada es abril de 2016; el archivo dice que se tomó: 1 de mayo de 2016 (\u2068EXIF DateTimeOriginal\u2069)."},
		{"what is odd about a file", "fr", "png: no end mark: cut off behind the pixels", "png : pas de marque de fin : le fichier est coupé après les pixels"},
		{"a chunk of a file by its name", "uk", "png: chunk zTXt fails its checksum: left out", "png: блок \u2068zTXt\u2069 не збігається зі своєю контрольною сумою: пропущено"},
		{"points without a grid", "ar", "georeference: 12 ground control points and no grid: not used", "الإسناد الجغرافي: نقاط ضبط أرضية عددها 12 بلا شبكة: لم تُستعمل"},
		{"a system that isn't computed here", "es", "georeference: EPSG 4979 : coordinate system not known here: treated as none", "georreferencia: EPSG \u20684979 \u2069: sistema de coordenadas desconocido aquí: se trata como si no tuviera"},
		{"two systems, more exactly", "ru", "georeference: ETRS89 is taken as WGS 84: they drift apart by 2.5 cm a year and differ by less than 1 m", "геопривязка: ETRS89 принята за WGS 84: они расходятся на 2,5 см в год и различаются менее чем на 1 м"},
		{"what is not known", "ar", "Nobody wrote this sentence.", "Nobody wrote this sentence."},
		{"markup", "ru", `"<b>" is no number`, "«\u2068<b>\u2069» — не число"},
	} {
		if got := page.Tell(c.lang, c.text); got != c.want {
			t.Errorf("%s: %q, want %q", c.does, got, c.want)
		}
	}
}

// The words are those that the decoder has today.
func TestWhatIsOddAboutAFileIsSaidInEveryLanguage(t *testing.T) {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 8, 8))); err != nil {
		t.Fatal(err)
	}
	const head, end = 33, 12 // bytes of signature and IHDR, and of IEND
	whole := b.Bytes()
	for name, data := range map[string][]byte{
		"cut off":           whole[:len(whole)-end],
		"a damaged comment": slices.Concat(whole[:head], []byte("\x00\x00\x00\x04tEXta\x00bc\x00\x00\x00\x00"), whole[head:]),
	} {
		info, err := decode.Stat(data, decode.DefaultLimits())
		if err != nil || len(info.Warnings) != 1 {
			t.Fatalf("%s: %q, %v", name, info.Warnings, err)
		}
		for _, l := range page.Languages[1:] {
			if got := page.Tell(l, info.Warnings[0]); got == info.Warnings[0] {
				t.Errorf("%s is told in English to who reads %s: %q", name, l, got)
			}
		}
	}
}
