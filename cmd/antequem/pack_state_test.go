package main

import (
	"bytes"
	"errors"
	"io"
	"math"
	"path/filepath"
	"strings"
	"testing"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/archive"
)

func TestAPackSaysHowItsCaseStandsAndWhatWasWithdrawnIsPackedOnlyIfThatIsSaid(t *testing.T) {
	ctx := t.Context()
	a, err := archive.Open(ctx, t.TempDir(), archive.DefaultOptions())
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	c := imagery.Case{
		Title: "A dam", Location: imagery.Location{Name: "Dam", Slug: "dam", Lat: math.NaN(), Lon: math.NaN()},
		Claims: []imagery.Claim{{ID: "who", Text: "They did it.", Kind: imagery.ClaimUntestable, Why: "Imagery shows what changed."}},
	}
	if _, err := a.ImportCase(ctx, c, nil, 1, archive.Change{}); err != nil {
		t.Fatal(err)
	}
	check := func(when string, free bool, told ...string) {
		t.Helper()
		err := mayPack(ctx, a, "dam", false)
		if free != (err == nil) || err != nil && (!errors.Is(err, imagery.ErrInvalid) || !strings.Contains(err.Error(), "--withdrawn") || exitStatus(err) != exitFailed) {
			t.Errorf("%s: %v", when, err)
		}
		if err := mayPack(ctx, a, "dam", true); err != nil {
			t.Errorf("%s, and it was said: %v", when, err)
		}
		out := filepath.Join(t.TempDir(), "a.zip")
		if err := packLocation(ctx, io.Discard, a, "dam", defaultSettings(), packOptions{out: out}); err != nil {
			t.Fatal(err)
		}
		p, err := openPack(out)
		if err != nil {
			t.Fatal(err)
		}
		defer p.Close()
		r, err := verifyPack(ctx, p.Pack, "", defaultSettings(), nil)
		if err != nil || len(r.Faults) > 0 {
			t.Fatalf("%s: %v, %v", when, r.Faults, err)
		}
		var text bytes.Buffer
		if err := printPack(&text, r, nil); err != nil {
			t.Fatal(err)
		}
		for _, want := range told {
			if !strings.Contains(text.String(), want) {
				t.Errorf("%s: verify doesn't tell %q:\n%s", when, want, text.String())
			}
		}
	}
	check("a draft", true, "publication: a draft, never published")
	if err := a.Publish(ctx, "dam", archive.Change{Why: "read twice"}); err != nil {
		t.Fatal(err)
	}
	check("published", true, "publication: published on 20", ": read twice")
	if err := a.Withdraw(ctx, "dam", archive.Change{Why: "a \x1b[31mwrong\n date"}); err != nil {
		t.Fatal(err)
	}
	check("withdrawn", false, "publication: published on 20", "publication: withdrawn on 20", ": a [31mwrong date\n")
	if err := mayPack(ctx, a, "nowhere", true); !errors.Is(err, imagery.ErrNotFound) {
		t.Errorf("what isn't there: %v", err)
	}
}
