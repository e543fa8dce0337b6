package builtin

import (
	appsv1 "k8s.io/api/apps/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/millrace/millrace/internal/schema"
)

// statefulSet checks a StatefulSet.
func (c *checker) statefulSet(o *appsv1.StatefulSet) {
	s := &o.Spec
	c.enter("spec")
	defer c.leave()
	if p := s.PodManagementPolicy; p != "" && p != appsv1.OrderedReadyPodManagement && p != appsv1.ParallelPodManagement {
		c.invalid("podManagementPolicy", string(p), "be OrderedReady or Parallel", "use one of the two")
	}
	c.statefulSetStrategy(&s.UpdateStrategy)
	if p := s.PersistentVolumeClaimRetentionPolicy; p != nil {
		c.enter("persistentVolumeClaimRetentionPolicy")
		amongOrEmpty(c, "whenDeleted", p.WhenDeleted, appsv1.RetainPersistentVolumeClaimRetentionPolicyType, appsv1.DeletePersistentVolumeClaimRetentionPolicyType)
		amongOrEmpty(c, "whenScaled", p.WhenScaled, appsv1.RetainPersistentVolumeClaimRetentionPolicyType, appsv1.DeletePersistentVolumeClaimRetentionPolicyType)
		c.leave()
	}
	c.notNegative32("replicas", s.Replicas)
	c.notNegative("minReadySeconds", int64(s.MinReadySeconds))
	if s.Ordinals != nil {
		c.notNegative("ordinals.start", int64(s.Ordinals.Start))
	}
	if s.ServiceName != "" {
		c.dnsLabel("serviceName", s.ServiceName)
	}
	readable := c.selector(s.Selector, true)
	c.enter("volumeClaimTemplates")
	for i := range s.VolumeClaimTemplates {
		c.item(i)
		if readable {
			c.dnsLabel("metadata.name", s.VolumeClaimTemplates[i].Name)
		}
		c.enter("spec")
		c.claimSpec(&s.VolumeClaimTemplates[i].Spec)
		c.templateSources(&s.VolumeClaimTemplates[i].Spec)
		c.leave()
		c.leave()
	}
	c.leave()
	if readable {
		c.keptPods(s.Selector, &s.Template, podOptions{stable: true, claims: s.VolumeClaimTemplates})
		return
	}
	c.enter("template")
	c.keepRunning(&s.Template.Spec)
	c.leave()
}

func (c *checker) statefulSetStrategy(s *appsv1.StatefulSetUpdateStrategy) {
	switch s.Type {
	case appsv1.OnDeleteStatefulSetStrategyType:
		if s.RollingUpdate != nil {
			c.problem("updateStrategy.rollingUpdate", schema.RuleInvalid, "is set, and the type is OnDelete", "take it out, or use RollingUpdate")
		}
		return
	case "", appsv1.RollingUpdateStatefulSetStrategyType:
	default:
		c.invalid("updateStrategy", string(s.Type), "be RollingUpdate or OnDelete", "use one of the two")
		return
	}
	if s.RollingUpdate == nil {
		return
	}
	c.enter("updateStrategy")
	c.enter("rollingUpdate")
	c.notNegative32("partition", s.RollingUpdate.Partition)
	c.share("maxUnavailable", s.RollingUpdate.MaxUnavailable, true)
	if none(s.RollingUpdate.MaxUnavailable) {
		c.problem("maxUnavailable", schema.RuleInvalid, "is 0, so no pod could be replaced", "raise it")
	}
	c.leave()
	c.leave()
}

// daemonSet checks a DaemonSet.
func (c *checker) daemonSet(o *appsv1.DaemonSet) {
	if _, set := o.Annotations[appsv1.DeprecatedTemplateGeneration]; set {
		c.numberIn(o.Annotations, appsv1.DeprecatedTemplateGeneration)
	}
	s := &o.Spec
	c.enter("spec")
	defer c.leave()
	readable := c.selector(s.Selector, false)
	c.notNegative("minReadySeconds", int64(s.MinReadySeconds))
	c.notNegative32("revisionHistoryLimit", s.RevisionHistoryLimit)
	c.daemonSetStrategy(&s.UpdateStrategy)
	c.enter("template")
	if readable && !selects(s.Selector, s.Template.Labels) {
		c.unselected("metadata.labels")
	}
	c.podTemplate(&s.Template, podOptions{})
	c.keepRunning(&s.Template.Spec)
	c.leave()
}

func (c *checker) daemonSetStrategy(s *appsv1.DaemonSetUpdateStrategy) {
	switch s.Type {
	case appsv1.OnDeleteDaemonSetStrategyType:
		return
	case "", appsv1.RollingUpdateDaemonSetStrategyType:
	default:
		c.enum("updateStrategy", string(s.Type), string(appsv1.RollingUpdateDaemonSetStrategyType), string(appsv1.OnDeleteDaemonSetStrategyType))
		return
	}
	if s.RollingUpdate == nil {
		return
	}
	// The server makes these of nothing.
	unavailable, surge := s.RollingUpdate.MaxUnavailable, s.RollingUpdate.MaxSurge
	if unavailable == nil {
		unavailable = &intstr.IntOrString{IntVal: 1}
	}
	if surge == nil {
		surge = &intstr.IntOrString{}
	}
	c.enter("updateStrategy")
	c.enter("rollingUpdate")
	c.share("maxUnavailable", unavailable, true)
	c.share("maxSurge", surge, true)
	switch {
	case !none(unavailable) && !none(surge):
		c.problem("maxSurge", schema.RuleInvalid, "is not 0, and neither is maxUnavailable, which is 1 when left out", "set one of them to 0")
	case none(unavailable) && none(surge):
		c.problem("maxUnavailable", schema.RuleRequired, "is 0, and so is maxSurge, so no pod could be replaced", "raise one of them")
	}
	c.leave()
	c.leave()
}
