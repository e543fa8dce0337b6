package spark_test

import (
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/kubeflow/spark-operator/v2/api/v1beta2"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/spark"
	"github.com/millrace/millrace/spark/apachev1"
)

// The golden file has every value of both pods and where it is written.
func TestPodsOfApache(t *testing.T) {
	for _, name := range []string{"etl-orders-daily.apache", "everything.apache"} {
		t.Run(name, func(t *testing.T) {
			goldenPods(t, name, &apachev1.SparkApplication{}, append(invented, "spark-kubernetes-operator")...)
		})
	}
	if got := spark.Pods((*apachev1.SparkApplication)(nil)); got != nil {
		t.Errorf("pods of nothing: %v", got)
	}
	if got := spark.Pods(&apachev1.SparkApplication{}); len(got) != 2 {
		t.Errorf("an application without a spec has %d pods", len(got))
	}
}

// Both operators make the same pods of one job, but for their labels.
func TestPodsOfBothOperators(t *testing.T) {
	for name, j := range map[string]*spark.Job{"minimal": minimal(), "orders": ordersDaily(), "dynamic": dynamic(), "everything": everything(), "reuse": reusePVC()} {
		kubeflow, err := j.SparkApplication()
		if err != nil {
			t.Fatal(err)
		}
		j.Target = spark.ApacheOperator{}
		apache, err := j.ApacheApplication()
		if err != nil {
			t.Fatal(err)
		}
		one, other := spark.Pods(kubeflow), spark.Pods(apache)
		for i := range one {
			for _, p := range []*millrace.Pod{&one[i], &other[i]} {
				maps.DeleteFunc(p.Template.Labels, func(key, _ string) bool { return strings.Contains(key, "operator") })
				p.Path, p.Count, p.Fields, p.Owner = "", "", nil, millrace.Ref{}
			}
			if diff := cmp.Diff(one[i], other[i]); diff != "" {
				t.Errorf("%s %s (-Kubeflow +Apache):\n%s", name, one[i].Role, diff)
			}
		}
	}
}

// badApache breaks what the article's rules ask for.
func badApache() *apachev1.SparkApplication {
	return &apachev1.SparkApplication{
		TypeMeta:   metav1.TypeMeta{APIVersion: "spark.apache.org/v1", Kind: "SparkApplication"},
		ObjectMeta: metav1.ObjectMeta{Name: "etl", Namespace: "data"},
		Spec: &apachev1.ApplicationSpec{
			RuntimeVersions: apachev1.RuntimeVersions{SparkVersion: "3.5.1"},
			PyFiles:         new("local:///etl.py"),
			DriverArgs:      []string{"--date=x", "--password=hunter2-hunter2"},
			DriverSpec: &apachev1.BaseApplicationTemplateSpec{PodTemplateSpec: &corev1.PodTemplateSpec{Spec: corev1.PodSpec{
				NodeSelector: map[string]string{"karpenter.sh/capacity-type": "spot"},
				Containers:   []corev1.Container{{Name: "spark-kubernetes-driver", Env: []corev1.EnvVar{{Name: "DB_PASSWORD", Value: "hunter2-hunter2"}}}},
			}}},
			SparkConf: map[string]string{
				"spark.kubernetes.container.image":                                      "company-registry/etl:latest",
				"spark.kubernetes.driver.annotation.karpenter.sh/do-not-disrupt":        "false",
				"spark.executor.memory":                                                 "512m",
				"spark.executor.memoryOverhead":                                         "100m",
				"spark.sql.autoBroadcastJoinThreshold":                                  "1g",
				"spark.dynamicAllocation.enabled":                                       "true",
				"spark.kubernetes.executor.tolerations":                                 "[]",
				"spark.hadoop.fs.s3a.secret.key":                                        "hunter2-hunter2",
				"spark.kubernetes.executor.label.team":                                  "a",
				"spark.kubernetes.driverEnv.API_TOKEN":                                  "hunter2-hunter2",
				"spark.kubernetes.authenticate.driver.serviceAccountName":               "default",
				"spark.kubernetes.executor.annotation.karpenter.sh/do-not-disrupt":      "true",
				"spark.kubernetes.executor.annotation.cluster-autoscaler.kubernetes.io": "x",
			},
		},
	}
}

