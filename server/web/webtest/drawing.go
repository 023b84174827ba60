package webtest

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
)

// HarmlessDrawing looks in an SVG for elements and attributes that no drawing of the
// program has: those that run something, load something or lead somewhere, and <pwn>,
// which tests write into every text.
func HarmlessDrawing(t testing.TB, where string, svg []byte) {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(svg))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Errorf("%s is no drawing: %v", where, err)
			return
		}
		e, ok := token.(xml.StartElement)
		if ok && slices.Contains([]string{"pwn", "script", "foreignObject", "image", "a", "img"}, e.Name.Local) {
			t.Errorf("%s holds <%s>", where, e.Name.Local)
		}
		for _, a := range e.Attr {
			if a.Name.Local == "pwn" || strings.HasPrefix(a.Name.Local, "on") {
				t.Errorf("%s holds %s=%q", where, a.Name.Local, a.Value)
			}
		}
	}
}
