package casefile_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/antequem/antequem/imagery/casefile"
)

func TestASourceIsAnAddressForOthersOrWords(t *testing.T) {
	for source, leads := range map[string]bool{
		"": true, "https://example.org/a?b=javascript:c": true, "http://example.org": true, "example.org/a": true, "by telephone": true,
		"Reuters: a photograph": true, "Data: Copernicus, 2016": true, "File: 12/2016": true, "mailto:desk@example.org": true, "JavaScript course, lesson 3": true,
		"javascript:alert(1)": false, " JavaScript:alert(1)": false, "java\tscript:alert(1)": false, "\x01javascript:x": false, "vbscript:x": false,
		"data:text/html,<b>": false, "data:,x": false, "data:image/png;base64,AA==": false, "blob:https://example.org/1": false, "file:///home/heron/a.png": false,
	} {
		if got := casefile.CheckSource(source); (got == "") != leads {
			t.Errorf("%q: %q", source, got)
		}
	}
}

func TestASourceThatLeadsNowhereIsToldWithItsLineAndReadAllTheSame(t *testing.T) {
	f, err := casefile.Read("case.yaml", []byte(`title: T
images:
  - {file: a.png, acquired: 2015-10-15, source: "file:///home/heron/a.png"}
  - {file: b.png, acquired: 2016-04, source: "by telephone"}
claims:
  - {id: one, untestable: "No.", source: "https://example.org/"}
  - {id: two, untestable: "No.", source: "javascript:alert(1)"}
`))
	if err != nil {
		t.Fatal(err)
	}
	var ms casefile.Mistakes
	if !errors.As(f.CheckSources(), &ms) || len(ms) != 2 {
		t.Fatalf("%v", f.CheckSources())
	}
	for i, want := range []string{`case.yaml:3: image "a.png": source: it leads to no page`, `case.yaml:7: claim "two": source: it leads to no page`} {
		if got := ms[i].String(); !strings.HasPrefix(got, want) || !strings.Contains(got, "https://") {
			t.Errorf("%s, want %s", got, want)
		}
	}
}
