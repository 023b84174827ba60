package main

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/antequem/antequem/imagery/stamp/stamptest"
	"github.com/antequem/antequem/samples/synth"
	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"antequem": func() { os.Exit(run()) }})
}

// TestScripts runs each command as a user would, on pictures drawn for the test:
// before.png is the reference, after.png lies 3 px right of and 4 px below it and
// shows the collapse, again.png shows the old state once more, camera.png is the same
// with EXIF that names a camera, and other.png is another town. AUTHORITY is the address of a time-stamp authority, ROOT its
// certificate and OTHER_ROOT that of another one.
func TestScripts(t *testing.T) {
	authority, other := stamptest.New(t), stamptest.New(t)
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(env *testscript.Env) error {
			env.Setenv("AUTHORITY", authority.URL)
			env.Setenv("ROOT", authority.Root)
			env.Setenv("OTHER_ROOT", other.Root)
			for name, data := range testPictures() {
				if err := os.WriteFile(filepath.Join(env.WorkDir, name), data, 0o600); err != nil {
					return err
				}
			}
			return nil
		},
	})
}

// testPictures draws the pictures of the scripts, once.
var testPictures = sync.OnceValue(func() map[string][]byte {
	base := synth.Spec{
		Town: 1, Look: 1, W: 420, H: 340, ToMoving: shifted(0, 0), OffNadir: 5, LeanAz: 100,
		SunAz: 150, SunEl: 45, Leaf: 0.8, Green: 0.5, Haze: 0.05, Blur: 0.5, Noise: 2,
	}
	after, again, other := base, base, base
	after.Look, after.ToMoving, after.Damaged = 2, shifted(3, 4), true
	again.Look, again.ToMoving, again.Gain = 3, shifted(-5, 2), 0.9
	other.Look, other.Town = 4, 99
	return map[string][]byte{
		"before.png": encoded(base), "after.png": encoded(after), "again.png": encoded(again), "other.png": encoded(other),
		"camera.png": withMaker(encoded(again)),
	}
})

// withMaker puts an EXIF block behind the header of a PNG: Make, "Can", and a DateTime
// long before the date that the scripts declare.
func withMaker(data []byte) []byte {
	chunk := []byte("eXIfMM\x00*\x00\x00\x00\x08\x00\x02" +
		"\x01\x0f\x00\x02\x00\x00\x00\x04Can\x00" + "\x01\x32\x00\x02\x00\x00\x00\x14\x00\x00\x00\x26" +
		"\x00\x00\x00\x002014:01:01 00:00:00\x00")
	const header = 33 // signature and IHDR
	out := binary.BigEndian.AppendUint32(bytes.Clone(data[:header]), uint32(len(chunk)-4))
	out = binary.BigEndian.AppendUint32(append(out, chunk...), crc32.ChecksumIEEE(chunk))
	return append(out, data[header:]...)
}

// shifted centres the clinic, which stands about (540, 310) of the reference grid,
// and moves the picture by (dx, dy).
func shifted(dx, dy float64) [3][3]float64 {
	return [3][3]float64{{1, 0, 210 - 540 + dx}, {0, 1, 170 - 310 + dy}, {0, 0, 1}}
}

func encoded(s synth.Spec) []byte {
	img, _ := synth.Draw(s)
	var b bytes.Buffer
	if err := png.Encode(&b, image.Image(img)); err != nil {
		panic(err)
	}
	return b.Bytes()
}
