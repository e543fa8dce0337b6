package millrace

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"runtime"
	"slices"
	"strings"
)

// Inventory is the file in which WriteDir keeps the list of what it wrote, so
// that it can remove what a later bundle no longer renders, and tell its own
// files from yours. Commit it with the rest.
const Inventory = ".millrace"

// WriteOption is an option of WriteDir.
type WriteOption interface {
	applyToWrite(*writeOptions)
}

type writeOptions struct {
	checkOnly bool
}

// WriteMode says whether WriteDir writes. The zero mode does.
type WriteMode int

// Check makes WriteDir write nothing and return a *DriftError when the
// directory is not what the bundle renders.
const Check WriteMode = 1

func (m WriteMode) applyToWrite(o *writeOptions) { o.checkOnly = m == Check }

// Changes lists paths relative to the directory, sorted.
type Changes struct {
	// Added are files that were not there before.
	Added []string
	// Changed are files whose content or mode was another.
	Changed []string
	// Removed are files that an earlier bundle rendered and this one doesn't.
	Removed []string
}

// Empty reports whether nothing differs.
func (c Changes) Empty() bool { return len(c.Added)+len(c.Changed)+len(c.Removed) == 0 }

// DriftError says how a directory differs from what a bundle renders.
type DriftError struct {
	Dir     string
	Changes Changes
}

// Error lists the files, one a line.
func (e *DriftError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "check %s: it is not what the bundle renders:", e.Dir)
	for _, l := range []struct {
		what  string
		paths []string
	}{{"missing", e.Changes.Added}, {"different", e.Changes.Changed}, {"no longer rendered", e.Changes.Removed}} {
		for _, p := range l.paths {
			fmt.Fprintf(&b, "\n  %s: %s", l.what, p)
		}
	}
	return b.String()
}

// WriteDir writes the bundle as a tree for a GitOps repository and returns
// what it changed:
//
//	<namespace>/<kind>-<name>.yaml   objects, in lower case; those of the
//	                                 whole cluster under _cluster/
//	kustomization.yaml               lists them
//	terraform/, scripts/, …          files, where their builders put them
//	.millrace                        the Inventory
//
// Writing the same bundle twice changes nothing. Files that an earlier call
// wrote and this bundle doesn't render are removed; no other file is ever
// touched: one that lies where the bundle wants to write, and that WriteDir
// did not write, is an error before anything is written. The directory is
// created when it is not there. It belongs to one program at a time.
//
// With Check nothing is written, and a difference is a *DriftError.
func WriteDir(dir string, b *Bundle, opts ...WriteOption) (Changes, error) {
	var o writeOptions
	for _, opt := range opts {
		opt.applyToWrite(&o)
	}
	want, err := tree(b)
	if err != nil {
		return Changes{}, err
	}
	if !o.checkOnly {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return Changes{}, fmt.Errorf("write %s: %w", dir, err)
		}
	}
	root, err := os.OpenRoot(dir)
	if o.checkOnly && errors.Is(err, fs.ErrNotExist) {
		c := Changes{}
		for _, f := range want {
			c.Added = append(c.Added, f.Path)
		}
		return c, &DriftError{Dir: dir, Changes: c}
	}
	if err != nil {
		return Changes{}, fmt.Errorf("write %s: %w", dir, err)
	}
	defer root.Close()

	w := dirWriter{root: root, dir: dir, want: want}
	if err := w.compare(); err != nil {
		return Changes{}, err
	}
	switch {
	case o.checkOnly && !w.changes.Empty():
		return w.changes, &DriftError{Dir: dir, Changes: w.changes}
	case o.checkOnly:
		return Changes{}, nil
	case len(w.foreign) > 0:
		return Changes{}, fmt.Errorf("write %s: these files are not millrace's and differ from what the bundle renders, nothing was written: %s; move them away, or choose another directory",
			dir, strings.Join(w.foreign, ", "))
	}
	return w.changes, w.write()
}

// dirWriter brings one directory to the state that a bundle wants.
type dirWriter struct {
	root    *os.Root
	dir     string
	want    []File // sorted by path
	ours    []string
	changes Changes
	foreign []string
}

