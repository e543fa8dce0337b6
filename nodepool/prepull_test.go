package nodepool_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	schedulingv1 "k8s.io/api/scheduling/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/nodepool"
	"github.com/millrace/millrace/policy"
)

// prepull is the smallest valid one.
func prepull() *nodepool.Prepull {
	return &nodepool.Prepull{Name: "warm", Namespace: "data", Images: []string{"reg.example.com/spark:3.5.1"},
		Placements: []millrace.Placement{gkePool().Placement()}}
}

// fullPrepull sets every field.
func fullPrepull() *nodepool.Prepull {
	return &nodepool.Prepull{
		Name: "warm", Namespace: "data", Images: []string{"reg.example.com/spark:3.5.1", "reg.example.com/kafka@sha256:" + strings.Repeat("ab", 32)},
		Placements:  []millrace.Placement{fullGKE().Placement(), aksSpotPool().Placement(), aksPool().Placement()},
		PullSecrets: []string{"registry"}, PriorityClass: "low", AtOnce: "5",
		Helper: "reg.example.com/busybox:1.37.0-musl", Pause: "reg.example.com/pause:3.10",
		Base: appsv1.DaemonSetSpec{RevisionHistoryLimit: new(int32(0)),
			Template: corev1.PodTemplateSpec{ObjectMeta: metav1.ObjectMeta{Annotations: map[string]string{"company.com/owner": "data-platform"}}}},
	}
}

func TestPrepullGolden(t *testing.T) {
	for name, p := range map[string]*nodepool.Prepull{"prepull.yaml": prepull(), "prepull-full.yaml": fullPrepull()} {
		golden(t, name, render(t, p))
	}
}

// template returns the pods of a prepull.
func template(t *testing.T, p *nodepool.Prepull) corev1.PodTemplateSpec {
	t.Helper()
	set, err := p.DaemonSet()
	if err != nil {
		t.Fatal(err)
	}
	return set.Spec.Template
}

// TestPrepullLands sends it to the nodes of its pools, and to no others.
func TestPrepullLands(t *testing.T) {
	startup := karpenterPool()
	startup.Name = "started"
	startup.StartupTaints = []corev1.Taint{{Key: "agent-not-ready", Effect: corev1.TaintEffectNoExecute}}
	its, others := []*nodepool.Pool{gkePool(), aksSpotPool(), startup}, []*nodepool.Pool{fullGKE(), fullKarpenter()}
	p := prepull()
	p.Placements = nil
	for _, pool := range its {
		p.Placements = append(p.Placements, pool.Placement())
	}
	pod := template(t, p)
	placement := millrace.Pod{Template: pod}.Placement()
	lands := func(pool *nodepool.Pool) bool {
		parts, err := pool.Build()
		if err != nil {
			t.Fatal(err)
		}
		return parts.Nodes[0].Refuses(placement).Empty()
	}
	for _, pool := range its {
		if !lands(pool) {
			t.Errorf("%s is left out", pool.Name)
		}
	}
	for _, pool := range others {
		if lands(pool) {
			t.Errorf("%s isn't its pool", pool.Name)
		}
	}
	if (millrace.NodeShape{Taints: startup.StartupTaints}).Refuses(placement).Empty() {
		t.Error("start-up taints are tolerated")
	}
	if !placement.Tied() || len(pod.Annotations) > 0 {
		t.Errorf("it is tied to no pool, or keeps its nodes: %v", pod.Annotations)
	}
}

// TestPrepullTerms writes selectors and affinities as alternatives.
func TestPrepullTerms(t *testing.T) {
	in := func(key, value string) corev1.NodeSelectorRequirement {
		return corev1.NodeSelectorRequirement{Key: key, Operator: corev1.NodeSelectorOpIn, Values: []string{value}}
	}
	either := &corev1.Affinity{NodeAffinity: &corev1.NodeAffinity{RequiredDuringSchedulingIgnoredDuringExecution: &corev1.NodeSelector{
		NodeSelectorTerms: []corev1.NodeSelectorTerm{{MatchExpressions: []corev1.NodeSelectorRequirement{in("a", "1")}}, {}, {MatchExpressions: []corev1.NodeSelectorRequirement{in("b", "2")}}}}}}
	p := prepull()
	p.Placements = []millrace.Placement{
		{NodeSelector: map[string]string{"y": "2", "x": "1"}}, {NodeSelector: map[string]string{"x": "1", "y": "2"}},
		{NodeSelector: map[string]string{"z": "3"}, Affinity: either}, {Affinity: either},
	}
	want := []corev1.NodeSelectorTerm{
		{MatchExpressions: []corev1.NodeSelectorRequirement{in("x", "1"), in("y", "2")}},
		{MatchExpressions: []corev1.NodeSelectorRequirement{in("z", "3"), in("a", "1")}},
		{MatchExpressions: []corev1.NodeSelectorRequirement{in("z", "3"), in("b", "2")}},
		{MatchExpressions: []corev1.NodeSelectorRequirement{in("a", "1")}},
		{MatchExpressions: []corev1.NodeSelectorRequirement{in("b", "2")}},
	}
	got := template(t, p).Spec.Affinity.NodeAffinity.RequiredDuringSchedulingIgnoredDuringExecution.NodeSelectorTerms
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("terms (-want +got):\n%s", diff)
	}
}

