package stamp_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/stamp"
	"github.com/antequem/antequem/imagery/stamp/stamptest"
)

var digest = imagery.DigestOf([]byte("the head of a log"))

func ask(t *testing.T, a *stamptest.Authority) stamp.Stamp {
	t.Helper()
	s, err := stamp.Request(t.Context(), a.URL, digest)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestAnAuthorityStampsADigest(t *testing.T) {
	before := time.Now().Truncate(time.Second)
	s := ask(t, stamptest.New(t))
	if s.Digest != digest || s.Time.Before(before) || s.Time.After(time.Now().Add(time.Second)) {
		t.Errorf("stamped %s at %s, want %s about now", s.Digest, s.Time, digest)
	}
	if s.Accuracy != time.Second || !strings.Contains(s.Authority, "CN=Test authority") {
		t.Errorf("accuracy %s, authority %q", s.Accuracy, s.Authority)
	}
	again, err := stamp.Read(s.Token)
	if err != nil || again.Digest != s.Digest || !again.Time.Equal(s.Time) {
		t.Errorf("read again: %+v, %v", again, err)
	}
}

func TestOpenSSLFindsTheTokenGood(t *testing.T) {
	a := stamptest.New(t)
	token := filepath.Join(t.TempDir(), "token.der")
	if err := os.WriteFile(token, ask(t, a).Token, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("openssl", "ts", "-verify", "-digest", digest.String(), "-in", token, "-token_in", "-CAfile", a.Root).CombinedOutput()
	if err != nil || !strings.Contains(string(out), "Verification: OK") {
		t.Errorf("%v: %s", err, out)
	}
}

func TestOnlyTheRootOfAnAuthorityVouchesForIt(t *testing.T) {
	a, b := stamptest.New(t), stamptest.New(t)
	s := ask(t, a)
	for root, want := range map[string]error{a.Root: nil, b.Root: imagery.ErrInvalid} {
		text, err := os.ReadFile(root)
		if err != nil {
			t.Fatal(err)
		}
		pool, err := stamp.Roots(text)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Trusted(pool); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", root, err, want)
		}
	}
	if _, err := stamp.Roots([]byte("no certificate")); !errors.Is(err, imagery.ErrInvalid) {
		t.Errorf("roots of nothing: %v", err)
	}
}

// A changed byte either breaks the token or stands where nothing is signed or said:
// what the token says never changes.
func TestNoByteOfATokenChangesWhatItSays(t *testing.T) {
	s := ask(t, stamptest.New(t))
	broken := 0
	for i := range s.Token {
		b := append([]byte{}, s.Token...)
		b[i] ^= 1
		got, err := stamp.Read(b)
		if err != nil {
			broken++
			continue
		}
		if got.Digest != s.Digest || !got.Time.Equal(s.Time) || got.Accuracy != s.Accuracy {
			t.Errorf("byte %d changed: it now says %s at %s", i, got.Digest, got.Time)
		}
	}
	if broken < len(s.Token)/4 {
		t.Errorf("%d of %d changed bytes were noticed", broken, len(s.Token))
	}
	for n := range len(s.Token) {
		if _, err := stamp.Read(s.Token[:n]); !errors.Is(err, imagery.ErrCorrupt) {
			t.Fatalf("cut off after %d bytes: %v", n, err)
		}
	}
}

func TestWhatIsNoAuthorityIsRefused(t *testing.T) {
	a := stamptest.New(t)
	other := imagery.DigestOf([]byte("another"))
	replayed, err := stamp.Request(t.Context(), a.URL, other)
	if err != nil {
		t.Fatal(err)
	}
	for name, h := range map[string]http.HandlerFunc{
		"a web page":           func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("<html>")) },
		"an empty answer":      func(w http.ResponseWriter, _ *http.Request) { reply(w, nil) },
		"a token alone":        func(w http.ResponseWriter, _ *http.Request) { reply(w, replayed.Token) },
		"an endless answer":    func(w http.ResponseWriter, _ *http.Request) { reply(w, make([]byte, 1<<20)) },
		"somebody else's time": func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, a.URL, http.StatusTemporaryRedirect) },
		"an error":             func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "no", http.StatusTeapot) },
	} {
		t.Run(name, func(t *testing.T) {
			s := httptest.NewServer(h)
			defer s.Close()
			if got, err := stamp.Request(t.Context(), s.URL, digest); err == nil {
				t.Errorf("took %+v", got)
			}
		})
	}
	for _, address := range []string{"", "ftp://localhost/", "file:///etc/passwd", "https://", "openssl"} {
		if _, err := stamp.Request(t.Context(), address, digest); !errors.Is(err, imagery.ErrInvalid) {
			t.Errorf("%q: %v", address, err)
		}
	}
}

func reply(w http.ResponseWriter, b []byte) {
	w.Header().Set("Content-Type", "application/timestamp-reply")
	w.Write(b)
}

func FuzzRead(f *testing.F) {
	a := stamptest.New(f)
	s, err := stamp.Request(f.Context(), a.URL, digest)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(s.Token)
	f.Fuzz(func(t *testing.T, token []byte) {
		// Each process of the fuzzer has an authority of its own, and so a time of its own.
		if got, err := stamp.Read(token); err == nil && got.Digest != digest {
			t.Errorf("a token that nobody signed is of %s", got.Digest)
		}
	})
}
