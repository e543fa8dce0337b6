package spark_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/spark"
	"github.com/millrace/millrace/spark/apachev1"
)

// The majority of two servers is both.
func TestMajorityOfReplicas(t *testing.T) {
	for replicas, want := range map[int32]string{1: "1", 2: "2", 3: "2", 4: "3"} {
		j := minimal()
		j.Shuffle = spark.Uniffle{Coordinators: []string{"a:1"}, Replicas: replicas}
		conf, _, _ := built(t, j)
		wantConf(t, conf, map[string]string{"spark.rss.data.replica.write": want, "spark.rss.data.replica.read": want})
	}
}

func TestShuffleRefusesInBase(t *testing.T) {
	for name, tc := range map[string]struct {
		edit func(*spark.Job)
		want []string
	}{
		"tracking beside a service": {func(j *spark.Job) {
			j.NoDefaults, j.Shuffle = true, spark.Celeborn{Masters: []string{"a:1"}}
			j.Base.SparkConf = map[string]string{"spark.dynamicAllocation.shuffleTracking.enabled": "true"}
		}, []string{conflict + " Base.SparkConf[spark.dynamicAllocation.shuffleTracking.enabled]"}},
		"a fallback in the image": {func(j *spark.Job) { j.Shuffle = spark.Decommission{Fallback: "local:///x"} },
			[]string{invalid + " Shuffle.Fallback"}},
	} {
		j := minimal()
		tc.edit(j)
		_, err := j.Build()
		if diff := cmp.Diff(tc.want, findings(t, err)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// Where Base says how long runs are kept, that holds for a schedule as well.
func TestScheduledTimeToLiveOfBase(t *testing.T) {
	s := nightly()
	s.Job.Base.TimeToLiveSeconds = new(int64(77))
	app, err := s.ScheduledSparkApplication()
	if err != nil {
		t.Fatal(err)
	}
	if got := app.Spec.Template.TimeToLiveSeconds; got == nil || *got != 77 {
		t.Errorf("the time to live is %v", got)
	}
}

// A job that is given back at once tells no success from failure.
func TestApacheTaskKeepsWhatFailed(t *testing.T) {
	j := minimal()
	j.Name = ""
	j.Target = spark.ApacheOperator{Base: apachev1.ApplicationSpec{ApplicationTolerations: &apachev1.ApplicationTolerations{
		ResourceRetainDurationMillis: new(int64(0)), TTLAfterStopMillis: new(int64(0)),
	}}}
	_, err := j.Runnable("data")
	if diff := cmp.Diff([]string{conflict + " Target.RetainFor", conflict + " Lifecycle.TimeToLive"}, findings(t, err)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// With one size that the server says itself, it has all requests of Spark's.
func TestConnectSizedWithoutDefaults(t *testing.T) {
	c := &spark.ConnectServer{Name: "a", Image: "spark:4.1.2", Version: "4.1.2", NoDefaults: true}
	c.Server.MemoryOverhead, c.Server.ServiceAccount = millrace.GiB, "server"
	c.Base.Executor.Template = &corev1.PodTemplateSpec{Spec: corev1.PodSpec{ServiceAccountName: "executor", Containers: []corev1.Container{{Name: "spark-kubernetes-executor"}}}}
	conn, err := c.SparkConnect()
	if err != nil {
		t.Fatal(err)
	}
	r := conn.Spec.Server.Template.Spec.Containers[0].Resources
	if r.Requests.Cpu().String() != "1" || r.Requests.Memory().String() != "2Gi" || r.Limits.Memory().String() != "2Gi" {
		t.Errorf("resources: %v", r)
	}
	if probe := conn.Spec.Server.Template.Spec.Containers[0].ReadinessProbe; probe != nil {
		t.Errorf("without defaults: %v", probe)
	}
	if sa := conn.Spec.Executor.Template.Spec.ServiceAccountName; sa != "executor" {
		t.Errorf("the executors' account is %q", sa)
	}
}
