package server_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/archive"
)

// BenchmarkClients has 50 clients ask at once and reports the slowest hundredth.
func BenchmarkClients(b *testing.B) {
	h, slug, before, after := judged(b, settle())
	for i := range 30 {
		_, err := h.archive.ImportCase(context.Background(), imagery.Case{
			Title: fmt.Sprintf("Place %d", i), Location: imagery.Location{Name: fmt.Sprintf("Place %d", i), Slug: fmt.Sprintf("place-%d", i), Position: "unverified"},
		}, nil, 1, archive.Change{})
		if err != nil {
			b.Fatal(err)
		}
	}
	compare := fmt.Sprintf("/locations/%s/compare?before=%s&after=%s", slug, before.Short(), after.Short())
	done := func(status int, text string) bool { return status == 200 && !strings.Contains(text, "/events?wait=") }
	eventually(b, h.Handler(), "/locations/"+slug, done)
	folder := regexp.MustCompile(`/results/[0-9a-f]{64}/tiles/before/`).FindString(eventually(b, h.Handler(), compare, done))
	for name, path := range map[string]string{
		"locations": "/", "location": "/locations/" + slug, "compare": compare, "claim": "/locations/" + slug + "/claims/struck",
		"tile": folder + "9/0_0.jpg", "api": "/api/v1/locations/" + slug,
	} {
		b.Run(name, func(b *testing.B) {
			var mu sync.Mutex
			var took []time.Duration
			b.ReportAllocs()
			b.SetParallelism(25) // times the processors
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					r := httptest.NewRequest("GET", "http://localhost"+path, nil)
					w := httptest.NewRecorder()
					start := time.Now()
					h.Handler().ServeHTTP(w, r)
					d := time.Since(start)
					if w.Code != http.StatusOK {
						b.Errorf("%s: %d", path, w.Code)
						return
					}
					mu.Lock()
					took = append(took, d)
					mu.Unlock()
				}
			})
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
		})
	}
}
