package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

const (
	statePrefix = "millrace-e2e-"
	// stateSpace is what a cluster writes: the images of a node, mostly.
	stateSpace = 4 << 30
	// settling is how old a directory must be for having no lock to mean that
	// its owner is gone.
	settling = time.Minute
)

// newState makes the directory for the state of a cluster, and removes those
// of runs that were killed. Whoever lives holds a lock on his.
func newState() (dir string, remove func(), err error) {
	sweep()
	if dir, err = os.MkdirTemp("", statePrefix); err != nil {
		return "", nil, err
	}
	lock, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return "", nil, err
	}
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return "", nil, err
	}
	remove = func() {
		_ = os.RemoveAll(dir)
		_ = lock.Close()
	}
	if free := freeBytes(dir); free < stateSpace {
		remove()
		return "", nil, fmt.Errorf("%d MiB are free at %s: free %d MiB, or point TMPDIR elsewhere", free>>20, os.TempDir(), int64(stateSpace)>>20)
	}
	return dir, remove, nil
}

func sweep() {
	dirs, err := filepath.Glob(filepath.Join(os.TempDir(), statePrefix+"*"))
	if err != nil {
		return
	}
	for _, dir := range dirs {
		info, err := os.Stat(dir)
		if err != nil || time.Since(info.ModTime()) < settling {
			continue
		}
		lock, err := os.Open(filepath.Join(dir, "lock"))
		if err != nil {
			continue
		}
		if syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil {
			_ = os.RemoveAll(dir)
		}
		_ = lock.Close()
	}
}
