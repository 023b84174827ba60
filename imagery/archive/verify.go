package archive

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/sqlite"
)

// A FaultKind says what sort of thing is wrong.
type FaultKind string

const (
	FaultMissing FaultKind = "missing" // an original that is recorded and not on the disk
	FaultAltered FaultKind = "altered" // an original, or a file of a result, that is not what its digest says
	FaultExtra   FaultKind = "extra"   // a file among the originals that no record knows
	FaultLog     FaultKind = "log"     // the custody log's chain is broken
	FaultRecord  FaultKind = "record"  // a record is not what the custody log last said of it
	FaultStore   FaultKind = "store"   // the database contradicts itself
)

// A Fault is one thing that Verify found wrong.
type Fault struct {
	Kind    FaultKind `json:"kind"`
	Subject string    `json:"subject"` // a digest, a path in the folder, "entry 12", or a record's subject
	Detail  string    `json:"detail"`  // one plain clause
}

// A Report says what Verify read and what is wrong with it.
type Report struct {
	Originals int            `json:"originals"` // read back
	Bytes     int64          `json:"bytes"`     // of them
	Results   int            `json:"results"`   // read back
	Entries   int            `json:"entries"`   // of the custody log
	Head      imagery.Digest `json:"head"`      // hash of its last entry: whoever noted it can tell later that nothing before it was changed
	Stamps    []Stamped      `json:"stamps"`    // time-stamps of the log that hold; whether their authorities are to be trusted is for the reader
	Faults    []Fault        `json:"faults"`
	Notes     []string       `json:"notes"` // what is no fault but should be known: a clock that went back, originals that no image names
}

// OK says that nothing is wrong.
func (r Report) OK() bool { return len(r.Faults) == 0 }

func (r *Report) fault(kind FaultKind, subject, format string, args ...any) {
	r.Faults = append(r.Faults, Fault{kind, subject, fmt.Sprintf(format, args...)})
}

func (r *Report) note(format string, args ...any) {
	r.Notes = append(r.Notes, fmt.Sprintf(format, args...))
}

// Verify reads everything back: each original against its digest, records against
// originals and the other way round, the custody log's chain, every record against the
// log, and each result against its sums. It may run beside uploads. progress, where not
// nil, is told the bytes read and the bytes in all. The error is for what kept Verify
// from looking; what it found is in the report.
func (a *Archive) Verify(ctx context.Context, progress func(done, total int64)) (Report, error) {
	if progress == nil {
		progress = func(int64, int64) {}
	}
	rep := Report{Stamps: []Stamped{}, Faults: []Fault{}, Notes: []string{}}
	if err := a.recoverArrivals(ctx); err != nil {
		return rep, fmt.Errorf("archive: verify: %w", err)
	}
	steps := []func(context.Context, *Report) error{
		a.verifyStore,
		func(ctx context.Context, rep *Report) error { return a.verifyOriginals(ctx, rep, progress) },
		a.verifyFolder,
		a.verifyRecords,
		a.verifyResults,
	}
	for _, step := range steps {
		if err := step(ctx, &rep); err != nil {
			return rep, fmt.Errorf("archive: verify: %w", err)
		}
	}
	return rep, nil
}

// verifyStore asks SQLite to read its own file.
func (a *Archive) verifyStore(ctx context.Context, rep *Report) error {
	return a.read(ctx, func(tx *sql.Tx) error {
		lines, err := sqlite.Collect(ctx, tx, func(row sqlite.Row) (s string, err error) {
			err = row.Scan(&s)
			return s, err
		}, `PRAGMA integrity_check`)
		for _, l := range lines {
			if l != "ok" {
				rep.fault(FaultStore, recordsFile, "%s", l)
			}
		}
		return err
	})
}

type storedOriginal struct {
	digest imagery.Digest
	size   int64
	uses   int
}

func originals(ctx context.Context, tx *sql.Tx) ([]storedOriginal, error) {
	return sqlite.Collect(ctx, tx, func(row sqlite.Row) (o storedOriginal, err error) {
		var digest string
		if err = row.Scan(&digest, &o.size, &o.uses); err == nil {
			o.digest, err = imagery.ParseDigest(digest)
		}
		return o, err
	}, `SELECT digest, size, (SELECT COUNT(*) FROM images WHERE images.digest = originals.digest)
		FROM originals ORDER BY digest`)
}

func (a *Archive) verifyOriginals(ctx context.Context, rep *Report, progress func(done, total int64)) error {
	var held []storedOriginal
	err := a.read(ctx, func(tx *sql.Tx) (err error) {
		held, err = originals(ctx, tx)
		return err
	})
	if err != nil {
		return err
	}
	var total, done int64
	unused := 0
	for _, o := range held {
		total += o.size
		if o.uses == 0 {
			unused++
		}
	}
	for _, o := range held {
		if err := a.verifyOriginal(ctx, rep, o); err != nil {
			return err
		}
		done += o.size
		progress(done, total)
	}
	if unused > 0 {
		rep.note("%d originals belong to no image", unused)
	}
	return nil
}

func (a *Archive) verifyOriginal(ctx context.Context, rep *Report, o storedOriginal) error {
	err := a.checkOriginal(ctx, o.digest)
	if err != nil && ctx.Err() != nil {
		return ctx.Err()
	}
	if errors.Is(err, fs.ErrNotExist) {
		known, rerr := a.isRecorded(ctx, o.digest)
		if rerr != nil || !known {
			return rerr // deleted since it was listed
		}
		rep.fault(FaultMissing, o.digest.String(), "recorded with %d bytes, and not on the disk", o.size)
		return nil
	}
	rep.Originals++
	rep.Bytes += o.size
	if err != nil {
		rep.fault(FaultAltered, o.digest.String(), "%v", err)
	}
	return nil
}

