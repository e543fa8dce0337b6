package millracetest

import (
	"container/heap"
	"sync"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
)

// patience is how long an object waits for somebody to watch it before its
// operators go ahead. It is real time: enough for a Wait that follows a
// Submit on a busy machine, and little for whoever polls.
const patience = 3 * time.Second

// loop is the goroutine of the operators, with its virtual clock. Changes of
// objects come in, and timers that the operators set fire in order.
type loop struct {
	pace      time.Duration
	operators []operator

	wake    chan struct{}
	stop    chan struct{}
	stopped chan struct{}
	closing sync.Once

	mu       sync.Mutex // guards what follows
	clock    time.Time
	queue    []change
	timers   timers
	seq      int
	watched  map[objectKey]bool      // objects that need not wait any more
	asked    map[objectKey]time.Time // when an object was first held back
	settling []chan struct{}
	troubles []error
}

func newLoop(c config) *loop {
	return &loop{pace: c.pace, clock: c.start, wake: make(chan struct{}, 1), stop: make(chan struct{}), stopped: make(chan struct{}),
		watched: make(map[objectKey]bool), asked: make(map[objectKey]time.Time)}
}

// timer is something that an operator does later.
type timer struct {
	at  time.Time
	seq int
	// root is the object that somebody must watch before it happens.
	root objectKey
	do   func()
}

type timers []*timer

func (t timers) Len() int { return len(t) }
func (t timers) Less(i, j int) bool {
	return t[i].at.Before(t[j].at) || t[i].at.Equal(t[j].at) && t[i].seq < t[j].seq
}
func (t timers) Swap(i, j int) { t[i], t[j] = t[j], t[i] }
func (t *timers) Push(x any)   { *t = append(*t, x.(*timer)) }
func (t *timers) Pop() any {
	old := *t
	last := old[len(old)-1]
	*t = old[:len(old)-1]
	return last
}

func (l *loop) now() time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.clock
}

// troubled takes the error of an operator's write. That somebody deleted the
// object at that moment is none.
func (l *loop) troubled(err error) {
	if err == nil || apierrors.IsNotFound(err) {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.troubles = append(l.troubles, err)
}

func (l *loop) errors() []error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.troubles
}

// after has do called when the clock has moved on by d, and somebody watches
// root.
func (l *loop) after(d time.Duration, root objectKey, do func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.seq++
	heap.Push(&l.timers, &timer{at: l.clock.Add(d), seq: l.seq, root: root, do: do})
}

// notify hands a change to the operators. The store calls it.
func (l *loop) notify(c change) {
	l.mu.Lock()
	l.queue = append(l.queue, c)
	l.mu.Unlock()
	l.kick()
}

// open lets the operators go ahead with an object.
func (l *loop) open(key objectKey) {
	l.mu.Lock()
	l.watched[key] = true
	l.mu.Unlock()
	l.kick()
}

func (l *loop) kick() {
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

func (l *loop) close() {
	l.closing.Do(func() { close(l.stop) })
	<-l.stopped
}

func (l *loop) settle() {
	done := make(chan struct{})
	l.mu.Lock()
	l.settling = append(l.settling, done)
	l.mu.Unlock()
	l.kick()
	select {
	case <-done:
	case <-l.stopped:
	}
}

func (l *loop) run() {
	defer close(l.stopped)
	var due time.Time // when, in real time, the next step may be taken
	for {
		l.drain()
		var wait time.Duration
		if next, held := l.next(); next != nil {
			if due.IsZero() {
				due = time.Now().Add(l.pace)
			}
			if wait = time.Until(due); wait <= 0 {
				due = time.Time{}
				l.step(next.at)
				continue
			}
		} else {
			due = time.Time{}
			wait = held
		}
		if !l.pause(wait) {
			return
		}
	}
}

// pause waits for something to happen, at most as long as told; a negative
// time is for ever. It returns false when the loop is to end.
func (l *loop) pause(d time.Duration) bool {
	var tick <-chan time.Time
	if d >= 0 {
		t := time.NewTimer(d)
		defer t.Stop()
		tick = t.C
	}
	select {
	case <-l.stop:
		return false
	case <-l.wake:
	case <-tick:
	}
	return true
}

// drain hands all changes to the operators, and those that these make.
func (l *loop) drain() {
	for {
		l.mu.Lock()
		if len(l.queue) == 0 {
			l.mu.Unlock()
			return
		}
		c := l.queue[0]
		l.queue = l.queue[1:]
		l.mu.Unlock()
		for _, o := range l.operators {
			o.changed(c)
		}
		select {
		case <-l.stop:
			return
		default:
		}
	}
}

// next returns the first timer that may fire. If there are only such that
// must wait for somebody to watch, it returns how long at most.
func (l *loop) next() (*timer, time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.timers) == 0 && len(l.queue) == 0 {
		for _, done := range l.settling {
			close(done)
		}
		l.settling = nil
	}
	var first *timer
	held := time.Duration(-1)
	for _, t := range l.timers {
		if wait := l.heldBack(t); wait > 0 {
			if held < 0 || wait < held {
				held = wait
			}
			continue
		}
		if first == nil || t.at.Before(first.at) || t.at.Equal(first.at) && t.seq < first.seq {
			first = t
		}
	}
	return first, held
}

// heldBack returns how long a timer still waits for somebody to watch.
func (l *loop) heldBack(t *timer) time.Duration {
	if l.watched[t.root] || len(l.settling) > 0 {
		return 0
	}
	since, ok := l.asked[t.root]
	if !ok {
		since = time.Now()
		l.asked[t.root] = since
	}
	if left := time.Until(since.Add(patience)); left > 0 {
		return left
	}
	l.watched[t.root] = true
	return 0
}

// step moves the clock to a time and fires the timers that are due then.
func (l *loop) step(to time.Time) {
	l.mu.Lock()
	if to.After(l.clock) {
		l.clock = to
	}
	var fire []*timer
	var rest timers
	for l.timers.Len() > 0 {
		t := heap.Pop(&l.timers).(*timer)
		if !t.at.After(to) && l.heldBack(t) == 0 {
			fire = append(fire, t)
		} else {
			rest = append(rest, t)
		}
	}
	l.timers = rest
	heap.Init(&l.timers)
	l.mu.Unlock()
	for _, t := range fire {
		t.do()
	}
}
