package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"

	"github.com/antequem/antequem/compare/assess"
	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/archive"
	"github.com/antequem/antequem/imagery/ingest"
	"github.com/antequem/antequem/server"
	"github.com/antequem/antequem/server/jobs"
	"github.com/antequem/antequem/server/people"
	"github.com/antequem/antequem/server/resume"
	"github.com/antequem/antequem/server/workshop"
)

// A service is everything that serve and demo run: the archive, the jobs and the
// HTTP edge over both.
type service struct {
	settings settings
	archive  *archive.Archive
	queue    *jobs.Queue
	ingest   *ingest.Ingester
	people   *people.Store
	server   *server.Server
}

// openService opens the data folder and everything over it.
func openService(ctx context.Context, s settings) (_ *service, err error) {
	svc := &service{settings: s}
	defer func() {
		if err != nil {
			err = errors.Join(err, svc.close())
		}
	}()
	if svc.archive, err = archive.Open(ctx, s.Data, s.archive()); err != nil {
		return nil, err
	}
	log := s.logger()
	work := workshop.Work{Originals: svc.archive, Limits: s.limits(), Workers: s.Workers}
	jo := jobs.DefaultOptions()
	jo.Logger, jo.Quick, jo.Latest = log, []string{workshop.KindView}, []string{workshop.KindCase}
	svc.queue, err = jobs.Open(ctx, filepath.Join(s.Data, "jobs.db"), svc.archive, func(ctx context.Context, r archive.Recipe, tell jobs.Tell) (map[string][]byte, error) {
		return work.Make(ctx, r, tell)
	}, jo)
	if err != nil {
		return nil, err
	}
	in := ingest.DefaultOptions()
	in.Limits, in.Hourly = s.limits(), s.Limits.Hourly
	if svc.ingest, err = ingest.New(svc.archive, in); err != nil {
		return nil, err
	}
	if svc.people, err = openPeople(ctx, s); err != nil {
		return nil, err
	}
	uploads := resume.DefaultOptions()
	uploads.Max, uploads.Room = s.Server.MaxUpload, svc.archive.Room
	arriving, err := resume.Open(filepath.Join(s.Data, "uploads"), uploads)
	if err != nil {
		return nil, err
	}
	svc.server, err = server.New(server.Deps{
		Archive: svc.archive, Ingest: svc.ingest, Jobs: queue{svc.queue}, People: svc.people, Uploads: arriving,
		Options: s.assess(), Log: log, Version: assess.Build(),
	}, s.server())
	return svc, err
}

// A queue is the jobs in the words of the server.
type queue struct{ *jobs.Queue }

func (q queue) Standing(ctx context.Context, recipe imagery.Digest) (server.Standing, error) {
	s, err := q.Queue.Standing(ctx, recipe)
	return server.Standing(s), err
}

// serve answers on ln until ctx ends. The first line on w is the address.
func (s *service) serve(ctx context.Context, ln net.Listener, w io.Writer) error {
	if err := s.server.MayListen(ctx, ln.Addr()); err != nil {
		return err
	}
	url := announce(w, ln)
	if w == os.Stdout {
		say("Antequem answers at %s; data in %s; Ctrl-C stops it.", url, s.settings.Data)
	}
	return s.server.Serve(ctx, ln)
}

// close lets the jobs at work end and closes the archive.
func (s *service) close() error {
	var errs []error
	if s.queue != nil {
		ctx, cancel := context.WithTimeout(context.Background(), s.settings.Server.Grace)
		defer cancel()
		errs = append(errs, s.queue.Close(ctx))
	}
	if s.people != nil {
		errs = append(errs, s.people.Close())
	}
	if s.archive != nil {
		errs = append(errs, s.archive.Close())
	}
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("close %s: %w", s.settings.Data, err)
	}
	return nil
}
