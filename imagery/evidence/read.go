package evidence

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/archive"
	"github.com/antequem/antequem/imagery/casefile"
	"github.com/antequem/antequem/imagery/pack"
)

// Evidence is what a pack tells, read and checked against itself.
type Evidence struct {
	Case     imagery.Case // each image with its Digest
	Custody  Custody
	Standing []archive.Publication // states that it was brought into, oldest first, by the custody log; none for a draft
	Withheld map[string]Reason     // by the File of each image
	Faults   []pack.Fault          // nothing of it can be relied on where there is one
}

// Read reads a pack to its end: every byte against its digest, the case against the
// files, and the case and the records against the custody log. The error is for what
// kept it from looking; what is wrong is in Faults. States and verdicts are for the
// caller to compute again.
func Read(ctx context.Context, p *pack.Pack) (Evidence, error) {
	var e Evidence
	var err error
	if e.Faults, err = p.Verify(ctx); err != nil {
		return e, err
	}
	if e.Case, err = readCase(p); err != nil {
		e.fault(CaseFile, err.Error())
		return e, nil
	}
	e.checkImages(p)
	log, err := p.Read(CustodyFile)
	if err == nil {
		e.Custody, err = ReadCustody(log)
	}
	if err != nil {
		e.fault(CustodyFile, err.Error())
		return e, nil
	}
	for _, f := range e.Custody.Faults {
		e.fault(CustodyFile, f)
	}
	e.Standing = archive.PublicationsIn(e.Custody.Shown, e.Case.Location.Slug)
	e.checkDeclared()
	e.checkRecords(p)
	return e, nil
}

func (e *Evidence) fault(subject, detail string) {
	e.Faults = append(e.Faults, pack.Fault{Kind: pack.FaultAltered, Subject: subject, Detail: detail})
}

func readCase(p *pack.Pack) (imagery.Case, error) {
	data, err := p.Read(CaseFile)
	if err != nil {
		return imagery.Case{}, err
	}
	return casefile.Parse(CaseFile, data)
}

// checkImages says where the case gives an image another digest than the pack does.
func (e *Evidence) checkImages(p *pack.Pack) {
	for _, im := range e.Case.Images {
		d, ok := p.Digest(imageFolder + im.File)
		switch {
		case !ok:
			e.Faults = append(e.Faults, pack.Fault{Kind: pack.FaultMissing, Subject: imageFolder + im.File, Detail: "the case names it, and the pack doesn't list it"})
		case d != im.Digest:
			e.fault(imageFolder+im.File, "the case gives it another SHA-256 than the pack does")
		}
	}
}

// checkDeclared says where the case differs from what the custody log last said of it.
func (e *Evidence) checkDeclared() {
	logged, told := archive.Replay(e.Custody.Shown), archive.State(e.Case)
	for _, key := range slices.Sorted(maps.Keys(told)) {
		if was, ok := logged[key]; !ok {
			e.fault(CaseFile, "the custody log doesn't know the "+key)
		} else if was != told[key] {
			e.fault(CaseFile, "the "+key+" differs from what the custody log last said of it")
		}
	}
	for _, key := range slices.Sorted(maps.Keys(logged)) {
		noun, _, _ := strings.Cut(key, " ")
		if _, ok := told[key]; !ok && !slices.Contains([]string{"original", "receipt", "publication", "reading", "release"}, noun) {
			e.fault(CaseFile, "the "+key+" is in the custody log and not in the case")
		}
	}
}

// An Importer takes a case in, all of it or nothing: an ingest.Ingester.
type Importer interface {
	Case(ctx context.Context, c imagery.Case, open func(file string) (io.ReadCloser, error), by archive.Change) (slug string, err error)
}

// A Missing error names withheld files that were not supplied. It answers to [imagery.ErrNotFound].
type Missing []pack.Withheld

func (m Missing) Error() string {
	return fmt.Sprintf("%d files were withheld from the pack and are needed, the first of them %s (SHA-256 %s)", len(m), m[0].Name, m[0].Digest)
}

func (m Missing) Unwrap() error { return imagery.ErrNotFound }

// Import takes the case of a pack into an archive and returns its slug there. Images
// that the pack withholds come from supply, which says [imagery.ErrNotFound] for what
// it doesn't have. A pack with any fault is refused.
func Import(ctx context.Context, into Importer, p *pack.Pack, supply func(ctx context.Context, d imagery.Digest) (io.ReadCloser, error), by archive.Change) (slug string, err error) {
	e, err := Read(ctx, p)
	if err != nil {
		return "", fmt.Errorf("import pack: %w", err)
	}
	if len(e.Faults) > 0 {
		f := e.Faults[0]
		return "", fmt.Errorf("import pack: faults: %d, the first: %s %s: %s: %w", len(e.Faults), f.Kind, f.Subject, f.Detail, imagery.ErrCorrupt)
	}
	withheld := map[string]pack.Withheld{}
	var missing Missing
	for _, w := range p.Withheld {
		withheld[w.Name] = w
		r, err := supply(ctx, w.Digest)
		if errors.Is(err, imagery.ErrNotFound) {
			missing = append(missing, w)
			continue
		}
		if err != nil {
			return "", fmt.Errorf("import pack: %w", err)
		}
		r.Close()
	}
	if missing != nil {
		return "", fmt.Errorf("import pack: %w", missing)
	}
	by.Why = joinWords(by.Why, fmt.Sprintf("from the evidence pack %s, whose custody log ends in %s", p.Name, e.Custody.Head))
	slug, err = into.Case(ctx, e.Case, func(file string) (io.ReadCloser, error) {
		if w, ok := withheld[imageFolder+file]; ok {
			return supply(ctx, w.Digest)
		}
		return p.Open(imageFolder + file)
	}, by)
	if err != nil {
		return "", fmt.Errorf("import pack: %w", err)
	}
	return slug, nil
}

func joinWords(a, b string) string {
	if a == "" {
		return b
	}
	return a + "; " + b
}

// OpenImage opens an image of the case as the pack holds it.
func OpenImage(p *pack.Pack, file string) (io.ReadCloser, error) { return p.Open(imageFolder + file) }
