package main

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/antequem/antequem/compare/assess"
	"github.com/antequem/antequem/imagery/pack"
	"github.com/google/go-cmp/cmp"
)

const packedCase = `title: A test
location: {name: Nowhere}
images:
  - {file: before.png, acquired: 2015-10-15, synthetic: true}
  - {file: after.png, acquired: 2016-04-29, synthetic: true}
region:
  image: before.png
  polygon: [[165, 140], [255, 140], [255, 200], [165, 200]]
claims:
  - {id: alike, text: Nothing happened., claimant: B, source: "https://example.org/", same: [before.png, after.png]}
`

// packedFiles packs the case and returns the payload of the pack.
func packedFiles(t *testing.T) map[string][]byte {
	t.Helper()
	dir := t.TempDir()
	pics := testPictures()
	for name, data := range map[string][]byte{"case.yaml": []byte(packedCase), "before.png": pics["before.png"], "after.png": pics["after.png"]} {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	out := filepath.Join(dir, "a.zip")
	err := packCase(t.Context(), io.Discard, defaultSettings(), packOptions{out: out, casePath: filepath.Join(dir, "case.yaml")})
	if err != nil {
		t.Fatal(err)
	}
	p, err := openPack(out)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	files := map[string][]byte{}
	for _, name := range p.Names() {
		if files[name], err = p.Read(name); err != nil {
			t.Fatal(err)
		}
	}
	return files
}

// verified packs files with digests that are right and verifies the pack.
func verified(t *testing.T, files map[string][]byte) (told []string, r packReport) {
	t.Helper()
	bag := pack.Bag{Name: "nowhere"}
	for name, data := range files {
		bag.Files = append(bag.Files, pack.Bytes(name, data))
	}
	var zip bytes.Buffer
	if err := pack.Write(t.Context(), &zip, bag); err != nil {
		t.Fatal(err)
	}
	p, err := pack.Open(bytes.NewReader(zip.Bytes()), int64(zip.Len()), pack.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	if r, err = verifyPack(t.Context(), p, "", defaultSettings(), progressTo(true)); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	printFaults(&out, r.Faults)
	return strings.Split(strings.TrimSpace(out.String()), "\n"), r
}

func replaced(t *testing.T, files map[string][]byte, name, was, is string) {
	t.Helper()
	if !bytes.Contains(files[name], []byte(was)) {
		t.Fatalf("%s doesn't hold %q", name, was)
	}
	files[name] = bytes.ReplaceAll(files[name], []byte(was), []byte(is))
}

// Whoever forges a pack gives its files digests that are right.
func TestVerifyFindsAForgedResultWhoseDigestsAreRight(t *testing.T) {
	files := packedFiles(t)
	replaced(t, files, "results/report.json", `"verdict": "undetermined"`, `"verdict": "supported"`)
	replaced(t, files, "results/report.html", "Nothing happened.", "Nothing happened!")
	files["results/filmstrip.png"] = painted(t, files["results/filmstrip.png"])
	files["results/more.txt"] = []byte("more")
	delete(files, "results/timeline.svg")

	told, r := verified(t, files)
	if !r.Recomputed {
		t.Fatalf("not judged again: %q", told)
	}
	film, _ := png.DecodeConfig(bytes.NewReader(files["results/filmstrip.png"]))
	want := []string{
		"differs: results/timeline.svg: it is made from the originals, and the pack doesn't hold it",
		"differs: results/filmstrip.png: 1 of its " + strconv.Itoa(film.Width*film.Height) + " pixels are not what the originals give",
		"differs: results/more.txt: the pack holds it, and it isn't made from the originals",
		"differs: results/report.html: from byte " + strconv.Itoa(strings.Index(string(files["results/report.html"]), "happened!")+8) + " on it is not what the originals give",
		`differs: results/report.json: claims[alike].verdict: "supported" in the pack, "undetermined" from the originals`,
	}
	if d := cmp.Diff(want, told); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestAPackOfAnotherVersionThatMakesTheSameIsWholeAndSaysSo(t *testing.T) {
	files := packedFiles(t)
	replaced(t, files, "results/report.json", assess.Build(), "v9.9.9")
	replaced(t, files, "results/recipe.json", assess.Build(), "v9.9.9")
	replaced(t, files, "results/report.html", strings.ReplaceAll(assess.Build(), "+", "&#43;"), "v9.9.9")
	told, r := verified(t, files)
	if len(r.Faults) > 0 || len(r.Notes) != 1 || !strings.Contains(r.Notes[0], `made by version "v9.9.9"`) {
		t.Errorf("faults %q, notes %q", told, r.Notes)
	}
}

func TestAPackThatHoldsWhatNoPackDoesIsNotJudged(t *testing.T) {
	files := packedFiles(t)
	files["case/notes.txt"] = []byte("nobody's")
	told, r := verified(t, files)
	if r.Recomputed || len(told) != 1 || told[0] != "extra: case/notes.txt: it is neither of the case nor a result" {
		t.Errorf("recomputed %v, told %q", r.Recomputed, told)
	}
}

// painted changes one pixel of a PNG.
func painted(t *testing.T, data []byte) []byte {
	t.Helper()
	im, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	own := image.NewNRGBA(im.Bounds())
	draw.Draw(own, own.Rect, im, own.Rect.Min, draw.Src)
	c := own.NRGBAAt(5, 5)
	own.SetNRGBA(5, 5, color.NRGBA{c.R ^ 1, c.G, c.B, c.A})
	var out bytes.Buffer
	if err := png.Encode(&out, own); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestDifferencesAreNamedByTheirFields(t *testing.T) {
	long := strings.Repeat("x", 400)
	for name, c := range map[string]struct {
		file, held, here string
		want             []string
	}{
		"nothing":                        {"a.json", `{"a":1}`, `{"a":1}`, nil},
		"other spaces, the same values":  {"a.json", `{"a":1}`, `{"a": 1}`, []string{"from byte 5 on it is not what the originals give"}},
		"a field more":                   {"a.json", `{"a":1,"b":2}`, `{"a":1}`, []string{"b: 2 in the pack, null from the originals"}},
		"an entry by its id":             {"a.json", `[{"id":"x","v":1}]`, `[{"id":"x","v":2}]`, []string{"[x].v: 1 in the pack, 2 from the originals"}},
		"fewer entries":                  {"a.json", `{"l":[1]}`, `{"l":[1,2]}`, []string{"l: 1 entries in the pack, 2 from the originals"}},
		"a number of another kind":       {"a.json", `{"a":"1"}`, `{"a":1}`, []string{`a: "1" in the pack, 1 from the originals`}},
		"no JSON":                        {"a.json", `{"a":`, `{"a":1}`, []string{"from byte 5 on it is not what the originals give"}},
		"cut off":                        {"a.svg", `<svg`, `<svg>`, []string{"from byte 4 on it is not what the originals give"}},
		"no PNG":                         {"a.png", `x`, `y`, []string{"from byte 0 on it is not what the originals give"}},
		"the middle of a long text only": {"a.json", `"` + long + "a" + long + `"`, `"` + long + "b" + long + `"`, []string{": " + cut(long) + " in the pack, " + cut(long) + " from the originals"}},
	} {
		t.Run(name, func(t *testing.T) {
			if d := cmp.Diff(c.want, differences(c.file, []byte(c.held), []byte(c.here))); d != "" {
				t.Error(d)
			}
		})
	}
}

// cut is how a long text of x is shown.
func cut(long string) string { return `"` + long[:99] + "…" + long[:49] + `"` }
