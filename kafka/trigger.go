package kafka

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/closest"
	"github.com/millrace/millrace/kafka/kedav1alpha1"
)

// lagTrigger is KEDA's trigger that asks Kafka itself how far a group lags
// behind. There is a second one, apache-kafka, with other settings.
const lagTrigger = "kafka"

// The rules of triggers and ScaledObjects.
const (
	ruleTrigger = "kafka/consumer-trigger"
	ruleTopicOf = "kafka/consumer-topic"
	ruleHosts   = "kafka/consumer-bootstrap"
	ruleAuth    = "kafka/consumer-auth"
	ruleScaling = "kafka/consumer-scaling"
	ruleMaximum = "kafka/consumer-maximum"
)

// The settings of the trigger that several places speak of.
const (
	keyServers      = "bootstrapServers"
	keyGroup        = "consumerGroup"
	keyTopic        = "topic"
	keyLag          = "lagThreshold"
	keyActivation   = "activationLagThreshold"
	keyReset        = "offsetResetPolicy"
	keyLimit        = "partitionLimitation"
	keyFullMetadata = "fullMetadata"
	keyIdle         = "allowIdleConsumers"
	keyWithLag      = "limitToPartitionsWithLag"
	keyEven         = "ensureEvenDistributionOfPartitions"
	keyTLS          = "tls"
	keySASL         = "sasl"
	keyCA           = "ca"
	keyCert         = "cert"
	keyKey          = "key"
	keyUsername     = "username"
	keyPassword     = "password"
)

// triggerKeys are the settings of the trigger, and how their values are checked;
// nil takes any text.
// Source: KEDA 2.21.0, pkg/scalers/kafka_scaler.go, kafkaMetadata.
var triggerKeys = map[string]func(string) (why, fix string){
	keyServers: nil, keyGroup: nil, keyTopic: nil,
	keyLag: atLeast(1), keyActivation: atLeast(0),
	keyReset: among("latest", "earliest"), keyLimit: partitionLimit,
	keyIdle: truth, keyWithLag: truth, keyEven: truth, keyFullMetadata: truth,
	"excludePersistentLag": truth, "scaleToZeroOnInvalidOffset": truth, "unsafeSsl": truth,
	"version":           kafkaVersion,
	keyTLS:              among("enable", "disable"),
	keySASL:             among("none", "plaintext", "scram_sha256", "scram_sha512", "oauthbearer", "gssapi"),
	"saslTokenProvider": among("bearer", "aws_msk_iam"), "awsRegion": nil,
}

// authOnly are those that KEDA takes from a TriggerAuthentication alone.
var authOnly = []string{keyCA, keyCert, keyKey, "keyPassword", keyUsername, keyPassword, "scopes", "oauthTokenEndpointUri", "oauthExtensions",
	"keytab", "ccacheName", "realm", "kerberosConfig", "kerberosServiceName", "kerberosDisableFAST"}

// fromEnv are those that KEDA also takes from the environment of what it
// scales, by the name with FromEnv.
var fromEnv = []string{keyServers, keyGroup, keyTopic}

func atLeast(least int64) func(string) (string, string) {
	return func(value string) (string, string) {
		// KEDA reads numbers as JSON has them, without zeros before them.
		if n, err := strconv.ParseInt(value, 10, 64); err != nil || n < least || strconv.FormatInt(n, 10) != value {
			return "it is no whole number of records", fmt.Sprintf("use %d or more", least)
		}
		return "", ""
	}
}

func among(words ...string) func(string) (string, string) {
	return func(value string) (string, string) {
		if !slices.Contains(words, value) {
			return "KEDA doesn't know it", "use " + strings.Join(words, ", ")
		}
		return "", ""
	}
}

func truth(value string) (why, fix string) {
	if _, err := strconv.ParseBool(value); err != nil {
		return "it is neither true nor false", `use "true" or "false"`
	}
	return "", ""
}

func kafkaVersion(value string) (why, fix string) {
	if !versionPattern.MatchString(value) {
		return "it is no version of Kafka", `use one such as "4.3.1", or leave it out`
	}
	return "", ""
}

