package e2e_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	schedulingv1 "k8s.io/api/scheduling/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/kubernetes"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/e2e"
	"github.com/millrace/millrace/spark"
)

// broken is what the proof of diagnosis makes in the cluster, beside the jobs.
const broken = "broken"

// misfortune is a way for a job to fail, or not to get on.
type misfortune struct {
	cause string // what Diagnose is to name first
	job   func(*spark.Job)
}

const examplePi = "local:///opt/spark/examples/src/main/python/pi.py"

// misfortunes has each job by its name.
var misfortunes = map[string]misfortune{
	"no-image":   {"spark/image", func(j *spark.Job) { j.Image = "registry.invalid/etl:1" }},
	"no-name":    {"spark/image", func(j *spark.Job) { j.Image = "registry.invalid/ETL:1" }},
	"not-pulled": {"spark/image", func(j *spark.Job) { j.Image, j.Deps.PullPolicy = "registry.invalid/etl:2", spark.PullNever }},
	"too-large":  {"spark/unschedulable", func(j *spark.Job) { j.Driver.Cores, j.Driver.CoreRequest = 64, "" }},
	"no-account": {"spark/service-account", func(j *spark.Job) { j.Driver.ServiceAccount = "nobody" }},
	"no-class":   {"spark/priority-class", func(j *spark.Job) { j.Driver.PriorityClass = "nothing" }},
	"no-secret": {"spark/container-config", func(j *spark.Job) {
		j.Driver.Env = []corev1.EnvVar{{Name: "TOKEN", ValueFrom: &corev1.EnvVarSource{
			SecretKeyRef: &corev1.SecretKeySelector{LocalObjectReference: corev1.LocalObjectReference{Name: "nothing"}, Key: "token"}}}}
	}},
	"no-config":  {"spark/container-config", func(j *spark.Job) { j.Driver.Volumes[0].Source.ConfigMap.Name = "nothing" }},
	"no-claim":   {"spark/claim", func(j *spark.Job) { claims(j, "nothing") }},
	"no-volume":  {"spark/claim", func(j *spark.Job) { claims(j, broken) }},
	"no-quota":   {"spark/executor-quota", func(j *spark.Job) { j.Main, j.Executor.PriorityClass = examplePi, broken }},
	"no-rights":  {"spark/rbac", func(j *spark.Job) { j.Main, j.Driver.ServiceAccount = examplePi, "default" }},
	"no-program": {"spark/artefact", func(j *spark.Job) { j.Main = "local:///opt/programs/nothing.py" }},
	"three":      {"spark/driver-exit", func(*spark.Job) {}},
	"raises":     {"spark/application-error", func(j *spark.Job) { j.Main = "local:///opt/programs/raise.py" }},
	"grows":      {"spark/driver-oom", func(j *spark.Job) { j.Main = "local:///opt/programs/grow.py" }},
}

func claims(j *spark.Job, name string) {
	j.Driver.Volumes = append(j.Driver.Volumes, spark.Volume{Name: "data", Path: "/data", Source: corev1.VolumeSource{
		PersistentVolumeClaim: &corev1.PersistentVolumeClaimVolumeSource{ClaimName: name}}})
}

// diagnosed breaks jobs in every way that this cluster offers, all at a time,
// and wants each explained from what the cluster shows.
func diagnosed(t *testing.T, c *e2e.Cluster) {
	prepareBroken(t, c)
	elsewhere := smallJob("unwatched", "three.py")
	elsewhere.Namespace = c.Namespace(t)
	jobs, wanted := []*spark.Job{elsewhere}, map[string]string{elsewhere.Name: "spark/operator-not-watching"}
	for name, m := range misfortunes {
		job := smallJob(name, "three.py")
		m.job(job)
		jobs, wanted[name] = append(jobs, job), m.cause
	}
	var builders []millrace.Builder
	for _, job := range jobs {
		builders = append(builders, job)
	}
	submit(t, c, builders...)
	for _, job := range jobs {
		deleteAfter(t, resources(t, c, sparkApplications, job.Namespace), job.Name)
	}
	// There is new patience with every job that is explained: the operator
	// submits them a few at a time.
	for waiting := jobs; len(waiting) > 0; {
		eventually(t, "the next job is explained", func() error {
			var wrong []error
			before := len(waiting)
			waiting = slices.DeleteFunc(waiting, func(job *spark.Job) bool {
				err := explained(t, c, job, wanted[job.Name])
				wrong = append(wrong, err)
				return err == nil
			})
			if len(waiting) < before {
				return nil
			}
			return errors.Join(wrong...)
		})
	}
}

