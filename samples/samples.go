// Package samples holds cases to try: the training case, on a fictional town that
// package synth draws, and the al-Quds case, as text and sources without imagery.
// README.md beside this file gives the provenance and licence of each.
package samples

import (
	"embed"
	"fmt"
	"os"
	"path"
	"path/filepath"

	"github.com/antequem/antequem/samples/synth"
)

// FS holds the case files, NAME/case.yaml for each of Names. The pictures that
// training/case.yaml names are drawn beside it by [Draw].
//
//go:embed README.md training/case.yaml al-quds/case.yaml
var FS embed.FS

// Names lists the folders of FS, in the order in which to show them.
var Names = []string{"training", "al-quds"}

// A Sample is a case file and the pictures that stand beside it.
type Sample struct {
	Name     string            // of its folder
	Case     []byte            // case.yaml
	Pictures map[string][]byte // by file name; nil where the case holds none
}

// All returns every sample with its pictures, drawn anew: the same bytes each time.
func All() ([]Sample, error) {
	var out []Sample
	for _, name := range Names {
		text, err := FS.ReadFile(path.Join(name, "case.yaml"))
		if err != nil {
			return nil, fmt.Errorf("samples: %w", err)
		}
		s := Sample{Name: name, Case: text}
		if name == "training" {
			if s.Pictures, err = pictures(); err != nil {
				return nil, err
			}
		}
		out = append(out, s)
	}
	return out, nil
}

func pictures() (map[string][]byte, error) {
	out := map[string][]byte{}
	for _, s := range synth.Training() {
		b, err := s.Encode()
		if err != nil {
			return nil, fmt.Errorf("samples: %w", err)
		}
		out[s.File] = b
	}
	return out, nil
}

// Write puts every sample below dir, in a folder of its name.
func Write(dir string) error {
	all, err := All()
	if err != nil {
		return err
	}
	for _, s := range all {
		if err := put(filepath.Join(dir, s.Name, "case.yaml"), s.Case); err != nil {
			return err
		}
		for name, b := range s.Pictures {
			if err := put(filepath.Join(dir, s.Name, name), b); err != nil {
				return err
			}
		}
	}
	return nil
}

// Draw puts the pictures of the training case into dir.
func Draw(dir string) error {
	all, err := pictures()
	if err != nil {
		return err
	}
	for name, b := range all {
		if err := put(filepath.Join(dir, name), b); err != nil {
			return err
		}
	}
	return nil
}

// put writes a file whole or not at all, by way of a temporary one beside it. It
// makes the folder.
func put(name string, b []byte) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return fmt.Errorf("samples: %w", err)
	}
	tmp, err := os.CreateTemp(filepath.Dir(name), ".drawing-*")
	if err != nil {
		return fmt.Errorf("samples: %w", err)
	}
	defer os.Remove(tmp.Name()) // gone already where all went well
	if _, err = tmp.Write(b); err == nil {
		err = tmp.Chmod(0o644)
	}
	if e := tmp.Close(); err == nil {
		err = e
	}
	if err == nil {
		err = os.Rename(tmp.Name(), name)
	}
	if err != nil {
		return fmt.Errorf("samples: write %s: %w", name, err)
	}
	return nil
}
