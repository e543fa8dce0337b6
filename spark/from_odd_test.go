package spark_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/kubeflow/spark-operator/v2/api/v1beta2"
	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/spark"
	"github.com/millrace/millrace/spark/apachev1"
)

// What a field says in another way, or can't say, stays where it is; what
// stands beside it moves all the same.
func TestFromOddApplications(t *testing.T) {
	for name, tc := range map[string]struct {
		edit func(*v1beta2.SparkApplicationSpec)
		got  func(*spark.Job) any
		want any
	}{
		"dynamic allocation that is off": {
			func(s *v1beta2.SparkApplicationSpec) {
				s.DynamicAllocation = &v1beta2.DynamicAllocation{MinExecutors: new(int32(1)), MaxExecutors: new(int32(5))}
			},
			func(j *spark.Job) any { return j.Executor.DynamicAllocation }, spark.DynamicAllocation{},
		},
		"none at first": {
			func(s *v1beta2.SparkApplicationSpec) {
				s.DynamicAllocation = &v1beta2.DynamicAllocation{Enabled: true, MinExecutors: new(int32(0)), InitialExecutors: new(int32(0)), MaxExecutors: new(int32(5))}
			},
			func(j *spark.Job) any { return j.Base.DynamicAllocation.Enabled }, true,
		},
		"a timeout of nothing": {
			func(s *v1beta2.SparkApplicationSpec) {
				s.DynamicAllocation = &v1beta2.DynamicAllocation{Enabled: true, MinExecutors: new(int32(0)), MaxExecutors: new(int32(5)), ShuffleTrackingTimeout: new(int64(0))}
			},
			func(j *spark.Job) any { return *j.Base.DynamicAllocation.ShuffleTrackingTimeout }, int64(0),
		},
		"dynamic allocation with a number": {
			func(s *v1beta2.SparkApplicationSpec) {
				s.DynamicAllocation = &v1beta2.DynamicAllocation{Enabled: true, MinExecutors: new(int32(0)), MaxExecutors: new(int32(5))}
				s.Executor.Instances = new(int32(2))
			},
			func(j *spark.Job) any { return []int32{j.Executor.DynamicAllocation.Max, *j.Base.Executor.Instances} }, []int32{5, 2},
		},
		"a service in Base's dynamic allocation": {
			func(s *v1beta2.SparkApplicationSpec) {
				s.DynamicAllocation = &v1beta2.DynamicAllocation{Enabled: true, MinExecutors: new(int32(0)), InitialExecutors: new(int32(0)), MaxExecutors: new(int32(5)), ShuffleTrackingEnabled: new(false)}
				with("spark.celeborn.master.endpoints", "a:1", "spark.shuffle.manager", "org.apache.spark.shuffle.celeborn.SparkShuffleManager",
					"spark.serializer", "org.apache.spark.serializer.KryoSerializer", "spark.shuffle.service.enabled", "false",
					"spark.sql.adaptive.localShuffleReader.enabled", "false")(s)
			},
			func(j *spark.Job) any { return j.Shuffle }, nil, // it would say spark.shuffle.sort.io.plugin.class as well
		},
		"a grace period before Spark 4.1": {
			func(s *v1beta2.SparkApplicationSpec) {
				s.SparkVersion = "3.5.1"
				s.Executor.Template = &corev1.PodTemplateSpec{Spec: corev1.PodSpec{
					TerminationGracePeriodSeconds: new(int64(45)), Containers: []corev1.Container{{Name: "spark-kubernetes-executor"}}}}
			},
			func(j *spark.Job) any { return []any{j.Executor.GracePeriod, j.Base.Executor.Template == nil} }, []any{45 * time.Second, true},
		},
		"a container beside": {
			func(s *v1beta2.SparkApplicationSpec) {
				s.Driver.Template = &corev1.PodTemplateSpec{Spec: corev1.PodSpec{PriorityClassName: "high", Containers: []corev1.Container{
					{Name: "logs"}, {Name: "spark-kubernetes-driver", Env: []corev1.EnvVar{{Name: "A", Value: "b"}}}}}}
			},
			func(j *spark.Job) any {
				return []any{j.Driver.PriorityClass, j.Driver.Env[0].Value, len(j.Base.Driver.Template.Spec.Containers)}
			}, []any{"high", "b", 2},
		},
		"another name of the container": {
			func(s *v1beta2.SparkApplicationSpec) {
				s.Driver.Template = &corev1.PodTemplateSpec{Spec: corev1.PodSpec{PriorityClassName: "high", Containers: []corev1.Container{{Name: "main"}}}}
			},
			func(j *spark.Job) any { return j.Base.Driver.Template.Spec.PriorityClassName }, "high",
		},
		"a template and the webhook's fields": {
			func(s *v1beta2.SparkApplicationSpec) {
				pod := &corev1.PodSecurityContext{RunAsUser: new(int64(1))}
				container := &corev1.SecurityContext{RunAsUser: new(int64(1))}
				env, from := []corev1.EnvVar{{Name: "A"}}, []corev1.EnvFromSource{{SecretRef: &corev1.SecretEnvSource{LocalObjectReference: corev1.LocalObjectReference{Name: "a"}}}}
				toleration := []corev1.Toleration{{Operator: corev1.TolerationOpExists}}
				p := &s.Driver.SparkPodSpec
				p.Env, p.EnvFrom, p.SecurityContext, p.PodSecurityContext, p.Tolerations = env, from, container, pod, toleration
				p.Affinity, p.TerminationGracePeriodSeconds, s.NodeSelector = &corev1.Affinity{}, new(int64(7)), map[string]string{"a": "b"}
				s.Driver.PriorityClassName = new("low")
				p.Template = &corev1.PodTemplateSpec{Spec: corev1.PodSpec{
					PriorityClassName: "low", SecurityContext: pod, Tolerations: toleration, Affinity: &corev1.Affinity{}, NodeSelector: map[string]string{"a": "b"},
					TerminationGracePeriodSeconds: new(int64(7)),
					Containers:                    []corev1.Container{{Name: "spark-kubernetes-driver", Env: env, EnvFrom: from, SecurityContext: container}},
				}}
			},
			func(j *spark.Job) any {
				return []any{j.Driver.PriorityClass, j.Driver.GracePeriod, len(j.Driver.Env) + len(j.Driver.EnvFrom), j.Placement.Empty(), j.Driver.Placement.Empty()}
			}, []any{"", time.Duration(0), 0, true, true},
		},
		"a template that says nothing": {
			func(s *v1beta2.SparkApplicationSpec) {
				s.Driver.Template = &corev1.PodTemplateSpec{Spec: corev1.PodSpec{Containers: []corev1.Container{{Name: "spark-kubernetes-driver"}}}}
			},
			func(j *spark.Job) any { return j.Base.Driver.Template != nil }, true,
		},
		"seconds beyond what a Duration holds": {
			func(s *v1beta2.SparkApplicationSpec) { s.TimeToLiveSeconds = new(int64(1 << 40)) },
			func(j *spark.Job) any { return *j.Base.TimeToLiveSeconds }, int64(1 << 40),
		},
		"a size in another unit": {
			func(s *v1beta2.SparkApplicationSpec) { s.Executor.Memory = new("2048m") },
			func(j *spark.Job) any { return *j.Base.Executor.Memory }, "2048m",
		},
		"settings as the fields wouldn't write them": {
			with("spark.sql.shuffle.partitions", "0400", "spark.network.timeout", "300000ms", "spark.speculation.quantile", "0.90", "spark.sql.adaptive.enabled", "TRUE"),
			func(j *spark.Job) any { return []any{j.Tuning, len(j.Conf)} }, []any{spark.Tuning{}, 4},
		},
		"settings that the fields refuse": {
			with("spark.sql.adaptive.enabled", "false", "spark.sql.adaptive.skewJoin.enabled", "true", "spark.kryoserializer.buffer.max", "128m", "spark.speculation.quantile", "0.5"),
			func(j *spark.Job) any { return []any{j.Tuning.Adaptive.SkewJoin == nil, len(j.Conf)} }, []any{true, 3},
		},
		"Python's memory beside Java": {
			func(s *v1beta2.SparkApplicationSpec) {
				with("spark.executor.pyspark.memory", "1g")(s)
				s.Type, s.MainApplicationFile, s.MainClass = "Java", new("local:///a.jar"), new("a.B")
			},
			func(j *spark.Job) any { return j.Executor.PythonMemory }, millrace.Bytes(0),
		},
		"an idle time without dynamic allocation": {
			with("spark.dynamicAllocation.executorIdleTimeout", "60s"),
			func(j *spark.Job) any { return j.Executor.DynamicAllocation }, spark.DynamicAllocation{},
		},
		"metrics without their annotations": {
			with("spark.ui.prometheus.enabled", "true", "spark.metrics.conf.*.sink.prometheusServlet.class", "org.apache.spark.metrics.sink.PrometheusServlet",
				"spark.metrics.conf.*.sink.prometheusServlet.path", "/metrics/prometheus", "spark.metrics.namespace", "spark"),
			func(j *spark.Job) any { return j.Observe.Metrics }, nil,
		},
	} {
		t.Run(name, func(t *testing.T) {
			app := bareApplication()
			app.Spec.SparkConf = make(map[string]string)
			tc.edit(&app.Spec)
			j := fromAgain(t, app)
			if j == nil {
				t.Fatal("a job refuses it")
			}
			if diff := cmp.Diff(tc.want, tc.got(j)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestFromOddApacheApplications(t *testing.T) {
	for name, tc := range map[string]struct {
		edit func(*apachev1.ApplicationSpec)
		got  func(*spark.Job) any
		want any
	}{
		"jars beside the main one": {
			func(s *apachev1.ApplicationSpec) { s.SparkConf["spark.jars"] = "local:///a.jar,local:///etl.jar" },
			func(j *spark.Job) any { return j.Deps.Jars }, []string{"local:///a.jar"},
		},
		"jars without the main one": {
			func(s *apachev1.ApplicationSpec) { s.SparkConf["spark.jars"] = "local:///a.jar" },
			func(j *spark.Job) any { return j.Base.SparkConf["spark.jars"] }, "local:///a.jar",
		},
		"jars of Python": {
			func(s *apachev1.ApplicationSpec) {
				s.Jars, s.MainClass, s.PyFiles = nil, nil, new("local:///a.py")
				s.SparkConf["spark.jars"] = "local:///a.jar,local:///b.jar"
			},
			func(j *spark.Job) any { return j.Deps.Jars }, []string{"local:///a.jar", "local:///b.jar"},
		},
		"jars with spaces": {
			func(s *apachev1.ApplicationSpec) {
				s.SparkConf["spark.jars"] = "local:///b.jar, local:///a.jar,local:///etl.jar"
			},
			func(j *spark.Job) any { return len(j.Deps.Jars) }, 0,
		},
		"a class in the image": {
			func(s *apachev1.ApplicationSpec) { s.Jars = nil },
			func(j *spark.Job) any { return j.Main }, "spark-internal",
		},
		"texts that say nothing": {
			func(s *apachev1.ApplicationSpec) { s.ProxyUser, s.PyFiles = new(""), new("") },
			func(j *spark.Job) any { return j.Base.ProxyUser }, (*string)(nil),
		},
		"R beside a jar": {
			func(s *apachev1.ApplicationSpec) { s.ProxyUser = new("etl") },
			func(j *spark.Job) any { return *j.Base.ProxyUser }, "etl",
		},
		"a number with a zero before it": {
			func(s *apachev1.ApplicationSpec) { s.SparkConf["spark.executor.instances"] = "03" },
			func(j *spark.Job) any { return j.Executor.Instances }, int32(0),
		},
		"dynamic allocation that says nothing of tracking": {
			func(s *apachev1.ApplicationSpec) {
				s.SparkConf["spark.dynamicAllocation.enabled"], s.SparkConf["spark.dynamicAllocation.maxExecutors"] = "true", "5"
			},
			func(j *spark.Job) any { return j.Base.SparkConf["spark.dynamicAllocation.maxExecutors"] }, "5",
		},
		"a timeout in seconds": {
			func(s *apachev1.ApplicationSpec) {
				s.SparkConf["spark.dynamicAllocation.enabled"], s.SparkConf["spark.dynamicAllocation.maxExecutors"] = "true", "5"
				s.SparkConf["spark.dynamicAllocation.minExecutors"], s.SparkConf["spark.dynamicAllocation.shuffleTracking.enabled"] = "0", "true"
				s.SparkConf["spark.dynamicAllocation.shuffleTracking.timeout"] = "10"
			},
			func(j *spark.Job) any { return j.Executor.DynamicAllocation.Max }, int32(0),
		},
		"a template of nothing": {
			func(s *apachev1.ApplicationSpec) { s.DriverSpec = &apachev1.BaseApplicationTemplateSpec{} },
			func(j *spark.Job) any { return j.Base.Driver.Template }, (*corev1.PodTemplateSpec)(nil),
		},
	} {
		t.Run(name, func(t *testing.T) {
			app := apacheApplication()
			tc.edit(app.Spec)
			j := fromAgain(t, app)
			if j == nil {
				t.Fatal("a job refuses it")
			}
			if diff := cmp.Diff(tc.want, tc.got(j)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// A setting that a value as a whole governs is its field's.
func TestTheFieldThatGoverns(t *testing.T) {
	j := minimal()
	j.Shuffle = spark.Celeborn{Masters: []string{"a:1"}}
	j.Conf = map[string]string{"spark.serializer": "x", "spark.celeborn.master.endpoints": "b:1"}
	_, err := j.Build()
	for _, want := range []string{"Conf[spark.serializer]: the field Shuffle governs", "Conf[spark.celeborn.master.endpoints]: the field Shuffle.Masters governs"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("no %q in %v", want, err)
		}
	}
}
