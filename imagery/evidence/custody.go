package evidence

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/archive"
)

// A Custody is the custody log of an archive as a pack tells it: the entries about one
// location in full, and those that hold a time-stamp of the log; those about others by
// their number and hash alone, so that each entry's place in the chain can be checked
// and nothing else is passed on.
type Custody struct {
	Entries int             // of the whole log
	Shown   []archive.Entry // those about the location
	Stamps  []archive.Stamped
	Head    imagery.Digest // hash of the last entry
	Faults  []string       // what is wrong with the chain, in plain clauses
}

// A line of custody.jsonl. What and Who are the very texts that were hashed.
type line struct {
	Seq      int64           `json:"seq"`
	At       *time.Time      `json:"at,omitempty"` // nil for an entry about another location, as are all but Seq and Hash
	Action   string          `json:"action,omitempty"`
	Location string          `json:"location,omitempty"`
	Subject  string          `json:"subject,omitempty"`
	What     *string         `json:"what,omitempty"`
	WhatSum  *imagery.Digest `json:"what_sha256,omitempty"`
	Who      *string         `json:"who,omitempty"`
	WhoSum   *imagery.Digest `json:"who_sha256,omitempty"`
	Hash     imagery.Digest  `json:"hash"`
}

// formatCustody writes the log and says when the location last changed.
func formatCustody(log []archive.Entry, slug string, recs []archive.Record, names naming) (text []byte, last time.Time) {
	mine := digestsOf(recs)
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	for _, e := range log {
		l := line{Seq: e.Seq, Hash: e.Hash}
		_, held := slices.BinarySearch(mine, e.Subject)
		switch {
		case e.Location == slug, e.Location == "" && held:
			last = e.At
			l = lineOf(e, names.of(e))
		case e.IsStamp():
			l = lineOf(e, names.all)
		}
		enc.Encode(l) // of strings and numbers into memory: there is nothing to fail
	}
	return out.Bytes(), last
}

func lineOf(e archive.Entry, named bool) line {
	l := line{Seq: e.Seq, At: &e.At, Action: e.Action, Location: e.Location, Subject: e.Subject,
		WhatSum: &e.WhatSum, WhoSum: &e.WhoSum, Hash: e.Hash}
	if e.What != nil {
		l.What = text(e.What)
	}
	if e.Who != nil && named {
		l.Who = text(e.Who)
	}
	return l
}

// A naming says which names a pack tells.
type naming struct {
	all      bool
	slug     string
	released archive.Releases
}

// bringer says that a pack tells who brought an image, and under what name.
func (n naming) bringer(file string) bool { return n.all || n.released.Of(file).Names }

// of says that a pack tells who did what an entry says. A release is of who brought an
// image; who changed something else stays untold.
func (n naming) of(e archive.Entry) bool {
	file, ok := strings.CutPrefix(e.Subject, n.slug+"/")
	return n.all || ok && e.Action == "receipt.add" && n.bringer(file)
}

func text(b []byte) *string {
	s := string(b)
	return &s
}

// ReadCustody reads a custody.jsonl and checks its chain. The error is for a text that
// is no log; what is wrong with one is in Faults.
func ReadCustody(data []byte) (Custody, error) {
	var c Custody
	fault := func(seq int64, format string, args ...any) {
		c.Faults = append(c.Faults, fmt.Sprintf("entry %d "+format, append([]any{seq}, args...)...))
	}
	var hashes []imagery.Digest
	for raw := range bytes.Lines(data) {
		var l line
		dec := json.NewDecoder(bytes.NewReader(raw))
		dec.DisallowUnknownFields()
		if err := dec.Decode(&l); err != nil {
			return c, fmt.Errorf("%s, line %d: %w: %w", CustodyFile, c.Entries+1, imagery.ErrCorrupt, err)
		}
		c.Entries++
		if l.Seq != int64(c.Entries) {
			fault(l.Seq, "stands where entry %d should", c.Entries)
		}
		if l.At != nil {
			e, wrong := l.entry(c.Head)
			if wrong != "" {
				fault(l.Seq, "%s", wrong)
			}
			if err := c.take(e, hashes); err != nil {
				fault(l.Seq, "holds a time-stamp that proves nothing: %v", err)
			}
		}
		c.Head = l.Hash
		hashes = append(hashes, l.Hash)
	}
	return c, nil
}

// take files an entry that the log tells in full; hashes are those of the entries before.
func (c *Custody) take(e archive.Entry, hashes []imagery.Digest) error {
	if !e.IsStamp() {
		c.Shown = append(c.Shown, e)
		return nil
	}
	s, err := e.Stamped(func(seq int64) imagery.Digest {
		if seq > int64(len(hashes)) {
			return imagery.Digest{}
		}
		return hashes[seq-1]
	})
	if err == nil {
		c.Stamps = append(c.Stamps, s)
	}
	return err
}

func (l line) entry(prev imagery.Digest) (e archive.Entry, wrong string) {
	e = archive.Entry{Seq: l.Seq, At: *l.At, Action: l.Action, Location: l.Location, Subject: l.Subject, Prev: prev, Hash: l.Hash}
	if l.WhatSum == nil || l.WhoSum == nil {
		return e, "lacks a digest of what it tells"
	}
	e.WhatSum, e.WhoSum = *l.WhatSum, *l.WhoSum
	if l.What != nil {
		e.What = []byte(*l.What)
	}
	if l.Who != nil {
		e.Who = []byte(*l.Who)
	}
	switch {
	case e.Sum() != e.Hash:
		return e, "is not what its hash says, or doesn't follow the one before"
	case e.What != nil && imagery.DigestOf(e.What) != e.WhatSum, e.Who != nil && imagery.DigestOf(e.Who) != e.WhoSum:
		return e, "tells something else than its hash says"
	}
	return e, ""
}
