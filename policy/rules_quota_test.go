package policy_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/millrace/millrace/policy"
)

// worker is a Deployment of three pods; what follows are its containers.
const worker = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: worker, namespace: data}
spec:
  replicas: 3
  selector: {matchLabels: {app: worker}}
  template:
    metadata: {labels: {app: worker}}
    spec:`

const sized = `
      containers:
      - name: main
        resources: {requests: {cpu: 2, memory: 4Gi}, limits: {cpu: 4, memory: 4Gi}}
---
`

func TestQuotaUnset(t *testing.T) {
	const quota = `
apiVersion: v1
kind: ResourceQuota
metadata: {name: budget, namespace: data}
spec:
  hard: {requests.cpu: 100, limits.cpu: 100, memory: 100Gi, requests.ephemeral-storage: 1Ti}
`
	bare := worker + `
      initContainers:
      - name: copy
        resources: {limits: {cpu: 1, memory: 1Gi}}
      containers:
      - name: main
        resources:
          requests: {cpu: 1}
---`
	checkManifests(t, policy.Production().Only("quota/unset"), map[string]manifests{
		"all said":                        {worker + sized + quota, nil},
		"no quota":                        {bare, nil},
		"quota elsewhere":                 {bare + "\napiVersion: v1\nkind: ResourceQuota\nmetadata: {name: budget, namespace: other}\nspec: {hard: {limits.cpu: 1}}\n", nil},
		"a resource that may be left out": {bare + "\napiVersion: v1\nkind: ResourceQuota\nmetadata: {name: budget, namespace: data}\nspec: {hard: {requests.ephemeral-storage: 1Gi, pods: 9}}\n", nil},
		"unset": {bare + quota, []string{
			"15 quota/unset Deployment data/worker spec.template.spec.containers[0].resources.limits[cpu]: the container main doesn't say it, and ResourceQuota budget bounds limits.cpu",
			"16 quota/unset Deployment data/worker spec.template.spec.containers[0].resources.requests[memory]: the container main doesn't say it, and ResourceQuota budget bounds memory",
		}},
		"filled in by a LimitRange": {bare + quota + `
---
apiVersion: v1
kind: LimitRange
metadata: {name: defaults, namespace: data}
spec:
  limits:
  - {type: Container, default: {cpu: 2, memory: 2Gi}}
`, nil},
		"filled in by the most that a LimitRange allows": {bare + quota + `
---
apiVersion: v1
kind: LimitRange
metadata: {name: defaults, namespace: data}
spec:
  limits:
  - {type: Container, max: {cpu: 2, memory: 2Gi}}
`, nil},
		"a LimitRange for pods fills in nothing": {bare + quota + `
---
apiVersion: v1
kind: LimitRange
metadata: {name: defaults, namespace: data}
spec:
  limits:
  - {type: Pod, max: {cpu: 2}}
  - {type: Container, default: {memory: 2Gi}}
`, []string{"15 quota/unset Deployment data/worker spec.template.spec.containers[0].resources.limits[cpu]: the container main doesn't say it, and ResourceQuota budget bounds limits.cpu"}},
		"said for the whole pod": {worker + `
      resources: {requests: {cpu: 1, memory: 1Gi}, limits: {cpu: 1, memory: 1Gi}}
      containers: [{name: main}]
