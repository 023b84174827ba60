package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/antequem/antequem/cmd/antequem/internal/batch"
	"github.com/antequem/antequem/cmd/antequem/internal/remote"
	"github.com/antequem/antequem/compare/assess"
	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/archive"
	"github.com/antequem/antequem/imagery/casefile"
	"github.com/antequem/antequem/imagery/decode"
	"github.com/antequem/antequem/imagery/pack"
	"github.com/antequem/antequem/server/views"
)

// A sender has items judged by a service.
type sender struct {
	*remote.Service
	version string // of the program that runs there
}

// newSender reaches the service at address; nil where there is none.
func newSender(ctx context.Context, address, token string) (*sender, error) {
	if address == "" {
		return nil, nil
	}
	svc, err := remote.New(address, cmp.Or(token, os.Getenv("ANTEQUEM_TOKEN")))
	if err != nil {
		return nil, usage(fmt.Errorf("--server: %w", err))
	}
	version, err := svc.Version(ctx)
	if err != nil {
		return nil, fmt.Errorf("--server: %w", err)
	}
	return &sender{svc, version}, nil
}

// judged sends the item, waits, and brings back what judging it here would have made.
func (s *sender) judged(ctx context.Context, it batch.Item, c imagery.Case, lim decode.Limits) (judged, error) {
	text, own, err := outgoing(it, c)
	if err != nil {
		return judged{}, fmt.Errorf("%s: %w", it.Source(), err)
	}
	slug, err := s.Send(ctx, text, func(d imagery.Digest) (io.ReadCloser, error) {
		i := slices.IndexFunc(c.Images, func(im imagery.Image) bool { return im.Digest == d })
		if i < 0 {
			return nil, fmt.Errorf("original %s: %w", d.Short(), imagery.ErrNotFound)
		}
		return os.Open(beside(filepath.Dir(it.Path), c.Images[i].File))
	})
	if err != nil {
		return judged{}, fmt.Errorf("%s: %w", it.Source(), err)
	}
	var before, after imagery.Digest
	if it.Kind == batch.KindPair {
		before, after = c.Images[0].Digest, c.Images[1].Digest
	}
	b, err := s.bundle(ctx, it.Kind, slug, before, after, lim)
	if err != nil {
		return judged{}, fmt.Errorf("%s: %w", it.Source(), err)
	}
	b[assess.ReportJSON] = renamed(b[assess.ReportJSON], own)
	if it.Kind == batch.KindPair {
		return pairFrom(it, c, b)
	}
	return caseFrom(it, c, b)
}

// outgoing returns the case file that is sent: under a slug made from what it holds, so that
// sending it twice gives one location and a changed one another; and without the
// folders of this machine in the names of its files, or names that a service takes no
// file of. own is what each of those was called here.
func outgoing(it batch.Item, c imagery.Case) (text []byte, own map[string]string, err error) {
	own = map[string]string{}
	sent := c
	sent.Images, sent.Regions, sent.Claims = slices.Clone(c.Images), slices.Clone(c.Regions), slices.Clone(c.Claims)
	for i, im := range sent.Images {
		if pack.CheckNames(im.File) == nil {
			continue
		}
		name := im.Digest.Short() + path.Ext(im.File)
		own[name] = im.File
		sent.Images[i].File = name
		sent.Reference = exchanged(sent.Reference, im.File, name)
		for k := range sent.Regions {
			sent.Regions[k].Image = exchanged(sent.Regions[k].Image, im.File, name)
		}
		for k := range sent.Claims {
			for j := range sent.Claims[k].Images {
				sent.Claims[k].Images[j] = exchanged(sent.Claims[k].Images[j], im.File, name)
			}
		}
	}
	sent.Location.Name = cmp.Or(sent.Location.Name, sent.Title, it.Name)
	if text, err = casefile.Format(sent); err != nil {
		return nil, nil, err
	}
	name := archive.Slug(it.Name)
	sent.Location.Slug = strings.TrimRight(name[:min(len(name), 60)], "-") + "-" + imagery.DigestOf(text).Short()
	text, err = casefile.Format(sent)
	return text, own, err
}

