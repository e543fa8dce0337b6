package schema_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/runtime"

	"github.com/millrace/millrace/internal/oracle/mutation"
	"github.com/millrace/millrace/internal/schema"
)

// bases are valid objects, with something for every rule to look at.
var bases = map[string]string{
	"ComputeClass": computeClassBase,
	"ScaledObject": `
apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata: {name: a}
spec:
  scaleTargetRef: {name: a}
  minReplicaCount: 1
  maxReplicaCount: 3
  triggers: [{type: kafka, metadata: {topic: a}}]
`,
	"NodePool": `
apiVersion: karpenter.sh/v1
kind: NodePool
metadata: {name: a}
spec:
  limits: {nodes: "3"}
  disruption: {consolidateAfter: 30s, budgets: [{nodes: "10%", schedule: "0 0 * * *", duration: 10m}]}
  template:
    metadata: {labels: {team: data}}
    spec:
      nodeClassRef: {group: karpenter.k8s.aws, kind: EC2NodeClass, name: a}
      requirements:
      - {key: karpenter.sh/capacity-type, operator: In, values: [spot, on-demand], minValues: 2}
      - {key: example.com/cpu, operator: Gt, values: ["4"]}
`,
	"EC2NodeClass": `
apiVersion: karpenter.k8s.aws/v1
kind: EC2NodeClass
metadata: {name: a}
spec:
  role: a
  amiFamily: AL2023
  amiSelectorTerms: [{alias: al2023@latest}]
  subnetSelectorTerms: [{tags: {a: b}}]
  securityGroupSelectorTerms: [{tags: {a: b}}]
  capacityReservationSelectorTerms: [{tags: {a: b}}]
  placementGroupSelector: {name: a}
  connectionTracking: {udpTimeout: 40}
  tags: {team: data}
  blockDeviceMappings:
  - {deviceName: /dev/xvda, rootVolume: true, ebs: {volumeSize: 10Gi}}
  - {deviceName: /dev/xvdb, ebs: {snapshotID: snap-1, volumeInitializationRate: 100}}
  kubelet:
    imageGCHighThresholdPercent: 80
    imageGCLowThresholdPercent: 70
    evictionHard: {memory.available: "5%"}
    evictionSoft: {memory.available: "10%"}
    evictionSoftGracePeriod: {memory.available: 1m0s}
    kubeReserved: {cpu: 100m}
    systemReserved: {cpu: 100m}
  networkInterfaces:
  - {deviceIndex: 0, networkCardIndex: 0, interfaceType: interface}
  - {deviceIndex: 1, networkCardIndex: 0, interfaceType: efa-only}
`,
	"KafkaUser": `
apiVersion: kafka.strimzi.io/v1
kind: KafkaUser
metadata: {name: a}
spec: {authentication: {type: tls, validityDays: 30, renewalDays: 10}}
`,
	"Kafka": `
apiVersion: kafka.strimzi.io/v1
kind: Kafka
metadata: {name: a}
spec:
  kafka:
    listeners: [{name: plain, port: 9092, type: internal, tls: false}]
    rack: {type: topology-label, topologyKey: zone}
    metricsConfig: {type: jmxPrometheusExporter, valueFrom: {configMapKeyRef: {name: a, key: b}}}
  cruiseControl:
    metricsConfig: {type: jmxPrometheusExporter, valueFrom: {configMapKeyRef: {name: a, key: b}}}
`,
	"WorkflowTemplate": `
apiVersion: argoproj.io/v1alpha1
kind: WorkflowTemplate
metadata: {name: a}
spec:
  entrypoint: a
  arguments: {artifacts: [{name: a, s3: {key: a}}]}
  metrics: {prometheus: [{name: a, help: b, gauge: {realtime: true, value: "{{duration}}"}}]}
  templateDefaults:
    dag: {tasks: [{name: a, template: b, depends: c, withSequence: {count: 1}}]}
    resource: {action: get, manifest: a}
  templates:
  - {name: a, timeout: 1m, activeDeadlineSeconds: 10, container: {image: a}}
  - {name: b, timeout: "", dag: {tasks: [{name: a, template: a}]}}
`,
}

// releases are those of the bases whose rules a later release has.
var releases = map[string]string{"WorkflowTemplate": "4"}

// aimed is one change that breaks one rule.
type aimed struct {
	rule, kind string
	path       string // where the change goes, in dots
	value      string // YAML; empty takes the field out
}

