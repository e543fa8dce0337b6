package cnrmv1beta1_test

import (
	"fmt"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	sigsyaml "sigs.k8s.io/yaml"

	"github.com/millrace/millrace/nodepool/cnrmv1beta1"
)

// A pool from zero: the zero is written.
func Example() {
	pool := &cnrmv1beta1.ContainerNodePool{
		TypeMeta:   metav1.TypeMeta{APIVersion: cnrmv1beta1.GroupVersion.String(), Kind: "ContainerNodePool"},
		ObjectMeta: metav1.ObjectMeta{Name: "spark"},
		Spec: cnrmv1beta1.ContainerNodePoolSpec{
			ClusterRef:  cnrmv1beta1.ResourceRef{Name: "main"},
			Location:    "europe-west1",
			Autoscaling: &cnrmv1beta1.NodePoolAutoscaling{MinNodeCount: new(int32(0)), MaxNodeCount: new(int32(50))},
		},
	}
	out, err := sigsyaml.Marshal(pool)
	if err != nil {
		fmt.Println(err)
	}
	fmt.Print(string(out))
	// Output:
	// apiVersion: container.cnrm.cloud.google.com/v1beta1
	// kind: ContainerNodePool
	// metadata:
	//   name: spark
	// spec:
	//   autoscaling:
	//     maxNodeCount: 50
	//     minNodeCount: 0
	//   clusterRef:
	//     name: main
	//   location: europe-west1
}
