package synth

import (
	"bytes"
	"fmt"
	"image/jpeg"
	"image/png"
	"path"
	"strings"

	"github.com/antequem/antequem/imagery"
)

// A Shot is a picture of the training case: its file name there and how it is drawn.
type Shot struct {
	File string
	Spec Spec
}

// trainingTown is the seed of the training case's town.
const trainingTown = 1

// Training returns the pictures of the training case in the order in which they
// were truly taken, the reference first. The clinic stands in the first five, the
// last of which hides it under cloud, and has largely collapsed in the other two.
func Training() []Shot {
	return []Shot{
		{"2015-10-15.jpg", Spec{
			Town: trainingTown, Look: 11, W: RefW, H: RefH, ToMoving: Identity(),
			OffNadir: 5, LeanAz: 95, SunAz: 156, SunEl: 45,
			Leaf: 0.9, Green: 0.25, Haze: 0.07, Warm: 0.2, Blur: 0.5, Noise: 2, JPEG: 90,
		}},
		{"2016-03-14.png", Spec{
			Town: trainingTown, Look: 12, W: 880, H: 690, ToMoving: Similarity(880, 690, 1, 1.8, 7.3, -4.6),
			OffNadir: 5, LeanAz: 110, SunAz: 148, SunEl: 49,
			Leaf: 0.5, Green: 1, Haze: 0.13, Gain: 1.15, Warm: -0.4, Blur: 0.6, Noise: 3, JPEG: 85,
		}},
		{"2016-04.jpg", Spec{
			Town: trainingTown, Look: 15, W: 940, H: 760, ToMoving: Similarity(940, 760, 1.06, 11.5, 6.8, -9.1),
			OffNadir: 5, LeanAz: 85, SunAz: 146, SunEl: 62,
			Leaf: 1, Green: 0.95, Haze: 0.1, Gain: 1.05, Warm: 0.5, Blur: 0.9, Noise: 3, JPEG: 72,
		}},
		{"2016-04-18.jpg", Spec{
			Town: trainingTown, Look: 13, W: 900, H: 700, ToMoving: Similarity(900, 700, 0.96, -2.4, -11.7, 8.2),
			OffNadir: 4, LeanAz: 80, SunAz: 143, SunEl: 56,
			Leaf: 1, Green: 1, Haze: 0.05, Gain: 0.95, Blur: 0.5, Noise: 2, JPEG: 88,
		}},
		{"2016-04-26.jpg", Spec{
			Town: trainingTown, Look: 14, W: 860, H: 680, ToMoving: Similarity(860, 680, 0.98, 0.7, 14.4, 3.9),
			OffNadir: 7, LeanAz: 110, SunAz: 141, SunEl: 59,
			Leaf: 1, Green: 1, Haze: 0.16, Gain: 0.95, Warm: -0.2, Blur: 0.55, Noise: 2, JPEG: 88,
			Cloud: 0.3, CloudAt: imagery.Point{X: 545, Y: 315},
		}},
		{"2016-04-29.jpg", Spec{
			Town: trainingTown, Look: 16, W: 840, H: 660, ToMoving: Similarity(840, 660, 0.91, -1.1, 4.2, 12.6), Damaged: true,
			OffNadir: 6, LeanAz: 120, SunAz: 142, SunEl: 60,
			Leaf: 1, Green: 0.95, Haze: 0.08, Blur: 0.5, Noise: 2, JPEG: 88,
		}},
		{"2016-07-02.png", Spec{
			Town: trainingTown, Look: 17, W: 900, H: 720, ToMoving: Similarity(900, 720, 1.02, 3.1, -8.5, -6.3), Damaged: true,
			OffNadir: 5, LeanAz: 85, SunAz: 127, SunEl: 66,
			Leaf: 1, Green: 0.1, Haze: 0.09, Gain: 0.85, Warm: 0.4, Blur: 0.55, Noise: 2, JPEG: 90,
		}},
	}
}

// Encode draws s and returns the bytes of its file: PNG or, by its name, JPEG at
// the quality that its spec gives.
func (s Shot) Encode() ([]byte, error) {
	var buf bytes.Buffer
	var err error
	switch strings.ToLower(path.Ext(s.File)) {
	case ".png":
		img, _ := Draw(s.Spec)
		err = png.Encode(&buf, img)
	case ".jpg", ".jpeg":
		plain, quality := s.Spec, s.Spec.JPEG
		plain.JPEG = 0
		img, _ := Draw(plain)
		err = jpeg.Encode(&buf, img, &jpeg.Options{Quality: quality})
	default:
		err = imagery.ErrUnsupported
	}
	if err != nil {
		return nil, fmt.Errorf("draw %s: %w", s.File, err)
	}
	return buf.Bytes(), nil
}
