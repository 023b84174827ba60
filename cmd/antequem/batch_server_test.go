package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"math"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/antequem/antequem/cmd/antequem/internal/batch"
	"github.com/antequem/antequem/compare/assess"
	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/decode"
	"github.com/antequem/antequem/server/people"
)

// answering runs a service over a new data folder, with the account of a contributor,
// and returns its address, a token of that account and the options that it judges by.
func answering(t *testing.T) (address, token string, opts assess.Options) {
	t.Helper()
	s, err := loadSettings(newServe())
	if err != nil {
		t.Fatal(err)
	}
	s.Data, s.Server.Grace, s.Log.Level = filepath.Join(t.TempDir(), "data"), time.Second, "error"
	ctx, stop := context.WithCancel(context.Background())
	svc, err := openService(ctx, s)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := svc.people.Add(ctx, "analyst", people.Contributor, "a long enough password"); err != nil {
		t.Fatal(err)
	}
	_, token, err = svc.people.NewToken(ctx, "analyst", "batch", time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- svc.serve(ctx, ln, io.Discard) }()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
		if err := svc.close(); err != nil {
			t.Error(err)
		}
	})
	return "http://" + ln.Addr().String(), token, s.assess()
}

// TestAServiceJudgesAsThisProgramDoes sends a case and a pair, and brings back what
// judging them here gives, byte for byte.
func TestAServiceJudgesAsThisProgramDoes(t *testing.T) {
	dir := t.TempDir()
	for name, data := range testPictures() {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	caseText := `title: A test
images:
  - {file: after.png, acquired: 2016-04-29, synthetic: true}
  - {file: before.png, acquired: 2015-10-15, synthetic: true, notes: "said to be of autumn"}
reference: before.png
region: {image: before.png, polygon: [[165, 140], [255, 140], [255, 200], [165, 200]]}
claims:
  - {id: spring, text: Hit in spring., changed: 2016-02/2016-05}
`
	for name, text := range map[string]string{
		"case.yaml": caseText,
		"pairs.csv": "before,after,name\nbefore.png,after.png,Two\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	items, err := batch.Find([]string{filepath.Join(dir, "case.yaml"), filepath.Join(dir, "pairs.csv")}, "")
	if err != nil {
		t.Fatal(err)
	}
	address, token, opts := answering(t)
	if _, err := newSender(t.Context(), address, "not-a-token"); err == nil {
		t.Error("a wrong token is taken")
	}
	s, err := newSender(t.Context(), address, token)
	if err != nil {
		t.Fatal(err)
	}
	here := judge{limits: decode.DefaultLimits(), opts: opts, out: filepath.Join(dir, "here"), resume: true}
	there := here
	there.sender, there.out = s, filepath.Join(dir, "there")
	for _, it := range items {
		want, _, err := here.item(t.Context(), it)
		if err != nil {
			t.Fatal(err)
		}
		got, over, err := there.item(t.Context(), it)
		if err != nil || over {
			t.Fatalf("%s: %v %v", it.Name, over, err)
		}
		want.Recipe, got.Recipe = "", ""
		w, _ := json.Marshal(want)
		g, _ := json.Marshal(got)
		if !bytes.Equal(w, g) {
			t.Errorf("%s: the row is\n%s, want\n%s", it.Name, g, w)
		}
		sameFiles(t, filepath.Join(here.out, it.Name), filepath.Join(there.out, it.Name))
		if _, over, err := there.item(t.Context(), it); err != nil || !over {
			t.Errorf("%s again: taken over %v, %v", it.Name, over, err)
		}
		again := there
		again.resume = false // so that the service is asked, which holds it
		if _, _, err := again.item(t.Context(), it); err != nil {
			t.Errorf("%s sent again: %v", it.Name, err)
		}
	}
}

// sameFiles wants the same files with the same bytes in both folders, but for the
// recipe, which names who judged.
func sameFiles(t *testing.T, a, b string) {
	t.Helper()
	read := func(dir string) map[string][]byte {
		out := map[string][]byte{}
		err := filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
			if err != nil || e.IsDir() || e.Name() == recipeJSON && filepath.Dir(path) == dir {
				return err
			}
			out[strings.TrimPrefix(path, dir)], err = os.ReadFile(path)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	x, y := read(a), read(b)
	for name := range y {
		if x[name] == nil {
			t.Errorf("%s is in %s alone", name, b)
		}
	}
	for name, data := range x {
		switch {
		case y[name] == nil:
			t.Errorf("%s is in %s alone", name, a)
		case !bytes.Equal(data, y[name]):
			t.Errorf("%s differs: %d bytes and %d", name, len(data), len(y[name]))
		}
	}
}

func TestNoFolderOfThisMachineIsSent(t *testing.T) {
	d := imagery.DigestOf([]byte("a"))
	c := imagery.Case{
		Title: "Yard", Reference: "/home/ann/a.png",
		Images:   []imagery.Image{{File: "/home/ann/a.png", Digest: d, OffNadir: math.NaN(), SunAz: math.NaN(), SunEl: math.NaN()}},
		Regions:  []imagery.Region{{Image: "/home/ann/a.png", Polygon: []imagery.Point{{X: 1, Y: 1}, {X: 9, Y: 1}, {X: 9, Y: 9}}}},
		Location: imagery.Location{Lat: math.NaN(), Lon: math.NaN(), Position: "unverified"},
	}
	it := batch.Item{Name: "yard", Kind: batch.KindCase, Path: "/home/ann/case.yaml"}
	text, own, err := outgoing(it, c)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(text), "ann") || !strings.Contains(string(text), "slug: yard-") {
		t.Errorf("what is sent:\n%s", text)
	}
	if got := string(renamed([]byte(`{"file": "`+d.Short()+`.png"}`), own)); got != `{"file": "/home/ann/a.png"}` {
		t.Errorf("what comes back: %s", got)
	}
	if c.Images[0].File != "/home/ann/a.png" {
		t.Error("the case itself was changed")
	}
	again, _, _ := outgoing(it, c)
	c.Title = "Another yard"
	other, _, err := outgoing(it, c)
	if !bytes.Equal(again, text) || err != nil || bytes.Equal(other, text) {
		t.Errorf("equal cases must be sent alike and others not: %v", err)
	}
}