// explained wants a cause named first, and then deletes the job: what is left
// of it would take room from others.
func explained(t *testing.T, c *e2e.Cluster, job *spark.Job, want string) error {
	t.Helper()
	applications := resources(t, c, sparkApplications, job.Namespace)
	app, err := applications.Get(t.Context(), job.Name, metav1.GetOptions{})
	if err != nil {
		t.Fatal(err)
	}
	e := evidence(t, c.Admin(), app)
	if want == "spark/operator-not-watching" {
		e.Now = e.Now.Add(time.Hour)
	}
	causes := spark.Diagnose(e)
	if len(causes) == 0 || causes[0].ID != want {
		return fmt.Errorf("%s: %v, want %s", job.Name, causes, want)
	}
	t.Log(causes[0])
	return applications.Delete(t.Context(), job.Name, metav1.DeleteOptions{})
}

// prepareBroken makes what the jobs need to fail as they should.
func prepareBroken(t *testing.T, c *e2e.Cluster) {
	t.Helper()
	ns, client, named := e2e.SparkNamespace, c.Admin(), metav1.ObjectMeta{Name: broken}
	none := "" // no StorageClass
	claim := &corev1.PersistentVolumeClaim{ObjectMeta: named, Spec: corev1.PersistentVolumeClaimSpec{
		AccessModes: []corev1.PersistentVolumeAccessMode{corev1.ReadWriteOnce}, StorageClassName: &none,
		Resources: corev1.VolumeResourceRequirements{Requests: corev1.ResourceList{corev1.ResourceStorage: resource.MustParse("1Gi")}}}}
	if _, err := client.CoreV1().PersistentVolumeClaims(ns).Create(t.Context(), claim, metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	if _, err := client.SchedulingV1().PriorityClasses().Create(t.Context(), &schedulingv1.PriorityClass{ObjectMeta: named}, metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	// For pods of that class alone: others use the namespace as well.
	quota := &corev1.ResourceQuota{ObjectMeta: named, Spec: corev1.ResourceQuotaSpec{
		Hard: corev1.ResourceList{corev1.ResourcePods: resource.MustParse("0")},
		ScopeSelector: &corev1.ScopeSelector{MatchExpressions: []corev1.ScopedResourceSelectorRequirement{
			{ScopeName: corev1.ResourceQuotaScopePriorityClass, Operator: corev1.ScopeSelectorOpIn, Values: []string{broken}}}}}}
	if _, err := client.CoreV1().ResourceQuotas(ns).Create(t.Context(), quota, metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the quota is in force", func() error {
		q, err := client.CoreV1().ResourceQuotas(ns).Get(t.Context(), broken, metav1.GetOptions{})
		if err == nil && len(q.Status.Hard) == 0 {
			err = errors.New("its status is empty")
		}
		return err
	})
}

func resources(t *testing.T, c *e2e.Cluster, kind schema.GroupVersionResource, ns string) dynamic.ResourceInterface {
	t.Helper()
	client, err := dynamic.NewForConfig(c.Direct())
	if err != nil {
		t.Fatal(err)
	}
	return client.Resource(kind).Namespace(ns)
}

// evidence collects what Diagnose asks for of an application.
func evidence(t *testing.T, client kubernetes.Interface, app *unstructured.Unstructured) spark.Evidence {
	t.Helper()
	ctx, core, ns := t.Context(), client.CoreV1(), app.GetNamespace()
	label := "sparkoperator.k8s.io/app-name="
	if app.GetKind() == "SparkConnect" {
		label = "sparkoperator.k8s.io/connect-name="
	}
	pods, err := core.Pods(ns).List(ctx, metav1.ListOptions{LabelSelector: label + app.GetName()})
	if err != nil {
		t.Fatal(err)
	}
	e := spark.Evidence{Application: app, Pods: pods.Items, Now: time.Now()}
	about := []string{app.GetKind() + " " + app.GetName()}
	for i := range pods.Items {
		p := &pods.Items[i]
		about = append(about, "Pod "+p.Name)
		for _, v := range p.Spec.Volumes {
			if v.PersistentVolumeClaim == nil {
				continue
			}
			about = append(about, "PersistentVolumeClaim "+v.PersistentVolumeClaim.ClaimName)
			claim, err := core.PersistentVolumeClaims(ns).Get(ctx, v.PersistentVolumeClaim.ClaimName, metav1.GetOptions{})
			if err == nil {
				e.Claims = append(e.Claims, *claim)
			}
		}
		if p.Labels["spark-role"] != "executor" {
			lines := int64(1000)
			// There is none before the container has started.
			log, _ := core.Pods(ns).GetLogs(p.Name, &corev1.PodLogOptions{Container: "spark-kubernetes-driver", TailLines: &lines}).DoRaw(ctx)
			e.DriverLog = strings.ToValidUTF8(string(log), "?")
		}
	}
	events, err := core.Events(ns).List(ctx, metav1.ListOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range events.Items {
		if slices.Contains(about, v.InvolvedObject.Kind+" "+v.InvolvedObject.Name) {
			e.Events = append(e.Events, v)
		}
	}
	return e
}
