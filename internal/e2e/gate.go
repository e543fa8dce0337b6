package e2e

import (
	"errors"
	"net"
	"sync"
	"time"
)

// Gate stands between the clients of a test and the API server, and plays a
// bad network. It passes bytes on, so that TLS goes through it.
type Gate struct {
	address string // where clients connect
	to      string // where the API server listens

	mu       sync.Mutex
	listener net.Listener
	conns    map[net.Conn]bool
	delay    time.Duration
}

// openGate listens on address, whose port may be 0, and connects to to.
func openGate(address, to string) (*Gate, error) {
	g := &Gate{to: to, conns: make(map[net.Conn]bool)}
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, err
	}
	g.address = l.Addr().String()
	g.serve(l)
	return g, nil
}

func (g *Gate) serve(l net.Listener) {
	g.mu.Lock()
	g.listener = l
	g.mu.Unlock()
	go func() {
		for {
			client, err := l.Accept()
			if err != nil {
				return
			}
			go g.pass(client)
		}
	}()
}

// pass connects a client to the server, until either hangs up.
func (g *Gate) pass(client net.Conn) {
	server, err := net.Dial("tcp", g.to)
	if err != nil {
		_ = client.Close()
		return
	}
	if !g.keep(client, server) {
		return
	}
	var both sync.WaitGroup
	both.Go(func() { g.copy(server, client) })
	both.Go(func() { g.copy(client, server) })
	both.Wait()
	g.drop(client, server)
}

// keep remembers connections; it closes them if the gate was shut meanwhile.
func (g *Gate) keep(conns ...net.Conn) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, c := range conns {
		if g.listener == nil {
			_ = c.Close()
			continue
		}
		g.conns[c] = true
	}
	return g.listener != nil
}

func (g *Gate) drop(conns ...net.Conn) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, c := range conns {
		_ = c.Close()
		delete(g.conns, c)
	}
}

// copy passes on what one side says, and hangs up on both when it ends.
func (g *Gate) copy(to, from net.Conn) {
	defer func() { _, _ = to.Close(), from.Close() }()
	buf := make([]byte, 32<<10)
	for {
		n, err := from.Read(buf)
		if n > 0 {
			if d := g.latency(); d > 0 {
				<-time.After(d)
			}
			if _, err := to.Write(buf[:n]); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

func (g *Gate) latency() time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.delay
}

// Slow delays whatever passes, in both directions. Zero ends that.
func (g *Gate) Slow(d time.Duration) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.delay = d
}

// Cut closes all connections. New ones are let in.
func (g *Gate) Cut() {
	g.mu.Lock()
	defer g.mu.Unlock()
	for c := range g.conns {
		_ = c.Close()
		delete(g.conns, c)
	}
}

// Shut cuts all connections and refuses new ones until Open.
func (g *Gate) Shut() {
	g.mu.Lock()
	if g.listener != nil {
		_ = g.listener.Close()
		g.listener = nil
	}
	g.mu.Unlock()
	g.Cut()
}

// Open lets clients in again, on the same port.
func (g *Gate) Open() error {
	g.mu.Lock()
	open := g.listener != nil
	g.mu.Unlock()
	if open {
		return errors.New("the gate is open")
	}
	l, err := net.Listen("tcp", g.address)
	if err != nil {
		return err
	}
	g.serve(l)
	return nil
}