---` + quota, nil},
	})
}

// A quota counts the pod "in" and not the pod "out".
func TestQuotaScopes(t *testing.T) {
	const (
		ends     = "  activeDeadlineSeconds: 60\n"
		high     = "  priorityClassName: high\n"
		asks     = "  resources: {requests: {cpu: 1}}\n"
		affinity = "  affinity: {podAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: zone, namespaces: [other]}]}}\n"
		avoiding = "  affinity: {podAntiAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [{weight: 1, podAffinityTerm: {topologyKey: zone, namespaceSelector: {}}}]}}\n"
		usual    = "apiVersion: scheduling.k8s.io/v1\nkind: PriorityClass\nmetadata: {name: usual}\nglobalDefault: true\nvalue: 5\n---\n"
	)
	pod := func(name, spec string) string {
		return "apiVersion: v1\nkind: Pod\nmetadata: {name: " + name + ", namespace: data}\nspec:\n" + spec + "  containers: [{name: main}]\n---\n"
	}
	expression := func(text string) string { return "scopeSelector: {matchExpressions: [" + text + "]}" }
	for name, tc := range map[string]struct{ in, out, scope, beside string }{
		"terminating":               {ends, "", "scopes: [Terminating]", ""},
		"not terminating":           {"", ends, "scopes: [NotTerminating]", ""},
		"best effort":               {"", asks, "scopes: [BestEffort]", ""},
		"not best effort":           {asks, "", "scopes: [NotBestEffort]", ""},
		"a class":                   {high, "", "scopes: [PriorityClass]", ""},
		"a class of a list":         {high, "  priorityClassName: low\n", expression("{scopeName: PriorityClass, operator: In, values: [high]}"), ""},
		"none of a list":            {"", high, expression("{scopeName: PriorityClass, operator: NotIn, values: [high]}"), ""},
		"no class":                  {"", high, expression("{scopeName: PriorityClass, operator: DoesNotExist}"), ""},
		"the class of all others":   {"", high, expression("{scopeName: PriorityClass, operator: In, values: [usual]}"), usual},
		"two scopes":                {high + ends, high, "scopes: [Terminating, PriorityClass]", ""},
		"affinity over namespaces":  {affinity, "", "scopes: [CrossNamespacePodAffinity]", ""},
		"avoidance over namespaces": {avoiding, "", "scopes: [CrossNamespacePodAffinity]", ""},
	} {
		t.Run(name, func(t *testing.T) {
			b := loadText(t, tc.beside+pod("in", tc.in)+pod("out", tc.out)+
				"apiVersion: v1\nkind: ResourceQuota\nmetadata: {name: budget, namespace: data}\nspec:\n  hard: {pods: 0}\n  "+tc.scope)
			var got []string
			for _, f := range policy.Production().Only("quota/exceeded").Check(b).Findings {
				got = append(got, f.Object.String()+" "+f.Field+": "+f.Detail)
			}
			want := []string{"ResourceQuota data/budget spec.hard[pods]: the bundle always takes 1 of pods, and the quota has 0: Pod data/in 1"}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}

func TestQuotaExceeded(t *testing.T) {
	quota := func(hard string) string {
		return "\napiVersion: v1\nkind: ResourceQuota\nmetadata: {name: budget, namespace: data}\nspec:\n  hard:\n    " + hard + "\n"
	}
	job := func(name, cpu string) string {
		return "apiVersion: batch/v1\nkind: Job\nmetadata: {name: " + name + ", namespace: data}\nspec:\n  template:\n    spec:\n      restartPolicy: Never\n" +
			"      containers: [{name: main, resources: {requests: {cpu: " + cpu + "}}}]\n---\n"
	}
	const scaler = `
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: worker, namespace: data}
spec: {minReplicas: 2, maxReplicas: 9, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: worker}}
---`
	const disks = `
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db, namespace: data}
spec:
  replicas: 2
  serviceName: db
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db}}
    spec:
      containers: [{name: main}]
      volumes:
      - {name: scratch, ephemeral: {volumeClaimTemplate: {spec: {storageClassName: fast, resources: {requests: {storage: 10Gi}}}}}}
  volumeClaimTemplates:
  - {metadata: {name: data}, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 100Gi}}}}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: shared, namespace: data}
spec: {storageClassName: slow, resources: {requests: {storage: 50Gi}}}
---
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: usual, annotations: {storageclass.kubernetes.io/is-default-class: "true"}}
provisioner: p
---`
	const objects = `
