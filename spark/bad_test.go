package spark_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/kubeflow/spark-operator/v2/api/v1beta2"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/spark"
)

const (
	required    = millrace.RuleRequired
	invalid     = millrace.RuleInvalid
	conflict    = millrace.RuleConflict
	unsupported = millrace.RuleUnsupported
	unknown     = millrace.RuleUnknown
	duplicate   = millrace.RuleDuplicate
)

func TestBadCompositions(t *testing.T) {
	emptyDir := corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{}}
	submit := spark.Submit{Master: "k8s://https://k8s-api.internal:6443"}
	for name, tc := range map[string]struct {
		edit func(*spark.Job)
		want []string
	}{
		"nothing":                  {func(j *spark.Job) { *j = spark.Job{} }, []string{required + " Name", required + " Version", required + " Image", required + " Main"}},
		"name starts with a digit": {func(j *spark.Job) { j.Name = "1-etl" }, []string{invalid + " Name"}},
		"name with a dot":          {func(j *spark.Job) { j.Name = "etl.daily" }, []string{invalid + " Name"}},
		"long name":                {func(j *spark.Job) { j.Name = strings.Repeat("a", 64) }, []string{invalid + " Name"}},
		"namespace":                {func(j *spark.Job) { j.Namespace = "Data" }, []string{invalid + " Namespace"}},
		"labels": {func(j *spark.Job) {
			j.Labels = map[string]string{"a b": "c"}
			j.Driver.Labels = map[string]string{"x": "a b"}
		}, []string{invalid + " Labels[a b]", invalid + " Driver.Labels[x]"}},
		"annotations":             {func(j *spark.Job) { j.Annotations = map[string]string{"a b": "c"} }, []string{invalid + " Annotations[a b]"}},
		"version":                 {func(j *spark.Job) { j.Version = "latest" }, []string{invalid + " Version"}},
		"old version":             {func(j *spark.Job) { j.Version = "2.4.8" }, []string{unsupported + " Version"}},
		"absurd version":          {func(j *spark.Job) { j.Version = strings.Repeat("9", 99) + ".1" }, []string{invalid + " Version"}},
		"image":                   {func(j *spark.Job) { j.Image = "a b:1" }, []string{invalid + " Image"}},
		"class is missing":        {func(j *spark.Job) { j.Class = "" }, []string{required + " Class"}},
		"class":                   {func(j *spark.Job) { j.Class = "com..Etl" }, []string{invalid + " Class"}},
		"class of Python":         {func(j *spark.Job) { j.Main = "local:///a.py" }, []string{conflict + " Class"}},
		"language is unknown":     {func(j *spark.Job) { j.Main = "local:///opt/etl" }, []string{required + " Language"}},
		"language":                {func(j *spark.Job) { j.Language = "Go" }, []string{invalid + " Language"}},
		"language against Main":   {func(j *spark.Job) { j.Language = spark.Scala; j.Main = "local:///a.py" }, []string{conflict + " Language"}},
		"Main of the wrong place": {func(j *spark.Job) { j.Main = "/opt/etl.jar" }, []string{invalid + " Main"}},
		"Main of no place":        {func(j *spark.Job) { j.Main = "jobs/etl.jar" }, []string{invalid + " Main"}},
		"files of the wrong place": {func(j *spark.Job) {
			j.Deps = spark.Deps{Jars: []string{"local:///a.jar", "/b.jar"}, Files: []string{"c.csv"}, PyFiles: []string{"file:///d.py"}, Archives: []string{"s3a://e/f.tgz#f"}}
		}, []string{invalid + " Deps.Jars[1]", invalid + " Deps.Files[0]", invalid + " Deps.PyFiles[0]"}},
		"Main is an option": {func(j *spark.Job) { j.Main = "--conf=x.jar" }, []string{invalid + " Main"}},
		"NUL":               {func(j *spark.Job) { j.Args = []string{"ok", "a\x00b"} }, []string{invalid + " Args[1]"}},
		"references alone": {func(j *spark.Job) {
			j.Args = []string{"--date={{workflow.parameters.date}}", "{{APP_ID}}"}
			j.Conf = map[string]string{"spark.x": "{{inputs.parameters.x}}"}
			j.Driver.Env = []corev1.EnvVar{{Name: "A", Value: "{{tasks.a.outputs.result}}"}}
			j.Base.Arguments = nil
			j.HadoopConf = map[string]string{"x": "{{=toJson(1)}}"}
		}, []string{unknown + " Args[0]", unknown + " Driver.Env[0].Value", unknown + " Conf[spark.x]", unknown + " HadoopConf[x]"}},

		"packages": {func(j *spark.Job) {
			j.Deps = spark.Deps{Packages: []string{"a:b"}, ExcludePackages: []string{"a:b:c"}, Jars: []string{"a,b", ""}, PullPolicy: "Sometimes", PullSecrets: []string{"A"}}
		}, []string{invalid + " Deps.Jars[0]", invalid + " Deps.Jars[1]", invalid + " Deps.Packages[0]", invalid + " Deps.ExcludePackages[0]", invalid + " Deps.PullPolicy", invalid + " Deps.PullSecrets[0]"}},

		"sizes": {func(j *spark.Job) {
			j.Driver.Memory, j.Driver.MemoryOverhead = 100*millrace.MiB, -1
			j.Executor.Memory, j.Executor.OffHeap = millrace.GiB+1, math.MaxInt64
			j.Executor.MemoryOverhead, j.Executor.PythonMemory = 1, math.MinInt64
		}, []string{invalid + " Driver.Memory", invalid + " Driver.MemoryOverhead", invalid + " Executor.Memory", invalid + " Executor.MemoryOverhead",
			invalid + " Executor.OffHeap", invalid + " Executor.PythonMemory", conflict + " Executor.PythonMemory"}},
		"cores": {func(j *spark.Job) { j.Driver.Cores, j.Executor.Cores, j.Executor.Instances = -1, math.MinInt32, -7 },
			[]string{invalid + " Driver.Cores", invalid + " Executor.Cores", invalid + " Executor.Instances"}},
		"CPU": {func(j *spark.Job) {
			j.Driver.CoreRequest, j.Driver.CoreLimit, j.Executor.CoreRequest = "two", "-1", "0"
		},
			[]string{invalid + " Driver.CoreRequest", invalid + " Driver.CoreLimit", invalid + " Executor.CoreRequest"}},
		"limit below cores":   {func(j *spark.Job) { j.Executor.Cores, j.Executor.CoreLimit = 4, "3800m" }, []string{conflict + " Executor.CoreLimit"}},
		"limit below request": {func(j *spark.Job) { j.Driver.CoreRequest, j.Driver.CoreLimit = "1500m", "1" }, []string{conflict + " Driver.CoreLimit"}},
		"heap in options":     {func(j *spark.Job) { j.Driver.JavaOptions = "-Xmx4g" }, []string{conflict + " Driver.JavaOptions"}},
		"accounts and classes": {func(j *spark.Job) {
			j.Driver.ServiceAccount, j.Driver.PriorityClass, j.Executor.PriorityClass, j.Executor.ServiceAccount = "A", "B", "C", "D"
		}, []string{invalid + " Driver.PriorityClass", invalid + " Driver.ServiceAccount", invalid + " Executor.PriorityClass", invalid + " Executor.ServiceAccount"}},
		"accounts twice": {func(j *spark.Job) {
			j.Driver.ServiceAccount, j.Executor.ServiceAccount = "driver", "executor"
			j.Base.Driver.Template = &corev1.PodTemplateSpec{Spec: corev1.PodSpec{ServiceAccountName: "driver"}}
			j.Base.Executor.Template = &corev1.PodTemplateSpec{Spec: corev1.PodSpec{DeprecatedServiceAccount: "executor"}}
		}, []string{conflict + " Base.Driver.Template.Spec.ServiceAccountName", conflict + " Base.Executor.Template.Spec.ServiceAccountName"}},
		"accounts in Base": {func(j *spark.Job) {
			j.Driver.ServiceAccount, j.Executor.ServiceAccount = "driver", "executor"
			j.Base.Driver.ServiceAccount, j.Base.Executor.ServiceAccount = new("driver"), new("x")
		}, []string{conflict + " Base.Driver.ServiceAccount", conflict + " Base.Executor.ServiceAccount"}},
		"placements": {func(j *spark.Job) {
			j.Placement.NodeSelector = map[string]string{"a b": "c"}
			j.Driver.Placement.Tolerations = []corev1.Toleration{{Key: "a", Effect: "NO_SCHEDULE"}}
			j.Executor.Placement.Annotations = map[string]string{"a b": ""}
		}, []string{invalid + " Placement.NodeSelector[a b]", invalid + " Driver.Placement.Tolerations[0].Effect", invalid + " Executor.Placement.Annotations[a b]"}},
		"durations": {func(j *spark.Job) {
			j.Driver.GracePeriod, j.Executor.GracePeriod = -time.Second, time.Millisecond
			j.Lifecycle.RetryInterval, j.Lifecycle.SubmissionRetryInterval, j.Lifecycle.TimeToLive = time.Millisecond, -1, math.MinInt64
		}, []string{invalid + " Driver.GracePeriod", invalid + " Executor.GracePeriod", invalid + " Lifecycle.RetryInterval",
			invalid + " Lifecycle.SubmissionRetryInterval", invalid + " Lifecycle.TimeToLive"}},
		"environment": {func(j *spark.Job) {
			j.Driver.Env = []corev1.EnvVar{{}, {Name: "1 a"}, {Name: "A"}, {Name: "A"}, {Name: "B", Value: "x", ValueFrom: &corev1.EnvVarSource{}}}
			j.Executor.EnvFrom = []corev1.EnvFromSource{{}, {SecretRef: &corev1.SecretEnvSource{}},
				{ConfigMapRef: &corev1.ConfigMapEnvSource{}, SecretRef: &corev1.SecretEnvSource{}}}
		}, []string{required + " Driver.Env[0].Name", invalid + " Driver.Env[1].Name", duplicate + " Driver.Env[3].Name",
			conflict + " Driver.Env[4].ValueFrom", required + " Driver.Env[4].ValueFrom",
			required + " Executor.EnvFrom[0]", required + " Executor.EnvFrom[1].SecretRef.Name", conflict + " Executor.EnvFrom[2]"}},
		"volumes": {func(j *spark.Job) {
			j.Executor.Volumes = []spark.Volume{
				{}, {Name: "A", Path: "data", Source: emptyDir}, {Name: "a", Path: "/data", Source: emptyDir},
				{Name: "a", Path: "/data/", Source: emptyDir, SubPath: "../x"},
				{Name: "s", Path: "/s", Scratch: true, ReadOnly: true, Source: corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{}, HostPath: &corev1.HostPathVolumeSource{}}},
			}
		}, []string{required + " Executor.Volumes[0].Name", required + " Executor.Volumes[0].Path", required + " Executor.Volumes[0].Source",
			invalid + " Executor.Volumes[1].Name", invalid + " Executor.Volumes[1].Path",
			duplicate + " Executor.Volumes[3].Name", duplicate + " Executor.Volumes[3].Path", invalid + " Executor.Volumes[3].SubPath",
			conflict + " Executor.Volumes[4].ReadOnly", conflict + " Executor.Volumes[4].Source"}},

		"broadcasts": {func(j *spark.Job) {
			j.Version = "3.1.1"
			j.Executor.Broadcast = spark.Broadcast{Static: -1, Measured: new(millrace.Bytes(-1))}
		},
			[]string{invalid + " Executor.Broadcast.Static", invalid + " Executor.Broadcast.Measured", unsupported + " Executor.Broadcast.Measured"}},
		"no maximum": {func(j *spark.Job) { j.Executor.DynamicAllocation.Min = 2 }, []string{required + " Executor.DynamicAllocation.Max"}},
		"bounds":     {func(j *spark.Job) { j.Executor.DynamicAllocation = spark.DynamicAllocation{Min: 5, Initial: 9, Max: 4} }, []string{conflict + " Executor.DynamicAllocation.Min", conflict + " Executor.DynamicAllocation.Initial"}},
		"negative": {func(j *spark.Job) {
			j.Executor.DynamicAllocation = spark.DynamicAllocation{Min: -5, Max: math.MinInt32}
		}, []string{invalid + " Executor.DynamicAllocation.Min"}},
		"both numbers": {func(j *spark.Job) { j.Executor.Instances = 3; j.Executor.DynamicAllocation.Max = 4 }, []string{conflict + " Executor.Instances"}},
		"nothing keeps shuffle data": {func(j *spark.Job) {
			j.Executor.DynamicAllocation = spark.DynamicAllocation{Max: 4, ShuffleTracking: new(false)}
			j.Conf = map[string]string{"spark.decommission.enabled": "false"}
		}, []string{conflict + " Executor.DynamicAllocation.ShuffleTracking"}},
		"tracking beside a service": {func(j *spark.Job) {
			j.Executor.DynamicAllocation = spark.DynamicAllocation{Max: 4, ShuffleTracking: new(true), ShuffleTrackingTimeout: time.Minute}
			j.Shuffle = spark.Celeborn{Masters: []string{"a:9097"}}
		}, []string{conflict + " Executor.DynamicAllocation.ShuffleTracking", conflict + " Executor.DynamicAllocation.ShuffleTrackingTimeout"}},

		"shuffle of an old Spark":      {func(j *spark.Job) { j.Version, j.Shuffle = "3.0.3", spark.Decommission{Fallback: "/tmp"} }, []string{unsupported + " Shuffle", invalid + " Shuffle.Fallback"}},
		"volumes for an old Spark":     {func(j *spark.Job) { j.Version, j.Shuffle = "3.3.4", spark.ReusePVC{} }, []string{unsupported + " Shuffle", required + " Shuffle.StorageClass", required + " Shuffle.Size"}},
		"volumes without a unit":       {func(j *spark.Job) { j.Shuffle = spark.ReusePVC{StorageClass: "ssd", Size: 100} }, []string{invalid + " Shuffle.Size"}},
		"volumes of less than nothing": {func(j *spark.Job) { j.Shuffle = spark.ReusePVC{StorageClass: "ssd", Size: -1} }, []string{invalid + " Shuffle.Size"}},
		"scratch beside volumes": {func(j *spark.Job) {
			j.Shuffle = spark.ReusePVC{StorageClass: "ssd", Size: millrace.GiB}
			j.Executor.Volumes = []spark.Volume{{Name: "x", Path: "/x", Scratch: true, Source: emptyDir}}
		}, []string{conflict + " Executor.Volumes[0]"}},
		"no masters":   {func(j *spark.Job) { j.Shuffle = spark.Celeborn{} }, []string{required + " Shuffle.Masters"}},
		"masters":      {func(j *spark.Job) { j.Shuffle = spark.Celeborn{Masters: []string{"a", "a:0", "a b:1", "a:99999"}} }, []string{invalid + " Shuffle.Masters[0]", invalid + " Shuffle.Masters[1]", invalid + " Shuffle.Masters[2]", invalid + " Shuffle.Masters[3]"}},
		"coordinators": {func(j *spark.Job) { j.Shuffle = spark.Uniffle{Coordinators: []string{"http://a:1"}} }, []string{invalid + " Shuffle.Coordinators[0]"}},
		"a client that comes too late": {func(j *spark.Job) {
			j.Shuffle = spark.Celeborn{Masters: []string{"a:9097"}}
			j.Deps.Packages = []string{"a:b:1", "org.apache.celeborn:celeborn-client-spark-3-shaded_2.12:0.7.0"}
			j.Deps.Jars = []string{"s3a://jars/rss-client-spark3-shaded-0.10.0.jar"}
		}, []string{unsupported + " Deps.Packages[1]", unsupported + " Deps.Jars[0]"}},
		"a client in time": {func(j *spark.Job) {
			j.Version, j.Shuffle = "4.0.1", spark.Celeborn{Masters: []string{"a:9097"}}
			j.Deps.Packages = []string{"org.apache.celeborn:celeborn-client-spark-4-shaded_2.13:0.7.0"}
		}, nil},
		"Hadoop's settings, by Spark's names": {func(j *spark.Job) {
			j.HadoopConf = map[string]string{"spark.hadoop.fs.s3a.endpoint": "x", "spark.x": "y", "fs.s3a endpoint": "z", "fs.s3a.path.style.access": "true"}
			j.Base.HadoopConf = map[string]string{"spark.hadoop.fs.gs.x": "y"}
		}, []string{invalid + " HadoopConf[spark.hadoop.fs.s3a.endpoint]", invalid + " HadoopConf[spark.x]", invalid + " HadoopConf[fs.s3a endpoint]",
			invalid + " Base.HadoopConf[spark.hadoop.fs.gs.x]"}},
		"dynamic service, old Spark": {func(j *spark.Job) {
			j.Version = "3.4.1"
			j.Shuffle = spark.Uniffle{Coordinators: []string{"a:1"}}
			j.Executor.DynamicAllocation.Max = 4
		}, []string{unsupported + " Shuffle"}},
		"pointers for values": {func(j *spark.Job) { j.Shuffle = (*spark.Celeborn)(nil); j.Target = (*spark.Submit)(nil) }, []string{invalid + " Shuffle", invalid + " Target"}},
		"pointers to values":  {func(j *spark.Job) { j.Shuffle = &spark.ReusePVC{}; j.Target = &spark.SparkOperator{} }, []string{invalid + " Shuffle", invalid + " Target"}},

		"restart": {func(j *spark.Job) {
			j.Lifecycle = spark.Lifecycle{Restart: "Sometimes", Retries: new(int32(-1)), SubmissionRetries: new(int32(-1))}
		},
			[]string{invalid + " Lifecycle.Restart", invalid + " Lifecycle.Retries", invalid + " Lifecycle.SubmissionRetries"}},
		"never, three times": {func(j *spark.Job) {
			j.Lifecycle = spark.Lifecycle{Restart: spark.Never, Retries: new(int32(3)), RetryInterval: time.Second}
		},
			[]string{conflict + " Lifecycle.Retries", conflict + " Lifecycle.RetryInterval"}},
		"held back by spark-submit": {func(j *spark.Job) { j.Target, j.Lifecycle.Suspended = submit, true }, []string{unsupported + " Lifecycle.Suspended"}},
		"event log":                 {func(j *spark.Job) { j.Observe.EventLog.Dir = "file:///tmp/events" }, []string{invalid + " Observe.EventLog.Dir"}},

		"Base says it too": {func(j *spark.Job) {
			j.Conf = map[string]string{"spark.x": "1"}
			j.Driver.Cores = 2
			j.Placement = pool()
			j.Base = v1beta2.SparkApplicationSpec{Image: new("other:1"), SparkConf: map[string]string{"spark.x": "2"}}
			j.Base.Driver.Cores = new(int32(3))
			j.Base.Executor.Template = &corev1.PodTemplateSpec{Spec: corev1.PodSpec{Tolerations: []corev1.Toleration{{Key: "x", Operator: corev1.TolerationOpExists}}}}
		}, []string{conflict + " Base.Image", conflict + " Base.SparkConf[spark.x]", conflict + " Base.Driver.Cores", conflict + " Base.Executor.Template.Spec.Tolerations"}},
		"Base says it for the webhook": {func(j *spark.Job) {
			j.Placement = pool()
			j.Driver.PriorityClass = "high"
			j.Executor.GracePeriod = time.Minute
			j.Executor.Env = []corev1.EnvVar{{Name: "A"}}
			j.Base.Driver.Tolerations = []corev1.Toleration{{Operator: corev1.TolerationOpExists}}
			j.Base.Driver.PriorityClassName = new("low")
			j.Base.Executor.TerminationGracePeriodSeconds = new(int64(3))
			j.Base.Executor.Env = []corev1.EnvVar{{Name: "B"}}
			j.Base.NodeSelector = map[string]string{"workload": "x"}
		}, []string{conflict + " Base.Driver.Tolerations", conflict + " Base.Driver.PriorityClassName", conflict + " Base.NodeSelector[workload]",
			conflict + " Base.Executor.TerminationGracePeriodSeconds", conflict + " Base.Executor.Env"}},
		"root": {func(j *spark.Job) {
			j.Driver.Security.Pod = &corev1.PodSecurityContext{RunAsUser: new(int64(0))}
			j.Executor.Security.Container = &corev1.SecurityContext{RunAsUser: new(int64(0)), Privileged: new(true)}
		}, []string{conflict + " Driver.Security.Pod.RunAsUser", conflict + " Executor.Security.Container.RunAsUser", conflict + " Executor.Security.Container.Privileged"}},
		"root on purpose": {func(j *spark.Job) {
			j.Driver.Security.Pod = &corev1.PodSecurityContext{RunAsUser: new(int64(0)), RunAsNonRoot: new(false)}
			j.Executor.Security.Container = &corev1.SecurityContext{RunAsUser: new(int64(0)), RunAsNonRoot: new(false), Privileged: new(true), AllowPrivilegeEscalation: new(true)}
		}, nil},
		"Base's selectors": {func(j *spark.Job) {
			j.Base.NodeSelector = map[string]string{"a": "b"}
			j.Base.Driver.NodeSelector = map[string]string{"a": "b"}
		}, []string{conflict + " Base.NodeSelector"}},
		"Base's hook":       {func(j *spark.Job) { j.Base.Executor.Lifecycle = &corev1.Lifecycle{} }, []string{conflict + " Base.Executor.Lifecycle"}},
		"Base's mode":       {func(j *spark.Job) { j.Base.Mode = v1beta2.DeployModeInClusterClient }, []string{unsupported + " Base.Mode"}},
		"Base's memory":     {func(j *spark.Job) { j.Base.Executor.Memory = new("4Gi") }, []string{invalid + " Base"}},
		"Base's allocation": {func(j *spark.Job) { j.Base.DynamicAllocation = &v1beta2.DynamicAllocation{Enabled: true} }, []string{required + " Executor.DynamicAllocation.Max"}},

		"no master": {func(j *spark.Job) { j.Target = spark.Submit{} }, []string{required + " Target.Master"}},
		"master":    {func(j *spark.Job) { j.Target = spark.Submit{Master: "https://k8s-api.internal"} }, []string{invalid + " Target.Master"}},
		"what an operator does": {func(j *spark.Job) {
			j.Target, j.Annotations = submit, map[string]string{"a": "b"}
			j.Lifecycle = spark.Lifecycle{Restart: spark.OnFailure, Retries: new(int32(1)), TimeToLive: time.Hour}
		}, []string{unsupported + " Lifecycle.Restart", unsupported + " Lifecycle.Retries", unsupported + " Lifecycle.TimeToLive", unsupported + " Annotations"}},
		"what spark-submit can't say": {func(j *spark.Job) {
			j.Target = submit
			j.Base.Monitoring = &v1beta2.MonitoringSpec{}
			j.Base.SparkConfigMap = new("conf")
			j.Base.Driver.MemoryLimit = new("4g")
			j.Base.Executor.GPU = &v1beta2.GPUSpec{Name: "nvidia.com/gpu"}
			j.Base.Executor.VolumeMounts = []corev1.VolumeMount{{Name: "y", MountPath: "/y"}}
			j.Base.RestartPolicy.Type = v1beta2.RestartPolicyAlways
			j.Base.BatchScheduler = new("volcano")
			j.Base.Suspend = new(true)
			j.Base.Volumes = []corev1.Volume{{Name: "x"}}
		}, []string{unsupported + " Base.Volumes[0]", unsupported + " Base.SparkConfigMap", unsupported + " Base.Driver.MemoryLimit",
			unsupported + " Base.Executor.GPU", unsupported + " Base.Executor.VolumeMounts[0]", unsupported + " Base.BatchScheduler",
			unsupported + " Base.RestartPolicy.Type", unsupported + " Base.Monitoring", unsupported + " Base.Suspend"}},
	} {
		t.Run(name, func(t *testing.T) {
			j := minimal()
			tc.edit(j)
			_, err := j.Build()
			wantFindings(t, tc.want, err)
		})
	}
}

