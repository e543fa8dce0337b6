package spark

import (
	"encoding/json"
	"maps"
	"strings"
	"time"

	"github.com/kubeflow/spark-operator/v2/api/v1beta2"
	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
)

// YuniKorn starts a job's driver and executors as a gang: it holds places for
// all of them before the driver starts. Everything it needs stands on the pods,
// so that all targets say it alike, and the operator's batchScheduler.enable
// isn't needed.
//
// The operator's own way, spec.batchScheduler, is not used: the places that it
// asks for have the tolerations and the node selector of the operator's fields
// only, and not those of the pod templates, and land on the wrong nodes.
// Source: Spark operator v2.5.1, internal/scheduler/yunikorn; Apache YuniKorn,
// gang scheduling.
type YuniKorn struct {
	// Queue is YuniKorn's queue: "root.data-platform.batch".
	//
	// Zero leaves it to YuniKorn's placement rules.
	//
	// Rendered as the label "queue" of both pods.
	Queue string
	// MinExecutors is how many executors YuniKorn holds places for.
	//
	// Nil is all that the job starts with: Executor.Instances or, under dynamic
	// allocation, the larger one of Initial and Min. Zero is the driver alone.
	//
	// Rendered as minMember in the annotation yunikorn.apache.org/task-groups of
	// the driver.
	MinExecutors *int32
	// PlaceTimeout is how long places are held that aren't taken.
	//
	// Zero is YuniKorn's 15 minutes. Whole seconds.
	//
	// Rendered as placeholderTimeoutInSeconds in the driver's annotation
	// yunikorn.apache.org/schedulingPolicyParameters.
	PlaceTimeout time.Duration
	// Hard fails a job whose places aren't found in time. Otherwise it starts as
	// if there were no gang.
	//
	// Zero starts it.
	//
	// Rendered as gangSchedulingStyle in the same annotation.
	Hard bool
}

const (
	yunikornName       = "yunikorn"
	yunikornQueue      = "queue"
	yunikornApp        = "yunikorn.apache.org/app-id"
	yunikornGroup      = "yunikorn.apache.org/task-group-name"
	yunikornGroups     = "yunikorn.apache.org/task-groups"
	yunikornParameters = "yunikorn.apache.org/schedulingPolicyParameters"
	// appIDSince is the first Spark that fills in {{APP_ID}} in annotations.
	// YuniKorn takes the label spark-app-selector where there is none.
	appIDSince = "3.3"
)

func (y YuniKorn) check(c partCheck) {
	c.soleScheduler()
	if y.Queue != "" {
		c.LabelValue(c.field("Queue"), y.Queue)
	}
	checkMinExecutors(c, y.MinExecutors)
	checkDuration(c.Problems, c.field("PlaceTimeout"), y.PlaceTimeout, time.Second)
	for _, r := range roles {
		own := c.job.ownPod(r)
		c.free(r.field()+".Labels", own.labels, yunikornQueue)
		c.free(r.field()+".Annotations", own.annotations, yunikornApp, yunikornGroup, yunikornGroups, yunikornParameters)
	}
}

func (YuniKorn) settings(*settings) {}

func (y YuniKorn) pod(r role, pod *podParts) {
	pod.scheduler = yunikornName
	pod.annotations = with(pod.annotations, yunikornGroup, "spark-"+string(r))
	if y.Queue != "" {
		pod.labels = with(pod.labels, yunikornQueue, y.Queue)
	}
	if p := y.parameters(); p != "" && r == driverRole {
		pod.annotations = with(pod.annotations, yunikornParameters, p)
	}
}

func (y YuniKorn) parameters() string {
	var out []string
	if y.PlaceTimeout != 0 {
		out = append(out, "placeholderTimeoutInSeconds="+strings.TrimSuffix(seconds(y.PlaceTimeout), "s"))
	}
	if y.Hard {
		out = append(out, "gangSchedulingStyle=Hard")
	}
	return strings.Join(out, " ")
}

// with returns a copy of a map that holds one more.
func with(m map[string]string, key, value string) map[string]string {
	m = maps.Clone(m)
	put(&m, key, value)
	return m
}

// taskGroup is one sort of pods that YuniKorn holds places for.
type taskGroup struct {
	Name         string              `json:"name"`
	MinMember    int                 `json:"minMember"`
	MinResource  map[string]string   `json:"minResource"`
	NodeSelector map[string]string   `json:"nodeSelector,omitempty"`
	Tolerations  []corev1.Toleration `json:"tolerations,omitempty"`
	Affinity     *corev1.Affinity    `json:"affinity,omitempty"`
}

func newTaskGroup(pod millrace.Pod, n int) taskGroup {
	g := taskGroup{Name: "spark-" + pod.Role, MinMember: n, MinResource: make(map[string]string)}
	for name, q := range podRequests(pod) {
		g.MinResource[string(name)] = q.String()
	}
	placement := pod.Placement()
	g.NodeSelector, g.Tolerations, g.Affinity = placement.NodeSelector, placement.Tolerations, placement.Affinity
	return g
}

func (y YuniKorn) schedule(p *millrace.Problems, app *v1beta2.SparkApplication, target Target) {
	g, ok := newGang(p, app, y.MinExecutors)
	if !ok {
		return
	}
	groups := []taskGroup{newTaskGroup(g.driver, 1)}
	if g.executors > 0 {
		groups = append(groups, newTaskGroup(g.executor, g.executors))
	}
	text, err := json.Marshal(groups)
	if err != nil {
		p.Invalid("Scheduler", "the task groups", err.Error(), "check the placement")
		return
	}
	put(&app.Spec.Driver.Annotations, yunikornGroups, string(text))
	if byOperator(target) || !parseVersion(app.Spec.SparkVersion).atLeast(appIDSince) {
		return // the operator's pods have the label that YuniKorn looks for
	}
	for _, r := range roles {
		put(&r.pod(&app.Spec).Annotations, yunikornApp, "{{APP_ID}}")
	}
}
