package page

import (
	"fmt"
	"html/template"
	"slices"

	"github.com/antequem/antequem/compare"
	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/server/web"
)

// functions are what templates may call, in the voice's language where they write words.
func (v *voice) functions() template.FuncMap {
	return template.FuncMap{
		"t":            v.say,
		"english":      v.english,
		"note":         v.note,
		"forScripts":   v.forScripts,
		"bdi":          isolate,
		"isolated":     isolated,
		"acquired":     v.acquired,
		"interval":     v.interval,
		"bracket":      v.bracket,
		"instant":      v.instant,
		"word":         v.word,
		"means":        v.means,
		"explain":      v.explain,
		"tally":        v.tally,
		"asserts":      v.asserts,
		"why":          v.why,
		"settle":       v.settle,
		"basisWords":   v.basisWords,
		"basisName":    v.basisName,
		"basisMeans":   v.basisMeans,
		"platform":     v.platform,
		"platformName": v.platformName,
		"stateWord":    v.stateWord,
		"damage":       v.damage,
		"role":         v.role,
		"decimal":      v.decimal,
		"statusWord":   v.statusWord,
		"reasonWords":  v.reasonWords,
		"modelWord":    v.modelWord,
		"modeWord":     v.modeWord,
		"measure":      v.measure,
		"size":         v.size,
		"fraction":     v.fraction,
		"probability":  v.probability,
		"weight":       v.weight,
		"count":        v.count,
		"source":       v.source,
		"scale":        v.scale,
		"embedCode":    v.embedCode,
		"alt":          v.alt,
		"altAlone":     v.altAlone,
		"says":         v.says,
		"timeline":     v.timeline,
		"measurements": v.measurements,
		"cautions":     v.cautions,
		"doubts":       v.doubts,
		"footprints":   v.footprints,
		"windows":      v.windows,
		"rests":        v.rests,
		"position":     v.position,
		"code":         code,
		"stamped":      v.stamped,
		"alike":        v.alike,
		"fileDate":     v.fileDate,
		"digits":       v.digits,
		"claimKind":    v.claimKind,

		"asset":        asset,
		"hasViewer":    web.HasViewer,
		"dict":         dict,
		"locationPath": LocationPath,
		"claimPath":    ClaimPath,
		"comparePath":  ComparePath,
		"uploadPath":   UploadPath,
		"editPath":     EditPath,
		"claimKinds":   func() []imagery.ClaimKind { return claimKinds },
		"inLanguage":   InLanguage,
		"plain":        plain,
		"answers":      func() []compare.Answer { return answers },
		"bases":        func() []imagery.Basis { return imagery.Bases },
		"platforms":    func() []imagery.Platform { return imagery.Platforms },
		"conditional":  conditional,
		"modes":        func() []Mode { return Modes },
		"points":       points,
		"shown":        shown,
		"swipe":        func() Mode { return Swipe },
		"fit":          fit,
		"known":        known,
		"named":        named,
		"frame":        frame,
		"findingOf":    findingOf,
		"contains":     slices.Contains[[]string],
		"ties":         ties,
		"more":         more,
		"inc":          func(i int) int { return i + 1 },
		"answer":       answer,
		"deepZoom":     deepZoom,
		"imageAnchor":  imageAnchor,
		"holders":      holders,
		"crop":         crop,
		"tiles":        tiles,
		"others":       others,
		"formFields":   func() []string { return formFields },

		"locationFields": func() []string { return []string{FieldName, FieldSlug, FieldLat, FieldLon, FieldPosition} },
		"positions":      func() []string { return Positions },
		"positionWord":   func(p string) template.HTML { return v.say("location.position." + p) },
		"degrees":        degrees,
	}
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

// findingOf returns the finding of a claim's region, the first where it names none;
// nil if there is none.
func findingOf(all []Finding, c ClaimView) *Finding {
	for i := range all {
		if c.Region == "" || all[i].Region == c.Region {
			return &all[i]
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
