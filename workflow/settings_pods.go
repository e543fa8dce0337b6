package workflow

import (
	"fmt"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
)

// RunPods is what all the pods of a run get, and what becomes of them: fields
// that few pipelines set. PodSettings is for the pod of one step.
type RunPods struct {
	// Labels and Annotations go to each pod; where a step has others of the same
	// key, those win. Values may hold references to parameters. Nil means none.
	//
	// Rendered as podMetadata.
	Labels, Annotations map[string]string
	// Volumes are those that containers mount. Nil means none.
	//
	// Rendered as volumes.
	Volumes []corev1.Volume
	// Claims are volumes that Argo makes for each run, and that containers mount
	// by the claims' names. RunSettings.ClaimGC says when they go. Nil means none.
	//
	// Rendered as volumeClaimTemplates.
	Claims []Claim
	// Token is whether pods get the token of their account. Nil means as the
	// account says, which is true by default. False wants an ExecutorAccount.
	//
	// Rendered as automountServiceAccountToken.
	Token *bool
	// ExecutorAccount is the account by which Argo's own containers tell what
	// became of a step. It has a Secret with a token, which they alone get.
	// Empty means the pod's account.
	//
	// Rendered as executor.serviceAccountName.
	ExecutorAccount string
	// Scheduler is who finds nodes for the pods. Empty means Kubernetes' own.
	//
	// Rendered as schedulerName.
	Scheduler string
	// SecurityContext is that of the pods. What is nil in it has its default:
	// no root, Argo's own user, the seccomp profile of the runtime, and where the
	// run has claims, a group that may write to them.
	//
	// Rendered as securityContext.
	SecurityContext *corev1.PodSecurityContext
	// ImagePullSecrets are Secrets by which images are pulled. Nil leaves it to
	// the service account.
	//
	// Rendered as imagePullSecrets.
	ImagePullSecrets []string
	// HostAliases are lines of the pods' /etc/hosts, each address once. Nil means
	// none.
	//
	// Rendered as hostAliases.
	HostAliases []corev1.HostAlias
	// HostNetwork gives the pods the network of their node. They find no services
	// then, unless DNS.Policy is ClusterFirstWithHostNet. False gives each its
	// own.
	//
	// Rendered as hostNetwork.
	HostNetwork bool
	// DNS is how the pods find addresses. Zero means the cluster's way.
	//
	// Rendered as dnsPolicy and dnsConfig.
	DNS DNS
	// Patch changes each pod when everything else is in it; the patch of a step
	// comes after it. The zero one changes nothing.
	//
	// Rendered as podSpecPatch.
	Patch PodPatch
	// GC is which of the pods are deleted before the run itself is.
	//
	// Rendered as podGC.
	GC PodGC
	// DisruptionBudget keeps their nodes from being drained. The zero one doesn't.
	//
	// Rendered as podDisruptionBudget.
	DisruptionBudget DisruptionBudget
}

// DNS is how pods find the addresses of names.
type DNS struct {
	// Policy is whom they ask. Empty means corev1.DNSClusterFirst.
	//
	// Rendered as dnsPolicy.
	Policy corev1.DNSPolicy
	// Config adds to what the policy says. corev1.DNSNone wants its name
	// servers.
	//
	// Rendered as dnsConfig.
	Config *corev1.PodDNSConfig
}

// render adds the settings to the spec of a workflow.
func (s RunPods) render(c *check, field string, spec *wfv1.WorkflowSpec) {
	spec.PodMetadata = c.metadata(field, s.Labels, s.Annotations)
	spec.Volumes = append(spec.Volumes, c.volumes(field+".Volumes", s.Volumes)...)
	s.claims(c, field, spec)
	s.accounts(c, field, spec)
	if s.SecurityContext != nil {
		spec.SecurityContext = s.SecurityContext.DeepCopy()
	}
	spec.HostAliases = append(spec.HostAliases, c.hostAliases(field+".HostAliases", s.HostAliases)...)
	if s.HostNetwork {
		spec.HostNetwork = new(true)
	}
	s.DNS.render(c, field+".DNS", spec)
	spec.PodSpecPatch = s.Patch.render(c, field+".Patch")
	spec.PodGC = s.GC.render(c, field+".GC")
	spec.PodDisruptionBudget = s.DisruptionBudget.render(c, field+".DisruptionBudget")
}

// accounts renders who the pods are, and whose images they run.
func (s RunPods) accounts(c *check, field string, spec *wfv1.WorkflowSpec) {
	c.token(field, s.Token, s.ExecutorAccount)
	if s.Token != nil {
		spec.AutomountServiceAccountToken = new(*s.Token)
	}
	if s.ExecutorAccount != "" {
		spec.Executor = &wfv1.ExecutorConfig{ServiceAccountName: s.ExecutorAccount}
	}
	if s.Scheduler != "" {
		spec.SchedulerName = s.Scheduler
	}
	seen := make(map[string]bool)
	for i, name := range s.ImagePullSecrets {
		c.Name(at(field+".ImagePullSecrets", i), name)
		c.unique(at(field+".ImagePullSecrets", i), seen, name)
		spec.ImagePullSecrets = append(spec.ImagePullSecrets, corev1.LocalObjectReference{Name: name})
	}
}

// claims renders the volumes that each run is given.
func (s RunPods) claims(c *check, field string, spec *wfv1.WorkflowSpec) {
	seen := make(map[string]bool)
	for _, v := range s.Volumes {
		seen[v.Name] = true
	}
	spec.VolumeClaimTemplates = renderClaims(c, field+".Claims", s.Claims)
	for i, claim := range spec.VolumeClaimTemplates {
		if seen[claim.Name] {
			c.Add(millrace.RuleDuplicate, at(field+".Claims", i)+".Name", fmt.Sprintf("a volume is called %q already", claim.Name), "rename one of them")
		}
	}
}

func (d DNS) render(c *check, field string, spec *wfv1.WorkflowSpec) {
	known(c, field+".Policy", d.Policy, corev1.DNSClusterFirst, corev1.DNSClusterFirstWithHostNet, corev1.DNSDefault, corev1.DNSNone)
	if d.Policy == corev1.DNSNone && (d.Config == nil || len(d.Config.Nameservers) == 0) {
		c.Required(field+".Config.Nameservers", "name a server, as the policy None leaves the pods without any")
	}
	if d.Policy != "" {
		spec.DNSPolicy = new(d.Policy)
	}
	if d.Config != nil {
		spec.DNSConfig = d.Config.DeepCopy()
	}
}
