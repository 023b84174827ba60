package server

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"maps"
	"net/http"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/labstack/echo/v4"
)

// bounds are the upper ends of the buckets that durations are counted in, seconds.
var bounds = [...]float64{0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30}

// A served names a kind of answer. Routes, not addresses: their number is bounded.
type served struct {
	method, route string
	status        int
}

// A spread counts durations by bucket.
type spread struct {
	counts [len(bounds) + 1]uint64
	sum    float64
}

// metrics counts what the service did. The zero value is ready.
type metrics struct {
	mu       sync.Mutex
	requests map[served]uint64
	took     map[string]*spread // by route
	uploads  map[string]uint64  // by outcome
	open     atomic.Int64
	watchers atomic.Int64
}

func (m *metrics) request(k served, took time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.requests == nil {
		m.requests, m.took = map[served]uint64{}, map[string]*spread{}
	}
	m.requests[k]++
	sp := m.took[k.route]
	if sp == nil {
		sp = &spread{}
		m.took[k.route] = sp
	}
	s := took.Seconds()
	i, _ := slices.BinarySearch(bounds[:], s)
	sp.counts[i]++
	sp.sum += s
}

// upload counts an upload: "stored", "known" or "refused".
func (m *metrics) upload(outcome string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.uploads == nil {
		m.uploads = map[string]uint64{}
	}
	m.uploads[outcome]++
}

// writeTo writes m in Prometheus' text format, version 0.0.4.
func (m *metrics) writeTo(w io.Writer, version string) error {
	var b bytes.Buffer
	head := func(name, kind, help string) { fmt.Fprintf(&b, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, kind) }

	head("antequem_info", "gauge", "Version of the program.")
	fmt.Fprintf(&b, "antequem_info{version=%s} 1\n", quote(version))
	m.mu.Lock()
	head("antequem_http_requests_total", "counter", "Requests answered, by method, route and status.")
	for _, k := range slices.SortedFunc(maps.Keys(m.requests), compareServed) {
		fmt.Fprintf(&b, "antequem_http_requests_total{method=%s,route=%s,status=\"%d\"} %d\n", quote(k.method), quote(k.route), k.status, m.requests[k])
	}
	head("antequem_http_request_duration_seconds", "histogram", "Time to answer, by route.")
	for _, route := range slices.Sorted(maps.Keys(m.took)) {
		m.took[route].write(&b, "antequem_http_request_duration_seconds", route)
	}
	head("antequem_uploads_total", "counter", "Uploads, by outcome.")
	for _, outcome := range slices.Sorted(maps.Keys(m.uploads)) {
		fmt.Fprintf(&b, "antequem_uploads_total{outcome=%s} %d\n", quote(outcome), m.uploads[outcome])
	}
	m.mu.Unlock()

	var mem runtime.MemStats
	runtime.ReadMemStats(&mem)
	for _, g := range []struct {
		name, help string
		value      int64
	}{
		{"antequem_http_requests_open", "Requests being answered.", m.open.Load()},
		{"antequem_event_streams", "Pages that watch progress.", m.watchers.Load()},
		{"go_goroutines", "Goroutines that exist.", int64(runtime.NumGoroutine())},
		{"go_memstats_sys_bytes", "Memory obtained from the system.", int64(mem.Sys)},
		{"go_memstats_heap_inuse_bytes", "Heap in use.", int64(mem.HeapInuse)},
	} {
		head(g.name, "gauge", g.help)
		fmt.Fprintf(&b, "%s %d\n", g.name, g.value)
	}
	_, err := b.WriteTo(w)
	return err
}

func (sp *spread) write(w io.Writer, name, route string) {
	var n uint64
	for i, c := range sp.counts {
		n += c
		le := "+Inf"
		if i < len(bounds) {
			le = strconv.FormatFloat(bounds[i], 'g', -1, 64)
		}
		fmt.Fprintf(w, "%s_bucket{route=%s,le=%q} %d\n", name, quote(route), le, n)
	}
	fmt.Fprintf(w, "%s_sum{route=%s} %g\n%s_count{route=%s} %d\n", name, quote(route), sp.sum, name, quote(route), n)
}

func compareServed(a, b served) int {
	return cmp.Or(cmp.Compare(a.route, b.route), cmp.Compare(a.method, b.method), cmp.Compare(a.status, b.status))
}

// quote writes a label's value as the format wants it.
func quote(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(s) + `"`
}

// measure counts requests and their durations by route.
func (s *Server) measure(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		start := time.Now()
		s.metrics.open.Add(1)
		defer s.metrics.open.Add(-1)
		err := next(c) // answered: record hands errors to handleError
		k := served{method: methodLabel(c.Request().Method), route: c.Path(), status: c.Response().Status}
		if k.route == "" || k.status == http.StatusNotFound && s.classes[c.Request().Method+" "+k.route] == classPage && strings.HasSuffix(k.route, "*") {
			k.route = "(none)"
		}
		s.metrics.request(k, time.Since(start))
		return err
	}
}

// methodLabel keeps invented methods from growing the metrics.
func methodLabel(m string) string {
	if slices.Contains([]string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}, m) {
		return m
	}
	return "other"
}

// showMetrics answers /metrics.
func (s *Server) showMetrics(w http.ResponseWriter, r *http.Request) error {
	if !s.allowed(s.config.Metrics, r) {
		return refuse(errForbidden, "Metrics are not shown here.")
	}
	w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	return s.metrics.writeTo(w, s.version)
}
