package main

import (
	"errors"
	"io/fs"
	"strings"
	"testing"
)

func TestRunErrors(t *testing.T) {
	tests := []struct {
		name string
		args []string
		want string
	}{
		{"no package", nil, `unknown package ""`},
		{"another package", []string{"-package", "v1"}, `unknown package "v1"`},
		{"no directories", []string{"-package", "strimziv1"}, "-crds and -out are required"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if err := run(tt.args); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
	if err := run([]string{"-package", "strimziv1", "-crds", t.TempDir(), "-out", t.TempDir()}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v for a directory without CRDs", err)
	}
}
