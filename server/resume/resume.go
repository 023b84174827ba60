// Package resume keeps uploads that arrive in pieces, over a line that drops and
// across restarts of the program, until they are whole and somebody says what they are.
//
// The folder on disk:
//
//	DIR/
//	├── {id}.part   the bytes that have arrived; its size is the offset to go on from
//	└── {id}.json   whose it is, how long it will be, and, once it is whole, its SHA-256
//
// An offset is told once its bytes are synced, so what was acknowledged is there after
// a crash. The digest is computed as bytes arrive; after a restart the bytes that are
// there are read once more. Nothing here is part of the archive: what is whole is
// handed over to it, and what is left alone for longer than Options.Keep is removed.
package resume

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/antequem/antequem/imagery"
)

// Kinds of failure, beside those of package imagery.
var (
	// ErrOffset says that an upload goes on from elsewhere.
	ErrOffset = errors.New("another offset")
	// ErrBusy says that the upload is being written to and can't be interrupted just now.
	ErrBusy = errors.New("busy")
	// ErrMany says that somebody has too many uploads under way.
	ErrMany = errors.New("too many uploads under way")
)

// Options are what a store takes from its surroundings.
type Options struct {
	Now  func() time.Time // the clock; time.Now where nil
	Max  int64            // bytes of one upload
	Each int              // uploads under way that one person may have
	Keep time.Duration    // an upload to which nothing is added for so long is removed
	Room func() error     // says that the disk is full; nil: never
}

// DefaultOptions take a GiB, 64 uploads each, and keep them for three days.
func DefaultOptions() Options {
	return Options{Now: time.Now, Max: 1 << 30, Each: 64, Keep: 72 * time.Hour}
}

// An Upload is a file on its way in.
type Upload struct {
	ID       string          `json:"id"`
	By       string          `json:"by"`       // pseudonym; "" for the one person at a machine
	Location string          `json:"location"` // slug
	Name     string          `json:"name"`     // as the uploader's machine calls it
	Size     int64           `json:"size"`     // bytes when whole
	Digest   imagery.Digest  `json:"sha256"`   // zero until it is whole
	Taken    json.RawMessage `json:"taken"`    // what became of it, in the words of who took it; null until then
	Offset   int64           `json:"-"`        // bytes that have arrived
	Changed  time.Time       `json:"-"`
}

// Whole says that all bytes have arrived.
func (u Upload) Whole() bool { return !u.Digest.IsZero() }

// A Store is an open folder of uploads. Its methods may be called from any number of
// goroutines of one process.
type Store struct {
	dir  string
	opts Options

	mu   sync.Mutex
	busy map[string]*turn // uploads that are being written to
	sums map[string]*sum  // of what has arrived, by id; forgotten by a restart
}

// Open opens the folder dir, makes it where there is none, and removes what is stale.
func Open(dir string, o Options) (*Store, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Max < 1 || o.Each < 1 || o.Keep <= 0 {
		return nil, fmt.Errorf("resume: want limits above 0, got %+v: %w", o, imagery.ErrInvalid)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("resume: %w", err)
	}
	s := &Store{dir: dir, opts: o, busy: map[string]*turn{}, sums: map[string]*sum{}}
	return s, s.Sweep()
}

// Keep is how long an upload is kept to which nothing is added.
func (s *Store) Keep() time.Duration { return s.opts.Keep }

