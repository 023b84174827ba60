package assess_test

import (
	"errors"
	"testing"

	"github.com/antequem/antequem/compare/assess"
	"github.com/antequem/antequem/imagery"
)

func TestOptionsOfEveryRoomAreChecked(t *testing.T) {
	if err := assess.DefaultOptions().Validate(); err != nil {
		t.Error(err)
	}
	for name, spoil := range map[string]func(*assess.Options){
		"context":  func(o *assess.Options) { o.Context = -1 },
		"workers":  func(o *assess.Options) { o.Workers = -1 },
		"align":    func(o *assess.Options) { o.Align.Workers = -1 },
		"change":   func(o *assess.Options) { o.Change.Neighbourhood = 0 },
		"timeline": func(o *assess.Options) { o.Timeline.Trials = 0 },
	} {
		o := assess.DefaultOptions()
		spoil(&o)
		if err := o.Validate(); !errors.Is(err, imagery.ErrInvalid) {
			t.Errorf("a bad option of %s: got %v", name, err)
		}
	}
}
