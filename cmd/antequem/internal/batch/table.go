package batch

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"strconv"
	"strings"

	"github.com/antequem/antequem/compare/assess"
)

// Lines writes the rows as JSON Lines: one object a line.
func Lines(rows []Row) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	for _, r := range rows {
		if err := enc.Encode(r); err != nil {
			return nil, err
		}
	}
	return b.Bytes(), nil
}

var csvHead = []string{
	"name", "status", "state", "after", "by", "p_value", "detectable_px", "detectable_m",
	"supported", "consistent", "contradicted", "undetermined", "untestable", "verdicts",
	"images", "used", "left_out", "expected_error_px", "synthetic", "title", "error",
	"kind", "source", "report", "recipe", "version",
}

// CSV writes the rows for a spreadsheet, the names of the columns first. What
// isn't known is an empty cell.
func CSV(rows []Row) ([]byte, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	if err := w.Write(csvHead); err != nil {
		return nil, err
	}
	for _, r := range rows {
		if err := w.Write(r.cells()); err != nil {
			return nil, err
		}
	}
	w.Flush()
	return b.Bytes(), w.Error()
}

// cells are as csvHead.
func (r Row) cells() []string {
	var verdicts, left []string
	for _, c := range r.Claims {
		verdicts = append(verdicts, c.ID+": "+string(c.Verdict))
	}
	for _, l := range r.LeftOut {
		left = append(left, l.File+": "+string(l.Status))
	}
	after, by := ends(r.Bracket)
	out := []string{cell(r.Name), r.Status, string(r.State), after, by, decimal(r.PValue), decimal(r.DetectablePx), decimal(r.DetectableM)}
	for _, a := range Answers {
		out = append(out, unlessFailed(r, strconv.Itoa(r.Count(a))))
	}
	return append(out,
		cell(strings.Join(verdicts, "; ")),
		unlessFailed(r, strconv.Itoa(r.Images)), unlessFailed(r, strconv.Itoa(r.Used)), cell(strings.Join(left, "; ")),
		decimal(r.ErrorPx), unlessFailed(r, strconv.FormatBool(r.Synthetic)), cell(r.Title), cell(r.Error),
		string(r.Kind), cell(r.Source), r.Report, r.Recipe, r.Version)
}

func unlessFailed(r Row, s string) string {
	if r.Failed() {
		return ""
	}
	return s
}

// cell keeps a user's text from being taken for a formula by a spreadsheet.
func cell(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}

func decimal(v *float64) string {
	if v == nil {
		return ""
	}
	return strconv.FormatFloat(*v, 'g', 6, 64)
}

// ends are the ends of a bracket as its JSON has them; "" for an open one.
func ends(b *assess.BracketReport) (after, by string) {
	if b == nil {
		return "", ""
	}
	if b.After != nil {
		after = *b.After
	}
	if b.By != nil {
		by = *b.By
	}
	return after, by
}
