package spark_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/kubeflow/spark-operator/v2/api/v1beta2"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/spark"
)

// with sets settings.
func with(pairs ...string) func(*v1beta2.SparkApplicationSpec) {
	return func(s *v1beta2.SparkApplicationSpec) {
		for i := 0; i < len(pairs); i += 2 {
			s.SparkConf[pairs[i]] = pairs[i+1]
		}
	}
}

// allocating turns dynamic allocation on, by the field.
func allocating(edit func(*v1beta2.SparkApplicationSpec)) func(*v1beta2.SparkApplicationSpec) {
	return func(s *v1beta2.SparkApplicationSpec) {
		s.Executor.Instances = nil
		s.DynamicAllocation = &v1beta2.DynamicAllocation{Enabled: true, MinExecutors: new(int32(1)), MaxExecutors: new(int32(9))}
		edit(s)
	}
}

// What a complete Celeborn has, and what a test replaces in it.
func celebornConf(pairs ...string) func(*v1beta2.SparkApplicationSpec) {
	return with(append([]string{
		"spark.shuffle.manager", "org.apache.spark.shuffle.celeborn.SparkShuffleManager",
		"spark.celeborn.master.endpoints", "celeborn-master-0:9097",
		"spark.serializer", "org.apache.spark.serializer.KryoSerializer",
		"spark.sql.adaptive.localShuffleReader.enabled", "false",
	}, pairs...)...)
}

func uniffleConf(pairs ...string) func(*v1beta2.SparkApplicationSpec) {
	return with(append([]string{
		"spark.shuffle.manager", "org.apache.spark.shuffle.RssShuffleManager",
		"spark.rss.coordinator.quorum", "uniffle-0:19999",
		"spark.serializer", "org.apache.spark.serializer.KryoSerializer",
	}, pairs...)...)
}

const (
	plugin         = "spark.shuffle.sort.io.plugin.class"
	celebornPlugin = "org.apache.spark.shuffle.celeborn.CelebornShuffleDataIO"
	unifflePlugin  = "org.apache.spark.shuffle.RssShuffleDataIo"
	volumesPlugin  = "org.apache.spark.shuffle.KubernetesLocalDiskShuffleDataIO"
	committer      = "mapreduce.fileoutputcommitter.algorithm.version"
)

