// Package casefile reads and writes the YAML case: a location, its images, its
// regions and its claims. Nothing half-read comes out of it: what is wrong is
// told all at once, each mistake with the file, the line and the mend, and only a
// file without mistakes gives a case.
//
//	title: Training scene                  # the only key that a case must have
//	summary: What readers should know.
//	location: {name: Training scene, lat: 36.2, lon: 37.15, position: verified, slug: training-scene}
//	images:                                # any order; paths relative to this file
//	  - file: a.png
//	    acquired: 2015-10-15               # EDTF, see package edtf; ../.. where nothing is known
//	    basis: claimed                     # capture, mosaic, release, published, claimed, inferred
//	    source: "https://example.org/a"
//	    publisher: Example Imaging
//	    licence: CC-BY-4.0
//	    platform: satellite                # satellite, aerial, drone, unknown
//	    sensor: WV02
//	    gsd_m: 0.5                         # metres per pixel
//	    off_nadir: 12                      # degrees, as are the sun's angles
//	    sun_azimuth: 160
//	    sun_elevation: 40
//	    notes: How the date was found.
//	    synthetic: false                   # drawn by a program
//	    sha256: 9f86d081884c7d65…          # checked against the file, where it is given
//	    tie_points: [[[12, 30], [14.5, 28]], …]   # [reference x, y], [this image x, y]; px
//	reference: a.png
//	region: {image: a.png, polygon: [[412, 300], [470, 300], [470, 352]]}    # px of that image
//	regions:                               # or several, by name; a mapping from names serves too
//	  - {name: roof, geojson: {type: Polygon, coordinates: [[[37.1, 36.2], …]]}}
//	claims:
//	  - {id: struck, text: "…", claimant: "…", source: "…", region: roof, changed: 2016-04-27}
//	look_for: [A scene taken between March and May 2016.]
//
// A claim has one of changed, unchanged (a date), same, differs (two files) and
// untestable (why). A case without images is legal: it is a text that waits for
// imagery, so its claims may name images that nobody holds yet.
package casefile

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/antequem/antequem/imagery"
	"go.yaml.in/yaml/v3"
)

// MaxBytes is the largest case file that is read. The text of a hundred long
// claims is a hundredth of it.
const MaxBytes = 4 << 20

// A File is a case and the lines on which its parts stand, for mistakes that only
// the images themselves can show.
type File struct {
	Name string
	Case imagery.Case

	imageLines  []int // as Case.Images
	regionLines []int // as Case.Regions
	claimLines  []int // as Case.Claims
}

// Parse reads a case. name is what mistakes call the file. The error is a
// [Mistakes], which wraps imagery.ErrInvalid.
func Parse(name string, data []byte) (imagery.Case, error) {
	f, err := Read(name, data)
	if err != nil {
		return imagery.Case{}, err
	}
	return f.Case, nil
}

// Read is Parse that keeps the lines.
func Read(name string, data []byte) (*File, error) {
	if len(data) > MaxBytes {
		return nil, fmt.Errorf("case %s: %d bytes, more than %d: %w", name, len(data), MaxBytes, imagery.ErrTooLarge)
	}
	r := &reader{name: name}
	root, err := r.document(data)
	if err != nil {
		return nil, err
	}
	f := &File{Name: name}
	f.Case = r.readCase(root, f)
	if len(r.mistakes) > 0 {
		return nil, r.mistakes.sorted()
	}
	return f, nil
}

// document returns the root of the only YAML document in data.
func (r *reader) document(data []byte) (*yaml.Node, error) {
	dec := yaml.NewDecoder(bytes.NewReader(data))
	var doc, second yaml.Node
	switch err := dec.Decode(&doc); {
	case errors.Is(err, io.EOF):
		return nil, Mistakes{{r.name, 1, "the file is empty: begin with title: and images:"}}
	case err != nil:
		return nil, Mistakes{syntaxMistake(r.name, err)}
	}
	if err := dec.Decode(&second); !errors.Is(err, io.EOF) {
		line := max(second.Line, 1)
		if err != nil {
			return nil, Mistakes{syntaxMistake(r.name, err)}
		}
		return nil, Mistakes{{r.name, line, "a second document begins here: a case file holds one case, without ---"}}
	}
	if len(doc.Content) != 1 {
		return nil, Mistakes{{r.name, 1, "the file is empty: begin with title: and images:"}}
	}
	return doc.Content[0], nil
}

// Load reads the case file at path and checks that its images are there.
func Load(path string) (imagery.Case, error) {
	f, err := Open(path)
	if err != nil {
		return imagery.Case{}, err
	}
	return f.Case, nil
}

// Open is Load that keeps the lines.
func Open(path string) (*File, error) {
	data, err := readLimited(path)
	if err != nil {
		return nil, err
	}
	f, err := Read(path, data)
	if err != nil {
		return nil, err
	}
	return f, f.checkFiles(filepath.Dir(path))
}

func readLimited(path string) ([]byte, error) {
	in, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("case %s: %w", path, imagery.ErrNotFound)
	}
	if err != nil {
		return nil, fmt.Errorf("case: %w", err)
	}
	defer in.Close()
	if st, err := in.Stat(); err == nil && st.IsDir() {
		return nil, fmt.Errorf("case %s: a folder, want a case file: %w", path, imagery.ErrInvalid)
	}
	data, err := io.ReadAll(io.LimitReader(in, MaxBytes+1))
	if err != nil {
		return nil, fmt.Errorf("case: %w", err)
	}
	return data, nil
}

// checkFiles says which images are not in dir, or are not the bytes that the case means.
func (f *File) checkFiles(dir string) error {
	var ms Mistakes
	for i, im := range f.Case.Images {
		if text := checkFile(dir, im); text != "" {
			ms = append(ms, Mistake{f.Name, f.imageLines[i], text})
		}
	}
	if len(ms) > 0 {
		return ms
	}
	return nil
}

func checkFile(dir string, im imagery.Image) string {
	path := filepath.FromSlash(im.File)
	if !filepath.IsAbs(path) {
		path = filepath.Join(dir, path)
	}
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Sprintf("image %q: there is no such file; put it there or mend the path, which is relative to the case file", im.File)
	case err != nil:
		return fmt.Sprintf("image %q: %v", im.File, errors.Unwrap(err))
	case info.IsDir():
		return fmt.Sprintf("image %q: that is a folder; name the file in it", im.File)
	case im.Digest.IsZero():
		return ""
	}
	in, err := os.Open(path)
	if err != nil {
		return fmt.Sprintf("image %q: %v", im.File, errors.Unwrap(err))
	}
	defer in.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, in); err != nil {
		return fmt.Sprintf("image %q: %v", im.File, err)
	}
	if got := imagery.Digest(sum.Sum(nil)); got != im.Digest {
		return fmt.Sprintf("image %q: its SHA-256 is %s; the case was written for another file", im.File, got)
	}
	return ""
}
