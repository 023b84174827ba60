package archive_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/archive"
	"github.com/google/go-cmp/cmp"
)

func TestABackupWhileUploadsRunIsAnArchiveOfOneMoment(t *testing.T) {
	a := fresh(t)
	ctx := t.Context()
	c, files := fullCase(t)
	if _, err := a.ImportCase(ctx, c, opener(files), 100, archive.Change{}); err != nil {
		t.Fatal(err)
	}
	before := put(t, a, "there before")
	stop := make(chan struct{})
	var uploads sync.WaitGroup
	uploads.Go(func() {
		for i := 0; ; i++ {
			select {
			case <-stop:
				return
			default:
			}
			if _, err := a.Put(ctx, strings.NewReader(fmt.Sprint("picture ", i)), 100); err != nil {
				t.Error(err)
				return
			}
		}
	})
	dir := filepath.Join(t.TempDir(), "copy")
	err := a.Backup(ctx, dir)
	close(stop)
	uploads.Wait()
	if err != nil {
		t.Fatal(err)
	}
	b := open(t, dir, &clock{noon})
	wantClean(t, b)
	if text, err := b.ReadOriginal(ctx, before); err != nil || string(text) != "there before" {
		t.Errorf("read back %q, %v", text, err)
	}
	got, err := b.Case(ctx, "old-town")
	if diff := cmp.Diff(c, got, same); err != nil || diff != "" {
		t.Errorf("%v\n%s", err, diff)
	}
	wantClean(t, a)
}

func TestABackupWritesOverNothing(t *testing.T) {
	a := fresh(t)
	put(t, a, "picture")
	folder := t.TempDir()
	kept := filepath.Join(folder, "copy.partial", "notes.txt")
	if err := errors.Join(os.Mkdir(filepath.Dir(kept), 0o700), os.WriteFile(kept, []byte("mine"), 0o600)); err != nil {
		t.Fatal(err)
	}
	if err := a.Backup(t.Context(), filepath.Join(folder, "copy")); err != nil {
		t.Fatal(err)
	}
	if err := a.Backup(t.Context(), filepath.Join(folder, "copy")); !errors.Is(err, archive.ErrExists) {
		t.Errorf("over a copy that is there: %v", err)
	}
	if text, err := os.ReadFile(kept); err != nil || string(text) != "mine" {
		t.Errorf("a folder beside it holds %q, %v", text, err)
	}
}

func TestABackupOfADamagedArchiveFailsAndLeavesNothing(t *testing.T) {
	a := fresh(t)
	overwrite(t, originalPath(a, put(t, a, "picture")), "Picture")
	folder := t.TempDir()
	if err := a.Backup(t.Context(), filepath.Join(folder, "copy")); !errors.Is(err, imagery.ErrCorrupt) {
		t.Errorf("got %v", err)
	}
	if left, err := os.ReadDir(folder); err != nil || len(left) != 0 {
		t.Errorf("left %v, %v", left, err)
	}
}

func TestFoldersMayBeRelativeAndOddlyNamed(t *testing.T) {
	for _, odd := range []string{"ä of 100%? #1", "[2015]", "of ["} {
		t.Run(odd, func(t *testing.T) {
			t.Chdir(t.TempDir())
			a := open(t, "data "+odd, &clock{noon})
			put(t, a, "picture")
			place(t, a, "square")
			gone := put(t, a, "a picture to be deleted")
			add(t, a, "square", image(t, "a.png", gone, "2015"))
			recipe := archive.Recipe{Kind: "pair", Version: "1", Inputs: []imagery.Digest{gone}}
			if _, err := a.PutResult(t.Context(), recipe, map[string][]byte{"a.txt": []byte("of it")}); err != nil {
				t.Fatal(err)
			}
			if results, err := a.Results(t.Context()); err != nil || len(results) != 1 {
				t.Errorf("%d results are kept, %v", len(results), err)
			}
			if err := a.DeleteImage(t.Context(), "square", "a.png", archive.Change{Why: "a face"}); err != nil {
				t.Fatal(err)
			}
			if results, err := a.Results(t.Context()); err != nil || len(results) != 0 {
				t.Errorf("%d results are left, %v", len(results), err)
			}
			if err := a.Backup(t.Context(), "copy "+odd); err != nil {
				t.Fatal(err)
			}
			for _, dir := range []string{"data " + odd, "copy " + odd} {
				if _, err := os.Stat(filepath.Join(dir, "records.db")); err != nil {
					t.Error(err)
				}
				if rep := wantClean(t, open(t, dir, &clock{noon})); rep.Originals != 1 {
					t.Errorf("%s holds %d originals", dir, rep.Originals)
				}
			}
		})
	}
}
