package page_test

import (
	"io"
	"testing"

	"github.com/antequem/antequem/server/page"
)

func BenchmarkLocation(b *testing.B) {
	v := plainSample(b).location()
	b.ReportAllocs()
	for b.Loop() {
		if err := page.Location(io.Discard, v); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkClaim(b *testing.B) {
	v := plainSample(b).claim()
	b.ReportAllocs()
	for b.Loop() {
		if err := page.Claim(io.Discard, v); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCompare(b *testing.B) {
	v := plainSample(b).compare(page.Swipe)
	b.ReportAllocs()
	for b.Loop() {
		if err := page.Compare(io.Discard, v); err != nil {
			b.Fatal(err)
		}
	}
}
