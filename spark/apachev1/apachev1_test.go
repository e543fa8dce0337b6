package apachev1_test

import (
	"fmt"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	sigsyaml "sigs.k8s.io/yaml"

	"github.com/millrace/millrace/internal/crdgen/crdgentest"
	"github.com/millrace/millrace/spark/apachev1"
)

// kinds returns an empty object of every kind.
func kinds() []runtime.Object {
	return []runtime.Object{&apachev1.SparkApplication{}, &apachev1.SparkCluster{}}
}

func TestZeroValuesThatMatter(t *testing.T) {
	versions := apachev1.RuntimeVersions{SparkVersion: "4.1.2"}
	tests := []struct {
		name string
		in   any
		want string
	}{
		{
			"deleted at once", apachev1.ApplicationTolerations{TTLAfterStopMillis: new(int64(0)), ResourceRetainDurationMillis: new(int64(0))},
			`{"resourceRetainDurationMillis":0,"ttlAfterStopMillis":0}`,
		},
		{"kept for ever", apachev1.ApplicationTolerations{}, `{}`},
		{"never again", apachev1.RestartConfig{MaxRestartAttempts: new(int64(0))}, `{"maxRestartAttempts":0}`},
		{
			"no waiting", apachev1.ApplicationTimeoutConfig{DriverStartTimeoutMillis: new(int64(0))},
			`{"driverStartTimeoutMillis":0}`,
		},
		{
			"no executors needed", apachev1.ExecutorInstanceConfig{InitExecutors: new(int64(0))},
			`{"initExecutors":0}`,
		},
		{
			"a cluster without workers", apachev1.ClusterSpec{RuntimeVersions: versions},
			`{"clusterTolerations":{"instanceConfig":{"initWorkers":0,"maxWorkers":0,"minWorkers":0}},"runtimeVersions":{"sparkVersion":"4.1.2"}}`,
		},
		{
			"empty lists and maps", apachev1.ApplicationSpec{RuntimeVersions: versions, DriverArgs: []string{}, SparkConf: map[string]string{}},
			`{"runtimeVersions":{"sparkVersion":"4.1.2"},"driverArgs":[],"sparkConf":{}}`,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { crdgentest.Writes(t, tt.in, tt.want) })
	}
}

func TestEveryZeroValue(t *testing.T) {
	if n := crdgentest.Zeros(t, kinds()...); n < 150 {
		t.Errorf("only %d fields checked", n)
	}
}

func TestDeepCopy(t *testing.T) {
	crdgentest.DeepCopies(t, 20, kinds()...)
	crdgentest.DeepCopies(t, 5, &apachev1.SparkApplicationList{}, &apachev1.SparkClusterList{})
}

func TestAddToScheme(t *testing.T) {
	s := runtime.NewScheme()
	if err := apachev1.AddToScheme(s); err != nil {
		t.Fatal(err)
	}
	for _, kind := range []string{"SparkApplication", "SparkApplicationList", "SparkCluster", "SparkClusterList"} {
		if !s.Recognizes(apachev1.GroupVersion.WithKind(kind)) {
			t.Errorf("%s is not registered", kind)
		}
	}
}

// A time to live of zero is not the same as none.
func Example() {
	app := &apachev1.SparkApplication{
		TypeMeta:   metav1.TypeMeta{APIVersion: apachev1.GroupVersion.String(), Kind: "SparkApplication"},
		ObjectMeta: metav1.ObjectMeta{Name: "pi"},
		Spec: &apachev1.ApplicationSpec{
			RuntimeVersions:        apachev1.RuntimeVersions{SparkVersion: "4.1.2"},
			MainClass:              new("org.apache.spark.examples.SparkPi"),
			Jars:                   new("local:///opt/spark/examples/jars/spark-examples.jar"),
			ApplicationTolerations: &apachev1.ApplicationTolerations{TTLAfterStopMillis: new(int64(0))},
		},
	}
	out, err := sigsyaml.Marshal(app)
	if err != nil {
		fmt.Println(err)
	}
	fmt.Print(string(out))
	// Output:
	// apiVersion: spark.apache.org/v1
	// kind: SparkApplication
	// metadata:
	//   name: pi
	// spec:
	//   applicationTolerations:
	//     ttlAfterStopMillis: 0
	//   jars: local:///opt/spark/examples/jars/spark-examples.jar
	//   mainClass: org.apache.spark.examples.SparkPi
	//   runtimeVersions:
	//     sparkVersion: 4.1.2
}
