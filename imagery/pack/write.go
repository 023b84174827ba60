package pack

import (
	"archive/zip"
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/antequem/antequem/imagery"
)

// Write writes a bag as one ZIP. The same bag gives the same bytes.
func Write(ctx context.Context, w io.Writer, b Bag) error {
	if err := b.check(); err != nil {
		return fmt.Errorf("pack %s: %w", b.Name, err)
	}
	if err := newWriter(ctx, w, b.Name).write(b); err != nil {
		return fmt.Errorf("pack %s: %w", b.Name, err)
	}
	return nil
}

func (b Bag) check() error {
	if err := checkName(b.Name); err != nil || strings.Contains(b.Name, "/") {
		return fmt.Errorf("folder name %q: want one name that Windows can hold too: %w", b.Name, imagery.ErrInvalid)
	}
	seen := names{}
	for _, f := range b.Files {
		if err := errors.Join(checkName(f.Name), seen.add(f.Name)); err != nil {
			return err
		}
	}
	for _, f := range b.Withheld {
		if err := errors.Join(checkName(f.Name), seen.add(f.Name)); err != nil {
			return err
		}
	}
	for _, l := range append(b.Info, Line{"Bag-Software-Agent", b.Agent}) {
		if l.Label == "" || strings.ContainsAny(l.Label, ": \t") || strings.ContainsFunc(l.Label+l.Value, unicode.IsControl) {
			return fmt.Errorf("line %q of %s: want a label without colon or space, and a value without control characters: %w", l.Label, infoTxt, imagery.ErrInvalid)
		}
	}
	return nil
}

// A writer writes the files of a pack and keeps their digests.
type writer struct {
	ctx    context.Context
	zip    *zip.Writer
	folder string
	sums   bytes.Buffer // manifest of the payload
	tags   bytes.Buffer // manifest of the others
	count  int
	bytes  int64
	given  []byte // bag-info.txt where it is written again; nil to make it
}

func newWriter(ctx context.Context, w io.Writer, name string) *writer {
	return &writer{ctx: ctx, zip: zip.NewWriter(w), folder: name + "/"}
}

func (p *writer) write(b Bag) error {
	if err := p.tag(bagitTxt, []byte(bagitText)); err != nil {
		return err
	}
	if err := p.payload(b); err != nil {
		return err
	}
	if err := p.tag(infoTxt, p.info(b)); err != nil {
		return err
	}
	if len(b.Withheld) > 0 {
		if err := p.tag(fetchTxt, fetchList(b.Withheld)); err != nil {
			return err
		}
	}
	if err := p.tag(manifestTxt, p.sums.Bytes()); err != nil {
		return err
	}
	if _, _, err := p.put(tagsTxt, bytes.NewReader(p.tags.Bytes())); err != nil {
		return err
	}
	return p.zip.Close()
}

// payload writes the files in the order of names, and the digests of the withheld between them.
func (p *writer) payload(b Bag) error {
	type part struct {
		name     string
		file     File
		withheld *Withheld
	}
	var parts []part
	for _, f := range b.Files {
		parts = append(parts, part{name: f.Name, file: f})
	}
	for i, f := range b.Withheld {
		parts = append(parts, part{name: f.Name, withheld: &b.Withheld[i]})
	}
	slices.SortFunc(parts, func(a, b part) int { return cmp.Compare(a.name, b.name) })
	for _, f := range parts {
		var d imagery.Digest
		var n int64
		if f.withheld != nil {
			d, n = f.withheld.Digest, f.withheld.Size
		} else {
			var err error
			if d, n, err = p.file(f.file); err != nil {
				return fmt.Errorf("%s: %w", f.name, err)
			}
		}
		p.count, p.bytes = p.count+1, p.bytes+n
		fmt.Fprintf(&p.sums, "%s  %s%s\n", d, payload, encodeName(f.name))
	}
	return nil
}

func (p *writer) file(f File) (imagery.Digest, int64, error) {
	r, err := f.Open()
	if err != nil {
		return imagery.Digest{}, 0, err
	}
	d, n, err := p.put(payload+f.Name, r)
	return d, n, errors.Join(err, r.Close())
}

func (p *writer) tag(name string, b []byte) error {
	d, _, err := p.put(name, bytes.NewReader(b))
	fmt.Fprintf(&p.tags, "%s  %s\n", d, name)
	return err
}

// epoch is the first day that a ZIP can name.
var epoch = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)

func (p *writer) put(name string, r io.Reader) (d imagery.Digest, n int64, err error) {
	h := &zip.FileHeader{Name: p.folder + name, Method: zip.Store, Modified: epoch}
	h.SetMode(0o644)
	w, err := p.zip.CreateHeader(h)
	if err != nil {
		return d, 0, err
	}
	sum := sha256.New()
	n, err = io.Copy(io.MultiWriter(w, sum), untilDone{p.ctx, r})
	sum.Sum(d[:0])
	return d, n, err
}

// info writes bag-info.txt. Payload-Oxum counts the bytes and the files, so that a pack
// that lacks some is known before any digest is made.
func (p *writer) info(b Bag) []byte {
	if p.given != nil {
		return p.given
	}
	var out bytes.Buffer
	fmt.Fprintf(&out, "Bagging-Date: %s\n", b.Date.UTC().Format(time.DateOnly))
	fmt.Fprintf(&out, "Bag-Software-Agent: %s\n", b.Agent)
	for _, l := range b.Info {
		fmt.Fprintf(&out, "%s: %s\n", l.Label, l.Value)
	}
	fmt.Fprintf(&out, "Payload-Oxum: %d.%d\n", p.bytes, p.count)
	return out.Bytes()
}

// fetchList names the withheld files. One that nobody knows where to find is named by
// its digest (RFC 6920).
func fetchList(ws []Withheld) []byte {
	var out bytes.Buffer
	for _, f := range slices.SortedFunc(slices.Values(ws), func(a, b Withheld) int { return cmp.Compare(a.Name, b.Name) }) {
		url := strings.Map(func(r rune) rune {
			if unicode.IsSpace(r) || unicode.IsControl(r) {
				return -1
			}
			return r
		}, f.URL)
		if !strings.HasPrefix(url, "https://") && !strings.HasPrefix(url, "http://") {
			url = "ni:///sha-256;" + base64.RawURLEncoding.EncodeToString(f.Digest[:])
		}
		fmt.Fprintf(&out, "%s %d %s%s\n", url, f.Size, payload, encodeName(f.Name))
	}
	return out.Bytes()
}

// untilDone reads until ctx is done.
type untilDone struct {
	ctx context.Context
	r   io.Reader
}

func (u untilDone) Read(p []byte) (int, error) {
	if err := u.ctx.Err(); err != nil {
		return 0, err
	}
	return u.r.Read(p)
}