// partitionLimit checks a list of partitions such as "1,3,5-8". KEDA lets a
// range pass that runs backwards, and then finds no partition in it.
func partitionLimit(value string) (why, fix string) {
	for part := range strings.SplitSeq(value, ",") {
		first, last, isRange := strings.Cut(part, "-")
		if !isRange {
			last = first
		}
		from, err1 := strconv.ParseInt(strings.TrimSpace(first), 10, 32)
		to, err2 := strconv.ParseInt(strings.TrimSpace(last), 10, 32)
		if err1 != nil || err2 != nil || from > to {
			return "it is no list of partitions", `write it as "0,2,4-7"`
		}
	}
	return "", ""
}

// trigger is one trigger of a ScaledObject with the path that it stands at.
type trigger struct {
	kedav1alpha1.ScaleTriggers
	at string
}

// value returns a setting as KEDA reads it, and whether it is told at all: the
// value of one from the environment isn't known.
func (t trigger) value(key string) (value string, told bool) {
	if v := strings.TrimSpace(t.Metadata[key]); v != "" {
		return v, true
	}
	return "", slices.Contains(fromEnv, key) && strings.TrimSpace(t.Metadata[key+"FromEnv"]) != ""
}

func (t trigger) on(key string) bool {
	v, _ := t.value(key)
	on, _ := strconv.ParseBool(v)
	return on
}

// path returns where a setting stands.
func (t trigger) path(key string) string { return at(t.at+".metadata", key) }

// triggersOf returns the Kafka triggers of a ScaledObject.
func triggersOf(o *kedav1alpha1.ScaledObject) []trigger {
	var out []trigger
	for i, t := range o.Spec.Triggers {
		if t.Type == lagTrigger {
			out = append(out, trigger{t, fmt.Sprintf("spec.triggers[%d]", i)})
		}
	}
	return out
}

// faults reports what KEDA refuses in the settings, or passes over.
func (t trigger) faults(f *faults) {
	for _, key := range [...]string{keyServers, keyGroup} {
		if _, ok := t.value(key); !ok {
			f.add(ruleTrigger, millrace.RuleRequired, t.path(key), "is required", "set it")
		}
	}
	for _, key := range slices.Sorted(maps.Keys(t.Metadata)) {
		t.keyFaults(f, key)
	}
	t.pairFaults(f)
}

func (t trigger) keyFaults(f *faults, key string) {
	name, isEnv := strings.CutSuffix(key, "FromEnv")
	check, known := triggerKeys[name]
	switch {
	case isEnv && slices.Contains(fromEnv, name), strings.HasPrefix(name, "aws"), name == "identityOwner":
	case slices.Contains(authOnly, name):
		f.add(ruleTrigger, millrace.RuleUnsupported, t.path(key), "KEDA takes it from a TriggerAuthentication alone, and passes over it here", "move it there")
	case isEnv || !known:
		fix := "leave it out"
		if meant, ok := closest.Name(key, maps.Keys(triggerKeys)); ok {
			fix = "did you mean " + meant + "?"
		}
		f.add(ruleTrigger, millrace.RuleUnknown, t.path(key), "KEDA knows no such setting, and passes over it", fix)
	case check != nil:
		if value := strings.TrimSpace(t.Metadata[key]); value != "" && !strings.Contains(value, "{{") {
			if why, fix := check(value); why != "" {
				f.add(ruleTrigger, millrace.RuleInvalid, t.path(key), fmt.Sprintf("%q: %s", value, why), fix)
			}
		}
	}
}

// pairFaults reports settings that exclude or need each other.
func (t trigger) pairFaults(f *faults) {
	for _, pair := range [...][2]string{{keyIdle, keyWithLag}, {keyWithLag, keyEven}} {
		if t.on(pair[0]) && t.on(pair[1]) {
			f.add(ruleTrigger, millrace.RuleConflict, t.path(pair[1]), pair[0]+" excludes it", "keep one of the two")
		}
	}
	_, hasTopic := t.value(keyTopic)
	full, _ := t.value(keyFullMetadata)
	partly := full != "" && isBool(full) && !t.on(keyFullMetadata)
	for _, key := range [...]string{keyWithLag, keyEven, keyFullMetadata} {
		if !hasTopic && (key != keyFullMetadata && t.on(key) || key == keyFullMetadata && partly) {
			f.add(ruleTrigger, millrace.RuleRequired, t.path(keyTopic), fmt.Sprintf("is required beside %s: %q", key, t.Metadata[key]), "name the topic")
		}
	}
	if t.MetricType != nil && *t.MetricType == "Utilization" {
		f.add(ruleTrigger, millrace.RuleInvalid, t.at+".metricType", "\"Utilization\": a lag has none", "use AverageValue, or leave it out")
	}
}