// The rules hold for both operators, and report where the object of each says it.
func TestRulesOnApache(t *testing.T) {
	const driver, executor = "spec.driverSpec.podTemplateSpec.", "spec.executorSpec.podTemplateSpec."
	conf := func(key string) string { return "spec.sparkConf[" + key + "]" }
	want := map[string][]string{
		"spark/eviction-guard": {
			conf("spark.kubernetes.driver.annotation.cluster-autoscaler.kubernetes.io/safe-to-evict"),
			conf("spark.kubernetes.driver.annotation.karpenter.sh/do-not-disrupt"),
			conf("spark.kubernetes.executor.annotation.cluster-autoscaler.kubernetes.io/safe-to-evict")},
		"spark/driver-priority-class":  {driver + "spec.priorityClassName"},
		"spark/driver-on-spot":         {driver + "spec.nodeSelector[karpenter.sh/capacity-type]"},
		"spark/driver-service-account": {conf("spark.kubernetes.authenticate.driver.serviceAccountName")},
		"spark/executor-pool":          {executor + "spec.nodeSelector"},
		"spark/executor-memory":        {conf("spark.executor.memoryOverhead"), conf("spark.executor.memory")},
		"spark/broadcast-threshold":    {conf("spark.sql.autoBroadcastJoinThreshold")},
		"spark/shuffle-loss":           {conf("spark.decommission.enabled")},
		"spark/latest-tag":             {conf("spark.kubernetes.container.image")},
		"spark/ignored-conf":           {conf("spark.kubernetes.executor.tolerations")},
		"spark/allocation-bound":       {conf("spark.dynamicAllocation.maxExecutors")},
		"spark/plaintext-secret": {"spec.driverArgs[1]", driver + "spec.containers[0].env[0].value",
			conf("spark.hadoop.fs.s3a.secret.key"), conf("spark.kubernetes.driverEnv.API_TOKEN")},
		"spark/restart-intervals": nil,
	}
	got := map[string][]string{}
	for _, line := range check(bundleOf(t, badApache())) {
		rule, rest, _ := strings.Cut(line, " ")
		field, _, _ := strings.Cut(rest, ": ")
		if !there(reflect.TypeFor[apachev1.SparkApplication](), field) {
			t.Errorf("%s: the object can't have %s", rule, field)
		}
		if _, ok := want[rule]; ok {
			got[rule] = append(got[rule], field)
		}
	}
	for rule := range want {
		slices.Sort(got[rule])
		if len(want[rule]) == 0 {
			delete(want, rule)
		}
	}
	maps.DeleteFunc(got, func(_ string, fields []string) bool { return len(fields) == 0 })
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// there reports whether a type has a place for a path.
func there(t reflect.Type, path string) bool {
	for path != "" {
		for t.Kind() == reflect.Pointer {
			t = t.Elem()
		}
		if rest, ok := strings.CutPrefix(path, "["); ok {
			if t.Kind() != reflect.Map && t.Kind() != reflect.Slice {
				return false
			}
			_, path, _ = strings.Cut(rest, "]")
			t = t.Elem()
			path = strings.TrimPrefix(path, ".")
			continue
		}
		step := path
		if i := strings.IndexAny(path, ".["); i >= 0 {
			step = path[:i]
		}
		path = strings.TrimPrefix(path[len(step):], ".")
		found := false
		if t.Kind() == reflect.Map {
			t, found = t.Elem(), true
		} else if t.Kind() == reflect.Struct {
			for i := range t.NumField() {
				if name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ","); name == step {
					t, found = t.Field(i).Type, true
					break
				}
			}
		}
		if !found {
			return false
		}
	}
	return true
}

