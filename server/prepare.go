package server

import (
	"context"

	"github.com/antequem/antequem/server/people"
)

// Prepare has a location judged before anyone asks for its page. It doesn't wait
// for the result.
func (s *Server) Prepare(ctx context.Context, slug string) error {
	alone := caller{Person: people.Person{Role: people.Editor}, alone: true}
	_, err := s.standingOf(context.WithValue(ctx, requestKey{}, requestInfo{who: alone}), slug)
	return err
}
