package main

import (
	"io"
	"strings"
	"unicode"
)

// words passes text on to a terminal without the control characters that strangers may
// have written into a case, a pack or a file: they would move the cursor, or worse.
type words struct{ io.Writer }

func (w words) Write(b []byte) (int, error) {
	_, err := io.WriteString(w.Writer, strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, string(b)))
	return len(b), err
}
