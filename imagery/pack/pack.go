// Package pack writes and reads evidence packs: one ZIP that holds a folder laid out
// by BagIt (RFC 8493), so that archivists' tools read it, and that is the same bytes
// for the same contents.
//
//	NAME/
//	├── bagit.txt              the version of BagIt
//	├── data/…                 the payload, in the order of names
//	├── bag-info.txt           date, size, program and whatever else is to be told
//	├── fetch.txt              files that were withheld and where they may be had; only if there are any
//	├── manifest-sha256.txt    the digest of each payload file, withheld ones too
//	└── tagmanifest-sha256.txt the digests of the files above
//
// Nothing is compressed: pictures hardly shrink, and a compressor's next version may
// give other bytes. Times inside the ZIP are all 1980-01-01.
//
// A pack from elsewhere is hostile until it has been looked at: names that leave the
// folder, links, files on top of one another and sizes beyond [Limits] are refused
// before anything is read.
package pack

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/antequem/antequem/imagery"
)

const (
	bagitTxt    = "bagit.txt"
	infoTxt     = "bag-info.txt"
	fetchTxt    = "fetch.txt"
	manifestTxt = "manifest-sha256.txt"
	tagsTxt     = "tagmanifest-sha256.txt"
	payload     = "data/"

	bagitText = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
)

// A Bag is what goes into a pack.
type Bag struct {
	Name     string    // of the folder that holds everything
	Date     time.Time // when the contents last changed: the clock at packing would make each pack differ
	Agent    string    // program and version
	Info     []Line    // what else bag-info.txt tells
	Files    []File
	Withheld []Withheld
}

// A Line is one of bag-info.txt.
type Line struct{ Label, Value string }

// A File is one of the payload.
type File struct {
	Name string // with forward slashes, below data/
	Open func() (io.ReadCloser, error)
}

// Bytes returns a file that holds b.
func Bytes(name string, b []byte) File {
	return File{name, func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(b)), nil }}
}

// A Withheld file belongs to the payload and is not passed on: its licence forbids it,
// or whoever packed chose so. Its digest stays, so that the receiver can complete the pack.
type Withheld struct {
	Name   string
	Digest imagery.Digest
	Size   int64  // bytes
	URL    string // where it may be had; "" if nobody knows
}

// Limits bound what a pack may hold before any of it is read.
type Limits struct {
	MaxFiles int
	MaxBytes int64 // of all files together, unpacked
}

// DefaultLimits returns 100,000 files and 64 GiB.
func DefaultLimits() Limits { return Limits{MaxFiles: 100_000, MaxBytes: 64 << 30} }

// checkName refuses names that some system would not keep inside the folder, or not
// keep apart.
func checkName(name string) error {
	if storable(name) {
		return nil
	}
	return fmt.Errorf("file name %q: want a relative path that Windows can hold too: no .. \\ : * ? \" < > | nor a device's name: %w", name, imagery.ErrInvalid)
}

// storable says that a name is no absolute one and holds no "..", backslash, drive letter,
// device of Windows or control character.
func storable(name string) bool {
	if len(name) > 1000 || !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl) ||
		strings.ContainsAny(name, `\:*?"<>|`) || path.IsAbs(name) || path.Clean(name) != name {
		return false
	}
	return !slices.ContainsFunc(strings.Split(name, "/"), func(e string) bool {
		return e == "" || e == "." || e == ".." || len(e) > 255 || strings.HasSuffix(e, ".") || strings.HasSuffix(e, " ") || device(e)
	})
}

// device says that Windows takes a name for a device, with whatever extension.
func device(name string) bool {
	stem, _, _ := strings.Cut(strings.ToUpper(name), ".")
	switch stem = strings.TrimSpace(stem); stem {
	case "CON", "PRN", "AUX", "NUL":
		return true
	}
	return len(stem) == 4 && (strings.HasPrefix(stem, "COM") || strings.HasPrefix(stem, "LPT")) && stem[3] >= '0' && stem[3] <= '9'
}

// names collects names and refuses two that some system takes for one.
type names map[string]bool

func (ns names) add(name string) error {
	key := strings.ToLower(name)
	if ns[key] {
		return fmt.Errorf("two files named %q: %w", name, imagery.ErrInvalid)
	}
	ns[key] = true
	return nil
}

// CheckNames says whether a pack takes files of these names together, so that whoever
// gives them can be told at once.
func CheckNames(files ...string) error {
	seen := names{}
	for _, name := range files {
		if err := errors.Join(checkName(name), seen.add(name)); err != nil {
			return err
		}
	}
	return nil
}

// In manifests a percent sign, and only that among what names may hold, is written
// as its code (RFC 8493, 2.1.3).

func encodeName(name string) string { return strings.ReplaceAll(name, "%", "%25") }

var decoder = strings.NewReplacer("%25", "%", "%0A", "\n", "%0a", "\n", "%0D", "\r", "%0d", "\r")

func decodeName(name string) string { return decoder.Replace(name) }
