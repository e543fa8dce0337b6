package strimziv1_test

import (
	"fmt"
	"os"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	sigsyaml "sigs.k8s.io/yaml"

	"github.com/millrace/millrace/kafka/strimziv1"
)

func docComment(t *testing.T) string {
	t.Helper()
	data, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// A pool that is scaled to zero keeps its zero, and what is not set stays out.
func Example() {
	pool := &strimziv1.KafkaNodePool{
		TypeMeta: metav1.TypeMeta{
			APIVersion: strimziv1.GroupVersion.String(),
			Kind:       "KafkaNodePool",
		},
		ObjectMeta: metav1.ObjectMeta{Name: "broker", Namespace: "kafka"},
		Spec: strimziv1.KafkaNodePoolSpec{
			Replicas: 0,
			Roles:    []strimziv1.ProcessRole{strimziv1.ProcessRoleBroker},
			Storage: strimziv1.Storage{
				Type: strimziv1.StorageTypeJBOD,
				Volumes: []strimziv1.StorageVolume{{
					ID:          new(int64(0)),
					Type:        strimziv1.StorageVolumeTypePersistentClaim,
					Size:        new("100Gi"),
					DeleteClaim: new(false),
				}},
			},
		},
	}
	out, err := sigsyaml.Marshal(pool)
	if err != nil {
		fmt.Println(err)
	}
	fmt.Print(string(out))
	// Output:
	// apiVersion: kafka.strimzi.io/v1
	// kind: KafkaNodePool
	// metadata:
	//   name: broker
	//   namespace: kafka
	// spec:
	//   replicas: 0
	//   roles:
	//   - broker
	//   storage:
	//     type: jbod
	//     volumes:
	//     - deleteClaim: false
	//       id: 0
	//       size: 100Gi
	//       type: persistent-claim
}
