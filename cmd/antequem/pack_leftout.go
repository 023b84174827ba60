package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/archive"
	"github.com/antequem/antequem/imagery/decode"
	"github.com/antequem/antequem/imagery/evidence"
)

// A leftOut says which originals stay out of a pack.
type leftOut struct {
	chosen   map[imagery.Digest]bool
	personal map[imagery.Digest]string // the sorts of metadata that may tell of people
}

// leaveOut decides which originals stay out: those named by --withhold, whatever else in
// the case is the same file, and those that hold metadata which nobody asked to pass on
// and no editor released.
func leaveOut(ctx context.Context, a *archive.Archive, c imagery.Case, o packOptions, lim decode.Limits) (leftOut, error) {
	out := leftOut{map[imagery.Digest]bool{}, map[imagery.Digest]string{}}
	for _, file := range o.withhold {
		im, ok := c.Image(file)
		if !ok {
			return out, usage(fmt.Errorf("--withhold %s: the case has no image of that name: %w", file, imagery.ErrNotFound))
		}
		out.chosen[im.Digest] = true
	}
	if o.metadata {
		return out, nil
	}
	released, err := a.Releases(ctx, c.Location.Slug)
	if err != nil {
		return out, err
	}
	for _, im := range c.Images {
		if released.Of(im.File).Metadata {
			continue
		}
		data, err := a.ReadOriginal(ctx, im.Digest)
		if err != nil {
			return out, err
		}
		info, err := decode.Stat(data, lim)
		if err != nil {
			return out, fmt.Errorf("%s: %w", im.File, err)
		}
		if len(info.Personal) > 0 {
			out.personal[im.Digest] = strings.Join(info.Personal, ", ")
		}
	}
	return out, nil
}

func (l leftOut) reason(im imagery.Image) evidence.Reason {
	switch {
	case l.chosen[im.Digest]:
		return evidence.ByChoice
	case l.personal[im.Digest] != "":
		return evidence.ByMetadata
	}
	return evidence.PassedOn
}

// hidden says that no picture of an image is to be passed on either.
func (l leftOut) hidden(im imagery.Image) bool { return l.chosen[im.Digest] }

// why tells a user how to pass on what was left out unasked.
func (l leftOut) why(d imagery.Digest) string {
	if l.chosen[d] {
		return ""
	}
	return ": it holds " + l.personal[d] + "; --metadata passes it on as it is"
}
