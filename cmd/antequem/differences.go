package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image/png"
	"maps"
	"path"
	"slices"
	"strings"
)

// mostDifferences is how many differences of one file are told one by one.
const mostDifferences = 50

// differences says in plain clauses where a result of a pack is another than the one
// made here: field by field in JSON, pixel by pixel in a PNG, else by the first byte.
func differences(name string, held, here []byte) []string {
	if bytes.Equal(held, here) {
		return nil
	}
	var out []string
	switch path.Ext(name) {
	case ".json":
		out = jsonDifferences(held, here)
	case ".png":
		out = pngDifferences(held, here)
	}
	if out == nil {
		out = []string{fmt.Sprintf("from byte %d on it is not what the originals give", firstDifference(held, here))}
	}
	if n := len(out); n > mostDifferences {
		out = append(out[:mostDifferences:mostDifferences], fmt.Sprintf("and %d more differences", n-mostDifferences))
	}
	return out
}

func firstDifference(a, b []byte) int {
	n := min(len(a), len(b))
	for i := range n {
		if a[i] != b[i] {
			return i
		}
	}
	return n
}

// jsonDifferences returns nil where either is no JSON, or both say the same in other bytes.
func jsonDifferences(held, here []byte) (out []string) {
	a, errA := anyJSON(held)
	b, errB := anyJSON(here)
	if errA != nil || errB != nil {
		return nil
	}
	walkJSON("", a, b, func(at, what string) { out = append(out, at+": "+what) })
	return out
}

func anyJSON(data []byte) (v any, err error) {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	err = dec.Decode(&v)
	return v, err
}

func walkJSON(at string, held, here any, tell func(at, what string)) {
	switch a := held.(type) {
	case map[string]any:
		if b, ok := here.(map[string]any); ok {
			all := maps.Clone(a)
			maps.Copy(all, b)
			for _, key := range slices.Sorted(maps.Keys(all)) {
				walkJSON(strings.TrimPrefix(at+"."+key, "."), a[key], b[key], tell)
			}
			return
		}
	case []any:
		if b, ok := here.([]any); ok {
			if len(a) != len(b) {
				tell(at, fmt.Sprintf("%d entries in the pack, %d from the originals", len(a), len(b)))
			}
			for i := range min(len(a), len(b)) {
				walkJSON(fmt.Sprintf("%s[%s]", at, label(i, a[i])), a[i], b[i], tell)
			}
			return
		}
	}
	if x, y := compact(held), compact(here); x != y {
		tell(at, fmt.Sprintf("%s in the pack, %s from the originals", shortened(x), shortened(y)))
	}
}

// label names an entry of a list by its id or file where it has one.
func label(i int, v any) string {
	if m, ok := v.(map[string]any); ok {
		for _, key := range []string{"id", "file"} {
			if s, ok := m[key].(string); ok && s != "" {
				return shortened(s)
			}
		}
	}
	return fmt.Sprint(i)
}

func compact(v any) string {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return err.Error()
	}
	return strings.TrimSpace(b.String())
}

// shortened keeps of a long text the beginning and the end.
func shortened(s string) string {
	r := []rune(s)
	if len(r) <= 160 {
		return s
	}
	return string(r[:100]) + "…" + string(r[len(r)-50:])
}

// pngDifferences counts pixels; nil where either is no PNG or of another form.
func pngDifferences(held, here []byte) []string {
	ca, errA := png.DecodeConfig(bytes.NewReader(held))
	cb, errB := png.DecodeConfig(bytes.NewReader(here))
	if errA != nil || errB != nil {
		return nil
	}
	if ca.Width != cb.Width || ca.Height != cb.Height {
		return []string{fmt.Sprintf("%d × %d px in the pack, %d × %d px from the originals", ca.Width, ca.Height, cb.Width, cb.Height)}
	}
	a, errA := png.Decode(bytes.NewReader(held))
	b, errB := png.Decode(bytes.NewReader(here))
	if errA != nil || errB != nil {
		return nil
	}
	n := 0
	for y := range ca.Height {
		for x := range ca.Width {
			ar, ag, ab, aa := a.At(x, y).RGBA()
			br, bg, bb, ba := b.At(x, y).RGBA()
			if ar != br || ag != bg || ab != bb || aa != ba {
				n++
			}
		}
	}
	if n == 0 {
		return []string{"every pixel is the same, and the bytes are not"}
	}
	return []string{fmt.Sprintf("%d of its %d pixels are not what the originals give", n, ca.Width*ca.Height)}
}
