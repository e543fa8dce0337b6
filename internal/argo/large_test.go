package argo_test

import corev1 "k8s.io/api/core/v1"

func container(image string, args ...string) *corev1.Container {
	return &corev1.Container{Image: image, Command: []string{"sh"}, Args: args}
}
