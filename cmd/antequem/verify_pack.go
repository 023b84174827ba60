package main

import (
	"context"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/antequem/antequem/compare/assess"
	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/archive"
	"github.com/antequem/antequem/imagery/decode"
	"github.com/antequem/antequem/imagery/evidence"
	"github.com/antequem/antequem/imagery/pack"
)

// Kinds of faults beside those of package pack.
const (
	faultWithheld pack.FaultKind = "withheld" // an image that is needed to judge again
	faultDiffers  pack.FaultKind = "differs"  // what the pack says and what its originals give are not the same
)

// faultStamp is a time-stamp of the custody log that no trusted authority made, or the lack of any.
const faultStamp = "stamp"

// A packReport says what verify found in a pack.
type packReport struct {
	Pack       string            `json:"pack"`  // its folder
	Files      int               `json:"files"` // read back
	Entries    int               `json:"entries"`
	Head       imagery.Digest    `json:"head"`        // of the custody log
	Stamps     []archive.Stamped `json:"stamps"`      // time-stamps of that log
	Standing   []packStanding    `json:"publication"` // states that the case was brought into, oldest first; none for a draft
	Recomputed bool              `json:"recomputed"`  // the judgement was made again
	Faults     []pack.Fault      `json:"faults"`
	Notes      []string          `json:"notes"`
}

// A packStanding says who might see a case from a time on.
type packStanding struct {
	State archive.PublicationState `json:"state"`
	At    time.Time                `json:"at"`
	Why   string                   `json:"why"`
}

func (r *packReport) fault(kind pack.FaultKind, subject, detail string) {
	r.Faults = append(r.Faults, pack.Fault{Kind: kind, Subject: subject, Detail: detail})
}

// An openedPack is a pack and its file.
type openedPack struct {
	*pack.Pack
	io.Closer
}

func openPack(path string) (openedPack, error) {
	f, err := os.Open(path)
	if err != nil {
		return openedPack{}, err
	}
	st, err := f.Stat()
	if err == nil && !st.Mode().IsRegular() {
		err = fmt.Errorf("no file, want a pack: %w", imagery.ErrInvalid)
	}
	var p *pack.Pack
	if err == nil {
		p, err = pack.Open(f, st.Size(), pack.DefaultLimits())
	}
	if err != nil {
		return openedPack{}, errors.Join(fmt.Errorf("%s: %w", path, err), f.Close())
	}
	return openedPack{p, f}, nil
}

// verifyPack reads a pack back and, where it is whole, judges its case again from its
// originals by the settings of this machine. The error is for what kept it from looking.
func verifyPack(ctx context.Context, p *pack.Pack, with string, s settings, progress assess.Progress) (packReport, error) {
	e, err := evidence.Read(ctx, p)
	if err != nil {
		return packReport{}, err
	}
	r := packReport{Pack: p.Name, Files: len(p.Names()), Entries: e.Custody.Entries, Head: e.Custody.Head,
		Stamps: append([]archive.Stamped{}, e.Custody.Stamps...), Faults: e.Faults, Notes: []string{}, Standing: []packStanding{}}
	for _, p := range e.Standing {
		r.Standing = append(r.Standing, packStanding(p))
	}
	if len(r.Faults) == 0 {
		r.checkNames(p, e.Case)
	}
	if len(r.Faults) > 0 {
		r.Notes = append(r.Notes, "the judgement was not made again: the pack is not whole")
		return r, nil
	}
	given, err := supplyFrom(ctx, with, p.Withheld, s.limits())
	if err != nil {
		return r, err
	}
	var missing []pack.Withheld
	for _, w := range p.Withheld {
		if _, ok := given[w.Digest]; !ok {
			missing = append(missing, w)
		}
	}
	if r.Faults = append(r.Faults, askFor(missing)...); missing != nil {
		r.Notes = append(r.Notes, "the judgement was not made again: images are withheld")
		return r, nil
	}
	return r, r.recompute(ctx, p, e, given, s, progress)
}

// checkNames finds what no pack of this program holds, and files other than images
// that are said to be withheld.
func (r *packReport) checkNames(p *pack.Pack, c imagery.Case) {
	known := map[string]bool{evidence.CaseFile: true, evidence.RecordsFile: true, evidence.CustodyFile: true}
	images := map[string]bool{}
	for _, im := range c.Images {
		images["case/"+im.File] = true
	}
	for _, name := range p.Names() {
		if !known[name] && !images[name] && !strings.HasPrefix(name, resultsFolder) {
			r.fault(pack.FaultExtra, name, "it is neither of the case nor a result")
		}
	}
	for _, w := range p.Withheld {
		if !images[w.Name] {
			r.fault(pack.FaultMissing, w.Name, "it is said to be withheld, and is no image of the case")
		}
	}
}

// askFor says of each withheld image how to supply it.
func askFor(missing []pack.Withheld) (out []pack.Fault) {
	for _, w := range missing {
		detail := fmt.Sprintf("its SHA-256 is %s; give the folder that holds it by --with DIR", w.Digest)
		if strings.HasPrefix(w.URL, "http") {
			detail += "; it came from " + w.URL
		}
		out = append(out, pack.Fault{Kind: faultWithheld, Subject: w.Name, Detail: detail})
	}
	return out
}

