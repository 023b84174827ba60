package pack

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/antequem/antequem/imagery"
)

// A FaultKind says what sort of thing is wrong with a pack.
type FaultKind string

const (
	FaultMissing FaultKind = "missing" // listed, not there, and not said to be withheld
	FaultAltered FaultKind = "altered" // not what its digest says
	FaultExtra   FaultKind = "extra"   // there, and listed nowhere
	FaultForm    FaultKind = "form"    // every file is whole, and the ZIP around them was changed
)

// A Fault is one thing that Verify found wrong.
type Fault struct {
	Kind    FaultKind `json:"kind"`
	Subject string    `json:"subject"` // a file below the pack's folder, or a place in the ZIP
	Detail  string    `json:"detail"`  // one plain clause
}

// Verify reads every file against its digest, the lists against the files and the
// other way round, and the ZIP against what Write would make of the same files, so
// that a change of any byte is found. The error is for what kept it from looking.
func (p *Pack) Verify(ctx context.Context) ([]Fault, error) {
	faults := []Fault{}
	fault := func(kind FaultKind, subject, detail string) { faults = append(faults, Fault{kind, subject, detail}) }
	withheld := map[string]bool{}
	for _, w := range p.Withheld {
		withheld[payload+w.Name] = true
	}
	listed := maps.Clone(p.sums)
	maps.Copy(listed, p.tags)
	for _, name := range slices.Sorted(maps.Keys(listed)) {
		f := p.files[name]
		if f == nil {
			if !withheld[name] {
				fault(FaultMissing, name, "it is listed and not there")
			}
			continue
		}
		if err := p.checkFile(ctx, name, listed[name]); ctx.Err() != nil {
			return faults, fmt.Errorf("verify pack: %w", ctx.Err())
		} else if err != nil {
			fault(FaultAltered, name, err.Error())
		}
	}
	for _, name := range slices.Sorted(maps.Keys(p.files)) {
		if _, ok := listed[name]; !ok && name != tagsTxt {
			fault(FaultExtra, name, "it is there and listed nowhere")
		}
	}
	if len(faults) > 0 {
		return faults, nil
	}
	switch at, err := p.differs(ctx); {
	case err != nil:
		return faults, fmt.Errorf("verify pack: %w", err)
	case at >= 0:
		fault(FaultForm, fmt.Sprintf("byte %d", at), "every file is whole, but the ZIP around them is not as it was written")
	}
	return faults, nil
}

func (p *Pack) checkFile(ctx context.Context, name string, want imagery.Digest) error {
	r, err := p.files[name].Open()
	if err != nil {
		return err
	}
	defer r.Close()
	sum := sha256.New()
	n, err := io.Copy(sum, untilDone{ctx, io.LimitReader(r, int64(p.files[name].UncompressedSize64)+1)})
	switch {
	case err != nil:
		return err
	case uint64(n) != p.files[name].UncompressedSize64:
		return fmt.Errorf("it is longer than it says")
	case imagery.Digest(sum.Sum(nil)) != want:
		return fmt.Errorf("its SHA-256 is %x, the list says %s", sum.Sum(nil), want)
	}
	return nil
}

// differs writes the same files again and returns where the ZIP differs from that; -1
// where it doesn't.
func (p *Pack) differs(ctx context.Context) (at int64, err error) {
	b := Bag{Name: p.Name, Withheld: p.Withheld}
	for _, name := range p.Names() {
		b.Files = append(b.Files, File{name, func() (io.ReadCloser, error) { return p.Open(name) }})
	}
	info, err := p.tagFile(infoTxt)
	if err != nil {
		return 0, nil
	}
	c := &comparer{ctx: ctx, r: p.r, size: p.size, at: -1}
	if err := rewrite(ctx, c, b, info); err != nil && !errors.Is(err, errDiffers) {
		return 0, err
	}
	if c.at < 0 && c.n != p.size {
		c.at = c.n
	}
	return c.at, nil
}

// rewrite is Write with bag-info.txt given.
func rewrite(ctx context.Context, w io.Writer, b Bag, info string) error {
	p := newWriter(ctx, w, b.Name)
	p.given = []byte(info)
	return p.write(b)
}

var errDiffers = errors.New("it differs")

// A comparer is written to, and compares that with r.
type comparer struct {
	ctx  context.Context
	r    io.ReaderAt
	size int64
	n    int64 // bytes compared
	at   int64 // of the first difference, -1 for none
	buf  []byte
}

func (c *comparer) Write(b []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	c.buf = slices.Grow(c.buf[:0], len(b))[:len(b)]
	n, err := c.r.ReadAt(c.buf, c.n)
	if err != nil && !errors.Is(err, io.EOF) {
		return 0, err
	}
	if !bytes.Equal(b, c.buf[:n]) {
		same := 0
		for same < min(n, len(b)) && b[same] == c.buf[same] {
			same++
		}
		c.at = c.n + int64(same)
		return 0, errDiffers
	}
	c.n += int64(len(b))
	return len(b), nil
}

// Complete says whether r holds the bytes of a withheld file.
func (w Withheld) Complete(ctx context.Context, r io.Reader) error {
	sum := sha256.New()
	if _, err := io.Copy(sum, untilDone{ctx, r}); err != nil {
		return fmt.Errorf("pack: %s: %w", w.Name, err)
	}
	if imagery.Digest(sum.Sum(nil)) != w.Digest {
		return fmt.Errorf("pack: %s: this file is another one: %w", w.Name, imagery.ErrCorrupt)
	}
	return nil
}

// Value returns what bag-info.txt says under a label; "" for nothing.
func (p *Pack) Value(label string) string {
	for _, l := range p.Info {
		if strings.EqualFold(l.Label, label) {
			return l.Value
		}
	}
	return ""
}
