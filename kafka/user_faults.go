package kafka

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka/strimziv1"
)

// longestCommonName is how many characters a certificate takes as the name of
// its owner.
// Source: Strimzi, OpenSslCertManager.MAXIMUM_CN_LENGTH; RFC 5280, ub-common-name.
const longestCommonName = 64

const (
	userRule    = "kafka/user-spec"
	idleACLRule = "kafka/user-idle-acl"
)

// userFaults are what the user operator refuses, or takes without effect.
// Source: Strimzi, KafkaUserModel, SimpleAclRuleResource and
// Util.mergeLabelsOrAnnotations.
func userFaults(o *strimziv1.KafkaUser) (f faults) {
	spec := &o.Spec
	if a := spec.Authentication; a != nil {
		if a.Type == strimziv1.KafkaUserAuthenticationTypeTLS && len(o.Name) > longestCommonName {
			f.below(userRule, "metadata").invalid(".name", o.Name, fmt.Sprintf("it has %d characters, and a certificate takes %d", len(o.Name), longestCommonName), "shorten it")
		}
		if a.Type == strimziv1.KafkaUserAuthenticationTypeSCRAMSHA512 && a.Password != nil {
			if ref := a.Password.ValueFrom.SecretKeyRef; ref == nil || ref.Name == "" || ref.Key == "" {
				f.add(userRule, millrace.RuleInvalid, passwordPath, "it names no Secret, or no key in it", "set name and key, or leave the password to the operator")
			}
		}
	}
	if spec.Authorization != nil {
		for i := range spec.Authorization.ACLs {
			f.acl(fmt.Sprintf("spec.authorization.acls[%d]", i), &spec.Authorization.ACLs[i])
		}
	}
	if spec.Quotas != nil {
		f.userQuotas(spec.Quotas)
	}
	if t := spec.Template; t != nil && t.Secret != nil && t.Secret.Metadata != nil {
		f.userSecret("labels", t.Secret.Metadata.Labels)
		f.userSecret("annotations", t.Secret.Metadata.Annotations)
	}
	return f
}

const (
	passwordPath   = "spec.authentication.password.valueFrom.secretKeyRef"
	userSecretPath = "spec.template.secret.metadata."
)

// userQuotas looks for quotas that Kafka, or the operator's classes, refuse; the
// API server takes both.
// Source: Apache Kafka 4.3, ClientQuotaControlManager; Strimzi, KafkaUserQuotas.
func (f *faults) userQuotas(q *strimziv1.KafkaUserQuotas) {
	at := f.below(userRule, "spec.quotas")
	const none, noneFix = "Kafka has no quota of 0", "leave it out; who may do nothing needs no user"
	for _, quota := range [...]struct {
		path string
		n    *int64
	}{{".producerByteRate", q.ProducerByteRate}, {".consumerByteRate", q.ConsumerByteRate}, {".requestPercentage", q.RequestPercentage}} {
		switch {
		case quota.n == nil:
		case *quota.n <= 0:
			at.invalid(quota.path, *quota.n, none, noneFix)
		case *quota.n > math.MaxInt32:
			at.invalid(quota.path, *quota.n, "the operator can't read numbers above 2147483647", "lower it, or leave it out")
		}
	}
	if rate := q.ControllerMutationRate; rate != nil && !(*rate > 0) {
		at.invalid(".controllerMutationRate", *rate, none, noneFix)
	}
}

// userSecret looks for labels or annotations that a user's Secret can't have.
func (f *faults) userSecret(part string, keys map[string]string) {
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		path := at(userSecretPath+part, key)
		switch {
		case strings.HasPrefix(key, "strimzi.io/"):
			f.add(userRule, millrace.RuleInvalid, path, "it is Strimzi's own, and the operator refuses the user", "leave it out")
		case strings.HasPrefix(key, "app.kubernetes.io/"):
			f.add(idleACLRule, millrace.RuleInvalid, path, "the operator sets it itself, and drops this one", "leave it out")
		}
	}
}

// acl looks at one rule.
func (f *faults) acl(path string, rule *strimziv1.ACLRule) {
	idle := f.below(idleACLRule, path)
	name := deref(rule.Resource.Name)
	if rule.Resource.Type == clusterACL {
		if name != "" {
			idle.invalid(".resource.name", name, "a cluster has no name, and the operator doesn't read it", "leave it out")
		}
	} else if name == "" {
		f.add(userRule, millrace.RuleInvalid, path+".resource.name", "the rule names nothing, and the operator refuses the user", "name it; * stands for all")
	} else if why, fix := nameFault(rule.Resource.Type, name, rule.Resource.PatternType == strimziv1.ACLPatternTypePrefix); why != "" {
		if before, ok := strings.CutSuffix(name, anyName); ok && before != "" && !strings.Contains(before, anyName) {
			fix = "write patternType: prefix, and name: " + before
		}
		idle.invalid(".resource.name", name, why, fix)
	}
	if len(rule.Operations) == 0 {
		idle.add(millrace.RuleInvalid, ".operations", "the rule is about no operation", "name one, or remove the rule")
	}
	for i, op := range rule.Operations {
		if why, fix := operationFault(rule.Resource.Type, op); why != "" {
			idle.invalid(fmt.Sprintf(".operations[%d]", i), string(op), why, fix)
		}
	}
	if rule.Host != nil {
		if why, fix := hostFault(*rule.Host); why != "" {
			idle.invalid(".host", *rule.Host, why, fix)
		} else if written := brokerHost(*rule.Host); written != *rule.Host {
			idle.invalid(".host", *rule.Host, "Kafka compares it with "+written+", letter by letter", "write "+written)
		}
	}
}
