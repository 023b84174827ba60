package imagery

import "errors"

// The kinds of failure. An error that wraps one of them is checked with
// errors.Is; the edges turn a kind into an HTTP or an exit status.
var (
	ErrNotFound    = errors.New("not found")
	ErrInvalid     = errors.New("invalid")     // the caller's input contradicts the contract
	ErrUnsupported = errors.New("unsupported") // well formed, but of a sort that is not read here
	ErrTooLarge    = errors.New("too large")   // beyond a limit of config.yaml
	ErrTooMany     = errors.New("too many")    // more in a time than config.yaml allows
	ErrCorrupt     = errors.New("corrupt")     // the bytes contradict themselves or their digest
	ErrNotAligned  = errors.New("not aligned") // the pictures could not be laid over one another
)