func TestConfRules(t *testing.T) {
	for name, tc := range map[string]struct {
		edit func(*v1beta2.SparkApplicationSpec)
		want []string // "rule field"
	}{
		"values of the wrong type": {with("spark.eventLog.enabled", "yes", "spark.sql.shuffle.partitions", "2k", "spark.network.timeout", "2 min", "spark.driver.maxResultSize", "4Gi"), []string{
			"spark/conf-value spec.sparkConf[spark.driver.maxResultSize]", "spark/conf-value spec.sparkConf[spark.eventLog.enabled]",
			"spark/conf-value spec.sparkConf[spark.network.timeout]", "spark/conf-value spec.sparkConf[spark.sql.shuffle.partitions]"}},
		"a value that is out of its bounds": {with("spark.kubernetes.allocation.batch.size", "0"), []string{"spark/conf-value spec.sparkConf[spark.kubernetes.allocation.batch.size]"}},
		"a value of another list":           {with("spark.sql.sources.partitionOverwriteMode", "append"), []string{"spark/conf-value spec.sparkConf[spark.sql.sources.partitionOverwriteMode]"}},
		"values that Spark reads":           {with("spark.eventLog.enabled", "TRUE", "spark.network.timeout", "2min", "spark.driver.maxResultSize", "4g", "spark.sql.sources.partitionOverwriteMode", "dynamic"), nil},
		"a setting that names a secret":     {with("spark.kubernetes.driver.secretKeyRef.DB_PASSWORD", "db:password", "spark.kubernetes.executor.secretKeyRef.API_TOKEN", "api:token"), nil},
		"a gang that Spark makes": {with("spark.kubernetes.driver.scheduler.name", "volcano", "spark.kubernetes.executor.scheduler.name", "volcano",
			"spark.kubernetes.driver.pod.featureSteps", "org.apache.spark.deploy.k8s.features.VolcanoFeatureStep",
			"spark.kubernetes.executor.pod.featureSteps", "org.apache.spark.deploy.k8s.features.VolcanoFeatureStep"), nil},
		"values to come": {with("spark.sql.shuffle.partitions", "{{inputs.parameters.n}}", "spark.speculation", "${spark.x}"), nil},

		"a setting of a later version": {with("spark.kubernetes.executor.useDriverPodIP", "true"), []string{"spark/conf-since spec.sparkConf[spark.kubernetes.executor.useDriverPodIP]"}},
		"a setting that is gone": {func(s *v1beta2.SparkApplicationSpec) {
			s.SparkVersion, s.SparkConf["spark.sql.hive.verifyPartitionPath"] = "4.1.2", "true"
		}, []string{"spark/conf-since spec.sparkConf[spark.sql.hive.verifyPartitionPath]"}},
		"an older name that is gone": {func(s *v1beta2.SparkApplicationSpec) {
			s.SparkVersion, s.SparkConf["spark.blacklist.enabled"] = "4.1.2", "true"
		}, []string{"spark/conf-since spec.sparkConf[spark.blacklist.enabled]"}},
		"settings of the version": {with("spark.sql.hive.verifyPartitionPath", "true", "spark.blacklist.enabled", "true"), nil},
		"settings of no version": {func(s *v1beta2.SparkApplicationSpec) {
			s.SparkVersion, s.SparkConf["spark.kubernetes.executor.useDriverPodIP"] = "latest", "true"
		}, nil},

		"settings that fields override": {with("spark.executor.memory", "9g", "spark.driver.cores", "7", "spark.executor.instances", "5",
			"spark.kubernetes.driver.annotation.karpenter.sh/do-not-disrupt", "false"), []string{
			"spark/conf-override spec.sparkConf[spark.driver.cores]", "spark/conf-override spec.sparkConf[spark.executor.instances]",
			"spark/conf-override spec.sparkConf[spark.executor.memory]", "spark/conf-override spec.sparkConf[spark.kubernetes.driver.annotation.karpenter.sh/do-not-disrupt]"}},
		"the name of a pod": {with("spark.kubernetes.driver.pod.name", "x"), nil},
		"the name of a pod twice": {func(s *v1beta2.SparkApplicationSpec) {
			s.Driver.PodName, s.SparkConf["spark.kubernetes.driver.pod.name"] = new("y"), "x"
		}, []string{"spark/conf-override spec.sparkConf[spark.kubernetes.driver.pod.name]"}},
		"settings that override fields": {with("spark.kubernetes.container.image.pullPolicy", "Always"), []string{
			"spark/conf-override spec.sparkConf[spark.kubernetes.container.image.pullPolicy]", "spark/image-pull spec.sparkConf[spark.kubernetes.container.image.pullPolicy]"}},
		"a setting of Hadoop twice": {func(s *v1beta2.SparkApplicationSpec) {
			s.HadoopConf = map[string]string{"fs.x": "a", "fs.y": "a"}
			with("spark.hadoop.fs.x", "b", "spark.hadoop.fs.y", "a")(s)
		}, []string{"spark/conf-override spec.sparkConf[spark.hadoop.fs.x]"}},
		"allocation twice": {allocating(with("spark.dynamicAllocation.enabled", "false", "spark.dynamicAllocation.shuffleTracking.enabled", "false")), []string{
			"spark/conf-override spec.sparkConf[spark.dynamicAllocation.enabled]", "spark/conf-override spec.sparkConf[spark.dynamicAllocation.shuffleTracking.enabled]"}},
		"maps that say it too": {func(s *v1beta2.SparkApplicationSpec) {
			s.Driver.EnvVars, s.Executor.EnvVars = map[string]string{"A": "x"}, map[string]string{"A": "x"}
			s.Driver.ServiceLabels = map[string]string{"a": "x"}
			s.NodeSelector = map[string]string{"a": "x"}
			with("spark.kubernetes.driverEnv.A", "y", "spark.executorEnv.A", "y", "spark.kubernetes.driver.service.label.a", "y", "spark.kubernetes.node.selector.a", "y")(s)
		}, []string{
			"spark/conf-override spec.sparkConf[spark.executorEnv.A]", "spark/conf-override spec.sparkConf[spark.kubernetes.driver.service.label.a]",
			"spark/conf-override spec.sparkConf[spark.kubernetes.driverEnv.A]", "spark/conf-override spec.sparkConf[spark.kubernetes.node.selector.a]"}},
		"the same said twice": {func(s *v1beta2.SparkApplicationSpec) { s.SparkConf["spark.executor.memory"] = *s.Executor.Memory }, nil},
		"a setting without its field": {func(s *v1beta2.SparkApplicationSpec) {
			s.Driver.Memory, s.SparkConf["spark.driver.memory"] = nil, "4g"
		}, nil},

		"settings that the operator refuses": {with("spark.master", "local", "spark.kubernetes.authenticate.driver.oauthToken", "{{x}}", "spark.kubernetes.namespace", "other"), []string{
			"spark/conf-denied spec.sparkConf[spark.master]", "spark/conf-denied spec.sparkConf[spark.kubernetes.authenticate.driver.oauthToken]",
			"spark/conf-denied spec.sparkConf[spark.kubernetes.namespace]"}},
		"a namespace to come": {with("spark.kubernetes.namespace", "{{workflow.namespace}}"), nil},

		"pod templates in settings": {with("spark.kubernetes.driver.podTemplateFile", "/a.yaml", "spark.kubernetes.executor.podTemplateContainerName", "x"), []string{
			"spark/pod-template-conf spec.sparkConf[spark.kubernetes.driver.podTemplateFile]",
			"spark/pod-template-conf spec.sparkConf[spark.kubernetes.executor.podTemplateContainerName]"}},

		"heartbeats that come too late": {with("spark.executor.heartbeatInterval", "2min"), []string{"spark/heartbeat spec.sparkConf[spark.executor.heartbeatInterval]"}},
		"a timeout that is too short":   {with("spark.network.timeout", "10"), []string{"spark/heartbeat spec.sparkConf[spark.network.timeout]"}},
		"heartbeats in time":            {with("spark.executor.heartbeatInterval", "20000", "spark.network.timeout", "21"), nil},
		"heartbeats to come":            {with("spark.executor.heartbeatInterval", "{{x}}", "spark.network.timeout", "1"), nil},

		"a committer that isn't safe": {func(s *v1beta2.SparkApplicationSpec) {
			s.HadoopConf = map[string]string{committer: "2", "fs.s3a.endpoint": "x"}
		}, []string{"spark/output-committer spec.hadoopConf[" + committer + "]"}},
		"a committer that isn't safe, in settings": {func(s *v1beta2.SparkApplicationSpec) {
			s.Arguments = append(s.Arguments, "--out=s3://bucket/orders")
			with("spark.hadoop."+committer, "2")(s)
		}, []string{"spark/output-committer spec.sparkConf[spark.hadoop." + committer + "]"}},
		"a committer that is safe": {with("spark.hadoop."+committer, "1", "spark.hadoop.fs.s3a.endpoint", "x"), nil},
		"a committer elsewhere": {func(s *v1beta2.SparkApplicationSpec) {
			s.SparkConf = maps.Clone(s.SparkConf)
			maps.DeleteFunc(s.SparkConf, func(_, v string) bool { return strings.Contains(v, "s3a://") })
			with("spark.hadoop."+committer, "2", "spark.hadoop.fs.defaultFS", "hdfs://x", "spark.eventLog.dir", "hdfs://x/logs")(s)
		}, nil},

		"a shuffle service of YARN": {with("spark.shuffle.service.enabled", "true"), []string{"spark/external-shuffle spec.sparkConf[spark.shuffle.service.enabled]"}},
		"no shuffle service":        {with("spark.shuffle.service.enabled", "false", "spark.shuffle.push.enabled", "false"), nil},
		"push-based shuffle":        {with("spark.shuffle.push.enabled", "true"), []string{"spark/push-shuffle spec.sparkConf[spark.shuffle.push.enabled]"}},

		"bounds in settings": {with("spark.dynamicAllocation.enabled", "true", "spark.dynamicAllocation.minExecutors", "9", "spark.dynamicAllocation.maxExecutors", "3"), []string{
			"spark/allocation-order spec.sparkConf[spark.dynamicAllocation.minExecutors]"}},
		"bounds in both": {allocating(func(s *v1beta2.SparkApplicationSpec) {
			s.DynamicAllocation.InitialExecutors = nil
			with("spark.dynamicAllocation.initialExecutors", "20")(s)
		}), []string{"spark/allocation-order spec.sparkConf[spark.dynamicAllocation.initialExecutors]"}},
		"no executors": {with("spark.dynamicAllocation.enabled", "true", "spark.dynamicAllocation.maxExecutors", "0"), []string{
			"spark/allocation-order spec.sparkConf[spark.dynamicAllocation.maxExecutors]"}},
		"bounds that nobody reads": {with("spark.dynamicAllocation.minExecutors", "9", "spark.dynamicAllocation.maxExecutors", "3"), nil},
		"good bounds":              {with("spark.dynamicAllocation.enabled", "true", "spark.dynamicAllocation.minExecutors", "1", "spark.dynamicAllocation.maxExecutors", "3"), nil},

		"off-heap without a size": {with("spark.memory.offHeap.enabled", "true"), []string{"spark/conf-conflict spec.sparkConf[spark.memory.offHeap.size]"}},
		"off-heap of no size":     {with("spark.memory.offHeap.enabled", "true", "spark.memory.offHeap.size", "0g"), []string{"spark/conf-conflict spec.sparkConf[spark.memory.offHeap.size]"}},
		"off-heap that is off":    {with("spark.memory.offHeap.size", "1g"), []string{"spark/conf-conflict spec.sparkConf[spark.memory.offHeap.size]"}},
		"off-heap":                {with("spark.memory.offHeap.enabled", "true", "spark.memory.offHeap.size", "1g"), nil},

		"tasks that fit nowhere":   {with("spark.task.cpus", "16"), []string{"spark/cores spec.sparkConf[spark.task.cpus]"}},
		"tasks that fit":           {with("spark.task.cpus", "2"), nil},
		"volumes that go":          {with("spark.kubernetes.driver.reusePersistentVolumeClaim", "true", "spark.kubernetes.driver.ownPersistentVolumeClaim", "false"), []string{"spark/conf-conflict spec.sparkConf[spark.kubernetes.driver.ownPersistentVolumeClaim]"}},
		"waiting for no volume":    {with("spark.kubernetes.driver.waitToReusePersistentVolumeClaim", "true", "spark.kubernetes.driver.reusePersistentVolumeClaim", "false"), []string{"spark/conf-conflict spec.sparkConf[spark.kubernetes.driver.waitToReusePersistentVolumeClaim]"}},
		"a plugin without volumes": {with(plugin, volumesPlugin, "spark.kubernetes.driver.reusePersistentVolumeClaim", "false"), []string{"spark/conf-conflict spec.sparkConf[spark.kubernetes.driver.reusePersistentVolumeClaim]"}},
		"volumes that are kept":    {with("spark.kubernetes.driver.waitToReusePersistentVolumeClaim", "true", "spark.kubernetes.driver.reusePersistentVolumeClaim", "true", "spark.kubernetes.driver.ownPersistentVolumeClaim", "true"), nil},

		"Celeborn":                    {celebornConf(), nil},
		"Celeborn without a master":   {celebornConf("spark.celeborn.master.endpoints", ""), []string{"spark/remote-shuffle spec.sparkConf[spark.celeborn.master.endpoints]"}},
		"Celeborn and Java":           {celebornConf("spark.serializer", "org.apache.spark.serializer.JavaSerializer"), []string{"spark/remote-shuffle spec.sparkConf[spark.serializer]"}},
		"Celeborn and a local reader": {celebornConf("spark.sql.adaptive.localShuffleReader.enabled", "true"), []string{"spark/remote-shuffle spec.sparkConf[spark.sql.adaptive.localShuffleReader.enabled]"}},
		"Celeborn and volumes":        {celebornConf(plugin, volumesPlugin), []string{"spark/remote-shuffle spec.sparkConf[" + plugin + "]"}},
		"Celeborn that tracks": {allocating(celebornConf(plugin, celebornPlugin)), []string{
			"spark/remote-shuffle spec.dynamicAllocation.shuffleTrackingEnabled"}},
		"Celeborn without its plugin": {allocating(func(s *v1beta2.SparkApplicationSpec) {
			s.DynamicAllocation.ShuffleTrackingEnabled = new(false)
			celebornConf()(s)
		}), []string{"spark/remote-shuffle spec.sparkConf[" + plugin + "]"}},
		"Celeborn and an old Spark": {allocating(func(s *v1beta2.SparkApplicationSpec) {
			s.DynamicAllocation.ShuffleTrackingEnabled, s.SparkVersion = new(false), "3.4.2"
			celebornConf()(s)
		}), []string{"spark/remote-shuffle spec.sparkVersion"}},
		"Celeborn that comes and goes": {allocating(func(s *v1beta2.SparkApplicationSpec) {
			s.DynamicAllocation.ShuffleTrackingEnabled = new(false)
			celebornConf(plugin, celebornPlugin)(s)
		}), nil},
		"Uniffle":                       {uniffleConf(), nil},
		"Uniffle that comes and goes":   {allocating(uniffleConf(plugin, unifflePlugin)), nil},
		"Uniffle with another's plugin": {allocating(uniffleConf(plugin, celebornPlugin)), []string{"spark/remote-shuffle spec.sparkConf[" + plugin + "]"}},
	} {
		t.Run(name, func(t *testing.T) {
			app := good(t)
			if app.Spec.SparkConf == nil {
				app.Spec.SparkConf = make(map[string]string)
			}
			tc.edit(&app.Spec)
			found := ids(check(bundleOf(t, app)))
			for _, id := range found {
				if !slices.Contains(tc.want, id) {
					t.Errorf("found %s", id)
				}
			}
			for _, id := range tc.want {
				if !slices.Contains(found, id) {
					t.Errorf("not found: %s", id)
				}
			}
		})
	}
}

