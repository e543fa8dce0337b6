package e2e

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
)

// node is one machine of the cluster: containerd and a kubelet that live in
// namespaces of their own, so that they leave nothing behind.
type node struct {
	dir     string
	host    string // this side of the wire to the node
	address string // the other side
	cgroup  string
	init    *process
	guests  []*process
	gate    *Gate
	names   *nameServer
}

//go:embed node.sh
var nodeScript string

// commands that a node needs, and Debian's packages that have them.
var commands = map[string]string{
	"containerd": "containerd", "ctr": "containerd", "runc": "runc", "iptables": "iptables", "ip": "iproute2",
	"mount": "mount", "nsenter": "util-linux", "conntrack": "conntrack", cniPlugins + "/bridge": "containernetworking-plugins",
	"/bin/busybox": "busybox-static",
}

// missing says why this machine can't be a node; nil if it can.
func missing() error {
	if os.Geteuid() != 0 {
		return errors.New("no pods here: run as root")
	}
	var packages []string
	for command, from := range commands {
		if _, err := exec.LookPath(command); err != nil && !slices.Contains(packages, from) {
			packages = append(packages, from)
		}
	}
	packages = append(packages, missingForSpark()...)
	if len(packages) > 0 {
		slices.Sort(packages)
		return fmt.Errorf("no pods here: install Debian's %s", strings.Join(packages, " "))
	}
	return nil
}

// buildNode builds what runs on the node.
func buildNode(ctx context.Context) error {
	for _, c := range []Component{Kubelet, Argo, SparkOperator} {
		if _, err := c.Build(ctx); err != nil {
			return err
		}
	}
	_, err := distribution(ctx)
	return err
}

// startNode starts the node and waits until it is ready.
func startNode(ctx context.Context, cp *controlPlane, client kubernetes.Interface) (*node, error) {
	if err := missing(); err != nil {
		return nil, err
	}
	built, err := Kubelet.Build(ctx)
	if err != nil {
		return nil, err
	}
	n := &node{dir: filepath.Join(cp.dir, "node"), cgroup: fmt.Sprintf("/millrace-e2e-%d-%d", os.Getpid(), rand.N(100000))}
	if err := n.start(ctx, cp, client, filepath.Join(built, Kubelet.Name)); err != nil {
		n.stop()
		return nil, err
	}
	return n, nil
}

func (n *node) start(ctx context.Context, cp *controlPlane, client kubernetes.Interface, kubelet string) error {
	began := time.Now()
	if err := os.Mkdir(n.dir, 0o755); err != nil {
		return err
	}
	if err := n.pickAddresses(); err != nil {
		return err
	}
	if err := n.makeCgroups(); err != nil {
		return err
	}
	if err := n.writeConfig(); err != nil {
		return err
	}
	// The port must be known before the address is there to listen on.
	port, err := freePort()
	if err != nil {
		return err
	}
	server := net.JoinHostPort(n.host, fmt.Sprint(port))
	if _, err := cp.writeKubeconfig("node/kubeconfig", server); err != nil {
		return err
	}
	if err := os.MkdirAll("/var/lib/cni", 0o755); err != nil {
		return err
	}
	n.init, err = start(n.dir, "node", "/bin/sh", []string{"-c", nodeScript}, func(cmd *exec.Cmd) {
		cmd.Env = append(os.Environ(), "state="+n.dir, "node="+n.address, "host="+n.host, "server="+server,
			"service="+serviceAddress, "kubelet="+kubelet)
		cmd.SysProcAttr.Cloneflags = syscall.CLONE_NEWPID | syscall.CLONE_NEWNET
		cmd.SysProcAttr.Unshareflags = syscall.CLONE_NEWNS
	})
	if err != nil {
		return err
	}
	if err := n.wire(ctx); err != nil {
		return err
	}
	if n.gate, err = openGate(server, cp.address()); err != nil {
		return err
	}
	if n.names, err = serveNames(n.host, client); err != nil {
		return err
	}
	if err := n.importImages(ctx); err != nil {
		return err
	}
	err = until(ctx, "node", func(ctx context.Context) error {
		got, err := client.CoreV1().Nodes().Get(ctx, "e2e", metav1.GetOptions{})
		if err != nil {
			return err
		}
		for _, c := range got.Status.Conditions {
			if c.Type == corev1.NodeReady && c.Status != corev1.ConditionTrue {
				return errors.New(c.Message)
			}
		}
		if len(got.Spec.Taints) > 0 {
			return fmt.Errorf("it has the taint %s", got.Spec.Taints[0].Key)
		}
		return nil
	}, n.init)
	took("start", "node", began)
	return err
}

