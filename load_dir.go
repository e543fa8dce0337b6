package millrace

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// path loads one path that the user named.
func (l *loader) path(path string) {
	path = filepath.Clean(path)
	info, err := os.Stat(path)
	switch {
	case err != nil:
		l.unreadable(path, err)
	case info.IsDir():
		l.dir(path)
	case slices.Contains(kustomizationFiles, filepath.Base(path)):
		l.kustomization(filepath.Dir(path), "", nil)
	default:
		l.file(source{file: path, named: true})
	}
}

// found is one thing that a directory holds: a file of manifests, or a
// directory with a kustomization.
type found struct {
	path          string
	kustomization bool
}

// dir loads a directory and all below it. Kustomizations that others refer to
// are loaded through these.
func (l *loader) dir(root string) {
	w := walk{loader: l, root: root}
	w.dir(root, false)
	referred := make(map[string]bool)
	for _, f := range w.found {
		if f.kustomization {
			for _, r := range l.quietly(f.path).resources {
				if target := filepath.Join(f.path, r.path); target != f.path {
					referred[target] = true
				}
			}
		}
	}
	for _, f := range w.found {
		switch {
		case !f.kustomization:
			l.file(source{file: f.path})
		case !referred[f.path]:
			l.kustomization(f.path, "", nil)
		}
	}
	// Kustomizations that only refer to each other have no first one.
	for _, f := range w.found {
		if f.kustomization && !l.entered(f.path) {
			l.kustomization(f.path, "", nil)
		}
	}
}

// walk lists what a directory holds.
type walk struct {
	*loader
	root  string
	found []found
}

// dir lists one directory. Below a kustomization, plain files are its own
// business.
func (w *walk) dir(dir string, inside bool) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		w.unreadable(dir, err)
		return
	}
	has := func(name string) bool {
		return slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return e.Name() == name && !e.IsDir() })
	}
	if slices.ContainsFunc(kustomizationFiles, has) {
		w.found = append(w.found, found{dir, true})
		inside = true
	} else if has("Chart.yaml") {
		w.note(LoadProblem{File: dir, Detail: "passed over: it is a Helm chart; render it with helm template"})
		return
	}
	for _, e := range entries {
		path := filepath.Join(dir, e.Name())
		mode := e.Type()
		switch {
		case strings.HasPrefix(e.Name(), "."):
			continue
		case mode.IsDir():
			w.dir(path, inside)
			continue
		case inside || !isManifestName(e.Name()) && mode&fs.ModeSymlink == 0:
			continue
		case mode&fs.ModeSymlink != 0 && !w.linksInside(path):
			continue
		case mode&fs.ModeSymlink == 0 && !mode.IsRegular():
			continue
		}
		w.found = append(w.found, found{path, false})
	}
}

func isManifestName(name string) bool {
	switch filepath.Ext(name) {
	case ".yaml", ".yml", ".json":
		return true
	}
	return false
}

// linksInside reports whether a link leads to a file of manifests inside the
// directory, as those of mounted ConfigMaps do.
func (w *walk) linksInside(path string) bool {
	target, err := filepath.EvalSymlinks(path)
	if err != nil {
		if isManifestName(path) {
			w.unreadable(path, err)
		}
		return false
	}
	info, err := os.Stat(target)
	if err != nil || info.Mode().IsRegular() && !isManifestName(path) {
		return false
	}
	if info.Mode().IsRegular() && within(w.root, target) {
		return true
	}
	w.note(LoadProblem{File: path, Detail: "passed over: the link leads to a directory, or out of " + w.root + "; name its target"})
	return false
}

// within reports whether a path lies in a directory once links are followed.
func within(dir, path string) bool {
	dir, err := filepath.EvalSymlinks(dir)
	if err != nil {
		return false
	}
	if dir, err = filepath.Abs(dir); err != nil {
		return false
	}
	if path, err = filepath.EvalSymlinks(path); err != nil {
		return false
	}
	if path, err = filepath.Abs(path); err != nil {
		return false
	}
	rel, err := filepath.Rel(dir, path)
	return err == nil && filepath.IsLocal(rel)
}

// kustomizationOf returns the path of a directory's kustomization file. More
// than one is an error, as in kustomize.
func kustomizationOf(dir string) (string, error) {
	var names []string
	for _, name := range kustomizationFiles {
		info, err := os.Stat(filepath.Join(dir, name))
		if err == nil && !info.IsDir() {
			names = append(names, name)
		}
	}
	switch len(names) {
	case 0:
		return "", errors.New("the directory has no kustomization file")
	case 1:
		return filepath.Join(dir, names[0]), nil
	}
	return "", errors.New("the directory has more than one kustomization file: " + strings.Join(names, ", "))
}