apiVersion: v1
kind: Service
metadata: {name: front, namespace: data}
spec: {type: LoadBalancer, ports: [{port: 80}, {port: 443}]}
---
apiVersion: v1
kind: Service
metadata: {name: back, namespace: data}
spec: {ports: [{port: 80}]}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: a, namespace: data}
---
apiVersion: kafka.strimzi.io/v1
kind: KafkaTopic
metadata: {name: a, namespace: data}
---
apiVersion: kafka.strimzi.io/v1
kind: KafkaTopic
metadata: {name: b, namespace: data}
---`
	checkManifests(t, policy.Production().Only("quota/exceeded", "quota/maximum"), map[string]manifests{
		"it fits": {worker + sized + quota("{requests.cpu: 6, limits.cpu: 12, memory: 12Gi, pods: 3}"), nil},
		"it doesn't": {worker + sized + quota("requests.cpu: 5\n    limits.memory: 10Gi\n    pods: 2"), []string{
			"21 quota/exceeded ResourceQuota data/budget spec.hard[limits.memory]: the bundle always takes 12Gi of limits.memory, and the quota has 10Gi: Deployment data/worker 12Gi",
			"22 quota/exceeded ResourceQuota data/budget spec.hard[pods]: the bundle always takes 3 of pods, and the quota has 2: Deployment data/worker 3",
			"20 quota/exceeded ResourceQuota data/budget spec.hard[requests.cpu]: the bundle always takes 6 of requests.cpu, and the quota has 5: Deployment data/worker 6",
		}},
		"one job is too large": {job("small", "1") + job("large", "5500m") + quota("cpu: 5"), []string{
			"25 quota/exceeded ResourceQuota data/budget spec.hard[cpu]: there isn't enough cpu: Job data/large 5500m; the quota has 5",
		}},
		"too large beside what runs": {worker + sized + job("large", "5") + quota("cpu: 10"), []string{
			"29 quota/exceeded ResourceQuota data/budget spec.hard[cpu]: there isn't enough cpu: Job data/large 5; the quota has 10, of which others always take 6 (Deployment data/worker 6)",
		}},
		"one after the other": {job("a", "3") + job("b", "3") + quota("cpu: 5"), []string{
			"25 quota/maximum ResourceQuota data/budget spec.hard[cpu]: at the most, the bundle takes 6 of cpu, and the quota has 5: Job data/a 3, Job data/b 3",
		}},
		"all at once": {job("a", "2") + job("b", "3") + quota("cpu: 5"), nil},
		"an autoscaler's most": {worker + sized + scaler + quota("cpu: 17"), []string{
			"25 quota/maximum ResourceQuota data/budget spec.hard[cpu]: at the most, the bundle takes 18 of cpu, and the quota has 17: Deployment data/worker 18",
		}},
		"an autoscaler's least": {worker + sized + scaler + quota("cpu: 3"), []string{
			"25 quota/exceeded ResourceQuota data/budget spec.hard[cpu]: the bundle always takes 4 of cpu, and the quota has 3: Deployment data/worker 4",
		}},
		"containers that run before and beside": {`
apiVersion: v1
kind: Pod
metadata: {name: p, namespace: data}
spec:
  initContainers:
  - {name: beside, restartPolicy: Always, resources: {requests: {cpu: 1, nvidia.com/gpu: 1}, limits: {nvidia.com/gpu: 1}}}
  - {name: before, resources: {requests: {cpu: 4}}}
  containers:
  - {name: main, resources: {requests: {cpu: 1, ephemeral-storage: 5Gi}}}
