package archive

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/antequem/antequem/imagery"
)

// A Recipe says how a result is made, and says it completely: the same recipe gives
// the same bytes, whenever and wherever it is followed.
type Recipe struct {
	Kind    string           `json:"kind"`    // "alignment", "judgement" …
	Inputs  []imagery.Digest `json:"inputs"`  // originals it reads, in the order that matters to it
	Options json.RawMessage  `json:"options"` // JSON: everything else that bears on the result, dates included
	Version string           `json:"version"` // of the program
}

// Canonical returns the recipe as JSON in one form: keys sorted, no spaces, numbers as written.
func (r Recipe) Canonical() ([]byte, error) {
	var options any
	if len(r.Options) > 0 {
		dec := json.NewDecoder(bytes.NewReader(r.Options))
		dec.UseNumber()
		if err := dec.Decode(&options); err != nil {
			return nil, fmt.Errorf("recipe options: %w: %w", imagery.ErrInvalid, err)
		}
	}
	inputs := r.Inputs
	if inputs == nil {
		inputs = []imagery.Digest{}
	}
	return json.Marshal(map[string]any{"kind": r.Kind, "inputs": inputs, "options": options, "version": r.Version})
}

// Digest returns the SHA-256 of the canonical form; zero where the options are not JSON.
func (r Recipe) Digest() imagery.Digest {
	b, err := r.Canonical()
	if err != nil {
		return imagery.Digest{}
	}
	return imagery.DigestOf(b)
}
