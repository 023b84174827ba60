package server

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/archive"
	"github.com/antequem/antequem/server/page"
)

// Kinds of failure that only an edge meets.
var (
	errConflict      = errors.New("conflict")        // what is asked for contradicts what is held
	errNobody        = errors.New("not signed in")   // somebody must sign in for this
	errGone          = errors.New("gone")            // it was here, and was withdrawn
	errForbidden     = errors.New("forbidden")       // this reader may not
	errCutOff        = errors.New("cut off")         // the request ended before it was whole
	errBusy          = errors.New("busy")            // not now, but soon
	errUnprocessable = errors.New("unprocessable")   // well formed, but some of what it says is wrong
	errForm          = errors.New("unreadable form") // the body is no form that can be read
)

// An answer is what readers are told of a kind of failure.
type answer struct {
	kind   error
	status int
	title  string
	detail string
}

// answers turns kinds of failure into statuses and public words. The first kind
// that an error answers to counts. Whatever else an error says reaches the log alone.
var answers = []answer{
	{errNobody, http.StatusUnauthorized, "Sign in first", "This needs an account here. Sign in, and repeat the step."},
	{errGone, http.StatusGone, "Withdrawn", "What stood here was withdrawn."},
	{errForbidden, http.StatusForbidden, "Not allowed", "This can't be done from here."},
	{archive.ErrExists, http.StatusConflict, "There already", "Something of that name is held already."},
	{errConflict, http.StatusConflict, "There already", "Something of that name is held already."},
	{errCutOff, http.StatusBadRequest, "Cut off", "The request ended before all of it had arrived. Nothing was stored: please send it again."},
	{errUnprocessable, http.StatusUnprocessableEntity, "Needs mending", "Some of what was sent is not as it should be."},
	{errForm, http.StatusBadRequest, "Not readable", "The form could not be read. Nothing was stored."},
	{errBusy, http.StatusServiceUnavailable, "Not ready", "Please try again in a moment."},
	{imagery.ErrNotFound, http.StatusNotFound, "Not found", "There is nothing at this address. It may have been mistyped, or what it named was withdrawn."},
	{imagery.ErrTooLarge, http.StatusRequestEntityTooLarge, "Too large", "This is more than the service takes."},
	{imagery.ErrTooMany, http.StatusTooManyRequests, "Enough for this hour", "As many files as one contributor may bring in an hour have arrived. What was stored stays; please bring the rest later."},
	{imagery.ErrUnsupported, http.StatusUnprocessableEntity, "Not read here", "The file is not of a kind that is read here."},
	{imagery.ErrCorrupt, http.StatusUnprocessableEntity, "Damaged", "The file contradicts itself: it is damaged or incomplete."},
	{imagery.ErrNotAligned, http.StatusUnprocessableEntity, "Not aligned", "These images could not be laid over one another."},
	{imagery.ErrInvalid, http.StatusBadRequest, "Not understood", "Something in the request is not as it should be."},
	{context.DeadlineExceeded, http.StatusServiceUnavailable, "Took too long", "The answer took too long. Please try again in a moment."},
	{context.Canceled, 499, "Ended", "The request was ended by the one who made it."},
}

// broken is the answer to every other failure.
var broken = answer{status: http.StatusInternalServerError, title: "Something broke here", detail: "This is a fault of the service, not of what you did. It was logged."}

// byStatus are the public words for failures that the router tells by status alone.
var byStatus = map[int]answer{
	http.StatusMethodNotAllowed:     {title: "Not possible here", detail: "This address doesn't answer to that method."},
	http.StatusTooManyRequests:      {title: "Too many at once", detail: "Please wait a moment and try again."},
	http.StatusPreconditionFailed:   {title: "Another version", detail: "This service speaks version 1.0.0 of the tus protocol."},
	http.StatusMisdirectedRequest:   {title: "Another host", detail: "This service does not answer under that name."},
	http.StatusForbidden:            {title: "Not allowed", detail: "The form had expired or came from another site. Load the page again and repeat the step."},
	http.StatusNotImplemented:       {title: "Not offered", detail: "This form of the answer is not offered."},
	http.StatusUnsupportedMediaType: {title: "Not readable", detail: "The body is not of a kind that is read here."},
}

// A refusal is an error with words meant for the reader: what is wrong with the
// request and how to mend it.
type refusal struct {
	kind   error
	detail string
	fields map[string]string // what is wrong, by field; nil if no field is to blame
	cause  error             // for the log alone; may be nil
	tomb   *page.Tombstone   // of what was withdrawn; nil for anything else
}

// refuse returns an error of a kind that tells the reader detail.
func refuse(kind error, detail string) error { return &refusal{kind: kind, detail: detail} }

func (e *refusal) Error() string {
	parts := []string{e.detail}
	for _, f := range slices.Sorted(maps.Keys(e.fields)) {
		parts = append(parts, f+": "+e.fields[f])
	}
	if e.cause != nil {
		parts = append(parts, e.cause.Error())
	}
	return strings.Join(parts, "; ")
}

func (e *refusal) Unwrap() []error {
	if e.cause == nil {
		return []error{e.kind}
	}
	return []error{e.kind, e.cause}
}

// A trouble is a failure in public words.
type trouble struct {
	Status int
	Title  string
	Detail string
	Fields map[string]string
	Tomb   *page.Tombstone // nil where nothing was withdrawn
}

// statusCoder is an error that knows its HTTP status, as the router's do.
type statusCoder interface{ StatusCode() int }

// explain turns an error into what its reader is told.
func explain(err error) trouble {
	a := classify(err)
	t := trouble{Status: a.status, Title: a.title, Detail: a.detail}
	var r *refusal
	if errors.As(err, &r) {
		t.Fields, t.Tomb = r.fields, r.tomb
		if r.detail != "" {
			t.Detail = r.detail
		}
	}
	return t
}

func classify(err error) answer {
	var coded statusCoder
	if errors.As(err, &coded) {
		return ofStatus(coded.StatusCode())
	}
	var tooLong *http.MaxBytesError
	if errors.As(err, &tooLong) {
		return classify(imagery.ErrTooLarge)
	}
	for _, a := range answers {
		if errors.Is(err, a.kind) {
			return a
		}
	}
	return broken
}

// ofStatus returns the public words for a status that came without a kind.
func ofStatus(status int) answer {
	if a, ok := byStatus[status]; ok {
		a.status = status
		return a
	}
	for _, a := range answers {
		if a.status == status {
			return a
		}
	}
	if status >= 500 || http.StatusText(status) == "" {
		return broken
	}
	return answer{status: status, title: http.StatusText(status)}
}
