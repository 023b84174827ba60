// Package remote is the command line's side of a running service: it sends cases,
// uploads the originals that the service lacks, waits until they are judged and
// brings the files back. It speaks the API that server/api*.go offers.
package remote

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/antequem/antequem/imagery"
)

// A Service is one that answers at an address.
type Service struct {
	origin *url.URL
	token  string
	client *http.Client
}

// New returns the service at address, as "https://example.org". The token, sent with
// each request, is that of an account there; "" for a service that asks for none.
func New(address, token string) (*Service, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" {
		return nil, fmt.Errorf("%q: want the address of a service, as https://example.org: %w", address, imagery.ErrInvalid)
	}
	if ip := net.ParseIP(u.Hostname()); token != "" && u.Scheme == "http" && u.Hostname() != "localhost" && !ip.IsLoopback() {
		return nil, fmt.Errorf("%q: a token goes over https alone, or stays on this machine: %w", address, imagery.ErrInvalid)
	}
	return &Service{
		origin: &url.URL{Scheme: u.Scheme, Host: u.Host}, token: token,
		client: &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }},
	}, nil
}

// String is the address.
func (s *Service) String() string { return s.origin.String() }

// Version is that of the program that runs there.
func (s *Service) Version(ctx context.Context) (string, error) {
	var doc struct {
		Info struct{ Title, Version string }
	}
	if err := s.json(ctx, http.MethodGet, "/api/v1/openapi.json", nil, &doc); err != nil {
		return "", err
	}
	if doc.Info.Title != "Antequem" {
		return "", fmt.Errorf("%s: no Antequem answers there: %w", s, imagery.ErrUnsupported)
	}
	return doc.Info.Version, nil
}

// Send sends a case file whose images name their originals by sha256, puts the
// originals that the service lacks, and returns the slug of the location that holds
// it. Sending the same case twice gives the same location.
func (s *Service) Send(ctx context.Context, text []byte, open func(d imagery.Digest) (io.ReadCloser, error)) (slug string, err error) {
	for range 2 {
		var sent struct {
			Slug    string
			Missing []string
		}
		if err := s.json(ctx, http.MethodPost, "/api/v1/cases", text, &sent); err != nil {
			return "", err
		}
		if len(sent.Missing) == 0 {
			return sent.Slug, nil
		}
		for _, m := range sent.Missing {
			if err := s.put(ctx, m, open); err != nil {
				return "", err
			}
		}
	}
	return "", fmt.Errorf("%s: it lacks originals that it has just been sent: %w", s, imagery.ErrNotFound)
}

func (s *Service) put(ctx context.Context, digest string, open func(d imagery.Digest) (io.ReadCloser, error)) error {
	d, err := imagery.ParseDigest(digest)
	if err != nil {
		return fmt.Errorf("%s: it asks for an original %q: %w", s, digest, err)
	}
	resp, err := s.do(ctx, http.MethodPut, "/api/v1/originals/"+d.String(), "application/octet-stream", func() (io.ReadCloser, error) { return open(d) })
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

// A File is one file of a result.
type File struct{ Name, URL string }

// Files waits until a location is judged, or, where before and after are given, until
// those two of its images are compared, and returns what was made. What can't be
// judged is an error with the service's reason.
func (s *Service) Files(ctx context.Context, slug string, before, after imagery.Digest) ([]File, error) {
	path := "/api/v1/locations/" + url.PathEscape(slug) + "/result"
	if !before.IsZero() {
		path += "?before=" + before.String() + "&after=" + after.String()
	}
	for wait := 100 * time.Millisecond; ; wait = min(wait*3/2, 3*time.Second) {
		var r struct {
			Status, Why string
			Files       []File
		}
		if err := s.json(ctx, http.MethodGet, path, nil, &r); err != nil {
			return nil, err
		}
		switch r.Status {
		case "done":
			return r.Files, nil
		case "computing":
		default:
			return nil, fmt.Errorf("%s: %s: %w", s, cmp.Or(r.Why, r.Status), imagery.ErrInvalid)
		}
		if err := sleep(ctx, wait); err != nil {
			return nil, err
		}
	}
}

// Read returns the bytes of a file. Its address must lie at the service.
func (s *Service) Read(ctx context.Context, f File, limit int64) ([]byte, error) {
	u, err := url.Parse(f.URL)
	if err != nil || !strings.HasPrefix(u.Path, "/api/v1/") {
		return nil, fmt.Errorf("%s: %s: the address %q is not one of its API: %w", s, f.Name, f.URL, imagery.ErrInvalid)
	}
	resp, err := s.do(ctx, http.MethodGet, u.EscapedPath(), "", nil)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(io.LimitReader(resp.Body, limit+1))
	if err != nil {
		return nil, fmt.Errorf("%s: %s: %w", s, f.Name, err)
	}
	if int64(len(data)) > limit {
		return nil, fmt.Errorf("%s: %s: more than %d bytes: %w", s, f.Name, limit, imagery.ErrTooLarge)
	}
	return data, nil
}

// json sends text, YAML if any, and reads a JSON document.
func (s *Service) json(ctx context.Context, method, path string, text []byte, into any) error {
	var body func() (io.ReadCloser, error)
	if text != nil {
		body = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(text)), nil }
	}
	resp, err := s.do(ctx, method, path, "application/yaml", body)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if err := json.NewDecoder(io.LimitReader(resp.Body, 64<<20)).Decode(into); err != nil {
		return fmt.Errorf("%s%s: its answer can't be read: %w: %w", s, path, imagery.ErrCorrupt, err)
	}
	return nil
}

