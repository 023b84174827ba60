// Package people knows who may do what: accounts under pseudonyms, invitations,
// sessions and tokens for programs.
//
// Identities stand in a database of their own, people.db beside the archive, so that
// no pack, backup or copy of the records holds any. Nothing in it is a name, an
// e-mail address or a network address: an account is a pseudonym, a role and the
// hash of a password.
//
// Whatever lets somebody in is a [Key]: a session, an invitation or a token. It is
// told once, in the moment it is made; what is stored is its SHA-256, so whoever
// reads the database can't use it. See key.go.
package people

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/antequem/antequem/imagery"
)

// Kinds of failure, beside those of package imagery.
var (
	// ErrWrong says that a name, a password or a key is not right. It never says which.
	ErrWrong = errors.New("not right")
	// ErrTaken says that a name is taken. It answers to [imagery.ErrInvalid].
	ErrTaken = fmt.Errorf("taken already: %w", imagery.ErrInvalid)
	// ErrLastEditor says that nobody would be left who can let others in. It answers
	// to [imagery.ErrInvalid].
	ErrLastEditor = fmt.Errorf("the only editor: make another one first: %w", imagery.ErrInvalid)
)

// Options are what a store takes from its surroundings.
type Options struct {
	Now         func() time.Time // the clock; time.Now where nil
	Idle        time.Duration    // a session that is not used for so long ends
	Session     time.Duration    // and every session ends after this
	Guesses     float64          // wrong answers at once for one account from one address; see [Guesses]
	GuessEvery  time.Duration    // after which one more is given
	Cost        Cost             // of a password's hash
	HashesAtOne int              // passwords hashed at one time; the others wait
}

// DefaultOptions are sessions of a day unused and two weeks at most, ten wrong
// answers and one more every two minutes, and the cost that OWASP's password storage
// cheat sheet asks for.
func DefaultOptions() Options {
	return Options{
		Now: time.Now, Idle: 24 * time.Hour, Session: 14 * 24 * time.Hour,
		Guesses: 10, GuessEvery: 2 * time.Minute, Cost: DefaultCost(), HashesAtOne: 2,
	}
}

// Validate says what is wrong with o.
func (o Options) Validate() error {
	if o.Idle <= 0 || o.Session <= 0 || o.Guesses < 1 || o.GuessEvery <= 0 || o.HashesAtOne < 1 {
		return fmt.Errorf("people: want durations above 0, at least one guess and one hash at a time, got %+v: %w", o, imagery.ErrInvalid)
	}
	return o.Cost.validate()
}

// A Store holds accounts and keys. Its methods may be called from any number of
// goroutines, and several processes may use one store.
type Store struct {
	opts       Options
	db         *sql.DB
	hashing    chan struct{} // holds one token for each password that is being hashed
	accounts   *Guesses      // by account and sender
	sources    *Guesses      // by sender
	everywhere *Guesses      // by account; see wide
	nobody     string        // the hash of a password that nobody has, so that a wrong name takes as long as a wrong password
}

// wide is how many senders, each guessing as fast as one may, an account bears before its
// owner has to wait as well. Answers are given back to it as fast as to so many senders,
// so that the wait is one of seconds once they stop.
const wide = 10

// Open opens the store at path and makes it where there is none.
func Open(ctx context.Context, path string, o Options) (*Store, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if err := o.Validate(); err != nil {
		return nil, err
	}
	db, err := openDatabase(ctx, path)
	if err != nil {
		return nil, fmt.Errorf("people: open %s: %w", path, err)
	}
	s := &Store{
		opts: o, db: db, hashing: make(chan struct{}, o.HashesAtOne),
		accounts: NewGuesses(o.Guesses, o.GuessEvery), sources: NewGuesses(2*o.Guesses, o.GuessEvery/2),
		everywhere: NewGuesses(wide*o.Guesses, o.GuessEvery/wide),
		nobody:     o.Cost.hash("nobody has this password"),
	}
	return s, nil
}

// Close ends the use of the store.
func (s *Store) Close() error { return s.db.Close() }

func (s *Store) now() time.Time { return s.opts.Now().UTC().Truncate(time.Microsecond) }
