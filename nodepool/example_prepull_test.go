package nodepool_test

import (
	"fmt"
	"os"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/nodepool"
)

// The nodes of two pools keep the image of the jobs that run there.
func ExamplePrepull() {
	steady := &nodepool.Pool{Name: "spark-executor", Machine: "n2-highmem-16", Min: 3, Max: 20,
		Provider: nodepool.GKE{Cluster: "main", Location: "europe-west1-b"}}
	drivers := &nodepool.Pool{Name: "spark-driver", Machine: "n2-standard-4", Min: 1, Max: 5,
		Provider: nodepool.GKE{Cluster: "main", Location: "europe-west1-b"}}
	warm := &nodepool.Prepull{
		Name:       "spark-images",
		Namespace:  "data-platform",
		Images:     []string{"company-registry.io/spark-etl:3.5.1"},
		Placements: []millrace.Placement{steady.Placement(), drivers.Placement()},
	}
	bundle, err := millrace.Build(steady, drivers, warm)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(len(bundle.Objects()), "object,", len(bundle.Files()), "files")

	set, err := warm.DaemonSet()
	if err != nil {
		fmt.Println(err)
		return
	}
	pod := set.Spec.Template.Spec
	for _, c := range append(pod.InitContainers, pod.Containers...) {
		fmt.Println(c.Name, c.Image, c.Command)
	}
	for _, nodes := range bundle.Nodes() {
		fmt.Println("lands on", nodes.Pool, nodes.Refuses(millrace.Pod{Template: set.Spec.Template}.Placement()).Empty())
	}
	// Output:
	// 1 object, 2 files
	// helper docker.io/library/busybox:1.37.0-musl [/bin/cp /bin/true /prepull/true]
	// image-0 company-registry.io/spark-etl:3.5.1 [/prepull/true]
	// pause registry.k8s.io/pause:3.10 []
	// lands on spark-executor true
	// lands on spark-driver true
}

// Build reports every mistake at once.
func ExamplePrepull_Build() {
	warm := &nodepool.Prepull{Name: "spark-images", AtOnce: "0", Placements: []millrace.Placement{{}}}
	if _, err := warm.Build(); err != nil {
		fmt.Fprintln(os.Stdout, err)
	}
	// Output:
	// build: 3 mistakes:
	//   nodepool.Prepull spark-images: Images: is required; name the images to pull [build/required]
	//   nodepool.Prepull spark-images: Placements[0].NodeSelector: is required; select a label of the pool, as its Placement() does: images are pulled onto all nodes otherwise [build/required]
	//   nodepool.Prepull spark-images: AtOnce: "0": is no number of nodes and no share; use one such as "5" or "10%" [build/invalid]
}
