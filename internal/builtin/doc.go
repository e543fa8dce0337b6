// Package builtin checks Kubernetes' own kinds as the API server does that
// creates them: unknown fields and wrong types, metadata, and what else it
// validates, such as a selector that doesn't match its template, a request
// above its limit, a port named twice, a role without verbs.
//
//	k, ok := builtin.For(schema.GVK{Version: "v1", Kind: "Service"})
//	if ok {
//		k.Check(tree, func(p schema.Problem) { fmt.Println(p) })
//	}
//
// The structure is that of the structs of k8s.io/api, see schema.FromGo; no
// schemas are embedded for it. The rules are written anew in Go over these
// structs, and held against k8s.io/kubernetes' own code in
// internal/oracle/builtin. They look at an object as a user writes it: where
// the server fills a field in before it validates, an empty one is as good as
// the default, and a problem is named where the user can mend it.
//
// The server is Kubernetes 1.37 with the gates that are open by default. Of
// these, what older servers say otherwise:
//
//   - names of Services may begin with a digit (1.36);
//   - addresses must be in a form that everybody reads alike: no zeros before
//     numbers, no bits after a prefix (1.36);
//   - minReplicas of an autoscaler may be 0 (1.37), and its rules may have a
//     tolerance (1.35);
//   - PreferSameZone and PreferSameNode are known (1.34).
//
// A dataSourceRef with a namespace is dropped, as its gate is closed. What
// only a cluster knows isn't checked: which addresses, node ports and classes
// there are, and what admission adds.
//
// ServiceAccount has no rules but those of its metadata. Of pods, fields whose
// gate is closed are dropped and not judged; a template in a custom resource
// is for PodTemplate.
//
//	builtin.go            checks of trees and of structs
//	kinds.go              which kinds there are, and their rules
//	removed.go            versions that no server has any more
//	checker.go            paths and texts
//	forms.go              forms of names, numbers and selectors
//	pod*.go               Pod, and the templates of pods
//	container*.go         containers; probe.go: their probes and hooks
//	volume*.go            volumes
//	affinity.go           affinity
//	security*.go          security contexts
//	workload*.go          Deployment, ReplicaSet, StatefulSet, DaemonSet
//	job*.go               Job, CronJob
//	config.go             Namespace, ConfigMap, Secret
//	service*.go           Service
//	claim.go              PersistentVolumeClaim
//	quota.go, limits.go   ResourceQuota, LimitRange
//	rbac.go               roles and bindings
//	network_policy.go     NetworkPolicy
//	ingress.go            Ingress
//	autoscaler.go         HorizontalPodAutoscaler
//	disruption.go         PodDisruptionBudget
//	classes.go            PriorityClass, StorageClass, IngressClass
package builtin
