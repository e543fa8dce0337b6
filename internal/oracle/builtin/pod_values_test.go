package builtin_test

import (
	"reflect"
	"strings"

	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

var (
	digits  = strings.Repeat("0123456789", 30)
	naa     = "naa." + digits[:32]
	eui     = "eui." + digits[:16]
	long    = strings.Repeat("a", 64)
	dotted  = strings.Repeat("abcdefgh.", 28) + "a"
	tooLong = dotted + "." + dotted
)

// podWords are what the fields of a name hold, valid and invalid values mixed.
var podWords = map[string][]any{
	"name":                          {"data", "config", "cache", "main", "side", "init", "web", "a", "a.b", "A", "", long, "-a", "a-", "a_b", "with space", "job", "x", "1"},
	"image":                         {"registry.example.com/etl:1.4", "nginx", "nginx:latest", "", " nginx", "nginx ", "x"},
	"mountPath":                     {"/data", "/config", "/cache", "/data", "relative", "", "/a/../b", "/dev/xvda"},
	"devicePath":                    {"/dev/xvda", "/dev/xvdb", "/data", "", "/dev/../x"},
	"subPath":                       {"a", "a/b", "/a", "../a", "a/../b", "..a", "a..b", ""},
	"subPathExpr":                   {"$(NAME)", "a/$(NAME)", "/a", "../a", ""},
	"path":                          {"/", "/healthz", "a/b", "a", "..", "../a", "..a", "", "/a/../b", "b", "c", "token"},
	"fieldPath":                     {"metadata.name", "metadata.namespace", "metadata.uid", "metadata.labels", "metadata.annotations", "metadata.labels['app']", "metadata.annotations['Example.com/A']", "metadata.labels['']", "metadata.labels['a b']", "metadata.annotations['a/b/c']", "spec.nodeName", "spec.host", "spec.serviceAccountName", "spec.restartPolicy", "status.hostIP", "status.podIP", "status.podIPs", "status.phase", "metadata.name['x']", "['x']", "x", ""},
	"apiVersion":                    {"v1", "v1", "", "v2"},
	"resource":                      {"limits.cpu", "requests.cpu", "limits.memory", "requests.ephemeral-storage", "limits.hugepages-2Mi", "requests.hugepages-", "limits.pods", "cpu", ""},
	"divisor":                       {"1", "1m", "1Mi", "1k", "2", "1Gi", "0", "1000m", "1024Ki", "1E", "-1", "10m"},
	"containerName":                 {"main", "side", "init", "other", ""},
	"targetContainerName":           {"main", "other", ""},
	"key":                           {"app", "example.com/a", "a.b", "..a", "a b", "", "zone", "kubernetes.io/hostname", "Example.com/a", long, "a/b/c", "/a"},
	"topologyKey":                   {"kubernetes.io/hostname", "topology.kubernetes.io/zone", "a b", "", "zone"},
	"protocol":                      {"TCP", "UDP", "SCTP", "", "tcp", "HTTP", "HTTP1", "HTTP2"},
	"containerPort":                 {int64(80), int64(8080), int64(443), int64(0), int64(-1), int64(65535), int64(65536), int64(9090)},
	"hostPort":                      {int64(0), int64(80), int64(8080), int64(-1), int64(70000), int64(9090)},
	"hostIP":                        {"", "10.0.0.1", "0.0.0.0"},
	"prefix":                        {"APP_", "", "a=b", "1x", "ü"},
	"value":                         {"", "", "x", "a b", "info", long, "5", "-5"},
	"volumeName":                    {"data", "config", "cache", "other", "a.b", "", long},
	"claimName":                     {"data", "claim", "x-cache", "x-data", ""},
	"secretName":                    {"keys", ""},
	"serviceName":                   {"web", "", "a.b", "A", long},
	"driver":                        {"csi.example.com", "CSI.Example.com", "", long + ".a", "a_b", dotted},
	"options":                       {map[string]any{"a": "b"}, map[string]any{"x.kubernetes.io/a": "b"}, map[string]any{"K8s.io": "b", "a/b": "c"}},
	"nameservers":                   {[]any{"10.0.0.10"}, []any{"::1", "1.1.1.1", "8.8.8.8"}, []any{"1.1.1.1", "1.1.1.1", "1.1.1.1", "1.1.1.1"}, []any{"010.0.0.1"}, []any{"::ffff:1.2.3.4"}, []any{"x"}, []any{}},
	"searches":                      {[]any{"example.com"}, []any{".", "a.b.", "_tcp.example.com"}, []any{"A.b"}, []any{""}, []any{dotted, dotted, dotted, dotted, dotted, dotted, dotted, dotted, dotted}, many("a", 33)},
	"ip":                            {"10.0.0.1", "::1", "1.2.3", "01.2.3.4", "", "::ffff:1.2.3.4"},
	"hostnames":                     {[]any{"a", "b.example.com"}, []any{"A"}, []any{""}},
	"hostname":                      {"web", "", "a.b", "A", long},
	"subdomain":                     {"web", "", "a.b", long},
	"hostnameOverride":              {"web", "a.b", "", dotted, "A"},
	"nodeName":                      {"node-1", "", "a.b", "A", tooLong},
	"serviceAccountName":            {"etl", "", "a.b", "A"},
	"serviceAccount":                {"etl", "", "A"},
	"priorityClassName":             {"high", "system-node-critical", "", "A"},
	"runtimeClassName":              {"gvisor", "", "A", "a.b"},
	"schedulerName":                 {"default-scheduler", "", "X"},
	"terminationGracePeriodSeconds": {int64(30), int64(0), int64(-1), int64(1), int64(5)},
	"activeDeadlineSeconds":         {int64(60), int64(0), int64(-1), int64(1) << 31, int64(1)},
	"seconds":                       {int64(5), int64(0), int64(-1), int64(30), int64(31), int64(1)},
	"conditionType":                 {"example.com/ready", "Ready", "", "a b"},
	"type":                          {"RuntimeDefault", "Unconfined", "Localhost", "", "Other", "RollingUpdate", "OnDelete", "Recreate", "Directory", "Ready", "DisruptionTarget", "a b"},
	"localhostProfile":              {"profiles/a.json", "/a", "../a", "", " a", "a ", strings.Repeat("a", 4096)},
	"procMount":                     {"Default", "Unmasked", "x", "Unmasked"},
	"runAsUser":                     {int64(1000), int64(0), int64(-1), int64(1) << 31},
	"runAsGroup":                    {int64(1000), int64(-1), int64(1) << 31},
	"fsGroup":                       {int64(1000), int64(-1), int64(1) << 31},
	"supplementalGroups":            {[]any{int64(1), int64(-1)}, []any{int64(1000)}},
	"runAsUserName":                 {"ContainerUser", `DOMAIN\user`, `a\b\c`, "", `a.b\u`, `\u`, `D\`, "a\x01b", "..", "a:b", strings.Repeat("u", 105), long + long + long + long + `\u`, `a*\u`, `.a\u`},
	"gmsaCredentialSpec":            {"x", "", strings.Repeat("x", 65537)},
	"gmsaCredentialSpecName":        {"a", "A", ""},
	"add":                           {[]any{"NET_ADMIN"}, []any{"CAP_SYS_ADMIN"}, []any{"SYS_ADMIN"}, []any{}},
	"maxSkew":                       {int64(1), int64(0), int64(-1), int64(2)},
	"minDomains":                    {int64(1), int64(0), int64(-1)},
	"weight":                        {int64(1), int64(100), int64(0), int64(101), int64(50)},
	"values":                        {[]any{"a"}, []any{"a", "b"}, []any{}, []any{"a b"}, []any{"5"}, []any{int64(1), int64(2)}, []any{int64(2), int64(1)}, []any{int64(0)}, []any{int64(3), int64(3)}, []any{"node-1"}, []any{"N"}},
	"namespaces":                    {[]any{"a"}, []any{"A"}, []any{"a.b"}, []any{}},
	"matchLabelKeys":                {[]any{"app"}, []any{"zone"}, []any{"a b"}, []any{"app", "app"}, []any{}, []any{"track"}},
	"mismatchLabelKeys":             {[]any{"app"}, []any{"tenant"}, []any{"a b"}, []any{}},
	"sizeLimit":                     {"1Gi", "-1", "0"},
	"partition":                     {int64(0), int64(255), int64(256), int64(-1), int64(1)},
	"lun":                           {int64(0), int64(255), int64(256), int64(-1)},
	"iqn":                           {"iqn.2001-04.com.example:storage.disk1", eui, naa, "iqn.2001-04.com.example", "x", "", "eui.1", "naa.1"},
	"initiatorName":                 {"iqn.2001-04.com.example:a", eui, "x", "", "naa.1"},
	"targetPortal":                  {"10.0.0.1:3260", "", long},
	"targetWWNs":                    {[]any{"500a0982991b8dc5"}, []any{}},
	"wwids":                         {[]any{"3600508b400105e210000900000490000"}, []any{}},
	"monitors":                      {[]any{"10.0.0.1:6789"}, []any{}},
	"registry":                      {"registry:7861", "a:1,b:2", "x", "a:1,x", ""},
	"tenant":                        {"", "t", long + "a"},
	"datasetName":                   {"data", "a/b", ""},
	"datasetUUID":                   {"", "x"},
	"diskURI":                       {"https://a.blob.core.windows.net/c/d.vhd", "/subscriptions/s/d", "", "x"},
	"directory":                     {"a", "/a", "..", ""},
	"defaultMode":                   {int64(0o644), int64(0o1000), int64(-1), int64(0)},
	"mode":                          {int64(0o644), int64(0o1000), int64(-1), int64(0)},
	"expirationSeconds":             {int64(3600), int64(599), int64(600), int64(1)<<32 + 1},
	"signerName":                    {"example.com/signer", "kubernetes.io/kube-apiserver-client", "example/signer", "example.com", "", "example.com/a/b", "Example.com/a", "example.com/A", dotted + "/a", "x.kubernetes.io/a"},
	"keyType":                       {"ED25519", "RSA3072", "ECDSAP256", "x", ""},
	"maxExpirationSeconds":          {int64(3600), int64(3599), int64(86400), int64(86401), int64(7862400), int64(7862401)},
	"credentialBundlePath":          {"bundle", "", "/a", "../a", "token"},
	"keyPath":                       {"", "key", "..k", "bundle"},
	"certificateChainPath":          {"", "chain", "key"},
	"userAnnotations":               {map[string]any{"example.com/a": "b"}, map[string]any{"a": "b"}, map[string]any{"example.com/": "b"}, map[string]any{"Example.com/A": "b"}},
	"reference":                     {"registry.example.com/model:1", ""},
	"apiGroup":                      {"snapshot.storage.k8s.io", "", "A", "example.com"},
	"kind":                          {"PersistentVolumeClaim", "VolumeSnapshot", ""},
	"namespace":                     {"", "a", "A", "a.b"},
	"storageClassName":              {"fast", "", "A"},
	"volumeAttributesClassName":     {"gold", "", "A"},
	"accessModes":                   {[]any{"ReadWriteOnce"}, []any{"ReadWriteMany", "ReadOnlyMany"}, []any{"ReadWriteOncePod"}, []any{"ReadWriteOncePod", "ReadWriteOnce"}, []any{}, []any{"x"}},
	"resourceClaimName":             {"gpu", "A", ""},
	"resourceClaimTemplateName":     {"gpu", "A", ""},
	"request":                       {"", "a", "b", "A"},
	"command":                       {[]any{"true"}, []any{}},
	"port":                          {int64(80), "http", "x--y", int64(0), int64(70000), "", "1", "http-port", "toolongtoolongtoolong"},
	"initialDelaySeconds":           {int64(0), int64(5), int64(-1)},
	"timeoutSeconds":                {int64(0), int64(5), int64(-1)},
	"periodSeconds":                 {int64(0), int64(5), int64(-1)},
	"successThreshold":              {int64(0), int64(1), int64(2), int64(-1)},
	"failureThreshold":              {int64(0), int64(3), int64(-1)},
	"replicas":                      {int64(0), int64(1), int64(3), int64(-1)},
	"minReadySeconds":               {int64(0), int64(10), int64(-1), int64(600), int64(700)},
	"progressDeadlineSeconds":       {int64(600), int64(0), int64(-1), int64(10)},
	"revisionHistoryLimit":          {int64(0), int64(10), int64(-1)},
	"start":                         {int64(0), int64(1), int64(-1)},
	"parallelism":                   {int64(1), int64(0), int64(-1), int64(5), int64(20000), int64(100001)},
	"completions":                   {int64(1), int64(0), int64(-1), int64(5), int64(100001), int64(1000000000)},
	"backoffLimit":                  {int64(6), int64(0), int64(-1)},
	"backoffLimitPerIndex":          {int64(1), int64(0), int64(-1)},
	"maxFailedIndexes":              {int64(1), int64(0), int64(-1), int64(10), int64(20000), int64(200000)},
	"ttlSecondsAfterFinished":       {int64(60), int64(-1)},
	"managedBy":                     {"example.com/controller", "kubernetes.io/job-controller", "x", "", "example.com/" + long, "Example.com/a", "example.com/a b"},
	"succeededIndexes":              {"0", "0-2", "1,3-4", "", "x", "4-1", "3,1", "0-9999999", "1-2-3", "+1", "-1"},
	"succeededCount":                {int64(1), int64(0), int64(-1), int64(10)},
	"schedule":                      {"0 3 * * *", "@daily", "*/15 0-6/2 1,15 JAN-MAR mon-fri", "@every 1h", "@every x", "@Daily", "", "x", "60 * * * *", "* * * *", "* * * * * *", "TZ=UTC 0 3 * * *", "TZ=0", "CRON_TZ=Europe/Berlin @daily", ", * * * *", "*-x * * * *", "1-2-3 * * * *", "0 0 * * 7", "@every -1s", "+5 * * * *", "5/15 * * * *", "? ? ? ? ?", "*/0 * * * *", "1/2/3 * * * *", "9-5 * * * *", "0 0 31 feb sun"},
	"timeZone":                      {"Etc/UTC", "Europe/Berlin", "UTC", "Local", "local", "", "Mars/Olympus", "../etc", "Europe/", "GMT+1", "Etc/GMT+1", "-a"},
	"startingDeadlineSeconds":       {int64(60), int64(-1), int64(0)},
	"successfulJobsHistoryLimit":    {int64(3), int64(-1)},
	"failedJobsHistoryLimit":        {int64(1), int64(-1)},
	"action":                        {"FailJob", "FailIndex", "Ignore", "Count", "Restart", "RestartAllContainers", "", "x"},
	"stopSignal":                    {"SIGTERM", "x"},
	"maxUnavailable":                {int64(1), int64(0), "25%", "0%", "150%", "x", int64(-1), "5", "99999999999999999999%"},
	"maxSurge":                      {int64(1), int64(0), "25%", "0%", "150%", "x", int64(-1)},
	"sysctls":                       {[]any{map[string]any{"name": "net.core.somaxconn", "value": "1"}, map[string]any{"name": "kernel.shm_rmid_forced", "value": "1"}}, []any{map[string]any{"name": "kernel/sem", "value": "1"}, map[string]any{"name": "kernel/sem", "value": "1"}}, []any{map[string]any{"name": "A", "value": "1"}, map[string]any{"name": "", "value": "1"}}},
}

// many is a list of n equal items.
func many(v any, n int) []any {
	out := make([]any, n)
	for i := range out {
		out[i] = v
	}
	return out
}

// podTypes are what fields of a type hold, whatever their name.
var podTypes = map[reflect.Type][]any{
	reflect.TypeFor[resource.Quantity]():                               {"1", "500m", "1Gi", "2", "-1", "1.5", "0", "3Mi", "4Mi", "2Mi", "0.0001", "1100m", "64Ki"},
	reflect.TypeFor[metav1.LabelSelectorOperator]():                    {"In", "NotIn", "Exists", "DoesNotExist", "x", ""},
	reflect.TypeFor[corev1.NodeSelectorOperator]():                     {"In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt", "x", ""},
	reflect.TypeFor[corev1.TolerationOperator]():                       {"Equal", "Exists", "", "Lt", "x"},
	reflect.TypeFor[corev1.TaintEffect]():                              {"NoSchedule", "PreferNoSchedule", "NoExecute", "", "x"},
	reflect.TypeFor[corev1.ResourceName]():                             {"cpu", "memory", "ephemeral-storage", "hugepages-2Mi", "hugepages-1Gi", "hugepages-x", "hugepages-1m", "example.com/gpu", "storage", "pods", "requests.cpu", "requests.example.com/gpu", "kubernetes.io/x", "a b", "foo", ""},
	reflect.TypeFor[corev1.RestartPolicy]():                            {"Always", "OnFailure", "Never", "", "x"},
	reflect.TypeFor[corev1.ContainerRestartPolicy]():                   {"Always", "OnFailure", "Never", "", "x"},
	reflect.TypeFor[corev1.DNSPolicy]():                                {"ClusterFirst", "Default", "None", "ClusterFirstWithHostNet", "", "x"},
	reflect.TypeFor[corev1.PreemptionPolicy]():                         {"Never", "PreemptLowerPriority", "", "x"},
	reflect.TypeFor[corev1.PullPolicy]():                               {"Always", "IfNotPresent", "Never", "", "x"},
	reflect.TypeFor[corev1.TerminationMessagePolicy]():                 {"File", "FallbackToLogsOnError", "", "x"},
	reflect.TypeFor[corev1.URIScheme]():                                {"HTTP", "HTTPS", "", "http"},
	reflect.TypeFor[corev1.MountPropagationMode]():                     {"None", "HostToContainer", "Bidirectional", "", "x"},
	reflect.TypeFor[corev1.RecursiveReadOnlyMode]():                    {"Disabled", "IfPossible", "Enabled", "", "x"},
	reflect.TypeFor[corev1.HostPathType]():                             {"", "Directory", "DirectoryOrCreate", "File", "Socket", "x"},
	reflect.TypeFor[corev1.PersistentVolumeMode]():                     {"Block", "Filesystem", "", "x"},
	reflect.TypeFor[corev1.PodFSGroupChangePolicy]():                   {"Always", "OnRootMismatch", "", "x"},
	reflect.TypeFor[corev1.SupplementalGroupsPolicy]():                 {"Merge", "Strict", "", "x"},
	reflect.TypeFor[corev1.PodSELinuxChangePolicy]():                   {"Recursive", "MountOption", "", "x"},
	reflect.TypeFor[corev1.UnsatisfiableConstraintAction]():            {"DoNotSchedule", "ScheduleAnyway", "", "x"},
	reflect.TypeFor[corev1.NodeInclusionPolicy]():                      {"Honor", "Ignore", "", "x"},
	reflect.TypeFor[corev1.OSName]():                                   {"linux", "windows", "", "x"},
	reflect.TypeFor[corev1.ResourceResizeRestartPolicy]():              {"NotRequired", "RestartContainer", "", "x"},
	reflect.TypeFor[corev1.ContainerRestartRuleOnExitCodesOperator]():  {"In", "NotIn", "", "x"},
	reflect.TypeFor[corev1.AzureDataDiskCachingMode]():                 {"None", "ReadOnly", "ReadWrite", "x"},
	reflect.TypeFor[corev1.AzureDataDiskKind]():                        {"Shared", "Dedicated", "Managed", "x"},
	reflect.TypeFor[corev1.ConditionStatus]():                          {"True", "False", "Unknown", "", "x"},
	reflect.TypeFor[appsv1.DeploymentStrategyType]():                   {"RollingUpdate", "Recreate", "", "x"},
	reflect.TypeFor[appsv1.PodManagementPolicyType]():                  {"OrderedReady", "Parallel", "", "x"},
	reflect.TypeFor[appsv1.StatefulSetUpdateStrategyType]():            {"RollingUpdate", "OnDelete", "Recreate", "", "x"},
	reflect.TypeFor[appsv1.DaemonSetUpdateStrategyType]():              {"RollingUpdate", "OnDelete", "", "x"},
	reflect.TypeFor[appsv1.PersistentVolumeClaimRetentionPolicyType](): {"Retain", "Delete", "", "x"},
	reflect.TypeFor[batchv1.CompletionMode]():                          {"Indexed", "NonIndexed", "Indexed", "x", ""},
	reflect.TypeFor[batchv1.PodReplacementPolicy]():                    {"Failed", "TerminatingOrFailed", "x", ""},
	reflect.TypeFor[batchv1.ConcurrencyPolicy]():                       {"Allow", "Forbid", "Replace", "", "x"},
	reflect.TypeFor[batchv1.PodFailurePolicyOnExitCodesOperator]():     {"In", "NotIn", "", "x"},
	reflect.TypeFor[intstr.IntOrString]():                              {int64(80), "http", "25%", int64(0)},
	reflect.TypeFor[metav1.Time]():                                     {"2026-01-02T15:04:05Z"},
	reflect.TypeFor[metav1.FieldsV1]():                                 {map[string]any{"f:a": map[string]any{}}},
	reflect.TypeFor[corev1.ContainerRestartRuleAction]():               {"Restart", "RestartAllContainers", "", "x"},
	reflect.TypeFor[corev1.ProcMountType]():                            {"Default", "Unmasked", "x", ""},
	reflect.TypeFor[corev1.Capability]():                               {"NET_ADMIN", "CAP_SYS_ADMIN", "SYS_ADMIN"},
}

// podLabels are the labels of pods and what selects them.
var podLabels = []any{
	map[string]any{"app": "x"}, map[string]any{"app": "x"}, map[string]any{"app": "x", "zone": "a"}, map[string]any{}, map[string]any{"a b": "c"},
	map[string]any{"app": "a b"}, map[string]any{"job-name": "x"}, map[string]any{"batch.kubernetes.io/job-name": "y", "app": "x"}, map[string]any{"controller-uid": "1"},
	map[string]any{"batch.kubernetes.io/controller-uid": "1"}, map[string]any{"app": long}, map[string]any{"": "x"},
}

// podAnnotations mean something to the server.
var podAnnotations = []any{
	map[string]any{"a": "b"}, map[string]any{"a b": "c"}, map[string]any{},
	map[string]any{"kubernetes.io/config.mirror": "x"},
	map[string]any{"controller.kubernetes.io/pod-deletion-cost": "5"}, map[string]any{"controller.kubernetes.io/pod-deletion-cost": "+5"},
	map[string]any{"controller.kubernetes.io/pod-deletion-cost": "05"}, map[string]any{"controller.kubernetes.io/pod-deletion-cost": "99999999999"},
	map[string]any{"controller.kubernetes.io/pod-deletion-cost": "-0"}, map[string]any{"controller.kubernetes.io/pod-deletion-cost": ""},
	map[string]any{"scheduler.alpha.kubernetes.io/tolerations": `[{"key":"a","operator":"Exists","value":"b"}]`},
	map[string]any{"scheduler.alpha.kubernetes.io/tolerations": `[{"Key":"a b"},{"effect":"x","operator":"Exists"}]`},
	map[string]any{"scheduler.alpha.kubernetes.io/tolerations": `x`}, map[string]any{"scheduler.alpha.kubernetes.io/tolerations": ``},
	map[string]any{"seccomp.security.alpha.kubernetes.io/pod": "runtime/default"}, map[string]any{"seccomp.security.alpha.kubernetes.io/pod": "x"},
	map[string]any{"seccomp.security.alpha.kubernetes.io/pod": "localhost/../a"}, map[string]any{"seccomp.security.alpha.kubernetes.io/pod": "localhost/profiles/a.json"},
	map[string]any{"container.seccomp.security.alpha.kubernetes.io/main": "unconfined"}, map[string]any{"container.seccomp.security.alpha.kubernetes.io/main": "localhost//a"},
	map[string]any{"container.apparmor.security.beta.kubernetes.io/main": "runtime/default"}, map[string]any{"container.apparmor.security.beta.kubernetes.io/main": "localhost/a"},
	map[string]any{"container.apparmor.security.beta.kubernetes.io/main": "unconfined"}, map[string]any{"container.apparmor.security.beta.kubernetes.io/other": "x"},
	map[string]any{"container.apparmor.security.beta.kubernetes.io/main": "localhost/"},
	map[string]any{"deprecated.deployment.rollback.revisions": "1"}, map[string]any{"deprecated.deployment.rollback.to": "-1"},
	map[string]any{"deprecated.daemonset.template.generation": "-5"},
}
