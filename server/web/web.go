// Package web holds the scripts and styles of the pages: static/ is source that
// is embedded as it stands, dist/ is what `go run ./server/web/build` bundles
// from src/ and node_modules/. Without dist/ every page still works; only
// deep zoom and drawing are missing, see [HasViewer] and [HasDrawing].
//
// The address of an asset carries its digest, so it never changes its meaning
// and may be cached for good.
package web

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"mime"
	"path"
	"strings"
)

//go:generate go run ./build
//go:embed static all:dist
var files embed.FS

// Prefix is where the service answers for assets.
const Prefix = "/assets/"

// CacheControl is the header for an asset that [Find] found.
const CacheControl = "public, max-age=31536000, immutable"

// An Asset is one embedded file.
type Asset struct {
	Name    string // "style.css"
	Path    string // the address that carries its digest: "/assets/style.1f0c3a9e2b.css"
	Type    string // media type, with the character set where it is text
	Digest  string // SHA-256, hexadecimal
	Content []byte
}

var byName, byPath = index()

func index() (byName, byPath map[string]Asset) {
	byName, byPath = map[string]Asset{}, map[string]Asset{}
	for _, dir := range []string{"static", "dist"} {
		entries, err := fs.ReadDir(files, dir)
		if err != nil {
			continue
		}
		for _, e := range entries {
			ext := path.Ext(e.Name())
			typ := mediaType(ext)
			if e.IsDir() || typ == "" {
				continue
			}
			b, err := fs.ReadFile(files, path.Join(dir, e.Name()))
			if err != nil {
				continue
			}
			sum := sha256.Sum256(b)
			digest := hex.EncodeToString(sum[:])
			a := Asset{
				Name:    e.Name(),
				Path:    Prefix + strings.TrimSuffix(e.Name(), ext) + "." + digest[:10] + ext,
				Type:    typ,
				Digest:  digest,
				Content: b,
			}
			byName[a.Name], byPath[a.Path] = a, a
		}
	}
	return byName, byPath
}

// mediaType returns "" for files that are no assets, such as a note to readers
// of the folder.
func mediaType(ext string) string {
	switch ext {
	case ".css":
		return "text/css; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".svg", ".png":
		return mime.TypeByExtension(ext)
	}
	return ""
}

// Find returns the asset at an address, and whether there is one.
func Find(address string) (Asset, bool) {
	a, ok := byPath[address]
	return a, ok
}

// Named returns the asset of a file name, and whether there is one.
func Named(name string) (Asset, bool) {
	a, ok := byName[name]
	return a, ok
}

// All returns every asset, by name.
func All() map[string]Asset {
	m := make(map[string]Asset, len(byName))
	for k, v := range byName {
		m[k] = v
	}
	return m
}

// Names of what is bundled.
const (
	Viewer  = "viewer.js" // deep zoom
	Drawing = "draw.js"   // draws regions and places tie points
)

// HasViewer says whether the bundle was built before the program was.
func HasViewer() bool {
	_, ok := byName[Viewer]
	return ok
}

// HasDrawing says the same of the script that draws.
func HasDrawing() bool {
	_, ok := byName[Drawing]
	return ok
}
