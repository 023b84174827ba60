package batch

import (
	"fmt"
	"io"
	"time"
)

// A Progress tells people how far a run has come: on a terminal one line that is
// written over, with the failures above it; elsewhere a line for each item.
type Progress struct {
	w     io.Writer
	live  bool // w is a terminal
	now   func() time.Time
	start time.Time

	total, done, failed, over int
	shown                     time.Time
}

// NewProgress returns a Progress over so many items. now is the clock.
func NewProgress(w io.Writer, live bool, total int, now func() time.Time) *Progress {
	return &Progress{w: w, live: live, now: now, start: now(), total: total}
}

// Tell takes note of an item that came to an end.
func (p *Progress) Tell(r Row, takenOver bool) {
	p.done++
	switch {
	case r.Failed():
		p.failed++
	case takenOver:
		p.over++
	}
	switch {
	case !p.live && !takenOver:
		fmt.Fprintf(p.w, "[%d/%d] %s: %s\n", p.done, p.total, r.Name, r.Headline())
	case p.live && r.Failed():
		fmt.Fprintf(p.w, "\r\x1b[K%s: %s\n", r.Name, r.Headline())
		p.show()
	case p.live && (p.done == p.total || p.now().Sub(p.shown) >= 100*time.Millisecond):
		p.show()
	}
}

func (p *Progress) show() {
	p.shown = p.now()
	fmt.Fprint(p.w, "\r\x1b[K"+p.line())
}

// line is the state of the run: done, failed, rate, time left.
func (p *Progress) line() string {
	s := fmt.Sprintf("%d of %d done, %d failed", p.done, p.total, p.failed)
	judged, took := p.done-p.over, p.now().Sub(p.start)
	if judged == 0 || took <= 0 {
		return s
	}
	rate := float64(judged) / took.Seconds()
	left := time.Duration(float64(p.total-p.done) / rate * float64(time.Second))
	return s + fmt.Sprintf(" · %s · %s left", perTime(rate), roughly(left))
}

// End closes the line and sums up, in one line.
func (p *Progress) End() {
	if p.live && p.done > 0 {
		fmt.Fprint(p.w, "\r\x1b[K")
	}
	s := fmt.Sprintf("%d judged", p.done-p.failed-p.over)
	if p.over > 0 {
		s += fmt.Sprintf(", %d unchanged since an earlier run and taken over", p.over)
	}
	if p.failed > 0 {
		s += fmt.Sprintf(", %d failed", p.failed)
	}
	if p.done < p.total {
		s += fmt.Sprintf(", %d not begun or not finished", p.total-p.done)
	}
	fmt.Fprintf(p.w, "%s, in %s\n", s, roughly(p.now().Sub(p.start)))
}

func perTime(perSecond float64) string {
	if perSecond >= 1 {
		return fmt.Sprintf("%.1f a second", perSecond)
	}
	return fmt.Sprintf("%.1f a minute", 60*perSecond)
}

// roughly words a time as people tell it.
func roughly(d time.Duration) string {
	switch {
	case d < 10*time.Second:
		return fmt.Sprintf("%.1f s", d.Seconds())
	case d < 2*time.Minute:
		return fmt.Sprintf("%.0f s", d.Seconds())
	case d < 2*time.Hour:
		return fmt.Sprintf("%.0f min", d.Minutes())
	}
	return fmt.Sprintf("%.1f h", d.Hours())
}
