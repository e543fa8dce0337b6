package e2e

import (
	"archive/tar"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// image is a container image with one layer, made of files of this machine.
type image struct {
	name  string
	env   []string
	entry []string
	dir   string // where the entry runs
	// fill writes the layer.
	fill func(*layer) error
}

// layer collects the files of an image.
type layer struct {
	tar  *tar.Writer
	made map[string]bool
}

// dir makes a directory and those above it.
func (l *layer) dir(path string, mode int64) error {
	path = strings.Trim(path, "/")
	if path == "" || path == "." || l.made[path] {
		return nil
	}
	if err := l.dir(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	l.made[path] = true
	return l.tar.WriteHeader(&tar.Header{Typeflag: tar.TypeDir, Name: path + "/", Mode: mode})
}

func (l *layer) text(path, content string, mode int64) error {
	if err := l.dir(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	if err := l.tar.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: strings.Trim(path, "/"), Mode: mode, Size: int64(len(content))}); err != nil {
		return err
	}
	_, err := io.WriteString(l.tar, content)
	return err
}

func (l *layer) link(path, to string) error {
	if l.has(path) {
		return nil
	}
	if err := l.dir(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return l.tar.WriteHeader(&tar.Header{Typeflag: tar.TypeSymlink, Name: strings.Trim(path, "/"), Linkname: to, Mode: 0o777})
}

// has reports whether there is something under that path, and from now on
// there is.
func (l *layer) has(path string) bool {
	path = strings.Trim(path, "/")
	has := l.made[path]
	l.made[path] = true
	return has
}

// file copies a file. The first of a path stays.
func (l *layer) file(path, from string) error {
	if l.has(path) {
		return nil
	}
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	info, err := in.Stat()
	if err != nil {
		return err
	}
	if err := l.dir(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	if err := l.tar.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: strings.Trim(path, "/"), Mode: int64(info.Mode().Perm() | 0o444), Size: info.Size()}); err != nil {
		return err
	}
	_, err = io.Copy(l.tar, in)
	return err
}

// tree copies a directory, with its symbolic links.
func (l *layer) tree(path, from string) error {
	return filepath.WalkDir(from, func(at string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(from, at)
		if err != nil {
			return err
		}
		target := filepath.Join(path, rel)
		switch {
		case d.IsDir():
			return l.dir(target, 0o755)
		case d.Type()&fs.ModeSymlink != 0:
			to, err := os.Readlink(at)
			if err != nil {
				return err
			}
			return l.link(target, to)
		case d.Type().IsRegular():
			return l.file(target, at)
		}
		return nil
	})
}

// save writes the image as docker save does.
func (i image) save(path string) error {
	// The layer's length and digest come before it, so it is written first.
	content, err := os.CreateTemp(filepath.Dir(path), "layer-")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(content.Name()) }()
	defer content.Close()
	sum := sha256.New()
	l := &layer{tar: tar.NewWriter(io.MultiWriter(content, sum)), made: make(map[string]bool)}
	if err := errors.Join(l.dir("tmp", 0o1777), i.fill(l), l.tar.Close()); err != nil {
		return fmt.Errorf("image %s: %w", i.name, err)
	}
	out, err := os.Create(path)
	if err != nil {
		return err
	}
	defer out.Close()
	return i.pack(out, content, hex.EncodeToString(sum.Sum(nil)))
}

func (i image) pack(out io.Writer, content *os.File, digest string) error {
	config, err := json.Marshal(map[string]any{
		"architecture": runtime.GOARCH, "os": "linux",
		"config": map[string]any{"Env": append([]string{"PATH=/bin:/usr/bin:/sbin:/usr/sbin"}, i.env...), "Entrypoint": i.entry, "WorkingDir": i.dir},
		"rootfs": map[string]any{"type": "layers", "diff_ids": []string{"sha256:" + digest}},
	})
	if err != nil {
		return err
	}
	manifest, err := json.Marshal([]any{map[string]any{"Config": "config.json", "RepoTags": []string{i.name}, "Layers": []string{"layer.tar"}}})
	if err != nil {
		return err
	}
	size, err := content.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	if _, err := content.Seek(0, io.SeekStart); err != nil {
		return err
	}
	l := &layer{tar: tar.NewWriter(out), made: make(map[string]bool)}
	if err := errors.Join(l.text("config.json", string(config), 0o644), l.text("manifest.json", string(manifest), 0o644)); err != nil {
		return err
	}
	if err := l.tar.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: "layer.tar", Mode: 0o644, Size: size}); err != nil {
		return err
	}
	if _, err := io.Copy(l.tar, content); err != nil {
		return err
	}
	return l.tar.Close()
}

// load makes an image and gives it to containerd.
func (n *node) load(ctx context.Context, i image) error {
	began := time.Now()
	path := filepath.Join(n.dir, "image.tar")
	defer func() { _ = os.Remove(path) }()
	if err := i.save(path); err != nil {
		return err
	}
	socket := filepath.Join(n.dir, "containerd.sock")
	out, err := exec.CommandContext(ctx, "ctr", "-a", socket, "-n", "k8s.io", "images", "import", "--no-unpack=false", path).CombinedOutput()
	if err != nil {
		return fmt.Errorf("import %s: %w: %s", i.name, err, lastLines(string(out), 3))
	}
	took("load", i.name, began)
	return nil
}

// shell is busybox with all its commands.
func shell(l *layer) error {
	const busybox = "/bin/busybox"
	out, err := exec.Command(busybox, "--list").Output()
	if err != nil {
		return err
	}
	if err := l.file(busybox, busybox); err != nil {
		return err
	}
	for name := range strings.FieldsSeq(string(out)) {
		if name != "busybox" {
			if err := l.link("/bin/"+name, busybox); err != nil {
				return err
			}
		}
	}
	return l.text("/etc/passwd", "root:x:0:0::/:/bin/sh\nargo:x:8737:8737::/:/bin/sh\nspark:x:185:0::/opt/spark:/bin/sh\n", 0o644)
}

// importImages gives the node the images that every pod needs.
func (n *node) importImages(ctx context.Context) error {
	socket := filepath.Join(n.dir, "containerd.sock")
	err := until(ctx, "containerd", func(context.Context) error {
		_, err := os.Stat(socket)
		return err
	}, n.init)
	if err != nil {
		return err
	}
	err = n.load(ctx, image{name: BareImage, fill: func(*layer) error { return nil }, entry: []string{"/absent"}})
	if err != nil {
		return err
	}
	// As a pause image it has something to do until it is killed.
	return n.load(ctx, image{name: ShellImage, fill: shell, entry: []string{"/bin/tail", "-f", "/dev/null"}})
}