var aims = append([]aimed{
	{"strimzi/rack-topology-key", "Kafka", "spec.kafka.rack", `{type: topology-label}`},
	{"strimzi/rack-topology-key", "Kafka", "spec.kafka.rack", `{topologyKey: ""}`},
	{"strimzi/rack-variable", "Kafka", "spec.kafka.rack", `{type: environment-variable}`},
	{"strimzi/metrics-value", "Kafka", "spec.kafka.metricsConfig", `{type: jmxPrometheusExporter}`},
	{"strimzi/metrics-value", "Kafka", "spec.cruiseControl.metricsConfig", `{type: jmxPrometheusExporter}`},
	{"strimzi/metrics-reporter", "Kafka", "spec.cruiseControl.metricsConfig", `{type: strimziMetricsReporter}`},
	{"strimzi/user-days-tls", "KafkaUser", "spec.authentication", `{type: scram-sha-512, validityDays: 3}`},
	{"strimzi/user-days-tls", "KafkaUser", "spec.authentication", `{type: tls-external, renewalDays: 3}`},
	{"strimzi/user-days-both", "KafkaUser", "spec.authentication", `{type: tls, validityDays: 3}`},
	{"strimzi/user-days-order", "KafkaUser", "spec.authentication", `{type: tls, validityDays: 3, renewalDays: 3}`},

	{"argo/artifact-location", "WorkflowTemplate", "spec.arguments.artifacts", `[{name: a, s3: {key: a}, raw: {data: b}}]`},
	{"argo/artifact-location", "WorkflowTemplate", "spec.templateDefaults.archiveLocation", `{gcs: {key: a}, oss: {key: b}}`},
	{"argo/realtime-gauge", "WorkflowTemplate", "spec.metrics", `{prometheus: [{name: a, help: b, gauge: {realtime: true, value: "{{resourcesDuration.cpu}}"}}]}`},
	{"argo/depends-or-dependencies", "WorkflowTemplate", "spec.templateDefaults.dag", `{tasks: [{name: a, depends: b, dependencies: [b]}]}`},
	{"argo/depends-continue-on", "WorkflowTemplate", "spec.templateDefaults.dag", `{tasks: [{name: a, depends: b, continueOn: {failed: true}}]}`},
	{"argo/task-digit", "WorkflowTemplate", "spec.templateDefaults.dag", `{tasks: [{name: 1a, depends: b}]}`},
	{"argo/task-digit", "WorkflowTemplate", "spec.templateDefaults.dag", `{tasks: [{name: 1a, dependencies: []}]}`},
	{"argo/sequence-end", "WorkflowTemplate", "spec.templateDefaults.dag", `{tasks: [{name: a, withSequence: {count: 3, end: 4}}]}`},
	{"argo/resource-manifest", "WorkflowTemplate", "spec.templateDefaults.resource", `{action: get, manifest: a, manifestFrom: {artifact: {name: a}}}`},
	{"argo/template-type", "WorkflowTemplate", "spec.templates", `[{name: a, suspend: {}, container: {image: a}}]`},
	{"argo/timeout-leaf", "WorkflowTemplate", "spec.templates", `[{name: a, timeout: 1m, steps: [[]]}]`},
	{"argo/deadline-leaf", "WorkflowTemplate", "spec.templates", `[{name: a, activeDeadlineSeconds: 3, dag: {tasks: [{name: a}]}}]`},

	{"scaledobject/min-max", "ScaledObject", "spec.minReplicaCount", `4`},
	{"karpenter/not-empty", "NodePool", "spec.template.spec.nodeClassRef.name", `""`},
	{"karpenter/not-empty", "EC2NodeClass", "spec.role", `""`},
	{"nodepool/static-limits", "NodePool", "spec.replicas", `3`},
	{"nodepool/static-weight", "NodePool", "spec.replicas", `3`},
	{"nodepool/budget-schedule", "NodePool", "spec.disruption.budgets", `[{nodes: "1", duration: 10m}]`},
	{"nodepool/label-domain", "NodePool", "spec.template.metadata.labels", `{karpenter.sh/x: a}`},
	{"nodepool/label-domain", "NodePool", "spec.template.metadata.labels", `{a.karpenter.sh/x: a}`},
	{"nodepool/label-nodepool", "NodePool", "spec.template.metadata.labels", `{karpenter.sh/nodepool: a}`},
	{"nodepool/label-hostname", "NodePool", "spec.template.metadata.labels", `{kubernetes.io/hostname: a}`},
	{"nodepool/in-values", "NodePool", "spec.template.spec.requirements", `[{key: a, operator: In}]`},
	{"nodepool/in-values", "NodePool", "spec.template.spec.requirements", `[{key: a, operator: In, values: []}]`},
	{"nodepool/compare-value", "NodePool", "spec.template.spec.requirements", `[{key: a, operator: Gt, values: ["-1"]}]`},
	{"nodepool/compare-value", "NodePool", "spec.template.spec.requirements", `[{key: a, operator: Lt, values: [x]}]`},
	{"nodepool/compare-value", "NodePool", "spec.template.spec.requirements", `[{key: a, operator: Gte}]`},
	{"nodepool/compare-value", "NodePool", "spec.template.spec.requirements", `[{key: a, operator: Lte, values: ["1", "2"]}]`},
	{"nodepool/min-values", "NodePool", "spec.template.spec.requirements", `[{key: a, operator: In, values: [b], minValues: 2}]`},
	{"nodepool/requirement-domain", "NodePool", "spec.template.spec.requirements", `[{key: karpenter.sh/x, operator: Exists}]`},
	{"nodepool/requirement-nodepool", "NodePool", "spec.template.spec.requirements", `[{key: karpenter.sh/nodepool, operator: Exists}]`},
	{"nodepool/requirement-hostname", "NodePool", "spec.template.spec.requirements", `[{key: kubernetes.io/hostname, operator: Exists}]`},

	{"ec2nodeclass/role-or-profile", "EC2NodeClass", "spec.instanceProfile", `a`},
	{"ec2nodeclass/role-or-profile", "EC2NodeClass", "spec.role", ``},
	{"ec2nodeclass/ami-family-al2", "EC2NodeClass", "spec.amiSelectorTerms", `[{alias: al2@latest}]`},
	{"ec2nodeclass/ami-family-al2023", "EC2NodeClass", "spec.amiFamily", `AL2`},
	{"ec2nodeclass/ami-family-bottlerocket", "EC2NodeClass", "spec.amiSelectorTerms", `[{alias: bottlerocket@latest}]`},
	{"ec2nodeclass/ami-family-windows2019", "EC2NodeClass", "spec.amiSelectorTerms", `[{alias: windows2019@latest}]`},
	{"ec2nodeclass/ami-family-windows2022", "EC2NodeClass", "spec.amiSelectorTerms", `[{alias: windows2022@latest}]`},
	{"ec2nodeclass/ami-family-windows2025", "EC2NodeClass", "spec.amiSelectorTerms", `[{alias: windows2025@latest}]`},
	{"ec2nodeclass/ami-family", "EC2NodeClass", "spec", `{role: a, amiSelectorTerms: [{id: ami-123}], subnetSelectorTerms: [{id: subnet-1}, {tags: {a: b}}], securityGroupSelectorTerms: [{tags: {a: b}}]}`},
	{"ec2nodeclass/alias-form", "EC2NodeClass", "spec.amiSelectorTerms", `[{alias: "al2023@"}]`},
	{"ec2nodeclass/alias-form", "EC2NodeClass", "spec.amiSelectorTerms", `[{alias: "al-2@x"}]`},
	{"ec2nodeclass/alias-form", "EC2NodeClass", "spec.amiSelectorTerms", `[{alias: "al2023@a\nb"}]`},
	{"ec2nodeclass/alias-family", "EC2NodeClass", "spec.amiSelectorTerms", `[{alias: "ubuntu@latest"}]`},
	{"ec2nodeclass/alias-windows", "EC2NodeClass", "spec.amiSelectorTerms", `[{alias: "windows2019@v1"}]`},
	{"ec2nodeclass/alias-windows", "EC2NodeClass", "spec.amiSelectorTerms", `[{alias: "windows2019"}]`},
	{"ec2nodeclass/ami-term", "EC2NodeClass", "spec.amiSelectorTerms", `[{owner: self}]`},
	{"ec2nodeclass/ami-id-alone", "EC2NodeClass", "spec.amiSelectorTerms", `[{id: ami-123, name: a}]`},
	{"ec2nodeclass/ami-alias-alone", "EC2NodeClass", "spec.amiSelectorTerms", `[{alias: al2023@latest, owner: self}]`},
	{"ec2nodeclass/ami-alias-only", "EC2NodeClass", "spec.amiSelectorTerms", `[{alias: al2023@latest}, {id: ami-123}]`},
	{"ec2nodeclass/tags-not-empty", "EC2NodeClass", "spec.subnetSelectorTerms", `[{tags: {a: ""}}]`},
	{"ec2nodeclass/tags-not-empty", "EC2NodeClass", "spec.securityGroupSelectorTerms", `[{tags: {"": a}}]`},
	{"ec2nodeclass/one-root-volume", "EC2NodeClass", "spec.blockDeviceMappings", `[{rootVolume: true}, {rootVolume: true}]`},
	{"ec2nodeclass/volume-source", "EC2NodeClass", "spec.blockDeviceMappings", `[{ebs: {encrypted: true}}]`},
	{"ec2nodeclass/volume-initialization", "EC2NodeClass", "spec.blockDeviceMappings", `[{ebs: {volumeSize: 1Gi, volumeInitializationRate: 100}}]`},
	{"ec2nodeclass/volume-initialization", "EC2NodeClass", "spec.blockDeviceMappings", `[{ebs: {snapshotID: "", volumeInitializationRate: 100}}]`},
	{"ec2nodeclass/capacity-term", "EC2NodeClass", "spec.capacityReservationSelectorTerms", `[{ownerID: "123456789012"}]`},
	{"ec2nodeclass/capacity-id-alone", "EC2NodeClass", "spec.capacityReservationSelectorTerms", `[{id: cr-1, ownerID: "123456789012"}]`},
	{"ec2nodeclass/capacity-id-alone", "EC2NodeClass", "spec.capacityReservationSelectorTerms", `[]`},
	{"ec2nodeclass/connection-tracking", "EC2NodeClass", "spec.connectionTracking", `{}`},
	{"ec2nodeclass/image-gc", "EC2NodeClass", "spec.kubelet", `{imageGCHighThresholdPercent: 50, imageGCLowThresholdPercent: 50}`},
	{"ec2nodeclass/eviction-grace", "EC2NodeClass", "spec.kubelet", `{evictionSoft: {memory.available: "5%"}}`},
	{"ec2nodeclass/eviction-soft", "EC2NodeClass", "spec.kubelet", `{evictionSoftGracePeriod: {memory.available: 1m0s}, evictionSoft: {}}`},
	{"ec2nodeclass/eviction-signal", "EC2NodeClass", "spec.kubelet.evictionHard", `{memory: "5%"}`},
	{"ec2nodeclass/reserved-resource", "EC2NodeClass", "spec.kubelet.kubeReserved", `{gpu: "1"}`},
	{"ec2nodeclass/reserved-negative", "EC2NodeClass", "spec.kubelet.systemReserved", `{cpu: "-1"}`},
	{"ec2nodeclass/primary-interface", "EC2NodeClass", "spec.networkInterfaces", `[{deviceIndex: 1, networkCardIndex: 0, interfaceType: interface}]`},
	{"ec2nodeclass/interface-places", "EC2NodeClass", "spec.networkInterfaces", `[{deviceIndex: 0, networkCardIndex: 0, interfaceType: interface}, {deviceIndex: 0, networkCardIndex: 0, interfaceType: efa-only}]`},
	{"ec2nodeclass/interface-places", "EC2NodeClass", "spec.networkInterfaces", `[{deviceIndex: 0, networkCardIndex: 0, interfaceType: interface}, {deviceIndex: 1, networkCardIndex: 0, interfaceType: efa-only}, {deviceIndex: 2, networkCardIndex: 0, interfaceType: efa-only}]`},
	{"ec2nodeclass/placement-group", "EC2NodeClass", "spec.placementGroupSelector", `{}`},
	{"ec2nodeclass/placement-group-one", "EC2NodeClass", "spec.placementGroupSelector", `{name: a, id: pg-1}`},
	{"ec2nodeclass/terms-not-empty", "EC2NodeClass", "spec.subnetSelectorTerms", `[]`},
	{"ec2nodeclass/security-group-term", "EC2NodeClass", "spec.securityGroupSelectorTerms", `[{}]`},
	{"ec2nodeclass/security-group-id-alone", "EC2NodeClass", "spec.securityGroupSelectorTerms", `[{id: sg-1, tags: {a: b}}]`},
	{"ec2nodeclass/security-group-name-alone", "EC2NodeClass", "spec.securityGroupSelectorTerms", `[{name: a, tags: {a: b}}]`},
	{"ec2nodeclass/subnet-term", "EC2NodeClass", "spec.subnetSelectorTerms", `[{}]`},
	{"ec2nodeclass/subnet-id-alone", "EC2NodeClass", "spec.subnetSelectorTerms", `[{id: subnet-1, tags: {a: b}}]`},
	{"ec2nodeclass/tag-key", "EC2NodeClass", "spec.tags", `{"": a}`},
	{"ec2nodeclass/tag-eks", "EC2NodeClass", "spec.tags", `{"eks:eks-cluster-name": a}`},
	{"ec2nodeclass/tag-cluster", "EC2NodeClass", "spec.tags", `{kubernetes.io/cluster/a: owned}`},
	{"ec2nodeclass/tag-nodepool", "EC2NodeClass", "spec.tags", `{karpenter.sh/nodepool: a}`},
	{"ec2nodeclass/tag-nodeclaim", "EC2NodeClass", "spec.tags", `{karpenter.sh/nodeclaim: a}`},
	{"ec2nodeclass/tag-class", "EC2NodeClass", "spec.tags", `{karpenter.k8s.aws/ec2nodeclass: a}`},
}, computeClassAims...)

