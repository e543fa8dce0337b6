//go:build !linux

package e2e

import (
	"math"
	"syscall"
)

func endWithParent() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }

func signalGroup(pid int, s syscall.Signal) error { return syscall.Kill(-pid, s) }

func freeBytes(string) int64 { return math.MaxInt64 }
