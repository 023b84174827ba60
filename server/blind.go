package server

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/antequem/antequem/compare/assess"
	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/archive"
	"github.com/antequem/antequem/server/page"
	"github.com/antequem/antequem/server/workshop"
)

// A blind is what one person reads of one region: its close-ups in an order of that
// person's own, without dates. The first image by date is shown beside each as the old
// state, so that "old" and "new" mean the same to everybody.
type blind struct {
	st     standing
	k      int // of the region in the report
	region string
	anchor imagery.Image
	order  []imagery.Image
	given  []archive.Reading // of everybody
	mine   map[string]archive.Reading
	closed bool // nobody reads blind any more
}

// blindOf returns the blind of a region for the caller of ctx.
func (s *Server) blindOf(ctx context.Context, slug, region string) (blind, error) {
	st, err := s.standingOf(ctx, slug)
	if err != nil {
		return blind{}, err
	}
	if st.report == nil {
		return blind{}, reportMissing(st)
	}
	b := blind{st: st, region: region, mine: map[string]archive.Reading{}}
	b.k = slices.IndexFunc(st.report.Regions, func(g assess.RegionReport) bool { return g.Name == region })
	if b.k < 0 {
		return b, refuse(imagery.ErrNotFound, "This case has no region of that name.")
	}
	for _, f := range st.report.Regions[b.k].Frames {
		if im, ok := st.c.Image(f.File); ok && st.made.result.Holds(workshop.CropName(b.k, im)) {
			b.order = append(b.order, im)
		}
	}
	if len(b.order) < 2 {
		return b, refuse(errUnprocessable, "Too few images show this region on one grid to be read against one another.")
	}
	released, err := s.archive.Releases(ctx, slug)
	if err != nil {
		return b, err
	}
	b.closed = released[""].Readings
	who := infoOf(ctx).who.Name
	b.anchor, b.order = b.order[0], shuffled(b.order[1:], who+"\x00"+slug+"\x00"+region)
	all, err := s.archive.Readings(ctx, slug)
	for _, r := range all {
		if r.Region != region {
			continue
		}
		if b.given = append(b.given, r); r.Person == who {
			b.mine[r.File] = r
		}
	}
	return b, err
}

// shuffled returns the images in the order that a seed gives: the same one each time,
// so that it can be told afterwards what was seen before what.
func shuffled(images []imagery.Image, seed string) []imagery.Image {
	sum := sha256.Sum256([]byte(seed))
	r := rand.New(rand.NewPCG(binary.LittleEndian.Uint64(sum[:8]), binary.LittleEndian.Uint64(sum[8:16])))
	out := slices.Clone(images)
	slices.SortFunc(out, func(a, b imagery.Image) int { return strings.Compare(a.Digest.String(), b.Digest.String()) })
	r.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	return out
}

// next returns the place of the first image that its reader has not read; 0 for none,
// and once the round is closed.
func (b blind) next() int {
	if b.closed {
		return 0
	}
	for i, im := range b.order {
		if _, ok := b.mine[im.File]; !ok {
			return i + 1
		}
	}
	return 0
}

// readPage answers GET /locations/{slug}/read?region=…: the next image of a blind
// reading, or, when all are read, what came of it.
func (s *Server) readPage(w http.ResponseWriter, r *http.Request) error {
	return s.showReading(w, r, http.StatusOK, "")
}

func (s *Server) showReading(w http.ResponseWriter, r *http.Request, status int, wrong string) error {
	b, err := s.blindOf(r.Context(), r.PathValue("slug"), r.FormValue("region"))
	if err != nil {
		return err
	}
	place := b.next()
	if place == 0 {
		http.Redirect(w, r, page.ReadingsPath(b.st.slug), http.StatusSeeOther)
		return nil
	}
	width, height := workshop.CropSize(b.st.report.Regions[b.k].Polygon, b.st.report.Grid)
	at := func(turn string) page.Picture {
		return page.Picture{URL: page.BlindPath(b.st.slug, b.region, turn), Width: width, Height: height}
	}
	w.Header().Set("Cache-Control", "no-store")
	out := asHTML(w)
	w.WriteHeader(status)
	return page.Read(out, page.ReadView{
		Site: s.site(r), Token: infoOf(r.Context()).token, Slug: b.st.slug, Title: titleOf(b.st.c), Region: b.region,
		Place: place, Of: len(b.order), Anchor: at("0"), Picture: at(strconv.Itoa(place)), Classes: archive.DamageClasses, Wrong: wrong,
	})
}

