package server_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/archive"
)

// BenchmarkClients has 50 clients ask at once over loopback, each on a connection of
// its own, and reports the slowest hundredth. A page of its own kind is asked for
// afresh each second, so the first readers of that second wait while it is made.
//
//	go test ./server -run XXX -bench Clients -benchtime 2000x
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
	const clients = 50
	at := h.listen(b)
	for name, path := range map[string]string{
		"locations": "/", "location": "/locations/" + slug, "compare": compare, "claim": "/locations/" + slug + "/claims/struck",
		"tile": folder + "9/0_0.jpg", "api": "/api/v1/locations/" + slug,
	} {
		address := at + path
		b.Run(name, func(b *testing.B) {
			var mu sync.Mutex
			var took []time.Duration
			b.ReportAllocs()
			b.SetParallelism(max(clients/runtime.GOMAXPROCS(0), 1)) // times the processors
			b.RunParallel(func(pb *testing.PB) {
				client := &http.Client{Transport: &http.Transport{}}
				defer client.CloseIdleConnections()
				for pb.Next() {
					start := time.Now()
					r, err := client.Get(address)
					if err != nil {
						b.Error(err)
						return
					}
					_, err = io.Copy(io.Discard, r.Body)
					r.Body.Close()
					d := time.Since(start)
					if err != nil || r.StatusCode != http.StatusOK {
						b.Errorf("%s: %d, %v", path, r.StatusCode, err)
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
