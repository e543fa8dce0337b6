package spark

import (
	"maps"
	"reflect"
	"strings"

	"github.com/kubeflow/spark-operator/v2/api/v1beta2"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/overlay"
	"github.com/millrace/millrace/spark/apachev1"
)

const keyJars = "spark.jars"

// application turns what compose returned into a SparkApplication of Apache's
// operator, and reports what that has no way to say. The operator is told what
// Submit tells spark-submit.
func (t ApacheOperator) application(j *Job, app *v1beta2.SparkApplication, where surroundings, p *millrace.Problems) *apachev1.SparkApplication {
	w := submission{spec: app.Spec.DeepCopy(), conf: make(map[string]string)}
	own := apachev1.ApplicationSpec{
		RuntimeVersions:        apachev1.RuntimeVersions{SparkVersion: w.spec.SparkVersion},
		ApplicationTolerations: t.tolerations(w.spec),
		DriverSpec:             w.templateOf(driverRole, j.NoDefaults),
		ExecutorSpec:           w.templateOf(executorRole, j.NoDefaults),
	}
	w.spec.RestartPolicy, w.spec.TimeToLiveSeconds = v1beta2.RestartPolicy{}, nil
	if j.Lifecycle.Suspended {
		w.spec.Suspend = nil // reported by its field
	}
	w.take(&v1beta2.SparkApplication{ObjectMeta: t.podMeta(j, app)})
	for _, at := range leftover(reflect.ValueOf(*w.spec), "Base") {
		p.Unsupported(at, "Apache's operator has no setting for it", "leave it out, or put it into Base.Driver.Template or Base.Executor.Template")
	}
	// Of the name, the operator overwrites the setting with that of the object,
	// but only where it is set.
	// Source: Apache Spark Kubernetes Operator 1.0.0, SparkAppResourceSpecFactory.java.
	rest := w.settle()
	own.MainClass, own.ProxyUser = nonZero(rest["--class"]), nonZero(rest["--proxy-user"])
	if len(w.conf) > 0 {
		own.SparkConf = w.conf
	}
	if args := w.main[1:]; len(args) > 0 {
		own.DriverArgs = args
	}
	setMain(&own, &app.Spec, w.main[0])

	spec := t.Base.DeepCopy()
	for _, path := range overlay.Lay(spec, &own) {
		p.Conflict("Target.Base."+path, "a field of the job or of the target says it as well", "leave one of the two out")
	}
	j.finish(spec, &app.Spec, where)
	j.checkTolerations(p, spec, where)
	return &apachev1.SparkApplication{
		TypeMeta:   metav1.TypeMeta{APIVersion: apachev1.GroupVersion.String(), Kind: "SparkApplication"},
		ObjectMeta: metav1.ObjectMeta{Name: app.Name, Namespace: app.Namespace, Labels: app.Labels, Annotations: app.Annotations},
		Spec:       spec,
	}
}

// podMeta is the name that the application gets, and the labels that its pods
// get: Kubeflow's operator hands both on, and Apache's has settings for them.
func (t ApacheOperator) podMeta(j *Job, app *v1beta2.SparkApplication) metav1.ObjectMeta {
	if j.NoDefaults {
		return metav1.ObjectMeta{}
	}
	return metav1.ObjectMeta{Name: app.Name, Labels: podLabels(app.Labels)}
}

// podLabels are those of an application that its pods get: Kueue queues what has
// its own.
func podLabels(labels map[string]string) map[string]string {
	out := maps.Clone(labels)
	maps.DeleteFunc(out, func(key, _ string) bool { return strings.HasPrefix(key, kueuePrefix) })
	return out
}

// templateOf takes the pod template of a role, and says which of its containers
// is Spark's: the operator takes the end of any of them for the driver's
// otherwise.
// Source: Apache Spark Kubernetes Operator, ModelUtils.java,
// findDriverMainContainerStatus.
func (w *submission) templateOf(r role, noDefaults bool) *apachev1.BaseApplicationTemplateSpec {
	pod := r.pod(w.spec)
	if pod.Template == nil {
		return nil
	}
	out := &apachev1.BaseApplicationTemplateSpec{PodTemplateSpec: pod.Template}
	pod.Template = nil
	if !noDefaults {
		w.set("spark.kubernetes."+string(r)+".podTemplateContainerName", r.container())
	}
	return out
}

// setMain says what the driver runs. The operator runs jars, or else Python, or
// else R, so that further jars of any job stand in the settings. There spark.jars
// holds the main jar as well, as spark-submit has it. What Base says of spark.jars
// stays as it is.
// Source: Apache Spark Kubernetes Operator 1.0.0, SparkAppSubmissionWorker.java.
func setMain(s *apachev1.ApplicationSpec, app *v1beta2.SparkApplicationSpec, main string) {
	switch {
	case main == noMain:
	case app.Type == v1beta2.SparkApplicationTypePython:
		s.PyFiles = &main
	case app.Type == v1beta2.SparkApplicationTypeR:
		s.SparkRFiles = &main
	default:
		s.Jars = &main
		if len(app.Deps.Jars) > 0 {
			s.SparkConf[keyJars] += "," + main
		}
	}
}