func base(tb testing.TB, kind string) (schema.GVK, map[string]any) {
	tb.Helper()
	obj, err := decode([]byte(bases[kind]))
	if err != nil {
		tb.Fatal(err)
	}
	group, version, _ := strings.Cut(obj["apiVersion"].(string), "/")
	return schema.GVK{Group: group, Version: version, Kind: kind, Release: releases[kind]}, obj
}

func (a aimed) apply(tb testing.TB, obj map[string]any) {
	tb.Helper()
	value, err := decodeAny(a.value)
	if err != nil {
		tb.Fatal(err)
	}
	m := obj
	names := strings.Split(a.path, ".")
	for _, name := range names[:len(names)-1] {
		m = m[name].(map[string]any)
	}
	last := names[len(names)-1]
	if a.value == "" {
		delete(m, last)
		return
	}
	m[last] = value
	if a.rule == "nodepool/static-limits" {
		obj["spec"].(map[string]any)["limits"] = map[string]any{"nodes": "3", "cpu": "10"}
	}
	if a.rule == "nodepool/static-weight" {
		obj["spec"].(map[string]any)["weight"] = int64(10)
	}
}

func decodeAny(text string) (any, error) {
	obj, err := decode([]byte("apiVersion: v1\nkind: x\nvalue: " + text))
	return obj["value"], err
}

