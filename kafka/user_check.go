package kafka

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/millrace/millrace/kafka/strimziv1"
)

// longestCommonName is how many characters a certificate takes as the name of
// its owner.
// Source: Strimzi, OpenSslCertManager.MAXIMUM_CN_LENGTH; RFC 5280, ub-common-name.
const longestCommonName = 64

// userFault is what is wrong with one part of a user.
type userFault struct {
	// path and goPath are where it is, in the manifest and in the struct. "Name"
	// is the name of the object.
	path, goPath string
	value        string
	detail, fix  string
	// idle marks what the operator takes, and what then does nothing.
	idle bool
}

// userFaults returns what the user operator refuses, or takes without effect.
// Source: Strimzi, KafkaUserModel, SimpleAclRuleResource and
// Util.mergeLabelsOrAnnotations.
func userFaults(name string, spec *strimziv1.KafkaUserSpec) []userFault {
	var out []userFault
	if a := spec.Authentication; a != nil {
		if a.Type == strimziv1.KafkaUserAuthenticationTypeTLS && len(name) > longestCommonName {
			out = append(out, userFault{path: "metadata.name", goPath: "Name", value: name,
				detail: fmt.Sprintf("it has %d characters, and a certificate takes %d", len(name), longestCommonName), fix: "shorten it"})
		}
		if a.Type == strimziv1.KafkaUserAuthenticationTypeSCRAMSHA512 && a.Password != nil {
			if ref := a.Password.ValueFrom.SecretKeyRef; ref == nil || ref.Name == "" || ref.Key == "" {
				out = append(out, userFault{path: "spec.authentication.password.valueFrom.secretKeyRef", goPath: "Authentication.Password.ValueFrom.SecretKeyRef",
					detail: "it names no Secret, or no key in it", fix: "set name and key, or leave the password to the operator"})
			}
		}
	}
	if spec.Authorization != nil {
		for i := range spec.Authorization.ACLs {
			for _, fault := range aclFaults(&spec.Authorization.ACLs[i]) {
				fault.path = fmt.Sprintf("spec.authorization.acls[%d].%s", i, fault.path)
				fault.goPath = fmt.Sprintf("Authorization.ACLs[%d].%s", i, fault.goPath)
				out = append(out, fault)
			}
		}
	}
	if spec.Quotas != nil {
		out = append(out, quotaFaults(spec.Quotas)...)
	}
	if t := spec.Template; t != nil && t.Secret != nil && t.Secret.Metadata != nil {
		out = append(out, secretFaults("labels", "Labels", t.Secret.Metadata.Labels)...)
		out = append(out, secretFaults("annotations", "Annotations", t.Secret.Metadata.Annotations)...)
	}
	return out
}

// quotaFaults looks for quotas that Kafka, or the operator's classes, refuse; the
// API server takes both.
// Source: Apache Kafka 4.3, ClientQuotaControlManager; Strimzi, KafkaUserQuotas.
func quotaFaults(q *strimziv1.KafkaUserQuotas) []userFault {
	var out []userFault
	add := func(path, goPath, value, detail, fix string) {
		out = append(out, userFault{path: "spec.quotas." + path, goPath: "Quotas." + goPath, value: value, detail: detail, fix: fix})
	}
	const none, noneFix = "Kafka has no quota of 0", "leave it out; who may do nothing needs no user"
	for _, quota := range [...]struct {
		path, goPath string
		n            *int64
	}{{"producerByteRate", "ProducerByteRate", q.ProducerByteRate}, {"consumerByteRate", "ConsumerByteRate", q.ConsumerByteRate},
		{"requestPercentage", "RequestPercentage", q.RequestPercentage}} {
		switch {
		case quota.n == nil:
		case *quota.n <= 0:
			add(quota.path, quota.goPath, strconv.FormatInt(*quota.n, 10), none, noneFix)
		case *quota.n > math.MaxInt32:
			add(quota.path, quota.goPath, strconv.FormatInt(*quota.n, 10), "the operator can't read numbers above 2147483647", "lower it, or leave it out")
		}
	}
	if rate := q.ControllerMutationRate; rate != nil && !(*rate > 0) {
		add("controllerMutationRate", "ControllerMutationRate", fmt.Sprint(*rate), none, noneFix)
	}
	return out
}

// secretFaults looks for labels or annotations that a user's Secret can't have.
func secretFaults(path, goPath string, keys map[string]string) []userFault {
	var out []userFault
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		fault := userFault{path: at("spec.template.secret.metadata."+path, key), goPath: at("Template.Secret.Metadata."+goPath, key), value: key, fix: "leave it out"}
		switch {
		case strings.HasPrefix(key, "strimzi.io/"):
			fault.detail = "it is Strimzi's own, and the operator refuses the user"
		case strings.HasPrefix(key, "app.kubernetes.io/"):
			fault.detail, fault.idle = "the operator sets it itself, and drops this one", true
		default:
			continue
		}
		out = append(out, fault)
	}
	return out
}

// aclFaults returns what is wrong with one rule.
func aclFaults(rule *strimziv1.ACLRule) []userFault {
	var out []userFault
	idle := func(path, goPath, value, detail, fix string) {
		out = append(out, userFault{path: path, goPath: goPath, value: value, detail: detail, fix: fix, idle: true})
	}
	name := deref(rule.Resource.Name)
	if rule.Resource.Type == clusterACL {
		if name != "" {
			idle("resource.name", "Resource.Name", name, "a cluster has no name, and the operator doesn't read it", "leave it out")
		}
	} else if name == "" {
		out = append(out, userFault{path: "resource.name", goPath: "Resource.Name", detail: "the rule names nothing, and the operator refuses the user", fix: "name it; * stands for all"})
	} else if why, fix := nameFault(rule.Resource.Type, name, rule.Resource.PatternType == strimziv1.ACLPatternTypePrefix); why != "" {
		if before, ok := strings.CutSuffix(name, anyName); ok && before != "" && !strings.Contains(before, anyName) {
			fix = "write patternType: prefix, and name: " + before
		}
		idle("resource.name", "Resource.Name", name, why, fix)
	}
	if len(rule.Operations) == 0 {
		idle("operations", "Operations", "", "the rule is about no operation", "name one, or remove the rule")
	}
	for i, op := range rule.Operations {
		if why, fix := operationFault(rule.Resource.Type, op); why != "" {
			idle(fmt.Sprintf("operations[%d]", i), fmt.Sprintf("Operations[%d]", i), string(op), why, fix)
		}
	}
	if rule.Host != nil {
		if why, fix := hostFault(*rule.Host); why != "" {
			idle("host", "Host", *rule.Host, why, fix)
		} else if written := brokerHost(*rule.Host); written != *rule.Host {
			idle("host", "Host", *rule.Host, "Kafka compares it with "+written+", letter by letter", "write "+written)
		}
	}
	return out
}
