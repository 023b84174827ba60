package pack_test

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/pack"
	"github.com/google/go-cmp/cmp"
)

func bag() pack.Bag {
	return pack.Bag{
		Name: "training-scene", Date: time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC), Agent: "antequem 1.0",
		Info: []pack.Line{{"External-Identifier", "training-scene"}},
		Files: []pack.File{
			pack.Bytes("originals/b.png", []byte("the later picture")),
			pack.Bytes("case.yaml", []byte("title: Training scene\n")),
			pack.Bytes("originals/الموصل 100%.tif", []byte("the earlier picture")),
			pack.Bytes("empty.csv", nil),
		},
	}
}

func write(t testing.TB, b pack.Bag) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := pack.Write(context.Background(), &out, b); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func open(b []byte) (*pack.Pack, error) {
	return pack.Open(bytes.NewReader(b), int64(len(b)), pack.Limits{MaxFiles: 100, MaxBytes: 1 << 20})
}

func mustOpen(t *testing.T, b []byte) *pack.Pack {
	t.Helper()
	p, err := open(b)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func verify(t *testing.T, p *pack.Pack) []pack.Fault {
	t.Helper()
	faults, err := p.Verify(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return faults
}

func TestTheSameBagGivesTheSameBytes(t *testing.T) {
	one := write(t, bag())
	turned := bag()
	slices.Reverse(turned.Files)
	if !bytes.Equal(one, write(t, turned)) {
		t.Error("the order in which files are given makes a difference")
	}
	later := bag()
	later.Date = later.Date.Add(24 * time.Hour)
	if bytes.Equal(one, write(t, later)) {
		t.Error("the date makes no difference")
	}
}

func TestTheLayoutIsThatOfBagIt(t *testing.T) {
	b := write(t, bag())
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	text := map[string]string{}
	for _, f := range z.File {
		names = append(names, f.Name)
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		text[f.Name] = string(got)
	}
	want := []string{
		"training-scene/bagit.txt",
		"training-scene/data/case.yaml", "training-scene/data/empty.csv",
		"training-scene/data/originals/b.png", "training-scene/data/originals/الموصل 100%.tif",
		"training-scene/bag-info.txt", "training-scene/manifest-sha256.txt", "training-scene/tagmanifest-sha256.txt",
	}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Error(diff)
	}
	// 22 + 0 + 17 + 19 bytes in four files.
	info := "Bagging-Date: 2026-05-01\nBag-Software-Agent: antequem 1.0\nExternal-Identifier: training-scene\nPayload-Oxum: 58.4\n"
	if got := text["training-scene/bag-info.txt"]; got != info {
		t.Errorf("bag-info.txt:\n%s", got)
	}
	// RFC 8493 wants the percent sign, and only that, encoded. The empty file's digest is the well-known one.
	manifest := fmt.Sprintf("%s  data/case.yaml\n%s  data/empty.csv\n%s  data/originals/b.png\n%s  data/originals/الموصل 100%%25.tif\n",
		imagery.DigestOf([]byte("title: Training scene\n")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
		imagery.DigestOf([]byte("the later picture")), imagery.DigestOf([]byte("the earlier picture")))
	if diff := cmp.Diff(manifest, text["training-scene/manifest-sha256.txt"]); diff != "" {
		t.Error(diff)
	}
}

func TestWhatWasPackedComesBack(t *testing.T) {
	p := mustOpen(t, write(t, bag()))
	if p.Name != "training-scene" || p.Value("external-identifier") != "training-scene" || len(p.Withheld) != 0 {
		t.Errorf("%s, %v, %v", p.Name, p.Info, p.Withheld)
	}
	for _, f := range bag().Files {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		want, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := p.Read(f.Name); err != nil || !bytes.Equal(got, want) {
			t.Errorf("read %s: %q, %v", f.Name, got, err)
		}
		o, err := p.Open(f.Name)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(o); err != nil || !bytes.Equal(got, want) {
			t.Errorf("opened %s: %q, %v", f.Name, got, err)
		}
		o.Close()
	}
	if _, err := p.Read("another"); !errors.Is(err, imagery.ErrNotFound) {
		t.Errorf("a file it doesn't hold: %v", err)
	}
	if faults := verify(t, p); len(faults) != 0 {
		t.Errorf("faults %v", faults)
	}
}

func TestAChangeOfAnySingleByteIsFound(t *testing.T) {
	whole := write(t, bag())
	for i := range whole {
		b := bytes.Clone(whole)
		b[i] ^= 0x20
		p, err := open(b)
		if err != nil {
			continue // refused at once
		}
		if len(verify(t, p)) == 0 {
			t.Errorf("byte %d of %d, %q made %q: not found", i, len(b), whole[i], b[i])
		}
	}
}

func TestAPackCutOffAnywhereIsRefused(t *testing.T) {
	whole := write(t, bag())
	for n := range whole {
		if _, err := open(whole[:n]); err == nil {
			t.Errorf("the first %d of %d bytes are taken for a pack", n, len(whole))
		}
	}
	for _, more := range []string{"\x00", "<script>"} {
		b := append(bytes.Clone(whole), more...)
		if p, err := open(b); err == nil && len(verify(t, p)) == 0 {
			t.Errorf("%q behind it is not found", more)
		}
	}
}

// An entry of a ZIP made by hand.
type entry struct {
	name string
	text string
	mode fs.FileMode
}

func zipOf(t testing.TB, entries ...entry) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, e := range entries {
		h := &zip.FileHeader{Name: e.name, Method: zip.Deflate}
		h.SetMode(e.mode | 0o644)
		w, err := z.CreateHeader(h)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, e.text); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// bagged is a pack made by hand with one payload file, and more entries.
func bagged(more ...entry) []entry {
	const bagit = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
	manifest := imagery.DigestOf([]byte("a")).String() + "  data/a.txt\n"
	tags := fmt.Sprintf("%s  bagit.txt\n%s  manifest-sha256.txt\n", imagery.DigestOf([]byte(bagit)), imagery.DigestOf([]byte(manifest)))
	return append([]entry{
		{name: "b/bagit.txt", text: bagit}, {name: "b/data/a.txt", text: "a"},
		{name: "b/manifest-sha256.txt", text: manifest}, {name: "b/tagmanifest-sha256.txt", text: tags},
	}, more...)
}

func TestAHostilePackIsRefusedBeforeItIsRead(t *testing.T) {
	for name, tt := range map[string]struct {
		more entry
		want error
	}{
		"out of the folder":             {entry{name: "b/../../etc/passwd"}, imagery.ErrInvalid},
		"out of the folder, inside":     {entry{name: "b/data/../../x"}, imagery.ErrInvalid},
		"an absolute name":              {entry{name: "/etc/passwd"}, imagery.ErrInvalid},
		"a drive letter":                {entry{name: `b/C:x`}, imagery.ErrInvalid},
		"backslashes":                   {entry{name: `b\..\..\x`}, imagery.ErrInvalid},
		"a second folder":               {entry{name: "c/data/a.txt"}, imagery.ErrInvalid},
		"a file beside the folder":      {entry{name: "a.txt"}, imagery.ErrInvalid},
		"a symbolic link":               {entry{name: "b/data/link", text: "/etc/passwd", mode: fs.ModeSymlink}, imagery.ErrInvalid},
		"a device":                      {entry{name: "b/data/dev", mode: fs.ModeDevice}, imagery.ErrInvalid},
		"a device of Windows":           {entry{name: "b/data/nul.png"}, imagery.ErrInvalid},
		"a name twice":                  {entry{name: "b/data/a.txt", text: "a"}, imagery.ErrInvalid},
		"a name twice for Windows":      {entry{name: "b/data/A.TXT", text: "a"}, imagery.ErrInvalid},
		"a name that ends in a dot":     {entry{name: "b/data/a."}, imagery.ErrInvalid},
		"a line feed in a name":         {entry{name: "b/data/a\nb"}, imagery.ErrInvalid},
		"a name of nothing":             {entry{name: "b/data//x"}, imagery.ErrInvalid},
		"a name that is no text":        {entry{name: "b/data/\xff"}, imagery.ErrInvalid},
		"a bomb: 2 MiB in 2 kB":         {entry{name: "b/data/bomb", text: strings.Repeat("\x00", 2<<20)}, imagery.ErrTooLarge},
		"a folder with something in it": {entry{name: "b/data/d/", mode: fs.ModeDir}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := open(zipOf(t, bagged(tt.more)...))
			if !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
		})
	}
	var many []entry
	for i := range 101 {
		many = append(many, entry{name: fmt.Sprint("b/data/", i)})
	}
	if _, err := open(zipOf(t, many...)); !errors.Is(err, imagery.ErrTooLarge) {
		t.Errorf("too many files: %v", err)
	}
}

func TestFilesOnTopOfOneAnotherAreRefused(t *testing.T) {
	// Two names in the list at the end are made to point at one place: the second entry's
	// offset, the four bytes before its name, becomes the first's.
	b := zipOf(t, bagged(entry{name: "b/data/b.txt", text: "b"}, entry{name: "b/data/c.txt", text: "c"})...)
	at := func(name string) int { return bytes.LastIndex(b, []byte(name)) - 4 }
	copy(b[at("b/data/c.txt"):][:4], b[at("b/data/b.txt"):][:4])
	if _, err := open(b); !errors.Is(err, imagery.ErrCorrupt) {
		t.Errorf("got %v", err)
	}
}

func TestVerifyNamesWhatIsWrong(t *testing.T) {
	for name, tt := range map[string]struct {
		entries []entry
		want    []pack.Fault // without details
	}{
		"a payload file altered": {func() []entry { e := bagged(); e[1].text = "b"; return e }(),
			[]pack.Fault{{Kind: pack.FaultAltered, Subject: "data/a.txt"}}},
		"a payload file missing": {func() []entry { e := bagged(); return slices.Delete(e, 1, 2) }(),
			[]pack.Fault{{Kind: pack.FaultMissing, Subject: "data/a.txt"}}},
		"a payload file too many": {bagged(entry{name: "b/data/b.txt"}),
			[]pack.Fault{{Kind: pack.FaultExtra, Subject: "data/b.txt"}}},
		"a list altered": {func() []entry { e := bagged(); e[2].text += strings.Repeat("0", 64) + "  data/x\n"; return e }(),
			[]pack.Fault{{Kind: pack.FaultMissing, Subject: "data/x"}, {Kind: pack.FaultAltered, Subject: "manifest-sha256.txt"}}},
		"the ZIP made again by another program": {bagged(),
			[]pack.Fault{{Kind: pack.FaultForm, Subject: "byte 0"}}},
	} {
		t.Run(name, func(t *testing.T) {
			faults := verify(t, mustOpen(t, zipOf(t, tt.entries...)))
			for i := range faults {
				faults[i].Detail = ""
			}
			if diff := cmp.Diff(tt.want, faults); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAnAlteredFileIsNeverGivenOut(t *testing.T) {
	e := bagged()
	e[1].text = "b"
	p := mustOpen(t, zipOf(t, e...))
	if b, err := p.Read("a.txt"); !errors.Is(err, imagery.ErrCorrupt) {
		t.Errorf("read %q, %v", b, err)
	}
	r, err := p.Open("a.txt")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadAll(r); !errors.Is(err, imagery.ErrCorrupt) {
		t.Errorf("opened and read: %v", err)
	}
}

func TestAWithheldFileKeepsItsDigestAndIsAskedFor(t *testing.T) {
	b := bag()
	kept := pack.Withheld{Name: "originals/c.tif", Digest: imagery.DigestOf([]byte("not to be passed on")), Size: 19, URL: "https://example.org/c 1"}
	unknown := pack.Withheld{Name: "originals/d 1.tif", Digest: imagery.DigestOf(nil)}
	b.Withheld = []pack.Withheld{unknown, kept}
	p := mustOpen(t, write(t, b))
	if faults := verify(t, p); len(faults) != 0 {
		t.Errorf("faults %v", faults)
	}
	kept.URL = "https://example.org/c1"
	unknown.URL = "ni:///sha-256;47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU" // base64url of the SHA-256 of nothing
	if diff := cmp.Diff([]pack.Withheld{kept, unknown}, p.Withheld); diff != "" {
		t.Error(diff)
	}
	if got := p.Value("Payload-Oxum"); got != "77.6" { // 58 + 19 + 0 bytes
		t.Errorf("Payload-Oxum %s", got)
	}
	if err := kept.Complete(t.Context(), strings.NewReader("not to be passed on")); err != nil {
		t.Error(err)
	}
	if err := kept.Complete(t.Context(), strings.NewReader("something else")); !errors.Is(err, imagery.ErrCorrupt) {
		t.Errorf("another file: %v", err)
	}
	if _, err := p.Read(kept.Name); !errors.Is(err, imagery.ErrNotFound) {
		t.Errorf("read: %v", err)
	}
}

func TestABagThatNoReaderWouldTakeIsNotWritten(t *testing.T) {
	for name, spoil := range map[string]func(*pack.Bag){
		"a folder name with a slash": func(b *pack.Bag) { b.Name = "a/b" },
		"no folder name":             func(b *pack.Bag) { b.Name = "" },
		"a name out of the folder":   func(b *pack.Bag) { b.Files[0].Name = "../x" },
		"a name twice":               func(b *pack.Bag) { b.Files[0].Name = "CASE.yaml" },
		"a withheld name twice":      func(b *pack.Bag) { b.Withheld = []pack.Withheld{{Name: "case.yaml"}} },
		"a line feed in a value":     func(b *pack.Bag) { b.Info[0].Value = "x\nPayload-Oxum: 0.0" },
		"a colon in a label":         func(b *pack.Bag) { b.Info[0].Label = "a: b" },
	} {
		b := bag()
		spoil(&b)
		if err := pack.Write(t.Context(), io.Discard, b); !errors.Is(err, imagery.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	b := bag()
	b.Files[0].Open = func() (io.ReadCloser, error) { return nil, fs.ErrNotExist }
	if err := pack.Write(t.Context(), io.Discard, b); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a file that can't be opened: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := pack.Write(ctx, io.Discard, bag()); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// Whatever bytes are given, nothing hangs or panics, and what verifies clean is
// exactly what Write makes.
func FuzzOpen(f *testing.F) {
	f.Add(write(f, bag()))
	f.Add(zipOf(f, bagged()...))
	f.Add([]byte("PK\x05\x06" + strings.Repeat("\x00", 18)))
	f.Fuzz(func(t *testing.T, b []byte) {
		p, err := open(b)
		if err != nil {
			return
		}
		faults, err := p.Verify(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range p.Names() {
			if _, err := p.Read(name); err != nil && len(faults) == 0 {
				t.Errorf("%s verified and can't be read: %v", name, err)
			}
		}
	})
}

func TestNamesThatAPackTakesAreToldBeforehand(t *testing.T) {
	for name, c := range map[string]struct {
		files []string
		want  error
	}{
		"plain ones, and one in a folder":  {[]string{"a.png", "снимок 1.tif", "b/a.png"}, nil},
		"a mark that Windows keeps back":   {[]string{"a|b.png"}, imagery.ErrInvalid},
		"a device of Windows":              {[]string{"con.png"}, imagery.ErrInvalid},
		"out of the folder":                {[]string{"../a.png"}, imagery.ErrInvalid},
		"two that differ in capitals only": {[]string{"a.png", "A.png"}, imagery.ErrInvalid},
	} {
		if err := pack.CheckNames(c.files...); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}
