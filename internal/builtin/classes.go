package builtin

import (
	"reflect"
	"strings"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	schedulingv1 "k8s.io/api/scheduling/v1"
	storagev1 "k8s.io/api/storage/v1"
	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/millrace/millrace/internal/schema"
)

// Priorities from 1 billion on are the system's.
const (
	highestPriority = 1_000_000_000
	systemPriority  = 2 * highestPriority
)

func (c *checker) priorityClass(o *schedulingv1.PriorityClass) {
	if system, own := strings.CutPrefix(o.Name, "system-"); own {
		value, ok := map[string]int32{"node-critical": systemPriority + 1000, "cluster-critical": systemPriority}[system]
		if !ok || value != o.Value || o.GlobalDefault {
			c.forbidden("metadata.name", "is "+show(o.Name)+", and system- is for the system's own classes", "choose another name")
		}
	} else if o.Value > highestPriority {
		c.forbidden("value", "is "+show(o.Value)+", must be at most "+show(highestPriority), "lower it")
	}
	if p := o.PreemptionPolicy; p != nil {
		if *p == "" {
			c.required("preemptionPolicy", "take it out, or use Never")
			return
		}
		among(c, "preemptionPolicy", *p, corev1.PreemptLowerPriority, corev1.PreemptNever)
	}
}

func (c *checker) storageClass(o *storagev1.StorageClass) {
	if c.present("provisioner", o.Provisioner, "name the driver") {
		c.held("provisioner", o.Provisioner, validation.IsQualifiedName(strings.ToLower(o.Provisioner)), aQualified)
	}
	c.parameters(o.Parameters)
	if p := o.ReclaimPolicy; p != nil && *p != "" {
		among(c, "reclaimPolicy", *p, corev1.PersistentVolumeReclaimDelete, corev1.PersistentVolumeReclaimRetain)
	}
	if m := o.VolumeBindingMode; m != nil {
		among(c, "volumeBindingMode", *m, storagev1.VolumeBindingImmediate, storagev1.VolumeBindingWaitForFirstConsumer)
	}
	c.enter("allowedTopologies")
	defer c.leave()
	var before []map[string]map[string]bool
	for i := range o.AllowedTopologies {
		c.item(i)
		c.enter("matchLabelExpressions")
		term := c.topologyTerm(o.AllowedTopologies[i].MatchLabelExpressions)
		if len(term) == 0 {
			c.required("", "name a label, or take the term out")
		}
		for _, b := range before {
			if reflect.DeepEqual(b, term) {
				c.problem("", schema.RuleDuplicate, "is a term again", "take one of them out")
				break
			}
		}
		before = append(before, term)
		c.leave()
		c.leave()
	}
}

func (c *checker) parameters(p map[string]string) {
	const (
		mostNames = 512
		mostBytes = 256 << 10
	)
	if c.atMost("parameters", len(p), mostNames, "parameters"); len(p) > mostNames {
		return
	}
	size := 0
	for k, v := range p {
		size += len(k) + len(v)
		if k == "" {
			c.invalid("parameters", k, "have a name", "name the parameter")
		}
	}
	c.atMost("parameters", size, mostBytes, "bytes")
}

// topologyTerm checks the labels of the nodes where volumes may be. It returns
// the values of each.
func (c *checker) topologyTerm(rs []corev1.TopologySelectorLabelRequirement) map[string]map[string]bool {
	term := map[string]map[string]bool{}
	for i := range rs {
		c.item(i)
		r := &rs[i]
		if len(r.Values) == 0 {
			c.required("values", "name a value")
		}
		values := map[string]bool{}
		c.enter("values")
		for j, v := range r.Values {
			if values[v] {
				c.item(j)
				c.duplicate("", v)
				c.leave()
			}
			values[v] = true
		}
		c.leave()
		c.held("key", r.Key, validation.IsQualifiedName(r.Key), aQualified)
		if _, again := term[r.Key]; again {
			c.duplicate("key", r.Key)
		}
		term[r.Key] = values
		c.leave()
	}
	return term
}

func (c *checker) ingressClass(o *networkingv1.IngressClass) {
	c.enter("spec")
	defer c.leave()
	const most = 250
	name := o.Spec.Controller
	c.atMost("controller", len(name), most, "characters")
	c.adopt("controller", validation.IsDomainPrefixedPath(nil, name))
	p := o.Spec.Parameters
	if p == nil {
		return
	}
	c.enter("parameters")
	defer c.leave()
	if p.APIGroup != nil {
		c.held("apiGroup", *p.APIGroup, validation.IsDNS1123Subdomain(*p.APIGroup), aName)
	}
	c.segment("kind", p.Kind, "say of which kind it is")
	c.segment("name", p.Name, "name the object")
	scope := networkingv1.IngressClassParametersReferenceScopeCluster
	if p.Scope != nil {
		scope = *p.Scope
	}
	switch scope {
	case networkingv1.IngressClassParametersReferenceScopeNamespace:
		if p.Namespace == nil {
			c.required("namespace", "say where the object is, or set the scope to Cluster")
		} else {
			c.held("namespace", *p.Namespace, validation.IsDNS1123Label(*p.Namespace), aLabel)
		}
	case networkingv1.IngressClassParametersReferenceScopeCluster:
		c.unset("namespace", p.Namespace != nil, "and the scope is Cluster")
	default:
		among(c, "scope", scope, networkingv1.IngressClassParametersReferenceScopeNamespace, networkingv1.IngressClassParametersReferenceScopeCluster)
	}
}
