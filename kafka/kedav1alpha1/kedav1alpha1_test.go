package kedav1alpha1_test

import (
	"fmt"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	sigsyaml "sigs.k8s.io/yaml"

	"github.com/millrace/millrace/internal/crdgen/crdgentest"
	"github.com/millrace/millrace/kafka/kedav1alpha1"
)

// kinds are an object of each kind, in the order of the CRDs.
func kinds() []runtime.Object {
	return []runtime.Object{&kedav1alpha1.ScaledObject{}, &kedav1alpha1.TriggerAuthentication{}}
}

func TestZeroValuesThatMatter(t *testing.T) {
	trigger := []kedav1alpha1.ScaleTriggers{{Type: "kafka", Metadata: map[string]string{}}}
	for name, tc := range map[string]struct {
		in   any
		want string
	}{
		"idle to zero": {
			kedav1alpha1.ScaledObjectSpec{ScaleTargetRef: kedav1alpha1.ScaleTarget{Name: "n"}, Triggers: trigger, MinReplicaCount: new(int32(0)), IdleReplicaCount: new(int32(0)), CooldownPeriod: new(int32(0))},
			`{"scaleTargetRef":{"name":"n"},"triggers":[{"metadata":{},"type":"kafka"}],"cooldownPeriod":0,"idleReplicaCount":0,"minReplicaCount":0}`,
		},
		"KEDA's own bounds": {
			kedav1alpha1.ScaledObjectSpec{ScaleTargetRef: kedav1alpha1.ScaleTarget{Name: "n"}, Triggers: trigger},
			`{"scaleTargetRef":{"name":"n"},"triggers":[{"metadata":{},"type":"kafka"}]}`,
		},
		"fall back to nothing": {kedav1alpha1.Fallback{}, `{"failureThreshold":0,"replicas":0}`},
		"no authentication":    {kedav1alpha1.TriggerAuthenticationSpec{SecretTargetRef: []kedav1alpha1.AuthTargetRef{}}, `{"secretTargetRef":[]}`},
	} {
		t.Run(name, func(t *testing.T) { crdgentest.Writes(t, tc.in, tc.want) })
	}
}

func TestEveryZeroValue(t *testing.T) {
	for _, o := range kinds() {
		if n := crdgentest.Zeros(t, o); n < 20 {
			t.Errorf("%T: only %d fields checked", o, n)
		}
	}
}

func TestDeepCopy(t *testing.T) {
	crdgentest.DeepCopies(t, 100, append(kinds(), &kedav1alpha1.ScaledObjectList{}, &kedav1alpha1.TriggerAuthenticationList{})...)
}

func TestAddToScheme(t *testing.T) {
	s := runtime.NewScheme()
	if err := kedav1alpha1.AddToScheme(s); err != nil {
		t.Fatal(err)
	}
	for _, kind := range []string{"ScaledObject", "ScaledObjectList", "TriggerAuthentication", "TriggerAuthenticationList"} {
		if !s.Recognizes(kedav1alpha1.GroupVersion.WithKind(kind)) {
			t.Errorf("%s is not registered", kind)
		}
	}
}

// Manifests of both kinds come back as they went in.
func TestRoundTrip(t *testing.T) {
	for i, doc := range []string{`
apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata:
  name: orders
  annotations: {autoscaling.keda.sh/paused: "false"}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: orders, envSourceContainerName: consumer}
  pollingInterval: 15
  cooldownPeriod: 0
  initialCooldownPeriod: 60
  idleReplicaCount: 0
  minReplicaCount: 2
  maxReplicaCount: 24
  fallback: {failureThreshold: 3, replicas: 6, behavior: currentReplicasIfHigher}
  advanced:
    restoreToOriginalReplicaCount: false
    horizontalPodAutoscalerConfig:
      name: orders
      behavior:
        scaleDown:
          stabilizationWindowSeconds: 0
          policies:
          - {type: Percent, value: 10, periodSeconds: 60}
    scalingModifiers: {formula: lag / 2, target: "100", metricType: AverageValue}
  triggers:
  - type: kafka
    name: lag
    metricType: AverageValue
    useCachedMetrics: false
    authenticationRef: {name: orders, kind: TriggerAuthentication}
    metadata: {topic: orders, lagThreshold: "1000"}
status:
  conditions:
  - {type: Ready, status: "True", reason: ScaledObjectReady, message: ""}
  health:
    s0-kafka-orders: {numberOfFailures: 0, status: Happy}
  originalReplicaCount: 0
  lastActiveTime: "2026-01-02T03:04:05Z"
`, `
apiVersion: keda.sh/v1alpha1
kind: TriggerAuthentication
metadata:
  name: orders
spec:
  secretTargetRef:
  - {parameter: ca, name: events-cluster-ca-cert, key: ca.crt}
  env: []
  podIdentity: {provider: none, roleArn: ""}
`} {
		diffs, err := crdgentest.RoundTrip([]byte(doc), kinds()[i])
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range diffs {
			t.Error(d)
		}
	}
}

// No replicas at the least is not the same as no word of them.
func Example() {
	out, err := sigsyaml.Marshal(&kedav1alpha1.ScaledObject{
		TypeMeta:   metav1.TypeMeta{APIVersion: kedav1alpha1.GroupVersion.String(), Kind: "ScaledObject"},
		ObjectMeta: metav1.ObjectMeta{Name: "orders"},
		Spec: kedav1alpha1.ScaledObjectSpec{
			ScaleTargetRef:  kedav1alpha1.ScaleTarget{Name: "orders"},
			MinReplicaCount: new(int32(0)),
			Triggers: []kedav1alpha1.ScaleTriggers{{Type: "kafka", Metadata: map[string]string{
				"bootstrapServers": "events-kafka-bootstrap:9092", "consumerGroup": "orders", "topic": "orders",
			}}},
		},
	})
	if err != nil {
		fmt.Println(err)
	}
	fmt.Print(string(out))
	// Output:
	// apiVersion: keda.sh/v1alpha1
	// kind: ScaledObject
	// metadata:
	//   name: orders
	// spec:
	//   minReplicaCount: 0
	//   scaleTargetRef:
	//     name: orders
	//   triggers:
	//   - metadata:
	//       bootstrapServers: events-kafka-bootstrap:9092
	//       consumerGroup: orders
	//       topic: orders
	//     type: kafka
}
