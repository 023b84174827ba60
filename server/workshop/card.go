package workshop

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/gif"
	"image/png"
	"net/url"
	"strings"

	"github.com/disintegration/imaging"
	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"

	"github.com/antequem/antequem/compare/overlay"
	"github.com/antequem/antequem/imagery"
)

// Pictures of a pair to take away. What a reader needs to judge them is burned in,
// for a picture travels alone: both dates, where they come from, the sources, and
// SYNTHETIC where a program drew it.
const (
	CardPNG  = "card.png"  // pair: both pictures, of the size that other sites show
	TurnsGIF = "turns.gif" // pair: the two in turn
)

const (
	cardWidth, cardHeight = 1200, 630 // px, as social networks crop nothing of
	cardStrip             = 118       // px for the words below a picture
	turnsWidth            = 800
	turnsDelay            = 130 // hundredths of a second for each picture: under three flashes a second
	cardRoom              = 3.0 // times the region's size that a card shows of the ground
	cardLeast             = 240 // px of the grid that it shows at least
)

// addTakeaway adds the card and the turning picture of a pair to b. The pictures
// lie on one grid; the region may be empty.
func addTakeaway(b map[string][]byte, before, after imagery.Image, x, y image.Image, region []imagery.Point) error {
	half := image.Pt((cardWidth-8)/2, cardHeight-cardStrip)
	box := around(region, x.Bounds(), half)
	card := image.NewRGBA(image.Rect(0, 0, cardWidth, cardHeight))
	draw.Draw(card, card.Rect, image.NewUniform(cardPaper), image.Point{}, draw.Src)
	for i, side := range []plate{{"Before", before, x}, {"After", after, y}} {
		at := image.Rect(0, 0, half.X, cardHeight).Add(image.Pt(i*(half.X+8), 0))
		if err := side.draw(card, at, box, cardStrip); err != nil {
			return err
		}
	}
	var out bytes.Buffer
	if err := png.Encode(&out, card); err != nil {
		return fmt.Errorf("%s: %w", CardPNG, err)
	}
	b[CardPNG] = out.Bytes()
	return addTurns(b, before, after, x, y, region)
}

// addTurns adds the two pictures in turn, as a GIF, which every newsroom's system takes.
func addTurns(b map[string][]byte, before, after imagery.Image, x, y image.Image, region []imagery.Point) error {
	size := image.Pt(turnsWidth, turnsWidth*2/3)
	box := around(region, x.Bounds(), size)
	var frames []*image.RGBA
	for _, side := range []plate{{"Before", before, x}, {"After", after, y}} {
		f := image.NewRGBA(image.Rect(0, 0, size.X, size.Y+cardStrip))
		draw.Draw(f, f.Rect, image.NewUniform(cardPaper), image.Point{}, draw.Src)
		if err := side.draw(f, f.Rect, box, cardStrip); err != nil {
			return err
		}
		frames = append(frames, f)
	}
	colours := paletteOf(frames)
	turns := &gif.GIF{LoopCount: 0}
	for _, f := range frames {
		p := image.NewPaletted(f.Rect, colours)
		draw.FloydSteinberg.Draw(p, p.Rect, f, image.Point{})
		turns.Image, turns.Delay = append(turns.Image, p), append(turns.Delay, turnsDelay)
	}
	var out bytes.Buffer
	if err := gif.EncodeAll(&out, turns); err != nil {
		return fmt.Errorf("%s: %w", TurnsGIF, err)
	}
	b[TurnsGIF] = out.Bytes()
	return nil
}

// around returns the part of the grid that a card shows, in the shape of a plate:
// the region and as much of its surroundings as shows where it lies, or everything.
func around(region []imagery.Point, grid image.Rectangle, shape image.Point) image.Rectangle {
	w, h := float64(grid.Dx()), float64(grid.Dy())
	cx, cy, want := w/2, h/2, w
	if len(region) > 0 {
		x0, y0, x1, y1 := w, h, 0.0, 0.0
		for _, p := range region {
			x0, x1, y0, y1 = min(x0, p.X), max(x1, p.X), min(y0, p.Y), max(y1, p.Y)
		}
		ratio := float64(shape.X) / float64(shape.Y)
		cx, cy, want = (x0+x1)/2, (y0+y1)/2, max(cardRoom*max(x1-x0, (y1-y0)*ratio), cardLeast)
	}
	want = min(want, w, h*float64(shape.X)/float64(shape.Y))
	tall := want * float64(shape.Y) / float64(shape.X)
	left := min(max(cx-want/2, 0), w-want)
	top := min(max(cy-tall/2, 0), h-tall)
	return image.Rect(int(left), int(top), int(left+want), int(top+tall)).Add(grid.Min).Intersect(grid)
}