// TestPrepullPolicy holds it to all rules of production, in a namespace that
// lets in nothing but restricted pods with limits.
func TestPrepullPolicy(t *testing.T) {
	namespace := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "data", Labels: map[string]string{"pod-security.kubernetes.io/enforce": "restricted"}}}
	quota := &corev1.ResourceQuota{ObjectMeta: metav1.ObjectMeta{Name: "all", Namespace: "data"},
		Spec: corev1.ResourceQuotaSpec{Hard: corev1.ResourceList{}}}
	for _, name := range []corev1.ResourceName{"requests.cpu", "requests.memory", "limits.cpu", "limits.memory"} {
		quota.Spec.Hard[name] = (millrace.GiB).Quantity()
	}
	secret := &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Name: "registry", Namespace: "data"}, Type: corev1.SecretTypeDockerConfigJson,
		Data: map[string][]byte{corev1.DockerConfigJsonKey: []byte(`{"auths":{}}`)}}
	low := &schedulingv1.PriorityClass{ObjectMeta: metav1.ObjectMeta{Name: "low"}, Value: -1}
	for name, p := range map[string]*nodepool.Prepull{"minimal": prepull(), "full": fullPrepull()} {
		t.Run(name, func(t *testing.T) {
			bundle, err := millrace.Build(gkePool(), fullGKE(), aksSpotPool(), p, millrace.Parts{Objects: []millrace.Object{namespace, quota, secret, low}})
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range policy.Production().Check(bundle).Findings {
				if f.Object.Kind == "DaemonSet" && f.Rule != "quota/unknown" {
					t.Errorf("%v", f)
				}
			}
			// As a pod without its security it must be refused, or nobody looked.
			set, err := p.DaemonSet()
			if err != nil {
				t.Fatal(err)
			}
			set.Spec.Template.Spec.SecurityContext = nil
			bundle, err = millrace.Build(millrace.Parts{Objects: []millrace.Object{namespace, set}})
			if err != nil {
				t.Fatal(err)
			}
			seen := false
			for _, f := range policy.Production().Check(bundle).Findings {
				seen = seen || f.Rule == "pod-security/enforced"
			}
			if !seen {
				t.Error("the namespace's level isn't looked at")
			}
		})
	}
}

