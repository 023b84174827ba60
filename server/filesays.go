package server

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/antequem/antequem/compare"
	"github.com/antequem/antequem/compare/assess"
	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/archive"
	"github.com/antequem/antequem/imagery/decode"
	"github.com/antequem/antequem/imagery/edtf"
	"github.com/antequem/antequem/imagery/ingest"
	"github.com/antequem/antequem/server/page"
	"github.com/antequem/antequem/server/typed"
	"github.com/antequem/antequem/server/views"
)

const (
	// readFor is how long one page may read files for what they say of themselves. The
	// others are read when the page is loaded again.
	readFor = 2 * time.Second

	// alikeBits is how many bits the perceptual hashes of two pictures that look alike
	// may differ in; see [ingest.DefaultOptions].
	alikeBits = 6
)

// tableRows puts what is written of each image beside what its file says, and what it
// is like.
func (s *Server) tableRows(ctx context.Context, st standing) ([]page.TableRow, error) {
	recs, err := s.archive.Images(ctx, st.slug)
	if err != nil {
		return nil, err
	}
	titles, err := s.titles(ctx)
	if err != nil {
		return nil, err
	}
	var rows []page.TableRow
	until := time.Now().Add(readFor)
	for _, im := range st.c.Images {
		row := page.TableRow{Image: views.Image(im, st.report), Form: typed.FormOf(im), Ties: typed.WriteTies(im.TiePoints)}
		if row.Says, row.Later, err = s.fileSays(ctx, st, im, until); err != nil {
			return nil, err
		}
		i := slices.IndexFunc(recs, func(r archive.Record) bool { return r.File == im.File })
		if i >= 0 {
			if row.Alike, err = s.alike(ctx, st, recs[i], titles); err != nil {
				return nil, err
			}
		}
		row.Alike = append(row.Alike, copiesOf(st, im)...)
		rows = append(rows, row)
	}
	return rows, nil
}

// titles returns the title of every location by its slug.
func (s *Server) titles(ctx context.Context) (map[string]string, error) {
	list, err := s.archive.Locations(ctx)
	out := map[string]string{}
	for _, l := range list {
		out[l.Slug] = l.Title
	}
	return out, err
}

// fileSays returns what an image's file says of itself, nil where it can't be read, or
// not yet: then later is true.
func (s *Server) fileSays(ctx context.Context, st standing, im imagery.Image, until time.Time) (says *page.FileSays, later bool, err error) {
	info, ok := s.infos.get(im.Digest)
	if !ok {
		if time.Now().After(until) {
			return nil, true, nil
		}
		if info, err = s.readInfo(ctx, im.Digest); err != nil {
			if ctx.Err() != nil {
				return nil, false, err
			}
			s.log.WarnContext(ctx, "what a file says of itself", "image", im.Digest.Short(), "err", err)
			return nil, false, nil
		}
		s.infos.put(im.Digest, info)
	}
	says = &page.FileSays{
		Format: strings.ToUpper(info.Format), Width: info.Width, Height: info.Height, Bytes: info.Bytes,
		Georeferenced: len(info.Footprint) > 0 || info.EPSG != nil, GSD: info.GSD, Sensor: info.Sensor,
	}
	for _, d := range info.Dates {
		says.Dates = append(says.Dates, page.FileDate(d))
	}
	for _, w := range ingest.Disagreements(im, info, st.c.Location) {
		says.Against = append(says.Against, w.Text)
	}
	says.NameDate, err = s.dateInName(ctx, st.slug, im)
	return says, false, err
}

// readInfo reads the header of an original.
func (s *Server) readInfo(ctx context.Context, d imagery.Digest) (decode.Info, error) {
	f, err := s.archive.Original(ctx, d)
	if err != nil {
		return decode.Info{}, err
	}
	defer f.Close()
	at, ok := f.(io.ReaderAt)
	if !ok {
		return decode.Info{}, fmt.Errorf("original %s: %w", d.Short(), errors.ErrUnsupported)
	}
	size, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return decode.Info{}, fmt.Errorf("original %s: %w", d.Short(), err)
	}
	lim := decode.DefaultLimits()
	lim.MaxBytes = max(lim.MaxBytes, s.config.MaxUpload)
	file, err := decode.Open(at, size, lim)
	if err != nil {
		return decode.Info{}, err
	}
	return file.Stat()
}

// dateInName returns the date in the name that a file has in its case, else in one that
// it came under: those names are shown to nobody, a date in them tells of nobody.
func (s *Server) dateInName(ctx context.Context, slug string, im imagery.Image) (edtf.Date, error) {
	if d, _ := edtf.InName(im.File); !d.IsZero() {
		return d, nil
	}
	rs, err := s.archive.Receipts(ctx, im.Digest)
	for _, r := range rs {
		if d, _ := edtf.InName(r.OriginalName); r.Location == slug && !d.IsZero() {
			return d, nil
		}
	}
	return edtf.Date{}, err
}

// alike finds the images that look almost the same as one, and those of the same bytes,
// wherever they are held. Images of one place look alike to a coarse eye: where the
// case was judged, its finer one speaks for those that were compared; see [copiesOf].
func (s *Server) alike(ctx context.Context, st standing, rec archive.Record, titles map[string]string) (out []page.Alike, err error) {
	near, err := s.archive.LookAlikes(ctx, rec.Perceptual, alikeBits, imagery.Digest{})
	for _, l := range near {
		same := l.Digest == rec.Digest
		if l.Location == rec.Location && (l.File == rec.File || !same && compared(st, l.File) && compared(st, rec.File)) {
			continue
		}
		a := page.Alike{How: page.LooksAlike, Others: []page.AlikeImage{alikeImage(rec.Location, l.Location, l.Image, titles)}}
		x, y := rec.Taken(), l.Taken()
		a.OtherDate = x.Precedes(y) || y.Precedes(x)
		if same {
			a.How = page.SameFile
			a.Others[0].Place = titles[l.Location]
		}
		out = append(out, a)
	}
	return out, err
}

// compared says that an image was laid over the others, and so compared with them.
func compared(st standing, file string) bool {
	return st.report != nil && slices.ContainsFunc(st.report.Images, func(r assess.ImageReport) bool {
		return r.File == file && (r.Status == compare.StatusReference || r.Status == compare.StatusUsed)
	})
}

// copiesOf names the images that one looks like a copy of one exposure with.
func copiesOf(st standing, im imagery.Image) (out []page.Alike) {
	if st.report == nil {
		return nil
	}
	for _, c := range st.report.Copies {
		if !slices.Contains(c.Files, im.File) {
			continue
		}
		out = append(out, copies(st, im, c))
	}
	return out
}

func copies(st standing, im imagery.Image, c assess.CopiesReport) page.Alike {
	a := page.Alike{How: page.CopyOfOne, Correlation: c.Correlation, OtherDate: c.Conflict}
	for _, f := range c.Files {
		if other, ok := st.c.Image(f); ok && f != im.File {
			a.Others = append(a.Others, alikeImage(st.slug, st.slug, other, nil))
		}
	}
	return a
}

// alikeImage names an image of a location on the table of another, or of the same.
func alikeImage(here, there string, im imagery.Image, titles map[string]string) page.AlikeImage {
	a := page.AlikeImage{Image: im, Link: page.TablePath(there) + "#image-" + im.Digest.Short()}
	if here != there {
		a.Place = titles[there]
	}
	return a
}
