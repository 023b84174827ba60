// Package evidence fills evidence packs from an archive, reads them back, and takes
// them into another archive.
//
// The payload of a pack:
//
//	case/case.yaml    the case, as judge reads it
//	case/…            its images, under the names that the case gives them, as uploaded
//	records.json      of each image: size, format, when it was received
//	custody.jsonl     the custody log, one entry a line; see [Custody]
//	…                 what the caller adds: results, report.html
//
// bag-info.txt says under Publication-State whether the case was a draft, published or
// withdrawn when it was packed, and what it was before.
//
// A pack names nobody unless asked to, or an editor released it: uploaders' pseudonyms
// and the names that files had on their machines are left out of the records, and out of
// the log without breaking its chain. Originals are passed on as they are, for a copy
// without metadata would have another digest, or are withheld for a [Reason].
package evidence

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/archive"
	"github.com/antequem/antequem/imagery/casefile"
	"github.com/antequem/antequem/imagery/pack"
)

// Names of the files that every pack holds.
const (
	CaseFile    = "case/case.yaml"
	RecordsFile = "records.json"
	CustodyFile = "custody.jsonl"
	imageFolder = "case/"
)

// Options say what goes into a pack beside the case.
type Options struct {
	Agent      string                     // program and version
	Identities bool                       // uploaders' pseudonyms and original file names, released or not
	Withhold   func(imagery.Image) Reason // why an image is left out, of which the digest stays; nil: none is
	Files      map[string][]byte          // more files, by name below the payload
}

// A Reason says why an original is withheld.
type Reason string

const (
	PassedOn   Reason = ""
	ByChoice   Reason = "choice"   // whoever packed chose so: its licence may forbid passing it on, or any picture of it
	ByMetadata Reason = "metadata" // it holds metadata that may tell of people; pictures made from it don't
)

// An Archive is where packs are filled from: an [archive.Archive].
type Archive interface {
	Case(ctx context.Context, slug string) (imagery.Case, error)
	Images(ctx context.Context, slug string) ([]archive.Record, error)
	Receipts(ctx context.Context, d imagery.Digest) ([]archive.Receipt, error)
	Tombstones(ctx context.Context) ([]archive.Tombstone, error)
	Log(ctx context.Context, slug string) ([]archive.Entry, error)
	Releases(ctx context.Context, slug string) (archive.Releases, error)
	Original(ctx context.Context, d imagery.Digest) (io.ReadSeekCloser, error)
}

// attempts is how often a location is read that changes while it is read.
const attempts = 5

// Bag returns what goes into the pack of a location, all as it is at one moment. The
// same archive gives the same bag.
func Bag(ctx context.Context, a Archive, slug string, o Options) (pack.Bag, error) {
	for range attempts {
		b, last, err := fill(ctx, a, slug, o)
		if err != nil {
			return pack.Bag{}, fmt.Errorf("evidence of %s: %w", slug, err)
		}
		log, err := a.Log(ctx, slug)
		if err != nil {
			return pack.Bag{}, fmt.Errorf("evidence of %s: %w", slug, err)
		}
		if n := len(log); n > 0 && log[n-1].Hash == last {
			return b, nil
		}
	}
	return pack.Bag{}, fmt.Errorf("evidence of %s: it was changed %d times while it was read; pack it again once the changes are made", slug, attempts)
}

// fill reads the custody log and then all else. last is the hash of the log's last entry
// about the location: where it is the last still, nothing changed meanwhile.
func fill(ctx context.Context, a Archive, slug string, o Options) (b pack.Bag, last imagery.Digest, err error) {
	log, err := a.Log(ctx, "")
	if err != nil {
		return b, last, err
	}
	c, err := a.Case(ctx, slug)
	if err != nil {
		return b, last, err
	}
	recs, err := a.Images(ctx, slug)
	if err != nil {
		return b, last, err
	}
	released, err := a.Releases(ctx, slug)
	if err != nil {
		return b, last, err
	}
	names := naming{all: o.Identities, slug: slug, released: released}
	text, err := casefile.Format(c)
	if err != nil {
		return b, last, err
	}
	records, err := formatRecords(ctx, a, slug, recs, o, names)
	if err != nil {
		return b, last, err
	}
	custody, changed := formatCustody(log, slug, recs, names)
	b = pack.Bag{Name: slug, Date: changed, Agent: o.Agent, Info: []pack.Line{
		{Label: "External-Identifier", Value: slug},
		{Label: "External-Description", Value: oneLine(c.Title)},
	}, Files: []pack.File{
		pack.Bytes(CaseFile, text), pack.Bytes(RecordsFile, records), pack.Bytes(CustodyFile, custody),
	}}
	b.Info = append(b.Info, standing(archive.PublicationsIn(log, slug))...)
	for name, data := range o.Files {
		b.Files = append(b.Files, pack.Bytes(name, data))
	}
	o.addImages(ctx, a, &b, recs)
	for _, e := range log {
		if e.Location == slug {
			last = e.Hash
		}
	}
	return b, last, nil
}

