package kafka

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/millrace/millrace"
)

const (
	sourceConverter = "Strimzi, v1-api-conversion; CHANGELOG 0.49.0"
	sourceBeta      = "Strimzi, api-conversion (v1beta1 to v1beta2)"
)

// root is the object as a part.
func (c *conversion) root() section { return section{c: c, m: c.tree} }

// spec returns the object's spec, or says that there is none.
func (c *conversion) spec(bare bool) (section, bool) {
	root := c.root()
	if _, ok := root.m["spec"].(map[string]any); !ok {
		switch {
		case root.has("spec"):
			c.faults.Add(millrace.RuleInvalid, "spec", "it is no mapping", "correct the manifest")
		case bare:
			root.add("spec", map[string]any{}, "v1 requires it; an empty one says the same", sourceConverter)
			return root.sub("spec"), true
		default:
			c.faults.Required("spec", "v1 requires it, and nothing says what the object is: write it")
		}
		c.failed()
		return section{}, false
	}
	return root.sub("spec"), true
}

// common converts what all kinds have.
func (c *conversion) common() {
	c.root().drop("status", "the operator writes it", "")
	c.texts(c.root())
	c.sizeLimits(c.root())
	c.externalLogging(c.root().sub("spec"))
}

// texts makes strings of labels and annotations that are numbers or booleans,
// which the CRDs took until Strimzi 0.40.
func (c *conversion) texts(p section) {
	if meta := p.sub("metadata"); meta.m != nil {
		for _, kind := range []string{"labels", "annotations"} {
			of := meta.sub(kind)
			for _, key := range of.keys() {
				if text, ok := configText(of.m[key]); ok && of.text(key) == "" && text != "" {
					of.rewrite(key, text, "labels and annotations are text", "Strimzi, CHANGELOG 0.40.0")
				}
			}
		}
	}
	p.each(func(q section) { c.texts(q) })
}

// sizeLimits writes the size of an emptyDir as Kubernetes does: the CRDs had it
// as a mapping, until Strimzi 1.0.
func (c *conversion) sizeLimits(p section) {
	if dir := p.sub("emptyDir"); dir.sub("sizeLimit").m != nil {
		limit := dir.sub("sizeLimit")
		dir.rewrite("sizeLimit", limit.text("amount")+limit.text("format"), "it is one text, as in Kubernetes", "Strimzi, CRDs of 0.45 and 1.2.0")
	}
	p.each(func(q section) { c.sizeLimits(q) })
}

// each calls a function for the mappings right below a part.
func (p section) each(f func(section)) {
	for _, key := range p.keys() {
		if key == "config" || key == "listenerConfig" {
			continue // these have keys of Kafka's
		}
		if q := p.sub(key); q.m != nil {
			f(q)
		}
		for _, q := range p.items(key) {
			f(q)
		}
	}
}

// externalLogging names the key of a ConfigMap that holds the logging, as all
// versions since v1beta2 ask for.
func (c *conversion) externalLogging(p section) {
	if logging := p.sub("logging"); logging.text("type") == "external" && logging.has("name") {
		name := logging.m["name"]
		delete(logging.m, "name")
		ref := logging.need("valueFrom", "configMapKeyRef")
		ref.m["name"], ref.m["key"] = name, "log4j2.properties"
		c.changed(UpgradeChange{Kind: UpgradeMoved, Path: logging.at("name"), To: ref.at("name"), Detail: "the key of the ConfigMap is named beside it: log4j2.properties", Source: sourceBeta})
	}
	p.each(func(q section) { c.externalLogging(q) })
}

// scheduling moves what said where pods run to the pod's template.
func (p section) scheduling() {
	for _, key := range []string{"affinity", "tolerations"} {
		if p.has(key) {
			p.move(key, p.need("template", "pod"), key, "pods have a template", sourceBeta)
		}
	}
}