// What a finding says of a namespace and a value.
func TestConfFindings(t *testing.T) {
	for _, tc := range []struct {
		edit func(*v1beta2.SparkApplicationSpec)
		want string
	}{
		{with("spark.network.timeout", "2 min"), `spark/conf-value spec.sparkConf[spark.network.timeout]: "2 min" is no time such as 30s; write a time such as 30s; without a unit it is in s`},
		{with("spark.executor.memory", "9g"), `spark/conf-override spec.sparkConf[spark.executor.memory]: spec.executor.memory wins over it, with "8g"`},
		{with("spark.sql.shuffle.partition", "9"), `spark/ignored-conf spec.sparkConf[spark.sql.shuffle.partition]: Spark has no such setting, and ignores it without a word; did you mean spark.sql.shuffle.partitions?`},
		{with("spark.kubernetes.executor.useDriverPodIP", "true"), `spark/conf-since spec.sparkConf[spark.kubernetes.executor.useDriverPodIP]: Spark has it since 4.1.0, the job has 3.5.1`},
	} {
		app := good(t)
		tc.edit(&app.Spec)
		if found := check(bundleOf(t, app)); !slices.Contains(found, tc.want) {
			t.Errorf("found\n%s\nwant\n%s", strings.Join(found, "\n"), tc.want)
		}
	}
}

