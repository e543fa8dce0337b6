package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// podRange holds the addresses of pods. They exist inside the node only.
const podRange = "10.244.0.0/16"

// Images that the node knows without any registry.
const (
	// ShellImage has a shell and the usual commands.
	ShellImage = "e2e.local/busybox:1"
	// BareImage has no shell, nor any other program.
	BareImage = "e2e.local/bare:1"
	// SparkImage is for drivers and executors, in Java and in Python.
	SparkImage = "e2e.local/spark:" + SparkVersion
	// SparkVersion is the article's.
	SparkVersion = "3.5.1"
)

// The namespaces whose applications the Spark operator runs. In all others it
// leaves them to the test.
const (
	SparkNamespace = "spark-jobs"
	// TenantNamespace is for a tenant, which makes it.
	TenantNamespace = "lab"
)

// configFiles are what containerd and the kubelet read.
func (n *node) configFiles() map[string]string {
	expand := strings.NewReplacer("$state", n.dir, "$node", n.address, "$host", n.host, "$pods", podRange,
		"$pause", ShellImage, "$cgroup", n.cgroup, "$plugins", cniPlugins).Replace
	return map[string]string{
		"containerd.toml":     expand(containerdConfig),
		"cni/10-e2e.conflist": expand(cniConfig),
		"kubelet.yaml":        expand(kubeletConfig),
		"resolv.conf":         "",
	}
}

func (n *node) writeConfig() error {
	for name, text := range n.configFiles() {
		path := filepath.Join(n.dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			return fmt.Errorf("write %s: %w", name, err)
		}
	}
	return nil
}

// cniPlugins is where Debian installs them.
const cniPlugins = "/usr/lib/cni"

// restrict_oom_score_adj: without CAP_SYS_RESOURCE, as in many containers, no
// sandbox would start.
const containerdConfig = `version = 2
root = "$state/containerd"
state = "/run/containerd"
disabled_plugins = ["io.containerd.internal.v1.opt", "io.containerd.tracing.processor.v1.otlp"]
[grpc]
  address = "$state/containerd.sock"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "$pause"
  restrict_oom_score_adj = true
  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = "overlayfs"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"
      [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
        SystemdCgroup = false
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "$plugins"
    conf_dir = "$state/cni"
`

const cniConfig = `{
  "cniVersion": "1.0.0",
  "name": "e2e",
  "plugins": [
    {
      "type": "bridge", "bridge": "pods0", "isGateway": true, "ipMasq": true, "hairpinMode": true,
      "ipam": {"type": "host-local", "ranges": [[{"subnet": "$pods"}]], "routes": [{"dst": "0.0.0.0/0"}]}
    },
    {"type": "portmap", "capabilities": {"portMappings": true}}
  ]
}
`

const kubeletConfig = `apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
address: $node
healthzPort: 0
authentication: {anonymous: {enabled: true}, webhook: {enabled: false}}
authorization: {mode: AlwaysAllow}
containerRuntimeEndpoint: unix://$state/containerd.sock
cgroupDriver: cgroupfs
cgroupRoot: $cgroup
failCgroupV1: false
failSwapOn: false
enforceNodeAllocatable: []
protectKernelDefaults: true
clusterDNS: [$host]
clusterDomain: cluster.local
resolvConf: $state/resolv.conf
podLogsDir: $state/log/pods
volumePluginDir: $state/volume-plugins
evictionHard: {memory.available: 100Mi, nodefs.available: 1%, imagefs.available: 1%, nodefs.inodesFree: 1%}
imageGCHighThresholdPercent: 100
imageGCLowThresholdPercent: 99
serializeImagePulls: false
`

// mustHaveNode names the variable by which CI says that pods must run.
const mustHaveNode = "MILLRACE_E2E_NODE"

// Pods reports whether this machine can run pods. Where it can't, the test
// says so and proves nothing, and fails if CI has set MILLRACE_E2E_NODE.
func Pods(t *testing.T) bool {
	t.Helper()
	return able(t, missing())
}

// RealSpark returns where a real Spark and its Java runtime lie, and whether this
// machine can run them. Where it can't, it does as Pods does.
func RealSpark(t *testing.T) (home, java string, ok bool) {
	t.Helper()
	if !able(t, missingSpark()) {
		return "", "", false
	}
	home, java, err := spark(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return home, java, true
}

// able reports whether nothing is missing.
func able(t *testing.T, missing error) bool {
	t.Helper()
	if missing == nil {
		return true
	}
	if os.Getenv(mustHaveNode) != "" {
		t.Fatal(missing)
	}
	t.Log(missing)
	progress("%s: %v", t.Name(), missing)
	return false
}
