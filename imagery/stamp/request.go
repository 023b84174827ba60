package stamp

import (
	"bytes"
	"context"
	"crypto"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"math/big"
	"mime"
	"net/http"
	"net/url"
	"time"

	"github.com/antequem/antequem/imagery"
	"github.com/digitorus/timestamp"
)

// patience is how long an authority may take.
const patience = 30 * time.Second

// Request asks the authority at address, http or https, to stamp d, and checks its
// answer. Nothing but that address is spoken to: an answer that leads elsewhere is refused.
func Request(ctx context.Context, address string, d imagery.Digest) (Stamp, error) {
	s, err := request(ctx, address, d)
	if err != nil {
		return Stamp{}, fmt.Errorf("time-stamp from %s: %w", address, err)
	}
	return s, nil
}

func request(ctx context.Context, address string, d imagery.Digest) (Stamp, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return Stamp{}, fmt.Errorf("want an address that begins with https:// or http://: %w", imagery.ErrInvalid)
	}
	nonce, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 64))
	if err != nil {
		return Stamp{}, err
	}
	ask := timestamp.Request{HashAlgorithm: crypto.SHA256, HashedMessage: d[:], Certificates: true, Nonce: nonce}
	body, err := ask.Marshal()
	if err != nil {
		return Stamp{}, err
	}
	answer, err := post(ctx, address, body)
	if err != nil {
		return Stamp{}, err
	}
	token, err := tokenOf(answer)
	if err != nil {
		return Stamp{}, err
	}
	s, err := Read(token)
	switch {
	case err != nil:
		return Stamp{}, err
	case s.Digest != d:
		return Stamp{}, fmt.Errorf("it stamped another digest: %w", imagery.ErrCorrupt)
	case s.nonce != nonce.String():
		return Stamp{}, fmt.Errorf("it answered another request: %w", imagery.ErrCorrupt)
	}
	return s, nil
}

// post sends a request by RFC 3161, 3.4.
func post(ctx context.Context, address string, body []byte) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/timestamp-query")
	req.Header.Set("Accept", "application/timestamp-reply")
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	if kind, _, _ := mime.ParseMediaType(res.Header.Get("Content-Type")); res.StatusCode != http.StatusOK || kind != "application/timestamp-reply" {
		return nil, fmt.Errorf("no time-stamp authority answers there: %s, %s: %w", res.Status, kind, imagery.ErrInvalid)
	}
	answer, err := io.ReadAll(io.LimitReader(res.Body, maxToken+1))
	if err == nil && len(answer) > maxToken {
		err = fmt.Errorf("its answer has more than %d bytes: %w", maxToken, imagery.ErrTooLarge)
	}
	return answer, err
}

// tokenOf takes the token out of an authority's answer.
func tokenOf(answer []byte) (token []byte, err error) {
	defer func() {
		if recover() != nil {
			err = errors.New("no answer of an authority can be made of it")
		}
		if err != nil {
			err = fmt.Errorf("%w: %w", imagery.ErrCorrupt, err)
		}
	}()
	t, err := timestamp.ParseResponse(answer)
	if err != nil {
		return nil, err
	}
	return t.RawToken, nil
}
