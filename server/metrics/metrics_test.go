package metrics_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/antequem/antequem/server/metrics"
)

func TestCountsAreWrittenForPrometheus(t *testing.T) {
	var c metrics.Counts
	get := metrics.Served{Method: "GET", Route: "/locations/:slug", Status: 200}
	c.Request(get, 5*time.Millisecond) // the end of the first bucket belongs to it
	c.Request(get, time.Minute)        // beyond the last
	c.Request(metrics.Served{Method: "GET", Route: `"/` + "\n", Status: 404}, time.Second)
	c.Upload("stored")
	c.Watchers.Add(3)
	var b bytes.Buffer
	if err := c.Write(&b, "1.0"); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`antequem_info{version="1.0"} 1`,
		`antequem_http_requests_total{method="GET",route="/locations/:slug",status="200"} 2`,
		`antequem_http_request_duration_seconds_bucket{route="/locations/:slug",le="0.005"} 1`,
		`antequem_http_request_duration_seconds_bucket{route="/locations/:slug",le="30"} 1`,
		`antequem_http_request_duration_seconds_bucket{route="/locations/:slug",le="+Inf"} 2`,
		`antequem_http_request_duration_seconds_sum{route="/locations/:slug"} 60.005`,
		`antequem_http_requests_total{method="GET",route="\"/\n",status="404"} 1`,
		`antequem_uploads_total{outcome="stored"} 1`,
		`antequem_event_streams 3`,
	} {
		if !strings.Contains(b.String(), want+"\n") {
			t.Errorf("there is no line %s in\n%s", want, b.String())
		}
	}
}
