package builtin_test

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	apischema "k8s.io/apimachinery/pkg/runtime/schema"
	utiljson "k8s.io/apimachinery/pkg/util/json"
	"sigs.k8s.io/yaml"

	"github.com/millrace/millrace/internal/builtin"
	"github.com/millrace/millrace/internal/schema"
)

// read reads an object as it comes from a manifest, and finds its kind.
func read(tb testing.TB, text string) (*builtin.Kind, map[string]any) {
	tb.Helper()
	data, err := yaml.YAMLToJSON([]byte(text))
	if err != nil {
		tb.Fatalf("%v\n%s", err, text)
	}
	var tree map[string]any
	if err := utiljson.Unmarshal(data, &tree); err != nil {
		tb.Fatal(err)
	}
	return kindOf(tb, tree), tree
}

func kindOf(tb testing.TB, tree map[string]any) *builtin.Kind {
	tb.Helper()
	apiVersion, _ := tree["apiVersion"].(string)
	name, _ := tree["kind"].(string)
	gvk := apischema.FromAPIVersionAndKind(apiVersion, name)
	kind, ok := builtin.For(schema.GVK{Group: gvk.Group, Version: gvk.Version, Kind: gvk.Kind})
	if !ok {
		tb.Fatalf("no kind %v", gvk)
	}
	return kind
}

// problems are what is wrong with an object, as "path rule".
func problems(tb testing.TB, text string) []string {
	tb.Helper()
	kind, tree := read(tb, text)
	out := []string{}
	kind.Check(tree, func(p schema.Problem) {
		if p.Detail == "" || p.Fix == "" {
			tb.Errorf("%s has no detail or no fix: %+v", p.Path, p)
		}
		out = append(out, p.Path+" "+strings.TrimPrefix(p.Rule, "schema/"))
	})
	return out
}

type wrong struct {
	object string   // what follows apiVersion and kind
	want   []string // none: it is fine
}

// run holds objects of one kind to what is wrong with them.
func run(t *testing.T, apiVersion, kind string, tests []wrong) {
	t.Helper()
	for _, test := range tests {
		text := "apiVersion: " + apiVersion + "\nkind: " + kind + "\n" + test.object
		if !strings.HasPrefix(test.object, "metadata:") {
			text += "\nmetadata: {name: a}"
		}
		if test.want == nil {
			test.want = []string{}
		}
		if diff := cmp.Diff(test.want, problems(t, text)); diff != "" {
			t.Errorf("%s\n%s (-want +got):\n%s", kind, test.object, diff)
		}
	}
}

func TestStructure(t *testing.T) {
	run(t, "apps/v1", "Deployment", []wrong{
		{"spec: {selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: a, image: b}]}}}", nil},
		{"spec: {replicas: two, template: {spec: {containers: {name: a}}}}", []string{"spec.replicas type", "spec.template.spec.containers type"}},
		{"spec: {replcas: 2, selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: a, image: b, comand: [c]}]}}}", []string{"spec.replcas unknown-field", "spec.template.spec.containers[0].comand unknown-field"}},
		{"spec: {replicas: 3000000000, minReadySeconds: 1.5}", []string{"spec.minReadySeconds type", "spec.replicas format"}},
		{"spec: null\nstatus: {replicas: x}", []string{"status.replicas type"}},
		{"spec: {template: {spec: {containers: [null, {resources: {limits: {cpu: 1, memory: 1X, storage: true}}}]}}}",
			[]string{"spec.template.spec.containers[1].resources.limits[memory] format", "spec.template.spec.containers[1].resources.limits[storage] type"}},
		{"spec: {strategy: {rollingUpdate: {maxSurge: 25%, maxUnavailable: [1]}}}", []string{"spec.strategy.rollingUpdate.maxUnavailable type"}},
		{"metadata: {name: a, creationTimestamp: yesterday, generation: 3.0}", []string{"metadata.creationTimestamp format"}},
	})
	run(t, "v1", "Secret", []wrong{
		{`data: {a: "aGVs\nbG8=", b: "", c: [104, 105]}`, nil},
		{`data: {a: "aGVsbG8", b: "a=b=", c: "===="}`, []string{"data[a] format", "data[b] format", "data[c] format"}},
	})
}