func (a *Archive) isRecorded(ctx context.Context, d imagery.Digest) (known bool, err error) {
	err = a.read(ctx, func(tx *sql.Tx) error {
		_, err := sizeOf(ctx, tx, d)
		if errors.Is(err, imagery.ErrNotFound) {
			return nil
		}
		known = err == nil
		return err
	})
	return known, err
}

// verifyFolder looks for files that no record knows. An original on its way in is
// looked at again under the write lock, where none can be half-way.
func (a *Archive) verifyFolder(ctx context.Context, rep *Report) error {
	root := filepath.Join(a.dir, originalsDir)
	var strange []string
	err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		d, err := imagery.ParseDigest(e.Name())
		if err == nil && path == a.originalPath(d) && e.Type().IsRegular() {
			known, err := a.isRecorded(ctx, d)
			if err != nil || known {
				return err
			}
		}
		strange = append(strange, path)
		return nil
	})
	if err != nil || len(strange) == 0 {
		return err
	}
	still := a.write
	if a.locked {
		still = a.read
	}
	return still(ctx, func(tx *sql.Tx) error {
		for _, path := range strange {
			d, err := imagery.ParseDigest(filepath.Base(path))
			if err == nil && path == a.originalPath(d) {
				if _, err := sizeOf(ctx, tx, d); err == nil {
					continue
				}
			}
			if _, err := os.Lstat(path); err != nil {
				continue // on its way in before, taken back since
			}
			name, _ := filepath.Rel(a.dir, path)
			rep.fault(FaultExtra, filepath.ToSlash(name), "no record knows this file")
		}
		return nil
	})
}

// verifyResults reads the results. One that is damaged is never given out, and is
// made again when it is next asked for.
func (a *Archive) verifyResults(ctx context.Context, rep *Report) error {
	shelves, err := a.shelves()
	if err != nil {
		return err
	}
	for _, s := range shelves {
		if err := ctx.Err(); err != nil {
			return err
		}
		r, err := readResult(s.dir, s.digest)
		if err == nil {
			err = r.Check()
		}
		if _, gone := os.Lstat(s.dir); errors.Is(gone, fs.ErrNotExist) {
			continue // dropped meanwhile
		}
		rep.Results++
		if err != nil {
			rep.fault(FaultAltered, "results/"+s.digest.String(), "%v; it will be made again", err)
		}
	}
	return nil
}

func (a *Archive) verifyRecords(ctx context.Context, rep *Report) error {
	return a.read(ctx, func(tx *sql.Tx) error {
		log, err := sqlite.Collect(ctx, tx, scanEntry, `SELECT `+entryColumns+` FROM custody ORDER BY seq`)
		if err != nil {
			return err
		}
		rep.verifyChain(log)
		now, err := currentRecords(ctx, tx)
		if err != nil {
			return err
		}
		rep.compareRecords(Replay(log), now)
		return nil
	})
}

// verifyChain checks that each entry holds the hash of the one before and its own,
// and that nothing was taken back but what a deletion took.
func (rep *Report) verifyChain(log []Entry) {
	rep.Entries = len(log)
	deleted := map[string]int64{} // by the last entry that says so
	for _, e := range log {
		if e.Action == "image.delete" || e.Action == "location.delete" {
			deleted[e.Subject] = e.Seq
		}
	}
	var prev Entry
	for i, e := range log {
		at := fmt.Sprintf("entry %d", e.Seq)
		if e.Seq != int64(i)+1 {
			rep.fault(FaultLog, at, "should be entry %d: one is missing before it", i+1)
			return
		}
		if why := e.wrong(prev.Hash, e.Seq < deleted[e.Subject]); why != "" {
			rep.fault(FaultLog, at, "%s", why)
		}
		if e.At.Before(prev.At) {
			rep.note("the clock went back from %s to %s before %s", prev.At.Format(instant), e.At.Format(instant), at)
		}
		prev = e
	}
	rep.Head = prev.Hash
	rep.verifyStamps(log)
}

// wrong says what is wrong with an entry that follows one whose hash is prev; "" for
// nothing. deleted says that its subject was deleted later.
func (e Entry) wrong(prev imagery.Digest, deleted bool) string {
	switch {
	case e.Prev != prev:
		return "doesn't hold the hash of the entry before"
	case e.Hash != e.Sum():
		return "is not what its hash says"
	case (e.What == nil || e.Who == nil) && !deleted:
		return "part of it is gone, and no deletion says why"
	case e.What != nil && imagery.DigestOf(e.What) != e.WhatSum, e.Who != nil && imagery.DigestOf(e.Who) != e.WhoSum:
		return "what it tells is not what its hash says"
	}
	return ""
}

// compareRecords says where a record was changed without the log, or the log without the record.
func (rep *Report) compareRecords(logged, now map[string]string) {
	for _, key := range slices.Sorted(maps.Keys(now)) {
		switch was, ok := logged[key]; {
		case !ok:
			rep.fault(FaultRecord, key, "the custody log doesn't know it")
		case was != now[key]:
			rep.fault(FaultRecord, key, "differs from what the custody log last said")
		}
	}
	for _, key := range slices.Sorted(maps.Keys(logged)) {
		if _, ok := now[key]; !ok {
			rep.fault(FaultRecord, key, "is gone, and the custody log doesn't know why")
		}
	}
}

// noun returns what an action is about: "image" of "image.add".
func noun(action string) string {
	n, _, _ := strings.Cut(action, ".")
	return n
}
