package archive_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/archive"
	"github.com/google/go-cmp/cmp"
)

func recipe(inputs ...imagery.Digest) archive.Recipe {
	return archive.Recipe{Kind: "pair", Inputs: inputs, Options: json.RawMessage(`{"b": 1.50, "a": [true]}`), Version: "1"}
}

var pictures = map[string][]byte{"report.json": []byte("{}"), "aligned/abc.png": []byte("pixels"), "empty.csv": {}}

func TestARecipeHasOneDigestHoweverItIsWritten(t *testing.T) {
	d := imagery.DigestOf([]byte("x"))
	one, other := recipe(d), recipe(d)
	other.Options = json.RawMessage("{\"a\":[true],\n\"b\":1.50}")
	if one.Digest() != other.Digest() {
		t.Error("spaces and the order of keys change the digest")
	}
	// sha256sum of the canonical text, which is this:
	text := `{"inputs":["` + d.String() + `"],"kind":"pair","options":{"a":[true],"b":1.50},"version":"1"}`
	if b, err := one.Canonical(); err != nil || string(b) != text {
		t.Errorf("canonical %s, %v", b, err)
	}
	other.Version = "2"
	if one.Digest() == other.Digest() {
		t.Error("the version makes no difference")
	}
	other.Options = json.RawMessage("{")
	if !other.Digest().IsZero() {
		t.Error("options that are not JSON have a digest")
	}
}

func TestAResultIsKeptWholeAndCanBeMadeAgain(t *testing.T) {
	a := fresh(t)
	ctx := t.Context()
	r := recipe(put(t, a, "picture"))
	if _, err := a.Result(ctx, r.Digest()); !errors.Is(err, imagery.ErrNotFound) {
		t.Errorf("before: %v", err)
	}
	for range 2 { // made, dropped, made again
		res, err := a.PutResult(ctx, r, pictures)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"aligned/abc.png", "empty.csv", "report.json"}, res.Names); diff != "" {
			t.Error(diff)
		}
		for name, want := range pictures {
			if got, err := res.Read(name); err != nil || string(got) != string(want) {
				t.Errorf("%s: %q, %v", name, got, err)
			}
		}
		if err := a.DropResult(ctx, r.Digest()); err != nil {
			t.Fatal(err)
		}
		if _, err := a.Result(ctx, r.Digest()); !errors.Is(err, imagery.ErrNotFound) {
			t.Errorf("after it was dropped: %v", err)
		}
	}
	wantNothingIncoming(t, a)
}

func TestAResultThatIsKeptStays(t *testing.T) {
	a := fresh(t)
	r := recipe(put(t, a, "picture"))
	if _, err := a.PutResult(t.Context(), r, pictures); err != nil {
		t.Fatal(err)
	}
	res, err := a.PutResult(t.Context(), r, map[string][]byte{"report.json": []byte("other")})
	if err != nil {
		t.Fatal(err)
	}
	if b, err := res.Read("report.json"); err != nil || string(b) != "{}" {
		t.Errorf("%q, %v", b, err)
	}
}

func TestADamagedResultIsNotGivenOutAndIsReplaced(t *testing.T) {
	for name, damage := range map[string]func(dir string) error{
		"a changed file":    func(dir string) error { return os.WriteFile(filepath.Join(dir, "report.json"), []byte("[]"), 0o600) },
		"a missing file":    func(dir string) error { return os.Remove(filepath.Join(dir, "aligned", "abc.png")) },
		"empty sums":        func(dir string) error { return os.Truncate(filepath.Join(dir, "SHA256SUMS"), 0) },
		"half the sums":     func(dir string) error { return os.Truncate(filepath.Join(dir, "SHA256SUMS"), 100) },
		"a changed recipe":  func(dir string) error { return os.WriteFile(filepath.Join(dir, "recipe.json"), []byte("{}"), 0o600) },
		"an emptied folder": func(dir string) error { return errors.Join(os.RemoveAll(dir), os.Mkdir(dir, 0o700)) },
	} {
		t.Run(name, func(t *testing.T) {
			a := fresh(t)
			r := recipe(put(t, a, "picture"))
			if _, err := a.PutResult(t.Context(), r, pictures); err != nil {
				t.Fatal(err)
			}
			d := r.Digest().String()
			if err := damage(filepath.Join(a.Dir(), "results", d[:2], d)); err != nil {
				t.Fatal(err)
			}
			if res, err := a.Result(t.Context(), r.Digest()); err == nil && res.Check() == nil {
				t.Error("given out as whole")
			}
			rep, err := a.Verify(t.Context(), nil)
			if err != nil || len(rep.Faults) != 1 || rep.Faults[0].Kind != archive.FaultAltered || rep.Faults[0].Subject != "results/"+d {
				t.Errorf("verify found %v, %v", rep.Faults, err)
			}
			res, err := a.PutResult(t.Context(), r, pictures)
			if err != nil {
				t.Fatal(err)
			}
			if err := res.Check(); err != nil {
				t.Error(err)
			}
			if rep := wantClean(t, a); rep.Results != 1 {
				t.Errorf("%d results", rep.Results)
			}
			if all, err := a.Results(t.Context()); err != nil || len(all) != 1 || all[0].Digest != r.Digest() {
				t.Errorf("listed %v, %v", all, err)
			}
		})
	}
}