func TestBadConf(t *testing.T) {
	for key, want := range map[string]struct{ rule, fix string }{
		"spark.executor.memory":                                     {conflict, "Executor.Memory"},
		"spark.driver.memoryOverhead":                               {conflict, "Driver.MemoryOverhead"},
		"spark.dynamicAllocation.enabled":                           {conflict, "Executor.DynamicAllocation"},
		"spark.kubernetes.container.image":                          {conflict, "Image"},
		"spark.kubernetes.namespace":                                {conflict, "Namespace"},
		"spark.kubernetes.executor.podTemplateFile":                 {conflict, "Base.Executor.Template"},
		"spark.kubernetes.authenticate.driver.serviceAccountName":   {conflict, "Driver.ServiceAccount"},
		"spark.kubernetes.authenticate.executor.serviceAccountName": {conflict, "Executor.ServiceAccount"},
		"spark.kubernetes.authenticate.driver.oauthToken":           {conflict, "Driver.ServiceAccount"},
		"spark.kubernetes.authenticate.oauthTokenFile":              {conflict, "Driver.ServiceAccount"},
		"spark.kubernetes.executor.annotation.a":                    {conflict, "Executor.Annotations"},
		"spark.kubernetes.executor.node.selector.workload":          {conflict, "Executor.Placement.NodeSelector"},
		"spark.kubernetes.driverEnv.A":                              {conflict, "Driver.Env"},
		"spark.kubernetes.driver.master":                            {conflict, "Base.Driver.KubernetesMaster"},
		"spark.master":                                              {conflict, "Target"},
		"spark.kubernetes.executor.tolerations":                     {unknown, "Placement.Tolerations"},
		"spark.kubernetes.serviceAccountName":                       {unknown, "Driver.ServiceAccount"},
		"spark.kubernetes.driver.memoryOverhead":                    {unknown, "Driver.MemoryOverhead"},
		"spark.executor.decommission.enabled":                       {unknown, "spark.decommission.enabled"},
		"spark.kubernetes.executor.reusePersistentVolume":           {unknown, "ReusePVC"},
		"spark.kubernetes.allocation.batchsize":                     {unknown, "did you mean spark.kubernetes.allocation.batch.size?"},
		"spark.kubernetes.driver.requestTimout":                     {unknown, "did you mean spark.kubernetes.driver.requestTimeout?"},
		"spark.kubernetes.somethingThatIsVeryFarFromAnythingKnown":  {unknown, "leave it out"},
		"spark.kubernetes.executor.volumes.":                        {unknown, ""},
		"executor.memory":                                           {invalid, ""},
		"spark.x\t":                                                 {invalid, "write it as spark.x"},
		"spark.x=y":                                                 {invalid, ""},
		"spark.shuffle.service.enabled":                             {unsupported, "Celeborn"},
		"spark.shuffle.push.enabled":                                {unsupported, "Uniffle"},
	} {
		for field, j := range map[string]*spark.Job{"Conf": minimal(), "Base.SparkConf": minimal()} {
			value := "1g"
			if strings.HasSuffix(key, ".enabled") {
				value = "true"
			}
			if field == "Conf" {
				j.Conf = map[string]string{key: value}
			} else {
				j.Base.SparkConf = map[string]string{key: value}
			}
			_, err := j.Build()
			if diff := cmp.Diff([]string{want.rule + " " + field + "[" + key + "]"}, findings(t, err)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", key, diff)
			} else if !strings.Contains(err.Error(), want.fix) {
				t.Errorf("%s: the fix doesn't say %q: %v", key, want.fix, err)
			}
		}
	}
}

