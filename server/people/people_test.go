package people_test

import (
	"context"
	"errors"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/server/people"
	"pgregory.net/rapid"
)

// A clock is moved by the test alone.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

var (
	here  = netip.MustParseAddr("192.0.2.1")
	there = netip.MustParseAddr("192.0.2.2")
)

const pass = "a long enough one"

// fresh opens an empty store whose hashes cost little.
func fresh(t testing.TB) (*people.Store, *clock) {
	t.Helper()
	return at(t, filepath.Join(t.TempDir(), "people.db"))
}

func at(t testing.TB, path string) (*people.Store, *clock) {
	t.Helper()
	c := &clock{at: time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)}
	o := people.DefaultOptions()
	o.Now, o.Cost = c.now, people.Cost{Memory: 64, Passes: 1, Threads: 1}
	s, err := people.Open(t.Context(), path, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s, c
}

func add(t testing.TB, s *people.Store, name string, r people.Role) {
	t.Helper()
	if _, err := s.Add(context.Background(), name, r, pass); err != nil {
		t.Fatal(err)
	}
}

func want(t testing.TB, what string, err, kind error) {
	t.Helper()
	if !errors.Is(err, kind) {
		t.Errorf("%s: got %v, want %v", what, err, kind)
	}
}

func TestASessionLastsUntilItIsUnusedForADayOrTwoWeeksOld(t *testing.T) {
	s, c := fresh(t)
	add(t, s, "heron", people.Editor)
	p, text, err := s.SignIn(t.Context(), "Heron", pass, here, "")
	if err != nil || p.Name != "heron" || p.Role != people.Editor {
		t.Fatalf("%+v, %v", p, err)
	}
	for range 13 {
		c.pass(23 * time.Hour)
		if p, err := s.Of(t.Context(), people.Session, text); err != nil || p.Name != "heron" {
			t.Fatalf("%+v, %v", p, err)
		}
	}
	c.pass(23 * time.Hour) // 13 days and 10 hours old
	if _, err := s.Of(t.Context(), people.Session, text); err != nil {
		t.Error(err)
	}
	c.pass(15 * time.Hour)
	_, err = s.Of(t.Context(), people.Session, text)
	want(t, "after two weeks", err, people.ErrWrong)

	_, text, err = s.SignIn(t.Context(), "heron", pass, here, "")
	if err != nil {
		t.Fatal(err)
	}
	c.pass(24 * time.Hour)
	_, err = s.Of(t.Context(), people.Session, text)
	want(t, "after a day unused", err, people.ErrWrong)
}

func TestSigningInGivesAnotherSessionAndEndsTheOneBefore(t *testing.T) {
	s, _ := fresh(t)
	add(t, s, "heron", people.Editor)
	_, first, err := s.SignIn(t.Context(), "heron", pass, here, "put-there-by-somebody-else")
	if err != nil || strings.Contains(first, "put-there") {
		t.Fatalf("%q, %v", first, err)
	}
	_, second, err := s.SignIn(t.Context(), "heron", pass, here, first)
	if err != nil || first == second {
		t.Fatalf("%q, %v", second, err)
	}
	_, err = s.Of(t.Context(), people.Session, first)
	want(t, "the session before", err, people.ErrWrong)
	if err := s.SignOut(t.Context(), second); err != nil {
		t.Fatal(err)
	}
	_, err = s.Of(t.Context(), people.Session, second)
	want(t, "after signing out", err, people.ErrWrong)
	if err := s.SignOut(t.Context(), second); err != nil {
		t.Errorf("signing out twice: %v", err)
	}
}

