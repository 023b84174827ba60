package assess

import (
	"context"

	"github.com/antequem/antequem/imagery"
)

// A reader hands over the pictures of images one after the other. While one is in use
// it reads the next, so that decoding, which keeps one processor busy, takes no time of
// its own.
type reader struct {
	ctx     context.Context
	load    Loader
	images  []imagery.Image // still to be begun
	waiting chan read       // nil, or a picture on its way
}

// A read picture, or why there is none.
type read struct {
	picture Picture
	err     error
	panic   any
}

// ahead is the size of a picture, px, from which on a second one in memory weighs more
// than the time that it saves.
const ahead = 8 << 20

// next returns the picture of the next image.
func (r *reader) next() (Picture, error) {
	if r.waiting == nil {
		r.begin()
	}
	got := <-r.waiting
	r.waiting = nil
	if got.panic != nil {
		panic(got.panic) // where whoever asked for it may recover
	}
	if w, h := got.picture.Raster.Size(); got.err == nil && w*h < ahead && len(r.images) > 0 {
		r.begin()
	}
	return got.picture, got.err
}

func (r *reader) begin() {
	im, to := r.images[0], make(chan read, 1)
	r.images, r.waiting = r.images[1:], to
	go func() {
		var got read
		defer func() {
			got.panic = recover()
			to <- got
		}()
		got.picture, got.err = r.load(r.ctx, im)
	}()
}

// stop waits for a picture on its way that nobody will ask for.
func (r *reader) stop() {
	if r.waiting != nil {
		<-r.waiting
	}
}
