package evidence

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/archive"
	"github.com/antequem/antequem/imagery/pack"
)

// checkRecords says where records.json tells of an image something else than the
// case, the pack and the custody log do.
func (e *Evidence) checkRecords(p *pack.Pack) {
	told, err := readRecords(p)
	if err != nil {
		e.fault(RecordsFile, err.Error())
		return
	}
	withheld := map[string]bool{}
	for _, w := range p.Withheld {
		withheld[w.Name] = true
	}
	e.Withheld = map[string]Reason{}
	received := receipts(e.Custody.Shown)
	seen := map[string]bool{}
	for _, r := range told.Images {
		im, ok := e.Case.Image(r.File)
		switch {
		case !ok || seen[r.File]:
			e.fault(RecordsFile, fmt.Sprintf("%q is no image of the case, or told twice", r.File))
			continue
		case im.Digest != r.Digest:
			e.fault(RecordsFile, fmt.Sprintf("%q has another SHA-256 than in the case", r.File))
		case withheld[imageFolder+r.File] != (r.Withheld != PassedOn):
			e.fault(RecordsFile, fmt.Sprintf("%q is withheld by the pack or by the records, and not by both", r.File))
		case !slices.Contains([]Reason{PassedOn, ByChoice, ByMetadata}, r.Withheld):
			e.fault(RecordsFile, fmt.Sprintf("%q is withheld for a reason that isn't known here, %q", r.File, r.Withheld))
		}
		e.Withheld[r.File] = r.Withheld
		seen[r.File] = true
		if !sameReceipts(r.Receipts, received[told.Slug+"/"+r.File]) {
			e.fault(RecordsFile, fmt.Sprintf("%q was received at other times, or by others, than the custody log says", r.File))
		}
	}
	for _, im := range e.Case.Images {
		if !seen[im.File] {
			e.fault(RecordsFile, fmt.Sprintf("%q is an image of the case and not in the records", im.File))
		}
	}
}

func readRecords(p *pack.Pack) (f recordsForm, err error) {
	data, err := p.Read(RecordsFile)
	if err != nil {
		return f, err
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&f); err != nil {
		return f, fmt.Errorf("%s: %w: %w", RecordsFile, imagery.ErrCorrupt, err)
	}
	return f, nil
}

// receipts returns the receipts that a log leaves, by subject, in their order.
func receipts(log []archive.Entry) map[string][]archive.Entry {
	out := map[string][]archive.Entry{}
	for _, e := range log {
		switch e.Action {
		case "receipt.add":
			out[e.Subject] = append(out[e.Subject], e)
		case "image.delete":
			delete(out, e.Subject)
		}
	}
	return out
}

// sameReceipts compares what both tell: a log may keep back who brought a file.
func sameReceipts(told []receiptForm, logged []archive.Entry) bool {
	if len(told) != len(logged) {
		return false
	}
	for i, r := range told {
		what, who, err := logged[i].Done()
		var was struct {
			ReceivedAt time.Time `json:"received_at"`
		}
		if err != nil || json.Unmarshal(what.Record, &was) != nil || !was.ReceivedAt.Equal(r.ReceivedAt) {
			return false
		}
		if r.Uploader != who.By || r.OriginalName != who.OriginalName {
			return false
		}
	}
	return true
}
