package workflow_test

import (
	"fmt"
	"os"
	"time"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/millrace/millrace/internal/yaml"
	"github.com/millrace/millrace/workflow"
)

// showPart writes what settings add to a template or a spec.
func showPart(v any, err error) {
	if err == nil {
		var out []byte
		if out, err = yaml.Append(nil, v); err == nil {
			_, err = os.Stdout.Write(out)
		}
	}
	if err != nil {
		fmt.Println(err)
	}
}

// A step that only one run at a time may be in, and that waits for it no longer
// than an hour.
func ExampleSettings() {
	task := &workflow.Task{Name: "publish", Settings: workflow.Settings{
		Timeout: time.Hour,
		Locks:   []workflow.Lock{workflow.Mutex{Name: "catalogue"}, workflow.Semaphore{ConfigMap: "limits", Key: "warehouse"}},
	}}
	showPart(workflow.RenderSettings(task.Settings, wfv1.Template{}))
	// Output:
	// synchronization:
	//   semaphores:
	//   - configMapKeyRef:
	//       name: limits
	//       key: warehouse
	//   mutexes:
	//   - name: catalogue
	// timeout: 1h
}

// The outputs of a day are computed once, whichever run asks for them.
func ExampleMemoize() {
	day := workflow.Input{Name: "day"}
	once := workflow.Settings{Memoize: &workflow.Memoize{Key: "rates-" + day.Ref(), ConfigMap: "exchange-rates", MaxAge: 30 * 24 * time.Hour}}
	showPart(workflow.RenderSettings(once, wfv1.Template{}))
	// Output:
	// memoize:
	//   key: "rates-{{inputs.parameters.day}}"
	//   cache:
	//     configMap:
	//       name: exchange-rates
	//       key: ""
	//   maxAge: 720h
}

func ExampleMetric() {
	counted := workflow.Settings{Metrics: []workflow.Metric{
		{Name: "etl_rows", Help: "Rows that were loaded", Labels: map[string]string{"table": "orders"},
			Type: workflow.Counter{Value: "{{outputs.parameters.rows}}"}},
		{Name: "etl_seconds", Help: "How long loading takes",
			Type: workflow.Histogram{Value: "{{duration}}", Buckets: []float64{60, 600, 3600}}},
	}}
	showPart(workflow.RenderSettings(counted, wfv1.Template{}))
	// Output:
	// metrics:
	//   prometheus:
	//   - name: etl_rows
	//     labels:
	//     - key: table
	//       value: orders
	//     help: Rows that were loaded
	//     counter:
	//       value: "{{outputs.parameters.rows}}"
	//   - name: etl_seconds
	//     help: How long loading takes
	//     histogram:
	//       value: "{{duration}}"
	//       buckets:
	//       - 60
	//       - 600
	//       - 3600
}

// A sidecar is a Container, with its defaults.
func ExamplePodSettings() {
	step := workflow.Settings{Pod: workflow.PodSettings{
		Labels: map[string]string{"app": "loader"},
		Sidecars: []workflow.Sidecar{{Name: "proxy", Container: workflow.Container{
			Image: "company-registry/sql-proxy:2.4.0", Command: []string{"proxy", "--port=5432"},
		}}},
		Patch: workflow.PodPatch{Spec: &corev1.PodSpec{TerminationGracePeriodSeconds: new(int64(120))}},
	}}
	showPart(workflow.RenderSettings(step, wfv1.Template{}))
	// Output:
	// metadata:
	//   labels:
	//     app: loader
	// sidecars:
	// - name: proxy
	//   image: company-registry/sql-proxy:2.4.0
	//   command:
	//   - proxy
	//   - --port=5432
	//   resources:
	//     limits:
	//       memory: 1Gi
	//     requests:
	//       cpu: 500m
	//       memory: 1Gi
	//   securityContext:
	//     capabilities:
	//       drop:
	//       - ALL
	//     allowPrivilegeEscalation: false
	// podSpecPatch: '{"terminationGracePeriodSeconds":120}'
}

// Runs can be found by what they were given, and one waits for the other.
func ExampleRunSettings() {
	showPart(workflow.RenderRuns(workflow.RunSettings{
		Labels:     map[string]string{"team": "data-platform"},
		LabelsFrom: map[string]workflow.Expression{"day": workflow.Expr("workflow.parameters.day")},
		Locks:      []workflow.Lock{workflow.Mutex{Name: "daily-etl"}},
		ClaimGC:    workflow.ClaimGCOnWorkflowCompletion,
	}))
	// Output:
	// synchronization:
	//   mutexes:
	//   - name: daily-etl
	// volumeClaimGC:
	//   strategy: OnWorkflowCompletion
	// workflowMetadata:
	//   labels:
	//     team: data-platform
	//   labelsFrom:
	//     day:
	//       expression: workflow.parameters.day
}

// No pod loses its node to a drain, and all that have ended go at once.
func ExampleRunPods() {
	showPart(workflow.RenderPods(workflow.RunPods{
		ImagePullSecrets: []string{"company-registry"},
		GC:               workflow.PodGC{Strategy: workflow.PodGCOnPodCompletion, Delay: new(time.Duration(0))},
		DisruptionBudget: workflow.DisruptionBudget{MinAvailable: new(intstr.FromInt32(9999))},
	}))
	// Output:
	// imagePullSecrets:
	// - name: company-registry
	// podGC:
	//   strategy: OnPodCompletion
	//   deleteDelayDuration: 0s
	// podDisruptionBudget:
	//   minAvailable: 9999
}
