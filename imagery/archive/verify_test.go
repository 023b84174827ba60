package archive_test

import (
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/archive"
)

// tamper runs SQL on the records behind the archive's back.
func tamper(t *testing.T, a *archive.Archive, query string, args ...any) {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(a.Dir(), "records.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	res, err := db.Exec(query, args...)
	if err != nil {
		t.Fatal(err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		t.Fatalf("%s: changed %d rows, %v", query, n, err)
	}
}

func originalPath(a *archive.Archive, d imagery.Digest) string {
	return filepath.Join(a.Dir(), "originals", d.String()[:2], d.String())
}

// overwrite replaces a read-only file.
func overwrite(t *testing.T, path, text string) {
	t.Helper()
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.RemoveAll(path), os.WriteFile(path, []byte(text), 0o444)); err != nil {
		t.Fatal(err)
	}
}

func TestVerifyFindsWhatIsWrong(t *testing.T) {
	picture := imagery.DigestOf([]byte("the later picture"))
	stranger := imagery.DigestOf([]byte("a stranger"))
	const image = `image old-town/b.png`
	for name, tt := range map[string]struct {
		spoil func(t *testing.T, a *archive.Archive)
		want  archive.Fault // its Subject is a part of the one reported
	}{
		"a flipped bit": {func(t *testing.T, a *archive.Archive) {
			overwrite(t, originalPath(a, picture), "the later qicture")
		}, archive.Fault{Kind: archive.FaultAltered, Subject: picture.String()}},
		"an original cut short": {func(t *testing.T, a *archive.Archive) {
			overwrite(t, originalPath(a, picture), "the later")
		}, archive.Fault{Kind: archive.FaultAltered, Subject: picture.String()}},
		"a record without its original": {func(t *testing.T, a *archive.Archive) {
			if err := os.Remove(originalPath(a, picture)); err != nil {
				t.Fatal(err)
			}
		}, archive.Fault{Kind: archive.FaultMissing, Subject: picture.String()}},
		"an original without its record": {func(t *testing.T, a *archive.Archive) {
			overwrite(t, originalPath(a, stranger), "a stranger")
		}, archive.Fault{Kind: archive.FaultExtra, Subject: stranger.String()}},
		"a file that is no original": {func(t *testing.T, a *archive.Archive) {
			overwrite(t, filepath.Join(a.Dir(), "originals", "ab", "notes.txt"), "x")
		}, archive.Fault{Kind: archive.FaultExtra, Subject: "originals/ab/notes.txt"}},
		"an original in the wrong folder": {func(t *testing.T, a *archive.Archive) {
			overwrite(t, filepath.Join(a.Dir(), "originals", "zz", picture.String()), "the later picture")
		}, archive.Fault{Kind: archive.FaultExtra, Subject: "originals/zz/"}},
		"a link in place of an original": {func(t *testing.T, a *archive.Archive) {
			if err := os.MkdirAll(filepath.Dir(originalPath(a, stranger)), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.Symlink(originalPath(a, picture), originalPath(a, stranger)); err != nil {
				t.Fatal(err)
			}
		}, archive.Fault{Kind: archive.FaultExtra, Subject: stranger.String()}},
		"a date changed behind the log's back": {func(t *testing.T, a *archive.Archive) {
			tamper(t, a, `UPDATE images SET acquired = '2014' WHERE file = 'b.png'`)
		}, archive.Fault{Kind: archive.FaultRecord, Subject: image}},
		"an image added behind the log's back": {func(t *testing.T, a *archive.Archive) {
			tamper(t, a, `INSERT INTO images SELECT location, 'c.png', digest, acquired, basis, source, publisher, licence, platform,
				sensor, gsd, off_nadir, sun_az, sun_el, notes, synthetic, tie_points FROM images WHERE file = 'b.png'`)
		}, archive.Fault{Kind: archive.FaultRecord, Subject: "image old-town/c.png"}},
		"an image taken out behind the log's back": {func(t *testing.T, a *archive.Archive) {
			tamper(t, a, `DELETE FROM images WHERE file = 'b.png'`)
		}, archive.Fault{Kind: archive.FaultRecord, Subject: image}},
		"a receipt taken out": {func(t *testing.T, a *archive.Archive) {
			tamper(t, a, `DELETE FROM receipts WHERE file = 'b.png'`)
		}, archive.Fault{Kind: archive.FaultRecord, Subject: "receipt old-town/b.png"}},
		"an uploader renamed": {func(t *testing.T, a *archive.Archive) {
			tamper(t, a, `UPDATE receipts SET uploader = 'someone else' WHERE file = 'b.png'`)
		}, archive.Fault{Kind: archive.FaultRecord, Subject: "receipt old-town/b.png"}},
		"a claim reworded": {func(t *testing.T, a *archive.Archive) {
			tamper(t, a, `UPDATE claims SET text = 'It did not change.' WHERE id = 'z-first'`)
		}, archive.Fault{Kind: archive.FaultRecord, Subject: "claims old-town"}},
		"all regions taken out": {func(t *testing.T, a *archive.Archive) {
			tamper(t, a, `DELETE FROM regions`)
		}, archive.Fault{Kind: archive.FaultRecord, Subject: "regions old-town"}},
		"a location moved": {func(t *testing.T, a *archive.Archive) {
			tamper(t, a, `UPDATE locations SET lat = 0`)
		}, archive.Fault{Kind: archive.FaultRecord, Subject: "location old-town"}},
		"an original's record put in": {func(t *testing.T, a *archive.Archive) {
			overwrite(t, originalPath(a, stranger), "a stranger")
			tamper(t, a, `INSERT INTO originals VALUES ($1, 10, '', 0, 0, '', '2026-01-01T00:00:00.000000Z')`, stranger.String())
		}, archive.Fault{Kind: archive.FaultRecord, Subject: "original " + stranger.String()}},
		"an entry reworded": {func(t *testing.T, a *archive.Archive) {
			tamper(t, a, `UPDATE custody SET what = replace(what, '2016-04', '2014-04') WHERE action = 'image.add'`)
		}, archive.Fault{Kind: archive.FaultLog, Subject: "entry"}},
		"an entry dated back": {func(t *testing.T, a *archive.Archive) {
			tamper(t, a, `UPDATE custody SET at = '2020-01-01T00:00:00.000000Z' WHERE seq = 3`)
		}, archive.Fault{Kind: archive.FaultLog, Subject: "entry 3"}},
		"the first entry taken out": {func(t *testing.T, a *archive.Archive) {
			tamper(t, a, `DELETE FROM custody WHERE seq = 1`)
		}, archive.Fault{Kind: archive.FaultLog, Subject: "entry 2"}},
		"an entry taken out of the middle": {func(t *testing.T, a *archive.Archive) {
			tamper(t, a, `DELETE FROM custody WHERE seq = 3`)
		}, archive.Fault{Kind: archive.FaultLog, Subject: "entry 4"}},
		"an entry taken out and the gap closed": {func(t *testing.T, a *archive.Archive) {
			tamper(t, a, `DELETE FROM custody WHERE seq = 3`)
			tamper(t, a, `UPDATE custody SET seq = seq - 1 WHERE seq > 3`)
		}, archive.Fault{Kind: archive.FaultLog, Subject: "entry 3"}},
		"the last entry taken out": {func(t *testing.T, a *archive.Archive) {
			tamper(t, a, `DELETE FROM custody WHERE seq = (SELECT MAX(seq) FROM custody)`)
		}, archive.Fault{Kind: archive.FaultRecord, Subject: "claims old-town"}},
		"what was done taken back without a deletion": {func(t *testing.T, a *archive.Archive) {
			tamper(t, a, `UPDATE custody SET what = NULL WHERE action = 'regions.set'`)
		}, archive.Fault{Kind: archive.FaultLog, Subject: "entry"}},
		"who did it taken back without a deletion": {func(t *testing.T, a *archive.Archive) {
			tamper(t, a, `UPDATE custody SET who = NULL WHERE action = 'regions.set'`)
		}, archive.Fault{Kind: archive.FaultLog, Subject: "entry"}},
		"who did it reworded": {func(t *testing.T, a *archive.Archive) {
			tamper(t, a, `UPDATE custody SET who = replace(who, 'heron', 'raven') WHERE action = 'regions.set'`)
		}, archive.Fault{Kind: archive.FaultLog, Subject: "entry"}},
	} {
		t.Run(name, func(t *testing.T) {
			a := fresh(t)
			c, files := fullCase(t)
			if _, err := a.ImportCase(t.Context(), c, opener(files), 100, archive.Change{By: "heron"}); err != nil {
				t.Fatal(err)
			}
			wantClean(t, a)
			tt.spoil(t, a)
			rep, err := a.Verify(t.Context(), nil)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.ContainsFunc(rep.Faults, func(f archive.Fault) bool {
				return f.Kind == tt.want.Kind && strings.Contains(f.Subject, tt.want.Subject)
			}) {
				t.Errorf("found %v, want %s %s", rep.Faults, tt.want.Kind, tt.want.Subject)
			}
		})
	}
}

func TestAnAlteredOriginalIsNeverGivenOutAndIsHealedByTheSameUpload(t *testing.T) {
	a := fresh(t)
	d := put(t, a, "picture")
	for name, spoil := range map[string]func(){
		"altered": func() { overwrite(t, originalPath(a, d), "Picture") },
		"gone":    func() { os.Remove(originalPath(a, d)) },
	} {
		spoil()
		if r, err := a.Original(t.Context(), d); !errors.Is(err, imagery.ErrCorrupt) {
			t.Errorf("%s: opened %v, %v", name, r, err)
		}
		if b, err := a.ReadOriginal(t.Context(), d); !errors.Is(err, imagery.ErrCorrupt) {
			t.Errorf("%s: read %q, %v", name, b, err)
		}
		if s, err := a.Put(t.Context(), strings.NewReader("picture"), 100); err != nil || !s.Existed {
			t.Errorf("%s: put again: %+v, %v", name, s, err)
		}
		if b, err := a.ReadOriginal(t.Context(), d); err != nil || string(b) != "picture" {
			t.Errorf("%s: healed %q, %v", name, b, err)
		}
		wantClean(t, a)
	}
	log, err := a.Log(t.Context(), "")
	if err != nil || !slices.ContainsFunc(log, func(e archive.Entry) bool { return e.Action == "original.restore" }) {
		t.Errorf("the log says nothing of it: %v, %v", log, err)
	}
}

func TestOriginalsAreReadOnlyOnTheDisk(t *testing.T) {
	a := fresh(t)
	info, err := os.Stat(originalPath(a, put(t, a, "picture")))
	if err != nil || info.Mode().Perm() != 0o444 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
}

func TestAClockSetBackIsToldAndHarmsNothing(t *testing.T) {
	c := &clock{noon}
	a := open(t, t.TempDir(), c)
	place(t, a, "square")
	c.now = noon.Add(-48 * time.Hour)
	add(t, a, "square", image(t, "a.png", put(t, a, "picture"), "2015"))
	rep := wantClean(t, a)
	if len(rep.Notes) != 1 || !strings.Contains(rep.Notes[0], "clock went back from 2026-05-01T12:00:00.000000Z to 2026-04-29T12:00:00.000000Z") {
		t.Errorf("notes %q", rep.Notes)
	}
	log, err := a.Log(t.Context(), "square")
	if err != nil || len(log) != 3 || log[0].Action != "location.add" || log[2].Action != "receipt.add" {
		t.Errorf("log %v, %v: want the order in which things happened", log, err)
	}
}

func TestVerifyTellsItsProgressAndStopsWhenAsked(t *testing.T) {
	a := fresh(t)
	put(t, a, "1234")
	put(t, a, "56789")
	var told [][2]int64
	rep, err := a.Verify(t.Context(), func(done, total int64) { told = append(told, [2]int64{done, total}) })
	if err != nil || rep.Bytes != 9 || len(told) != 2 || told[1] != [2]int64{9, 9} {
		t.Errorf("%+v, %v, told %v", rep, err, told)
	}
	if len(rep.Notes) != 1 || rep.Notes[0] != "2 originals belong to no image" {
		t.Errorf("notes %q", rep.Notes)
	}
}
