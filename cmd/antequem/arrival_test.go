package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/antequem/antequem/imagery/archive"
)

// A daemon is the program serving, as a process of its own.
type daemon struct {
	cmd *exec.Cmd
	url string
}

// program returns the path of the program: this test's own binary under its name.
func program(t *testing.T) string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "antequem")
	if err := os.Symlink(self, path); err != nil {
		t.Fatal(err)
	}
	return path
}

func daemonize(t *testing.T, program, data, listen string) *daemon {
	t.Helper()
	d := &daemon{cmd: exec.Command(program, "serve", "--data", data, "--listen", listen)}
	d.cmd.Dir = t.TempDir()
	d.cmd.Env = append(os.Environ(), "ANTEQUEM_SERVER_WRITE_RATE=0", "ANTEQUEM_LOG_LEVEL=error")
	out, err := d.cmd.StdoutPipe()
	if err == nil {
		err = d.cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.cmd.Process.Kill(); _ = d.cmd.Wait() })
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	d.url = strings.TrimSpace(line)
	return d
}

// A volunteer speaks tus.
type volunteer struct {
	origin, token string
	client        *http.Client
}

func (s volunteer) do(method, path string, body io.Reader, head ...string) (*http.Response, []byte, error) {
	r, err := http.NewRequestWithContext(context.Background(), method, s.origin+path, body)
	if err != nil {
		return nil, nil, err
	}
	r.Header.Set("Tus-Resumable", "1.0.0")
	if s.token != "" {
		r.Header.Set("Authorization", "Bearer "+s.token)
	}
	for i := 0; i < len(head); i += 2 {
		r.Header.Set(head[i], head[i+1])
	}
	a, err := s.client.Do(r)
	if err != nil {
		return nil, nil, err
	}
	defer a.Body.Close()
	b, err := io.ReadAll(a.Body)
	return a, b, err
}

// begin makes an upload and returns its path.
func (s volunteer) begin(location string, size int) (string, error) {
	b64 := base64.StdEncoding.EncodeToString
	a, b, err := s.do("POST", "/api/v1/uploads", nil, "Upload-Length", strconv.Itoa(size),
		"Upload-Metadata", "location "+b64([]byte(location))+",filename "+b64([]byte("IMG.tif")))
	if err != nil {
		return "", err
	}
	u, err := url.Parse(a.Header.Get("Location"))
	if err != nil || a.StatusCode != 201 {
		return "", fmt.Errorf("begin: %d %s %v", a.StatusCode, b, err)
	}
	return u.Path, nil
}

func (s volunteer) offset(path string) (int, error) {
	a, _, err := s.do("HEAD", path, nil)
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(a.Header.Get("Upload-Offset"))
}

// add sends bytes from an offset and returns how many were acknowledged in all.
func (s volunteer) add(path string, offset int, piece []byte) (int, error) {
	a, b, err := s.do("PATCH", path, bytes.NewReader(piece), "Upload-Offset", strconv.Itoa(offset), "Content-Type", "application/offset+octet-stream")
	if err != nil {
		return offset, err
	}
	if a.StatusCode != 204 {
		return offset, fmt.Errorf("add: %d %s", a.StatusCode, b)
	}
	return strconv.Atoi(a.Header.Get("Upload-Offset"))
}

// take says what the file is and returns the digest that the service tells.
func (s volunteer) take(path string) (string, error) {
	form := url.Values{"acquired": {"2016-05"}, "basis": {"claimed"}}
	a, b, err := s.do("POST", path, strings.NewReader(form.Encode()), "Content-Type", "application/x-www-form-urlencoded")
	if err != nil {
		return "", err
	}
	var doc struct {
		SHA256 string
		Taken  struct{ SHA256 string }
	}
	if err := json.Unmarshal(b, &doc); err != nil || a.StatusCode != 200 || doc.SHA256 != doc.Taken.SHA256 {
		return "", fmt.Errorf("take: %d %s %v", a.StatusCode, b, err)
	}
	return doc.SHA256, nil
}

// addLocation makes an empty draft.
func (s volunteer) addLocation(t *testing.T) {
	t.Helper()
	a, b, err := s.do("POST", "/api/v1/locations", strings.NewReader("title: A square\nlocation: {name: Square}\nimages: []\n"), "Content-Type", "application/yaml")
	if err != nil || a.StatusCode != 201 {
		t.Fatalf("%v %s %v", a, b, err)
	}
}