// TestEachRule breaks every ported rule, and has the server's CEL find the same.
func TestEachRule(t *testing.T) {
	for kind := range bases {
		g, obj := base(t, kind)
		if want := servers(t)[g].create(obj); len(want.paths) > 0 {
			t.Fatalf("the base of %s is invalid: %v", kind, want.paths)
		}
		if got := engine(t, g, obj); len(got) > 0 {
			t.Fatalf("the base of %s: %v", kind, got)
		}
	}
	fired := map[string]bool{}
	for _, a := range aims {
		g, obj := base(t, a.kind)
		a.apply(t, obj)
		want := servers(t)[g].create(obj)
		got := engine(t, g, obj)
		if diff := disagree(want, got); diff != "" {
			t.Errorf("%s: %s = %s:\n%s", a.rule, a.path, a.value, diff)
		}
		if len(want.paths) == 0 {
			t.Errorf("%s: %s = %s breaks nothing", a.rule, a.path, a.value)
		}
		found := false
		for _, rules := range got {
			found = found || slices.Contains(strings.Fields(rules), a.rule)
		}
		if !found {
			t.Errorf("%s: %s = %s: the engine says %v, the server %v", a.rule, a.path, a.value, got, want.paths)
		}
		fired[a.rule] = true
	}
	for _, r := range schema.Rules() {
		if !fired[r.ID] {
			t.Errorf("nothing breaks %s", r.ID)
		}
	}
	t.Logf("%d rules, %d ways to break them", len(fired), len(aims))
}

