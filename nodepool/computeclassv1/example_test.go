package computeclassv1_test

import (
	"fmt"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	sigsyaml "sigs.k8s.io/yaml"

	"github.com/millrace/millrace/nodepool/computeclassv1"
)

// Spot machines first; the zero of a pointer is written.
func Example() {
	class := &computeclassv1.ComputeClass{
		TypeMeta:   metav1.TypeMeta{APIVersion: computeclassv1.GroupVersion.String(), Kind: "ComputeClass"},
		ObjectMeta: metav1.ObjectMeta{Name: "spark"},
		Spec: computeclassv1.ComputeClassSpec{
			WhenUnsatisfiable:    computeclassv1.WhenUnsatisfiableDoNotScaleUp,
			NodePoolAutoCreation: &computeclassv1.Enabled{Enabled: true},
			Priorities:           []computeclassv1.Priority{{MachineType: new("n2-highmem-16"), Spot: new(true)}, {MachineType: new("n2-highmem-16"), Spot: new(false)}},
		},
	}
	out, err := sigsyaml.Marshal(class)
	if err != nil {
		fmt.Println(err)
	}
	fmt.Print(string(out))
	// Output:
	// apiVersion: cloud.google.com/v1
	// kind: ComputeClass
	// metadata:
	//   name: spark
	// spec:
	//   nodePoolAutoCreation:
	//     enabled: true
	//   priorities:
	//   - machineType: n2-highmem-16
	//     spot: true
	//   - machineType: n2-highmem-16
	//     spot: false
	//   whenUnsatisfiable: DoNotScaleUp
}
