package nodepool

import (
	"fmt"
	"maps"
	"slices"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/overlay"
)

const (
	// prepullVolume is where the static binary is, in every container.
	prepullVolume = "prepull"
	prepullDir    = "/" + prepullVolume
	prepullTrue   = prepullDir + "/true"
	// prepullUser is nobody, which no image keeps for anything else.
	prepullUser = 65534
)

// Build checks the builder and returns its DaemonSet. The error is a
// *millrace.BuildError with every mistake.
func (p *Prepull) Build() (millrace.Parts, error) {
	var problems millrace.Problems
	problems.Object = millrace.Ref{Kind: "nodepool.Prepull"}
	if p == nil {
		problems.Required("", "it is nil: leave it out")
		return millrace.Parts{}, problems.Err()
	}
	problems.Object.Namespace, problems.Object.Name = p.Namespace, p.Name
	p.check(&problems)
	set := &appsv1.DaemonSet{
		TypeMeta:   metav1.TypeMeta{APIVersion: appsv1.SchemeGroupVersion.String(), Kind: "DaemonSet"},
		ObjectMeta: metav1.ObjectMeta{Name: p.Name, Namespace: p.Namespace, Labels: p.labels()},
		Spec:       p.spec(&problems),
	}
	if err := problems.Err(); err != nil {
		return millrace.Parts{}, err
	}
	return millrace.Parts{Objects: []millrace.Object{set}}, nil
}

// DaemonSet builds it and returns the object.
func (p *Prepull) DaemonSet() (*appsv1.DaemonSet, error) {
	parts, err := p.Build()
	if err != nil {
		return nil, err
	}
	return parts.Objects[0].(*appsv1.DaemonSet), nil
}

// labels tell its pods from all others.
func (p *Prepull) labels() map[string]string {
	return map[string]string{"app.kubernetes.io/name": prepullVolume, "app.kubernetes.io/instance": p.Name}
}

// spec lays the builder over Base.
func (p *Prepull) spec(problems *millrace.Problems) appsv1.DaemonSetSpec {
	spec := *p.Base.DeepCopy()
	most := intstr.Parse(orDefault(p.AtOnce, defaultPrepullAtOnce))
	own := appsv1.DaemonSetSpec{
		Selector: &metav1.LabelSelector{MatchLabels: p.labels()},
		Template: corev1.PodTemplateSpec{
			ObjectMeta: metav1.ObjectMeta{Labels: p.labels()},
			Spec: corev1.PodSpec{
				InitContainers:    p.initContainers(),
				Containers:        []corev1.Container{prepullContainer("pause", orDefault(p.Pause, defaultPrepullPause))},
				PriorityClassName: p.PriorityClass,
				Volumes:           []corev1.Volume{{Name: prepullVolume, VolumeSource: corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{SizeLimit: new(prepullSize.Quantity())}}}},
				Affinity:          p.affinity(),
				Tolerations:       p.tolerations(),
			},
		},
	}
	if p.AtOnce != "" {
		own.UpdateStrategy = prepullStrategy(most)
	}
	for _, name := range p.PullSecrets {
		own.Template.Spec.ImagePullSecrets = append(own.Template.Spec.ImagePullSecrets, corev1.LocalObjectReference{Name: name})
	}
	for _, field := range overlay.Lay(&spec, &own) {
		problems.Conflict("Base."+field, "the builder sets it too", "set it in one place")
	}
	if spec.UpdateStrategy.Type == "" {
		spec.UpdateStrategy = prepullStrategy(most)
	}
	overlay.Fill(&spec, &appsv1.DaemonSetSpec{
		Template: corev1.PodTemplateSpec{Spec: corev1.PodSpec{
			AutomountServiceAccountToken: new(false),
			EnableServiceLinks:           new(false),
			SecurityContext: &corev1.PodSecurityContext{
				RunAsNonRoot: new(true), RunAsUser: new(int64(prepullUser)), RunAsGroup: new(int64(prepullUser)),
				SeccompProfile: &corev1.SeccompProfile{Type: corev1.SeccompProfileTypeRuntimeDefault},
			},
		}},
	})
	return spec
}

func prepullStrategy(most intstr.IntOrString) appsv1.DaemonSetUpdateStrategy {
	return appsv1.DaemonSetUpdateStrategy{
		Type:          appsv1.RollingUpdateDaemonSetStrategyType,
		RollingUpdate: &appsv1.RollingUpdateDaemonSet{MaxUnavailable: &most},
	}
}