// TestRulesTogether mixes the parts that break rules with those that keep them,
// and changes them at random.
func TestRulesTogether(t *testing.T) {
	v := verdicts{rules: map[string]int{}}
	byKind := map[string][]aimed{}
	for _, a := range aims {
		byKind[a.kind] = append(byKind[a.kind], a)
	}
	r := rand.New(rand.NewPCG(3, 3))
	for _, kind := range slices.Sorted(maps.Keys(bases)) {
		for range 30 * *mutations {
			g, obj := base(t, kind)
			var what []string
			for range 1 + r.IntN(3) {
				a := byKind[kind][r.IntN(len(byKind[kind]))]
				if a.path == "spec" || strings.HasPrefix(a.path, "spec.kubelet.") && r.IntN(2) == 0 {
					continue
				}
				if strings.Contains(a.path, "kubelet") {
					obj["spec"].(map[string]any)["kubelet"] = map[string]any{"evictionHard": map[string]any{}}
				}
				a.apply(t, obj)
				what = append(what, a.rule)
			}
			for range r.IntN(3) {
				spec, ok := obj["spec"].(map[string]any)
				if !ok {
					break
				}
				what = append(what, mutation.Object(r, spec))
			}
			v.compare(t, g, runtime.DeepCopyJSON(obj), fmt.Sprint(what))
		}
	}
	v.log(t)
}
