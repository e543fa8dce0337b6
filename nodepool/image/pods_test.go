package image_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/nodepool/image"
)

// pool is the shape of a pool whose nodes have the label pool=<name>.
func pool(name string, change func(*millrace.NodeShape)) millrace.NodeShape {
	n := millrace.NodeShape{Pool: name, Labels: map[string]string{"pool": name}}
	if change != nil {
		change(&n)
	}
	return n
}

func arch(arch string) func(*millrace.NodeShape) {
	return func(n *millrace.NodeShape) { n.Labels["kubernetes.io/arch"] = arch }
}

// pod is a pod of a Deployment that selects nodes by these labels.
func pod(ref string, selector ...string) millrace.Pod {
	p := millrace.Pod{Owner: millrace.Ref{Kind: "Deployment", Namespace: "data", Name: "web"}, Path: "spec.template"}
	p.Template.Spec.Containers = []corev1.Container{{Name: "main", Image: ref}}
	for i := 0; i < len(selector); i += 2 {
		if p.Template.Spec.NodeSelector == nil {
			p.Template.Spec.NodeSelector = map[string]string{}
		}
		p.Template.Spec.NodeSelector[selector[i]] = selector[i+1]
	}
	return p
}

// found returns "severity id object field" of findings.
func found(findings []millrace.Finding) []string {
	var out []string
	for _, f := range findings {
		out = append(out, strings.TrimSpace(fmt.Sprintf("%s %s %s %s", f.Severity, f.Rule, f.Object, f.Field)))
	}
	return out
}

func TestCheckPods(t *testing.T) {
	s := stocked(t)
	const spark, multi = "reg.example.com/spark:3.5.1", "reg.example.com/multi:2.0"
	tainted := pool("arm", arch("arm64"))
	tainted.Taints = []corev1.Taint{{Key: "workload", Value: "arm", Effect: corev1.TaintEffectNoSchedule}}
	tolerant := pod(spark)
	tolerant.Template.Spec.Tolerations = []corev1.Toleration{{Key: "workload", Operator: corev1.TolerationOpExists}}
	inited := pod(multi, "pool", "arm")
	inited.Template.Spec.InitContainers = []corev1.Container{{Name: "init", Image: spark}}
	mounted := pod(multi, "pool", "arm")
	mounted.Template.Spec.Volumes = []corev1.Volume{{Name: "data", VolumeSource: corev1.VolumeSource{Image: &corev1.ImageVolumeSource{Reference: spark}}}}
	const at = "Deployment data/web spec.template.spec.containers[0].image"
	for name, tc := range map[string]struct {
		pods    []millrace.Pod
		pools   []millrace.NodeShape
		options []image.Option
		want    []string
	}{
		"no pools":                      {[]millrace.Pod{pod(spark)}, nil, nil, nil},
		"no pools, but told":            {[]millrace.Pod{pod(spark)}, nil, []image.Option{image.Architectures{"arm64"}}, []string{"error image/platform Image " + spark}},
		"the right nodes":               {[]millrace.Pod{pod(spark, "pool", "x86")}, []millrace.NodeShape{pool("x86", arch("amd64")), pool("arm", arch("arm64"))}, nil, nil},
		"the wrong nodes":               {[]millrace.Pod{pod(spark, "pool", "arm")}, []millrace.NodeShape{pool("x86", arch("amd64")), pool("arm", arch("arm64"))}, nil, []string{"error image/platform " + at}},
		"the wrong nodes too":           {[]millrace.Pod{pod(spark)}, []millrace.NodeShape{pool("x86", arch("amd64")), pool("arm", arch("arm64"))}, nil, []string{"error image/platform " + at}},
		"an image for both":             {[]millrace.Pod{pod(multi)}, []millrace.NodeShape{pool("x86", arch("amd64")), pool("arm", arch("arm64"))}, nil, nil},
		"a taint keeps it off":          {[]millrace.Pod{pod(spark)}, []millrace.NodeShape{pool("x86", arch("amd64")), tainted}, nil, nil},
		"the taint is tolerated":        {[]millrace.Pod{tolerant}, []millrace.NodeShape{pool("x86", arch("amd64")), tainted}, nil, []string{"error image/platform " + at}},
		"a pool of any":                 {[]millrace.Pod{pod(spark)}, []millrace.NodeShape{pool("any", nil)}, nil, []string{"warning image/platform " + at}},
		"a pool of any, the pod says":   {[]millrace.Pod{pod(spark, "kubernetes.io/arch", "amd64")}, []millrace.NodeShape{pool("any", nil)}, nil, nil},
		"the pod says it the old way":   {[]millrace.Pod{pod(spark, "beta.kubernetes.io/arch", "amd64")}, []millrace.NodeShape{pool("any", nil)}, nil, nil},
		"the pod says the other":        {[]millrace.Pod{pod(spark, "kubernetes.io/arch", "arm64")}, []millrace.NodeShape{pool("any", nil)}, nil, []string{"error image/platform " + at}},
		"an init container":             {[]millrace.Pod{inited}, []millrace.NodeShape{pool("arm", arch("arm64"))}, nil, []string{"error image/platform Deployment data/web spec.template.spec.initContainers[0].image"}},
		"a volume runs nowhere":         {[]millrace.Pod{mounted}, []millrace.NodeShape{pool("arm", arch("arm64"))}, nil, nil},
		"a name that comes later":       {[]millrace.Pod{pod("{{workflow.parameters.image}}"), pod("")}, nil, nil, []string{"info image/unknown " + at}},
		"said once for the same field":  {[]millrace.Pod{pod(spark, "pool", "arm"), pod(spark, "pool", "arm")}, []millrace.NodeShape{pool("arm", arch("arm64"))}, nil, []string{"error image/platform " + at}},
		"what is wrong with the image":  {[]millrace.Pod{pod("reg.example.com/moving")}, []millrace.NodeShape{pool("x86", arch("amd64"))}, nil, []string{"warning image/tag Image reg.example.com/moving"}},
		"its size where it is to run":   {[]millrace.Pod{pod(multi)}, []millrace.NodeShape{pool("arm", arch("arm64"))}, []image.Option{image.Limit(600)}, []string{"warning image/size Image " + multi}},
		"told for those without a pool": {[]millrace.Pod{pod(spark, "pool", "x86"), pod(multi)}, []millrace.NodeShape{pool("x86", arch("amd64"))}, []image.Option{image.Architectures{"arm64"}}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			audit, err := image.CheckPods(t.Context(), tc.pods, tc.pools, append(tc.options, s.option())...)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, found(audit.Findings)); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
			for _, f := range audit.Findings {
				if f.Detail == "" || f.Fix == "" {
					t.Errorf("incomplete: %+v", f)
				}
			}
		})
	}
}

