package kafka

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/overlay"
	"github.com/millrace/millrace/kafka/strimziv1"
)

// useConnectors is the annotation of a KafkaConnect without which no operator
// looks at its KafkaConnectors.
const useConnectors = "strimzi.io/use-connector-resources"

// The settings by which workers keep their state.
const (
	keyConfigReplication = "config.storage.replication.factor"
	keyOffsetReplication = "offset.storage.replication.factor"
	keyStatusReplication = "status.storage.replication.factor"
)

// brokersReplication is what Kafka's clients say for as many replicas as the
// brokers give to topics.
const brokersReplication = -1

// Build checks the Connect and makes its KafkaConnect, and what it needs to
// read secrets.
func (c *Connect) Build() (millrace.Parts, error) {
	if c == nil {
		return millrace.Parts{}, nilBuilder("kafka.Connect")
	}
	p := &millrace.Problems{Object: millrace.Ref{Kind: "kafka.Connect", Namespace: c.Namespace, Name: c.Name}}
	connect, beside := c.build(p)
	if err := finish(p, c); err != nil {
		return millrace.Parts{}, err
	}
	return millrace.Parts{Objects: append([]millrace.Object{connect}, beside...), PlacedOn: placedOn(c)}, nil
}

// KafkaConnect makes the Connect's own object, without what it needs to read
// secrets. The error is a *millrace.BuildError with every mistake. The Connect
// is not changed, and shares no memory with the object.
func (c *Connect) KafkaConnect() (*strimziv1.KafkaConnect, error) {
	parts, err := c.Build()
	if err != nil {
		return nil, err
	}
	return parts.Objects[0].(*strimziv1.KafkaConnect), nil
}

func (c *Connect) build(p *millrace.Problems) (*strimziv1.KafkaConnect, []millrace.Object) {
	longest := "-connect-api"
	if len(c.Image.Plugins) > 0 {
		longest = "-connect-build"
	}
	checkComponentName(p, c.Name, longest)
	p.Namespace("Namespace", c.Namespace)
	meta := objectMeta(p, c.Name, c.Namespace, c.Labels, c.Annotations)
	if !c.NoConnectors {
		setMeta(p, &meta.Annotations, "Annotations", useConnectors, "true", "NoConnectors")
	}

	o := newOrigins[strimziv1.KafkaConnectSpec]()
	var fields strimziv1.KafkaConnectSpec
	workers, beside := c.Workers.make(p, o, owner{"KafkaConnect", c.Name, c.Namespace})
	sameFields(&fields, &workers)
	to := c.Kafka.make(p, o, "spec", "Kafka", c.Namespace)
	fields.BootstrapServers, fields.TLS, fields.Authentication = to.servers, to.tls, to.auth
	fields.GroupID, fields.ConfigStorageTopic = c.GroupID, c.Topics.Configs
	fields.OffsetStorageTopic, fields.StatusStorageTopic = c.Topics.Offsets, c.Topics.Status
	for path, field := range map[string]string{"groupId": "GroupID", "configStorageTopic": "Topics.Configs",
		"offsetStorageTopic": "Topics.Offsets", "statusStorageTopic": "Topics.Status"} {
		o.add("spec."+path, field)
	}
	fields.Build = c.Image.make(p, o)
	fields.Plugins = mountedPlugins(o, c.Plugins)

	config := newSettings(p, false)
	c.settings(config)
	fields.Config = config.made()

	spec := *c.Base.DeepCopy()
	config.base("Base.Config", spec.Config)
	layReplicas(p, "Workers.Replicas", c.Workers.Replicas, &spec.Replicas, defaultWorkers)
	withoutMetrics(p, "Workers.Metrics", c.Workers.Metrics, spec.MetricsConfig)
	lay(p, "Base", &spec, &fields)
	c.fill(&spec, config)
	for key, field := range config.from {
		o.add(at("spec.config", key), field)
	}
	made := &strimziv1.KafkaConnect{TypeMeta: typeMeta("KafkaConnect"), ObjectMeta: meta, Spec: spec}
	faultsOf(made).report(p, o)
	return made, append(beside, c.access(p)...)
}

// settings puts together what the fields say.
func (c *Connect) settings(s *settings) {
	c.KeyConverter.set(s, "KeyConverter", "key.converter")
	c.ValueConverter.set(s, "ValueConverter", "value.converter")
	if n := count(s.problems, "Topics.Replication", c.Topics.Replication, math.MaxInt16); n != nil {
		setStorageReplication(s, "Topics.Replication", *n)
	}
	s.config("Config", withSecrets(s, c.Config, c.Secrets))
}

func setStorageReplication(s *settings, field string, n int64) {
	for _, key := range [...]string{keyConfigReplication, keyOffsetReplication, keyStatusReplication} {
		s.set(field, key, n)
	}
}