func exchanged(name, old, now string) string {
	if name == old {
		return now
	}
	return name
}

// renamed puts the files' own names back into a report.
func renamed(report []byte, own map[string]string) []byte {
	for name, mine := range own {
		if quoted, err := assess.JSON(mine); err == nil {
			report = bytes.ReplaceAll(report, []byte(`"`+name+`"`), bytes.TrimSpace(quoted))
		}
	}
	return report
}

// bundle waits for a result and brings back those of its files that judging here
// writes too; the service holds more, for its pages.
func (s *sender) bundle(ctx context.Context, kind batch.Kind, slug string, before, after imagery.Digest, lim decode.Limits) (assess.Bundle, error) {
	files, err := s.Files(ctx, slug, before, after)
	if err != nil {
		return nil, err
	}
	b := assess.Bundle{}
	for _, f := range files {
		if !written(kind, f.Name) {
			continue
		}
		if b[f.Name], err = s.Read(ctx, f, lim.MaxBytes); err != nil {
			return nil, err
		}
	}
	if b[assess.ReportJSON] == nil {
		return nil, fmt.Errorf("%s: the result holds no %s: %w", s, assess.ReportJSON, imagery.ErrCorrupt)
	}
	return b, nil
}

// written says that compare or judge writes a file of that name.
func written(kind batch.Kind, name string) bool {
	if !filepath.IsLocal(filepath.FromSlash(name)) {
		return false
	}
	if kind == batch.KindPair {
		return slices.Contains([]string{assess.ReportJSON, assess.BeforePNG, assess.AfterPNG, assess.ChangePNG,
			assess.HeatPNG, assess.ValidPNG, assess.OverviewPNG, assess.ResidualsPNG}, name)
	}
	return slices.Contains([]string{assess.ReportJSON, assess.TimelineSVG, assess.FilmstripPNG, assess.MatrixSVG,
		assess.ControlsSVG, assess.PowerSVG, assess.PlaceboPNG}, name) ||
		strings.HasPrefix(name, assess.RegionsFolder) || strings.HasPrefix(name, assess.AlignedFolder)
}

// caseFrom makes the page of a case from its files.
func caseFrom(it batch.Item, c imagery.Case, b assess.Bundle) (judged, error) {
	var rep assess.Report
	if err := json.Unmarshal(b[assess.ReportJSON], &rep); err != nil {
		return judged{}, fmt.Errorf("%s: %s: %w: %w", it.Source(), assess.ReportJSON, imagery.ErrCorrupt, err)
	}
	html, err := views.Report(c, rep, b, caseCommand(it))
	pic, err2 := pictureOf(b, assess.FilmstripPNG)
	return judged{rep, b, html, pic}, errors.Join(err, err2)
}

// pairFrom makes the page of a pair from its files.
func pairFrom(it batch.Item, c imagery.Case, b assess.Bundle) (judged, error) {
	var pr assess.PairReport
	if err := json.Unmarshal(b[assess.ReportJSON], &pr); err != nil {
		return judged{}, fmt.Errorf("%s: %s: %w: %w", it.Source(), assess.ReportJSON, imagery.ErrCorrupt, err)
	}
	rep := pairAsCase(c, pr)
	html, err := pairPage(c, rep, b, pairCommand(it))
	pic, err2 := pictureOf(b, assess.OverviewPNG)
	return judged{rep, b, html, pic}, errors.Join(err, err2)
}

// pictureOf decodes a picture of a bundle; nil if it isn't there.
func pictureOf(b assess.Bundle, name string) (image.Image, error) {
	if b[name] == nil {
		return nil, nil
	}
	im, err := png.Decode(bytes.NewReader(b[name]))
	if err != nil {
		return nil, fmt.Errorf("%s: %w: %w", name, imagery.ErrCorrupt, err)
	}
	return im, nil
}