---` + quota("cpu: 4\n    requests.nvidia.com/gpu: 0\n    requests.ephemeral-storage: 1Gi"), []string{
			"16 quota/exceeded ResourceQuota data/budget spec.hard[cpu]: the bundle always takes 5 of cpu, and the quota has 4: Pod data/p 5",
			"18 quota/exceeded ResourceQuota data/budget spec.hard[requests.ephemeral-storage]: the bundle always takes 5Gi of requests.ephemeral-storage, and the quota has 1Gi: Pod data/p 5Gi",
			"17 quota/exceeded ResourceQuota data/budget spec.hard[requests.nvidia.com/gpu]: the bundle always takes 1 of requests.nvidia.com/gpu, and the quota has 0: Pod data/p 1",
		}},
		"disks fit": {disks + quota("{requests.storage: 270Gi, persistentvolumeclaims: 5, fast.storageclass.storage.k8s.io/requests.storage: 20Gi, usual.storageclass.storage.k8s.io/requests.storage: 200Gi}"), nil},
		"disks don't": {disks + quota("requests.storage: 269Gi\n    persistentvolumeclaims: 4\n    usual.storageclass.storage.k8s.io/requests.storage: 199Gi\n    fast.storageclass.storage.k8s.io/persistentvolumeclaims: 1"), []string{
			"35 quota/exceeded ResourceQuota data/budget spec.hard[fast.storageclass.storage.k8s.io/persistentvolumeclaims]: the bundle always takes 2 of fast.storageclass.storage.k8s.io/persistentvolumeclaims, and the quota has 1: StatefulSet data/db 2",
			"33 quota/exceeded ResourceQuota data/budget spec.hard[persistentvolumeclaims]: the bundle always takes 5 of persistentvolumeclaims, and the quota has 4: StatefulSet data/db 4, PersistentVolumeClaim data/shared 1",
			"32 quota/exceeded ResourceQuota data/budget spec.hard[requests.storage]: the bundle always takes 270Gi of requests.storage, and the quota has 269Gi: StatefulSet data/db 220Gi, PersistentVolumeClaim data/shared 50Gi",
			"34 quota/exceeded ResourceQuota data/budget spec.hard[usual.storageclass.storage.k8s.io/requests.storage]: the bundle always takes 200Gi of usual.storageclass.storage.k8s.io/requests.storage, and the quota has 199Gi: StatefulSet data/db 200Gi",
		}},
		"ports that the balancer doesn't use": {"\napiVersion: v1\nkind: Service\nmetadata: {name: s, namespace: data}\nspec: {type: LoadBalancer, allocateLoadBalancerNodePorts: false, ports: [{port: 80, nodePort: 30080}, {port: 443}]}\n---" +
			quota("services.nodeports: 0"), []string{
			"11 quota/exceeded ResourceQuota data/budget spec.hard[services.nodeports]: the bundle always takes 1 of services.nodeports, and the quota has 0: Service data/s 1"}},
		"objects fit": {objects + quota("{services: 2, services.loadbalancers: 1, services.nodeports: 2, configmaps: 1, count/configmaps: 1, count/kafkatopics.kafka.strimzi.io: 2}"), nil},
		"objects don't": {objects + quota("services: 1\n    services.nodeports: 1\n    configmaps: 0\n    count/kafkatopics.kafka.strimzi.io: 1"), []string{
			"30 quota/exceeded ResourceQuota data/budget spec.hard[configmaps]: the bundle always takes 1 of configmaps, and the quota has 0: ConfigMap data/a 1",
			"31 quota/exceeded ResourceQuota data/budget spec.hard[count/kafkatopics.kafka.strimzi.io]: the bundle always takes 2 of count/kafkatopics.kafka.strimzi.io, and the quota has 1: KafkaTopic data/a 1, KafkaTopic data/b 1",
			"29 quota/exceeded ResourceQuota data/budget spec.hard[services.nodeports]: the bundle always takes 2 of services.nodeports, and the quota has 1: Service data/front 2",
			"28 quota/exceeded ResourceQuota data/budget spec.hard[services]: the bundle always takes 2 of services, and the quota has 1: Service data/back 1, Service data/front 1",
		}},
	})
}

func TestLimitRange(t *testing.T) {
	limits := func(items string) string {
		return "\napiVersion: v1\nkind: LimitRange\nmetadata: {name: bounds, namespace: data}\nspec:\n  limits:\n  - " + items + "\n"
	}
	const at = "Deployment data/worker spec.template.spec.containers[0].resources"
	only := policy.Production().Only("quota/limit-range")
	bare := worker + `
      containers:
      - name: main
        resources: {requests: {cpu: 3}}
---
`
	const claim = `
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: shared, namespace: data}
spec:
  resources: {requests: {storage: 50Gi}}
