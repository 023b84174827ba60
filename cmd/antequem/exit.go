package main

import (
	"errors"
	"strings"

	"github.com/antequem/antequem/imagery"
)

// Exit statuses, as the contract gives them.
const (
	exitDone       = 0 // whatever the verdict
	exitFailed     = 1
	exitUsage      = 2 // the call was wrong: flags, arguments, config
	exitNotAligned = 3
)

// A usageError says that the program was called wrongly.
type usageError struct{ err error }

func (e usageError) Error() string { return e.err.Error() }
func (e usageError) Unwrap() error { return e.err }

// usage marks err as a mistake in the call; nil stays nil.
func usage(err error) error {
	if err == nil {
		return nil
	}
	return usageError{err}
}

// A quietError sets the exit status of a command that has already said why.
type quietError struct{ err error }

func (e quietError) Error() string { return e.err.Error() }
func (e quietError) Unwrap() error { return e.err }

func isQuiet(err error) bool {
	var q quietError
	return errors.As(err, &q)
}

// exitStatus turns a kind of failure into the program's exit status.
func exitStatus(err error) int {
	var u usageError
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &u):
		return exitUsage
	case errors.Is(err, imagery.ErrNotAligned):
		return exitNotAligned
	}
	return exitFailed
}

// oneLine keeps a message on one line for each mistake: several joined errors
// stay several lines, each of them indented under the first.
func oneLine(err error) string {
	return strings.ReplaceAll(strings.TrimSpace(err.Error()), "\n", "\n  ")
}
