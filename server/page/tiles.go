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
