package main

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/antequem/antequem/cmd/antequem/internal/batch"
	"github.com/antequem/antequem/compare/assess"
	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/decode"
)

// pairItem writes two files of so many random bytes and returns them as an item.
func pairItem(t testing.TB, dir string, number, size int) batch.Item {
	t.Helper()
	rng := rand.New(rand.NewPCG(uint64(number), 1))
	p := batch.Pair{Line: number + 2, Before: fmt.Sprintf("%d-a.png", number), After: fmt.Sprintf("%d-b.png", number)}
	for _, name := range []string{p.Before, p.After} {
		data := make([]byte, size)
		for i := range data {
			data[i] = byte(rng.Uint32())
		}
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return batch.Item{Name: fmt.Sprint(number), Kind: batch.KindPair, Path: filepath.Join(dir, "pairs.csv"), Pair: p}
}

// recipeOf is the recipe of an item as it stands.
func recipeOf(t testing.TB, j judge, it batch.Item) imagery.Digest {
	t.Helper()
	c, err := readItem(it)
	if err != nil {
		t.Fatal(err)
	}
	for i := range c.Images {
		if c.Images[i].Digest, err = hashFile(beside(filepath.Dir(it.Path), c.Images[i].File), j.limits); err != nil {
			t.Fatal(err)
		}
	}
	d, err := j.recipe(it, c)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestARecipeHoldsAllThatBearsOnTheResultAndNothingElse(t *testing.T) {
	dir := t.TempDir()
	it := pairItem(t, dir, 0, 100)
	j := judge{limits: decode.DefaultLimits(), opts: assess.DefaultOptions(), out: dir}
	first := recipeOf(t, j, it)

	same := j
	same.opts.Workers, same.resume = 7, true
	if recipeOf(t, same, it) != first {
		t.Error("the number of workers is in the recipe")
	}
	moved := it
	moved.Pair.Line = 99
	if recipeOf(t, j, moved) != first {
		t.Error("the line of the table is in the recipe")
	}
	for does, change := range map[string]func(j *judge, it *batch.Item){
		"a date":     func(_ *judge, it *batch.Item) { it.Pair.BeforeAcquired = "2015" },
		"the region": func(_ *judge, it *batch.Item) { it.Pair.Region = "1,1 9,1 9,9" },
		"a setting":  func(j *judge, _ *batch.Item) { j.opts.Timeline.Alpha /= 2 },
		"the name":   func(_ *judge, it *batch.Item) { it.Name = "other" },
	} {
		j, it := j, it
		change(&j, &it)
		if recipeOf(t, j, it) == first {
			t.Errorf("%s is not in the recipe", does)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, it.Pair.After), []byte("other bytes"), 0o600); err != nil {
		t.Fatal(err)
	}
	if recipeOf(t, j, it) == first {
		t.Error("the bytes of a picture are not in the recipe")
	}
}

func TestAFolderIsTakenOverWhereItIsWhole(t *testing.T) {
	recipe, row := imagery.DigestOf([]byte("a")), batch.Row{Name: "x", Status: batch.StatusJudged}
	b := assess.Bundle{"report.json": []byte("{}\n"), "regions/roof/matrix.svg": []byte("<svg/>")}
	fresh := func(t *testing.T) string {
		dir := filepath.Join(t.TempDir(), "x")
		if err := keep(dir, recipe, row, b); err != nil {
			t.Fatal(err)
		}
		return dir
	}
	if got, ok := takeOver(fresh(t), recipe); !ok || got.Name != "x" {
		t.Errorf("a whole folder: %v, %v", got, ok)
	}
	if _, ok := takeOver(fresh(t), imagery.DigestOf([]byte("b"))); ok {
		t.Error("taken over by another recipe")
	}
	for does, harm := range map[string]func(dir string) error{
		"a file is gone":       func(dir string) error { return os.Remove(filepath.Join(dir, "report.json")) },
		"a file is cut off":    func(dir string) error { return os.Truncate(filepath.Join(dir, "report.json"), 1) },
		"it was never ended":   func(dir string) error { return writeKept(dir, kept{Recipe: recipe, Files: map[string]int64{}}) },
		"its recipe is broken": func(dir string) error { return os.WriteFile(filepath.Join(dir, recipeJSON), []byte("{"), 0o600) },
		"it is not there":      os.RemoveAll,
	} {
		dir := fresh(t)
		if err := harm(dir); err != nil {
			t.Fatal(err)
		}
		if _, ok := takeOver(dir, recipe); ok {
			t.Errorf("taken over although %s", does)
		}
	}
}

func TestKeepTakesAwayWhatAnEarlierRecipeLeftAndNothingElse(t *testing.T) {
	dir := t.TempDir()
	outside, own := filepath.Join(dir, "original.png"), filepath.Join(dir, "x")
	if err := os.WriteFile(outside, []byte("original"), 0o600); err != nil {
		t.Fatal(err)
	}
	row := batch.Row{Name: "x"}
	if err := keep(own, imagery.Digest{1}, row, assess.Bundle{"a.png": []byte("a"), "old.png": []byte("o")}); err != nil {
		t.Fatal(err)
	}
	k, err := readKept(own)
	if err != nil {
		t.Fatal(err)
	}
	k.Files["../original.png"] = 8 // a recipe that somebody has tampered with
	if err := writeKept(own, k); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(own, "note.txt"), []byte("a user's own"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := keep(own, imagery.Digest{2}, row, assess.Bundle{"a.png": []byte("a")}); err != nil {
		t.Fatal(err)
	}
	var left []string
	entries, err := os.ReadDir(own)
	for _, e := range entries {
		left = append(left, e.Name())
	}
	if want := []string{"a.png", "note.txt", recipeJSON}; err != nil || !slices.Equal(left, want) {
		t.Errorf("left %v (%v), want %v", left, err, want)
	}
	if _, err := os.Stat(outside); err != nil {
		t.Errorf("a file outside the folder: %v", err)
	}
}

func TestKeepLeavesAFolderOfOtherFilesAlone(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "before.png"), []byte("original"), 0o600); err != nil {
		t.Fatal(err)
	}
	err := keep(dir, imagery.Digest{1}, batch.Row{}, assess.Bundle{"before.png": []byte("result")})
	data, err2 := os.ReadFile(filepath.Join(dir, "before.png"))
	if err == nil || err2 != nil || string(data) != "original" {
		t.Errorf("%v, %v: the picture now holds %q", err, err2, data)
	}
}

func TestThumbnail(t *testing.T) {
	strip := image.NewNRGBA(image.Rect(0, 0, 1200, 300))
	for i := range strip.Pix {
		strip.Pix[i] = 200
	}
	strip.Set(3, 3, color.Transparent)
	data, err := thumbnail(strip)
	if err != nil {
		t.Fatal(err)
	}
	if im, _, err := image.Decode(bytes.NewReader(data)); err != nil || im.Bounds().Size() != image.Pt(320, 80) {
		t.Errorf("%v, %v: want 320 × 80 px", im.Bounds(), err)
	}
	again, err := thumbnail(strip)
	if err != nil || !bytes.Equal(data, again) {
		t.Errorf("another picture the second time (%v)", err)
	}
	if data, err := thumbnail(nil); data != nil || err != nil {
		t.Errorf("of nothing: %d bytes, %v", len(data), err)
	}
}

func TestQuoted(t *testing.T) {
	for in, want := range map[string]string{"a/b-1.png": "a/b-1.png", "two words": "'two words'", "it's": `'it'\''s'`, "": "''"} {
		if got := quoted(in); got != want {
			t.Errorf("%q becomes %s, want %s", in, got, want)
		}
	}
}

// BenchmarkNothingHasChanged goes over a thousand pairs of half a megabyte a
// picture that were all judged before: a thousandth of it is the time for one.
func BenchmarkNothingHasChanged(b *testing.B) {
	const pairs = 1000
	dir := b.TempDir()
	j := judge{limits: decode.DefaultLimits(), opts: assess.DefaultOptions(), out: filepath.Join(dir, "out"), resume: true}
	var items []batch.Item
	for i := range pairs {
		it := pairItem(b, dir, i, 500<<10)
		items = append(items, it)
		row := batch.Row{Name: it.Name, Status: batch.StatusJudged}
		files := assess.Bundle{}
		for _, name := range []string{"after.png", "before.png", "change.png", "heat.png", "overview.png", "report.html", "report.json", "residuals.png", "thumb.jpg", "valid.png"} {
			files[name] = []byte(name)
		}
		if err := keep(filepath.Join(j.out, it.Name), recipeOf(b, j, it), row, files); err != nil {
			b.Fatal(err)
		}
	}
	b.SetBytes(pairs * 2 * 500 << 10)
	b.ReportAllocs()
	for b.Loop() {
		over := 0
		rows := batch.Run(b.Context(), items, 2, j.item, func(_ batch.Row, took bool) {
			if took {
				over++
			}
		})
		if over != pairs {
			b.Fatalf("%d of %d taken over", over, pairs)
		}
		if err := writeTables(j.out, rows, pairs); err != nil {
			b.Fatal(err)
		}
	}
}

// TestStoppedAnywhereItGoesOnToTheSameBytes stops a batch while its first, its second
// and its last item is under way, goes on, and wants what a run gives that was never
// stopped.
func TestStoppedAnywhereItGoesOnToTheSameBytes(t *testing.T) {
	dir := t.TempDir()
	for name, data := range testPictures() {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	table := "before,after,name\nbefore.png,after.png,one\nafter.png,before.png,two\nbefore.png,again.png,three\n"
	if err := os.WriteFile(filepath.Join(dir, "pairs.csv"), []byte(table), 0o600); err != nil {
		t.Fatal(err)
	}
	items, err := batch.Find([]string{filepath.Join(dir, "pairs.csv")}, "")
	if err != nil {
		t.Fatal(err)
	}
	run := func(out string, workers, stopAt int) int {
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		j := judge{limits: decode.DefaultLimits(), opts: assess.DefaultOptions(), out: out, resume: true}
		j.opts.Workers = 1
		var begun atomic.Int32
		rows := batch.Run(ctx, items, workers, func(ctx context.Context, it batch.Item) (batch.Row, bool, error) {
			if int(begun.Add(1)) == stopAt {
				time.AfterFunc(30*time.Millisecond, stop)
			}
			return j.item(ctx, it)
		}, func(batch.Row, bool) {})
		if err := os.MkdirAll(out, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := writeTables(out, rows, len(items)); err != nil {
			t.Fatal(err)
		}
		return len(rows)
	}
	whole := filepath.Join(dir, "whole")
	run(whole, 2, 0)
	for _, at := range []int{1, 2, 3} {
		out := filepath.Join(dir, fmt.Sprint("stopped-", at))
		if n := run(out, 1, at); n >= len(items) {
			t.Errorf("stopped at item %d, %d of %d came to an end", at, n, len(items))
		}
		run(out, 1, 0)
		sameFiles(t, whole, out)
	}
}

// TestOneBrokenCaseOfAHundred wants 99 judged, the broken one named with its reason,
// and the exit status of a failure.
func TestOneBrokenCaseOfAHundred(t *testing.T) {
	const cases, broken = 100, 37
	dir := t.TempDir()
	var table strings.Builder
	table.WriteString("before,after,name\n")
	for i := range cases {
		if i == broken {
			table.WriteString("a.png,cut-off.png,the broken one\n")
			continue
		}
		fmt.Fprintf(&table, "a.png,b.png,pair %d\n", i)
	}
	picture := func(seed uint64) []byte {
		rng := rand.New(rand.NewPCG(seed, 1))
		im := image.NewGray(image.Rect(0, 0, 24, 24)) // too small to be aligned, so that a hundred are soon judged
		for i := range im.Pix {
			im.Pix[i] = uint8(rng.Uint32())
		}
		var file bytes.Buffer
		if err := png.Encode(&file, im); err != nil {
			t.Fatal(err)
		}
		return file.Bytes()
	}
	a := picture(1)
	for name, data := range map[string][]byte{
		"a.png": a, "b.png": picture(2), "cut-off.png": a[:len(a)/2],
		"pairs.csv": []byte(table.String()),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	items, err := batch.Find([]string{filepath.Join(dir, "pairs.csv")}, "")
	if err != nil || len(items) != cases {
		t.Fatalf("%d items: %v", len(items), err)
	}
	j := judge{limits: decode.DefaultLimits(), opts: assess.DefaultOptions(), out: filepath.Join(dir, "out")}
	rows, err := runBatch(t.Context(), j, 2, items)
	if err != nil || len(rows) != cases {
		t.Fatalf("%d rows: %v", len(rows), err)
	}
	for i, r := range rows {
		switch {
		case i == broken:
			if !r.Failed() || r.Name != "the-broken-one" || !strings.Contains(r.Error, "cut-off.png") {
				t.Errorf("the broken one: %q, %q, %q", r.Name, r.Status, r.Error)
			}
		case r.Status != batch.StatusJudged:
			t.Errorf("%s: %s: %s", r.Name, r.Status, r.Error)
		}
	}
	if got := exitStatus(batchStatus(t.Context(), rows, nil)); got != exitFailed {
		t.Errorf("exit status %d, want %d", got, exitFailed)
	}
}
