package batch

import (
	"fmt"
	"path"
	"strings"

	"github.com/antequem/antequem/compare"
	"github.com/antequem/antequem/compare/assess"
	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/edtf"
)

// What became of an item.
const (
	StatusJudged = "judged" // whatever the verdict, "these images can't tell" included
	StatusFailed = "failed" // it could not be judged; Error says why
)

// Files of an item's folder that the table leads to.
const (
	ReportHTML = "report.html"
	ThumbJPEG  = "thumb.jpg"
)

// A Row is one item in the table: a line of results.json.
type Row struct {
	Name    string      `json:"name"`
	Kind    Kind        `json:"kind"`
	Source  string      `json:"source"`
	Status  string      `json:"status"`
	Error   string      `json:"error"`
	Report  string      `json:"report"` // its own page, relative to the table; "" where it failed
	Recipe  string      `json:"recipe"` // SHA-256 of all that bears on the result; "" where it failed
	Finding             // zero where it failed
	Claims  []ClaimRow  `json:"claims"`
	Regions []RegionRow `json:"regions"`
}

// A Finding is what the imagery says of an item. Of several regions it is the first.
type Finding struct {
	Title        string                `json:"title"`
	State        compare.RegionState   `json:"state"` // "" without a region
	PValue       *float64              `json:"p_value"`
	Bracket      *assess.BracketReport `json:"bracket"`
	DetectablePx *float64              `json:"detectable_px"`
	DetectableM  *float64              `json:"detectable_m"`
	Images       int                   `json:"images"`
	Used         int                   `json:"used"` // the reference and what could be laid over it and seen
	LeftOut      []LeftOut             `json:"left_out"`
	ErrorPx      *float64              `json:"expected_error_px"` // the largest of the alignments that were used
	Synthetic    bool                  `json:"synthetic"`
	Thumb        string                `json:"thumb"` // small picture, relative to the table; "" if there is none
	Version      string                `json:"version"`
	Seed         string                `json:"seed"`
}

// A LeftOut is an image that a case could not use.
type LeftOut struct {
	File   string         `json:"file"`
	Status compare.Status `json:"status"`
	Why    string         `json:"why"`
}

// A RegionRow is the reading of one region.
type RegionRow struct {
	Name    string                `json:"name"`
	State   compare.RegionState   `json:"state"`
	PValue  *float64              `json:"p_value"`
	Bracket *assess.BracketReport `json:"bracket"`
}

// A ClaimRow is the verdict on one claim.
type ClaimRow struct {
	ID            string         `json:"id"`
	Region        string         `json:"region"`
	Verdict       compare.Answer `json:"verdict"`
	Reason        string         `json:"reason"`
	Why           string         `json:"why"`
	RestsOn       []string       `json:"rests_on"`
	ConditionalOn []string       `json:"conditional_on"`
}

// NewRow returns the row of a judged item: the report, as a case's. Pictures of
// which files of the item's folder are small, "" for none.
func NewRow(it Item, rep assess.Report, recipe imagery.Digest, thumb bool) Row {
	r := Row{
		Name: it.Name, Kind: it.Kind, Source: it.Source(), Status: StatusJudged,
		Report: path.Join(it.Name, ReportHTML), Recipe: recipe.String(),
		Finding: Finding{
			Title: rep.Title, Images: len(rep.Images), LeftOut: []LeftOut{}, Version: rep.Version, Seed: rep.Seed,
		},
		Claims: []ClaimRow{}, Regions: []RegionRow{},
	}
	if thumb {
		r.Thumb = path.Join(it.Name, ThumbJPEG)
	}
	for _, im := range rep.Images {
		r.count(im)
	}
	for _, g := range rep.Regions {
		r.Regions = append(r.Regions, RegionRow{Name: g.Name, State: g.State, PValue: g.PValue, Bracket: g.Bracket})
	}
	if len(rep.Regions) > 0 {
		g := rep.Regions[0]
		r.State, r.PValue, r.Bracket, r.DetectablePx, r.DetectableM = g.State, g.PValue, g.Bracket, g.DetectablePx, g.DetectableM
	}
	for _, c := range rep.Claims {
		r.Claims = append(r.Claims, ClaimRow{
			ID: c.ID, Region: c.Region, Verdict: c.Verdict, Reason: c.Reason, Why: c.Why, RestsOn: c.RestsOn, ConditionalOn: c.ConditionalOn,
		})
	}
	return r
}

