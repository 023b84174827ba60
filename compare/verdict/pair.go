package verdict

import (
	"slices"
	"strings"

	"github.com/antequem/antequem/compare"
	"github.com/antequem/antequem/imagery"
)

// pair judges a claim that two images look the same, or different. No date is
// needed, so none is a condition.
func (d *dossier) pair(claim imagery.Claim) compare.Verdict {
	a, b := claim.Images[0], claim.Images[1]
	same, differs := compare.Supported, compare.Contradicted
	if claim.Kind == imagery.ClaimDiffers {
		same, differs = differs, same
	}
	both := a + " and " + b
	v := compare.Verdict{Answer: compare.AnswerUndetermined, RestsOn: d.inOrder(a, b)}
	if a == b {
		v.Answer, v.Reason, v.Why = same, ReasonSameImage, "Both names are of one image, "+a+"."
		return v
	}
	if missing := d.missing(a, b); len(missing) > 0 {
		v.Reason, v.Why = ReasonNotHeld, "No image is held of "+strings.Join(missing, " and ")+"."
		v.WouldSettle = "The images themselves: " + strings.Join(missing, " and ") + "."
		return v
	}
	p, ok := d.paired(a, b)
	switch {
	case ok && p.Differ && !p.Same:
		v.Answer, v.Reason = differs, ReasonDifferent
		v.Why = "The region differs between " + both + " by more than places where nothing is claimed to have happened."
	case ok && p.Same && !p.Differ:
		v.Answer, v.Reason = same, ReasonAlike
		v.Why = "The region looks the same in " + both + ", and a change would have been seen."
	case d.crowded && !ok:
		v.Reason, v.Why, v.WouldSettle = ReasonTooLittle, tooLittle, widerImages
	default:
		v.Reason = ReasonNotComparable
		v.Why = "Whether the region differs between " + both + " can't be told" + d.whyNot(p, a, b) + "."
		v.WouldSettle = "Clearer or finer copies of " + both + "."
	}
	return v
}

// whyNot says what hinders the comparison of a and b, if anything is known of it.
func (d *dossier) whyNot(p compare.Pairing, a, b string) string {
	var parts []string
	if p.Caution != "" {
		parts = append(parts, strings.TrimSuffix(p.Caution, "."))
	}
	for _, o := range d.all {
		if (o.File == a || o.File == b) && o.Why != "" {
			parts = append(parts, o.File+": "+strings.TrimSuffix(o.Why, "."))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return " (" + strings.Join(parts, "; ") + ")"
}

func (d *dossier) held(name string) bool {
	return slices.ContainsFunc(d.all, func(o compare.Observation) bool { return o.File == name })
}

func (d *dossier) missing(names ...string) (out []string) {
	for _, n := range names {
		if !d.held(n) {
			out = append(out, n)
		}
	}
	return out
}

// inOrder returns the names that are held, once each and in date order.
func (d *dossier) inOrder(names ...string) (out []string) {
	for _, o := range d.all {
		if slices.Contains(names, o.File) && !slices.Contains(out, o.File) {
			out = append(out, o.File)
		}
	}
	return out
}
