package e2e

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"time"
)

// process is a program that the harness started. It is the leader of a process
// group, so that what it starts ends with it.
type process struct {
	name string
	cmd  *exec.Cmd
	log  string
	done chan struct{} // closed when it has ended
	err  error         // how; to be read after done
}

// starts are made by one thread that never ends: Linux ends a child with the
// death signal when the thread that started it ends, not the process.
var starts = sync.OnceValue(func() chan func() {
	queue := make(chan func())
	go func() {
		runtime.LockOSThread()
		for start := range queue {
			start()
		}
	}()
	return queue
})

// start starts a program whose output goes to a file in dir.
func start(dir, name, path string, args []string, change ...func(*exec.Cmd)) (*process, error) {
	p := &process{name: name, log: filepath.Join(dir, name+".log"), done: make(chan struct{})}
	out, err := os.OpenFile(p.log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	defer out.Close()
	p.cmd = exec.Command(path, args...)
	p.cmd.Dir, p.cmd.Stdout, p.cmd.Stderr = dir, out, out
	p.cmd.SysProcAttr = endWithParent()
	for _, c := range change {
		c(p.cmd)
	}
	started := make(chan error)
	starts() <- func() { started <- p.cmd.Start() }
	if err := <-started; err != nil {
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	go func() {
		p.err = p.cmd.Wait()
		close(p.done)
	}()
	return p, nil
}

// signal sends a signal to the whole group.
func (p *process) signal(s syscall.Signal) error { return signalGroup(p.cmd.Process.Pid, s) }

// kill ends the process at once and waits until it is gone.
func (p *process) kill() {
	if p == nil {
		return
	}
	// The group may be gone already.
	_ = p.signal(syscall.SIGKILL)
	<-p.done
}

// ended returns why the process is not running any more; nil while it is.
func (p *process) ended() error {
	select {
	case <-p.done:
	default:
		return nil
	}
	text, err := os.ReadFile(p.log)
	if err != nil {
		return err
	}
	if strings.Contains(string(text), "address already in use") {
		return fmt.Errorf("%s: another process has taken its port: run again", p.name)
	}
	return fmt.Errorf("%s ended: %w: %s", p.name, cmp.Or(p.err, errors.New("without an error")), lastLines(string(text), 8))
}

// until polls ready until it holds, a process has ended, or the time is over.
func until(ctx context.Context, what string, ready func(context.Context) error, of ...*process) error {
	ctx, cancel := context.WithTimeout(ctx, startPatience)
	defer cancel()
	for {
		err := ready(ctx)
		if err == nil {
			return nil
		}
		for _, p := range of {
			if ended := p.ended(); ended != nil {
				return ended
			}
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%s is not ready after %v: %w", what, startPatience, errors.Join(err, context.Cause(ctx)))
		case <-time.After(100 * time.Millisecond):
		}
	}
}