// A line is a connection to a service that is slow and drops.
type line struct {
	net.Listener
	to      string
	pace    time.Duration // for each 64 KiB
	cutAt   []int64       // bytes sent in all, at which every connection drops
	sent    atomic.Int64
	cuts    atomic.Int64
	mu      sync.Mutex
	through []net.Conn
}

func lay(t *testing.T, to string, pace time.Duration, cutAt ...int64) *line {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l := &line{Listener: ln, to: to, pace: pace, cutAt: cutAt}
	t.Cleanup(func() { ln.Close(); l.drop() })
	go func() {
		for {
			c, err := ln.Accept()
			if err != nil {
				return
			}
			go l.carry(c)
		}
	}()
	return l
}

func (l *line) carry(from net.Conn) {
	to, err := net.Dial("tcp", l.to)
	if err != nil {
		from.Close()
		return
	}
	l.mu.Lock()
	l.through = append(l.through, from, to)
	l.mu.Unlock()
	go func() { _, _ = io.Copy(from, to); from.Close() }()
	buf := make([]byte, 64<<10)
	for {
		n, err := from.Read(buf)
		if _, werr := to.Write(buf[:n]); err != nil || werr != nil {
			to.Close()
			return
		}
		if sent := l.sent.Add(int64(n)); l.cuts.Load() < int64(len(l.cutAt)) && sent > l.cutAt[l.cuts.Load()] {
			l.cuts.Add(1)
			l.drop()
		}
		time.Sleep(l.pace)
	}
}

func (l *line) drop() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, c := range l.through {
		c.Close()
	}
	l.through = nil
}

// plainTIFF writes an uncompressed RGB TIFF of w × h pixels with georeference.
func plainTIFF(w, h int) []byte {
	var b bytes.Buffer
	le := binary.LittleEndian
	b.WriteString("II*\x00")
	size := w * h * 3
	_ = binary.Write(&b, le, uint32(8+size+64))
	row := make([]byte, w*3)
	for y := range h {
		for x := range row {
			row[x] = byte((x*7+y*13)>>3) ^ byte(x*y>>9)
		}
		b.Write(row)
	}
	extra := b.Len() // of values that don't fit in a tag
	for _, v := range []uint16{8, 8, 8} {
		_ = binary.Write(&b, le, v)
	}
	b.Write(make([]byte, 8+size+64-b.Len()))
	tags := [][4]uint32{
		{256, 4, 1, uint32(w)}, {257, 4, 1, uint32(h)}, {258, 3, 3, uint32(extra)}, {259, 3, 1, 1}, {262, 3, 1, 2},
		{273, 4, 1, 8}, {277, 3, 1, 3}, {278, 4, 1, uint32(h)}, {279, 4, 1, uint32(size)},
	}
	_ = binary.Write(&b, le, uint16(len(tags)))
	for _, t := range tags {
		_ = binary.Write(&b, le, struct {
			Tag, Type    uint16
			Count, Value uint32
		}{uint16(t[0]), uint16(t[1]), t[2], t[3]})
	}
	_ = binary.Write(&b, le, uint32(0))
	return b.Bytes()
}

func digestOf(b []byte) string {
	d := sha256.Sum256(b)
	return hex.EncodeToString(d[:])
}

// peak returns the most memory that a process has used, MiB; 0 where that isn't told.
func peak(pid int) int {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	m := regexp.MustCompile(`VmHWM:\s+(\d+) kB`).FindSubmatch(b)
	if err != nil || m == nil {
		return 0
	}
	kb, _ := strconv.Atoi(string(m[1]))
	return kb >> 10
}

