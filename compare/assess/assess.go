// Package assess is where the rooms of compare meet: a pair of pictures, or a
// whole case, taken through named steps in order. It opens no file and knows no
// clock: pictures come from a [Loader], results go out as values and as named
// files in memory ([Bundle]), the same bytes for the same input.
package assess

import (
	"cmp"
	"context"
	"fmt"
	"runtime/debug"

	"github.com/antequem/antequem/compare/align"
	"github.com/antequem/antequem/compare/change"
	"github.com/antequem/antequem/compare/timeline"
	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/geo"
	"github.com/antequem/antequem/imagery/raster"
)

// Version names the method. It changes whenever the same input may give another
// result, so that no result outlives the method that made it.
const Version = "14"

// A Picture is a decoded image, upright, and what is known of it.
type Picture struct {
	Image  imagery.Image
	Raster raster.Raster
	Georef *geo.Georeference // nil where the file gives none that is known here
	Doubts []string          // times in the file that contradict the date declared, a sentence for each
}

// A Loader hands over the picture of an image. The picture may be dropped before the
// next one is asked for; an image that has to be laid over others is asked for again.
type Loader func(ctx context.Context, im imagery.Image) (Picture, error)

// Progress is told how far a long assessment has come. It may be called from
// one goroutine at a time only.
type Progress interface {
	Step(name string, done, total int)
}

// Options sum up the options of the rooms.
type Options struct {
	Align    align.Options
	Change   change.Options
	Timeline timeline.Options
	Context  int // px of the reference kept on each side of a region for measuring; 0 keeps the whole picture
	Workers  int // 0: one for each processor
}

// DefaultOptions returns what config.yaml ships with.
func DefaultOptions() Options {
	return Options{
		Align:    align.DefaultOptions(),
		Change:   change.DefaultOptions(),
		Timeline: timeline.DefaultOptions(),
		Context:  768,
	}
}

// Validate says what is wrong with o, naming the option.
func (o Options) Validate() error {
	if o.Context < 0 {
		return fmt.Errorf("options: context %d px: want 0 or more: %w", o.Context, imagery.ErrInvalid)
	}
	if o.Workers < 0 {
		return fmt.Errorf("options: workers %d: want 0 or more: %w", o.Workers, imagery.ErrInvalid)
	}
	return cmp.Or(o.Align.Validate(), o.Change.Validate(), o.Timeline.Validate())
}

// silent is the Progress of callers who don't listen.
type silent struct{}

func (silent) Step(string, int, int) {}

// Build names the version of the program and of its method: "0.1.0+method.1",
// with the module's version as the toolchain recorded it.
func Build() string {
	v := "devel"
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		v = info.Main.Version
	}
	return v + "+method." + Version
}
