package recent

import (
	"sync"
	"testing"
)

func TestTheOneNotAskedForLongestIsForgotten(t *testing.T) {
	c := New[string, int](2)
	c.Put("a", 1)
	c.Put("b", 2)
	if v, ok := c.Get("a"); !ok || v != 1 {
		t.Errorf("%d %t", v, ok)
	}
	c.Put("c", 3) // b goes: a was asked for since
	if _, ok := c.Get("b"); ok {
		t.Error("three are kept where two may be")
	}
	c.Put("a", 4)
	if v, _ := c.Get("a"); v != 4 {
		t.Errorf("a is %d", v)
	}
	c.Put("d", 5)
	if _, ok := c.Get("c"); ok {
		t.Error("c was not asked for longest and is there")
	}
}

func TestManyAtOnce(t *testing.T) {
	c := New[int, int](8)
	var all sync.WaitGroup
	for i := range 32 {
		all.Go(func() {
			for n := range 200 {
				c.Put((i+n)%20, (i+n)%20)
				if v, ok := c.Get(n % 20); ok && v != n%20 {
					t.Errorf("%d has the value %d", n%20, v)
				}
			}
		})
	}
	all.Wait()
	if n := c.order.Len(); n != 8 || len(c.byKey) != 8 {
		t.Errorf("%d and %d are kept", n, len(c.byKey))
	}
}