// blindPicture answers GET /locations/{slug}/read/{turn}: a close-up by its place in
// the caller's own order, so that the address tells nothing either.
func (s *Server) blindPicture(w http.ResponseWriter, r *http.Request) error {
	b, err := s.blindOf(r.Context(), r.PathValue("slug"), r.URL.Query().Get("region"))
	if err != nil {
		return err
	}
	turn, err := strconv.Atoi(strings.TrimSuffix(r.PathValue("turn"), ".jpg"))
	if err != nil || turn < 0 || turn > len(b.order) {
		return imagery.ErrNotFound
	}
	im := b.anchor
	if turn > 0 {
		im = b.order[turn-1]
	}
	text, err := b.st.made.result.Read(workshop.CropName(b.k, im))
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "image/jpeg")
	w.Header().Set("Cache-Control", "no-store")
	_, err = w.Write(text)
	return err
}

// read answers POST /locations/{slug}/read: a reading of one image. It can't be taken
// back, for what is read after the dates are known is no blind reading.
func (s *Server) read(w http.ResponseWriter, r *http.Request) error {
	place, err := strconv.Atoi(r.PostFormValue("place"))
	if err != nil {
		place = 0
	}
	g := sighting{Region: r.PostFormValue("region"), Place: place, State: r.PostFormValue("state"), Damage: r.PostFormValue("damage")}
	_, _, err = s.addReading(r.Context(), r.PathValue("slug"), g)
	var mend *refusal
	if errors.As(err, &mend) && mend.fields["state"] != "" {
		return s.showReading(w, r, http.StatusUnprocessableEntity, mend.fields["state"])
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, page.ReadPath(r.PathValue("slug"), g.Region), http.StatusSeeOther)
	return nil
}

// A sighting is what somebody saw of a region in one image of a blind reading.
type sighting struct {
	Region string `json:"region,omitempty" doc:"name of the region; empty for one without a name"`
	Place  int    `json:"place" minimum:"1" doc:"of the image, in the reader's own order"`
	State  string `json:"state" enum:"old,new,unclear" doc:"old is the state that the anchor shows"`
	Damage string `json:"damage,omitempty" doc:"a class of UNITAR-UNOSAT's damage assessments, where one fits"`
}

// addReading records a reading by the caller of ctx; held says that one was there, which
// counts.
func (s *Server) addReading(ctx context.Context, slug string, g sighting) (b blind, held bool, err error) {
	if s.config.ReadOnly {
		return b, false, refuse(errForbidden, "This service takes no changes.")
	}
	if b, err = s.blindOf(ctx, slug, g.Region); err != nil {
		return b, false, err
	}
	if b.closed {
		return b, false, refuse(errForbidden, "The round of readings was closed: what is read now is no blind reading.")
	}
	if g.Place < 1 || g.Place > len(b.order) {
		return b, false, refuse(imagery.ErrInvalid, "The form names no image of this reading.")
	}
	rd := archive.Reading{Region: b.region, File: b.order[g.Place-1].File, Place: g.Place, State: g.State, Damage: g.Damage}
	err = s.archive.AddReading(ctx, b.st.slug, rd, changeBy(ctx))
	switch {
	case errors.Is(err, archive.ErrExists): // sent twice: the first one counts
		return b, true, nil
	case errors.Is(err, imagery.ErrInvalid):
		text := "Say which state the image shows, or that it can’t be told."
		return b, false, &refusal{kind: errUnprocessable, detail: text, fields: map[string]string{"state": text}, cause: err}
	case err != nil:
		return b, false, err
	}
	b.mine[rd.File] = rd
	s.changed()
	return b, false, nil
}
