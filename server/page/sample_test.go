package page_test

import (
	"bytes"
	"io"
	"math"
	"testing"
	"time"

	"github.com/antequem/antequem/compare"
	"github.com/antequem/antequem/compare/agreement"
	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/archive"
	"github.com/antequem/antequem/imagery/edtf"
	"github.com/antequem/antequem/server/page"
)

var nan = math.NaN()

func date(t testing.TB, s string) edtf.Date {
	t.Helper()
	d, err := edtf.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// A sample fills every view. Every text that a user may write goes through text,
// every link through link, so that a test can poison them all.
type sample struct {
	testing.TB
	text, link func(string) string
	lang       page.Language
}

func plainSample(t testing.TB) sample {
	same := func(s string) string { return s }
	return sample{TB: t, text: same, link: same}
}

func (s sample) site() page.Site {
	return page.Site{Origin: "https://antequem.example", Version: "0.1.0", Lang: s.lang, Here: "/here"}
}

func (s sample) image(file, when string, basis imagery.Basis, state compare.Status) page.ImageView {
	v := page.ImageView{
		Image: imagery.Image{
			File: s.text(file), Digest: imagery.DigestOf([]byte(file)), Acquired: date(s, when), Basis: basis,
			Source: s.link("https://www.example.org/" + file), Publisher: s.text("Publisher"), Licence: s.text("CC BY 4.0"),
			Platform: imagery.PlatformSatellite, Sensor: s.text("WorldView-2"), GSD: 0.5, Notes: s.text("A note."),
			OffNadir: nan, SunAz: nan, SunEl: nan,
		},
		Picture:   &page.Picture{URL: "/pictures/" + imagery.DigestOf([]byte(file)).Short() + ".jpg", Width: 1024, Height: 768},
		Status:    state,
		Alignment: page.AlignmentView{Aligned: true, Model: compare.Homography, TiePoints: 12, ResidualPx: 0.3, ExpectedPx: 0.2, ExpectedM: 0.1, Overlap: 0.9},
		Original:  "/originals/x",
	}
	v.ID = v.Digest.Short()
	return v
}

func (s sample) images() []page.ImageView {
	before := s.image("before.png", "2015-10-15", imagery.BasisClaimed, compare.StatusReference)
	before.Synthetic = true
	clouded := s.image("clouded.png", "2016-02", imagery.BasisCapture, compare.StatusObscured)
	clouded.Why = s.text("cloud covers the region")
	after := s.image("after.png", "2016-04-29T08:21:00Z", imagery.BasisCapture, compare.StatusUsed)
	lost := s.image("lost.png", "2016-09-18", imagery.BasisPublished, compare.StatusUnaligned)
	lost.Picture, lost.Alignment = nil, page.AlignmentView{Reason: compare.ReasonNoAgreement, ResidualPx: nan, ExpectedPx: nan, ExpectedM: nan}
	return []page.ImageView{before, clouded, after, lost}
}

func (s sample) claims() []page.ClaimView {
	im := s.images()
	claim := func(id string, kind imagery.ClaimKind, when string) imagery.Claim {
		c := imagery.Claim{ID: id, Text: s.text("The roof fell."), Claimant: s.text("A ministry"), Source: s.link("https://example.com/claim"), Kind: kind}
		if when != "" {
			c.When = date(s, when)
		}
		return c
	}
	verdict := func(a compare.Answer) *compare.Verdict {
		return &compare.Verdict{
			Answer: a, Reason: reasonOf(a), Why: s.text("One plain sentence."), RestsOn: []string{im[0].File, im[2].File},
			ConditionalOn: []string{im[0].File}, WouldSettle: s.text("An image taken in between."),
		}
	}
	untestable := claim("whose", imagery.ClaimUntestable, "")
	untestable.Why = s.text("Imagery shows what changed, not who did it.")
	return []page.ClaimView{
		{Claim: claim("struck", imagery.ClaimChanged, "2016-04-27"), Verdict: verdict(compare.Consistent)},
		{Claim: claim("older", imagery.ClaimChanged, "../2015-10-15"), Verdict: verdict(compare.Contradicted)},
		{Claim: claim("same", imagery.ClaimSame, ""), Verdict: verdict(compare.Supported)},
		{Claim: claim("quiet", imagery.ClaimUnchanged, "2015-12/2016-02"), Verdict: verdict(compare.AnswerUndetermined)},
		{Claim: claim("differs", imagery.ClaimDiffers, "")},
		{Claim: untestable},
	}
}

// reasonOf is a code that goes with an answer.
func reasonOf(a compare.Answer) string {
	switch a {
	case compare.Consistent:
		return "bracket-overlaps"
	case compare.Contradicted:
		return "bracket-outside"
	case compare.Supported:
		return "alike"
	}
	return "not-covered"
}

func (s sample) finding() page.Finding {
	im := s.images()
	return page.Finding{
		Region: s.text("north roof"),
		Timeline: compare.Timeline{
			State: compare.Changed, PValue: 0.004, DetectablePx: 6.5, Controls: make([]float64, 240), Cautions: []string{s.text("A caution.")},
			Frames: []compare.Frame{
				{File: im[0].File, Status: compare.StatusReference, State: compare.StateOld},
				{File: im[1].File, Status: compare.StatusObscured, State: compare.StateUnclear, Why: s.text("cloud covers the region")},
				{File: im[2].File, Status: compare.StatusUsed, State: compare.StateNew},
			},
		},
		Bracket: &compare.Bracket{
			After: time.Date(2015, 10, 15, 0, 0, 0, 0, time.UTC),
			By:    time.Date(2016, 4, 29, 8, 21, 1, 0, time.UTC),
		},
		DetectableM: 3.2,
		Crops:       map[string]page.Picture{im[0].File: {URL: "/crops/a.jpg", Width: 200, Height: 200}},
	}
}

func (s sample) pair() page.Pair {
	im := s.images()
	return page.Pair{
		Before: im[0], After: im[2], Grid: page.Grid{Width: 1024, Height: 768, GSD: 0.5, North: 12},
		Outlines: []page.Outline{{Name: s.text("north roof"), Polygon: []imagery.Point{{X: 10, Y: 20}, {X: 30, Y: 20}, {X: 30, Y: 40}},
			Part: []imagery.Point{{X: 20, Y: 20}, {X: 30, Y: 20}, {X: 30, Y: 30}, {X: 20, Y: 30}}}},
		Difference: &page.Picture{URL: "/pairs/difference.png", Width: 1024, Height: 768},
		Heat:       &page.Picture{URL: "/pairs/heat.png", Width: 1024, Height: 768},
		TiePoints:  []compare.TiePoint{{RefX: 10, RefY: 20, MovX: 10.2, MovY: 19.9, Weight: 1}, {RefX: nan, RefY: 1}},
		ExpectedPx: 0.2, ExpectedM: 0.1, Uncertain: []string{s.text("A caution.")},
	}
}

func (s sample) jobs() []page.Job {
	return []page.Job{{What: s.text("Aligning lost.png"), Done: 0.4}, {What: s.text("Tiles"), Done: nan}}
}

func (s sample) links() []page.Link {
	return []page.Link{{Label: s.text("Numbers"), URL: "/numbers.json", Note: s.text("JSON")}}
}

func (s sample) location() page.LocationView {
	pair := s.pair()
	return page.LocationView{
		Site: s.site(), Slug: "training-scene",
		Case: imagery.Case{
			Title: s.text("Training scene"), Summary: s.text("A town block."),
			Location: imagery.Location{Name: s.text("Nowhere"), Lat: 36.2, Lon: 37.15, Position: "verified"},
		},
		Images: s.images(), Claims: s.claims(), Findings: []page.Finding{s.finding()}, Lead: &pair,
		Cautions: []string{s.text("A caution.")}, Jobs: s.jobs(), Events: "/locations/training-scene/events", Downloads: s.links(),
	}
}

func (s sample) bare() page.LocationView {
	v := s.location()
	v.Images, v.Findings, v.Lead, v.Jobs = nil, nil, nil, nil
	v.Case.LookFor = []string{s.text("A satellite image of the days after.")}
	for i := range v.Claims {
		v.Claims[i].Verdict = nil
	}
	return v
}

func (s sample) compare(m page.Mode) page.CompareView {
	pair := s.pair()
	tiles := page.Tiles{URL: "/tiles/a/", Width: 1024, Height: 768, Size: 256, Overlap: 1, Format: "jpg"}
	before, after := *pair.Before.Picture, *pair.After.Picture
	before.Tiles, after.Tiles = &tiles, &tiles
	pair.Before.Picture, pair.After.Picture = &before, &after
	return page.CompareView{
		Site: s.site(), Slug: "training-scene", Title: s.text("Training scene"), Pair: pair, Mode: m, View: "10,20,300",
		Images: s.images(), Claims: s.claims(), Jobs: s.jobs(), Events: "/events", Downloads: s.links(),
	}
}

func (s sample) claim() page.ClaimPage {
	f, pair := s.finding(), s.pair()
	return page.ClaimPage{
		Site: s.site(), Slug: "training-scene", Title: s.text("Training scene"), Location: s.location().Case.Location,
		Claim: s.claims()[0], Others: s.claims()[1:], Finding: &f, Images: s.images(), Lead: &pair, Jobs: s.jobs(), Downloads: s.links(),
	}
}

func (s sample) report() page.ReportView {
	v := s.location()
	v.Events, v.Downloads = "", nil
	file := func(im page.ImageView) page.ImageView {
		im.ID, im.Original = "", ""
		if im.Picture != nil {
			im.Picture = &page.Picture{URL: "pictures/" + im.Digest.Short() + ".jpg", Width: 10, Height: 10}
		}
		return im
	}
	for i := range v.Images {
		v.Images[i] = file(v.Images[i])
	}
	pair := s.pair()
	pair.Before, pair.After, pair.Difference, pair.Heat = file(pair.Before), file(pair.After), nil, nil
	v.Lead = &pair
	v.Findings[0].Crops = nil
	return page.ReportView{Location: v, Pairs: []page.Pair{pair}, Seed: "1f2e", Command: s.text("antequem judge case.yaml")}
}

func (s sample) publication() page.PublicationView {
	at := time.Date(2026, 3, 1, 12, 30, 0, 0, time.UTC)
	return page.PublicationView{
		Site: s.site(), Token: "token", Slug: "training-scene", Title: s.text("Training scene"), Summary: s.text("A town block."),
		State: archive.Published, At: at, History: []archive.Correction{
			{Noun: "publication", Verb: "set", At: at, Fields: []archive.FieldChange{{Field: "state", After: `"published"`}}},
			{Noun: "image", Verb: "change", Subject: s.text("a.png"), At: at, Why: s.text("The catalogue says so."), Fields: []archive.FieldChange{
				{Field: "acquired", Before: `"2015"`, After: `"2015-10"`}, {Field: "notes", Before: s.text("A note.")},
			}},
		},
		Errors: map[string]string{"correct": s.text("Say why.")},
	}
}

func (s sample) readings() page.ReadingsView {
	cell := page.ReadingCell{State: compare.StateNew, Damage: "severe damage"}
	return page.ReadingsView{Site: s.site(), Slug: "training-scene", Title: s.text("Training scene"), Regions: []page.RegionReadings{
		{Name: s.text("roof"), Readers: 2, Kappa: &agreement.Kappa{N: 3, Observed: 0.9, Expected: 0.5, Kappa: 0.8, Low: 0.6, High: 1}, Rows: []page.ReadingRow{
			{Image: s.images()[0], Computed: compare.StateOld, Readings: []page.ReadingCell{cell, {}}, Differs: true},
		}},
		{MayRead: true, Hidden: true},
		{Readers: 1, Kappa: &agreement.Kappa{N: 1, Observed: 1, Expected: 1, Kappa: math.NaN()}},
		{},
	}}
}

// pages writes every page.
func (s sample) pages() map[string][]byte {
	out := map[string][]byte{}
	put := func(name string, write func(io.Writer) error) {
		s.Helper()
		var b bytes.Buffer
		if err := write(&b); err != nil {
			s.Fatalf("%s: %v", name, err)
		}
		out[name] = b.Bytes()
	}
	put("locations", func(w io.Writer) error {
		return page.Locations(w, page.LocationsView{Site: s.site(), Locations: []page.LocationSummary{
			{
				Slug: "training-scene", Title: s.text("Training scene"), Place: s.text("Nowhere"), Summary: s.text("A town block."), Images: 4, Claims: 5,
				Span: date(s, "2014-05/2016-09-18").Interval(), Answers: []compare.Answer{compare.Supported, compare.Consistent},
				Picture: &page.Picture{URL: "/p.jpg", Width: 600, Height: 400}, Synthetic: true, Pending: 2,
			},
			{Slug: "bare", Title: s.text("Bare")},
		}})
	})
	put("locations, none", func(w io.Writer) error { return page.Locations(w, page.LocationsView{}) })
	put("location", func(w io.Writer) error { return page.Location(w, s.location()) })
	put("location without imagery", func(w io.Writer) error { return page.Location(w, s.bare()) })
	for _, m := range page.Modes {
		put("compare, "+string(m), func(w io.Writer) error { return page.Compare(w, s.compare(m)) })
	}
	put("compare, embedded", func(w io.Writer) error {
		v := s.compare(page.Swipe)
		v.Embed = true
		return page.Compare(w, v)
	})
	put("claim", func(w io.Writer) error {
		v := s.claim()
		v.Finding.Placebo, v.Finding.Placebos = &page.Picture{URL: "/placebo.png"}, 3
		return page.Claim(w, v)
	})
	put("claim, embedded", func(w io.Writer) error {
		v := s.claim()
		v.Embed = true
		return page.Claim(w, v)
	})
	put("claim without imagery", func(w io.Writer) error {
		v := s.claim()
		v.Claim.Verdict, v.Finding, v.Images, v.Lead, v.LookFor = nil, nil, nil, nil, []string{s.text("An image.")}
		return page.Claim(w, v)
	})
	put("upload", func(w io.Writer) error {
		return page.Upload(w, page.UploadView{
			Site: s.site(), Slug: "training-scene", Title: s.text("Training scene"), Token: "token", MaxBytes: 200 << 20,
			Form: page.UploadForm{
				Acquired: s.text("15.10.2015"), Basis: s.text("claimed"), Source: s.link("https://example.org"), Publisher: s.text("Publisher"),
				Licence: s.text("CC0"), Platform: s.text("drone"), Sensor: s.text("x"), GSD: s.text("0.5"), Notes: s.text("A note."),
			},
			Errors: map[string]string{"": s.text("Mend this."), page.FieldImage: s.text("Choose a file."), page.FieldAcquired: s.text("No date."), page.FieldBasis: s.text("Choose one.")},
		})
	})
	put("uploaded", func(w io.Writer) error {
		return page.Uploaded(w, page.UploadedView{
			Site: s.site(), Slug: "training-scene", Title: s.text("Training scene"), Image: s.images()[0], Digest: s.images()[0].Digest,
			Bytes: 123456, Format: s.text("PNG"), Width: 10, Height: 20, Jobs: s.jobs(),
		})
	})
	put("method", func(w io.Writer) error { return page.Method(w, page.MethodView{Site: s.site()}) })
	put("problem", func(w io.Writer) error {
		return page.Problem(w, page.ProblemView{Site: s.site(), Status: 404, Title: s.text("Not found"), Detail: s.text("No such image."), RequestID: s.text("8f3a")})
	})
	put("report", func(w io.Writer) error { return page.Report(w, s.report()) })
	put("withdrawn", func(w io.Writer) error {
		return page.Problem(w, page.ProblemView{
			Site: s.site(), Status: 410, Title: "Withdrawn", Detail: "English.", Tombstone: &page.Tombstone{At: time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC), Why: s.text("A wrong date.")},
		})
	})
	put("history", func(w io.Writer) error { return page.History(w, s.publication()) })
	put("sign in", func(w io.Writer) error {
		return page.SignIn(w, page.SignInView{Site: s.site(), Token: "token", Next: "/", Name: s.text("Name"), Wrong: "That name and that password don’t go together here."})
	})
	until := time.Date(2026, 3, 1, 12, 30, 0, 0, time.UTC)
	wrong := map[string]string{"name": "This name is taken. Choose another.", "password": s.text("Longer."), "days": s.text("Fewer."), "current": "This is not your password."}
	keys := []page.KeyView{{ID: "k", Label: s.text("For the archive"), Role: "analyst", Until: until, Seen: until}, {ID: "l", Role: "editor", Until: until, Seen: until}}
	put("join", func(w io.Writer) error {
		return page.Join(w, page.JoinView{Site: s.site(), Token: "token", Invitation: "i", Role: "analyst", Until: until, Name: s.text("Name"), Errors: wrong, MinPassword: 12})
	})
	put("account", func(w io.Writer) error {
		return page.Account(w, page.AccountView{Site: s.site(), Token: "token", Role: "analyst", Tokens: keys, NewToken: "secret", Errors: wrong, MinPassword: 12})
	})
	put("people", func(w io.Writer) error {
		return page.People(w, page.PeopleView{
			Site: s.site(), Token: "token", Invitations: keys, Link: "https://example.org/join", LinkRole: "analyst", Wrong: "This is the only editor. Make another one first.",
			People: []page.PersonView{{Name: s.text("Olive"), Role: "analyst", Since: until}, {Name: "Ash", Role: "editor", Since: until, Disabled: true}},
		})
	})
	put("people, none", func(w io.Writer) error { return page.People(w, page.PeopleView{Site: s.site(), Alone: true}) })
	put("read", func(w io.Writer) error {
		picture := page.Picture{URL: "/r.jpg", Width: 10, Height: 10}
		return page.Read(w, page.ReadView{
			Site: s.site(), Token: "token", Slug: "training-scene", Title: s.text("Training scene"), Region: s.text("roof"), Place: 2, Of: 3,
			Anchor: picture, Picture: picture, Classes: archive.DamageClasses, Wrong: "Say which state the image shows, or that it can’t be told.",
		})
	})
	put("publication", func(w io.Writer) error { return page.Publication(w, s.publication()) })
	put("publication, withdrawn", func(w io.Writer) error {
		v := s.publication()
		v.State, v.Why = archive.Withdrawn, s.text("A wrong date.")
		return page.Publication(w, v)
	})
	put("publication, draft", func(w io.Writer) error {
		v := s.publication()
		v.State = archive.Draft
		return page.Publication(w, v)
	})
	put("readings", func(w io.Writer) error { return page.Readings(w, s.readings()) })
	s.desk(put)
	return out
}
