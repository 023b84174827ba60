package archive

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// A Correction is a change of a location that happened in public: after it was
// published, and before it was withdrawn. It is read from the custody log, so none can
// be left out, and it names nobody.
type Correction struct {
	At      time.Time
	Noun    string // "image", "claims", "regions", "location" or "publication"
	Subject string // file of an image; "" for the location as a whole
	Verb    string // "add", "change", "delete" or "set"
	Why     string // may be empty
	Fields  []FieldChange
}

// A FieldChange is a field of a record before and after a change, in JSON; "" is a
// field that was not there. Of lists, each element stands for itself: "struck" is the
// claim of that id.
type FieldChange struct{ Field, Before, After string }

// History returns what changed in public, oldest first; it begins with the publication.
func (a *Archive) History(ctx context.Context, slug string) ([]Correction, error) {
	log, err := a.Log(ctx, slug)
	if err != nil {
		return nil, fmt.Errorf("archive: history of %s: %w", slug, err)
	}
	return history(log, slug), nil
}

func history(log []Entry, slug string) []Correction {
	var out []Correction
	was := map[string]map[string]string{} // fields by noun and subject
	public := false
	for _, e := range log {
		n := noun(e.Action)
		if n != "image" && n != "claims" && n != "regions" && n != "location" && n != "publication" {
			continue
		}
		what, _, err := e.Done()
		if err != nil {
			continue // a log that can't be read is a matter for verify
		}
		key := n + " " + e.Subject
		now := fieldsOf(what.Record)
		changed := differing(was[key], now)
		was[key] = now
		opens := n == "publication" && strings.Contains(now["state"], string(Published))
		if !public && !opens {
			continue
		}
		if len(changed) > 0 || strings.HasSuffix(e.Action, ".delete") {
			c := Correction{At: e.At, Noun: n, Why: what.Why, Fields: changed}
			_, c.Verb, _ = strings.Cut(e.Action, ".")
			c.Subject, _ = strings.CutPrefix(e.Subject, slug+"/")
			if c.Subject == slug {
				c.Subject = ""
			}
			out = append(out, c)
		}
		if n == "publication" {
			public = opens
		}
	}
	return out
}

// fieldsOf takes a record apart: an object by its fields, a list by the id or the name
// of its elements.
func fieldsOf(record json.RawMessage) map[string]string {
	out := map[string]string{}
	var object map[string]json.RawMessage
	if json.Unmarshal(record, &object) == nil {
		for k, v := range object {
			out[k] = string(v)
		}
		return out
	}
	var list []json.RawMessage
	if json.Unmarshal(record, &list) != nil {
		return out
	}
	for i, v := range list {
		var named struct{ ID, Name string }
		if json.Unmarshal(v, &named) != nil || named.ID+named.Name == "" {
			named.ID = fmt.Sprint(i + 1)
		}
		out[named.ID+named.Name] = string(v)
	}
	return out
}

// differing lists the fields that are not the same, by name.
func differing(was, now map[string]string) []FieldChange {
	all := maps.Clone(was)
	if all == nil {
		all = map[string]string{}
	}
	maps.Copy(all, now)
	var out []FieldChange
	for _, f := range slices.Sorted(maps.Keys(all)) {
		if was[f] != now[f] {
			out = append(out, FieldChange{f, was[f], now[f]})
		}
	}
	return out
}