// addImages adds the originals to a bag, or what remains of those that are withheld.
func (o Options) addImages(ctx context.Context, a Archive, b *pack.Bag, recs []archive.Record) {
	for _, r := range recs {
		if o.withheld(r.Image) != PassedOn {
			b.Withheld = append(b.Withheld, pack.Withheld{Name: imageFolder + r.File, Digest: r.Digest, Size: r.Size, URL: r.Source})
			continue
		}
		b.Files = append(b.Files, pack.File{Name: imageFolder + r.File, Open: func() (io.ReadCloser, error) {
			return a.Original(ctx, r.Digest)
		}})
	}
}

// standing says in a pack's own lines who might see its case when it was packed, and
// before.
func standing(ps []archive.Publication) (out []pack.Line) {
	const label = "Publication-State"
	if len(ps) == 0 {
		return []pack.Line{{Label: label, Value: string(archive.Draft)}}
	}
	for _, p := range ps {
		value := fmt.Sprintf("%s %s", p.State, p.At.UTC().Format(time.RFC3339))
		if p.Why != "" {
			value += ": " + oneLine(p.Why)
		}
		out = append(out, pack.Line{Label: label, Value: value})
	}
	return out
}

func (o Options) withheld(im imagery.Image) Reason {
	if o.Withhold == nil {
		return PassedOn
	}
	return o.Withhold(im)
}

// oneLine is a text as a line of bag-info.txt holds it: without control characters.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return -1
		}
		return r
	}, strings.Join(strings.Fields(strings.ToValidUTF8(s, "")), " "))
}

type recordsForm struct {
	Slug    string        `json:"slug"`
	Images  []recordForm  `json:"images"`
	Deleted []deletedForm `json:"deleted"`
}

type recordForm struct {
	File     string         `json:"file"`
	Digest   imagery.Digest `json:"sha256"`
	Size     int64          `json:"bytes"`
	Format   string         `json:"format,omitempty"`
	Width    int            `json:"width,omitempty"`
	Height   int            `json:"height,omitempty"`
	Withheld Reason         `json:"withheld"` // why; "" where it is in the pack
	Receipts []receiptForm  `json:"receipts"`
}

type receiptForm struct {
	ReceivedAt   time.Time `json:"received_at"`
	Uploader     string    `json:"uploader,omitempty"`
	OriginalName string    `json:"original_name,omitempty"`
}

type deletedForm struct {
	File   string         `json:"file"`
	Digest imagery.Digest `json:"sha256"`
	At     time.Time      `json:"at"`
	By     string         `json:"by,omitempty"`
	Why    string         `json:"why"`
}

func formatRecords(ctx context.Context, a Archive, slug string, recs []archive.Record, o Options, names naming) ([]byte, error) {
	out := recordsForm{Slug: slug, Images: []recordForm{}, Deleted: []deletedForm{}}
	for _, r := range recs {
		f := recordForm{r.File, r.Digest, r.Size, r.Format, r.Width, r.Height, o.withheld(r.Image), []receiptForm{}}
		rs, err := a.Receipts(ctx, r.Digest)
		if err != nil {
			return nil, err
		}
		for _, x := range rs {
			if x.Location != slug || x.File != r.File {
				continue
			}
			if !names.bringer(r.File) {
				x.Uploader, x.OriginalName = "", ""
			}
			f.Receipts = append(f.Receipts, receiptForm{x.ReceivedAt, x.Uploader, x.OriginalName})
		}
		out.Images = append(out.Images, f)
	}
	stones, err := a.Tombstones(ctx)
	if err != nil {
		return nil, err
	}
	for _, t := range stones {
		if t.Location != slug {
			continue
		}
		if !names.all {
			t.By = ""
		}
		out.Deleted = append(out.Deleted, deletedForm{t.File, t.Digest, t.At, t.By, t.Why})
	}
	var text bytes.Buffer
	enc := json.NewEncoder(&text)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	err = enc.Encode(out)
	return text.Bytes(), err
}

// digestsOf lists the originals of a location, those of deleted images left out.
func digestsOf(recs []archive.Record) []string {
	var out []string
	for _, r := range recs {
		out = append(out, r.Digest.String())
	}
	slices.Sort(out)
	return slices.Compact(out)
}
