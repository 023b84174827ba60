package assess

import (
	"time"

	"github.com/antequem/antequem/compare"
)

// A Report is what judge says of a case: the JSON that other programs read, and
// all that a page needs to be drawn again without the pictures.
type Report struct {
	Title     string         `json:"title"`
	Reference string         `json:"reference"`        // file whose grid everything is drawn on; "" without imagery
	Picked    bool           `json:"reference_picked"` // the program chose it
	Grid      [2]int         `json:"grid"`             // width and height of the reference, px
	GSD       *float64       `json:"gsd_m"`            // of the reference
	Region    RegionReport   `json:"region"`           // the first region
	Regions   []RegionReport `json:"regions"`
	Claims    []ClaimReport  `json:"claims"`
	Images    []ImageReport  `json:"images"` // in date order
	Copies    []CopiesReport `json:"copies"` // images that look like one exposure
	Cautions  []string       `json:"cautions"`
	Version   string         `json:"version"`
	Seed      string         `json:"seed"` // 16 hexadecimal digits, from the pictures' digests
}

// A RegionReport is the timeline of one region.
type RegionReport struct {
	Name         string              `json:"name"`
	State        compare.RegionState `json:"state"`
	PValue       *float64            `json:"p_value"`
	Bracket      *BracketReport      `json:"bracket"` // of the first change; null where there is none
	Steps        []BracketReport     `json:"steps"`   // one for each change, in order
	DetectablePx *float64            `json:"detectable_px"`
	DetectableM  *float64            `json:"detectable_m"`
	RuledOutPx   *float64            `json:"ruled_out_px"` // of an unchanged region: changes of that side and more would have left more than it shows
	RuledOutM    *float64            `json:"ruled_out_m"`
	Polygon      [][2]float64        `json:"polygon"` // reference px
	Part         [][2]float64        `json:"part"`    // reference px: where in it its one change stands out most; null for the whole of it, and where there is none or several
	Frames       []FrameReport       `json:"frames"`
	Statistic    *float64            `json:"statistic"`
	Controls     []float64           `json:"controls"`
	Tiles        int                 `json:"tiles"`    // parts that the region was read in, of whose size the control windows are; 0 where it was read as one
	Placebos     []PlaceboReport     `json:"placebos"` // the nearest control windows, analysed alike
	Dissimilar   [][]*float64        `json:"dissimilarity"`
	Power        []PowerReport       `json:"power"`
	Cautions     []string            `json:"cautions"`
}

// A BracketReport is (After, By]; an open end is null.
type BracketReport struct {
	After *string `json:"after"`
	By    *string `json:"by"`
}

// A PlaceboReport is a control window beside the region.
type PlaceboReport struct {
	Offset    [2]int  `json:"offset_px"` // from the region
	Statistic float64 `json:"statistic"`
	PValue    float64 `json:"p_value"`
}

// A PowerReport is one point of the power curve.
type PowerReport struct {
	SidePx float64 `json:"side_px"`
	Found  float64 `json:"found"`
	Trials int     `json:"trials"`
}

// A FrameReport is one image's reading in one region.
type FrameReport struct {
	File   string         `json:"file"`
	Status compare.Status `json:"status"`
	State  compare.State  `json:"state"`
	Group  int            `json:"group"`
	Why    string         `json:"why"`
}

// A ClaimReport is a claim and what the imagery says of it.
type ClaimReport struct {
	ID            string         `json:"id"`
	Region        string         `json:"region"`
	Text          string         `json:"text"`
	Claimant      string         `json:"claimant"`
	Source        string         `json:"source"`
	Asserts       string         `json:"asserts"` // changed, unchanged, same, differs, untestable
	When          string         `json:"when"`    // EDTF; "" where no date is asserted
	Files         []string       `json:"files"`   // for same and differs
	Verdict       compare.Answer `json:"verdict"`
	Reason        string         `json:"reason"`
	Why           string         `json:"why"`
	RestsOn       []string       `json:"rests_on"`
	ConditionalOn []string       `json:"conditional_on"`
	WouldSettle   string         `json:"would_settle"`
}

// An ImageReport is what became of one image.
type ImageReport struct {
	File      string          `json:"file"`
	Digest    string          `json:"sha256"`
	Acquired  string          `json:"acquired"`
	Basis     string          `json:"basis"`
	Earliest  *time.Time      `json:"earliest"`
	Latest    *time.Time      `json:"latest"`
	Source    string          `json:"source"`
	Publisher string          `json:"publisher"`
	Platform  string          `json:"platform"`
	GSD       *float64        `json:"gsd_m"`
	Synthetic bool            `json:"synthetic"`
	Status    compare.Status  `json:"status"`
	State     compare.State   `json:"state"` // in the first region
	Why       string          `json:"why"`
	Alignment AlignmentReport `json:"alignment"`
}

// An AlignmentReport is what align says of a pair, in the words of its JSON.
type AlignmentReport struct {
	Status        string        `json:"status"` // aligned or failed
	Reason        string        `json:"reason"`
	Model         string        `json:"model"`
	Matrix        [3][3]float64 `json:"matrix"`
	TiePoints     int           `json:"tie_points"`
	RMSE          *float64      `json:"residual_rmse_px"`
	ExpectedError *float64      `json:"expected_error_px"`
	Overlap       float64       `json:"overlap"`
	Tied          []float64     `json:"tie_point_residuals_px,omitempty"` // how far the map misses each tie point of a person, moving px, in their order
	Through       string        `json:"through,omitempty"`                // file of the image by way of which it was laid over the reference
	Points        [][2]*float64 `json:"points,omitzero"`                  // null where the map runs to infinity
}
