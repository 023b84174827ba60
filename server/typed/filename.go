package typed

import (
	"path"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/antequem/antequem/imagery/pack"
)

// maxName is the longest name of a file, in bytes.
const maxName = 120

// FileName returns a name for an uploaded file that is safe in a case file, in a pack and
// on any disk: its last element, without control characters or separators. Names that
// are taken get a number.
func FileName(uploaded string, taken func(string) bool) string {
	name := path.Base(strings.ReplaceAll(uploaded, `\`, "/"))
	name = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsControl(r), r == unicode.ReplacementChar, strings.ContainsRune(`<>:"|?*`, r), unicode.Is(unicode.Cf, r):
			return -1
		case unicode.IsSpace(r):
			return '-'
		}
		return r
	}, name)
	name = strings.TrimLeft(name, ".-~")
	if name == "" || name == "/" {
		name = "image"
	}
	ext := path.Ext(name)
	if len(ext) > 10 || ext == "." {
		ext = ""
	}
	stem := strings.TrimSuffix(name, ext)
	for len(stem) > maxName {
		_, n := utf8.DecodeLastRuneInString(stem)
		stem = stem[:len(stem)-n]
	}
	stem = strings.TrimRight(stem, ".")
	if pack.CheckNames(stem+ext) != nil { // a device of Windows
		stem = "image-" + stem
	}
	name = stem + ext
	for i := 2; taken(name); i++ {
		name = stem + "-" + strconv.Itoa(i) + ext
	}
	return name
}
