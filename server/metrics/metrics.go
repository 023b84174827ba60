// Package metrics counts what a service did, for Prometheus to collect. Nothing that is
// counted names a reader, an address or a case: routes stand for the pages behind them.
package metrics

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"maps"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// bounds are the upper ends of the buckets that durations are counted in, seconds.
var bounds = [...]float64{0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30}

// A Served names a kind of answer. Routes, not addresses: their number is bounded.
type Served struct {
	Method, Route string // Route is the pattern, as "/locations/:slug"
	Status        int
}

// A spread counts durations by bucket.
type spread struct {
	counts [len(bounds) + 1]uint64
	sum    float64
}

// Counts count what the service did. The zero value is ready, and its methods may be
// called from any number of goroutines.
type Counts struct {
	Open     atomic.Int64 // requests being answered
	Watchers atomic.Int64 // pages that watch progress

	mu       sync.Mutex
	requests map[Served]uint64
	took     map[string]*spread // by route
	uploads  map[string]uint64  // by outcome
}

// Request counts a request that was answered, and how long that took.
func (m *Counts) Request(k Served, took time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.requests == nil {
		m.requests, m.took = map[Served]uint64{}, map[string]*spread{}
	}
	m.requests[k]++
	sp := m.took[k.Route]
	if sp == nil {
		sp = &spread{}
		m.took[k.Route] = sp
	}
	s := took.Seconds()
	i, _ := slices.BinarySearch(bounds[:], s)
	sp.counts[i]++
	sp.sum += s
}

// Upload counts an upload: "stored", "known" or "refused".
func (m *Counts) Upload(outcome string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.uploads == nil {
		m.uploads = map[string]uint64{}
	}
	m.uploads[outcome]++
}

// Write writes the counts in Prometheus' text format, version 0.0.4.
func (m *Counts) Write(w io.Writer, version string) error {
	var b bytes.Buffer
	head := func(name, kind, help string) { fmt.Fprintf(&b, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, kind) }

	head("antequem_info", "gauge", "Version of the program.")
	fmt.Fprintf(&b, "antequem_info{version=%s} 1\n", quote(version))
	m.mu.Lock()
	head("antequem_http_requests_total", "counter", "Requests answered, by method, route and status.")
	for _, k := range slices.SortedFunc(maps.Keys(m.requests), compareServed) {
		fmt.Fprintf(&b, "antequem_http_requests_total{method=%s,route=%s,status=\"%d\"} %d\n", quote(k.Method), quote(k.Route), k.Status, m.requests[k])
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
		{"antequem_http_requests_open", "Requests being answered.", m.Open.Load()},
		{"antequem_event_streams", "Pages that watch progress.", m.Watchers.Load()},
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

func compareServed(a, b Served) int {
	return cmp.Or(cmp.Compare(a.Route, b.Route), cmp.Compare(a.Method, b.Method), cmp.Compare(a.Status, b.Status))
}

// quote writes a label's value as the format wants it.
func quote(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(s) + `"`
}