func TestALargeFileArrivesOverALineThatDropsFiveTimes(t *testing.T) {
	file := plainTIFF(8192, 8192) // 201 MB
	size := len(file)
	d := daemonize(t, program(t), t.TempDir(), "127.0.0.1:0")
	volunteer{origin: d.url, client: http.DefaultClient}.addLocation(t)
	step := int64(size / 6)
	l := lay(t, strings.TrimPrefix(d.url, "http://"), time.Millisecond, step, 2*step, 3*step, 4*step, 5*step)
	s := volunteer{origin: "http://" + l.Addr().String(), client: &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}}
	path, err := s.begin("square", size)
	if err != nil {
		t.Fatal(err)
	}
	resumed, begun := 0, time.Now()
	for at := 0; at < size; {
		if at, err = s.add(path, at, file[at:]); err == nil {
			continue
		}
		if resumed++; resumed > 50 {
			t.Fatal(err)
		}
		if at, err = s.offset(path); err != nil {
			t.Logf("asking where to go on: %v", err)
			at = 0
		}
	}
	arrived := peak(d.cmd.Process.Pid)
	got, err := s.take(path)
	if err != nil || got != digestOf(file) {
		t.Fatalf("taken as %s, want %s, %v", got, digestOf(file), err)
	}
	if again, err := s.take(path); err != nil || again != got {
		t.Errorf("a second time: %s, %v", again, err)
	}
	if n := l.cuts.Load(); n != 5 || resumed < 5 {
		t.Errorf("cut %d times, resumed %d times", n, resumed)
	}
	if sent := l.sent.Load(); sent > int64(size)*11/10 {
		t.Errorf("%d bytes were sent for a file of %d", sent, size)
	}
	t.Logf("%d MB in %v, resumed %d times; memory at most %d MiB while it arrived, %d MiB when it was stored",
		size/1e6, time.Since(begun).Round(time.Millisecond), resumed, arrived, peak(d.cmd.Process.Pid))
	if arrived > 300 {
		t.Errorf("%d MiB of memory while it arrived", arrived)
	}
}

func TestTwentyFilesOfTenVolunteersOutliveAKilledService(t *testing.T) {
	bin, data := program(t), t.TempDir()
	run := func(args ...string) string {
		t.Helper()
		out, err := exec.Command(bin, append(args, "--data", data)...).Output()
		if err != nil {
			t.Fatal(args, err)
		}
		return strings.TrimSpace(string(out))
	}
	run("user", "add", "editor")
	d := daemonize(t, bin, data, "127.0.0.1:0")
	volunteer{origin: d.url, client: http.DefaultClient, token: run("user", "token", "add", "editor")}.addLocation(t)
	var volunteers []volunteer
	for i := range 10 {
		name := fmt.Sprintf("volunteer-%d", i)
		run("user", "add", name, "--role", "contributor")
		volunteers = append(volunteers, volunteer{origin: d.url, client: &http.Client{}, token: run("user", "token", "add", name)})
	}
	var acknowledged atomic.Int64
	half, restarted := make(chan struct{}), make(chan struct{})
	var once sync.Once
	files := make([][]byte, 20)
	total := int64(0)
	for i := range files {
		files[i] = plainTIFF(500+i, 400)
		total += int64(len(files[i]))
	}
	var all sync.WaitGroup
	for i, file := range files {
		all.Go(func() {
			s := volunteers[i%10]
			path, err := s.begin("square", len(file))
			if err != nil {
				t.Error(err)
				return
			}
			for at := 0; at < len(file); {
				next, err := s.add(path, at, file[at:min(at+64<<10, len(file))])
				if err != nil { // the service was killed
					<-restarted
					told := at
					if at, err = s.offset(path); err != nil || at < told {
						t.Errorf("file %d: %d bytes were acknowledged, %d are there: %v", i, told, at, err)
						return
					}
					continue
				}
				if acknowledged.Add(int64(next-at)) > total/2 {
					once.Do(func() { close(half) })
				}
				at = next
			}
			got, err := s.take(path)
			if err != nil { // the service was killed while it stored the file
				<-restarted
				got, err = s.take(path)
			}
			if err != nil || got != digestOf(file) {
				t.Errorf("file %d: %s, %v", i, got, err)
			}
		})
	}
	<-half
	if err := d.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = d.cmd.Wait()
	again := daemonize(t, bin, data, strings.TrimPrefix(d.url, "http://"))
	close(restarted)
	all.Wait()
	_ = again.cmd.Process.Signal(os.Interrupt)
	_ = again.cmd.Wait()
	a, err := archive.Open(context.Background(), data, archive.DefaultOptions())
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	recs, err := a.Images(context.Background(), "square")
	if err != nil || len(recs) != 20 {
		t.Errorf("%d images, %v", len(recs), err)
	}
	if rep, err := a.Verify(context.Background(), nil); err != nil || !rep.OK() || rep.Originals != 20 {
		t.Errorf("%+v, %v", rep, err)
	}
}