func TestConfAgainstFields(t *testing.T) {
	for key, edit := range map[string]func(*spark.Job){
		"spark.eventLog.dir":                   func(j *spark.Job) { j.Observe.EventLog.Dir = "s3a://logs" },
		"spark.sql.autoBroadcastJoinThreshold": func(j *spark.Job) { j.Executor.Broadcast.Static = millrace.MiB },
		"spark.memory.offHeap.size":            func(j *spark.Job) { j.Executor.OffHeap = millrace.GiB },
		"spark.dynamicAllocation.executorIdleTimeout": func(j *spark.Job) {
			j.Executor.DynamicAllocation = spark.DynamicAllocation{Max: 3, IdleTimeout: time.Minute}
		},
		"spark.serializer":           func(j *spark.Job) { j.Shuffle = spark.Celeborn{Masters: []string{"a:1"}} },
		"spark.decommission.enabled": func(j *spark.Job) { j.Shuffle = spark.Decommission{} },
		"spark.hadoop.fs.x":          func(j *spark.Job) { j.HadoopConf = map[string]string{"fs.x": "y"} },
	} {
		j := minimal()
		j.Conf = map[string]string{key: "64m"}
		if strings.HasSuffix(key, ".enabled") {
			j.Conf[key] = "true"
		}
		if _, err := j.Build(); err != nil {
			t.Errorf("%s alone: %v", key, err)
		}
		edit(j)
		_, err := j.Build()
		if diff := cmp.Diff([]string{conflict + " Conf[" + key + "]"}, findings(t, err)); diff != "" {
			t.Errorf("%s beside its field (-want +got):\n%s", key, diff)
		}
	}
}

