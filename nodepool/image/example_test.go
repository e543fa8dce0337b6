package image_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/go-containerregistry/pkg/authn"
	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/nodepool"
	"github.com/millrace/millrace/nodepool/image"
	"github.com/millrace/millrace/spark"
)

// An image for one platform is to run on Arm nodes. The registry of the example
// lies in the process.
func ExampleCheck() {
	registry := newShop()
	if err := registry.push("registry.example.com/spark-etl:3.5.1", "amd64", 700_000, 200_000); err != nil {
		fmt.Println(err)
		return
	}
	report, err := image.Check(context.Background(), "registry.example.com/spark-etl:3.5.1",
		image.Architectures{"arm64"}, image.Limit(millrace.MiB), image.Transport{RoundTripper: registry})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, platform := range report.Platforms {
		fmt.Println(platform.String(), len(platform.Layers), "layers, the first of", platform.Layers[0].Size, "bytes")
	}
	for _, f := range report.Findings {
		fmt.Println(f)
	}
	// Output:
	// linux/amd64 2 layers, the first of 700000 bytes
	// error: Image registry.example.com/spark-etl:3.5.1: it is built for linux/amd64, and not for linux/arm64: exec format error; build it for linux/arm64 too, or use nodes that it is built for [image/platform]
	// info: Image registry.example.com/spark-etl:3.5.1: for linux/amd64 layer sha256:953eb054a35e has 700 kB of 900 kB, and one layer is pulled in one stream; split the step that makes it, so that layers are pulled side by side [image/layer]
}

// After Build, and beside the policy's check, a program asks the registries for
// the images of all pods.
func ExampleCheckPods() {
	registry := newShop()
	if err := registry.push("registry.example.com/spark-etl:3.5.1", "amd64", 1000); err != nil {
		fmt.Println(err)
		return
	}
	pool := &nodepool.Pool{Name: "spark", Machine: "c4a-highmem-16", Arch: nodepool.ARM64, Max: 10,
		Provider: nodepool.GKE{Cluster: "main", Location: "europe-west1"}}
	job := &spark.Job{Name: "orders", Namespace: "data", Image: "registry.example.com/spark-etl:3.5.1", Version: "3.5.1",
		Main: "local:///opt/spark/jobs/etl.jar", Class: "com.company.Orders", Placement: pool.Placement()}
	bundle, err := millrace.Build(pool, job)
	if err != nil {
		fmt.Println(err)
		return
	}

	var pods []millrace.Pod
	for _, o := range bundle.Objects() {
		pods = append(pods, spark.Pods(o)...)
	}
	options := []image.Option{
		image.Keychain{Keychain: authn.NewMultiKeychain()}, // authn.DefaultKeychain has Docker's credentials
		image.Transport{RoundTripper: registry},
		image.Parallel(8),
	}
	audit, err := image.CheckPods(context.Background(), pods, bundle.Nodes(), options...)
	if err != nil {
		fmt.Println(err)
	}
	fmt.Println(len(audit.Images), "image")
	for _, f := range audit.Findings {
		fmt.Println(f.Severity, f.Object, f.Field)
		fmt.Println(f.Detail)
	}
	// Output:
	// 1 image
	// error SparkApplication data/orders spec.image
	// pool spark has arm64 nodes, and registry.example.com/spark-etl:3.5.1 is built for linux/amd64, and not for linux/arm64: exec format error
}

// Errors say which image it is and what was tried, and what the registry
// answered.
func ExampleError() {
	registry := newShop()
	_, err := image.Check(context.Background(), "registry.example.com/spark-etl:3.5.1", image.Transport{RoundTripper: registry})
	fmt.Println(errors.Is(err, image.ErrNotFound))
	if e, ok := errors.AsType[*image.Error](err); ok {
		fmt.Println(e.Op, e.Ref)
	}
	// Output:
	// true
	// get registry.example.com/spark-etl:3.5.1
}

// Reports tell the digest, for a manifest that runs what was looked at.
func ExampleReport() {
	registry := newShop()
	if err := registry.pushIndex("registry.example.com/spark-etl:latest", twoPlatforms, 1000); err != nil {
		fmt.Println(err)
		return
	}
	report, err := image.Check(context.Background(), "registry.example.com/spark-etl", image.Transport{RoundTripper: registry})
	if err != nil {
		fmt.Println(err)
		return
	}
	container := corev1.Container{Name: "etl", Image: report.Pinned}
	fmt.Println(container.Image)
	fmt.Println(report.Platforms[0], report.Platforms[1], report.Runs("arm64"))
	fmt.Println(report.Findings[0].Rule)
	// Output:
	// registry.example.com/spark-etl@sha256:2037ab9f7f15f757ab5c43c432fa198bf8a8ed6709abe029089d199d2ca57a21
	// linux/amd64 linux/arm64/v8 true
	// image/tag
}
