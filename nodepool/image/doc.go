// Package image looks at container images in their registries before a node
// has to pull them: how large they are, which architectures they are built
// for, and whether those are the ones of the nodes that their pods land on.
//
//	report, err := image.Check(ctx, "company-registry.io/spark-etl:3.5.1", image.Architectures{"arm64"})
//	for _, f := range report.Findings {
//		fmt.Println(f)
//	}
//
// CheckPods does it for all pods of a composition and its node pools. It
// belongs in a program behind Build and the policy's check, where there is a
// network: in the pipeline that renders manifests, or before a submission.
// What it reads can change with every push, so it is no rule of a policy,
// whose verdict on the same bundle is always the same.
//
//	bundle, err := millrace.Build(pool, job)
//	report := policy.Production().Check(bundle)
//	audit, err := image.CheckPods(ctx, pods, bundle.Nodes(), image.Keychain{authn.DefaultKeychain})
//
// Only manifests and configurations are read, a few KB for each image, and no
// layer. Without an option registries are asked anonymously.
//
// # The files
//
//   - image.go: the report, and the ids of its findings
//   - check.go, pods.go: what makes it, of one image and of all pods
//   - fetch.go: what asks registries
//   - findings.go: what judges their answers
//   - options.go: the options, and where their defaults come from
//   - errors.go: what can go wrong
package image
