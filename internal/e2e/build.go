package e2e

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// Component is something that a cluster consists of, built from Go modules.
type Component struct {
	// Name is the name of the binary, or of the first of them.
	Name string
	// module is the directory below build/ whose go.mod and go.sum pin all
	// that goes in.
	module string
	// packages are the commands to build.
	packages []string
	// ldflags set versions.
	ldflags string
	// patch changes a copy of the module before it is built.
	patch func(ctx context.Context, dir string) error
	// recipe is part of the key of the cache: count it up with every change
	// of patch.
	recipe string
}

// kubernetesVersion must be the one in build/kubernetes/go.mod. A server that
// does not know its version reports one that kubectl can't parse.
const kubernetesVersion = "v1.36.3"

func ofKubernetes(name string) Component {
	return Component{
		Name: name, module: "kubernetes", packages: []string{"k8s.io/kubernetes/cmd/" + name},
		ldflags: "-X k8s.io/component-base/version.gitVersion=" + kubernetesVersion +
			" -X k8s.io/component-base/version.gitMajor=1 -X k8s.io/component-base/version.gitMinor=36",
	}
}

// What a cluster is built from. etcd is part of the test process.
var (
	APIServer         = ofKubernetes("kube-apiserver")
	ControllerManager = ofKubernetes("kube-controller-manager")
	Scheduler         = ofKubernetes("kube-scheduler")
	Kubelet           = ofKubernetes("kubelet")
	Argo              = Component{
		Name: "workflow-controller", module: "argo", recipe: "1", patch: restoreSignals,
		packages: []string{argoModule + "/cmd/workflow-controller", argoModule + "/cmd/argoexec"},
	}
	SparkOperator = Component{
		Name: "spark-operator", module: "sparkoperator",
		packages: []string{"github.com/kubeflow/spark-operator/v2/cmd/operator"},
	}
)

const argoModule = "github.com/argoproj/argo-workflows/v3"

// BuildAll builds what this machine can run, so that tests find it.
func BuildAll(ctx context.Context) error {
	for _, c := range []Component{APIServer, ControllerManager, Scheduler} {
		if _, err := c.Build(ctx); err != nil {
			return err
		}
	}
	if err := missing(); err != nil {
		progress("%v", err)
		return nil
	}
	return buildNode(ctx)
}

// buildSpace is what compiling everything takes in the cache of the go command
// and in ours, with a margin.
const buildSpace = 10 << 30

// Build returns the directory that holds the binaries of c. They are built
// when the cache has none with the same pinned modules, flags and Go version.
func (c Component) Build(ctx context.Context) (string, error) {
	source, err := moduleDir(ctx)
	if err != nil {
		return "", err
	}
	source = filepath.Join(source, "build", c.module)
	key, err := c.key(source)
	if err != nil {
		return "", err
	}
	cache, err := cacheDir()
	if err != nil {
		return "", err
	}
	dir := filepath.Join(cache, c.Name+"-"+key)
	if _, err := os.Stat(dir); err == nil {
		return dir, nil
	}
	if free := freeBytes(cache); free < buildSpace {
		return "", fmt.Errorf("build %s: %d MiB are free at %s: free %d MiB, or point XDG_CACHE_HOME elsewhere", c.Name, free>>20, cache, int64(buildSpace)>>20)
	}
	began := time.Now()
	progress("build %s: not in the cache, compiling; minutes, once", c.Name)
	if err := c.compile(ctx, source, cache, dir); err != nil {
		return "", fmt.Errorf("build %s: %w", c.Name, err)
	}
	took("build", c.Name, began)
	return dir, nil
}

// key is the content that the binaries are made of.
func (c Component) key(source string) (string, error) {
	sum := sha256.New()
	_, _ = fmt.Fprintln(sum, runtime.Version(), runtime.GOOS, runtime.GOARCH, c.packages, c.ldflags, c.recipe)
	for _, name := range []string{"go.mod", "go.sum"} {
		text, err := os.ReadFile(filepath.Join(source, name))
		if err != nil {
			return "", err
		}
		sum.Write(text)
	}
	return hex.EncodeToString(sum.Sum(nil)[:8]), nil
}

// compile builds into a directory of its own, which then takes its name: what
// is in the cache is complete, however many runs build at once.
func (c Component) compile(ctx context.Context, source, cache, dir string) error {
	work, err := os.MkdirTemp(cache, "build-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(work) }()
	if c.patch != nil {
		module := filepath.Join(work, "module")
		if err := os.CopyFS(module, os.DirFS(source)); err != nil {
			return err
		}
		if err := c.patch(ctx, module); err != nil {
			return err
		}
		source = module
	}
	out := filepath.Join(work, "out") + string(filepath.Separator)
	if err := os.Mkdir(out, 0o755); err != nil {
		return err
	}
	args := append([]string{"build", "-trimpath", "-ldflags", "-s -w " + c.ldflags, "-o", out}, c.packages...)
	if _, err := goCommand(ctx, source, args...); err != nil {
		return err
	}
	if err := os.Rename(out, dir); err != nil && !errors.Is(err, os.ErrExist) {
		if _, there := os.Stat(dir); there != nil {
			return err
		}
	}
	return nil
}

// restoreSignals gives argoexec the file that it lacks: in its repository
// signal_linux.go is a symbolic link to signal_darwin.go, and the archives of
// modules have no links.
func restoreSignals(ctx context.Context, dir string) error {
	from, err := goCommand(ctx, dir, "list", "-m", "-f", "{{.Dir}}", argoModule)
	if err != nil {
		return err
	}
	copied := filepath.Join(dir, "argo")
	if err := copyTree(copied, strings.TrimSpace(from)); err != nil {
		return err
	}
	signals := filepath.Join(copied, "workflow", "executor", "osspecific")
	text, err := os.ReadFile(filepath.Join(signals, "signal_darwin.go"))
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(signals, "signal_linux.go"), text, 0o600); err != nil {
		return err
	}
	_, err = goCommand(ctx, dir, "mod", "edit", "-replace", argoModule+"=./argo")
	return err
}

// copyTree copies a directory of the module cache, which is read-only.
func copyTree(to, from string) error {
	return filepath.WalkDir(from, func(path string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		target := filepath.Join(to, rel)
		if d.IsDir() {
			return os.MkdirAll(target, 0o755)
		}
		in, err := os.Open(path)
		if err != nil {
			return err
		}
		defer in.Close()
		out, err := os.Create(target)
		if err != nil {
			return err
		}
		_, err = io.Copy(out, in)
		return errors.Join(err, out.Close())
	})
}

// goCommand runs the go command in dir, for binaries without C.
func goCommand(ctx context.Context, dir string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOWORK=off", "GOFLAGS=-mod=readonly")
	var errs strings.Builder
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("go %s: %w: %s", args[0], err, lastLines(errs.String(), 5))
	}
	return string(out), nil
}

// moduleDir is where the source of this module lies.
func moduleDir(ctx context.Context) (string, error) {
	out, err := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}", "github.com/millrace/millrace/internal/e2e").Output()
	if err != nil {
		return "", fmt.Errorf("where the module's own source lies is not known: run in internal/e2e: %w", err)
	}
	return strings.TrimSpace(string(out)), nil
}

// cacheDir holds what is built, for all runs of a user.
func cacheDir() (string, error) {
	user, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	dir := filepath.Join(user, "millrace-e2e")
	return dir, os.MkdirAll(dir, 0o755)
}

func lastLines(text string, n int) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return strings.Join(lines[max(0, len(lines)-n):], "\n")
}
