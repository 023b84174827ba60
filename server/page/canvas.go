package page

import (
	"encoding/json"

	"github.com/antequem/antequem/server/web"
)

// A Canvas is an image as the script of the table draws on it. Its pixels are those
// of the original, upright, whatever the size of the picture that shows it.
type Canvas struct {
	ID      string         `json:"id"`
	File    string         `json:"file"`
	Width   int            `json:"width"` // px of the original
	Height  int            `json:"height"`
	Picture string         `json:"picture"` // address of the whole image, at most 1600 px wide
	Small   string         `json:"small"`   // the same, at most 640 px wide
	Whole   string         `json:"whole"`   // the same, as fine as a browser can hold it
	Events  string         `json:"events"`  // tells when the pictures are made; "" where they are
	Why     string         `json:"why"`     // why there are none; "" otherwise
	Map     *[3][3]float64 `json:"map"`     // from the reference's px to this image's, without local bends; null if not known
}

// A Drawing is what the script of the table draws on.
type Drawing struct {
	Images    []Canvas `json:"images"`
	Reference string   `json:"reference"` // ID of the image that tie points count from; "" if not known yet
}

// JSON is the drawing as its script reads it; "" where there is nothing to draw on,
// or no script that draws.
func (d Drawing) JSON() (string, error) {
	if len(d.Images) == 0 || !web.HasDrawing() {
		return "", nil
	}
	b, err := json.Marshal(d)
	return string(b), err
}

// Ties says that tie points can be placed on the image of that id.
func (d Drawing) Ties(id string) bool {
	if d.Reference == "" || d.Reference == id {
		return false
	}
	for _, c := range d.Images {
		if c.ID == id {
			return true
		}
	}
	return false
}
