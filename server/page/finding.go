package page

import (
	"html/template"

	"github.com/antequem/antequem/compare"
	"github.com/antequem/antequem/imagery"
)

// A ClaimView is a claim and what the imagery says of it.
type ClaimView struct {
	imagery.Claim
	Verdict *compare.Verdict // nil while it is being judged, or where there is nothing to judge it by
}

// A Finding is what the images say of one region, before any claim.
type Finding struct {
	Region      string // Region.Name; "" for the only one
	Timeline    compare.Timeline
	Bracket     *compare.Bracket   // of the first change; nil where there is none
	Steps       []compare.Bracket  // one for each change, in order; empty stands for Bracket alone
	DetectableM float64            // Timeline.DetectablePx in metres; NaN if unknown
	RuledOutM   float64            // Timeline.RuledOutPx in metres; NaN if unknown
	Diagram     template.HTML      // the timeline as package overlay drew it, for a finding whose Timeline has no frames
	Crops       map[string]Picture // the region close up, by Image.File; may be empty
	Placebo     *Picture           // the nearest control windows, one row each; nil for none. Its size may be unknown: 0
	Placebos    int                // windows in it
}

// A Job is slow work that a page waits for.
type Job struct {
	What string  // "Aligning b.tif"
	Done float64 // 0 to 1; NaN if it can't be told
}

// A Link leads to a file to take away.
type Link struct {
	Label string // "Numbers"
	URL   string
	Note  string // "JSON, 12 kB"
}
