package sqlite_test

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/antequem/antequem/imagery/sqlite"
	"github.com/google/go-cmp/cmp"
)

// A step is one migration, as goose reads it.
func step(up string) *fstest.MapFile {
	return &fstest.MapFile{Data: []byte("-- +goose Up\n" + up + "\n")}
}

var (
	first = fstest.MapFS{"00001_first.sql": step("CREATE TABLE sightings (place TEXT NOT NULL);")}
	later = fstest.MapFS{"00001_first.sql": first["00001_first.sql"], "00002_later.sql": step("ALTER TABLE sightings ADD COLUMN seen TEXT;")}
)

func opened(t *testing.T, path string, files fstest.MapFS) *sql.DB {
	t.Helper()
	db, err := sqlite.Open(context.Background(), path, files)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func place(row sqlite.Row) (s string, err error) { return s, row.Scan(&s) }

func TestRowsAreReadInTheOrderAskedFor(t *testing.T) {
	db := opened(t, filepath.Join(t.TempDir(), "a.db"), first)
	if _, err := db.Exec(`INSERT INTO sightings VALUES ('quay'), ('bridge'), ('mill')`); err != nil {
		t.Fatal(err)
	}
	got, err := sqlite.Collect(context.Background(), db, place, `SELECT place FROM sightings WHERE place <> $1 ORDER BY place`, "mill")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"bridge", "quay"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestARowThatCannotBeReadIsAnErrorAndNotAGap(t *testing.T) {
	db := opened(t, filepath.Join(t.TempDir(), "a.db"), first)
	if _, err := db.Exec(`INSERT INTO sightings VALUES ('quay')`); err != nil {
		t.Fatal(err)
	}
	unreadable := errors.New("unreadable")
	fail := func(sqlite.Row) (string, error) { return "", unreadable }
	if got, err := sqlite.Collect(context.Background(), db, fail, `SELECT place FROM sightings`); !errors.Is(err, unreadable) || got != nil {
		t.Errorf("got %v, %v", got, err)
	}
}

func TestManyOpenADatabaseThatNobodyHasMadeYet(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			db, err := sqlite.Open(context.Background(), path, later)
			if err != nil {
				t.Error(err)
				return
			}
			defer db.Close()
			if _, err := db.Exec(`INSERT INTO sightings VALUES ('quay', '2016-04')`); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
}

func TestADatabaseOfANewerProgramIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	opened(t, path, later).Close()
	_, err := sqlite.Open(context.Background(), path, first)
	if err == nil || !strings.Contains(err.Error(), "newer version of this program") {
		t.Errorf("got %v", err)
	}
}

func TestALockedDatabaseIsReadAndNotBroughtUpToDate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	opened(t, path, first).Close()
	locked := errors.New("the disk is read-only")

	db, err := sqlite.OpenLocked(context.Background(), path, first, locked)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(`INSERT INTO sightings VALUES ('quay')`); err == nil {
		t.Error("wrote to a locked database")
	}
	if _, err := sqlite.OpenLocked(context.Background(), path, later, locked); !errors.Is(err, locked) {
		t.Errorf("got %v", err)
	}
}
