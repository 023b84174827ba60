package page_test

import (
	"testing"

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
		{"what is not known", "ar", "Nobody wrote this sentence.", "Nobody wrote this sentence."},
		{"markup", "ru", `"<b>" is no number`, "«\u2068<b>\u2069» — не число"},
	} {
		if got := page.Tell(c.lang, c.text); got != c.want {
			t.Errorf("%s: %q, want %q", c.does, got, c.want)
		}
	}
}