// The namespace in the settings must be the object's, as far as that has one.
func TestNamespaceInConf(t *testing.T) {
	for namespace, found := range map[string]bool{"": false, "other": false, "data-platform": true} {
		app := good(t)
		app.Namespace = namespace
		with("spark.kubernetes.namespace", "other")(&app.Spec)
		const id = "spark/conf-denied spec.sparkConf[spark.kubernetes.namespace]"
		if got := slices.Contains(ids(check(bundleOf(t, app))), id); got != found {
			t.Errorf("in namespace %q: found %v", namespace, got)
		}
	}
}

// Build refuses values that Spark can't read, and takes those that a workflow
// fills in.
func TestBadValues(t *testing.T) {
	values := map[string]string{
		"spark.sql.shuffle.partitions": "2k", "spark.network.timeout": "2 min", "spark.speculation": "yes",
		"spark.driver.maxResultSize": "4Gi", "spark.kubernetes.report.interval": "0", "spark.sql.sources.partitionOverwriteMode": "append",
	}
	for key, value := range values {
		for field, j := range map[string]*spark.Job{"Conf": minimal(), "Base.SparkConf": minimal()} {
			conf := map[string]string{key: value}
			if field == "Conf" {
				j.Conf = conf
			} else {
				j.Base.SparkConf = conf
			}
			_, err := j.Build()
			if diff := cmp.Diff([]string{invalid + " " + field + "[" + key + "]"}, findings(t, err)); diff != "" {
				t.Errorf("%s=%s (-want +got):\n%s", key, value, diff)
			}
		}
	}
	j := inTask()
	for key := range values {
		j.Conf[key] = "{{inputs.parameters.value}}"
	}
	if _, err := j.Runnable("data-platform"); err != nil {
		t.Error(err)
	}
	// This version knows no such bounds, and no such setting.
	j = minimal()
	j.Version, j.Conf = "3.0.0", map[string]string{"spark.kubernetes.executor.rollInterval": "often"}
	if _, err := j.Build(); err != nil {
		t.Error(err)
	}
}

