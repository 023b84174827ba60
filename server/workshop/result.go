package workshop

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"slices"

	"github.com/antequem/antequem/compare/assess"
	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/archive"
)

// A Result is what was made by a recipe, and can be asked what it holds.
type Result struct{ archive.Result }

// Holds says that there is a file of that name.
func (r Result) Holds(name string) bool {
	_, ok := slices.BinarySearch(r.Names, name)
	return ok
}

// JSON reads a file into v.
func (r Result) JSON(name string, v any) error {
	b, err := r.Read(name)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(b, v); err != nil {
		return fmt.Errorf("read %s: %w: %w", name, imagery.ErrCorrupt, err)
	}
	return nil
}

// View reads what is said of the pictures of a single image.
func (r Result) View() (v View, err error) {
	err = r.JSON(viewJSON, &v)
	return v, err
}

// Size returns the size of a picture, px, and (0, 0) where it can't be read.
func (r Result) Size(name string) image.Point {
	b, err := r.Read(name)
	if err != nil {
		return image.Point{}
	}
	c, _, err := image.DecodeConfig(bytes.NewReader(b))
	if err != nil {
		return image.Point{}
	}
	return image.Pt(c.Width, c.Height)
}

// AlignedName names the picture of an image on the grid of its case.
func AlignedName(im imagery.Image) string { return assess.AlignedFolder + im.Digest.Short() + ".png" }

// PlaceboName names the picture of the control windows of region k.
func PlaceboName(k int, region string) string {
	if k == 0 {
		return assess.PlaceboPNG
	}
	return assess.RegionFolder(k, region) + assess.PlaceboPNG
}