// Rules that are about Kubeflow's operator alone pass over Apache's; a template
// file is lost only beside a template.
func TestRulesOfKubeflowAlone(t *testing.T) {
	app := badApache()
	app.Spec.SparkConf["spark.kubernetes.driver.podTemplateFile"] = "s3a://a"
	app.Spec.SparkConf["spark.kubernetes.executor.podTemplateFile"] = "s3a://a"
	app.Spec.SparkConf["spark.kubernetes.driver.podTemplateContainerName"] = "spark-kubernetes-driver"
	var got []string
	for _, line := range check(bundleOf(t, app)) {
		for _, rule := range []string{"spark/conf-denied", "spark/pod-template-conf"} {
			if strings.HasPrefix(line, rule+" ") {
				field, _, _ := strings.Cut(line, ": ")
				got = append(got, field)
			}
		}
	}
	if diff := cmp.Diff([]string{"spark/pod-template-conf spec.sparkConf[spark.kubernetes.driver.podTemplateFile]"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A job with the production defaults passes on either operator.
func TestRulesOnGoodApache(t *testing.T) {
	j := ordersDaily()
	j.Target = spark.ApacheOperator{}
	app, err := j.ApacheApplication()
	if err != nil {
		t.Fatal(err)
	}
	kubeflow := check(bundleOf(t, good(t), taintedPool()))
	if diff := cmp.Diff(kubeflow, check(bundleOf(t, app, taintedPool()))); diff != "" {
		t.Errorf("(-Kubeflow +Apache):\n%s", diff)
	}
}

// Every field of Kubeflow's spec that a rule may name has a place in Apache's.
func TestFieldsOfApache(t *testing.T) {
	app := badApache()
	pod := spark.Pods(app)[0]
	if pod.Path != "spec.driverSpec.podTemplateSpec" || pod.Field("spec.containers[0].image") != "spec.sparkConf[spark.kubernetes.container.image]" {
		t.Errorf("%s, %s", pod.Path, pod.Field("spec.containers[0].image"))
	}
	// What only the webhook of Kubeflow's operator brings to pods can't be seen.
	skip := map[string]bool{}
	for _, name := range []string{"Volumes", "Monitoring", "SparkUIOptions", "DriverIngressOptions", "BatchSchedulerOptions", "SparkConfigMap", "HadoopConfigMap",
		"FailureRetries", "RetryInterval", "PythonVersion", "Suspend"} {
		skip[name] = true
	}
	typ := reflect.TypeFor[v1beta2.SparkApplicationSpec]()
	for i := range typ.NumField() {
		name, _, _ := strings.Cut(typ.Field(i).Tag.Get("json"), ",")
		if skip[typ.Field(i).Name] || name == "deps" {
			continue
		}
		if got := spark.OwnField(app, "spec."+name); !there(reflect.TypeFor[apachev1.SparkApplication](), got) {
			t.Errorf("%s stands at %s, which isn't there", name, got)
		}
	}
	for field, want := range map[string]string{
		"spec.mainApplicationFile":            "spec.pyFiles",
		"spec.arguments[3]":                   "spec.driverArgs[3]",
		"spec.driver.annotations[a/b.c]":      "spec.sparkConf[spark.kubernetes.driver.annotation.a/b.c]",
		"spec.driver.annotations":             "spec.sparkConf",
		"spec.imagePullSecrets[1]":            "spec.sparkConf[spark.kubernetes.container.image.pullSecrets]",
		"spec.executor.template.spec.a[0].b":  "spec.executorSpec.podTemplateSpec.spec.a[0].b",
		"spec.executor.tolerations[2].key":    "spec.executorSpec.podTemplateSpec.spec.tolerations[2].key",
		"spec.executor.envVars[A]":            "spec.sparkConf[spark.executorEnv.A]",
		"spec.deps.packages[0]":               "spec.sparkConf[spark.jars.packages]",
		"spec.hadoopConf[fs.x]":               "spec.sparkConf[spark.hadoop.fs.x]",
		"spec.restartPolicy.onFailureRetries": "spec.applicationTolerations.restartConfig.maxRestartOnFailure",
		"spec.sparkConf[spark.driver.memory]": "spec.sparkConf[spark.driver.memory]",
		"metadata.labels[image]":              "metadata.labels[image]",
	} {
		if got := spark.OwnField(app, field); got != want {
			t.Errorf("%s: %s, want %s", field, got, want)
		}
		if got := spark.OwnField(&v1beta2.SparkApplication{}, field); got != field {
			t.Errorf("%s of Kubeflow's: %s", field, got)
		}
	}
}

func TestReferencesOfApache(t *testing.T) {
	app := badApache()
	app.Spec.SparkConf["spark.kubernetes.hadoop.configMapName"] = "hadoop"
	app.Spec.DriverServiceIngressList = []apachev1.DriverServiceIngressSpec{{}, {IngressSpec: &networkingv1.IngressSpec{TLS: []networkingv1.IngressTLS{{}, {SecretName: "ui"}}}}}
	want := []millrace.Reference{
		{Kind: "ConfigMap", Namespace: "data", Name: "hadoop", Field: "spec.sparkConf[spark.kubernetes.hadoop.configMapName]"},
		{Kind: "Secret", Namespace: "data", Name: "ui", Field: "spec.driverServiceIngressList[1].ingressSpec.tls[1].secretName"},
	}
	if diff := cmp.Diff(want, spark.References(app)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// The operator fills the version into the name of the image.
func TestApacheImageOfTheVersion(t *testing.T) {
	app := badApache()
	app.Spec.SparkConf["spark.kubernetes.container.image"] = "apache/spark:{{SPARK_VERSION}}-scala"
	for _, p := range spark.Pods(app) {
		if got := p.Template.Spec.Containers[0].Image; got != "apache/spark:3.5.1-scala" {
			t.Errorf("%s: %s", p.Role, got)
		}
	}
	if got := app.Spec.SparkConf["spark.kubernetes.container.image"]; got != "apache/spark:{{SPARK_VERSION}}-scala" {
		t.Errorf("the object's own image became %s", got)
	}
}

// What the operator does where its spec doesn't say is part of the view.
func TestViewOfApache(t *testing.T) {
	policy := func(typ v1beta2.RestartPolicyType, failures, submissions int32, pause, submissionPause int64) v1beta2.RestartPolicy {
		return v1beta2.RestartPolicy{Type: typ, OnFailureRetries: &failures, OnFailureRetryInterval: &pause,
			OnSubmissionFailureRetries: &submissions, OnSubmissionFailureRetryInterval: &submissionPause}
	}
	for name, tc := range map[string]struct {
		tolerations *apachev1.ApplicationTolerations
		ttl         *int64
		want        v1beta2.RestartPolicy
	}{
		"nothing": {nil, nil, policy("Never", 3, 3, 30, 30)},
		"all of it": {&apachev1.ApplicationTolerations{TTLAfterStopMillis: new(int64(5000)), RestartConfig: &apachev1.RestartConfig{
			RestartPolicy: "Always", MaxRestartAttempts: new(int64(9)), MaxRestartOnFailure: new(int64(1)), MaxRestartOnSchedulingFailure: new(int64(2)),
			RestartBackoffMillis: new(int64(1000)), RestartBackoffMillisForFailure: new(int64(2000)), RestartBackoffMillisForSchedulingFailure: new(int64(10)),
		}}, new(int64(5)), policy("Always", 1, 2, 2, 1)},
		"the general ones": {&apachev1.ApplicationTolerations{TTLAfterStopMillis: new(int64(-1)), RestartConfig: &apachev1.RestartConfig{
			RestartPolicy: "OnInfrastructureFailure", MaxRestartAttempts: new(int64(1) << 40), RestartBackoffMillis: new(int64(4000)),
		}}, nil, policy("OnFailure", 2147483647, 2147483647, 4, 4)},
	} {
		app := badApache()
		app.Spec.ApplicationTolerations = tc.tolerations
		got := spark.ApacheView(app)
		if diff := cmp.Diff(tc.want, got.RestartPolicy); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		if diff := cmp.Diff(tc.ttl, got.TimeToLiveSeconds); diff != "" {
			t.Errorf("%s: time to live: %s", name, diff)
		}
	}
	app := badApache()
	delete(app.Spec.SparkConf, "spark.dynamicAllocation.enabled")
	if p := spark.Pods(app)[1]; p.Min != 2 || p.Max != 2 { // Spark's own number
		t.Errorf("%d to %d executors", p.Min, p.Max)
	}
	app.Spec.DeploymentMode, app.Spec.PyFiles, app.Spec.SparkRFiles = "ClientMode", nil, new("local:///a.R")
	if got := spark.ApacheView(app); got.Mode != v1beta2.DeployModeClient || got.Type != v1beta2.SparkApplicationTypeR || *got.MainApplicationFile != "local:///a.R" {
		t.Errorf("%s, %s, %v", got.Mode, got.Type, got.MainApplicationFile)
	}
}
