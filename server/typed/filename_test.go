package typed_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/antequem/antequem/imagery/pack"
	"github.com/antequem/antequem/server/typed"
)

func TestAnUploadedNameIsSafeAndItsOwn(t *testing.T) {
	for in, want := range map[string]string{
		"a.png":                          "a-2.png", // taken
		`C:\Users\someone\Desktop\a.tif`: "a.tif",
		"../../etc/passwd":               "passwd",
		"photo of the square.JPG":        "photo-of-the-square.JPG",
		".hidden":                        "hidden",
		"":                               "image",
		"con.png":                        "image-con.png", // a device of Windows
		"a..":                            "a",
		"снимок.png":                     "снимок.png",
		"a\x00b\u202egnp.png":            "abgnp.png",
	} {
		if got := typed.FileName(in, func(n string) bool { return n == "a.png" }); got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
	}
}

func FuzzFileName(f *testing.F) {
	for _, s := range []string{"a.png", "../../x", "", "\xff\xfe", strings.Repeat("ю", 300) + ".tif", "a.b.c", "....", "/", `\`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		taken := []string{"a.png", "image"}
		got := typed.FileName(s, func(n string) bool { return slices.Contains(taken, n) })
		if got == "" || len(got) > 255 || !utf8.ValidString(got) || !filepath.IsLocal(got) || strings.ContainsAny(got, `/\`) ||
			strings.ContainsFunc(got, unicode.IsControl) || slices.Contains(taken, got) {
			t.Errorf("%q becomes %q", s, got)
		}
		if err := pack.CheckNames(got); err != nil {
			t.Errorf("%q becomes %q, which no pack takes: %v", s, got, err)
		}
	})
}
