package policy

import "github.com/millrace/millrace"

// Pods returns the pods that the objects of a bundle make, those of manifests in
// the tasks of its workflows among them: what rules see as Pass.BundlePods.
// They are what nodepool.Pool.Fit, tenancy.QuotaFor and nodepool/image ask for.
// Objects that can't be read make none; Check says so. A nil bundle has no pods.
//
// The pods may share memory with the bundle, and must not be changed.
func Pods(b *millrace.Bundle) []millrace.Pod {
	if b == nil {
		return nil
	}
	common, _ := Profile{}.look(b)
	return common.BundlePods
}
