package e2e_test

import (
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/millrace/millrace/internal/e2e"
)

func TestNodeSmoke(t *testing.T) {
	c := e2e.Start(t, e2e.WithNode())
	ns := c.Namespace(t)
	pod := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: "x"}, Spec: corev1.PodSpec{RestartPolicy: corev1.RestartPolicyNever,
		Containers: []corev1.Container{{Name: "main", Image: e2e.ShellImage, Command: []string{"sh", "-c", "id; ip a; cat /etc/resolv.conf; nslookup kubernetes.default.svc.cluster.local; wget -T 5 --no-check-certificate -O- https://kubernetes.default.svc/version"}}}}}
	if _, err := c.Admin().CoreV1().Pods(ns).Create(t.Context(), pod, metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	for range 60 {
		p, err := c.Admin().CoreV1().Pods(ns).Get(t.Context(), "x", metav1.GetOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if p.Status.Phase == corev1.PodSucceeded || p.Status.Phase == corev1.PodFailed {
			text, err := c.Admin().CoreV1().Pods(ns).GetLogs("x", &corev1.PodLogOptions{}).DoRaw(t.Context())
			t.Log(p.Status.Phase, string(text), err)
			return
		}
		time.Sleep(time.Second)
	}
	t.Error(c.Log("node/kubelet"))
}