func TestMetadata(t *testing.T) {
	run(t, "v1", "ConfigMap", []wrong{
		{"metadata: {}", []string{"metadata.name required"}},
		{"metadata: {generateName: a-}", nil},
		{"metadata: {name: A_B, namespace: a.b, generation: -1, labels: {a b: c}, finalizers: [a, kubernetes]}",
			[]string{"metadata.finalizers[0] metadata", "metadata.generation bounds", "metadata.labels metadata", "metadata.name metadata", "metadata.namespace metadata"}},
		{"metadata: {name: a, ownerReferences: [&o {apiVersion: v1, kind: Pod, name: a, uid: u, controller: true}, *o]}", nil},
		{"metadata: {name: a, ownerReferences: [{apiVersion: v1, kind: Pod, name: a, uid: u, controller: true}, {apiVersion: v1, kind: Pod, name: b, uid: u, controller: true}]}",
			[]string{"metadata.ownerReferences metadata"}},
	})
	run(t, "v1", "Namespace", []wrong{{"metadata: {name: a.b}", []string{"metadata.name metadata"}}})
	run(t, "v1", "Service", []wrong{{"metadata: {name: 1-a}\nspec: {clusterIP: None}", nil}, {"metadata: {name: a.b}\nspec: {clusterIP: None}", []string{"metadata.name metadata"}}})
	run(t, "rbac.authorization.k8s.io/v1", "ClusterRole", []wrong{{`metadata: {name: "system:a b"}`, nil}, {"metadata: {name: a/b}", []string{"metadata.name metadata"}}})
	run(t, "policy/v1", "PodDisruptionBudget", []wrong{{"metadata: {name: A, finalizers: [a]}", nil}})
	run(t, "v1", "LimitRange", []wrong{{"metadata: {namespace: a}", nil}})
}

