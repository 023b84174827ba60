package server_test

import (
	"testing"

	"github.com/antequem/antequem/server"
)

func TestASpreadsheetReckonsNothingThatAUserWrote(t *testing.T) {
	for text, want := range map[string]string{
		"=1+1":                "'=1+1",
		"  =cmd|'/C calc'!A0": "  '=cmd|'/C calc'!A0",
		"@SUM(A1)":            "'@SUM(A1)",
		"+49 30 1234":         "'+49 30 1234",
		"-2+3":                "'-2+3",
		"＝1+1":                "'＝1+1",
		"\t=1":                "'\t=1",
		"a;=1+1":              "a;'=1+1",
		"a\n=1+1":             "a\n'=1+1",
		"-12.5":               "-12.5",
		"1e-3":                "1e-3",
		"NaN":                 "NaN",
		"a=b, a-b, a+b@c":     "a=b, a-b, a+b@c",
		"2015-10-15/..":       "2015-10-15/..",
		"../2015-10":          "../2015-10",
		"":                    "",
	} {
		if got := server.Harmless(text); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
}
