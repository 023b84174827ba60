package server_test

import (
	"context"
	"encoding/binary"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/archive"
)

// A line is a listener whose connections can be cut, and kept cut.
type line struct {
	net.Listener
	mu    sync.Mutex
	conns []net.Conn
	down  bool
}

func (l *line) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return c, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.conns = append(l.conns, c)
	if l.down {
		c.Close()
	}
	return c, nil
}

// cut ends every connection, and lets none live until mend.
func (l *line) cut() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.down = true
	for _, c := range l.conns {
		c.Close()
	}
	l.conns = nil
}

func (l *line) mend() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.down = false
}

// grey is an uncompressed TIFF of side × side grey pixels, with shapes in it.
func grey(side int) []byte {
	head := []byte("II*\x00\x08\x00\x00\x00")
	tags := [][3]uint32{ // tag, type, value
		{256, 4, uint32(side)}, {257, 4, uint32(side)}, {258, 3, 8}, {259, 3, 1}, {262, 3, 1},
		{273, 4, 0}, {277, 3, 1}, {278, 4, uint32(side)}, {279, 4, uint32(side * side)},
	}
	start := len(head) + 2 + 12*len(tags) + 4
	tags[5][2] = uint32(start)
	b := binary.LittleEndian.AppendUint16(head, uint16(len(tags)))
	for _, t := range tags {
		b = binary.LittleEndian.AppendUint16(b, uint16(t[0]))
		b = binary.LittleEndian.AppendUint16(b, uint16(t[1]))
		b = binary.LittleEndian.AppendUint32(b, 1)
		b = binary.LittleEndian.AppendUint32(b, t[2])
	}
	b = binary.LittleEndian.AppendUint32(b, 0)
	for y := range side {
		for x := range side {
			b = append(b, byte((x/257+y/193)%7*30+(x^y)%16))
		}
	}
	return b
}

// upward makes the tab send no more than so many bytes a second; 0 is no limit.
func (b *browser) upward(bytes float64) {
	b.t.Helper()
	b.do(chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		if bytes == 0 {
			bytes = -1
		}
		_, err := cdp.Call(ctx, tab, network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{
			MatchedNetworkConditions: []*network.Conditions{{Latency: 0, DownloadThroughput: -1, UploadThroughput: bytes}},
		})
		return err
	}))
}

// patched lists the offsets from which the tab sent pieces of an upload.
func (b *browser) patched() []int64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]int64(nil), b.offsets...)
}

// A volunteer's line drops in the middle, and the page is loaded anew: each time the file
// goes on from what the service holds, and both see one digest.
func TestAnUploadInTheBrowserGoesOnAfterTheLineDropsAndThePageIsLoadedAgain(t *testing.T) {
	t.Parallel()
	h := build(t, t.TempDir(), settle())
	if _, err := h.archive.AddLocation(t.Context(), imagery.Location{Name: "Square", Slug: "square"}, archive.Change{}); err != nil {
		t.Fatal(err)
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	wire := &line{Listener: ln}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- h.Serve(ctx, wire) }()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	file := grey(4800) // 23 MB: six pieces
	path := filepath.Join(t.TempDir(), "scan.tif")
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	b := open(t, "http://"+ln.Addr().String())
	b.look(390, "light")
	b.visit("/locations/square/add?lang=ar")
	b.upward(3 << 20)
	choose := func() {
		b.do(chromedp.SetUploadFiles(chromedp.CSS("#f-files"), []string{path}))
	}
	share := func(least int) string {
		return `Number(document.querySelector("[data-list] [data-progress]")?.value ?? 0) >= ` + strconv.FormatFloat(float64(least)/100, 'f', 2, 64)
	}
	choose()
	b.until("the first piece to arrive", share(15))
	wire.cut()
	b.until("the page to notice", `document.querySelector("[data-list] [data-state]").textContent.includes("انقطع الاتصال")`)
	b.shoot("upload-dropped-ar")
	before := len(b.patched())
	wire.mend()
	b.until("the upload to go on", share(35))
	if from := b.patched(); len(from) <= before || from[before] == 0 {
		t.Errorf("after the line dropped it was sent from %v: from the beginning again", from[before:])
	}

	u := held(t, h)
	b.do(chromedp.Reload())
	b.until("the page", `document.readyState === "complete" && document.querySelectorAll("[data-list] > li").length === 0`)
	before = len(b.patched())
	choose()
	b.until("the upload to go on", `/[1-9][0-9]* ?٪|[1-9][0-9]* ?%/.test(document.querySelector("[data-list] [data-state]").textContent)`)
	b.upward(0)
	b.until("all of it to arrive", `document.querySelector("[data-list] [data-there]").textContent.length === 64 && document.querySelector("[data-list] [data-here]").textContent.length === 64`)
	from := b.patched()[before:]
	if len(from) == 0 || from[0] < u || from[0] == 0 {
		t.Errorf("after the page was loaded again it was sent from %v; the service held %d bytes", from, u)
	}
	want := imagery.DigestOf(file).String()
	here, there := eval[string](b, `document.querySelector("[data-list] [data-here]").textContent`), eval[string](b, `document.querySelector("[data-list] [data-there]").textContent`)
	if here != want || there != want {
		t.Errorf("digest here %s, there %s, want %s", here, there, want)
	}
	b.shoot("upload-arrived-ar")
	b.field("upload-1", "2016-05-01")
	b.do(chromedp.Click(chromedp.CSS("[data-list] [data-add]")))
	b.until("the image", `document.querySelector("[data-list] [data-state]").textContent.includes("أُضيفت")`)
	recs, err := h.archive.Images(t.Context(), "square")
	if err != nil || len(recs) != 1 || recs[0].Digest.String() != want {
		t.Errorf("%v, %v", recs, err)
	}
	b.mu.Lock()
	b.messages = without(b.messages, "net::ERR_") // of the line that was cut
	b.mu.Unlock()
	b.clean()
}

// held returns how many bytes of the one upload under way the service holds for sure.
func held(t *testing.T, h *house) int64 {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(h.archive.Dir(), "uploads", "*.part"))
	if err != nil || len(files) != 1 {
		t.Fatalf("%v, %v", files, err)
	}
	i, err := os.Stat(files[0])
	if err != nil {
		t.Fatal(err)
	}
	return i.Size() / (4 << 20) * (4 << 20) // whole pieces were acknowledged
}