// recompute judges the case and holds each result against the pack's.
func (r *packReport) recompute(ctx context.Context, p *pack.Pack, e evidence.Evidence, given supply, s settings, progress assess.Progress) error {
	by := made{report: versionIn(p, resultsFolder+assess.ReportJSON), recipe: versionIn(p, resultsFolder+recipeJSON)}
	if here := assess.Build(); by.report != here {
		r.Notes = append(r.Notes, fmt.Sprintf("the results were made by version %q, and again by %q", by.report, here))
	}
	hidden := func(im imagery.Image) bool { return e.Withheld[im.File] == evidence.ByChoice }
	load := originalLoader(packReader(p, e.Case, given, s.limits()), s.limits())
	again, err := judgedResults(ctx, e.Case, load, s.assess(), hidden, by, progress)
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil:
		r.fault(faultDiffers, evidence.CaseFile, "it could not be judged again: "+err.Error())
		return nil
	}
	r.Recomputed = true
	return r.compare(p, again)
}

// compare holds the results of a pack against those made again.
func (r *packReport) compare(p *pack.Pack, again map[string][]byte) error {
	names := p.Names()
	for _, name := range slices.Sorted(maps.Keys(again)) {
		if _, ok := slices.BinarySearch(names, name); !ok {
			r.fault(faultDiffers, name, "it is made from the originals, and the pack doesn't hold it")
		}
	}
	for _, name := range names {
		here, ok := again[name]
		d, _ := p.Digest(name)
		switch {
		case !strings.HasPrefix(name, resultsFolder) || ok && d == imagery.DigestOf(here):
			continue
		case !ok:
			r.fault(faultDiffers, name, "the pack holds it, and it isn't made from the originals")
			continue
		}
		held, err := readUpTo(p, name, maxCompared)
		if err != nil {
			return err
		}
		for _, d := range differences(name, held, here) {
			r.fault(faultDiffers, name, d)
		}
	}
	return nil
}

// maxCompared bounds what is read of a result that differs, bytes.
const maxCompared = 256 << 20

func readUpTo(p *pack.Pack, name string, most int64) ([]byte, error) {
	f, err := p.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, most))
}

// versionIn returns the version that a JSON document of a pack names; "" for none.
func versionIn(p *pack.Pack, name string) string {
	var v struct {
		Version string `json:"version"`
	}
	data, err := readUpTo(p, name, maxCompared)
	if err != nil || json.Unmarshal(data, &v) != nil {
		return ""
	}
	return v.Version
}

// packReader reads originals out of a pack, and those withheld from where they were
// found. Each is checked against its digest.
func packReader(p *pack.Pack, c imagery.Case, given supply, lim decode.Limits) func(context.Context, imagery.Digest) ([]byte, error) {
	files := map[imagery.Digest]string{}
	for _, im := range c.Images {
		files[im.Digest] = im.File
	}
	return func(ctx context.Context, d imagery.Digest) ([]byte, error) {
		r, err := given.open(ctx, d)
		if errors.Is(err, imagery.ErrNotFound) {
			r, err = evidence.OpenImage(p, files[d])
		}
		if err != nil {
			return nil, err
		}
		defer r.Close()
		b, err := io.ReadAll(io.LimitReader(r, lim.MaxBytes+1))
		switch {
		case err != nil:
			return nil, err
		case int64(len(b)) > lim.MaxBytes:
			return nil, fmt.Errorf("more than the %d bytes of limits.max_bytes: %w", lim.MaxBytes, imagery.ErrTooLarge)
		case imagery.DigestOf(b) != d:
			return nil, fmt.Errorf("not the file whose SHA-256 is %s: %w", d, imagery.ErrCorrupt)
		}
		return b, nil
	}
}

func printFaults(w io.Writer, faults []pack.Fault) {
	for _, f := range faults {
		fmt.Fprintf(w, "%s: %s: %s\n", f.Kind, f.Subject, plainLine(f.Detail))
	}
}

// plainLine makes one line, without control characters, of words that may come from a
// stranger's pack.
func plainLine(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return -1
		}
		return r
	}, strings.Join(strings.Fields(s), " "))
}

// printStanding says whether a pack's case is one that was published.
func printStanding(w io.Writer, ps []packStanding) {
	if len(ps) == 0 {
		fmt.Fprintln(w, "publication: a draft, never published")
	}
	for _, p := range ps {
		fmt.Fprintf(w, "publication: %s on %s%s\n", plainLine(string(p.State)), p.At.UTC().Format(time.DateOnly), because(plainLine(p.Why)))
	}
}

func because(why string) string {
	if why == "" {
		return ""
	}
	return ": " + why
}

func printPack(w io.Writer, r packReport, roots *x509.CertPool) error {
	w = words{w}
	fmt.Fprintf(w, "%s: %s read back; %d entries in the custody log\n", r.Pack, counted(r.Files, "file"), r.Entries)
	fmt.Fprintf(w, "head of the log %s\n", r.Head)
	printStanding(w, r.Standing)
	printStamps(w, r.Stamps, roots)
	printFaults(w, r.Faults)
	for _, n := range r.Notes {
		fmt.Fprintf(w, "note: %s\n", n)
	}
	if len(r.Faults) > 0 {
		_, err := fmt.Fprintln(w, counted(len(r.Faults), "fault"))
		return err
	}
	_, err := fmt.Fprintln(w, "judged again from the originals: every state, verdict and picture is the same, byte for byte")
	return err
}