// What Spark knows is let through.
func TestGoodConf(t *testing.T) {
	j := minimal()
	j.Conf = map[string]string{
		"spark.kubernetes.allocation.maxPendingPods": "10", "spark.kubernetes.driver.volumes.emptyDir.x.mount.path": "/x",
		"spark.kubernetes.driver.service.label.a": "b", "spark.kubernetes.authenticate.submission.caCertFile": "/x",
		"spark.kubernetes.executor.podNamePrefix": "etl", "spark.shuffle.service.enabled": "false", "spark.company.own": "",
	}
	if _, err := j.Build(); err != nil {
		t.Error(err)
	}
	j.Conf = map[string]string{"spark.kubernetes.file.upload.path": "s3a://uploads/"}
	j.Main, j.Deps.Jars = "/opt/etl.jar", []string{"lib/a.jar"}
	if _, err := j.Build(); err != nil {
		t.Errorf("files that are uploaded: %v", err)
	}
	j = minimal()
	j.Version, j.Conf = "4.2.0", map[string]string{"spark.kubernetes.allocation.recoveryMode.enabled": "true"}
	if _, err := j.Build(); err != nil {
		t.Errorf("a setting of a later Spark: %v", err)
	}
	j.Conf = map[string]string{"spark.kubernetes.alocation.batch.size": "9"}
	if _, err := j.Build(); err == nil {
		t.Error("a slip, with a later Spark")
	}
	j = minimal()
	j.Conf = map[string]string{"spark.kubernetes.authenticate.driver.oauthTokenFile": "/x"}
	j.Target = spark.Submit{Master: "k8s://https://k8s-api.internal:6443"}
	if _, err := j.Build(); err != nil {
		t.Errorf("the operator's webhook doesn't judge what spark-submit does: %v", err)
	}
	j.Conf = map[string]string{"spark.kubernetes.executor.podNamePrefix": strings.Repeat("a", 48)}
	if _, err := j.Build(); err == nil {
		t.Error("a prefix of 48 characters")
	}
}

