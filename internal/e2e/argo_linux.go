package e2e

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

const (
	argoNamespace = "argo"
	executorImage = "e2e.local/argoexec:1"
)

// argoConfig keeps the pods small: the node is shared.
const argoConfig = `
metricsConfig: {enabled: false}
telemetryConfig: {enabled: false}
executor:
  imagePullPolicy: IfNotPresent
  resources: {requests: {cpu: 10m, memory: 32Mi}}
mainContainer: {imagePullPolicy: IfNotPresent}
`

// startArgo installs Argo Workflows and starts its controller.
func (c *Cluster) startArgo(ctx context.Context) error {
	built, err := Argo.Build(ctx)
	if err != nil {
		return err
	}
	// The definitions without schemas, which Argo's own manifests install: the
	// API server takes a minute for the full ones. TestControlPlane has those.
	crds, err := ArgoMinimalCRDs.Path(ctx)
	if err != nil {
		return err
	}
	began := time.Now()
	if err := InstallCRDs(ctx, c.Direct(), crds); err != nil {
		return err
	}
	err = c.node.load(ctx, image{name: executorImage, fill: func(l *layer) error {
		if err := l.file("/bin/argoexec", filepath.Join(built, "argoexec")); err != nil {
			return err
		}
		return shell(l)
	}})
	if err != nil {
		return err
	}
	ns := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: argoNamespace}}
	if _, err := c.admin.CoreV1().Namespaces().Create(ctx, ns, metav1.CreateOptions{}); err != nil {
		return err
	}
	const configMap = "workflow-controller-configmap"
	config := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: configMap}, Data: map[string]string{"config": argoConfig}}
	if _, err := c.admin.CoreV1().ConfigMaps(argoNamespace).Create(ctx, config, metav1.CreateOptions{}); err != nil {
		return err
	}
	controller, err := c.node.run(Argo.Name, filepath.Join(built, Argo.Name), []string{
		"--kubeconfig=" + filepath.Join(c.node.dir, "kubeconfig"), "--namespace=" + argoNamespace, "--configmap=" + configMap,
		"--executor-image=" + executorImage, "--executor-image-pull-policy=IfNotPresent", "--qps=100", "--burst=200",
	}, func(cmd *exec.Cmd) { cmd.Env = append(os.Environ(), "LEADER_ELECTION_DISABLE=true") })
	if err != nil {
		return err
	}
	// It has begun when it listens for health checks.
	err = until(ctx, Argo.Name, func(ctx context.Context) error {
		return answers(ctx, http.DefaultClient, fmt.Sprintf("http://%s:6060/healthz", c.node.address))
	}, controller)
	took("start", Argo.Name, began)
	return err
}
