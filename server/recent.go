package server

import "sync"

// recent remembers the values that were asked for last, up to a number of them.
type recent[K comparable, V any] struct {
	mu    sync.Mutex
	max   int
	clock uint64
	held  map[K]*entry[V]
}

type entry[V any] struct {
	value V
	used  uint64
}

func newRecent[K comparable, V any](max int) *recent[K, V] {
	return &recent[K, V]{max: max, held: make(map[K]*entry[V], max)}
}

func (c *recent[K, V]) get(k K) (V, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.held[k]
	if !ok {
		var none V
		return none, false
	}
	c.clock++
	e.used = c.clock
	return e.value, true
}

func (c *recent[K, V]) put(k K, v V) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.clock++
	if e, ok := c.held[k]; ok {
		e.value, e.used = v, c.clock
		return
	}
	if len(c.held) >= c.max {
		var oldest K
		least := c.clock
		for key, e := range c.held {
			if e.used < least {
				oldest, least = key, e.used
			}
		}
		delete(c.held, oldest)
	}
	c.held[k] = &entry[V]{value: v, used: c.clock}
}

func (c *recent[K, V]) drop(k K) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.held, k)
}
