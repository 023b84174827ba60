package verdict

// The codes that say why a claim got its answer. They are stable: programs read them.
const (
	ReasonBracketWithin  = "bracket-within"
	ReasonBracketOverlap = "bracket-overlaps"
	ReasonBracketOutside = "bracket-outside"
	ReasonNoChangeSeen   = "no-change-seen"
	ReasonAlike          = "alike"
	ReasonDifferent      = "different"
	ReasonSameImage      = "same-image"
	ReasonNotCovered     = "not-covered"
	ReasonNotSeen        = "not-seen"
	ReasonContradictory  = "contradictory-evidence"
	ReasonStateUnclear   = "state-unclear"
	ReasonTooFew         = "too-few-images"
	ReasonTooLittle      = "too-little-around"
	ReasonNoImagery      = "no-imagery"
	ReasonNotHeld        = "image-not-held"
	ReasonNotComparable  = "not-comparable"
	ReasonUntestable     = "untestable"
)

// Reasons lists every reason code with its meaning, in the order of the answers
// that it goes with.
var Reasons = []struct{ Code, Meaning string }{
	{ReasonBracketWithin, "the images put the change within the claimed time"},
	{ReasonBracketOverlap, "the images put the change at a time that reaches into the claimed time and outside it"},
	{ReasonBracketOutside, "the images put the change outside the claimed time"},
	{ReasonNoChangeSeen, "images covering the claimed time show one look, and a change would have been seen"},
	{ReasonAlike, "the two images show one look, and a change would have been seen"},
	{ReasonDifferent, "the two images differ beyond what the control windows do"},
	{ReasonSameImage, "the two images are one"},
	{ReasonNotCovered, "the images don't reach from the beginning to the end of the claimed time"},
	{ReasonNotSeen, "the images cover the claimed time, but a change might have escaped them"},
	{ReasonContradictory, "an image that shows the earlier look was surely taken after one that shows a later look"},
	{ReasonStateUnclear, "the images don't show clearly whether the region changed"},
	{ReasonTooFew, "fewer than two images show the region's state"},
	{ReasonTooLittle, "the images show too little ground around the region to tell a change from what light, season and alignment do"},
	{ReasonNoImagery, "no imagery is held"},
	{ReasonNotHeld, "an image that the claim names is not among those held"},
	{ReasonNotComparable, "the two images can't be told alike or different"},
	{ReasonUntestable, "imagery can't show what the claim asserts"},
}
