package compare

import "github.com/antequem/antequem/imagery"

// A Status says what became of an image in a case.
type Status string

const (
	StatusReference Status = "reference"
	StatusUsed      Status = "used"
	StatusUnaligned Status = "unaligned" // could not be laid over the reference
	StatusObscured  Status = "obscured"  // aligned, but cloud, nodata, blankness or coarseness hides the region
)

// A Frame is one image's part in a timeline, in date order.
type Frame struct {
	File   string
	Status Status
	State  State
	Why    string // why the state is unclear or the image is left out, in one plain clause; "" otherwise
	Group  int    // 0, 1, 2 … the look that the region has here, numbered in date order; -1 where unclear
}

// A Timeline is what the images together say of one region. It knows the order
// of the images but no claim: package verdict puts the two together.
type Timeline struct {
	State        RegionState
	PValue       float64 // of the largest split against the control windows, 0 to 1; NaN where no test could be made
	Frames       []Frame
	Pairings     []Pairing       // one for each pair of frames that were compared, in frame order
	Statistic    float64         // the region's split statistic, in units of what 3 in 100 controls exceed as a whole, or in some part; NaN where none
	Controls     []float64       // the same statistic in each control window
	Tiles        int             // parts that the region was read in, of whose size the control windows are; 0 where it was read as one
	Part         []imagery.Point // outline of the part of the region in which its one change stands out most, px of the common grid; nil for the whole, and where there is none or several
	Placebos     []Placebo       // the nearest control windows that don't overlap, nearest first
	Dissimilar   [][]float64     // frame × frame, 0 = alike; NaN where not comparable
	Power        []PowerPoint    // share of planted changes found, by size, smallest first
	DetectablePx float64         // side of the smallest square change of which, and of every larger one, 95 % would surely be found, reference px; NaN where there is none
	RuledOutPx   float64         // side of the smallest square change of which, and of every larger one, all but a few trials left more than an unchanged region shows, reference px; NaN where it isn't unchanged
	EndUnread    bool            // of an unchanged region: the first or the last frame could not be read, and a change may be the reason
	Crowded      bool            // too little ground is shown around the region to say anything
	Cautions     []string        // what limits the reading, in plain sentences
}

// A Placebo is a control window near the region: the same analysis of a place where
// nothing is claimed to have happened.
type Placebo struct {
	DX, DY    int     // how far it lies from the region, reference px
	Statistic float64 // of its largest split
	PValue    float64 // of that among the other control windows
}

// A PowerPoint is the share of planted changes of one size that were found.
type PowerPoint struct {
	SidePx float64 // side of the planted square, reference px
	Found  float64 // 0 to 1
	Trials int
}
