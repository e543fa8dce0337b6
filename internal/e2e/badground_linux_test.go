package e2e

import (
	"os"
	"strings"
	"syscall"
	"testing"
)

// TestBadGround: what the machine lacks is one line that says what to do.
func TestBadGround(t *testing.T) {
	Prove(t, "a missing package is named", func(t *testing.T) {
		t.Setenv("PATH", "")
		err := missing()
		want := "install Debian's conntrack containerd"
		if os.Geteuid() != 0 {
			want = "run as root"
		}
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("got %v, want one line with %q", err, want)
		}
	})
	Prove(t, "a full disk is named", func(t *testing.T) {
		full := t.TempDir()
		if err := syscall.Mount("tmpfs", full, "tmpfs", 0, "size=1m"); err != nil {
			full = "/proc" // where nobody can write, whoever runs this
		} else {
			defer func() { _ = syscall.Unmount(full, 0) }()
		}
		t.Setenv("TMPDIR", full)
		_, remove, err := newState()
		if err == nil {
			remove()
		}
		if err == nil || !strings.Contains(err.Error(), full) || strings.Contains(err.Error(), "\n") {
			t.Errorf("got %v, want one line that names %s", err, full)
		}
	})
}
