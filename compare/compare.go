// Package compare holds the nouns of comparing dated pictures: a [TiePoint], an
// [Alignment], a [Bracket], a [Verdict], and the findings that are errors.
//
// The reference image stays still and lends its pixel grid; the moving image is
// resampled onto it. An alignment maps reference positions to moving positions,
// never the other way. "Before" and "after" say which was acquired first and have
// nothing to do with which one moves.
package compare
