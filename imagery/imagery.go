// Package imagery is the dictionary of pictures: an [Image] and what is known of
// it, a [Location], a [Region], a [Claim], a [Case], and the kinds of error.
//
// It fixes units and frames for the whole project:
//
//   - time is UTC; a date is an interval of instants (package edtf)
//   - angles are degrees, lengths metres, positions longitude before latitude on WGS 84
//   - pixel x points right and y down; (0, 0) is the centre of the top left pixel,
//     so a picture of width W covers x from -0.5 to W-0.5. GeoTIFF counts from the
//     corner instead and is converted where it is read
//   - ground sample distance (GSD) is metres per pixel at the centre of the scene
package imagery