func TestAResultIsRefused(t *testing.T) {
	a := fresh(t)
	d := put(t, a, "picture")
	file := func(name string) map[string][]byte { return map[string][]byte{name: nil} }
	for name, tt := range map[string]struct {
		recipe archive.Recipe
		files  map[string][]byte
		want   error
	}{
		"of an original that is not held": {recipe(imagery.DigestOf([]byte("never put"))), pictures, imagery.ErrNotFound},
		"with options that are not JSON":  {archive.Recipe{Options: json.RawMessage("{")}, pictures, imagery.ErrInvalid},
		"with a file outside its folder":  {recipe(d), file("../x"), imagery.ErrInvalid},
		"with an absolute name":           {recipe(d), file("/etc/x"), imagery.ErrInvalid},
		"with a file named like the sums": {recipe(d), file("SHA256SUMS"), imagery.ErrInvalid},
		"with a hidden file":              {recipe(d), file(".x"), imagery.ErrInvalid},
		"with a line feed in a name":      {recipe(d), file("a\nb"), imagery.ErrInvalid},
	} {
		if _, err := a.PutResult(t.Context(), tt.recipe, tt.files); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", name, err, tt.want)
		}
	}
	wantNothingIncoming(t, a)
}

func TestNothingMadeFromAnImageOutlivesItHoweverTheTwoMeet(t *testing.T) {
	a := fresh(t)
	place(t, a, "square")
	for i := range 40 {
		d := put(t, a, fmt.Sprint("picture ", i))
		add(t, a, "square", image(t, "a.png", d, "2015"))
		var making sync.WaitGroup
		making.Go(func() {
			if _, err := a.PutResult(t.Context(), recipe(d), pictures); err != nil && !errors.Is(err, imagery.ErrNotFound) {
				t.Error(err)
			}
		})
		time.Sleep(time.Duration(i) * 100 * time.Microsecond)
		if err := a.DeleteImage(t.Context(), "square", "a.png", archive.Change{Why: "a face"}); err != nil {
			t.Fatal(err)
		}
		making.Wait()
		if results, err := a.Results(t.Context()); err != nil || len(results) > 0 {
			t.Fatalf("after deletion %d: %d results are left, %v", i, len(results), err)
		}
	}
	wantClean(t, a)
}

func TestResultsUnusedForLongestGoFirst(t *testing.T) {
	c := &clock{time.Now().Add(time.Hour)}
	a, err := archive.Open(t.Context(), t.TempDir(), archive.Options{Now: c.read, MaxResults: 5000})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	d := put(t, a, "picture")
	file := map[string][]byte{"a.png": []byte(strings.Repeat("x", 1000))}
	var made []imagery.Digest
	for i, name := range []string{"first", "second", "third", "fourth", "fifth"} {
		r := recipe(d)
		r.Version = name
		c.now = c.now.Add(2 * time.Hour)
		if _, err := a.PutResult(t.Context(), r, file); err != nil {
			t.Fatal(err)
		}
		made = append(made, r.Digest())
		if i == 2 { // the first is used once more, so the second is the one unused for longest
			c.now = c.now.Add(2 * time.Hour)
			if _, err := a.Result(t.Context(), made[0]); err != nil {
				t.Fatal(err)
			}
		}
	}
	// Each takes a little over 1,000 bytes with recipe and sums, so the fourth passes
	// 5,000 at the latest and 4,500 remain at the most.
	if _, err := a.Result(t.Context(), made[1]); !errors.Is(err, imagery.ErrNotFound) {
		t.Errorf("the second is still there: %v", err)
	}
	for _, i := range []int{0, 4} {
		if _, err := a.Result(t.Context(), made[i]); err != nil {
			t.Errorf("result %d: %v", i+1, err)
		}
	}
	freed, err := a.Prune(t.Context(), 0)
	if err != nil || freed == 0 {
		t.Errorf("pruned %d bytes, %v", freed, err)
	}
	if _, err := a.Result(t.Context(), made[4]); !errors.Is(err, imagery.ErrNotFound) {
		t.Errorf("the last is still there: %v", err)
	}
}
