// Package stamp asks an authority for time-stamps (RFC 3161) and checks them.
//
// A time-stamp is the authority's signed word that somebody showed it a digest at a
// certain time. It learns the digest and nothing of what was digested.
package stamp

import (
	"crypto"
	"crypto/x509"
	"encoding/asn1"
	"encoding/pem"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/antequem/antequem/imagery"
	"github.com/digitorus/pkcs7"
	"github.com/digitorus/timestamp"
)

// A Stamp is a time-stamp token whose signature is that of the certificate inside it.
// Whether that certificate is to be trusted is for [Stamp.Trusted].
type Stamp struct {
	Digest    imagery.Digest // what was shown to the authority
	Time      time.Time      // when, by its clock
	Accuracy  time.Duration  // of that clock; 0 if the authority doesn't say
	Authority string         // whom its certificate names
	Token     []byte         // DER, as `openssl ts -verify -token_in` reads it

	signer *x509.Certificate
	others []*x509.Certificate
	nonce  string
}

// maxToken bounds what is read of a token, bytes: certificates of a chain and little else.
const maxToken = 256 << 10

// contentTSTInfo names the content of a time-stamp token (RFC 3161, 2.4.2).
var contentTSTInfo = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 1, 4}

// Read reads a token and checks its signature. Whoever made it, it is
// [imagery.ErrCorrupt] where it contradicts itself.
func Read(token []byte) (s Stamp, err error) {
	defer func() {
		if r := recover(); r != nil { // the library reads strangers' ASN.1
			s, err = Stamp{}, fmt.Errorf("time-stamp: no token can be made of it: %w", imagery.ErrCorrupt)
		}
	}()
	if len(token) > maxToken {
		return Stamp{}, fmt.Errorf("time-stamp: %d bytes, more than %d: %w", len(token), maxToken, imagery.ErrCorrupt)
	}
	if s, err = read(token); err != nil {
		return Stamp{}, fmt.Errorf("time-stamp: %w: %w", imagery.ErrCorrupt, err)
	}
	return s, nil
}

func read(token []byte) (Stamp, error) {
	signed, err := pkcs7.Parse(token)
	if err != nil {
		return Stamp{}, err
	}
	signer := signed.GetOnlySigner()
	if signer == nil {
		return Stamp{}, fmt.Errorf("it holds no certificate of its signer, or has several")
	}
	var content asn1.ObjectIdentifier
	if err := signed.UnmarshalSignedAttribute(pkcs7.OIDAttributeContentType, &content); err != nil || !content.Equal(contentTSTInfo) {
		return Stamp{}, fmt.Errorf("what was signed is no time-stamp")
	}
	t, err := timestamp.Parse(token) // and its signature
	if err != nil {
		return Stamp{}, err
	}
	if t.HashAlgorithm != crypto.SHA256 || len(t.HashedMessage) != len(imagery.Digest{}) {
		return Stamp{}, fmt.Errorf("it is not of a SHA-256")
	}
	if !slices.Contains(signer.ExtKeyUsage, x509.ExtKeyUsageTimeStamping) {
		return Stamp{}, fmt.Errorf("the certificate of %s is not for time-stamping", nameOf(signer))
	}
	s := Stamp{Digest: imagery.Digest(t.HashedMessage), Time: t.Time.UTC(), Accuracy: t.Accuracy, Authority: nameOf(signer),
		Token: token, signer: signer, others: signed.Certificates}
	if t.Nonce != nil {
		s.nonce = t.Nonce.String()
	}
	return s, nil
}

// nameOf returns a certificate's subject as printable text in one line.
func nameOf(c *x509.Certificate) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7f && r < 0xa0 {
			return -1
		}
		return r
	}, strings.ToValidUTF8(c.Subject.String(), "\ufffd"))
}

// Trusted checks that the authority's certificate leads to one of the roots, as of the
// time that the stamp names.
func (s Stamp) Trusted(roots *x509.CertPool) error {
	between := x509.NewCertPool()
	for _, c := range s.others {
		between.AddCert(c)
	}
	_, err := s.signer.Verify(x509.VerifyOptions{
		Roots: roots, Intermediates: between, CurrentTime: s.Time, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageTimeStamping},
	})
	if err != nil {
		return fmt.Errorf("the certificate of %s leads to none of those trusted: %w: %w", s.Authority, imagery.ErrInvalid, err)
	}
	return nil
}

// Roots reads trusted certificates from PEM.
func Roots(text []byte) (*x509.CertPool, error) {
	pool, n := x509.NewCertPool(), 0
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		if block.Type != "CERTIFICATE" {
			continue
		}
		c, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, fmt.Errorf("trusted certificate %d: %w: %w", n+1, imagery.ErrInvalid, err)
		}
		pool.AddCert(c)
		n++
	}
	if n == 0 {
		return nil, fmt.Errorf("no certificate in it (want PEM): %w", imagery.ErrInvalid)
	}
	return pool, nil
}
