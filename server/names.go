package server

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/antequem/antequem/imagery"
)

var (
	slugPattern  = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,127}$`)
	claimPattern = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$`)
	imagePattern = regexp.MustCompile(`^[0-9a-f]{12,64}$`)
	viewPattern  = regexp.MustCompile(`^[A-Za-z0-9.,;:_@~+-]{0,160}$`)
)

// imageOf finds the image that an address names by the first 12 characters or
// more of its digest.
func imageOf(c imagery.Case, id string) (imagery.Image, error) {
	if !imagePattern.MatchString(id) {
		return imagery.Image{}, refuse(imagery.ErrNotFound, "An image is named by the first 12 characters or more of its SHA-256.")
	}
	var found []imagery.Image
	for _, im := range c.Images {
		if strings.HasPrefix(im.Digest.String(), id) {
			found = append(found, im)
		}
	}
	switch {
	case len(found) == 0:
		return imagery.Image{}, refuse(imagery.ErrNotFound, fmt.Sprintf("This location has no image %s.", id))
	case len(found) > 1 && found[0].Digest != found[1].Digest:
		return imagery.Image{}, refuse(imagery.ErrNotFound, fmt.Sprintf("%d images begin with %s: give more characters of the SHA-256.", len(found), id))
	}
	return found[0], nil
}

// resultPath returns the address of one file of a result. It names its content,
// so it may be cached for good.
func resultPath(recipe imagery.Digest, name string) string {
	return "/results/" + recipe.String() + "/" + name
}

// originalsPath is what the address of every original begins with.
const originalsPath = "/originals/"

// originalPath returns the address of an original.
func originalPath(d imagery.Digest) string { return originalsPath + d.String() }

// reportPath returns the address of what was measured of a location.
func reportPath(slug string) string { return "/api/v1/locations/" + slug + "/report" }

// receiptPath returns the address of what became of an upload.
func receiptPath(slug string, d imagery.Digest) string {
	return "/locations/" + slug + "/uploads/" + d.Short()
}
