package workflow_test

import (
	"fmt"
	"os"

	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/workflow"
)

// A volume that each run gets for itself, mounted by the containers that share
// it, beside a secret.
func ExampleClaim() {
	scratch := workflow.Claim{Name: "scratch", Size: 200 * millrace.GiB, StorageClass: "fast"}
	keys := corev1.Volume{Name: "keys", VolumeSource: corev1.VolumeSource{Secret: &corev1.SecretVolumeSource{SecretName: "warehouse"}}}
	bundle, err := millrace.Build(&workflow.Template{
		Name: "sort", ServiceAccount: "sort-workflow", Plain: true,
		Pods: workflow.RunPods{Claims: []workflow.Claim{scratch}, Volumes: []corev1.Volume{keys}},
		Tasks: []*workflow.Task{{Name: "sort", Step: workflow.Container{
			Image: "company-registry/sort:1.0.3", Command: []string{"sort", "--scratch=/scratch"},
			Mounts: []corev1.VolumeMount{scratch.Mount("/scratch"), workflow.Mount(keys, "/keys")},
		}}},
	})
	if err == nil {
		err = millrace.Render(os.Stdout, bundle)
	}
	if err != nil {
		fmt.Println(err)
	}
	// Output:
	// apiVersion: argoproj.io/v1alpha1
	// kind: WorkflowTemplate
	// metadata:
	//   name: sort
	// spec:
	//   templates:
	//   - name: main
	//     dag:
	//       tasks:
	//       - name: sort
	//         template: sort
	//   - name: sort
	//     container:
	//       name: ""
	//       image: company-registry/sort:1.0.3
	//       command:
	//       - sort
	//       - --scratch=/scratch
	//       volumeMounts:
	//       - name: scratch
	//         mountPath: /scratch
	//       - name: keys
	//         mountPath: /keys
	//   entrypoint: main
	//   serviceAccountName: sort-workflow
	//   volumes:
	//   - name: keys
	//     secret:
	//       secretName: warehouse
	//   volumeClaimTemplates:
	//   - metadata:
	//       name: scratch
	//     spec:
	//       accessModes:
	//       - ReadWriteOnce
	//       resources:
	//         requests:
	//           storage: 200Gi
	//       storageClassName: fast
}
