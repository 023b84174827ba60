package main

import (
	"bytes"
	"flag"
	"fmt"
	"image"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"testing"
	"time"

	"github.com/antequem/antequem/imagery/encode"
	"github.com/antequem/antequem/samples/synth"
)

// What these draw stands in internal/batch/measured, whose README says how to
// draw it again. Without their flags the tests measure nothing.
var (
	growthDir = flag.String("growth", "", "measure how judge grows and draw the curves into this folder")
	pairsDir  = flag.String("draw-pairs", "", "draw pairs of 512 px and their table into this folder")
	pairCount = flag.Int("pairs", 1000, "of -draw-pairs")
	wholeRuns = flag.Int("whole", 0, "time align as a whole process, so many times at each size")
)

// A cost is what one run of the program took.
type cost struct {
	x       float64 // side in px, or images
	seconds float64 // of processor time, user and system
	wall    float64 // s
	mib     float64 // most memory held; 0 where the system doesn't tell
}

// process runs the program as a process of its own and watches what it takes.
func process(t *testing.T, args ...string) cost {
	t.Helper()
	cmd := exec.Command("antequem", args...)
	cmd.Stderr = os.Stderr
	start := time.Now()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended, peak := make(chan struct{}), make(chan float64)
	go func() { peak <- peakMiB(cmd.Process.Pid, ended) }()
	err := cmd.Wait()
	close(ended)
	if err != nil {
		t.Fatal(err)
	}
	used := cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	return cost{seconds: used.Seconds(), wall: time.Since(start).Seconds(), mib: <-peak}
}

// peakMiB looks up the most memory that a process has held, as Linux tells it, until
// it has ended. What the system reports afterwards counts the parent in.
func peakMiB(pid int, ended <-chan struct{}) (most float64) {
	for {
		data, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid)) // no data: 0
		if _, text, ok := bytes.Cut(data, []byte("VmHWM:")); ok {
			var kib float64
			if _, err := fmt.Sscan(string(text), &kib); err == nil {
				most = max(most, kib/1024)
			}
		}
		select {
		case <-ended:
			return most
		case <-time.After(5 * time.Millisecond):
		}
	}
}

func TestGrowthBySize(t *testing.T) {
	var costs []cost
	for _, side := range []int{512, 1024, 2048, 4096, 8192} {
		if *growthDir == "" {
			return
		}
		costs = append(costs, judgeCost(t, side, 2, float64(side)))
	}
	chart{"judge: two images, by their side", "px", 2, costs}.write(t, "growth-size")
}

func TestGrowthByImages(t *testing.T) {
	var costs []cost
	for _, n := range []int{2, 5, 10, 20, 35, 50} {
		if *growthDir == "" {
			return
		}
		costs = append(costs, judgeCost(t, 512, n, float64(n)))
	}
	chart{"judge: images of 512 px, by their number", "images", 1, costs}.write(t, "growth-images")
}