func TestAnInvitationMakesOneAccountOnceAndInTime(t *testing.T) {
	s, c := fresh(t)
	_, text, err := s.Invite(t.Context(), people.Analyst, "for the desk", 48*time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	_, _, err = s.Accept(t.Context(), text, "x", pass, "")
	want(t, "a name that is too short", err, imagery.ErrInvalid)
	_, _, err = s.Accept(t.Context(), text, "egret", "short", "")
	want(t, "a password that is too short", err, imagery.ErrInvalid)

	var wins int
	var mu sync.Mutex
	var all sync.WaitGroup
	for _, name := range []string{"egret", "stilt", "avocet", "curlew"} {
		all.Go(func() {
			if _, _, err := s.Accept(context.Background(), text, name, pass, ""); err == nil {
				mu.Lock()
				wins++
				mu.Unlock()
			} else if !errors.Is(err, people.ErrWrong) {
				t.Error(err)
			}
		})
	}
	all.Wait()
	ps, err := s.People(t.Context())
	if err != nil || wins != 1 || len(ps) != 1 || ps[0].Role != people.Analyst {
		t.Errorf("%d accepted, %+v, %v", wins, ps, err)
	}
	_, late, err := s.Invite(t.Context(), people.Contributor, "", time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	c.pass(time.Hour)
	_, err = s.Invited(t.Context(), late)
	want(t, "an hour later", err, people.ErrWrong)
	_, _, err = s.Accept(t.Context(), late, "late", pass, "")
	want(t, "an hour later", err, people.ErrWrong)
	if ks, err := s.Invitations(t.Context()); err != nil || len(ks) != 0 {
		t.Errorf("%v, %v", ks, err)
	}
}

func TestAKeyOfOneKindIsNoneOfAnother(t *testing.T) {
	s, _ := fresh(t)
	add(t, s, "heron", people.Editor)
	_, session, err := s.SignIn(t.Context(), "heron", pass, here, "")
	if err != nil {
		t.Fatal(err)
	}
	_, token, err := s.NewToken(t.Context(), "heron", "", time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	_, invitation, err := s.Invite(t.Context(), people.Editor, "", time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.Of(t.Context(), people.Token, session)
	want(t, "a session as a token", err, people.ErrWrong)
	_, err = s.Of(t.Context(), people.Session, token)
	want(t, "a token as a session", err, people.ErrWrong)
	_, err = s.Of(t.Context(), people.Token, invitation)
	want(t, "an invitation as a token", err, people.ErrWrong)
	_, err = s.Invited(t.Context(), token)
	want(t, "a token as an invitation", err, people.ErrWrong)
	for _, text := range []string{"", "-", token[:12], token[:13], token + "A", token[:len(token)-1], strings.ToLower(token), strings.Repeat("A", 1<<16), "' OR 1=1 --"} {
		_, err := s.Of(t.Context(), people.Token, text)
		want(t, text[:min(len(text), 30)], err, people.ErrWrong)
	}
}

func TestATokenEndsWhenItExpiresIsRevokedOrItsOwnerIsDisabled(t *testing.T) {
	s, c := fresh(t)
	add(t, s, "heron", people.Editor)
	add(t, s, "egret", people.Contributor)
	make := func() (people.Key, string) {
		k, text, err := s.NewToken(t.Context(), "egret", "uploader", 24*time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		if p, err := s.Of(t.Context(), people.Token, text); err != nil || p.Name != "egret" {
			t.Fatalf("%+v, %v", p, err)
		}
		return k, text
	}
	_, text := make()
	c.pass(24 * time.Hour)
	_, err := s.Of(t.Context(), people.Token, text)
	want(t, "expired", err, people.ErrWrong)

	k, text := make()
	want(t, "somebody else's", s.Revoke(t.Context(), people.Token, k.ID, "heron"), imagery.ErrNotFound)
	if err := s.Revoke(t.Context(), people.Token, k.ID, "egret"); err != nil {
		t.Fatal(err)
	}
	_, err = s.Of(t.Context(), people.Token, text)
	want(t, "revoked", err, people.ErrWrong)

	_, text = make()
	if err := s.Disable(t.Context(), "egret"); err != nil {
		t.Fatal(err)
	}
	_, err = s.Of(t.Context(), people.Token, text)
	want(t, "of a disabled account", err, people.ErrWrong)
	if err := s.Enable(t.Context(), "egret"); err != nil {
		t.Fatal(err)
	}
	_, err = s.Of(t.Context(), people.Token, text)
	want(t, "of an account that was disabled", err, people.ErrWrong)
	if _, _, err := s.SignIn(t.Context(), "egret", pass, here, ""); err != nil {
		t.Error(err)
	}
}

func TestAnotherPasswordOrRoleEndsSessions(t *testing.T) {
	s, _ := fresh(t)
	add(t, s, "heron", people.Editor)
	add(t, s, "egret", people.Contributor)
	for name, change := range map[string]func() error{
		"password": func() error { return s.SetPassword(t.Context(), "egret", "another long one") },
		"role":     func() error { return s.SetRole(t.Context(), "egret", people.Analyst) },
	} {
		_, text, err := s.SignIn(t.Context(), "egret", pass, here, "")
		if err != nil {
			_, text, err = s.SignIn(t.Context(), "egret", "another long one", here, "")
		}
		if err == nil {
			err = change()
		}
		if err != nil {
			t.Fatal(err)
		}
		_, err = s.Of(t.Context(), people.Session, text)
		want(t, name, err, people.ErrWrong)
	}
}

func TestTheLastEditorStays(t *testing.T) {
	s, _ := fresh(t)
	add(t, s, "heron", people.Editor)
	want(t, "disabling", s.Disable(t.Context(), "heron"), people.ErrLastEditor)
	want(t, "another role", s.SetRole(t.Context(), "heron", people.Analyst), people.ErrLastEditor)
	add(t, s, "egret", people.Editor)
	if err := s.Disable(t.Context(), "heron"); err != nil {
		t.Error(err)
	}
	want(t, "nobody", s.Disable(t.Context(), "nobody"), imagery.ErrNotFound)
}

func TestNamesAndPasswordsThatWonTDoAreToldWhy(t *testing.T) {
	s, _ := fresh(t)
	add(t, s, "чапля", people.Contributor)
	for what, c := range map[string][2]string{
		"one letter":           {"x", pass},
		"a blank":              {"two words", pass},
		"markup":               {"<b>x</b>", pass},
		"a control character":  {"a\x00b", pass},
		"a hyphen at the end":  {"-ab", pass},
		"too long":             {strings.Repeat("a", 41), pass},
		"taken in capitals":    {"ЧАПЛЯ", pass},
		"a short password":     {"egret", "elevenchars"},
		"one letter repeated":  {"egret", "aaaaaaaaaaaaaaaa"},
		"the name in it":       {"egret", "my-Egret-password"},
		"a very long password": {"egret", strings.Repeat("abcdefgh", 100)},
		"no text":              {"egret", "\xff\xfe\xff\xfe\xff\xfe\xff\xfe\xff\xfe\xff\xfe"},
	} {
		_, err := s.Add(t.Context(), c[0], people.Contributor, c[1])
		want(t, what, err, imagery.ErrInvalid)
	}
	if ps, err := s.People(t.Context()); err != nil || len(ps) != 1 {
		t.Errorf("%v, %v", ps, err)
	}
}

func TestAPasswordIsOneWhateverFormItWasTypedIn(t *testing.T) {
	s, _ := fresh(t)
	if _, err := s.Add(t.Context(), "heron", people.Editor, "caf\u00e9 caf\u00e9 caf\u00e9"); err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.SignIn(t.Context(), "heron", "cafe\u0301 cafe\u0301 cafe\u0301", here, ""); err != nil {
		t.Error(err)
	}
}

func TestGuessingIsSlowedByAccountAndByAddress(t *testing.T) {
	s, c := fresh(t)
	add(t, s, "heron", people.Editor)
	add(t, s, "egret", people.Contributor)
	var many people.TooMany
	for range 10 {
		_, _, err := s.SignIn(t.Context(), "heron", "wrong wrong wrong", there, "")
		want(t, "a wrong password", err, people.ErrWrong)
	}
	_, _, err := s.SignIn(t.Context(), "heron", pass, there, "")
	if !errors.As(err, &many) || many.After <= 0 || many.After > 2*time.Minute {
		t.Errorf("the eleventh: %v", err)
	}
	if _, _, err := s.SignIn(t.Context(), "heron", pass, here, ""); err != nil {
		t.Errorf("a stranger's guesses lock the owner out: %v", err)
	}
	if _, _, err := s.SignIn(t.Context(), "egret", pass, there, ""); err != nil {
		t.Errorf("another account: %v", err)
	}
	c.pass(2 * time.Minute)
	if _, _, err := s.SignIn(t.Context(), "HERON", pass, there, ""); err != nil {
		t.Errorf("two minutes later: %v", err)
	}
	for i := range 20 {
		_, _, err := s.SignIn(t.Context(), "nobody-"+string(rune('a'+i)), "wrong wrong wrong", netip.MustParseAddr("2001:db8::1"), "")
		want(t, "an unknown name", err, people.ErrWrong)
	}
	_, _, err = s.SignIn(t.Context(), "egret", pass, netip.MustParseAddr("2001:db8::ffff:1"), "")
	if !errors.As(err, &many) {
		t.Errorf("from the same network: %v", err)
	}
	if _, _, err := s.SignIn(t.Context(), "egret", pass, netip.MustParseAddr("2001:db8:0:1::1"), ""); err != nil {
		t.Errorf("from another network: %v", err)
	}
}

// Many strangers together are slowed as well, and the owner of the account waits no
// longer for that than a few seconds.
func TestGuessingFromManyAddressesIsSlowedToo(t *testing.T) {
	s, c := fresh(t)
	add(t, s, "heron", people.Editor)
	stranger := func(i int) netip.Addr { return netip.AddrFrom4([4]byte{10, 0, byte(i / 250), byte(i % 250)}) }
	var many people.TooMany
	for i := range 100 {
		_, _, err := s.SignIn(t.Context(), "heron", "wrong wrong wrong", stranger(i), "")
		want(t, "a wrong password", err, people.ErrWrong)
	}
	_, _, err := s.SignIn(t.Context(), "heron", "wrong wrong wrong", stranger(100), "")
	if !errors.As(err, &many) || many.After > 12*time.Second {
		t.Errorf("the hundred and first: %v", err)
	}
	c.pass(12 * time.Second)
	if _, _, err := s.SignIn(t.Context(), "heron", pass, here, ""); err != nil {
		t.Errorf("seconds later: %v", err)
	}
}

// Whatever comes in whatever order, nobody has more than is allowed at once and one
// more for each span that passed.
func TestGuessesNeverGiveMoreThanIsAllowed(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		g := people.NewGuesses(3, time.Minute)
		begin := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
		now, taken := begin, 0
		for range rapid.IntRange(0, 200).Draw(rt, "steps") {
			if rapid.Bool().Draw(rt, "wait") {
				now = now.Add(time.Duration(rapid.IntRange(0, 90).Draw(rt, "s")) * time.Second)
			} else if g.Take("x", now) == nil {
				taken++
			}
			if most := 3 + int(now.Sub(begin)/time.Minute); taken > most {
				rt.Fatalf("%d taken after %v, want at most %d", taken, now.Sub(begin), most)
			}
		}
	})
}

func TestNothingThatLetsInIsInTheDatabase(t *testing.T) {
	path := filepath.Join(t.TempDir(), "people.db")
	s, _ := at(t, path)
	add(t, s, "heron", people.Editor)
	_, session, err := s.SignIn(t.Context(), "heron", pass, here, "")
	if err != nil {
		t.Fatal(err)
	}
	_, token, err := s.NewToken(t.Context(), "heron", "", time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	_, invitation, err := s.Invite(t.Context(), people.Editor, "", time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	var held []byte
	for _, suffix := range []string{"", "-wal"} {
		b, err := os.ReadFile(path + suffix)
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			t.Fatal(err)
		}
		held = append(held, b...)
	}
	for name, text := range map[string]string{"session": session, "token": token, "invitation": invitation} {
		if _, secret, ok := strings.Cut(text, "-"); !ok || strings.Contains(string(held), secret) {
			t.Errorf("the %s stands in the file as it is told", name)
		}
	}
	if strings.Contains(string(held), pass) || !strings.Contains(string(held), "$argon2id$v=19$") {
		t.Error("the password stands in the file, or its hash doesn't")
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
}

func TestTwoProcessesOpenOneStore(t *testing.T) {
	path := filepath.Join(t.TempDir(), "people.db")
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() { at(t, path) })
	}
	all.Wait()
	a, _ := at(t, path)
	b, _ := at(t, path)
	if any, err := b.Any(t.Context()); err != nil || any {
		t.Fatal(any, err)
	}
	add(t, a, "heron", people.Editor)
	if has, err := b.HasEditor(t.Context()); err != nil || !has {
		t.Error(has, err)
	}
}