// A plate is a picture with the words that belong to it.
type plate struct {
	role    string
	im      imagery.Image
	picture image.Image
}

var (
	cardPaper = color.RGBA{0x0c, 0x0f, 0x13, 0xff}
	cardInk   = color.RGBA{0xee, 0xf1, 0xf4, 0xff}
	cardQuiet = color.RGBA{0xae, 0xb7, 0xc2, 0xff}
)

// draw puts the part box of the picture into at, above a strip for its words.
func (p plate) draw(on *image.RGBA, at, box image.Rectangle, strip int) error {
	where := image.Rect(at.Min.X, at.Min.Y, at.Max.X, at.Max.Y-strip)
	ground := image.NewRGBA(image.Rectangle{Max: box.Size()})
	draw.Draw(ground, ground.Rect, image.NewUniform(noData), image.Point{}, draw.Src)
	draw.Draw(ground, ground.Rect, p.picture, box.Min, draw.Over)
	part := imaging.Resize(ground, where.Dx(), where.Dy(), imaging.CatmullRom)
	draw.Draw(on, where, part, image.Point{}, draw.Src)
	if p.im.Synthetic {
		tag := image.Rect(where.Max.X-190, where.Min.Y+14, where.Max.X-14, where.Min.Y+50)
		draw.Draw(on, tag, image.NewUniform(color.White), image.Point{}, draw.Src)
		if err := letter(on, tag.Min.X+14, tag.Max.Y-10, "SYNTHETIC", 24, true, color.Black, tag.Dx()-20); err != nil {
			return err
		}
	}
	x, width := at.Min.X+18, at.Dx()-36
	for _, line := range []struct {
		y    int
		text string
		size float64
		bold bool
		ink  color.Color
	}{
		{where.Max.Y + 36, p.role + ": " + overlay.DateWords(p.im), 26, true, cardInk},
		{where.Max.Y + 66, p.credit(), 19, false, cardQuiet},
		{where.Max.Y + 94, p.link(), 19, false, cardQuiet},
	} {
		if err := letter(on, x, line.y, line.text, line.size, line.bold, line.ink, width); err != nil {
			return err
		}
	}
	return nil
}

// credit names the publisher and the licence.
func (p plate) credit() string {
	var parts []string
	for _, t := range []string{p.im.Publisher, p.im.Licence} {
		if t != "" {
			parts = append(parts, t)
		}
	}
	if len(parts) == 0 {
		return "Publisher not given"
	}
	return strings.Join(parts, ", ")
}

// link names where the picture was found, as far as there is room for it.
func (p plate) link() string {
	u, err := url.Parse(p.im.Source)
	if err != nil || u.Host == "" {
		return "Source: " + max(p.im.Source, "not given")
	}
	return "Source: " + u.Host + u.Path
}

// letter writes text from (x, y), the beginning of its baseline, in at most so many
// px; a longer one is cut short. The Go fonts hold Latin, Greek and Cyrillic; other
// letters are left out, and where little else is left the text says where to look.
func letter(on draw.Image, x, y int, text string, size float64, bold bool, ink color.Color, width int) error {
	ttf := goregular.TTF
	if bold {
		ttf = gobold.TTF
	}
	f, err := opentype.Parse(ttf)
	if err != nil {
		return fmt.Errorf("font: %w", err)
	}
	face, err := opentype.NewFace(f, &opentype.FaceOptions{Size: size, DPI: 72, Hinting: font.HintingFull})
	if err != nil {
		return fmt.Errorf("font: %w", err)
	}
	d := font.Drawer{Dst: on, Src: image.NewUniform(ink), Face: face, Dot: fixed.P(x, y)}
	runes := []rune(legible(face, text))
	for n := len(runes); n > 0; n-- {
		part := string(runes[:n])
		if n < len(runes) {
			part = strings.TrimRight(part, " ,.") + "…"
		}
		if d.MeasureString(part).Ceil() <= width {
			d.DrawString(part)
			return nil
		}
	}
	return nil
}

// legible leaves out what a font has no letters for.
func legible(face font.Face, text string) string {
	kept := strings.Map(func(r rune) rune {
		if _, ok := face.GlyphAdvance(r); !ok || r < ' ' {
			return -1
		}
		return r
	}, text)
	if 2*len([]rune(strings.TrimSpace(kept))) < len([]rune(text)) {
		return "Named on the page of this comparison"
	}
	return kept
}
