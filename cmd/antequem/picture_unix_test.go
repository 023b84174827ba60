//go:build unix

package main

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/decode"
)

func TestAPipeIsReadAsFarAsTheLimit(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	lim := decode.Limits{MaxBytes: 1000, MaxPixels: 1000}
	if _, err := openPicture(pipe, lim); !errors.Is(err, imagery.ErrInvalid) { // nobody writes
		t.Errorf("parts of a pipe: got %v, want ErrInvalid", err)
	}
	for _, size := range []int{1000, 1001} {
		go func() { _ = os.WriteFile(pipe, make([]byte, size), 0o600) }() // an end that nobody reads is no fault
		data, err := readFile(pipe, lim)
		if over := size > 1000; over != errors.Is(err, imagery.ErrTooLarge) || !over && len(data) != size {
			t.Errorf("%d bytes: got %d, %v", size, len(data), err)
		}
	}
}