func isBool(s string) bool {
	_, err := strconv.ParseBool(s)
	return err == nil
}

// authFaults reports what the trigger and its TriggerAuthentication don't make
// together. auth is nil for a trigger without one; one that isn't known can't
// be judged.
// Source: KEDA 2.21.0, pkg/scalers/kafka_scaler.go, parseTLS and parseSASL.
func (t trigger) authFaults(f *faults, auth *kedav1alpha1.TriggerAuthentication) {
	given := authParameters(auth)
	tls, _ := t.value(keyTLS)
	encrypted := tls == "enable" || given[keyTLS]
	ref := t.at + ".authenticationRef"
	switch {
	case encrypted && given[keyCert] != given[keyKey]:
		f.add(ruleAuth, millrace.RuleConflict, ref, "the TriggerAuthentication has one of cert and key without the other", "give it both, or neither")
	case !encrypted && (given[keyCA] || given[keyCert] || given[keyKey]):
		f.add(ruleAuth, millrace.RuleConflict, t.path(keyTLS), "the TriggerAuthentication has certificates, and KEDA speaks plaintext all the same", `set tls to "enable"`)
	}
	sasl, _ := t.value(keySASL)
	if provider, _ := t.value("saslTokenProvider"); sasl == "oauthbearer" && provider == "aws_msk_iam" {
		if !encrypted {
			f.add(ruleAuth, millrace.RuleConflict, t.path(keyTLS), "aws_msk_iam needs TLS", `set tls to "enable"`)
		}
		if region, _ := t.value("awsRegion"); region == "" {
			f.add(ruleAuth, millrace.RuleRequired, t.path("awsRegion"), "is required beside aws_msk_iam", "name the region")
		}
		return
	}
	for _, key := range loginParameters[sasl] {
		if !given[key] {
			f.add(ruleAuth, millrace.RuleRequired, ref, fmt.Sprintf("sasl is %s, and nothing gives KEDA the %s", sasl, key), "add the parameter "+key+" to the TriggerAuthentication")
		}
	}
}

// loginParameters are what KEDA needs for a login; that of Kerberos needs a
// password, a keytab or a cache besides.
var loginParameters = map[string][]string{
	"plaintext":    {keyUsername, keyPassword},
	"scram_sha256": {keyUsername, keyPassword},
	"scram_sha512": {keyUsername, keyPassword},
	"oauthbearer":  {keyUsername, keyPassword, "oauthTokenEndpointUri"},
	"gssapi":       {keyUsername, "realm", "kerberosConfig"},
}

// authParameters are the parameters that a TriggerAuthentication gives.
func authParameters(auth *kedav1alpha1.TriggerAuthentication) map[string]bool {
	out := map[string]bool{}
	if auth == nil {
		return out
	}
	for _, list := range [][]kedav1alpha1.AuthTargetRef{auth.Spec.SecretTargetRef, auth.Spec.ConfigMapTargetRef} {
		for _, p := range list {
			out[p.Parameter] = true
		}
	}
	for _, p := range auth.Spec.Env {
		out[p.Parameter] = true
	}
	for _, p := range auth.Spec.BoundServiceAccountToken {
		out[p.Parameter] = true
	}
	return out
}

// tellsAll reports whether the parameters of a TriggerAuthentication stand in
// it: a vault may have more.
func tellsAll(auth *kedav1alpha1.TriggerAuthentication) bool {
	s := auth.Spec
	return s.AwsSecretManager == nil && s.AzureKeyVault == nil && s.GcpSecretManager == nil && s.HashiCorpVault == nil && s.FilePath == nil && s.Oauth2 == nil
}
