package server

import (
	"net/http"
	"strconv"

	"github.com/antequem/antequem/compare/assess"
	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/server/workshop"
)

// pairCSV answers /locations/{slug}/compare.csv?before=…&after=…: the numbers of
// one comparison, a line for each.
func (s *Server) pairCSV(w http.ResponseWriter, r *http.Request) error {
	st, err := s.standingOf(r.Context(), r.PathValue("slug"))
	if err != nil {
		return err
	}
	q := r.URL.Query()
	before, err := imageOf(st.c, q.Get("before"))
	if err != nil {
		return err
	}
	after, err := imageOf(st.c, q.Get("after"))
	if err != nil {
		return err
	}
	recipe, err := workshop.PairRecipe(before, after, ownRegion(st.c, before), s.options)
	if err != nil {
		return err
	}
	kept, err := s.archive.Result(r.Context(), recipe.Digest())
	if err != nil {
		return refuse(imagery.ErrNotFound, "These two have not been compared yet. Their page has it done.")
	}
	var rep assess.PairReport
	if err := (workshop.Result{Result: kept}).JSON(assess.ReportJSON, &rep); err != nil {
		return err
	}
	return sendTable(w, st.slug+"-"+before.Digest.Short()+"-"+after.Digest.Short(), [][]string{{"name", "value", "unit"}}, pairNumbers(before, after, rep))
}

// pairNumbers lists what was measured of a pair, with units.
func pairNumbers(before, after imagery.Image, rep assess.PairReport) [][]string {
	a := rep.Alignment
	rows := [][]string{
		{"before_file", before.File, ""}, {"before_sha256", before.Digest.String(), ""}, {"before_acquired", before.Acquired.String(), "EDTF"},
		{"before_basis", string(before.Basis), ""}, {"before_source", before.Source, ""}, {"before_publisher", before.Publisher, ""},
		{"after_file", after.File, ""}, {"after_sha256", after.Digest.String(), ""}, {"after_acquired", after.Acquired.String(), "EDTF"},
		{"after_basis", string(after.Basis), ""}, {"after_source", after.Source, ""}, {"after_publisher", after.Publisher, ""},
		{"grid_width", strconv.Itoa(rep.Grid[0]), "px"}, {"grid_height", strconv.Itoa(rep.Grid[1]), "px"},
		{"alignment_status", a.Status, ""}, {"alignment_reason", a.Reason, ""}, {"alignment_model", a.Model, ""},
		{"tie_points", strconv.Itoa(a.TiePoints), ""}, {"residual_rmse", number(a.RMSE), "px"}, {"expected_error", number(a.ExpectedError), "px"},
		{"overlap", number(&a.Overlap), "share"}, {"changed", number(rep.ChangedPct), "percent"},
	}
	if g := rep.Region; g != nil {
		rows = append(rows, []string{"region_state", string(g.State), ""}, []string{"region_p_value", number(g.PValue), ""},
			[]string{"region_detectable", number(g.DetectablePx), "px"}, []string{"region_detectable_m", number(g.DetectableM), "m"})
	}
	return append(rows, []string{"version", rep.Version, ""}, []string{"seed", rep.Seed, ""})
}
