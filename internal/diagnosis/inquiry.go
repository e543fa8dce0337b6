package diagnosis

import (
	"slices"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/status"
)

// role is what a pod is for, spelled as in Spark's settings.
type role string

const (
	nobody   role = ""
	driver   role = "driver"
	executor role = "executor"
)

// field is the role as a field of spark.Job.
func (r role) field() string {
	if r == driver {
		return "Driver"
	}
	return "Executor"
}

const (
	kubeflowGroup = "sparkoperator.k8s.io"
	apacheGroup   = "spark.apache.org"
)

// The labels of the pods.
// Source: spark-operator v2.5.1, pkg/common/spark.go; spark-kubernetes-operator
// 1.0.0, Constants.java; apache/spark, deploy/k8s/Constants.scala.
const (
	roleLabel       = "spark-role"
	executorIDLabel = "spark-exec-id"
	submissionLabel = "sparkoperator.k8s.io/submission-id"
	launchedLabel   = "sparkoperator.k8s.io/launched-by-spark-operator"
)

// inquiry is one diagnosis under way.
type inquiry struct {
	app       *unstructured.Unstructured
	appRef    millrace.Ref
	group     string
	state     status.State
	now       time.Time
	driver    *corev1.Pod
	executors []*corev1.Pod
	pods      map[string]*corev1.Pod
	// disrupted are the executors that something outside took away, by id,
	// and how: how their processes ended says nothing.
	disrupted map[string]string
	// driverTaken says the same of the driver.
	driverTaken bool
	// misfits are the kinds of reasons for which no node takes the pods of a
	// role, as far as something was said about them.
	misfits map[role]map[string]bool
	// coming has the roles for whose pods an autoscaler makes nodes.
	coming map[role]bool
	// claimEvents are the events of claims, by name.
	claimEvents map[string][]*corev1.Event
	groups      map[groupKey]*group
	inOrder     []*group
	// surest is the greatest likelihood of what was noted under an id.
	surest map[string]millrace.Likelihood
}

func newInquiry(e Evidence) *inquiry {
	q := &inquiry{app: e.Application, now: e.Now, pods: make(map[string]*corev1.Pod, len(e.Pods)),
		disrupted: make(map[string]string), groups: make(map[groupKey]*group), surest: make(map[string]millrace.Likelihood), misfits: make(map[role]map[string]bool), coming: make(map[role]bool), claimEvents: make(map[string][]*corev1.Event)}
	if q.app != nil && q.app.Object == nil {
		q.app = nil
	}
	if q.app != nil {
		q.appRef = millrace.RefOf(q.app)
		q.group = q.app.GroupVersionKind().Group
		q.state = status.Of(q.app)
	}
	submission := q.text("status", "submissionID")
	for i := range e.Pods {
		p := &e.Pods[i]
		if of := p.Labels[submissionLabel]; submission != "" && of != "" && of != submission {
			continue // of an earlier run
		}
		q.pods[p.Name] = p
		switch roleOf(p) {
		case driver:
			if q.driver == nil || q.driver.CreationTimestamp.Before(&p.CreationTimestamp) {
				q.driver = p
			}
		case executor:
			q.executors = append(q.executors, p)
		}
	}
	if q.app == nil && q.driver != nil {
		q.appRef = q.ref(q.driver)
	}
	return q
}

// roleOf reads the role off a pod's labels, or the name of its container.
func roleOf(p *corev1.Pod) role {
	switch p.Labels[roleLabel] {
	case "driver", "connect-server":
		return driver
	case "executor":
		return executor
	}
	for _, c := range p.Spec.Containers {
		switch c.Name {
		case "spark-kubernetes-driver":
			return driver
		case "spark-kubernetes-executor":
			return executor
		}
	}
	return nobody
}

// executorID returns what Spark calls an executor; its pod's name where that
// does not say.
func executorID(p *corev1.Pod) string {
	if id := p.Labels[executorIDLabel]; id != "" {
		return id
	}
	return executorOfPod(p.Name)
}

// executorOfPod reads the id off a name like "etl-0f3a-exec-7".
func executorOfPod(name string) string {
	if i := strings.LastIndex(name, "-exec-"); i >= 0 {
		return name[i+len("-exec-"):]
	}
	return name
}

func (q *inquiry) ref(p *corev1.Pod) millrace.Ref {
	return millrace.Ref{Kind: "Pod", Namespace: p.Namespace, Name: p.Name}
}

// succeeded reports whether the application did what it was to do. What
// happened to its executors on the way does not matter then, and the operator
// calls executors failed that were only told to go.
func (q *inquiry) succeeded() bool {
	if q.state.Stage == status.Ended {
		return q.state.Phase == status.Done
	}
	return q.driver != nil && q.driver.Status.Phase == corev1.PodSucceeded
}

// failed reports whether this run is known to be over, and not by success.
func (q *inquiry) failed() bool {
	switch {
	case q.state.Phase == status.Failed, q.state.Stage == status.Stopping, q.state.Stage == status.Retrying:
		return true
	case q.driver == nil:
		return false
	}
	t := ended(mainStatus(q.driver, driver))
	return q.driver.Status.Phase == corev1.PodFailed || t != nil && t.ExitCode != 0
}

// age returns how long ago something was, and whether that is known.
func (q *inquiry) age(since metav1.Time) (time.Duration, bool) {
	if q.now.IsZero() || since.IsZero() {
		return 0, false
	}
	return q.now.Sub(since.Time), true
}

// value returns what stands in the application at the path, nil if nothing.
func (q *inquiry) value(path ...string) any {
	if q.app == nil {
		return nil
	}
	var v any = q.app.Object
	for _, key := range path {
		m, _ := v.(map[string]any)
		v = m[key]
	}
	return v
}

func (q *inquiry) text(path ...string) string {
	s, _ := q.value(path...).(string)
	return s
}

func (q *inquiry) object(path ...string) map[string]any {
	m, _ := q.value(path...).(map[string]any)
	return m
}

// conf returns a Spark setting of the application.
func (q *inquiry) conf(key string) string { return q.text("spec", "sparkConf", key) }

// python reports whether the job runs Python beside the JVM.
func (q *inquiry) python() bool {
	return q.text("spec", "type") == "Python" || q.text("spec", "pyFiles") != "" ||
		slices.ContainsFunc([]string{"mainApplicationFile", "jars"}, func(f string) bool { return strings.HasSuffix(q.text("spec", f), ".py") })
}
