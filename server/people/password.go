package people

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/antequem/antequem/imagery"
	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"
)

// A Cost is how dear argon2id (RFC 9106) makes a guess.
type Cost struct {
	Memory  uint32 // KiB
	Passes  uint32
	Threads uint8
}

// DefaultCost is the first of the settings that OWASP's password storage cheat sheet
// gives for argon2id on a small machine: 19 MiB, two passes, one thread.
func DefaultCost() Cost { return Cost{Memory: 19456, Passes: 2, Threads: 1} }

func (c Cost) validate() error {
	if c.Memory < 8*uint32(c.Threads) || c.Memory > 1<<20 || c.Passes < 1 || c.Passes > 64 || c.Threads < 1 {
		return fmt.Errorf("people: cost %+v of a password's hash: %w", c, imagery.ErrInvalid)
	}
	return nil
}

// Bounds of a password: characters at least, bytes at most.
const (
	MinPassword = 12
	maxPassword = 512
)

// checkPassword says what is wrong with a new password, in words for its owner.
// Length alone makes one strong, so no kinds of characters are asked for.
func checkPassword(name, password string) error {
	p := norm.NFKC.String(password)
	distinct := map[rune]bool{}
	for _, r := range p {
		distinct[r] = true
	}
	switch {
	case !utf8.ValidString(password), len(password) > maxPassword:
		return fmt.Errorf("a password is text of at most %d bytes: %w", maxPassword, imagery.ErrInvalid)
	case utf8.RuneCountInString(p) < MinPassword:
		return fmt.Errorf("a password has %d characters or more: %w", MinPassword, imagery.ErrInvalid)
	case len(distinct) < 5, strings.Contains(strings.ToLower(p), strings.ToLower(name)):
		return fmt.Errorf("this password is easily guessed: %w", imagery.ErrInvalid)
	}
	return nil
}

// hash returns the hash of a password in the PHC string format, with a salt of its own.
func (c Cost) hash(password string) string {
	salt := make([]byte, 16)
	_, _ = rand.Read(salt) // never fails, by its documentation
	sum := c.derive(password, salt)
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, c.Memory, c.Passes, c.Threads,
		b64.EncodeToString(salt), b64.EncodeToString(sum))
}

// derive takes the password in one Unicode form, whatever keyboard it was typed on.
func (c Cost) derive(password string, salt []byte) []byte {
	return argon2.IDKey([]byte(norm.NFKC.String(password)), salt, c.Passes, c.Memory, c.Threads, 32)
}

// matches says whether a password is the one of a hash, whatever cost that was made at.
func matches(hash, password string) bool {
	var c Cost
	var version int
	parts := strings.Split(hash, "$")
	if len(parts) != 6 || parts[1] != "argon2id" || len(password) > maxPassword {
		return false
	}
	if _, err := fmt.Sscanf(parts[2], "v=%d", &version); err != nil || version != argon2.Version {
		return false
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &c.Memory, &c.Passes, &c.Threads); err != nil || c.validate() != nil {
		return false
	}
	salt, err := base64.RawStdEncoding.DecodeString(parts[4])
	if err != nil {
		return false
	}
	want, err := base64.RawStdEncoding.DecodeString(parts[5])
	if err != nil {
		return false
	}
	return subtle.ConstantTimeCompare(c.derive(password, salt), want) == 1
}

// turn waits for a turn to hash, so that many who sign in at once don't take the
// memory of the machine. The function that it returns ends the turn.
func (s *Store) turn(ctx context.Context) (func(), error) {
	select {
	case s.hashing <- struct{}{}:
		return func() { <-s.hashing }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (s *Store) hash(ctx context.Context, password string) (string, error) {
	end, err := s.turn(ctx)
	if err != nil {
		return "", err
	}
	defer end()
	return s.opts.Cost.hash(password), nil
}

func (s *Store) matches(ctx context.Context, hash, password string) (bool, error) {
	end, err := s.turn(ctx)
	if err != nil {
		return false, err
	}
	defer end()
	return matches(hash, password), nil
}
