package server

import "context"

// Prepare has a location judged before anyone asks for its page. It doesn't wait
// for the result.
func (s *Server) Prepare(ctx context.Context, slug string) error {
	_, err := s.standingOf(ctx, slug)
	return err
}
