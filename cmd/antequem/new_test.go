package main

import (
	"testing"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/decode"
)

func TestDateOf(t *testing.T) {
	capture := decode.Date{Value: "2016-04-26T08:35:12", Tag: "EXIF DateTimeOriginal", Means: "capture"}
	made := decode.Date{Value: "2016-05-01", Tag: "TIFF DateTime", Means: "creation"}
	for _, c := range []struct {
		does, name string
		dates      []decode.Date
		want       string
		basis      imagery.Basis
		doubt      bool
	}{
		{"metadata say when it was captured", "a.jpg", []decode.Date{made, capture}, "2016-04-26T08:35:12", imagery.BasisCapture, false},
		{"the name says another day", "2014-01-01.jpg", []decode.Date{capture}, "2016-04-26T08:35:12", imagery.BasisCapture, true},
		{"the name says the month of that day", "2016-04.jpg", []decode.Date{capture}, "2016-04-26T08:35:12", imagery.BasisCapture, false},
		{"the name alone", "2016-04-26.jpg", []decode.Date{made}, "2016-04-26", imagery.BasisInferred, false},
		{"a name later than the making of the file", "2016-06-01.jpg", []decode.Date{made}, "2016-06-01", imagery.BasisInferred, true},
		{"the making of the file bounds it", "a.tif", []decode.Date{made}, "../2016-05-01", imagery.BasisInferred, false},
		{"nothing", "a.tif", nil, "../..", imagery.BasisCapture, false},
	} {
		got := dateOf(c.name, decode.Info{Dates: c.dates})
		if got.date.String() != c.want || got.basis != c.basis || (got.doubt != "") != c.doubt || got.from == "" {
			t.Errorf("%s: %+v, want %s by %s, doubt %v", c.does, got, c.want, c.basis, c.doubt)
		}
	}
}