func TestPrepullMistakes(t *testing.T) {
	type prep = nodepool.Prepull
	const invalid, required, conflict, duplicate, unsupported = millrace.RuleInvalid, millrace.RuleRequired, millrace.RuleConflict, millrace.RuleDuplicate, millrace.RuleUnsupported
	for name, tc := range map[string]struct {
		change      func(*prep)
		field, rule string
	}{
		"no name":      {func(p *prep) { p.Name = "" }, "Name", required},
		"name":         {func(p *prep) { p.Name = "warm.images" }, "Name", invalid},
		"namespace":    {func(p *prep) { p.Namespace = "Data" }, "Namespace", invalid},
		"no images":    {func(p *prep) { p.Images = nil }, "Images", required},
		"empty image":  {func(p *prep) { p.Images = []string{""} }, "Images[0]", required},
		"image twice":  {func(p *prep) { p.Images = []string{"a", "b", "a"} }, "Images[2]", duplicate},
		"template":     {func(p *prep) { p.Images = []string{"{{inputs.parameters.image}}"} }, "Images[0]", invalid},
		"space":        {func(p *prep) { p.Images = []string{"reg.example.com/spark 3.5.1"} }, "Images[0]", invalid},
		"helper":       {func(p *prep) { p.Helper = "busy box" }, "Helper", invalid},
		"pause":        {func(p *prep) { p.Pause = "pause\n" }, "Pause", invalid},
		"no pools":     {func(p *prep) { p.Placements = nil }, "Placements", required},
		"everywhere":   {func(p *prep) { p.Placements = append(p.Placements, millrace.Placement{}) }, "Placements[1].NodeSelector", required},
		"selector":     {func(p *prep) { p.Placements[0].NodeSelector = map[string]string{"a b": "c"} }, "Placements[0].NodeSelector[a b]", invalid},
		"pod affinity": {func(p *prep) { p.Placements[0].Affinity = &corev1.Affinity{PodAntiAffinity: &corev1.PodAntiAffinity{}} }, "Placements[0].Affinity", unsupported},
		"preference": {func(p *prep) {
			p.Placements[0].Affinity = &corev1.Affinity{NodeAffinity: &corev1.NodeAffinity{PreferredDuringSchedulingIgnoredDuringExecution: make([]corev1.PreferredSchedulingTerm, 1)}}
		}, "Placements[0].Affinity.NodeAffinity", unsupported},
		"secret":            {func(p *prep) { p.PullSecrets = []string{"a", ""} }, "PullSecrets[1]", required},
		"priority":          {func(p *prep) { p.PriorityClass = "Low" }, "PriorityClass", invalid},
		"none at once":      {func(p *prep) { p.AtOnce = "0" }, "AtOnce", invalid},
		"no share at once":  {func(p *prep) { p.AtOnce = "0%" }, "AtOnce", invalid},
		"more than all":     {func(p *prep) { p.AtOnce = "101%" }, "AtOnce", invalid},
		"Base's containers": {func(p *prep) { p.Base.Template.Spec.Containers = []corev1.Container{{Name: "pause", Image: "x"}} }, "Base.Template.Spec.Containers[0].Image", conflict},
		"Base's selector": {func(p *prep) {
			p.Base.Selector = &metav1.LabelSelector{MatchLabels: map[string]string{"app.kubernetes.io/name": "x"}}
		}, "Base.Selector.MatchLabels[app.kubernetes.io/name]", conflict},
	} {
		t.Run(name, func(t *testing.T) {
			p := prepull()
			tc.change(p)
			parts, err := p.Build()
			if len(parts.Objects) > 0 {
				t.Error("one with a mistake made something")
			}
			for _, f := range findings(t, err) {
				if f.Detail == "" || f.Fix == "" || f.Object.Kind != "nodepool.Prepull" {
					t.Errorf("incomplete: %+v", f)
				}
				if f.Field == tc.field && f.Rule == tc.rule {
					return
				}
			}
			t.Errorf("want %s at %q, got %v", tc.rule, tc.field, err)
		})
	}
	if _, err := (*prep)(nil).Build(); len(findings(t, err)) != 1 {
		t.Errorf("nil: %v", err)
	}
	if _, err := (*prep)(nil).DaemonSet(); err == nil {
		t.Error("nil made a DaemonSet")
	}
}

// TestPrepullFields sets each field alone: the output must change.
func TestPrepullFields(t *testing.T) {
	full := reflect.ValueOf(fullPrepull()).Elem()
	before := string(render(t, prepull()))
	for i := range full.NumField() {
		name := full.Type().Field(i).Name
		p := prepull()
		f := reflect.ValueOf(p).Elem().Field(i)
		f.Set(full.Field(i))
		if f.Kind() == reflect.String && strings.HasPrefix(name, "Name") {
			f.SetString("other")
		}
		if string(render(t, p)) == before {
			t.Errorf("nothing renders %s", name)
		}
	}
	p := prepull()
	p.Base.UpdateStrategy.Type = appsv1.OnDeleteDaemonSetStrategyType
	set, err := p.DaemonSet()
	if err != nil || set.Spec.UpdateStrategy.RollingUpdate != nil {
		t.Errorf("Base's strategy got another one's setting: %+v, %v", set.Spec.UpdateStrategy, err)
	}
}

// TestPrepullKeepsNoMemory changes all that it made, and looks whether it
// noticed.
func TestPrepullKeepsNoMemory(t *testing.T) {
	whole := func() *nodepool.Prepull {
		p := fullPrepull()
		p.Placements = append(p.Placements, millrace.Placement{
			Tolerations: []corev1.Toleration{{Key: "a", Operator: corev1.TolerationOpExists, Effect: corev1.TaintEffectNoExecute, TolerationSeconds: new(int64(60))}},
			Affinity: &corev1.Affinity{NodeAffinity: &corev1.NodeAffinity{RequiredDuringSchedulingIgnoredDuringExecution: &corev1.NodeSelector{
				NodeSelectorTerms: []corev1.NodeSelectorTerm{{MatchExpressions: []corev1.NodeSelectorRequirement{onNodes("x", "In", "y")}}}}}},
		})
		return p
	}
	p := whole()
	want := string(render(t, p))
	parts, err := p.Build()
	if err != nil {
		t.Fatal(err)
	}
	scribble(reflect.ValueOf(&parts), 0)
	if diff := cmp.Diff(want, string(render(t, p))); diff != "" {
		t.Errorf("it changed with what it made (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(whole(), p); diff != "" {
		t.Errorf("it changed (-want +got):\n%s", diff)
	}
}
