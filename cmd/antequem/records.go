package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strconv"
	"strings"
)

// A record is one line of a file of positions.
type record struct {
	fields []string
	line   int // that it begins on
}

// records reads comma-separated values: lines that begin with # are remarks, and a byte
// order mark, as spreadsheets write it, is none of the values. An error begins with the
// line that it is about, and is the last.
func records(from io.Reader) iter.Seq2[record, error] {
	r := csv.NewReader(from)
	r.FieldsPerRecord, r.TrimLeadingSpace, r.Comment = -1, true, '#'
	return func(yield func(record, error) bool) {
		for last := 1; ; {
			fields, err := r.Read()
			if errors.Is(err, io.EOF) {
				return
			}
			if wrong := new(csv.ParseError); errors.As(err, &wrong) {
				last, err = wrong.Line, wrong.Err
			}
			if err != nil {
				yield(record{}, fmt.Errorf("%d: %w", last, err))
				return
			}
			last, _ = r.FieldPos(0)
			fields[0] = strings.TrimPrefix(fields[0], "\ufeff")
			if !yield(record{fields, last}, nil) {
				return
			}
		}
	}
}

// header says whether no field of a record is a number.
func (r record) header() bool {
	return !slices.ContainsFunc(r.fields, func(s string) bool {
		_, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
		return err == nil
	})
}

// columns returns where the fields of these names stand under a header; nil if one is missing.
func (r record) columns(names []string) []int {
	var out []int
	for _, name := range names {
		i := slices.IndexFunc(r.fields, func(s string) bool { return strings.EqualFold(strings.TrimSpace(s), name) })
		if i < 0 {
			return nil
		}
		out = append(out, i)
	}
	return out
}
