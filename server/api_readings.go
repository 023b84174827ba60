package server

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"github.com/antequem/antequem/compare"
	"github.com/antequem/antequem/imagery/archive"
	"github.com/antequem/antequem/server/page"
)

// A blindDoc is the next image of a blind reading. Nothing in it tells a date, a file,
// or what anybody else saw or computed.
type blindDoc struct {
	Region  string   `json:"region"`
	Place   int      `json:"place" doc:"of the image, in the caller's own order, from 1; 0 when all are read"`
	Of      int      `json:"of"`
	Anchor  string   `json:"anchor" doc:"address of a close-up of the old state, JPEG"`
	Picture string   `json:"picture,omitempty" doc:"address of a close-up of the image to be read, JPEG"`
	States  []string `json:"states" doc:"what may be said of it"`
	Classes []string `json:"classes" doc:"of damage, by UNITAR-UNOSAT; an empty one where none fits"`
}

// A readingsDoc is what people saw of the regions of a location, beside what was computed.
type readingsDoc struct {
	Regions []regionReadingsDoc `json:"regions"`
}

type regionReadingsDoc struct {
	Region  string         `json:"region"`
	MayRead bool           `json:"may_read" doc:"there are images that the caller may read and has not read"`
	Hidden  bool           `json:"hidden" doc:"what others saw is kept back until the caller has read every image"`
	Readers int            `json:"readers"`
	Kappa   *kappaDoc      `json:"kappa" doc:"of the first two readers; null while they share no image"`
	Images  []readImageDoc `json:"images" doc:"in date order"`
}

type kappaDoc struct {
	Images   int      `json:"images" doc:"that both read"`
	Observed float64  `json:"observed" doc:"share on which they agree"`
	Kappa    *float64 `json:"kappa" doc:"Cohen's; null where chance alone agrees on all"`
	Low      *float64 `json:"low" doc:"of the 95 % confidence interval"`
	High     *float64 `json:"high"`
}

type readImageDoc struct {
	ID       string        `json:"id"`
	File     string        `json:"file"`
	Computed compare.State `json:"computed" doc:"what the program says; readings never change it"`
	Differs  bool          `json:"differs" doc:"somebody saw another state"`
	Readings []seenDoc     `json:"readings" doc:"by reader; state is empty where there is none"`
}

type seenDoc struct {
	State  compare.State `json:"state"`
	Damage string        `json:"damage,omitempty"`
}

// apiReadings answers what people saw, as its page does: whoever may still read without
// knowing is told nothing yet.
func (s *Server) apiReadings(ctx context.Context, in *located) (*output[readingsDoc], error) {
	st, err := s.standingOf(ctx, in.Slug)
	if err != nil {
		return nil, err
	}
	if st.report == nil {
		return nil, reportMissing(st)
	}
	views, err := s.regionReadings(ctx, st)
	if err != nil {
		return nil, err
	}
	d := readingsDoc{Regions: []regionReadingsDoc{}}
	for _, v := range views {
		d.Regions = append(d.Regions, regionReadingsDocOf(v))
	}
	return &output[readingsDoc]{Body: d}, nil
}

func regionReadingsDocOf(v page.RegionReadings) regionReadingsDoc {
	d := regionReadingsDoc{Region: v.Name, MayRead: v.MayRead, Hidden: v.Hidden, Readers: v.Readers, Images: []readImageDoc{}}
	if k := v.Kappa; k != nil {
		d.Kappa = &kappaDoc{Images: k.N, Observed: k.Observed, Kappa: known(k.Kappa), Low: known(k.Low), High: known(k.High)}
	}
	for _, row := range v.Rows {
		r := readImageDoc{ID: row.Image.ID, File: row.Image.File, Computed: row.Computed, Differs: row.Differs, Readings: []seenDoc{}}
		for _, c := range row.Readings {
			r.Readings = append(r.Readings, seenDoc(c))
		}
		d.Images = append(d.Images, r)
	}
	return d
}

// apiBlind answers the next image of the caller's blind reading of a region.
func (s *Server) apiBlind(ctx context.Context, in *struct {
	Slug   string `path:"slug" maxLength:"128"`
	Region string `query:"region" doc:"name of the region; empty for one without a name"`
}) (*output[blindDoc], error) {
	b, err := s.blindOf(ctx, in.Slug, in.Region)
	if err != nil {
		return nil, err
	}
	return &output[blindDoc]{Body: b.doc(originOf(infoOf(ctx)))}, nil
}

func (b blind) doc(origin string) blindDoc {
	at := func(turn int) string {
		return origin + apiPrefix + page.LocationPath(b.st.slug) + "/reading/" + strconv.Itoa(turn) + ".jpg?region=" + url.QueryEscape(b.region)
	}
	d := blindDoc{
		Region: b.region, Place: b.next(), Of: len(b.order), Anchor: at(0), Classes: archive.DamageClasses,
		States: []string{string(compare.StateOld), string(compare.StateNew), string(compare.StateUnclear)},
	}
	if d.Place > 0 {
		d.Picture = at(d.Place)
	}
	return d
}

// apiAddReading records a reading and answers with the next image: 201 for a new
// reading, 200 where there was one, which counts.
func (s *Server) apiAddReading(ctx context.Context, in *struct {
	Slug string `path:"slug" maxLength:"128"`
	Body sighting
}) (*withStatus[blindDoc], error) {
	b, held, err := s.addReading(ctx, in.Slug, in.Body)
	if err != nil {
		return nil, err
	}
	out := &withStatus[blindDoc]{http.StatusCreated, b.doc(originOf(infoOf(ctx)))}
	if held {
		out.Status = http.StatusOK
	}
	return out, nil
}