// write writes the curve as a drawing and as a table.
func (c chart) write(t *testing.T, name string) {
	t.Helper()
	table := c.unit + ",processor_s,memory_mib\n"
	for _, p := range c.costs {
		table += fmt.Sprintf("%g,%.2f,%.0f\n", p.x, p.seconds, p.mib)
	}
	for file, data := range map[string][]byte{name + ".svg": c.svg(), name + ".csv": []byte(table)} {
		if err := os.WriteFile(filepath.Join(*growthDir, file), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// judgeCost draws a case of n images and has the program judge it, as a process of
// its own.
func judgeCost(t *testing.T, side, n int, x float64) cost {
	t.Helper()
	dir := t.TempDir()
	text := "title: Growth\nimages:\n"
	for i := range n {
		name := fmt.Sprintf("%02d.png", i)
		drawTo(t, filepath.Join(dir, name), look(side, i, i >= n/2))
		text += fmt.Sprintf("  - {file: %s, acquired: %d-05-01, synthetic: true}\n", name, 1970+i)
	}
	c := side / 2
	text += fmt.Sprintf("reference: 00.png\nregion: {image: 00.png, polygon: [[%d, %d], [%d, %d], [%d, %d], [%d, %d]]}\n",
		c-40, c-30, c+40, c-30, c+40, c+30, c-40, c+30)
	text += "claims:\n  - {id: c, text: It changed., changed: 1970/1990}\n"
	if err := os.WriteFile(filepath.Join(dir, "case.yaml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	got := process(t, "judge", filepath.Join(dir, "case.yaml"), "--json")
	got.x = x
	t.Logf("%d images of %d px: %.2f s, %.0f MiB", n, side, got.seconds, got.mib)
	return got
}

// look is the i-th view of one town, a little shifted each time.
func look(side, i int, damaged bool) synth.Spec {
	s := synth.Spec{
		Town: 1, Look: uint64(i + 1), W: side, H: side, OffNadir: 5, LeanAz: 100, SunAz: 150, SunEl: 45,
		Leaf: 0.8, Green: 0.5, Haze: 0.05, Blur: 0.5, Noise: 2, Damaged: damaged, Bare: true,
	}
	shift := float64(i % 7)
	s.ToMoving = [3][3]float64{{1, 0, float64(side)/2 - 540 + shift}, {0, 1, float64(side)/2 - 310 - shift}, {0, 0, 1}}
	return s
}

func drawTo(t *testing.T, path string, s synth.Spec) {
	t.Helper()
	im, _ := synth.Draw(s)
	data, err := encode.PNG(image.Image(im), 0)
	if err == nil {
		err = os.WriteFile(path, data, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func TestDrawPairs(t *testing.T) {
	if *pairsDir == "" {
		return
	}
	table := "before,after,name\n"
	for i := range *pairCount {
		before, after := look(512, 2*i, false), look(512, 2*i+1, i%2 == 0)
		before.Town, after.Town = uint64(i/4+1), uint64(i/4+1) // four pairs of each town
		after.Gain = 0.8 + 0.1*float64(i%5)
		a, b := fmt.Sprintf("%04d-a.png", i), fmt.Sprintf("%04d-b.png", i)
		drawTo(t, filepath.Join(*pairsDir, a), before)
		drawTo(t, filepath.Join(*pairsDir, b), after)
		table += fmt.Sprintf("%s,%s,pair %04d\n", a, b, i)
	}
	if err := os.WriteFile(filepath.Join(*pairsDir, "pairs.csv"), []byte(table), 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestWholeProcess times align from two PNG files to the aligned one.
func TestWholeProcess(t *testing.T) {
	for _, side := range []int{1024, 4096} {
		if *wholeRuns == 0 {
			return
		}
		dir := t.TempDir()
		before, after := look(side, 0, false), look(side, 3, true)
		drawTo(t, filepath.Join(dir, "a.png"), before)
		drawTo(t, filepath.Join(dir, "b.png"), after)
		for range *wholeRuns {
			c := process(t, "align", filepath.Join(dir, "a.png"), filepath.Join(dir, "b.png"), "--out", filepath.Join(dir, "out.png"))
			t.Logf("align, PNG to PNG, %d px: %.2f s, %.2f s of processor time, %.0f MiB", side, c.wall, c.seconds, c.mib)
		}
	}
}

// A chart draws costs over what they grow with, both axes logarithmic, beside a line
// that grows with the given power from the last cost backwards.
type chart struct {
	title, unit string
	power       float64
	costs       []cost
}

const (
	chartW, chartH    = 700, 360
	left, right, base = 60, 650, 310
	top               = 50
)

func (c chart) svg() []byte {
	x0, x1 := math.Log10(c.costs[0].x), math.Log10(c.costs[len(c.costs)-1].x)
	y0, y1 := math.Inf(1), math.Inf(-1)
	for _, p := range c.costs {
		y0, y1 = min(y0, math.Floor(math.Log10(p.seconds))), max(y1, math.Ceil(math.Log10(p.seconds)))
	}
	x := func(v float64) float64 { return left + (right-left)*(math.Log10(v)-x0)/(x1-x0) }
	y := func(v float64) float64 { return base - (base-top)*(math.Log10(v)-y0)/(y1-y0) }
	var b bytes.Buffer
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="13" fill="#222">`+"\n", chartW, chartH)
	fmt.Fprintf(&b, `<rect width="%d" height="%d" fill="#fff"/><text x="%d" y="24" font-size="16">%s</text>`+"\n", chartW, chartH, left, c.title)
	for d := y0; d <= y1; d++ {
		v := math.Pow(10, d)
		fmt.Fprintf(&b, `<path d="M%d %.1fH%d" stroke="#ddd"/><text x="%d" y="%.1f" text-anchor="end">%s s</text>`+"\n", left, y(v), right, left-6, y(v)+4, strconv.FormatFloat(v, 'f', -1, 64))
	}
	last := c.costs[len(c.costs)-1]
	from := last.seconds * math.Pow(c.costs[0].x/last.x, c.power)
	fmt.Fprintf(&b, `<clipPath id="in"><rect x="%d" y="%d" width="%d" height="%d"/></clipPath>`, left, top, right-left, base-top)
	fmt.Fprintf(&b, `<path clip-path="url(#in)" d="M%.1f %.1fL%.1f %.1f" stroke="#999" stroke-dasharray="4 4" fill="none"/>`+"\n", x(c.costs[0].x), y(from), x(last.x), y(last.seconds))
	path := "M"
	for i, p := range c.costs {
		if i > 0 {
			path += "L"
		}
		path += fmt.Sprintf("%.1f %.1f", x(p.x), y(p.seconds))
	}
	fmt.Fprintf(&b, `<path d="%s" stroke="#15607a" stroke-width="2" fill="none"/>`+"\n", path)
	for i, p := range c.costs {
		anchor, dx, dy := "end", -8.0, -8.0 // above a line that rises to the right, and the first below it
		if i == 0 {
			anchor, dx, dy = "start", 8, 16
		}
		fmt.Fprintf(&b, `<circle cx="%.1f" cy="%.1f" r="4" fill="#15607a"/><text x="%.1f" y="%.1f" text-anchor="%s" stroke="#fff" stroke-width="5" paint-order="stroke">%.1f s, %.0f MiB</text>`+"\n",
			x(p.x), y(p.seconds), x(p.x)+dx, y(p.seconds)+dy, anchor, p.seconds, p.mib)
		fmt.Fprintf(&b, `<text x="%.1f" y="%d" text-anchor="middle">%g %s</text>`+"\n", x(p.x), base+22, p.x, c.unit)
	}
	growth := map[float64]string{1: "in proportion to their number", 2: "in proportion to their pixels"}[c.power]
	fmt.Fprintf(&b, `<text x="%d" y="%d">Processor time and most memory of one process (%s/%s). Dashed: %s.</text></svg>`+"\n", left, chartH-8, runtime.GOOS, runtime.GOARCH, growth)
	return b.Bytes()
}
