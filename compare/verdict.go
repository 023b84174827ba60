package compare

import (
	"time"

	"github.com/antequem/antequem/imagery/edtf"
)

// A State is what a picture shows of the region.
type State string

const (
	StateOld     State = "old"
	StateNew     State = "new"
	StateUnclear State = "unclear"
)

// A RegionState sums up all pictures of a region.
type RegionState string

const (
	Changed      RegionState = "changed"
	Unchanged    RegionState = "unchanged" // said only where a change would have been seen
	Undetermined RegionState = "undetermined"
)

// A Bracket is the interval (After, By] in which a change happened, by the
// imagery: terminus post quem to terminus ante quem. A zero end is open.
type Bracket struct{ After, By time.Time }

// An Answer is what the imagery says of a claim.
type Answer string

const (
	Supported          Answer = "supported"
	Consistent         Answer = "consistent"
	Contradicted       Answer = "contradicted"
	AnswerUndetermined Answer = "undetermined"
	Untestable         Answer = "untestable" // recorded, never judged
)

// An Observation is one picture of the region as the rule sees it: a date and a state.
type Observation struct {
	File        string
	Taken       edtf.Interval
	Conditional bool // the date is someone's word
	State       State
	Group       int    // Frame.Group, where there are more than two; an old state counts as 0 and a new one as 1 at least
	Hidden      bool   // it could not be laid over the others, or does not show the region
	Why         string // why the state is unclear, in one plain clause; "" otherwise
}

// A Pairing is what the pictures A and B say of one another in the region,
// whatever their dates.
type Pairing struct {
	A, B    string // File of each
	Differ  bool   // beyond what the control windows do
	Same    bool   // no difference, and one would have been seen
	Caution string // why neither could be said; "" otherwise
}

// A Verdict answers a claim.
type Verdict struct {
	Claim         string // Claim.ID
	Answer        Answer
	Reason        string   // stable code, see verdict.Reasons
	Why           string   // one plain sentence
	RestsOn       []string // File of each image the answer needs, in date order
	ConditionalOn []string // of these, the ones whose date is someone's word
	WouldSettle   string   // what further image would decide it; "" where decided
}
