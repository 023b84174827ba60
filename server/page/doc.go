// Package page turns plain values into HTML. It knows no HTTP, so the service
// and the command line write the same pages.
//
// Each page has a view, a struct of values as the other packages give them, and a
// function of the same name that writes it:
//
//	Locations  the list of locations                      /
//	Location   one location: images, claims, findings     /locations/{slug}
//	Compare    two images                                 /locations/{slug}/compare
//	Claim      one claim and its verdict                  /locations/{slug}/claims/{id}
//	Upload     the form for an image                      /locations/{slug}/upload
//	Uploaded   what became of an upload
//	Method     how to read a verdict                      /method
//	Problem    what went wrong
//	Report     a location in one file that opens from disk
//
// Compare and Claim have a form without surroundings, for frames: set Embed.
//
// Everything that a user wrote is text, never HTML; links to sources are
// followed only where their scheme is http or https. No page holds an inline
// script or style, save Report, whose policy names their digests.
package page