// pickAddresses takes two addresses that no interface has, of the range that
// is set aside for tests of networks (RFC 2544).
func (n *node) pickAddresses() error {
	taken, err := net.InterfaceAddrs()
	if err != nil {
		return err
	}
	for range 100 {
		base := rand.N(1<<15) * 4
		at := func(i int) string {
			return fmt.Sprintf("198.%d.%d.%d", 18+base>>16, base>>8&255, base&255+i)
		}
		if !slices.ContainsFunc(taken, func(a net.Addr) bool { return strings.HasPrefix(a.String(), at(1)+"/") }) {
			n.host, n.address = at(1), at(2)
			return nil
		}
	}
	return errors.New("no address is free in 198.18.0.0/15")
}

// wire connects the node's network with this one.
func (n *node) wire(ctx context.Context) error {
	pid := fmt.Sprint(n.init.cmd.Process.Pid)
	name := fmt.Sprintf("mr%x", rand.Uint32())
	for _, args := range [][]string{
		{"link", "add", name, "type", "veth", "peer", "name", "node0", "netns", pid},
		{"address", "add", n.host + "/30", "dev", name},
		{"link", "set", name, "up"},
	} {
		if out, err := exec.CommandContext(ctx, "ip", args...).CombinedOutput(); err != nil {
			return fmt.Errorf("ip %s: %w: %s", strings.Join(args, " "), err, out)
		}
	}
	return nil
}

// cgroupRoots are the mounted hierarchies of cgroups: one of version 2, or one
// a controller.
func cgroupRoots() ([]string, error) {
	text, err := os.ReadFile("/proc/self/mountinfo")
	if err != nil {
		return nil, err
	}
	var roots []string
	for line := range strings.Lines(string(text)) {
		before, after, ok := strings.Cut(line, " - cgroup")
		if fields := strings.Fields(before); ok && len(fields) > 4 && (after[0] == ' ' || after[0] == '2') {
			roots = append(roots, fields[4])
		}
	}
	return roots, nil
}

// makeCgroups makes the group that all pods are below.
func (n *node) makeCgroups() error {
	roots, err := cgroupRoots()
	if err != nil {
		return err
	}
	for _, root := range roots {
		if err := os.Mkdir(filepath.Join(root, n.cgroup), 0o755); err != nil {
			return err
		}
	}
	return nil
}

// removeCgroups removes what the kubelet made. A cgroup is a directory that
// goes away when it is empty of groups and processes.
func (n *node) removeCgroups() {
	roots, err := cgroupRoots()
	if err != nil {
		return
	}
	for _, root := range roots {
		var groups []string
		_ = filepath.WalkDir(filepath.Join(root, n.cgroup), func(path string, d os.DirEntry, err error) error {
			if err == nil && d.IsDir() {
				groups = append(groups, path)
			}
			return nil
		})
		for _, path := range slices.Backward(groups) {
			_ = syscall.Rmdir(path)
		}
	}
}

// run starts a program in the node's network, where its ports are free.
func (n *node) run(name, path string, args []string, change ...func(*exec.Cmd)) (*process, error) {
	pid := fmt.Sprint(n.init.cmd.Process.Pid)
	p, err := start(n.dir, name, "nsenter", append([]string{"--target", pid, "--net", path}, args...), change...)
	if err == nil {
		n.guests = append(n.guests, p)
	}
	return p, err
}

func (n *node) stop() {
	for _, p := range n.guests {
		p.kill()
	}
	if n.gate != nil {
		n.gate.Shut()
	}
	if n.names != nil {
		n.names.close()
	}
	n.init.kill()
	n.removeCgroups()
}
