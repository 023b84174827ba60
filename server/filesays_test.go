package server_test

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"net/http"
	"strings"
	"testing"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/archive"
	"github.com/antequem/antequem/imagery/ingest"
)

// dated writes into a PNG when it says that it was made.
func dated(t *testing.T, picture []byte, when string) []byte {
	t.Helper()
	data := append([]byte("tEXtCreation Time\x00"), when...)
	chunk := binary.BigEndian.AppendUint32(nil, uint32(len(data)-4))
	chunk = append(chunk, data...)
	chunk = binary.BigEndian.AppendUint32(chunk, crc32.ChecksumIEEE(data))
	const head = 8 + 25 // signature and IHDR
	return bytes.Join([][]byte{picture[:head], chunk, picture[head:]}, nil)
}

func TestTheTableSaysWhatAFileSaysAndWhatItIsLike(t *testing.T) {
	h := build(t, t.TempDir(), settle())
	ctx := t.Context()
	for _, slug := range []string{"square", "market"} {
		if _, err := h.archive.AddLocation(ctx, imagery.Location{Name: "The " + slug, Slug: slug}, archive.Change{}); err != nil {
			t.Fatal(err)
		}
	}
	take := func(slug, file, acquired, name string, data []byte) imagery.Digest {
		im := imagery.Image{File: file, Acquired: date(t, acquired), Basis: imagery.BasisClaimed}
		rep, err := h.ingest.Receive(ctx, slug, im, ingest.Origin{Name: name}, bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		return rep.Digest
	}
	made := dated(t, scene(t, 1, false), "2014-01-02T10:00:00Z")
	first := take("square", "a.png", "2016-05-01", "IMG_20150304_101112.png", made)
	take("market", "b.png", "2016-05-01", "", made)
	near := take("market", "c.png", "2013", "", scene(t, 2, false))
	take("square", "plain.png", "2016-05", "", strange(t))

	s := again(t, h) // so that the files are read
	table := func(lang string) string {
		text := body(t, ask(s.Handler(), "GET", "/locations/square/table?lang="+lang))
		return strings.NewReplacer("<bdi>", "", "</bdi>", "", `<bdi dir="ltr">`, "").Replace(text)
	}
	english := table("en")
	for what, want := range map[string]string{
		"what it is":                    "PNG, 320 × 240 px",
		"the date in it":                `2 January 2014, 10:00 UTC</time> (PNG Creation Time: making of the digital file)`,
		"the date in its name":          "a name proves nothing",
		"that the file is older":        "By the declared date, 2016-05-01, the picture was taken after its file was made or changed: 2014-01-02T10:00:00Z",
		"that its name says otherwise":  `4 March 2015</time>, 10:11:12, time zone not given.`,
		"the same file elsewhere":       `<a href="/locations/market/table#image-` + first.Short() + `">b.png</a> of The market.`,
		"what it looks like":            `<a href="/locations/market/table#image-` + near.Short() + `">c.png</a> of The market, which has another date`,
		"how much there is to look at":  "4 things to look at",
		"that nothing is known against": "Nothing in it goes against what is written.",
		"that nothing is like it":       "None is known.",
	} {
		if !strings.Contains(english, want) {
			t.Errorf("it doesn’t say %s: %q", what, want)
		}
	}
	if strings.Contains(english, "IMG_20150304") {
		t.Error("it shows the name that the file had on somebody's machine")
	}
	arabic := table("ar")
	for _, want := range []string{"ما يقوله الملف نفسه", "التُقطت الصورة بعد إنشاء ملفها أو تعديله", "واسم الملف يقول", "الملف نفسه، بايتًا بايتًا", "4 أمور تحتاج إلى نظر"} {
		if !strings.Contains(arabic, want) {
			t.Errorf("in Arabic it doesn't say %q", want)
		}
	}
	if r := ask(s.Handler(), "GET", "/locations/square/table", func(r *http.Request) { afar(r) }); r.StatusCode == 200 {
		t.Errorf("somebody from elsewhere sees it: %d", r.StatusCode)
	}
}