// jaeger removes the tracing that Strimzi dropped.
func (p section) jaeger() {
	if p.sub("tracing").text("type") != "jaeger" {
		return
	}
	p.drop("tracing", "Jaeger's client is no more, and the operators ignored it", sourceConverter)
	p.c.decide(p.at("tracing"), UpgradeDecision{Question: "nothing is traced any more", Taken: "no tracing",
		Options: []string{"set spec.tracing.type to opentelemetry, with the environment that it needs in the container's template"}, Source: "Strimzi, CHANGELOG 0.37.0"})
}

// version leaves the version of Kafka out where no operator has it.
func (p section) version() {
	v := versionPattern.FindStringSubmatch(p.text("version"))
	if v == nil || number(v[1]) >= firstVersion {
		return
	}
	p.drop("version", fmt.Sprintf("no operator with kafka.strimzi.io/v1 runs Kafka %s; without a version it is the operator's newest", v[0]), "Strimzi, kafka-versions.yaml")
}

// image asks about an image that somebody built.
func (p section) image() {
	if p.has("image") {
		p.c.decide(p.at("image"), UpgradeDecision{Question: fmt.Sprintf("the image %v is of another Strimzi and Kafka", p.m["image"]), Taken: "it stays",
			Options: []string{"build it again from the images of the new operator", "leave it out, for the operator's own"}, Source: "Strimzi, con-common-configuration-properties"})
	}
}

// replicas sets what v1 requires.
func (p section) replicas(was int64) {
	if !p.has("replicas") {
		p.add("replicas", was, fmt.Sprintf("v1 requires it; %d was the default", was), sourceConverter)
	}
}

// rename takes a value to another name, where that is free.
func (p section) rename(key, as string) { p.move(key, p, as, "that is its name now", sourceConverter) }

// paused makes a state of a flag.
func (p section) paused() {
	pause, _ := p.m["pause"].(bool)
	switch {
	case pause && !p.has("state"):
		p.become("pause", p, "state", "paused", "there are three states now", sourceConverter)
	default:
		p.drop("pause", "state says it, and a connector runs without", sourceConverter)
	}
}

// inlineMetrics takes the rules of an exporter to a ConfigMap.
func (p section) inlineMetrics(component string) {
	rules, ok := p.m["metrics"]
	if !ok || rules == nil {
		return
	}
	if p.has("metricsConfig") {
		p.drop("metrics", p.at("metricsConfig")+" is set as well, and wins", sourceBeta)
		return
	}
	text, err := yamlText(rules)
	if err != nil {
		p.c.faults.Add(millrace.RuleInvalid, p.at("metrics"), err.Error(), "correct the value")
		return
	}
	p.metricsFrom("metrics", component, text, sourceBeta)
}

// metricsFrom writes rules of the JMX exporter to a ConfigMap, in place of a
// value.
func (p section) metricsFrom(key, component, rules, source string) {
	name := fmt.Sprintf("%s-%s-jmx-exporter-configuration", p.c.ref.Name, component)
	file := name + ".yaml"
	config := configMap(p.c.ref.Namespace, name, file, rules)
	p.c.beside = append(p.c.beside, config)
	delete(p.m, key)
	p.m["metricsConfig"] = map[string]any{"type": "jmxPrometheusExporter", "valueFrom": map[string]any{"configMapKeyRef": map[string]any{"name": name, "key": file}}}
	p.c.changed(UpgradeChange{Kind: UpgradeRewritten, Path: p.at(key), In: millrace.RefOf(config), To: joinPath("data", file),
		Detail: p.at("metricsConfig") + " names a ConfigMap with the rules of the exporter", Source: source})
}

// texts returns the texts of a list.
func texts(v any) []string {
	list, _ := v.([]any)
	var out []string
	for _, item := range list {
		if s, ok := item.(string); ok {
			out = append(out, s)
		}
	}
	return out
}

// properties writes options for JAAS, sorted.
func properties(options map[string]string) string {
	var b strings.Builder
	for _, key := range slices.Sorted(maps.Keys(options)) {
		fmt.Fprintf(&b, " %s=\"%s\"", key, strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(options[key]))
	}
	return b.String()
}
