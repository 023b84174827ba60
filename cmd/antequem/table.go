package main

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/antequem/antequem/compare"
	"github.com/antequem/antequem/compare/assess"
	"github.com/antequem/antequem/imagery/decode"
)

// printReport writes a case for people: images in date order, the bracket of
// each region, and each claim with its verdict and reason.
func printReport(w io.Writer, r assess.Report) error {
	w = words{w}
	fmt.Fprintln(w, r.Title)
	if len(r.Images) > 0 {
		how := "named by the case"
		if r.Picked {
			how = "picked by the program; `reference:` in the case names another"
		}
		fmt.Fprintf(w, "reference %s (%s)\n\n", r.Reference, how)
		if err := printImages(w, r); err != nil {
			return err
		}
	}
	for _, g := range r.Regions {
		printRegion(w, g)
	}
	printClaims(w, r.Claims)
	for i, c := range r.Cautions {
		if i == 0 {
			fmt.Fprintln(w, "\nCautions")
		}
		fmt.Fprintln(w, wrap("  - ", c))
	}
	_, err := fmt.Fprintf(w, "\nantequem %s, seed %s\n", r.Version, r.Seed)
	return err
}

func printImages(w io.Writer, r assess.Report) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "ACQUIRED\tBASIS\tIMAGE\tSTATE\tSTATUS\tERROR, PX\t")
	for _, im := range r.Images {
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", im.Acquired, im.Basis, im.File, im.State, im.Status,
			number(im.Alignment.ExpectedError, 2), im.Why)
	}
	return t.Flush()
}

func printRegion(w io.Writer, g assess.RegionReport) {
	name := "Region"
	if g.Name != "" {
		name += " " + g.Name
	}
	fmt.Fprintf(w, "\n%s: %s (p = %s)\n", name, g.State, number(g.PValue, 4))
	for _, b := range g.Steps {
		fmt.Fprintf(w, "  changed after %s and by %s\n", orUnknown(b.After), orUnknown(b.By))
	}
	switch {
	case g.DetectableM != nil:
		fmt.Fprintf(w, "  a change of %s px (%s m) or more across would have been seen\n", number(g.DetectablePx, 1), number(g.DetectableM, 1))
	case g.DetectablePx != nil:
		fmt.Fprintf(w, "  a change of %s px or more across would have been seen\n", number(g.DetectablePx, 1))
	case g.RuledOutM != nil:
		fmt.Fprintf(w, "  no size of planted change stood out from its surroundings in 95 %% of trials, but 98 %% of those of %s px (%s m) or more across left more than is seen\n", number(g.RuledOutPx, 1), number(g.RuledOutM, 1))
	case g.RuledOutPx != nil:
		fmt.Fprintf(w, "  no size of planted change stood out from its surroundings in 95 %% of trials, but 98 %% of those of %s px or more across left more than is seen\n", number(g.RuledOutPx, 1))
	}
	for _, c := range g.Cautions {
		fmt.Fprintln(w, wrap("  - ", c))
	}
}

func orUnknown(s *string) string {
	if s == nil {
		return "an unknown date"
	}
	return *s
}

func printClaims(w io.Writer, claims []assess.ClaimReport) {
	for _, c := range claims {
		fmt.Fprintf(w, "\n%s  %s\n", strings.ToUpper(string(c.Verdict)), c.ID)
		if c.Text != "" {
			fmt.Fprintln(w, wrap("  ", attributed(c)))
		}
		fmt.Fprintln(w, wrap("  ", c.Why+" ["+c.Reason+"]"))
		if c.Verdict != compare.Untestable && c.WouldSettle != "" {
			fmt.Fprintln(w, wrap("  Would settle it: ", c.WouldSettle))
		}
	}
}

func attributed(c assess.ClaimReport) string {
	if c.Claimant == "" {
		return "“" + c.Text + "”"
	}
	return c.Claimant + ": “" + c.Text + "”"
}