---`
	checkManifests(t, only, map[string]manifests{
		"within":    {worker + sized + limits("{type: Container, min: {cpu: 1}, max: {cpu: 4, memory: 4Gi}, maxLimitRequestRatio: {cpu: 2}}"), nil},
		"elsewhere": {bare + "\napiVersion: v1\nkind: LimitRange\nmetadata: {name: bounds, namespace: other}\nspec: {limits: [{type: Container, max: {cpu: 1}}]}\n", nil},
		"above the most": {worker + sized + limits("{type: Container, max: {cpu: 3, memory: 3Gi}}"), []string{
			"12 quota/limit-range " + at + ".limits[cpu]: the container main is limited to 4 cpu, and LimitRange bounds allows 3",
			"12 quota/limit-range " + at + ".requests[memory]: the container main requests 4Gi memory, and LimitRange bounds allows 3Gi",
		}},
		"below the least": {bare + limits("{type: Container, min: {cpu: 4, memory: 1Gi}}"), []string{
			"12 quota/limit-range " + at + ".requests[cpu]: the container main requests 3 cpu, and LimitRange bounds asks for 4 at least",
		}},
		"too far apart": {worker + sized + limits("{type: Container, maxLimitRequestRatio: {cpu: 1500m}}"), []string{
			"12 quota/limit-range " + at + ".limits[cpu]: the container main is limited to 4 cpu, 2 times its request, and LimitRange bounds allows limits of 1500m times the request",
		}},
		"above the limit that it is given": {bare + limits("{type: Container, default: {cpu: 2}}"), []string{
			"12 quota/limit-range " + at + ".requests[cpu]: the container main requests 3 cpu, and LimitRange bounds limits it to 2, as it sets no limit itself",
		}},
		"above the most, which is the limit that it is given": {bare + limits("{type: Container, max: {cpu: 2}}"), []string{
			"12 quota/limit-range " + at + ".requests[cpu]: the container main requests 3 cpu, and LimitRange bounds allows 2",
		}},
		"above the limit of the last item": {bare + limits("{type: Container, default: {cpu: 4}}\n  - {type: Container, default: {cpu: 2}}"), []string{
			"12 quota/limit-range " + at + ".requests[cpu]: the container main requests 3 cpu, and LimitRange bounds limits it to 2, as it sets no limit itself",
		}},
		"below the limit that it is given": {bare + limits("{type: Container, default: {cpu: 3}, defaultRequest: {cpu: 1}}"), nil},
		"a pod": {bare + limits("{type: Pod, max: {cpu: 2, memory: 1Gi}}"), []string{
			"9 quota/limit-range Deployment data/worker spec.template.spec: the pod has no limit of memory, and LimitRange bounds allows 1Gi",
			"9 quota/limit-range Deployment data/worker spec.template.spec: the pod requests 3 cpu, and LimitRange bounds allows 2",
		}},
		"a claim": {claim + limits("{type: PersistentVolumeClaim, min: {storage: 1Gi}, max: {storage: 10Gi}}"), []string{
			"5 quota/limit-range PersistentVolumeClaim data/shared spec.resources.requests[storage]: the claim requests 50Gi storage, and LimitRange bounds allows 10Gi",
		}},
		"a claim of a StatefulSet": {`
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db, namespace: data}
spec:
  serviceName: db
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db}}
    spec: {containers: [{name: main}]}
  volumeClaimTemplates:
  - metadata: {name: data}
    spec: {resources: {requests: {storage: 50Gi}}}
---` + limits("{type: PersistentVolumeClaim, max: {storage: 10Gi}}"), []string{
			"12 quota/limit-range StatefulSet data/db spec.volumeClaimTemplates[0].spec.resources.requests[storage]: the claim requests 50Gi storage, and LimitRange bounds allows 10Gi",
		}},
		"a claim that fits": {claim + limits("{type: PersistentVolumeClaim, min: {storage: 50Gi}, max: {storage: 50Gi}}"), nil},
	})
}

// etl is a SparkApplication: a driver of 1 cpu and 1408Mi, and up to eight
// executors of 2 cpu.
const etl = `
apiVersion: sparkoperator.k8s.io/v1beta2
kind: SparkApplication
metadata: {name: etl, namespace: data}
spec:
  type: Scala
  mode: cluster
  sparkVersion: 4.1.2
  image: etl:1.0
  mainApplicationFile: local:///etl.jar
  dynamicAllocation: {enabled: true, minExecutors: 2, maxExecutors: 8}
  driver: {cores: 1}
  executor: {cores: 2}