// fillStorageReplication leaves to the brokers what nobody says.
func fillStorageReplication(into *strimziv1.JSONMap, s *settings, field string) {
	if *into == nil {
		*into = strimziv1.JSONMap{}
	}
	for _, key := range [...]string{keyConfigReplication, keyOffsetReplication, keyStatusReplication} {
		if _, ok := (*into)[key]; !ok {
			s.fallback(field, key, int64(brokersReplication))
			(*into)[key] = s.values[key]
		}
	}
}

// fill fills in what neither the fields nor Base say.
func (c *Connect) fill(spec *strimziv1.KafkaConnectSpec, config *settings) {
	fillStorageReplication(&spec.Config, config, "Topics.Replication")
	fillWorkerResources(&spec.Resources)
	var filled strimziv1.KafkaConnectSpec
	workers := c.Workers.filled(c.Name, c.Name+"-connect")
	sameFields(&filled, &workers)
	name := cmp.Or(c.Name, unnamed)
	filled.GroupID, filled.ConfigStorageTopic = name, name+"-configs"
	filled.OffsetStorageTopic, filled.StatusStorageTopic = name+"-offsets", name+"-status"
	overlay.Fill(spec, &filled)
}

// make writes the build, nil for none.
func (b ConnectImage) make(p *millrace.Problems, o origins) *strimziv1.Build {
	if len(b.Plugins) == 0 {
		b.unused(p)
		return nil
	}
	o.add("spec.build", "Image")
	o.add("spec.build.output.image", "Image.Name")
	o.add("spec.build.output.pushSecret", "Image.PushSecret")
	o.add("spec.build.output.additionalBuildOptions", "Image.Options")
	o.add("spec.build.output.additionalPushOptions", "Image.PushOptions")
	out := &strimziv1.Build{
		Output: strimziv1.BuildOutput{Type: strimziv1.BuildOutputTypeDocker, Image: b.Name, PushSecret: text(b.PushSecret),
			AdditionalBuildOptions: slices.Clone(b.Options), AdditionalPushOptions: slices.Clone(b.PushOptions)},
		Resources: b.Resources.fields(p, "Image.Resources"),
	}
	if b.ImageStream {
		out.Output.Type = strimziv1.BuildOutputTypeImageStream
	}
	for i, plugin := range b.Plugins {
		made := strimziv1.Plugin{Name: plugin.Name, Artifacts: []strimziv1.Artifact{}}
		for j, a := range plugin.Artifacts {
			path, field := fmt.Sprintf("spec.build.plugins[%d].artifacts[%d]", i, j), fmt.Sprintf("Image.Plugins[%d].Artifacts[%d]", i, j)
			if a == nil {
				p.Required(field, "it is nil: leave it out")
				continue
			}
			o.add(path+".sha512sum", field+".SHA512")
			o.add(path+".includeScope", field+".Scope")
			if a, ok := held(p, field, a); ok {
				made.Artifacts = append(made.Artifacts, a.artifact())
			}
		}
		out.Plugins = append(out.Plugins, made)
	}
	return out
}

// unused reports what a build without plugins has.
func (b ConnectImage) unused(p *millrace.Problems) {
	for _, field := range []struct {
		name  string
		isSet bool
	}{
		{"Name", b.Name != ""}, {"ImageStream", b.ImageStream}, {"PushSecret", b.PushSecret != ""},
		{"Options", b.Options != nil}, {"PushOptions", b.PushOptions != nil}, {"Resources", b.Resources != (Resources{})},
	} {
		if field.isSet {
			p.Conflict("Image."+field.name, "nothing is built without plugins", "add plugins, or leave it out")
		}
	}
}

func mountedPlugins(o origins, plugins []MountedPlugin) []strimziv1.MountedPlugin {
	var out []strimziv1.MountedPlugin
	for i, plugin := range plugins {
		at := fmt.Sprintf("spec.plugins[%d]", i)
		o.add(at, fmt.Sprintf("Plugins[%d]", i))
		made := strimziv1.MountedPlugin{Name: plugin.Name, Artifacts: []strimziv1.MountedArtifact{}}
		o.add(at+".artifacts", fmt.Sprintf("Plugins[%d].Images", i))
		for j, image := range plugin.Images {
			o.add(fmt.Sprintf("%s.artifacts[%d].reference", at, j), fmt.Sprintf("Plugins[%d].Images[%d]", i, j))
			o.add(fmt.Sprintf("%s.artifacts[%d].pullPolicy", at, j), fmt.Sprintf("Plugins[%d].PullPolicy", i))
			made.Artifacts = append(made.Artifacts, strimziv1.MountedArtifact{Type: strimziv1.MountedArtifactTypeImage,
				Reference: image, PullPolicy: text(plugin.PullPolicy)})
		}
		out = append(out, made)
	}
	return out
}
