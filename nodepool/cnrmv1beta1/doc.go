// Package cnrmv1beta1 has the Go types of Config Connector's kind
// ContainerNodePool, container.cnrm.cloud.google.com/v1beta1, a node pool of
// Google Kubernetes Engine.
//
// It is the part of the kind that package nodepool writes, and no more: what
// reads ContainerNodePools that others wrote needs the whole. Names are those
// of Config Connector's own Go API, whose module isn't imported for its size.
//
//	pool := &cnrmv1beta1.ContainerNodePool{
//		TypeMeta: metav1.TypeMeta{
//			APIVersion: cnrmv1beta1.GroupVersion.String(),
//			Kind:       "ContainerNodePool",
//		},
//		ObjectMeta: metav1.ObjectMeta{Name: "spark"},
//		Spec: cnrmv1beta1.ContainerNodePoolSpec{
//			ClusterRef: cnrmv1beta1.ResourceRef{Name: "main"},
//			Location:   "europe-west1",
//		},
//	}
//
// # Zero values
//
// What a program sets is written, zero included, and nothing else is: every
// optional scalar whose zero means something is a pointer.
//
// # Files
//
// types.go has the types, deepcopy.go their copies.
//
// Source: GoogleCloudPlatform/k8s-config-connector,
// apis/container/v1beta1/containernodepool_types.go (2026).
package cnrmv1beta1
