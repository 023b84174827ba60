package page

import (
	"fmt"
	"html/template"
	"slices"

	"github.com/antequem/antequem/compare"
	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/server/web"
)

var functions = template.FuncMap{
	"asset":        asset,
	"hasViewer":    web.HasViewer,
	"dict":         dict,
	"locationPath": LocationPath,
	"claimPath":    ClaimPath,
	"comparePath":  ComparePath,
	"uploadPath":   UploadPath,
	"acquired":     acquired,
	"interval":     interval,
	"bracket":      bracket,
	"plain":        plain,
	"word":         word,
	"means":        means,
	"answers":      func() []compare.Answer { return answers },
	"tally":        tally,
	"asserts":      asserts,
	"bases":        func() []imagery.Basis { return imagery.Bases },
	"platforms":    func() []imagery.Platform { return imagery.Platforms },
	"basisWords":   basisWords,
	"basisMeans":   basisMeans,
	"conditional":  conditional,
	"platform":     platform,
	"stateWord":    stateWord,
	"statusWord":   statusWord,
	"reasonWords":  reasonWords,
	"modes":        func() []Mode { return Modes },
	"modeWord":     modeWord,
	"measure":      measure,
	"size":         size,
	"fraction":     fraction,
	"probability":  probability,
	"weight":       weight,
	"count":        count,
	"outside":      outside,
	"host":         host,
	"points":       points,
	"scale":        scale,
	"shown":        shown,
	"swipe":        func() Mode { return Swipe },
	"fit":          fit,
	"known":        known,
	"named":        named,
	"frame":        frame,
	"contains":     slices.Contains[[]string],
	"ties":         ties,
	"more":         more,
	"answer":       answer,
	"embedCode":    embedCode,
	"deepZoom":     deepZoom,
	"imageAnchor":  imageAnchor,
	"alt":          alt,
	"altAlone":     altAlone,
	"says":         says,
	"holders":      holders,
	"crop":         crop,
	"explain":      explain,
	"tiles":        tiles,
	"timeline":     timeline,
	"measurements": measurements,
	"others":       others,
	"basisName":    basisName,
	"formFields":   func() []string { return formFields },
}

// asset returns the address of an embedded file.
func asset(name string) (string, error) {
	a, ok := web.Named(name)
	if !ok {
		return "", fmt.Errorf("asset %s: not embedded", name)
	}
	return a.Path, nil
}

// dict gives a nested template more than one value.
func dict(pairs ...any) (map[string]any, error) {
	if len(pairs)%2 != 0 {
		return nil, fmt.Errorf("dict: odd number of values")
	}
	m := make(map[string]any, len(pairs)/2)
	for i := 0; i < len(pairs); i += 2 {
		k, ok := pairs[i].(string)
		if !ok {
			return nil, fmt.Errorf("dict: %v is no name", pairs[i])
		}
		m[k] = pairs[i+1]
	}
	return m, nil
}

// named finds an image by its file; nil if there is none.
func named(images []ImageView, file string) *ImageView {
	for i := range images {
		if images[i].File == file {
			return &images[i]
		}
	}
	return nil
}

// frame finds an image's part in a finding; nil if it has none.
func frame(f *Finding, file string) *compare.Frame {
	if f == nil {
		return nil
	}
	for i := range f.Timeline.Frames {
		if f.Timeline.Frames[i].File == file {
			return &f.Timeline.Frames[i]
		}
	}
	return nil
}

// answer is a claim's verdict: untestable claims have one from the start, others
// none until they are judged.
func answer(v ClaimView) compare.Answer {
	switch {
	case v.Kind == imagery.ClaimUntestable:
		return compare.Untestable
	case v.Verdict != nil:
		return v.Verdict.Answer
	}
	return ""
}

// imageAnchor names the place of an image on a location's page.
func imageAnchor(v ImageView) string {
	if v.ID != "" {
		return "image-" + v.ID
	}
	return "image-" + imagery.DigestOf([]byte(v.File)).Short()
}

// more is how many jobs there are beyond the first n.
func more(jobs []Job, n int) int { return max(0, len(jobs)-n) }
