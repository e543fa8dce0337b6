//go:build upstream

// Package sparkapplication has the operator's own submission.go and
// monitoring_config.go beside this file.
package sparkapplication

import (
	"context"
	"os"
	"path/filepath"

	"github.com/kubeflow/spark-operator/v2/api/v1beta2"
	_ "github.com/kubeflow/spark-operator/v2/pkg/features" // for submission.go
	"github.com/kubeflow/spark-operator/v2/pkg/util"
	corev1 "k8s.io/api/core/v1"
	_ "k8s.io/client-go/util/retry" // for monitoring_config.go
	"sigs.k8s.io/controller-runtime/pkg/client"
	_ "sigs.k8s.io/controller-runtime/pkg/log" // for both
	"sigs.k8s.io/yaml"
)

// Arguments returns what the operator starts spark-submit with, and the pod
// templates that it writes for it.
func Arguments(app *v1beta2.SparkApplication) (arguments []string, driver, executor corev1.PodTemplateSpec, err error) {
	if util.PrometheusMonitoringEnabled(app) {
		if err := configPrometheusMonitoring(context.Background(), app, noServer{}); err != nil {
			return nil, driver, executor, err
		}
	}
	arguments, err = buildSparkSubmitArgs(app)
	dir := filepath.Join("/tmp/spark", app.Status.SubmissionID)
	defer func() { _ = os.RemoveAll(dir) }()
	if err != nil {
		return nil, driver, executor, err
	}
	for name, template := range map[string]*corev1.PodTemplateSpec{"driver": &driver, "executor": &executor} {
		data, err := os.ReadFile(filepath.Join(dir, name+"-pod-template.yaml"))
		if err != nil {
			return nil, driver, executor, err
		}
		if err := yaml.Unmarshal(data, template); err != nil {
			return nil, driver, executor, err
		}
	}
	return arguments, driver, executor, nil
}

// noServer has everything that is asked for, and takes everything.
type noServer struct{ client.Client }

func (noServer) Get(context.Context, client.ObjectKey, client.Object, ...client.GetOption) error {
	return nil
}

func (noServer) Update(context.Context, client.Object, ...client.UpdateOption) error { return nil }