// A job has one list of mistakes, in one order.
func TestMistakesInOrder(t *testing.T) {
	j := minimal()
	j.Observe.EventLog.Dir = "s3a://logs"
	j.Conf = map[string]string{"spark.eventLog.dir": "a", "spark.eventLog.enabled": "b", "spark.eventLog.rolling.enabled": "c",
		"spark.a": "1", "spark.b": "1", "spark.c": "1", "spark.d": "1"}
	j.Base.SparkConf = map[string]string{"spark.a": "2", "spark.b": "2", "spark.c": "2", "spark.d": "2"}
	_, want := j.Build()
	for range 20 {
		if _, err := j.Build(); err.Error() != want.Error() {
			t.Fatalf("first\n%v\nand then\n%v", want, err)
		}
	}
}

func TestNilJob(t *testing.T) {
	var j *spark.Job
	if _, err := j.Build(); err == nil {
		t.Error("Build of nil")
	}
	if _, err := j.SparkApplication(); err == nil {
		t.Error("SparkApplication of nil")
	}
	if _, err := j.Runnable("x"); err == nil {
		t.Error("Runnable of nil")
	}
	j = minimal()
	j.Target = spark.Submit{Master: "k8s://https://k8s-api.internal:6443"}
	if _, err := j.SparkApplication(); err == nil {
		t.Error("SparkApplication of a job for spark-submit")
	}
}

