package archive_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/antequem/antequem/imagery/archive"
)

func TestABackupWhileUploadsRunIsAnArchiveOfOneMoment(t *testing.T) {
	a := fresh(t)
	place(t, a, "square")
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
			if _, err := a.Put(t.Context(), strings.NewReader(fmt.Sprint("picture ", i)), 100); err != nil {
				t.Error(err)
				return
			}
		}
	})
	dir := filepath.Join(t.TempDir(), "copy")
	err := a.Backup(t.Context(), dir)
	close(stop)
	uploads.Wait()
	if err != nil {
		t.Fatal(err)
	}
	b := open(t, dir, &clock{noon})
	wantClean(t, b)
	if text, err := b.ReadOriginal(t.Context(), before); err != nil || string(text) != "there before" {
		t.Errorf("read back %q, %v", text, err)
	}
	if err := a.Backup(t.Context(), dir); !errors.Is(err, archive.ErrExists) {
		t.Errorf("over a copy that is there: %v", err)
	}
}
