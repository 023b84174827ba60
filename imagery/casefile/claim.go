package casefile

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/antequem/antequem/imagery"
	"go.yaml.in/yaml/v3"
)

// kinds are the keys of which a claim has one, in canonical order.
var kinds = []string{
	string(imagery.ClaimChanged), string(imagery.ClaimUnchanged), string(imagery.ClaimSame),
	string(imagery.ClaimDiffers), string(imagery.ClaimUntestable),
}

func (r *reader) readClaims(top fields, c *imagery.Case, f *File) {
	seen := map[string]int{}
	for i, n := range top.items("claims") {
		c.Claims = append(c.Claims, r.readClaim(n, i+1, seen, *c, top))
		f.claimLines = append(f.claimLines, max(n.Line, 1))
	}
}

func (r *reader) readClaim(n *yaml.Node, number int, seen map[string]int, c imagery.Case, top fields) imagery.Claim {
	f := r.mapping(n, fmt.Sprintf("claim %d", number), append([]string{"id", "text", "claimant", "source", "region"}, kinds...)...)
	if n.Kind != yaml.MappingNode {
		return imagery.Claim{}
	}
	claim := imagery.Claim{ID: f.text("id")}
	switch line := seen[claim.ID]; {
	case f.missing("id"):
		r.fail(n, "%s: it has no id; give it one of its own, as in id: struck-in-april", f.what)
	case !f.has("id"):
	case !idForm.MatchString(claim.ID):
		r.fail(f.at["id"], "%s: id: want letters, digits and hyphens, as in struck-in-april, not %q", f.what, claim.ID)
	case line > 0:
		r.fail(f.at["id"], "%s: the id %q is taken by the claim on line %d; give each its own", f.what, claim.ID, line)
	default:
		seen[claim.ID] = f.at["id"].Line
		f.what = fmt.Sprintf("claim %q", claim.ID)
	}
	claim.Text, claim.Claimant, claim.Source = f.text("text"), f.text("claimant"), f.text("source")
	r.readAssertion(f, &claim, c)
	r.readClaimRegion(f, &claim, c, top)
	return claim
}

// readAssertion reads the one key that says what the claim asserts.
func (r *reader) readAssertion(f fields, claim *imagery.Claim, c imagery.Case) {
	var given []string
	for _, k := range kinds {
		if f.at[k] != nil {
			given = append(given, k)
		}
	}
	meant := slices.ContainsFunc(kinds, func(k string) bool { return f.meant[k] })
	switch {
	case len(given) == 0 && meant:
		return
	case len(given) == 0:
		r.fail(f.node, "%s: it asserts nothing; give it one of %s", f.what, strings.Join(kinds, ", "))
		return
	case len(given) == 1:
		claim.Kind = imagery.ClaimKind(given[0])
	default:
		r.fail(f.at[given[1]], "%s: it asserts %s at once; make a claim of each", f.what, strings.Join(given, " and "))
		return
	}
	switch key := given[0]; claim.Kind {
	case imagery.ClaimChanged, imagery.ClaimUnchanged:
		claim.When = f.date(key)
	case imagery.ClaimSame, imagery.ClaimDiffers:
		claim.Images = r.twoImages(f, key, c)
	case imagery.ClaimUntestable:
		claim.Why = f.text(key)
		if n := f.at[key]; f.has(key) && (strings.TrimSpace(claim.Why) == "" || n.ShortTag() == "!!bool") {
			r.fail(n, "%s: untestable: say in a sentence what imagery can't show here", f.what)
		}
	}
}

// twoImages reads the names of two images. In a case that holds none they are
// taken as they are: the case waits for them.
func (r *reader) twoImages(f fields, key string, c imagery.Case) (pair [2]string) {
	n := f.at[key]
	what := f.what + ": " + key
	if n.Kind != yaml.SequenceNode || len(n.Content) != 2 {
		r.fail(n, "%s: want two images, as in %s: [a.png, b.tif]", what, key)
		return pair
	}
	for i, item := range n.Content {
		pair[i] = r.scalar(item, what)
		if pair[i] != "" && len(c.Images) > 0 {
			pair[i] = r.knownImage(item, what, c, pair[i])
		} else if pair[i] == "" && item.Kind == yaml.ScalarNode && !isNull(item) {
			r.fail(item, "%s: the name of an image is empty", what)
		}
	}
	if pair[0] != "" && path.Clean(pair[0]) == path.Clean(pair[1]) {
		r.fail(n, "%s: it names %q twice; an image is compared with another", what, pair[0])
	}
	return pair
}

func (r *reader) readClaimRegion(f fields, claim *imagery.Claim, c imagery.Case, top fields) {
	claim.Region = f.text("region")
	names := make([]string, len(c.Regions))
	for i, reg := range c.Regions {
		names[i] = reg.Name
	}
	testable := claim.Kind != imagery.ClaimUntestable && claim.Kind != ""
	switch {
	case claim.Region != "" && !slices.Contains(names, claim.Region):
		r.fail(f.at["region"], "%s: region: there is none called %q; %s", f.what, claim.Region, choice(claim.Region, names, "list it under regions"))
	case claim.Region == "" && len(c.Regions) > 1 && testable && f.at["region"] == nil:
		r.fail(f.node, "%s: the case has %d regions and the claim names none; write region: and one of %s", f.what, len(names), strings.Join(names, ", "))
	case len(c.Regions) == 0 && len(c.Images) > 0 && testable && top.missing("region") && top.missing("regions"):
		r.fail(f.node, "%s: the case has images and no region to judge; draw one: region: {image: …, polygon: [[x, y], …]}", f.what)
	}
}