// compare reads the directory and fills in the changes.
func (w *dirWriter) compare() error {
	var err error
	if w.ours, err = w.readInventory(); err != nil {
		return err
	}
	for _, f := range w.want {
		same, exists, err := w.holds(f)
		switch {
		case err != nil:
			return fmt.Errorf("write %s: %w", path.Join(w.dir, f.Path), err)
		case !exists:
			w.changes.Added = append(w.changes.Added, f.Path)
		case !same:
			w.changes.Changed = append(w.changes.Changed, f.Path)
			if _, found := slices.BinarySearch(w.ours, f.Path); !found {
				w.foreign = append(w.foreign, f.Path)
			}
		}
	}
	for _, p := range w.ours {
		if _, found := slices.BinarySearchFunc(w.want, p, func(f File, p string) int { return strings.Compare(f.Path, p) }); found {
			continue
		}
		if _, err := w.root.Lstat(p); err == nil {
			w.changes.Removed = append(w.changes.Removed, p)
		} else if !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("write %s: %w", path.Join(w.dir, p), err)
		}
	}
	return nil
}

// write carries the changes out. The inventory names a file before the file
// is there, so that an interrupted call leaves nothing that the next one
// takes for somebody else's.
func (w *dirWriter) write() error {
	paths := make([]string, len(w.want))
	for i, f := range w.want {
		paths[i] = f.Path
	}
	during := append(slices.Clone(paths), w.ours...)
	slices.Sort(during)
	if err := w.writeInventory(slices.Compact(during)); err != nil {
		return err
	}
	for _, f := range w.want {
		_, added := slices.BinarySearch(w.changes.Added, f.Path)
		_, changed := slices.BinarySearch(w.changes.Changed, f.Path)
		if !added && !changed {
			continue
		}
		if err := w.put(f); err != nil {
			return err
		}
	}
	for _, p := range w.changes.Removed {
		if err := w.root.Remove(p); err != nil {
			return fmt.Errorf("remove %s: %w", path.Join(w.dir, p), err)
		}
		// Directories that are empty now go as well; Remove leaves others.
		for d := path.Dir(p); d != "." && w.root.Remove(d) == nil; d = path.Dir(d) {
		}
	}
	return w.writeInventory(paths)
}

// holds reports whether a file is there, and whether it is just so.
func (w *dirWriter) holds(f File) (same, exists bool, err error) {
	info, err := w.root.Lstat(f.Path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, false, nil
	}
	if err != nil {
		return false, false, err
	}
	if !info.Mode().IsRegular() {
		return false, true, fmt.Errorf("it is no regular file (%s)", info.Mode().Type())
	}
	data, err := w.root.ReadFile(f.Path)
	if err != nil {
		return false, true, err
	}
	// Windows has no executable bit.
	modeOK := runtime.GOOS == "windows" || (info.Mode()&0o100 != 0) == f.Executable
	return modeOK && bytes.Equal(data, f.Data), true, nil
}

// put writes one file through a temporary one, so that readers never see half
// of it.
func (w *dirWriter) put(f File) error {
	mode := fs.FileMode(0o644)
	if f.Executable {
		mode = 0o755
	}
	temp := f.Path + ".millrace-new"
	err := w.root.MkdirAll(path.Dir(f.Path), 0o755)
	if err == nil {
		err = w.root.WriteFile(temp, f.Data, mode)
	}
	if err == nil {
		// A left-over of an interrupted call keeps its mode when rewritten.
		err = w.root.Chmod(temp, mode)
	}
	if err == nil {
		err = w.root.Rename(temp, f.Path)
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", path.Join(w.dir, f.Path), errors.Join(err, ignoreNotExist(w.root.Remove(temp))))
	}
	return nil
}

func ignoreNotExist(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

const inventoryHead = "# What millrace wrote here. It removes what it no longer renders, and touches nothing else.\n"

// readInventory returns the paths of an earlier call, sorted. The file may
// have been edited by hand or by a merge: a path that could lead elsewhere is
// an error.
func (w *dirWriter) readInventory() ([]string, error) {
	data, err := w.root.ReadFile(Inventory)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path.Join(w.dir, Inventory), err)
	}
	var paths []string
	n := 0
	for line := range strings.Lines(string(data)) {
		n++
		p := strings.TrimRight(line, "\r\n")
		if p == "" || strings.HasPrefix(p, "#") {
			continue
		}
		if !fs.ValidPath(p) || p == "." {
			return nil, fmt.Errorf("read %s: line %d: %q is no path inside the directory; correct the line, or delete the file and then the manifests that are no longer rendered", path.Join(w.dir, Inventory), n, p)
		}
		paths = append(paths, p)
	}
	slices.Sort(paths)
	return slices.Compact(paths), nil
}

func (w *dirWriter) writeInventory(paths []string) error {
	f := File{Path: Inventory, Data: []byte(inventoryHead + strings.Join(paths, "\n") + "\n")}
	if same, _, err := w.holds(f); same && err == nil {
		return nil
	}
	return w.put(f)
}
