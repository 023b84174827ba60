package archive_test

import (
	"bytes"
	"encoding/binary"
	"testing"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/archive"
)

func BenchmarkPut(b *testing.B) {
	for name, size := range map[string]int{"100KB": 100_000, "10MB": 10_000_000} {
		b.Run(name, func(b *testing.B) {
			a, err := archive.Open(b.Context(), b.TempDir(), archive.Options{})
			if err != nil {
				b.Fatal(err)
			}
			defer a.Close()
			data := make([]byte, size)
			b.SetBytes(int64(size))
			b.ReportAllocs()
			for i := uint64(0); b.Loop(); i++ {
				binary.LittleEndian.PutUint64(data, i)
				if _, err := a.Put(b.Context(), bytes.NewReader(data), 1<<30); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkReadOriginal(b *testing.B) {
	a, err := archive.Open(b.Context(), b.TempDir(), archive.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer a.Close()
	data := make([]byte, 10_000_000)
	if _, err := a.Put(b.Context(), bytes.NewReader(data), 1<<30); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := a.ReadOriginal(b.Context(), imagery.DigestOf(data)); err != nil {
			b.Fatal(err)
		}
	}
}
