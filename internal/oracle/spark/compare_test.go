package spark_test

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/kubeflow/spark-operator/v2/api/v1beta2"
	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace/internal/podtest"
	"github.com/millrace/millrace/spark"
)

const master = "k8s://https://k8s-api.internal:6443"

// maker makes a job of an application.
type maker func(*v1beta2.SparkApplication) (*spark.Job, error)

// asBase puts the whole spec into the job's Base.
func asBase(app *v1beta2.SparkApplication) (*spark.Job, error) {
	return &spark.Job{Name: app.Name, Namespace: app.Namespace, Labels: app.Labels, Base: app.Spec, NoDefaults: true}, nil
}

// converted puts as much as can be into the job's own fields.
func converted(app *v1beta2.SparkApplication) (*spark.Job, error) { return spark.FromApplication(app) }

// submission returns what millrace tells spark-submit of the same application,
// or the error.
func (m maker) submission(app *v1beta2.SparkApplication) (*spark.Submission, error) {
	j, err := m(app)
	if err != nil {
		return nil, err
	}
	j.Target = spark.Submit{Master: master}
	return j.Submission()
}

// told is what a list of arguments says.
type told struct {
	Options map[string]string
	Conf    map[string]string // the last of each counts
	Main    []string
}

// parse reads spark-submit's arguments. Every option of either list has a
// value.
func parse(t *testing.T, arguments []string) told {
	t.Helper()
	said := told{Options: make(map[string]string), Conf: make(map[string]string)}
	for len(arguments) > 0 && strings.HasPrefix(arguments[0], "--") {
		if len(arguments) == 1 {
			t.Fatalf("%s has no value", arguments[0])
		}
		option, value := arguments[0], arguments[1]
		arguments = arguments[2:]
		if option != "--conf" {
			said.Options[option] = value
			continue
		}
		key, value, ok := strings.Cut(value, "=")
		if !ok {
			t.Fatalf("no setting: %q", value)
		}
		said.Conf[key] = value
	}
	said.Main = arguments
	return said
}

const (
	image      = "spark.kubernetes.container.image"
	driverName = "spark.kubernetes.driver.pod.name"
)

// operatorsOwn are the settings that only the operator has, and why.
var operatorsOwn = map[string]string{
	"spark.kubernetes.submission.waitAppCompletion": "the operator looks after the driver itself",
	"spark.kubernetes.driver.podTemplateFile":       "paths of its own",
	"spark.kubernetes.executor.podTemplateFile":     "paths of its own",
}

// operatorsLabels starts the labels by which the operator finds its pods.
const operatorsLabels = "sparkoperator.k8s.io/"

// equalize takes away what is the same in other words, or the operator's own
// business, and puts into the pods what millrace says in settings and the
// webhook in the pods. Nothing else may differ.
func equalize(app *v1beta2.SparkApplication, theirs, ours *told, driver, executor *corev1.Pod) {
	for _, conf := range []map[string]string{theirs.Conf, ours.Conf} {
		for _, role := range []string{"driver", "executor"} {
			// Where a role has no image of its own, Spark takes the general one.
			if own := "spark.kubernetes." + role + ".container.image"; conf[own] == "" && conf[image] != "" {
				conf[own] = conf[image]
			}
		}
		// Milliseconds are what a bare number counts.
		const timeout = "spark.dynamicAllocation.shuffleTracking.timeout"
		if t, ok := conf[timeout]; ok {
			conf[timeout] = strings.TrimSuffix(t, "ms")
		}
		for key := range operatorsOwn {
			delete(conf, key)
		}
	}
	for key := range theirs.Conf {
		if strings.Contains(key, ".label."+operatorsLabels) {
			delete(theirs.Conf, key)
		}
	}
	for key := range ours.Conf {
		// Kueue finds a SparkApplication by its own label. Without one it can
		// find the pods alone.
		if strings.Contains(key, ".label.kueue.x-k8s.io/") {
			delete(ours.Conf, key)
		}
	}
	// The operator replaces a driver of the same name. Spark makes a name that
	// no other has.
	if theirs.Conf[driverName] == app.Name+"-driver" && ours.Conf[driverName] == "" {
		delete(theirs.Conf, driverName)
	}
	for role, pod := range map[string]*corev1.Pod{"driver": driver, "executor": executor} {
		for key, value := range ours.Conf {
			if _, also := theirs.Conf[key]; also {
				continue
			}
			if label, ok := strings.CutPrefix(key, "spark.kubernetes."+role+".node.selector."); ok {
				if pod.Spec.NodeSelector == nil {
					pod.Spec.NodeSelector = make(map[string]string)
				}
				pod.Spec.NodeSelector[label] = value
				delete(ours.Conf, key)
			}
			if key == "spark.kubernetes."+role+".scheduler.name" {
				pod.Spec.SchedulerName = value
				delete(ours.Conf, key)
			}
		}
	}
}

// differences compares what both say, key by key.
func differences(t *testing.T, app *v1beta2.SparkApplication, theirs answer, ours *spark.Submission) []string {
	t.Helper()
	a, b := parse(t, theirs.Arguments), parse(t, ours.Arguments(spark.TemplateFiles{Driver: "/d.yaml", Executor: "/e.yaml"}))
	driver, executor := ours.Driver.DeepCopy(), ours.Executor.DeepCopy()
	equalize(app, &a, &b, driver, executor)
	out := compare("option ", tree(t, a.Options), tree(t, b.Options))
	out = append(out, compare("setting ", tree(t, a.Conf), tree(t, b.Conf))...)
	out = append(out, compare("main ", tree(t, a.Main), tree(t, b.Main))...)
	out = append(out, compare("driver ", podTree(t, theirs.Driver), podTree(t, driver))...)
	return append(out, compare("executor ", podTree(t, theirs.Executor), podTree(t, executor))...)
}

// podTree is a pod without what says that the operator owns it.
func podTree(t *testing.T, pod *corev1.Pod) any {
	pod = pod.DeepCopy()
	pod.OwnerReferences, pod.APIVersion, pod.Kind = nil, "", ""
	return tree(t, pod)
}

// tree returns a value as JSON has it, without what is empty.
func tree(t *testing.T, v any) any {
	t.Helper()
	return prune(podtest.Tree(t, v))
}

func prune(v any) any {
	m, ok := v.(map[string]any)
	if !ok {
		return v
	}
	for key, value := range m {
		value = prune(value)
		if r := reflect.ValueOf(value); value == nil || (r.Kind() == reflect.Map || r.Kind() == reflect.Slice) && r.Len() == 0 {
			delete(m, key)
			continue
		}
		m[key] = value
	}
	return m
}

// compare returns where two trees differ, with what the operator has first.
func compare(at string, a, b any) []string {
	ma, okA := a.(map[string]any)
	mb, okB := b.(map[string]any)
	la, listA := a.([]any)
	lb, listB := b.([]any)
	var out []string
	switch {
	case okA && okB:
		keys := maps.Clone(ma)
		maps.Copy(keys, mb)
		for _, key := range slices.Sorted(maps.Keys(keys)) {
			out = append(out, compare(at+"."+key, ma[key], mb[key])...)
		}
	case listA && listB && len(la) == len(lb):
		for i := range la {
			out = append(out, compare(fmt.Sprintf("%s[%d]", at, i), la[i], lb[i])...)
		}
	case !reflect.DeepEqual(a, b):
		out = append(out, fmt.Sprintf("%s: the operator says %v, millrace %v", at, a, b))
	}
	return out
}