// Nothing that can be put into a job makes Build panic.
func FuzzBuild(f *testing.F) {
	for i, s := range nasty {
		f.Add(s, int64(i)-5, i%2 == 0)
	}
	f.Add("\x00\xff", int64(math.MinInt64), true)
	f.Fuzz(func(t *testing.T, s string, n int64, submit bool) {
		q := resource.MustParse("1")
		q.Add(*resource.NewQuantity(n, resource.BinarySI))
		j := &spark.Job{
			Name: s, Namespace: s, Labels: map[string]string{s: s}, Annotations: map[string]string{s: s}, Image: s, Version: s, Main: s, Class: s,
			Args: []string{s}, Language: spark.Language(s), Conf: map[string]string{s: s, "spark." + s: s, "spark.kubernetes." + s: s}, HadoopConf: map[string]string{s: s},
			Deps: spark.Deps{Jars: []string{s}, Packages: []string{s}, PullSecrets: []string{s}},
			Driver: spark.Driver{Cores: int32(n), CoreRequest: s, CoreLimit: s, Memory: millrace.Bytes(n), MemoryOverhead: millrace.Bytes(n), ServiceAccount: s,
				Env: []corev1.EnvVar{{Name: s, ValueFrom: &corev1.EnvVarSource{}}}, GracePeriod: time.Duration(n)},
			Executor: spark.Executor{Instances: int32(n), OffHeap: millrace.Bytes(n), PythonMemory: millrace.Bytes(n), Broadcast: spark.Broadcast{Static: millrace.Bytes(n), Measured: new(millrace.Bytes(n))},
				DynamicAllocation: spark.DynamicAllocation{Min: int32(n), Max: int32(n >> 8), IdleTimeout: time.Duration(n)},
				Volumes:           []spark.Volume{{Name: s, Path: s, SubPath: s, Scratch: true, Source: corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{SizeLimit: &q}}}}},
			Shuffle:   spark.ReusePVC{StorageClass: s, Size: millrace.Bytes(n)},
			Lifecycle: spark.Lifecycle{TimeToLive: time.Duration(n), Restart: spark.RestartPolicy(s)},
		}
		if submit {
			j.Target = spark.Submit{Master: s, Mode: spark.Mode(s), Driver: spark.ClientDriver{Host: s, Port: int32(n), Pod: s}}
		}
		_, _ = j.Build()
		_, _ = j.Runnable(s)
		valid := minimal()
		valid.Args, valid.Conf = []string{s}, map[string]string{"spark.company.x": s}
		if submit {
			valid.Target = spark.Submit{Master: "k8s://https://k8s-api.internal:6443"}
		}
		if submit && n < 0 {
			valid.Target = spark.Submit{Master: "k8s://https://k8s-api.internal:6443", Mode: spark.ClientMode}
		}
		_, err := valid.Build()
		if err != nil && !strings.Contains(s, "\x00") && !strings.Contains(s, "{{") {
			t.Errorf("%q: %v", s, err)
		}
	})
}