// A tree of another kind has no other problem.
func TestAnotherKind(t *testing.T) {
	kind, _ := read(t, "apiVersion: v1\nkind: Service")
	var got []string
	kind.Check(map[string]any{"apiVersion": "v1", "kind": "Secret", "spec": 1}, func(p schema.Problem) { got = append(got, p.Path+" "+p.Rule) })
	if diff := cmp.Diff([]string{"kind schema/kind"}, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// A typed object has the problems of its tree, and is left as it was.
func TestTyped(t *testing.T) {
	o := &corev1.Service{
		ObjectMeta: metav1.ObjectMeta{
			Name: "A", Generation: -1, Labels: map[string]string{"a b": ""}, Annotations: map[string]string{"": ""}, Finalizers: []string{"a"},
			OwnerReferences: []metav1.OwnerReference{{Kind: "Pod", Controller: new(true), BlockOwnerDeletion: new(false)}},
		},
		Spec: corev1.ServiceSpec{Type: "x", Selector: map[string]string{"a b": "c d"}},
	}
	before := o.DeepCopy()
	var got []string
	builtin.Check(o, func(p schema.Problem) { got = append(got, p.Path+" "+strings.TrimPrefix(p.Rule, "schema/")) })
	data, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	want := problems(t, strings.Replace(string(data), "{", `{"apiVersion": "v1", "kind": "Service",`, 1))
	if diff := cmp.Diff(want, got); diff != "" || len(got) < 9 {
		t.Errorf("(-tree +typed):\n%s\n%v", diff, got)
	}
	if diff := cmp.Diff(before, o); diff != "" {
		t.Errorf("the object was changed:\n%s", diff)
	}
	builtin.Check(&corev1.Node{}, func(p schema.Problem) { t.Errorf("an unknown kind has a problem: %v", p) })
}

func TestNew(t *testing.T) {
	kind, _ := read(t, "apiVersion: apps/v1\nkind: Deployment")
	if _, ok := kind.New().(*appsv1.Deployment); !ok {
		t.Errorf("New returns a %T", kind.New())
	}
	if k, ok := builtin.Of(&appsv1.Deployment{}); !ok || k != kind {
		t.Error("a Deployment is of another kind")
	}
	if _, ok := builtin.For(schema.GVK{Group: "apps", Version: "v2", Kind: "Deployment"}); ok {
		t.Error("there is an apps/v2")
	}
}

func TestRemoved(t *testing.T) {
	for gvk, want := range map[schema.GVK]string{
		{Group: "extensions", Version: "v1beta1", Kind: "Deployment"}:               "apiVersion: is extensions/v1beta1, which no server has since Kubernetes 1.16: use apps/v1, and see what it calls the fields [schema/removed]",
		{Group: "policy", Version: "v1beta1", Kind: "PodDisruptionBudget"}:          "apiVersion: is policy/v1beta1, which no server has since Kubernetes 1.25: use policy/v1, and see what it calls the fields [schema/removed]",
		{Group: "policy", Version: "v1beta1", Kind: "PodSecurityPolicy"}:            "apiVersion: is policy/v1beta1, which no server has since Kubernetes 1.25: use Pod Security admission: label the namespace with pod-security.kubernetes.io/enforce [schema/removed]",
		{Group: "autoscaling", Version: "v2beta2", Kind: "HorizontalPodAutoscaler"}: "apiVersion: is autoscaling/v2beta2, which no server has since Kubernetes 1.26: use autoscaling/v2, and see what it calls the fields [schema/removed]",
		{Group: "batch", Version: "v1", Kind: "CronJob"}:                            "",
		{Group: "extensions", Version: "v1beta1", Kind: "Other"}:                    "",
	} {
		p, ok := builtin.Removed(gvk)
		if ok != (want != "") || ok && p.String() != want {
			t.Errorf("%v: %v, want %s", gvk, p, want)
		}
	}
}

// Each kind has an object that is as it should be, and no check of one
// panics, whatever is in it.
func FuzzCheck(f *testing.F) {
	for _, text := range valid {
		kind, tree := read(f, text)
		kind.Check(tree, func(p schema.Problem) { f.Errorf("%s\n%v", text, p) })
		data, err := json.Marshal(tree)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(data))
	}
	f.Fuzz(func(t *testing.T, text string) {
		var tree map[string]any
		if utiljson.Unmarshal([]byte(text), &tree) != nil || tree == nil {
			return
		}
		before := map[string]any{}
		maps.Copy(before, tree)
		for _, object := range valid {
			kind, like := read(t, object)
			tree["apiVersion"], tree["kind"] = like["apiVersion"], like["kind"]
			check := func() (out []schema.Problem) {
				kind.Check(tree, func(p schema.Problem) { out = append(out, p) })
				return out
			}
			if first, second := check(), check(); !slices.Equal(first, second) {
				t.Fatalf("%v, then %v", first, second)
			}
		}
		delete(tree, "apiVersion")
		delete(tree, "kind")
		delete(before, "apiVersion")
		delete(before, "kind")
		if !reflect.DeepEqual(tree, before) {
			t.Fatal("the object was changed")
		}
	})
}

const template = "{metadata: {labels: {a: b}}, spec: {containers: [{name: a, image: b}]}}"

// valid has an object of each kind.
var valid = []string{
	"{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: [{name: a, image: b}]}}",
	"{apiVersion: apps/v1, kind: Deployment, metadata: {name: a}, spec: {selector: {matchLabels: {a: b}}, template: " + template + "}}",
	"{apiVersion: apps/v1, kind: ReplicaSet, metadata: {name: a}, spec: {selector: {matchLabels: {a: b}}, template: " + template + "}}",
	"{apiVersion: apps/v1, kind: DaemonSet, metadata: {name: a}, spec: {selector: {matchLabels: {a: b}}, template: " + template + "}}",
	"{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: a}, spec: {serviceName: a, selector: {matchLabels: {a: b}}, template: " + template + "}}",
	"{apiVersion: batch/v1, kind: Job, metadata: {name: a}, spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: b}]}}}}",
	"{apiVersion: batch/v1, kind: CronJob, metadata: {name: a}, spec: {schedule: '* * * * *', jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: b}]}}}}}}",
	"{apiVersion: v1, kind: Namespace, metadata: {name: a}, spec: {finalizers: [kubernetes]}}",
	"{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {a: b}, binaryData: {c: aGVsbG8=}}",
	"{apiVersion: v1, kind: Secret, metadata: {name: a}, type: kubernetes.io/dockercfg, stringData: {.dockercfg: '{}'}}",
	"{apiVersion: v1, kind: Service, metadata: {name: a}, spec: {type: LoadBalancer, clusterIP: 10.0.0.1, clusterIPs: [10.0.0.1, 'fd00::1'], ipFamilies: [IPv4, IPv6], ipFamilyPolicy: RequireDualStack, externalIPs: [10.1.1.1], loadBalancerSourceRanges: [10.0.0.0/8], ports: [{name: a, port: 80, nodePort: 30000}, {name: b, port: 80, protocol: UDP}]}}",
	"{apiVersion: v1, kind: ServiceAccount, metadata: {name: a}, secrets: [{name: b}]}",
	"{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: a}, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}, dataSource: {kind: PersistentVolumeClaim, name: b}, dataSourceRef: {kind: PersistentVolumeClaim, name: b}}}",
	"{apiVersion: v1, kind: ResourceQuota, metadata: {name: a}, spec: {hard: {pods: 1}, scopes: [BestEffort], scopeSelector: {matchExpressions: [{scopeName: PriorityClass, operator: In, values: [a]}]}}}",
	"{apiVersion: v1, kind: LimitRange, metadata: {name: a}, spec: {limits: [{type: Container, max: {cpu: 2}, min: {cpu: 1}, default: {cpu: 2}, defaultRequest: {cpu: 1}, maxLimitRequestRatio: {cpu: 2}}]}}",
	"{apiVersion: " + rbac + ", kind: Role, metadata: {name: a}, rules: [{apiGroups: [''], resources: [pods], verbs: [get]}]}",
	"{apiVersion: " + rbac + ", kind: ClusterRole, metadata: {name: a}, rules: [{nonResourceURLs: [/a], verbs: [get]}], aggregationRule: {clusterRoleSelectors: [{matchLabels: {a: b}}]}}",
	"{apiVersion: " + rbac + ", kind: RoleBinding, metadata: {name: a}, roleRef: {kind: Role, name: a}, subjects: [{kind: User, name: a}]}",
	"{apiVersion: " + rbac + ", kind: ClusterRoleBinding, metadata: {name: a}, roleRef: {kind: ClusterRole, name: a}, subjects: [{kind: ServiceAccount, name: a, namespace: b}]}",
	"{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: a}, spec: {podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}], ports: [{port: 80, endPort: 90}]}], egress: [{to: [{podSelector: {}}]}], policyTypes: [Ingress, Egress]}}",
	"{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: a}, spec: {tls: [{hosts: [a.b]}], rules: [{host: a.b, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: a, port: {number: 80}}}}]}}]}}",
	"{apiVersion: networking.k8s.io/v1, kind: IngressClass, metadata: {name: a}, spec: {controller: a.b/c, parameters: {kind: a, name: b}}}",
	"{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: a}, spec: {minAvailable: 50%, selector: {matchExpressions: [{key: a, operator: Exists}]}}}",
	"{apiVersion: scheduling.k8s.io/v1, kind: PriorityClass, metadata: {name: a}, value: 1}",
	"{apiVersion: storage.k8s.io/v1, kind: StorageClass, metadata: {name: a}, provisioner: a.b/c, parameters: {a: b}, allowedTopologies: [{matchLabelExpressions: [{key: a, values: [b]}]}]}",
	"{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: a}, spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: a}, maxReplicas: 2, metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 50}}}], behavior: {scaleUp: {policies: [{type: Pods, value: 1, periodSeconds: 15}]}}}}",
}