---
`

func TestQuotaOfSpark(t *testing.T) {
	quota := func(hard string) string {
		return "apiVersion: v1\nkind: ResourceQuota\nmetadata: {name: budget, namespace: data}\nspec:\n  hard: {" + hard + "}\n"
	}
	const at = "18 quota/"
	checkManifests(t, policy.Production().Only("quota/unset", "quota/exceeded", "quota/maximum", "quota/unknown"), map[string]manifests{
		"all executors": {etl + quota("requests.cpu: 17, count/sparkapplications.sparkoperator.k8s.io: 1"), nil},
		"some executors": {etl + quota("requests.cpu: 16"), []string{
			at + "maximum ResourceQuota data/budget spec.hard[requests.cpu]: at the most, the bundle takes 17 of requests.cpu, and the quota has 16: SparkApplication data/etl 17"}},
		"the driver, and too few executors": {etl + quota("requests.cpu: 4"), []string{
			at + "exceeded ResourceQuota data/budget spec.hard[requests.cpu]: there isn't enough requests.cpu: SparkApplication data/etl 5; the quota has 4"}},
		"limits that Spark doesn't set": {etl + quota("limits.cpu: 100"), []string{
			"11 quota/unset SparkApplication data/etl spec.driver.coreLimit: driver: the container spark-kubernetes-driver doesn't say it, and ResourceQuota budget bounds limits.cpu",
			"12 quota/unset SparkApplication data/etl spec.executor.coreLimit: executor: the container spark-kubernetes-executor doesn't say it, and ResourceQuota budget bounds limits.cpu",
		}},
	})
}

// What Strimzi fills in isn't known; what a pool says is.
func TestQuotaOfKafka(t *testing.T) {
	const pool = `
apiVersion: kafka.strimzi.io/v1
kind: KafkaNodePool
metadata: {name: brokers, namespace: data, labels: {strimzi.io/cluster: events}}
spec:
  replicas: 3
  roles: [broker]
  resources: {requests: {cpu: 2}}
  storage: {type: jbod, volumes: [{id: 0, type: persistent-claim, size: 100Gi, class: fast}]}
---
apiVersion: v1
kind: ResourceQuota
metadata: {name: budget, namespace: data}
spec:
  hard:
    requests.cpu: 5
    requests.memory: 100Gi
    fast.storageclass.storage.k8s.io/requests.storage: 200Gi
`
	checkManifests(t, policy.Production().Only("quota/unset", "quota/exceeded", "quota/unknown"), map[string]manifests{"pool": {pool, []string{
		"17 quota/exceeded ResourceQuota data/budget spec.hard[fast.storageclass.storage.k8s.io/requests.storage]: the bundle always takes 300Gi of fast.storageclass.storage.k8s.io/requests.storage, and the quota has 200Gi: KafkaNodePool data/brokers 300Gi",
		"15 quota/exceeded ResourceQuota data/budget spec.hard[requests.cpu]: the bundle always takes 6 of requests.cpu, and the quota has 5: KafkaNodePool data/brokers 6",
		"16 quota/unknown ResourceQuota data/budget spec.hard[requests.memory]: it isn't known how much requests.memory these take: KafkaNodePool data/brokers",
	}}})
}

// A workflow takes what its largest template does, in a loop for each item,
// and with it what the manifest of a task makes.
func TestQuotaOfWorkflow(t *testing.T) {
	const pipeline = `
apiVersion: argoproj.io/v1alpha1
kind: WorkflowTemplate
metadata: {name: daily, namespace: data}
spec:
  entrypoint: main
  templates:
  - name: main
    dag:
      tasks:
      - {name: a, template: small, withItems: [1, 2, 3]}
      - {name: b, template: large}
      - {name: c, template: etl}
  - name: small
    container: {image: a:1, resources: {requests: {cpu: 1, memory: 1Gi}}}
  - name: large
    container: {image: a:1, resources: {requests: {cpu: 4, memory: 4Gi}}}
  - name: etl
    resource:
      action: create
      manifest: |
        apiVersion: sparkoperator.k8s.io/v1beta2
        kind: SparkApplication
        metadata: {name: etl}
        spec:
          type: Scala
          mode: cluster
          sparkVersion: 4.1.2
          image: etl:1.0
          mainApplicationFile: local:///etl.jar
          driver: {cores: 1, memory: "{{inputs.parameters.memory}}"}
          executor: {cores: 2, instances: 4}