// What a Job's own fields render has no finding about settings, whatever the
// Spark version.
func TestConfOfJobs(t *testing.T) {
	own := map[string]bool{"spark/ignored-conf": true}
	for _, r := range spark.Rules() {
		if strings.HasPrefix(r.ID, "spark/conf-") || strings.HasSuffix(r.ID, "-shuffle") {
			own[r.ID] = true
		}
	}
	if len(own) < 8 {
		t.Fatalf("only %d rules", len(own))
	}
	shuffles := []spark.Shuffle{
		nil, spark.Decommission{}, spark.Decommission{Fallback: "s3a://x/y"},
		spark.ReusePVC{StorageClass: "gp3", Size: 100 * millrace.GiB},
		spark.Celeborn{Masters: []string{"celeborn-master-0:9097"}}, spark.Uniffle{Coordinators: []string{"uniffle-0:19999"}},
	}
	for _, version := range []string{"3.1.3", "3.4.2", "3.5.1", "4.0.1", "4.1.2"} {
		for _, shuffle := range shuffles {
			for _, allocation := range []spark.DynamicAllocation{{}, {Min: 1, Max: 9, IdleTimeout: time.Minute}} {
				j := minimal()
				j.Version, j.Shuffle, j.Executor.DynamicAllocation = version, shuffle, allocation
				j.Executor.OffHeap, j.Executor.GracePeriod, j.Lifecycle.Restart = millrace.GiB, time.Minute, spark.Always
				app, err := j.SparkApplication()
				if err != nil {
					continue // a shuffle that this version doesn't have
				}
				for _, f := range check(bundleOf(t, app)) {
					if id, _, _ := strings.Cut(f, " "); own[id] {
						t.Errorf("Spark %s, %T, dynamic %v: %s", version, shuffle, allocation.Max > 0, f)
					}
				}
			}
		}
	}
}
