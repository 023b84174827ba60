package main

import (
	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/decode"
	"github.com/antequem/antequem/imagery/edtf"
)

// A readDate is a date that a file gives, and where it stands.
type readDate struct {
	date  edtf.Date
	basis imagery.Basis
	from  string // "the file's EXIF DateTimeOriginal", "the file's name"; "nowhere"
	doubt string // what else the file says against it, in one clause; "" otherwise
}

// dateOf reads the date of a picture: what its metadata call the capture, else
// its name, else the making of the file, which it can't be later than.
func dateOf(name string, info decode.Info) readDate {
	named, several := edtf.InName(name)
	if d, tag, ok := metadataDate(info, "capture"); ok {
		r := readDate{date: d, basis: imagery.BasisCapture, from: "the file's " + tag}
		if !named.IsZero() && apart(d, named) {
			r.doubt = "its name says " + named.String()
		}
		return r
	}
	made, tag, isMade := metadataDate(info, "creation")
	if !named.IsZero() {
		r := readDate{date: named, basis: imagery.BasisInferred, from: "the file's name"}
		if isMade && made.Interval().Latest.Before(named.Interval().Earliest) {
			r.doubt = "the file says it was made before that, " + made.String()
		}
		return r
	}
	r := readDate{basis: imagery.BasisInferred, from: "nowhere: neither its name nor its metadata tell"}
	if several != "" {
		r.from = "nowhere: its name gives several days, " + several
	}
	if isMade {
		if by, err := edtf.Parse("../" + made.String()); err == nil {
			r.date, r.from = by, "the file's "+tag+", the latest that it can be"
			return r
		}
	}
	if open, err := edtf.Parse("../.."); err == nil {
		r.date, r.basis = open, imagery.BasisCapture
	}
	return r
}

// metadataDate returns the first date of that meaning that can be read.
func metadataDate(info decode.Info, means string) (d edtf.Date, tag string, ok bool) {
	for _, x := range info.Dates {
		if x.Means != means {
			continue
		}
		if d, err := edtf.Parse(x.Value); err == nil {
			return d, x.Tag, true
		}
	}
	return edtf.Date{}, "", false
}

// apart says that no instant lies in both dates.
func apart(a, b edtf.Date) bool {
	x, y := a.Interval(), b.Interval()
	return !x.Latest.IsZero() && !y.Earliest.IsZero() && !y.Earliest.Before(x.Latest) ||
		!y.Latest.IsZero() && !x.Earliest.IsZero() && !x.Earliest.Before(y.Latest)
}
