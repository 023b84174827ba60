// Package server is the HTTP edge: pages, pictures, the API and what a service
// needs around them. It alone imports echo.
//
// A request comes in through the middleware (the list in middleware.go), is led by the
// table in routes.go, or in api.go, to a plain function, one file per noun, which parses,
// calls one method of what the service was given and renders. What it returns as an
// error is turned into an answer in errors.go, the same one for a page and for a problem
// document. Who may ask for what stands in the table of access.go.
//
// What a page shows of a case begins in standing.go: the case, and what is known of it so
// far. No page waits for slow work. What is not known yet is asked of the jobs, and the
// page shows what is known and listens to events.go for the rest.
//
// What needs no request stands in rooms below: typed reads what people type, workshop
// makes the pictures, views puts a report into the words of page, web holds scripts and
// styles, metrics counts; people, resume and jobs keep accounts, uploads and work.
package server

import (
	"context"
	"errors"
	"fmt"
	"image"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/antequem/antequem/compare/assess"
	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/decode"
	"github.com/antequem/antequem/server/metrics"
	"github.com/antequem/antequem/server/people"
	"github.com/antequem/antequem/server/resume"
	"github.com/antequem/antequem/server/workshop"
)

// Deps are what the service works with.
type Deps struct {
	Archive Archive
	Ingest  Ingester
	Jobs    Jobs
	Uploads *resume.Store // uploads that resume; nil takes none
	People  *people.Store // accounts; nil: one person at this machine, and readers
	Options assess.Options
	Log     *slog.Logger // nil logs nothing
	Version string       // of the program
}

// A Server answers for pages and API. Its methods may be called from any number of goroutines.
type Server struct {
	archive Archive
	ingest  Ingester
	jobs    Jobs
	people  *people.Store
	uploads *resume.Store
	options assess.Options
	config  Config
	log     *slog.Logger
	version string

	reports  *recent[imagery.Digest, *assess.Report] // by recipe
	views    *recent[imagery.Digest, workshop.View]  // by recipe
	opened   *recent[imagery.Digest, opened]         // by recipe
	infos    *recent[imagery.Digest, decode.Info]    // of originals
	public   *recent[imagery.Digest, openness]       // by recipe, or by original
	drawn    *recent[string, image.Point]            // sizes of pictures of results, px, by address
	pages    *recent[string, kept]                   // by address and reader
	revision atomic.Uint64                           // grows with every change that this process makes
	warnings *recent[string, []string]               // of uploads, by the address of their receipt
	watchers *crowd                                  // streams of events
	pairs    *people.Guesses                         // comparisons that readers may have made, by sender
	writes   sync.Mutex                              // held while records are read, changed and written

	classes    map[string]class // by method and echo's path
	handler    http.Handler
	counts     metrics.Counts
	onLoopback atomic.Bool // the listener can be reached from this machine alone

	stop     chan struct{} // closed when the service is told to stop
	stopOnce sync.Once
}

// New returns a service over deps.
func New(deps Deps, c Config) (*Server, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	if deps.Archive == nil || deps.Ingest == nil || deps.Jobs == nil {
		return nil, errors.New("server: archive, ingest and jobs are needed")
	}
	if err := deps.Options.Validate(); err != nil {
		return nil, err
	}
	s := &Server{
		archive:  deps.Archive,
		ingest:   deps.Ingest,
		jobs:     deps.Jobs,
		people:   deps.People,
		uploads:  deps.Uploads,
		options:  deps.Options,
		config:   c,
		log:      deps.Log,
		version:  deps.Version,
		reports:  newRecent[imagery.Digest, *assess.Report](256),
		views:    newRecent[imagery.Digest, workshop.View](4096),
		opened:   newRecent[imagery.Digest, opened](64),
		infos:    newRecent[imagery.Digest, decode.Info](1024),
		warnings: newRecent[string, []string](512),
		watchers: newCrowd(maxWatchers, mostOfOne),
		pairs:    people.NewGuesses(pairsAtOnce, pairEvery),
		public:   newRecent[imagery.Digest, openness](256),
		drawn:    newRecent[string, image.Point](1024),
		pages:    newRecent[string, kept](256),
		classes:  map[string]class{},
		stop:     make(chan struct{}),
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	s.handler = s.newEcho(s.routes())
	return s, nil
}

// Handler returns the service without a listener.
func (s *Server) Handler() http.Handler { return s.handler }

// Serve answers at ln until ctx ends, then lets open requests end within
// Config.Grace. It closes ln.
func (s *Server) Serve(ctx context.Context, ln net.Listener) error {
	if err := s.MayListen(ctx, ln.Addr()); err != nil {
		return errors.Join(err, ln.Close())
	}
	s.onLoopback.Store(onLoopback(ln.Addr()))
	base, cut := context.WithCancel(context.WithoutCancel(ctx))
	defer cut()
	hs := &http.Server{
		Handler:           s.handler,
		ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
		BaseContext:       func(net.Listener) context.Context { return base },
		ErrorLog:          s.serverLog(),
	}
	served := make(chan error, 1)
	go func() { served <- hs.Serve(ln) }()
	select {
	case err := <-served:
		return fmt.Errorf("serve %s: %w", ln.Addr(), err)
	case <-ctx.Done():
	}
	s.stopOnce.Do(func() { close(s.stop) }) // ends the streams of events
	grace, cancel := context.WithTimeout(base, s.config.Grace)
	defer cancel()
	err := hs.Shutdown(grace)
	if errors.Is(err, context.DeadlineExceeded) {
		cut()
		err = hs.Close()
	}
	if e := <-served; !errors.Is(e, http.ErrServerClosed) {
		err = errors.Join(err, e)
	}
	if err != nil {
		return fmt.Errorf("stop serving: %w", err)
	}
	return nil
}

// stopping says that the service was told to stop.
func (s *Server) stopping() bool {
	select {
	case <-s.stop:
		return true
	default:
		return false
	}
}
