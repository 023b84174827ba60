package archive

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"strings"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/sqlite"
)

// Replay follows the custody log from its beginning and returns the records as it
// leaves them: by noun and subject, such as "image old-town/a.png", in the JSON of
// this version of the program.
func Replay(log []Entry) map[string]string {
	state := map[string]string{}
	receipts := map[string]int{}
	for _, e := range log {
		key := noun(e.Action) + " " + e.Subject
		switch e.Action {
		case "original.keep":
			state[key] = ""
		case "original.remove":
			delete(state, key)
		case "original.restore", stampAction:
		case "location.delete":
			for _, n := range []string{"location ", "regions ", "claims ", "release "} {
				delete(state, n+e.Subject)
			}
		case "reading.add":
			var r readingForm
			if what, _, err := e.Done(); err == nil && json.Unmarshal(what.Record, &r) == nil {
				state[readingKey(e.Subject, r.Number)] = form(r)
			}
		case "image.delete":
			delete(state, key)
			delete(state, "release "+e.Subject)
			maps.DeleteFunc(state, func(k, _ string) bool { return strings.HasPrefix(k, "reading "+e.Subject+"\x00") })
			for n := receipts[e.Subject]; n > 0; n-- {
				delete(state, fmt.Sprintf("receipt %s %d", e.Subject, n))
			}
			receipts[e.Subject] = 0
		case "receipt.add":
			receipts[e.Subject]++
			state[fmt.Sprintf("receipt %s %d", e.Subject, receipts[e.Subject])] = receiptState(e)
		case "regions.set", "claims.set":
			if state[key] = sameForm(e); state[key] == "[]" {
				delete(state, key)
			}
		case "release.set":
			if state[key] = sameForm(e); state[key] == form(releaseForm{}) {
				delete(state, key)
			}
		default:
			state[key] = sameForm(e)
		}
	}
	return state
}

// sameForm writes the record of an entry as this version would, so that a field
// added since makes no difference.
func sameForm(e Entry) string {
	what, _, err := e.Done()
	if err != nil {
		return "unreadable: " + err.Error()
	}
	switch noun(e.Action) {
	case "location":
		return rewriteLocation(what.Record)
	case "image":
		return rewrite[imageForm](what.Record)
	case "receipt":
		return rewrite[receiptForm](what.Record)
	case "regions":
		return rewrite[[]regionForm](what.Record)
	case "claims":
		return rewrite[[]claimForm](what.Record)
	case "release":
		return rewrite[releaseForm](what.Record)
	case "publication":
		return rewrite[publicationForm](what.Record)
	}
	return string(what.Record)
}

func receiptState(e Entry) string {
	_, who, err := e.Done()
	if err != nil {
		return "unreadable: " + err.Error()
	}
	return form([]string{sameForm(e), who.By, who.OriginalName})
}

func rewrite[T any](record json.RawMessage) string {
	var v T
	if err := json.Unmarshal(record, &v); err != nil {
		return "unreadable: " + err.Error()
	}
	return form(v)
}

// rewriteLocation tells how sure a position is also where its entry didn't.
func rewriteLocation(record json.RawMessage) string {
	var l locationForm
	if err := json.Unmarshal(record, &l); err != nil {
		return "unreadable: " + err.Error()
	}
	l.Position = cmp.Or(l.Position, notVerified)
	return form(l)
}

func form(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return "unwritable: " + err.Error()
	}
	return string(b)
}

// currentRecords returns the records as the tables hold them, keyed as replay does.
func currentRecords(ctx context.Context, tx *sql.Tx) (map[string]string, error) {
	state := map[string]string{}
	held, err := originals(ctx, tx)
	if err != nil {
		return nil, err
	}
	for _, o := range held {
		state["original "+o.digest.String()] = ""
	}
	slugs, err := sqlite.Collect(ctx, tx, func(row sqlite.Row) (s string, err error) {
		err = row.Scan(&s)
		return s, err
	}, `SELECT slug FROM locations ORDER BY slug`)
	if err != nil {
		return nil, err
	}
	for _, slug := range slugs {
		if err := currentLocation(ctx, tx, slug, state); err != nil {
			return nil, err
		}
	}
	ps, err := publications(ctx, tx)
	if err != nil {
		return nil, err
	}
	for slug, p := range ps {
		state["publication "+slug] = form(formOfPublication(p))
	}
	if err := errors.Join(currentReadings(ctx, tx, state), currentReleases(ctx, tx, state)); err != nil {
		return nil, err
	}
	rs, err := sqlite.Collect(ctx, tx, scanReceipt, selectReceipts+` ORDER BY number`)
	if err != nil {
		return nil, err
	}
	count := map[string]int{}
	for _, r := range rs {
		subject := r.Location + "/" + r.File
		count[subject]++
		state[fmt.Sprintf("receipt %s %d", subject, count[subject])] =
			form([]string{form(formOfReceipt(r)), r.Uploader, r.OriginalName})
	}
	return state, nil
}

func currentLocation(ctx context.Context, tx *sql.Tx, slug string, state map[string]string) error {
	c, err := caseOf(ctx, tx, slug)
	if err == nil {
		maps.Copy(state, State(c))
	}
	return err
}

// State returns the records of a case as Replay does: of its location, its images, its
// regions and its claims.
func State(c imagery.Case) map[string]string {
	slug := c.Location.Slug
	state := map[string]string{
		"location " + slug: form(formOfLocation(c.Location, Heading{c.Title, c.Summary, c.Reference, c.LookFor})),
	}
	for _, im := range c.Images {
		state["image "+slug+"/"+im.File] = form(formOfImage(im))
	}
	if fs := formsOf(c.Regions, formOfRegion); len(fs) > 0 {
		state["regions "+slug] = form(fs)
	}
	if fs := formsOf(c.Claims, formOfClaim); len(fs) > 0 {
		state["claims "+slug] = form(fs)
	}
	return state
}

func formsOf[T imagery.Region | imagery.Claim, F any](vs []T, f func(T) F) []F {
	var out []F
	for _, v := range vs {
		out = append(out, f(v))
	}
	return out
}