// initContainers are the helper, which copies its binary, and the images, which
// run it.
func (p *Prepull) initContainers() []corev1.Container {
	helper := prepullContainer("helper", orDefault(p.Helper, defaultPrepullHelper))
	helper.Command = []string{"/bin/cp", "/bin/true", prepullTrue}
	helper.VolumeMounts = []corev1.VolumeMount{{Name: prepullVolume, MountPath: prepullDir}}
	out := []corev1.Container{helper}
	for i, image := range p.Images {
		c := prepullContainer(fmt.Sprintf("image-%d", i), image)
		// The image's own directory may be closed to nobody.
		c.Command, c.WorkingDir = []string{prepullTrue}, "/"
		c.VolumeMounts = []corev1.VolumeMount{{Name: prepullVolume, MountPath: prepullDir, ReadOnly: true}}
		out = append(out, c)
	}
	return out
}

// prepullContainer is a container that does next to nothing. It pulls only what
// isn't there: the tag latest would be asked for again each time.
func prepullContainer(name, image string) corev1.Container {
	return corev1.Container{
		Name: name, Image: image, ImagePullPolicy: corev1.PullIfNotPresent,
		Resources: corev1.ResourceRequirements{
			Requests: corev1.ResourceList{
				corev1.ResourceCPU:    resource.MustParse("10m"),
				corev1.ResourceMemory: resource.MustParse("16Mi"),
			},
			// A container's start counts against its limits.
			Limits: corev1.ResourceList{
				corev1.ResourceCPU:    resource.MustParse("100m"),
				corev1.ResourceMemory: resource.MustParse("32Mi"),
			},
		},
		SecurityContext: &corev1.SecurityContext{
			AllowPrivilegeEscalation: new(false), ReadOnlyRootFilesystem: new(true),
			Capabilities: &corev1.Capabilities{Drop: []corev1.Capability{"ALL"}},
		},
	}
}

// affinity leads to the nodes of any of the pools.
func (p *Prepull) affinity() *corev1.Affinity {
	var terms []corev1.NodeSelectorTerm
	for _, placement := range p.Placements {
		for _, term := range nodeTerms(placement) {
			same := func(other corev1.NodeSelectorTerm) bool { return term.String() == other.String() }
			if !slices.ContainsFunc(terms, same) {
				terms = append(terms, term)
			}
		}
	}
	if len(terms) == 0 {
		return nil
	}
	return &corev1.Affinity{NodeAffinity: &corev1.NodeAffinity{
		RequiredDuringSchedulingIgnoredDuringExecution: &corev1.NodeSelector{NodeSelectorTerms: terms},
	}}
}

// nodeTerms writes a placement's selector and its required affinity as terms of
// an affinity: the selector holds beside each of the alternatives.
func nodeTerms(placement millrace.Placement) []corev1.NodeSelectorTerm {
	var selected []corev1.NodeSelectorRequirement
	for _, key := range slices.Sorted(maps.Keys(placement.NodeSelector)) {
		selected = append(selected, corev1.NodeSelectorRequirement{
			Key: key, Operator: corev1.NodeSelectorOpIn, Values: []string{placement.NodeSelector[key]}})
	}
	required := placement.RequiredNodes()
	if required == nil {
		if len(selected) == 0 {
			return nil
		}
		return []corev1.NodeSelectorTerm{{MatchExpressions: selected}}
	}
	var out []corev1.NodeSelectorTerm
	for _, term := range required.DeepCopy().NodeSelectorTerms {
		if len(term.MatchExpressions)+len(term.MatchFields) == 0 {
			continue // No node meets it.
		}
		term.MatchExpressions = append(slices.Clip(slices.Clone(selected)), term.MatchExpressions...)
		out = append(out, term)
	}
	return out
}

// tolerations are those of all pools.
func (p *Prepull) tolerations() []corev1.Toleration {
	var out []corev1.Toleration
	for _, placement := range p.Placements {
		for _, t := range placement.Clone().Tolerations {
			if !slices.ContainsFunc(out, func(have corev1.Toleration) bool { return have.String() == t.String() }) {
				out = append(out, t)
			}
		}
	}
	return out
}