// tries is how often a request is made that the service has no time for.
const tries = 8

// do makes a request, again where the service asks for patience. An answer other
// than 2xx is an error in the service's words.
func (s *Service) do(ctx context.Context, method, path, typ string, body func() (io.ReadCloser, error)) (*http.Response, error) {
	for try := 1; ; try++ {
		resp, err := s.once(ctx, method, path, typ, body)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", s, err)
		}
		if resp.StatusCode < 300 {
			return resp, nil
		}
		err = problem(resp)
		resp.Body.Close()
		busy := resp.StatusCode == http.StatusTooManyRequests || resp.StatusCode == http.StatusServiceUnavailable
		if !busy || try == tries {
			return nil, fmt.Errorf("%s: %w", s, err)
		}
		after, _ := strconv.Atoi(resp.Header.Get("Retry-After")) // 0 where it says nothing
		if err := sleep(ctx, min(max(time.Duration(after)*time.Second, time.Second), 30*time.Second)); err != nil {
			return nil, err
		}
	}
}

func (s *Service) once(ctx context.Context, method, path, typ string, body func() (io.ReadCloser, error)) (*http.Response, error) {
	var r io.ReadCloser
	if body != nil {
		var err error
		if r, err = body(); err != nil {
			return nil, err
		}
		defer r.Close()
	}
	req, err := http.NewRequestWithContext(ctx, method, s.origin.String()+path, nil)
	if err != nil {
		return nil, err
	}
	if r != nil {
		req.Body = r
		req.Header.Set("Content-Type", typ)
	}
	req.Header.Set("Accept", "application/json")
	if s.token != "" {
		req.Header.Set("Authorization", "Bearer "+s.token)
	}
	return s.client.Do(req)
}

// A Problem is the service's refusal of a request.
type Problem struct {
	Status        int
	Title, Detail string
	Errors        []struct{ Location, Message string }
}

func (p *Problem) Error() string {
	text := cmp.Or(p.Detail, p.Title, http.StatusText(p.Status))
	for _, e := range p.Errors {
		text += "; " + strings.TrimPrefix(e.Location+": "+e.Message, ": ")
	}
	return fmt.Sprintf("%s (%d)", text, p.Status)
}

// problem reads a problem document (RFC 9457), or makes one of the status.
func problem(resp *http.Response) error {
	p := &Problem{}
	data, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	if err == nil {
		err = json.Unmarshal(data, p)
	}
	p.Status = resp.StatusCode
	if err != nil && p.Title == "" && resp.StatusCode < 400 {
		return errors.Join(p, fmt.Errorf("it leads elsewhere, to %q", resp.Header.Get("Location")))
	}
	return p
}

// sleep waits, or until ctx ends.
func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}
