package server

import (
	"fmt"
	"net/netip"
	"net/url"
	"time"

	"github.com/antequem/antequem/imagery"
)

// An Access says who may have something that is not published by default.
type Access string

const (
	AccessLoopback Access = "loopback" // readers on this machine only, and none that come through a proxy; the default
	AccessAll      Access = "all"      // every reader
	AccessNone     Access = "none"     // nobody
)

// A Config is what the service takes from its surroundings.
type Config struct {
	Origin    string   // scheme and host that readers use, as "https://example.org"; "" takes each request's own
	Hosts     []string // host names that are answered to, beside Origin's; empty: any, or on loopback this machine's own names
	Proxies   []string // networks of proxies, as "10.0.0.0/8", whose word on a reader's address is taken; empty: nobody's
	ReadOnly  bool     // no uploads and no changes
	Originals Access   // who may download originals as uploaded; readers those that tell of people, and those of other machines any, only once an editor released them
	Metrics   Access   // who may read /metrics

	MaxUpload int64 // bytes of one uploaded file
	MaxForm   int64 // bytes of any other request body

	RequestTimeout time.Duration // for an answer, uploads and events excepted
	UploadTimeout  time.Duration // for an upload to arrive and be stored
	Grace          time.Duration // for open requests to end once the service is told to stop

	WriteRate  float64 // uploads and changes that one address may make, per second; 0 is no limit
	WriteBurst int     // of them at once
}

// DefaultConfig returns what config.yaml ships with.
func DefaultConfig() Config {
	return Config{
		Originals:      AccessLoopback,
		Metrics:        AccessLoopback,
		MaxUpload:      1 << 30,
		MaxForm:        1 << 20,
		RequestTimeout: 30 * time.Second,
		UploadTimeout:  30 * time.Minute,
		Grace:          10 * time.Second,
		WriteRate:      10,
		WriteBurst:     60,
	}
}

// Validate says what is wrong with c, naming the key.
func (c Config) Validate() error {
	for name, a := range map[string]Access{"originals": c.Originals, "metrics": c.Metrics} {
		if a != AccessLoopback && a != AccessAll && a != AccessNone {
			return fmt.Errorf("server: %s %q: want loopback, all or none: %w", name, a, imagery.ErrInvalid)
		}
	}
	if c.Origin != "" {
		u, err := url.Parse(c.Origin)
		if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") || u.Scheme+"://"+u.Host != c.Origin {
			return fmt.Errorf("server: origin %q: want scheme and host alone, as https://example.org: %w", c.Origin, imagery.ErrInvalid)
		}
	}
	for _, p := range c.Proxies {
		if _, err := netip.ParsePrefix(p); err != nil {
			return fmt.Errorf("server: proxies: %q: want a network, as 10.0.0.0/8: %w", p, imagery.ErrInvalid)
		}
	}
	for name, ok := range map[string]bool{
		"max_upload":      c.MaxUpload > 0,
		"max_form":        c.MaxForm > 0,
		"request_timeout": c.RequestTimeout > 0,
		"upload_timeout":  c.UploadTimeout > 0,
		"grace":           c.Grace > 0,
		"write_rate":      c.WriteRate >= 0,
		"write_burst":     c.WriteBurst > 0 || c.WriteRate == 0,
	} {
		if !ok {
			return fmt.Errorf("server: %s is out of range: want more than 0: %w", name, imagery.ErrInvalid)
		}
	}
	return nil
}
