package page

import "encoding/json"

// deepZoom returns an image's tiles; nil if it has none.
func deepZoom(v ImageView) *Tiles {
	if v.Picture == nil {
		return nil
	}
	return v.Picture.Tiles
}

// tiles writes t as the viewer's script reads it.
func tiles(t *Tiles) (string, error) {
	b, err := json.Marshal(struct {
		URL     string `json:"url"`
		Width   int    `json:"width"`
		Height  int    `json:"height"`
		Size    int    `json:"size"`
		Overlap int    `json:"overlap"`
		Format  string `json:"format"`
	}{t.URL, t.Width, t.Height, t.Size, t.Overlap, t.Format})
	return string(b), err
}

// offered says whether a page of v can show a mode: difference and heat need
// their picture.
func offered(v CompareView, m Mode) bool {
	switch m {
	case Difference:
		return v.Pair.Difference != nil
	case Heat:
		return v.Pair.Heat != nil
	}
	return true
}