// TestCheckPodsAsksOnce counts what is read of an image of many pods.
func TestCheckPodsAsksOnce(t *testing.T) {
	s := stocked(t)
	var pods []millrace.Pod
	for range 50 {
		pods = append(pods, pod("reg.example.com/multi:2.0"), pod("reg.example.com/spark:3.5.1"))
	}
	audit, err := image.CheckPods(t.Context(), pods, []millrace.NodeShape{pool("x86", arch("amd64"))}, s.option())
	if err != nil {
		t.Fatal(err)
	}
	var refs []string
	for _, r := range audit.Images {
		refs = append(refs, r.Ref)
	}
	if diff := cmp.Diff([]string{"reg.example.com/multi:2.0", "reg.example.com/spark:3.5.1"}, refs); diff != "" {
		t.Errorf("images (-want +got):\n%s", diff)
	}
	for path, n := range s.asked {
		if path != "/v2/" && n != 1 {
			t.Errorf("%s was asked for %d times", path, n)
		}
	}
	if n := len(s.asked); n != 1+2+2 { // a greeting; an index and one of its images; an image and its configuration
		t.Errorf("%d things were asked for: %v", n, s.asked)
	}
}

// TestCheckPodsErrors has what could be read, and an error for each of the rest.
func TestCheckPodsErrors(t *testing.T) {
	s := stocked(t)
	pods := []millrace.Pod{pod("reg.example.com/spark:9"), pod("reg.example.com/Bad:1"), pod("reg.example.com/spark:3.5.1")}
	audit, err := image.CheckPods(t.Context(), pods, nil, s.option())
	if audit == nil || len(audit.Images) != 1 || audit.Images[0].Ref != "reg.example.com/spark:3.5.1" {
		t.Errorf("%+v", audit)
	}
	if !errors.Is(err, image.ErrNotFound) || !strings.Contains(err.Error(), "get image reg.example.com/spark:9") || !strings.Contains(err.Error(), "parse image reg.example.com/Bad:1") {
		t.Errorf("%v", err)
	}
	if audit, err := image.CheckPods(t.Context(), nil, nil, s.option()); err != nil || len(audit.Images)+len(audit.Findings) > 0 {
		t.Errorf("nothing: %+v, %v", audit, err)
	}
}

// TestCheckPodsParallel never has more requests under way than it may, and as
// many.
func TestCheckPodsParallel(t *testing.T) {
	s := stocked(t)
	inner := s.handler
	var pods []millrace.Pod
	for i := range 20 {
		pods = append(pods, pod(fmt.Sprintf("reg%d.example.com/spark:3.5.1", i)))
	}
	for _, want := range []int32{1, 3} {
		synctest.Test(t, func(t *testing.T) {
			var now, most atomic.Int32
			s.handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				n := now.Add(1)
				for old := most.Load(); n > old && !most.CompareAndSwap(old, n); old = most.Load() {
				}
				time.Sleep(time.Second) // of the bubble's time
				inner.ServeHTTP(w, r)
				now.Add(-1)
			})
			audit, err := image.CheckPods(t.Context(), pods, nil, s.option(), image.Parallel(want), image.Parallel(0))
			if err != nil || len(audit.Images) != 20 {
				t.Fatalf("%d images, %v", len(audit.Images), err)
			}
			if most.Load() != want {
				t.Errorf("%d requests were under way at once, want %d", most.Load(), want)
			}
		})
	}
}

// TestCheckPodsContext ends while images are still waiting for their turn.
func TestCheckPodsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	s := stocked(t)
	s.handler = http.HandlerFunc(func(http.ResponseWriter, *http.Request) { cancel() })
	var pods []millrace.Pod
	for i := range 20 {
		pods = append(pods, pod(fmt.Sprintf("reg.example.com/spark:%d", i)))
	}
	audit, err := image.CheckPods(ctx, pods, nil, s.option(), image.Parallel(2))
	if !errors.Is(err, context.Canceled) || len(audit.Images) > 0 {
		t.Errorf("%+v, %v", audit, err)
	}
}