// Create makes an empty upload of u.Size bytes and gives it an id.
func (s *Store) Create(u Upload) (Upload, error) {
	switch {
	case u.Size < 1:
		return u, fmt.Errorf("resume: an upload of %d bytes: %w", u.Size, imagery.ErrInvalid)
	case u.Size > s.opts.Max:
		return u, fmt.Errorf("resume: %d bytes: %w", u.Size, imagery.ErrTooLarge)
	}
	if err := s.room(); err != nil {
		return u, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	all, err := s.list()
	if err != nil {
		return u, err
	}
	n := 0
	for _, other := range all {
		if other.By == u.By && other.Taken == nil {
			n++
		}
	}
	if n >= s.opts.Each {
		return u, fmt.Errorf("resume: %d: %w", n, ErrMany)
	}
	u.ID, u.Digest, u.Taken, u.Offset, u.Changed = strings.ToLower(rand.Text()), imagery.Digest{}, nil, 0, s.opts.Now()
	f, err := os.OpenFile(s.part(u.ID), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err == nil {
		err = errors.Join(f.Close(), s.write(u))
	}
	if err != nil {
		return u, fmt.Errorf("resume: %w", err)
	}
	return u, nil
}

var idPattern = regexp.MustCompile(`^[a-z2-7]{26}$`)

// Get returns an upload: one that isn't there, or is somebody else's, is
// [imagery.ErrNotFound].
func (s *Store) Get(id, by string) (Upload, error) {
	u, err := s.read(id)
	if err == nil && u.By != by {
		err = imagery.ErrNotFound
	}
	if err != nil {
		return Upload{}, fmt.Errorf("resume: upload: %w", err)
	}
	return u, nil
}

func (s *Store) read(id string) (u Upload, err error) {
	if !idPattern.MatchString(id) {
		return u, imagery.ErrNotFound
	}
	b, err := os.ReadFile(s.record(id))
	if errors.Is(err, fs.ErrNotExist) {
		return u, imagery.ErrNotFound
	}
	if err != nil {
		return u, err
	}
	if err := json.Unmarshal(b, &u); err != nil || u.ID != id {
		return u, fmt.Errorf("%s: %w", s.record(id), imagery.ErrCorrupt)
	}
	if string(u.Taken) == "null" {
		u.Taken = nil
	}
	u.Offset = u.Size
	at := s.record(id)
	if u.Taken == nil {
		at = s.part(id)
	}
	info, err := os.Stat(at)
	if errors.Is(err, fs.ErrNotExist) {
		return u, imagery.ErrNotFound
	}
	if err != nil {
		return u, err
	}
	if u.Changed = info.ModTime(); u.Taken == nil {
		u.Offset = info.Size()
	}
	return u, nil
}

func (s *Store) part(id string) string   { return filepath.Join(s.dir, id+".part") }
func (s *Store) record(id string) string { return filepath.Join(s.dir, id+".json") }

// write replaces the record of an upload, all of it or nothing.
func (s *Store) write(u Upload) error {
	b, err := json.Marshal(u)
	if err != nil {
		return err
	}
	tmp, err := os.CreateTemp(s.dir, ".record-*")
	if err != nil {
		return err
	}
	_, err = tmp.Write(b)
	if err == nil {
		err = tmp.Sync()
	}
	if err = errors.Join(err, tmp.Close()); err == nil {
		err = os.Rename(tmp.Name(), s.record(u.ID))
	}
	if err != nil {
		os.Remove(tmp.Name())
	}
	return err
}

func (s *Store) list() (us []Upload, err error) {
	names, err := fs.Glob(os.DirFS(s.dir), "*.json") // the folder's own path is no pattern: it may hold brackets
	for _, name := range names {
		u, err := s.read(strings.TrimSuffix(name, ".json"))
		if err == nil {
			us = append(us, u)
		}
	}
	return us, err
}

// List returns the uploads of a person that are under way or whole, and not taken yet.
func (s *Store) List(by string) ([]Upload, error) {
	all, err := s.list()
	var mine []Upload
	for _, u := range all {
		if u.By == by && u.Taken == nil {
			mine = append(mine, u)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("resume: list: %w", err)
	}
	return mine, nil
}

// Take hands a whole upload over: f gets its bytes and says what became of them, which
// is kept, so that asking twice gives one answer. Where f fails the upload stays.
func (s *Store) Take(ctx context.Context, id, by string, f func(u Upload, r *os.File) (json.RawMessage, error)) (Upload, error) {
	end, err := s.turn(ctx, id, nil)
	if err != nil {
		return Upload{}, err
	}
	defer end()
	u, err := s.complete(ctx, id, by)
	if err != nil || u.Taken != nil {
		return u, err
	}
	if !u.Whole() {
		return u, fmt.Errorf("resume: %d of %d bytes have arrived: %w", u.Offset, u.Size, ErrOffset)
	}
	r, err := os.Open(s.part(id))
	if err != nil {
		return u, fmt.Errorf("resume: %w", err)
	}
	u.Taken, err = f(u, r)
	if cerr := r.Close(); err != nil {
		u.Taken = nil
		return u, err
	} else if cerr != nil {
		return u, fmt.Errorf("resume: %w", cerr)
	}
	if err := errors.Join(s.write(u), os.Remove(s.part(id))); err != nil {
		return u, fmt.Errorf("resume: %w", err)
	}
	return u, nil
}

// Drop removes an upload.
func (s *Store) Drop(ctx context.Context, id, by string) error {
	if _, err := s.Get(id, by); err != nil {
		return err
	}
	end, err := s.turn(ctx, id, nil)
	if err != nil {
		return err
	}
	defer end()
	return s.remove(id)
}

func (s *Store) remove(id string) error {
	s.mu.Lock()
	delete(s.sums, id)
	s.mu.Unlock()
	for _, name := range []string{s.record(id), s.part(id)} {
		if err := os.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("resume: %w", err)
		}
	}
	return nil
}

// Sweep removes what nothing was added to for longer than Options.Keep.
func (s *Store) Sweep() error {
	entries, err := os.ReadDir(s.dir)
	if err != nil {
		return fmt.Errorf("resume: %w", err)
	}
	for _, e := range entries {
		info, err := e.Info()
		if err != nil || s.opts.Now().Sub(info.ModTime()) < s.opts.Keep {
			continue
		}
		id := strings.TrimSuffix(strings.TrimSuffix(e.Name(), ".json"), ".part")
		if u, err := s.read(id); err == nil && s.opts.Now().Sub(u.Changed) < s.opts.Keep {
			continue // the record is old, the bytes are not
		}
		if err := os.Remove(filepath.Join(s.dir, e.Name())); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("resume: %w", err)
		}
	}
	return nil
}

func (s *Store) room() error {
	if s.opts.Room == nil {
		return nil
	}
	return s.opts.Room()
}

// Open opens the bytes of an upload that have arrived and were not taken yet.
func (s *Store) Open(u Upload) (*os.File, error) {
	f, err := os.Open(s.part(u.ID))
	if err != nil {
		return nil, fmt.Errorf("resume: %w", err)
	}
	return f, nil
}
