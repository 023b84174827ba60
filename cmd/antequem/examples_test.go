package main

import (
	"bytes"
	"image/jpeg"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/antequem/antequem/imagery/encode"
	"github.com/antequem/antequem/samples/synth"
	"github.com/spf13/cobra"
)

// told are the commands whose examples want what a test has not: a disk to back up
// to, an archive filled earlier, a service, somebody to type a password, a manual
// reader. Their examples are read and not run; scripts of their own run them.
var told = map[string]bool{
	"backup": true, "crop": true, "delete": true, "demo": true, "import": true, "man": true, "pack": true, "prune": true,
	"serve": true, "stamp": true, "user": true, "add": true, "invite": true, "verify": true,
}

// examples calls f with each command and each line of its examples.
func examples(cmd *cobra.Command, f func(cmd *cobra.Command, line string)) {
	for line := range strings.SplitSeq(cmd.Example, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			f(cmd, line)
		}
	}
	for _, c := range cmd.Commands() {
		examples(c, f)
	}
}

func TestEveryCommandHasAnExampleThatItUnderstands(t *testing.T) {
	for _, c := range newRoot().Commands() {
		if c.IsAvailableCommand() && c.Example == "" {
			t.Errorf("%s has no example", c.CommandPath())
		}
	}
	examples(newRoot(), func(_ *cobra.Command, line string) {
		_, call, ok := strings.Cut(line, "antequem ")
		if !ok {
			return // what the shell does with the result
		}
		words := strings.Fields(call)
		for i, w := range words {
			if w == "&&" {
				words = words[:i]
				break
			}
		}
		root := newRoot()
		found, rest, err := root.Find(words)
		if err != nil || found == root {
			t.Errorf("%s: no such command (%v)", line, err)
			return
		}
		if strings.Contains(line, `"`) {
			return // its words are parted by a shell, below
		}
		if err := found.ParseFlags(rest); err != nil {
			t.Errorf("%s: %v", line, err)
		} else if err := found.ValidateArgs(found.Flags().Args()); err != nil {
			t.Errorf("%s: %v", line, err)
		}
	})
}

func TestExamplesWorkAsTheyStand(t *testing.T) {
	if _, err := exec.LookPath("sh"); err != nil {
		return // the examples are a shell's
	}
	dir := t.TempDir()
	prepare(t, dir)
	examples(newRoot(), func(cmd *cobra.Command, line string) {
		if told[cmd.Name()] || strings.Contains(line, "--server") {
			return
		}
		run := exec.Command("sh", "-c", line)
		run.Dir = dir
		if out, err := run.CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", line, err, out)
		}
	})
}

// prepare fills dir with what the examples name.
func prepare(t *testing.T, dir string) {
	t.Helper()
	before := synth.Spec{
		Town: 1, Look: 1, W: 512, H: 400, ToMoving: shifted(0, 0), OffNadir: 5, LeanAz: 100,
		SunAz: 150, SunEl: 45, Leaf: 0.8, Green: 0.5, Blur: 0.5, Noise: 2, Bare: true,
	}
	after := before
	after.Look, after.ToMoving, after.Damaged = 2, shifted(3, 4), true
	im, _ := synth.Draw(before)
	var photo bytes.Buffer
	if err := jpeg.Encode(&photo, im, nil); err != nil {
		t.Fatal(err)
	}
	a, err := encode.PNG(im, 0)
	if err != nil {
		t.Fatal(err)
	}
	im, _ = synth.Draw(after)
	b, err := encode.PNG(im, 0)
	if err != nil {
		t.Fatal(err)
	}
	text := []byte("title: A test\nimages:\n  - {file: before.png, acquired: 2015-10-15}\n  - {file: after.png, acquired: 2016-04-29}\n" +
		"reference: before.png\nregion: {image: before.png, polygon: [[165, 140], [255, 140], [255, 200], [165, 200]]}\n" +
		"claims:\n  - {id: c, text: Hit., changed: 2015/2016}\n")
	files := map[string][]byte{
		"corners.csv": []byte("10,10\n400,300\n"), "photo.jpg": photo.Bytes(),
		"clicked.csv": []byte("10,10,10,10\n400,300,400,300\n20,280,20,280\n"),
		"pairs.csv":   []byte("before,after\nbefore.png,after.png\n"),
		"Makefile":    []byte("samples: ;\n"), // they are there already
		"case.yaml":   text, "samples/training/case.yaml": text, "cases/case.yaml": text, "more/clinic.yaml": text,
	}
	for _, folder := range []string{"", "samples/training/", "cases/", "more/", "pictures/"} {
		files[folder+"before.png"], files[folder+"after.png"] = a, b
	}
	for name, data := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