---
`
	quota := func(hard string) string {
		return "apiVersion: v1\nkind: ResourceQuota\nmetadata: {name: budget, namespace: data}\nspec:\n  hard: {" + hard + "}\n"
	}
	const at = "37 quota/"
	checkManifests(t, policy.Production().Only("quota/unset", "quota/exceeded", "quota/maximum", "quota/unknown"), map[string]manifests{
		"it fits": {pipeline + quota("requests.cpu: 9, pods: 6"), nil},
		"the job of one task doesn't": {pipeline + quota("requests.cpu: 8"), []string{
			at + "exceeded ResourceQuota data/budget spec.hard[requests.cpu]: there isn't enough requests.cpu: WorkflowTemplate data/daily (spec.templates[3]) 9; the quota has 8"}},
		"two templates don't": {pipeline + quota("requests.cpu: 3500m"), []string{
			at + "exceeded ResourceQuota data/budget spec.hard[requests.cpu]: there isn't enough requests.cpu: WorkflowTemplate data/daily (spec.templates[3]) 9, WorkflowTemplate data/daily (large) 4; the quota has 3500m"}},
		"memory that the run fills in": {pipeline + quota("requests.memory: 1Ti"), []string{
			at + "unknown ResourceQuota data/budget spec.hard[requests.memory]: it isn't known how much requests.memory these take: WorkflowTemplate data/daily (spec.templates[3])"}},
		"memory that the run fills in, and no LimitRange": {pipeline + quota("requests.memory: 1Ti") +
			"---\napiVersion: v1\nkind: LimitRange\nmetadata: {name: defaults, namespace: data}\nspec: {limits: [{type: Container, default: {memory: 1Gi}}]}\n", []string{
			at + "unknown ResourceQuota data/budget spec.hard[requests.memory]: it isn't known how much requests.memory these take: WorkflowTemplate data/daily (spec.templates[3])"}},
		"too much, whatever the run fills in": {pipeline + quota("requests.memory: 5Gi"), []string{
			at + "exceeded ResourceQuota data/budget spec.hard[requests.memory]: there isn't enough requests.memory: WorkflowTemplate data/daily (spec.templates[3]) 5632Mi; the quota has 5Gi"}},
		"the object that a task makes": {pipeline + quota("count/sparkapplications.sparkoperator.k8s.io: 0"), []string{
			at + "exceeded ResourceQuota data/budget spec.hard[count/sparkapplications.sparkoperator.k8s.io]: there isn't enough count/sparkapplications.sparkoperator.k8s.io: " +
				"WorkflowTemplate data/daily (spec.templates[3]) 1; the quota has 0"}},
		"a template that others use": {`
apiVersion: argoproj.io/v1alpha1
kind: WorkflowTemplate
metadata: {name: tools, namespace: data}
spec:
  templates:
  - name: load
    container: {image: a:1, resources: {requests: {cpu: 4}}}
---
` + quota("requests.cpu: 3"), []string{
			"13 quota/exceeded ResourceQuota data/budget spec.hard[requests.cpu]: there isn't enough requests.cpu: WorkflowTemplate data/tools (load) 4; the quota has 3"}},
		"all items of a loop": {`
apiVersion: argoproj.io/v1alpha1
kind: WorkflowTemplate
metadata: {name: daily, namespace: data}
spec:
  entrypoint: main
  volumeClaimTemplates:
  - {metadata: {name: work}, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 10Gi}}}}
  templates:
  - name: main
    dag: {tasks: [{name: a, template: small, withItems: [1, 2, 3]}, {name: b, template: other, depends: a}]}
  - name: other
    container: {image: a:1, resources: {requests: {cpu: 1}}}
  - name: small
    container: {image: a:1, resources: {requests: {cpu: 1}}}
---
` + quota("requests.cpu: 2, requests.storage: 9Gi"), []string{
			"20 quota/exceeded ResourceQuota data/budget spec.hard[requests.storage]: there isn't enough requests.storage: WorkflowTemplate data/daily 10Gi; the quota has 9Gi",
			"20 quota/maximum ResourceQuota data/budget spec.hard[requests.cpu]: at the most, the bundle takes 3 of requests.cpu, and the quota has 2: WorkflowTemplate data/daily (small) 3"}},
	})
}