// count adds an image to the tally of those used and left out.
func (r *Row) count(im assess.ImageReport) {
	r.Synthetic = r.Synthetic || im.Synthetic
	if im.Status != compare.StatusReference && im.Status != compare.StatusUsed {
		r.LeftOut = append(r.LeftOut, LeftOut{File: im.File, Status: im.Status, Why: im.Why})
		return
	}
	r.Used++
	if e := im.Alignment.ExpectedError; e != nil && (r.ErrorPx == nil || *e > *r.ErrorPx) {
		r.ErrorPx = e
	}
}

// Failed returns the row of an item that could not be judged.
func Failed(it Item, err error) Row {
	return Row{
		Name: it.Name, Kind: it.Kind, Source: it.Source(), Status: StatusFailed, Error: strings.TrimSpace(err.Error()),
		Finding: Finding{Title: it.Name, LeftOut: []LeftOut{}},
		Claims:  []ClaimRow{}, Regions: []RegionRow{},
	}
}

// As returns the row as that of the item, which has the same recipe.
func (r Row) As(it Item) Row {
	r.Name, r.Kind, r.Source = it.Name, it.Kind, it.Source()
	return r
}

// Failed says that the item could not be judged.
func (r Row) Failed() bool { return r.Status == StatusFailed }

// Answers is the order in which a table counts verdicts.
var Answers = []compare.Answer{compare.Supported, compare.Consistent, compare.Contradicted, compare.AnswerUndetermined, compare.Untestable}

// Count returns how many of the row's claims got that answer.
func (r Row) Count(a compare.Answer) int {
	n := 0
	for _, c := range r.Claims {
		if c.Verdict == a {
			n++
		}
	}
	return n
}

// Is says whether the row has a verdict, a state of a region or an image's status of that name.
func (r Row) Is(word string) bool {
	for _, c := range r.Claims {
		if string(c.Verdict) == word {
			return true
		}
	}
	for _, g := range r.Regions {
		if string(g.State) == word {
			return true
		}
	}
	for _, l := range r.LeftOut {
		if string(l.Status) == word {
			return true
		}
	}
	return false
}

// Words are what Is understands.
var Words = []string{
	"supported", "consistent", "contradicted", "undetermined", "untestable",
	"changed", "unchanged", "unaligned", "obscured",
}

// Headline says in a few words what came out.
func (r Row) Headline() string {
	if r.Failed() {
		return "failed: " + strings.Join(strings.Fields(r.Error), " ")
	}
	var parts []string
	switch {
	case r.State != "":
		parts = append(parts, string(r.State))
	case r.Used < r.Images:
		parts = append(parts, "not aligned")
	case len(r.Claims) == 0:
		parts = append(parts, "aligned")
	}
	for _, a := range Answers {
		if n := r.Count(a); n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, a))
		}
	}
	return strings.Join(parts, ", ")
}

// Between is the bracket for readers; "" where there is none.
func (r Row) Between() string {
	if r.Bracket == nil {
		return ""
	}
	return "after " + orUnknown(r.Bracket.After) + ", by " + orUnknown(r.Bracket.By)
}

// orUnknown shortens a midnight to its day.
func orUnknown(s *string) string {
	if s == nil {
		return "an unknown date"
	}
	day := strings.TrimSuffix(strings.TrimSuffix(*s, "T00:00:00Z"), "T24:00:00Z")
	if d, err := edtf.Parse(day); err == nil {
		return d.Human()
	}
	return day
}