// wrap breaks text at 88 columns, with the first line led by lead and the others
// set in by as much.
func wrap(lead, text string) string {
	const width = 88
	indent := strings.Repeat(" ", len(lead))
	var out strings.Builder
	line := lead
	for i, word := range strings.Fields(text) {
		switch {
		case i == 0:
			line += word
		case len(line)+1+len(word) > width:
			out.WriteString(line + "\n")
			line = indent + word
		default:
			line += " " + word
		}
	}
	return out.String() + line
}

func printPair(w io.Writer, r assess.PairReport) error {
	_, err := fmt.Fprintf(w, "%s lies over %s by %s: %d tie points, expected error %s px, overlap %.0f %%\n",
		r.After, r.Before, mapBy(r.Alignment.Model), r.Alignment.TiePoints, number(r.Alignment.ExpectedError, 2), 100*r.Alignment.Overlap)
	if r.ChangedPct != nil {
		fmt.Fprintf(w, "changed: %s %% of the pixels compared (change is not damage)\n", number(r.ChangedPct, 1))
	}
	if r.Region != nil {
		printRegion(w, *r.Region)
	}
	return err
}

// mapBy is a map of a model, with its article.
func mapBy(model string) string {
	if model != "" && strings.ContainsRune("aeiou", rune(model[0])) {
		return "an " + model + " map"
	}
	return "a " + model + " map"
}

func printInfo(w io.Writer, i decode.Info) error {
	t := tabwriter.NewWriter(words{w}, 0, 0, 2, ' ', 0)
	row := func(name, format string, args ...any) {
		fmt.Fprintf(t, "%s\t"+format+"\n", append([]any{name}, args...)...)
	}
	row("format", "%s%s", i.Format, parenthesis(i.Compression))
	row("size", "%d × %d px, %d bands of %s (%s)", i.Width, i.Height, i.Bands, i.Sample, i.Colour)
	row("file", "%d bytes, SHA-256 %s", i.Bytes, i.SHA256)
	if i.Orientation > 1 {
		row("turned", "EXIF orientation %d: shown upright", i.Orientation)
	}
	for _, d := range i.Dates {
		row("date", "%s (%s, %s)", d.Value, d.Tag, d.Means)
	}
	if len(i.Dates) == 0 {
		row("date", "none in the file")
	}
	switch {
	case i.EPSG != nil:
		row("georeference", "EPSG:%d%s, %v", *i.EPSG, parenthesis(i.CRS), plainNumbers(i.Geotransform))
	case i.CRS != "":
		row("georeference", "%s: not known here, so treated as none", i.CRS)
	default:
		row("georeference", "none")
	}
	if len(i.Footprint) == 4 {
		row("top left", "%.6f, %.6f (longitude, latitude)", i.Footprint[0][0], i.Footprint[0][1])
		row("bottom right", "%.6f, %.6f", i.Footprint[2][0], i.Footprint[2][1])
	}
	if i.GSD > 0 {
		row("GSD", "%.3g m", i.GSD)
	}
	for _, kv := range [][2]string{{"platform", i.Platform}, {"sensor", i.Sensor}, {"software", i.Software}} {
		if kv[1] != "" {
			row(kv[0], "%s", kv[1])
		}
	}
	if i.Lat != nil && i.Lon != nil {
		row("camera at", "%.6f, %.6f (longitude, latitude)", *i.Lon, *i.Lat)
	}
	for _, x := range i.Text {
		row(x.Name, "%s", x.Value)
	}
	if len(i.Personal) > 0 {
		row("personal", "%s: metadata that may tell of people", strings.Join(i.Personal, ", "))
	}
	if i.C2PA {
		row("C2PA", "a Content Credentials manifest is there; it is not checked")
	}
	for _, x := range i.Warnings {
		row("warning", "%s", x)
	}
	return t.Flush()
}

// plainNumbers writes numbers without exponents.
func plainNumbers(vs []float64) []string {
	var out []string
	for _, v := range vs {
		out = append(out, strconv.FormatFloat(v, 'f', -1, 64))
	}
	return out
}

func parenthesis(s string) string {
	if s == "" {
		return ""
	}
	return " (" + s + ")"
}
