package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/antequem/antequem/compare/assess"
	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/archive"
	"github.com/antequem/antequem/server/page"
	"github.com/antequem/antequem/server/people"
	"github.com/antequem/antequem/server/workshop"
)

// A made is what is kept of a recipe, or how the job that makes it fares.
type made struct {
	recipe  imagery.Digest
	result  *workshop.Result // nil while there is none
	job     *page.Job        // nil where it is done, or can't be
	failure string           // why it can't be done
}

// waiting is what a page waits for, or doesn't any more.
type waiting []made

// jobs lists what is under way.
func (ms waiting) jobs() []page.Job {
	var out []page.Job
	for _, m := range ms {
		if m.job != nil {
			out = append(out, *m.job)
		}
	}
	return out
}

// events returns where the page hears of it; "" where nothing is under way.
func (ms waiting) events(slug string) string {
	var recipes []string
	for _, m := range ms {
		if m.job != nil && len(recipes) < maxAwaited {
			recipes = append(recipes, m.recipe.String())
		}
	}
	if recipes == nil {
		return ""
	}
	return "/locations/" + slug + "/events?wait=" + strings.Join(recipes, ",")
}

// url returns the address of one file of the result.
func (m made) url(name string) string { return resultPath(m.recipe, name) }

// ask returns what is kept of r, and has it made where nothing is. It never waits.
func (s *Server) ask(ctx context.Context, r archive.Recipe, what, slug string) (made, error) {
	m := made{recipe: r.Digest()}
	res, err := s.archive.Result(ctx, m.recipe)
	switch {
	case err == nil:
		m.result = &workshop.Result{Result: res}
		return m, nil
	case !errors.Is(err, imagery.ErrNotFound):
		return m, err
	}
	j, err := s.jobs.Standing(ctx, m.recipe)
	if err != nil {
		return m, err
	}
	if j.Failure != "" {
		m.failure = publicFailure(j.Failure)
		return m, nil
	}
	if !j.Asked {
		if err := s.mayAsk(ctx, r); err != nil {
			return m, err
		}
		if err := s.jobs.Ask(ctx, r, slug); err != nil {
			return m, err
		}
	}
	if j.Step != "" {
		what += ": " + j.Step
	}
	m.job = &page.Job{What: what, Done: share(j.Done, j.Total)}
	return m, nil
}

// Comparisons that one reader may have made: any two images of a location can be
// compared, and whoever asked for them all would keep others waiting for hours.
const (
	pairsAtOnce = 40
	pairEvery   = 30 * time.Second // one more
)

// mayAsk refuses a reader who has had many comparisons made.
func (s *Server) mayAsk(ctx context.Context, r archive.Recipe) error {
	info := infoOf(ctx)
	if r.Kind != workshop.KindPair || info.who.Role > people.Reader || !info.from.IsValid() { // no reader asks
		return nil
	}
	if err := s.pairs.Take(people.Source(info.from), time.Now()); err != nil {
		return &refusal{kind: errBusy, detail: "Many comparisons were asked for from here. Those made before are there; please wait a while for others.", cause: err}
	}
	return nil
}

// publicFailure keeps to itself what names the machine rather than the images:
// a failure that no kind explains may hold a path.
func publicFailure(text string) string {
	if strings.ContainsAny(text, `/\`) {
		return "something broke here, which was logged"
	}
	return text
}

func share(done, total int) float64 {
	if total <= 0 {
		return math.NaN()
	}
	return float64(done) / float64(total)
}

// A standing is a case and what is known of it so far.
type standing struct {
	slug   string
	c      imagery.Case
	made   made
	report *assess.Report // nil while there is none
}

// standingOf returns the case of a location and its judgement, which is asked for
// where it isn't there.
func (s *Server) standingOf(ctx context.Context, slug string) (standing, error) {
	c, err := s.caseOf(ctx, slug)
	if err != nil {
		return standing{}, err
	}
	st := standing{slug: slug, c: c}
	if len(c.Images) == 0 {
		return st, nil
	}
	r, err := workshop.CaseRecipe(c, s.options)
	if err != nil {
		return standing{}, err
	}
	if st.made, err = s.ask(ctx, r, page.Say(infoOf(ctx).lang, "jobs.case"), slug); err != nil || st.made.result == nil {
		return st, err
	}
	st.report, err = s.reportOf(st.made)
	if s.spoilt(ctx, st.made.recipe, err) {
		st.made, err = s.ask(ctx, r, page.Say(infoOf(ctx).lang, "jobs.case"), slug)
	}
	return st, err
}

// spoilt says that err comes from a result that is not what was written, and
// forgets the result, so that it is made again.
func (s *Server) spoilt(ctx context.Context, recipe imagery.Digest, err error) bool {
	if !errors.Is(err, imagery.ErrCorrupt) && !errors.Is(err, imagery.ErrNotFound) {
		return false
	}
	s.log.WarnContext(ctx, "a result is not what was written and is made again", "recipe", recipe.String(), "err", err)
	if err := s.archive.DropResult(ctx, recipe); err != nil {
		s.log.ErrorContext(ctx, "drop result", "recipe", recipe.String(), "err", err)
	}
	s.opened.drop(recipe)
	return true
}

// caseOf returns the case of a location, if the caller of ctx may see it.
func (s *Server) caseOf(ctx context.Context, slug string) (imagery.Case, error) {
	if !slugPattern.MatchString(slug) {
		return imagery.Case{}, refuse(imagery.ErrNotFound, noLocation)
	}
	if err := s.visible(ctx, slug); err != nil {
		return imagery.Case{}, err
	}
	c, err := s.archive.Case(ctx, slug)
	if errors.Is(err, imagery.ErrNotFound) {
		return c, &refusal{kind: imagery.ErrNotFound, detail: noLocation, cause: err}
	}
	return c, err
}

// reportOf reads the report of a case that was judged.
func (s *Server) reportOf(m made) (*assess.Report, error) {
	if r, ok := s.reports.get(m.recipe); ok {
		return r, nil
	}
	b, err := m.result.Read(assess.ReportJSON)
	if err != nil {
		return nil, err
	}
	r := new(assess.Report)
	if err := json.Unmarshal(b, r); err != nil {
		return nil, fmt.Errorf("report of %s: %w: %w", m.recipe.Short(), imagery.ErrCorrupt, err)
	}
	s.reports.put(m.recipe, r)
	return r, nil
}
