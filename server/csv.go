package server

import (
	"encoding/csv"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/antequem/antequem/compare/assess"
)

// imagesCSV answers /locations/{slug}/images.csv: one line for each image, with
// what became of it, and who brought it as far as an editor released that.
func (s *Server) imagesCSV(w http.ResponseWriter, r *http.Request) error {
	released, err := s.released(r.Context(), r.PathValue("slug"))
	if err != nil {
		return err
	}
	return s.table(w, r, "images", []string{
		"file", "sha256", "acquired", "basis", "source", "publisher", "platform", "gsd_m", "synthetic",
		"status", "state", "why", "expected_error_px", "residual_rmse_px", "overlap", "brought_by", "brought_as",
	}, func(rep *assess.Report) (rows [][]string) {
		for _, im := range rep.Images {
			a := im.Alignment
			rows = append(rows, []string{
				im.File, im.Digest, im.Acquired, im.Basis, im.Source, im.Publisher, im.Platform, number(im.GSD), strconv.FormatBool(im.Synthetic),
				string(im.Status), string(im.State), im.Why, number(a.ExpectedError), number(a.RMSE), number(&a.Overlap), released.by(im.File), released.as(im.File),
			})
		}
		return rows
	})
}

// claimsCSV answers /locations/{slug}/claims.csv: one line for each claim, with
// its verdict.
func (s *Server) claimsCSV(w http.ResponseWriter, r *http.Request) error {
	return s.table(w, r, "claims", []string{
		"id", "region", "claimant", "text", "source", "asserts", "when", "files", "verdict", "reason", "why", "rests_on", "conditional_on", "would_settle",
	}, func(rep *assess.Report) (rows [][]string) {
		for _, c := range rep.Claims {
			rows = append(rows, []string{
				c.ID, c.Region, c.Claimant, c.Text, c.Source, c.Asserts, c.When, strings.Join(c.Files, "; "), string(c.Verdict), c.Reason, c.Why,
				strings.Join(c.RestsOn, "; "), strings.Join(c.ConditionalOn, "; "), c.WouldSettle,
			})
		}
		return rows
	})
}

// table sends rows of a location's report as CSV (RFC 4180).
func (s *Server) table(w http.ResponseWriter, r *http.Request, name string, head []string, rows func(*assess.Report) [][]string) error {
	st, err := s.standingOf(r.Context(), r.PathValue("slug"))
	if err != nil {
		return err
	}
	if st.report == nil {
		return reportMissing(st)
	}
	return sendTable(w, st.slug+"-"+name, [][]string{head}, rows(st.report))
}

// sendTable sends lines as CSV, to be kept under a name.
func sendTable(w http.ResponseWriter, name string, parts ...[][]string) error {
	h := w.Header()
	h.Set("Content-Type", "text/csv; charset=utf-8")
	h.Set("Cache-Control", "no-cache")
	h.Set("Content-Disposition", `attachment; filename="`+name+`.csv"`)
	c := csv.NewWriter(w)
	c.UseCRLF = true
	for _, line := range slices.Concat(parts...) {
		for i := range line {
			line[i] = harmless(line[i])
		}
		if err := c.Write(line); err != nil {
			return err
		}
	}
	c.Flush()
	return c.Error()
}

// formula finds where a spreadsheet may begin to reckon: at the beginning of a cell, or
// behind a character that parts cells where another list separator than the comma is
// set. After OWASP's page on CSV injection, the wide forms of East Asia included.
var formula = regexp.MustCompile(`(^|[;|\t\r\n])([ \x{a0}\x{3000}]*)([=+\-@\t\r\n＝＋－＠])`)

// harmless keeps spreadsheets from taking what a user wrote for a formula.
func harmless(s string) string {
	if _, err := strconv.ParseFloat(s, 64); err == nil {
		return s
	}
	return formula.ReplaceAllString(s, "$1$2'$3")
}

func number(v *float64) string {
	if v == nil {
		return ""
	}
	return strconv.FormatFloat(*v, 'g', -1, 64)
}
