package batch_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/antequem/antequem/cmd/antequem/internal/batch"
	"github.com/antequem/antequem/imagery"
	"github.com/google/go-cmp/cmp"
)

func TestReadPairs(t *testing.T) {
	want := []batch.Pair{{
		Line: 2, Name: "Clinic", Before: "a b.png", After: "b.png",
		BeforeAcquired: "2015-10-15", AfterAcquired: "2016-04", Region: "1,2 30,2 30,40",
	}}
	for does, text := range map[string]string{
		"commas": "before,after,before_acquired,after_acquired,region,name\na b.png,b.png,2015-10-15,2016-04,\"1,2 30,2 30,40\",Clinic\n",
		"a spreadsheet's semicolons, mark and line ends": "\ufeffbefore;after;before_acquired;after_acquired;region;name\r\na b.png;b.png;2015-10-15;2016-04;1,2 30,2 30,40;Clinic\r\n;;;;;\r\n",
		"tabs, another order, other spellings":           "Name\tRegion\tAfter acquired\tBefore-Acquired\tAFTER\tBefore\nClinic\t1,2 30,2 30,40\t2016-04\t2015-10-15\tb.png\t a b.png \n",
	} {
		got, err := batch.ReadPairs("pairs.csv", []byte(text))
		if err != nil {
			t.Errorf("%s: %v", does, err)
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s (-want +got):\n%s", does, d)
		}
	}
}

func TestReadPairsNamesTheMistake(t *testing.T) {
	for _, c := range []struct{ does, text, want string }{
		{"nothing", "", `no column "before"`},
		{"no pair", "before,after\n", "holds no pair"},
		{"a misspelt column", "before,after,after_aquired\n", `column "after_aquired" is not known`},
		{"a column twice", "before,after,Before\n", `column "before" is there twice`},
		{"no after", "before;name\na;b\n", `no column "after"`},
		{"another encoding", "before,after\n\xfcber.png,b.png\n", "not UTF-8"},
		{"a torn quotation", "before,after\n\"a.png,b.png\n", "pairs.csv:"},
	} {
		_, err := batch.ReadPairs("pairs.csv", []byte(c.text))
		if !errors.Is(err, imagery.ErrInvalid) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.does, err, c.want)
		}
	}
}

func TestACellThatIsWrongIsNamed(t *testing.T) {
	good := batch.Pair{Before: "a.png", After: "b.png", BeforeAcquired: "2015", AfterAcquired: "2016"}
	for _, c := range []struct {
		does   string
		change func(*batch.Pair)
		want   string
	}{
		{"no before", func(p *batch.Pair) { p.Before = "" }, "before: the cell is empty"},
		{"a date that is none", func(p *batch.Pair) { p.AfterAcquired = "15.10.2016" }, "after_acquired"},
		{"a basis that is none", func(p *batch.Pair) { p.BeforeBasis = "guess" }, "before_basis"},
		{"one picture twice", func(p *batch.Pair) { p.After = `.\a.png` }, "before and after are both a.png"},
		{"dates the wrong way round", func(p *batch.Pair) { p.BeforeAcquired = "2017" }, "change them round"},
		{"two corners", func(p *batch.Pair) { p.Region = "1,1 2,2" }, "want three or more"},
		{"a corner that is none", func(p *batch.Pair) { p.Region = "1,1 2,x 3,3" }, `corner "2,x"`},
		{"a corner at infinity", func(p *batch.Pair) { p.Region = "1,1 2,Inf 3,3" }, `corner "2,Inf"`},
	} {
		p := good
		c.change(&p)
		if _, _, _, err := p.Images(); !errors.Is(err, imagery.ErrInvalid) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.does, err, c.want)
		}
	}
	if _, _, region, err := good.Images(); err != nil || region != nil {
		t.Errorf("a good pair: region %v, %v", region, err)
	}
	good.BeforeAcquired, good.AfterAcquired = "", ""
	if b, _, _, err := good.Images(); err != nil || !b.Taken().Earliest.IsZero() || !b.Taken().Latest.IsZero() {
		t.Errorf("a pair without dates: %v, %v", b.Taken(), err)
	}
}

func FuzzReadPairs(f *testing.F) {
	f.Add([]byte("before,after,region\na,b,\"1,1 2,2 3,1\"\n"))
	f.Add([]byte("\ufeffbefore;after\r\n\"a;b\r\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		pairs, err := batch.ReadPairs("pairs.csv", data)
		if err == nil && len(pairs) == 0 {
			t.Error("neither a pair nor an error")
		}
		for _, p := range pairs {
			_, _, region, err := p.Images()
			if err == nil && len(region) > 0 && len(region) < 3 {
				t.Errorf("%d corners from %q", len(region), p.Region)
			}
		}
	})
}
