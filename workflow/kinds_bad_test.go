package workflow_test

import (
	"strings"
	"testing"
	"time"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/workflow"
)

// of changes one of kinds.
func of[T any](name string, change func(*T)) workflow.Step {
	step := kinds()[name]
	change(any(step).(*T))
	return step
}

func python3(source string) workflow.Script {
	return workflow.Script{Image: "python:3.13", Command: []string{"python"}, Source: source}
}

func patched(object millrace.Object, strategy workflow.MergeStrategy) workflow.Resource {
	return workflow.Resource{Action: workflow.Patch, Object: object, MergeStrategy: strategy}
}

// custom is an object of a custom resource.
func custom() *unstructured.Unstructured {
	return &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "kafka.strimzi.io/v1", "kind": "KafkaTopic", "metadata": map[string]any{"name": "orders"}, "spec": map[string]any{"partitions": int64(3)},
	}}
}

func elsewhere() *corev1.ConfigMap {
	out := configMap("a")
	out.Namespace = "kube-system"
	return out
}

func generated() *corev1.ConfigMap {
	out := configMap("")
	out.GenerateName = "a-"
	return out
}

// waiting is a set of three containers, the edges of which are given.
func waiting(edges ...[2]int) workflow.ContainerSet {
	set := workflow.ContainerSet{}
	for _, name := range []string{"a", "b", "c"} {
		set.Containers = append(set.Containers, &workflow.SetContainer{Name: name, Container: workflow.Container{Image: "a:1", Command: []string{"a"}}})
	}
	for _, e := range edges {
		set.Containers[e[0]].After = append(set.Containers[e[0]].After, set.Containers[e[1]])
	}
	return set
}

// named is a set of containers of the names.
func named(names ...string) workflow.ContainerSet {
	set := workflow.ContainerSet{}
	for _, name := range names {
		set.Containers = append(set.Containers, &workflow.SetContainer{Name: name, Container: workflow.Container{Image: "a:1", Command: []string{"a"}}})
	}
	return set
}

func listed(location wfv1.ArtifactLocation) workflow.Data {
	return workflow.Data{Source: workflow.Artifact{Name: "a", Base: wfv1.Artifact{ArtifactLocation: location}}}
}

var badKinds = []struct {
	name  string
	step  workflow.Step
	field string
	rule  string
}{
	{"script without an image", workflow.Script{Command: []string{"a"}, Source: "x"}, "Image", millrace.RuleRequired},
	{"script without a command", workflow.Script{Image: "a:1", Source: "x"}, "Command", millrace.RuleRequired},
	{"script without a program", workflow.Script{Image: "a:1", Command: []string{"a"}}, "Source", millrace.RuleRequired},
	{"script with two programs", of("script", func(s *workflow.Script) { s.Base.Source = "x" }), "Base.Source", millrace.RuleConflict},
	{"script with two images", of("script", func(s *workflow.Script) { s.Base.Image = "a:2" }), "Base.Image", millrace.RuleConflict},
	{"script of negative memory", of("script", func(s *workflow.Script) { s.Memory = -1 }), "Memory", millrace.RuleInvalid},
	{"script of negative CPU", of("script", func(s *workflow.Script) { s.CPU = resource.MustParse("-1") }), "CPU", millrace.RuleInvalid},
	{"parameter in a program", python3(`print("` + count.Ref() + `")`), "Source", millrace.RuleInvalid},
	{"parameter in a program, with spaces", python3("print({{ \n workflow.parameters.count\t}})"), "Source", millrace.RuleInvalid},
	{"input in a program", python3("print({{inputs.parameters.x}})"), "Source", millrace.RuleInvalid},
	{"output in a program", python3("print({{tasks.a-b.outputs.result}})"), "Source", millrace.RuleInvalid},
	{"item in a program", python3("print({{item}})"), "Source", millrace.RuleInvalid},
	{"field of an item in a program", python3("print({{item.name}})"), "Source", millrace.RuleInvalid},
	{"a reference in a reference", python3("print({{inputs.parameters.{{item}}}})"), "Source", millrace.RuleInvalid},
	{"a reference after what is none", python3("a = {{user}}\nprint({{item}})"), "Source", millrace.RuleInvalid},
	{"expression in a program", python3("print({{=workflow.parameters.count}})"), "Source", millrace.RuleInvalid},
	{"expression of several lines", python3("print({{=\nworkflow.parameters.count\n}})"), "Source", millrace.RuleInvalid},
	{"JSON and more", python3(`print({{=replace(toJson("a") + workflow.parameters.count + ("b"), "{", "\\u007b")}})`), "Source", millrace.RuleInvalid},
	{"bare JSON and more", python3(`print({{=toJson("a") + workflow.parameters.count + ("b")}})`), "Source", millrace.RuleInvalid},
	{"JSON that is not closed", python3(`print({{=replace(toJson("a, "{", "\\u007b")}})`), "Source", millrace.RuleInvalid},
	{"JSON that is taken apart", python3(`print({{=toJson(workflow.parameters.count)[1:3]}})`), "Source", millrace.RuleInvalid},
	{"JSON with a parenthesis in a text", python3(`print({{=toJson(")") + upper(workflow.parameters.count)}})`), "Source", millrace.RuleInvalid},
	{"other replacement of JSON", python3(`print({{=replace(toJson(workflow.parameters.count), "\"", "")}})`), "Source", millrace.RuleInvalid},
	{"JSON for a shell", of("script", func(s *workflow.Script) {
		s.Command, s.Source = []string{"/bin/sh", "-e"}, "echo "+workflow.Variable("workflow.parameters.count").JSON()
	}), "Source", millrace.RuleInvalid},
	{"JSON for a shell by way of env", of("script", func(s *workflow.Script) {
		s.Command, s.Source = nil, "echo "+workflow.Variable("item").JSON()
		s.Base.Command = []string{"/usr/bin/env", "bash"}
	}), "Source", millrace.RuleInvalid},

	{"resource without an action", workflow.Resource{Object: configMap("a")}, "Action", millrace.RuleRequired},
	{"resource of an unknown action", workflow.Resource{Action: "label", Object: configMap("a")}, "Action", millrace.RuleInvalid},
	{"action twice", workflow.Resource{Action: workflow.Create, Object: configMap("a"), Base: wfv1.ResourceTemplate{Action: "apply"}}, "Base.Action", millrace.RuleConflict},
	{"nothing to create", workflow.Resource{Action: workflow.Create}, "Object", millrace.RuleRequired},
	{"nothing to delete", workflow.Resource{Action: workflow.Delete}, "Object", millrace.RuleRequired},
	{"object and text", workflow.Resource{Action: workflow.Create, Object: configMap("a"), Manifest: "a: b"}, "Manifest", millrace.RuleConflict},
	{"text and artifact", workflow.Resource{Action: workflow.Create, Manifest: "kind: A", From: "a"}, "From", millrace.RuleConflict},
	{"two texts", workflow.Resource{Action: workflow.Create, Manifest: "kind: A", Base: wfv1.ResourceTemplate{Manifest: "kind: B"}}, "Base.Manifest", millrace.RuleConflict},
	{"object without a kind", workflow.Resource{Action: workflow.Create, Object: &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: "a"}}}, "Object", millrace.RuleInvalid},
	{"object without a name", workflow.Resource{Action: workflow.Create, Object: configMap("")}, "Object", millrace.RuleRequired},
	{"generated name that is applied", workflow.Resource{Action: workflow.Apply, Object: generated()}, "Object", millrace.RuleInvalid},
	{"generated name in a text", workflow.Resource{Action: workflow.Replace, Manifest: "kind: A\nmetadata: {generateName: a-}"}, "Manifest", millrace.RuleInvalid},
	{"unknown parameter in an object", workflow.Resource{Action: workflow.Create, Object: configMap("{{workflow.parameters.x}}")}, "Object", millrace.RuleUnknown},
	{"object that no manifest can hold", workflow.Resource{Action: workflow.Create, Object: &unstructured.Unstructured{Object: map[string]any{"a": make(chan int)}}}, "Object", millrace.RuleInvalid},
	{"object too large to apply", workflow.Resource{Action: workflow.Apply, Object: configMap(strings.Repeat("x", 300<<10))}, "Object", millrace.RuleInvalid},
	{"text of two documents", workflow.Resource{Action: workflow.Create, Manifest: "kind: A\n---\nkind: B\n"}, "Manifest", millrace.RuleInvalid},
	{"text that is no object", workflow.Resource{Action: workflow.Create, Manifest: "hello"}, "Manifest", millrace.RuleInvalid},
	{"text of Base that is no YAML", workflow.Resource{Action: workflow.Create, Base: wfv1.ResourceTemplate{Manifest: "a: ["}}, "Base.Manifest", millrace.RuleInvalid},
	{"strategy without a patch", workflow.Resource{Action: workflow.Apply, Object: configMap("a"), MergeStrategy: workflow.Merge}, "MergeStrategy", millrace.RuleConflict},
	{"unknown strategy", patched(configMap("a"), "deep"), "MergeStrategy", millrace.RuleInvalid},
	{"strategic patch of a custom resource", patched(custom(), workflow.Strategic), "MergeStrategy", millrace.RuleConflict},
	{"JSON patch of an object", patched(configMap("a"), workflow.JSON), "MergeStrategy", millrace.RuleConflict},
	{"JSON patch of nothing", workflow.Resource{Action: workflow.Patch, Manifest: "- {op: remove, path: /a}"}, "Flags", millrace.RuleRequired},
	{"list that is merged", workflow.Resource{Action: workflow.Patch, MergeStrategy: workflow.Merge, Manifest: "- {op: remove, path: /a}", Flags: []string{"pod", "a"}}, "MergeStrategy", millrace.RuleConflict},
	{"conditions of a deletion", workflow.Resource{Action: workflow.Delete, Object: configMap("a"), Failed: "a == b"}, "Failed", millrace.RuleConflict},
	{"condition of a deletion", workflow.Resource{Action: workflow.Delete, Object: configMap("a"), Succeeded: "a == b"}, "Succeeded", millrace.RuleConflict},
	{"condition of success in another grammar", workflow.Resource{Action: workflow.Get, Object: configMap("a"), Succeeded: "a >= 1 || b"}, "Succeeded", millrace.RuleInvalid},
	{"condition of failure in another grammar", workflow.Resource{Action: workflow.Get, Object: configMap("a"), Failed: "#(type==Ready)"}, "Failed", millrace.RuleInvalid},
	{"failure before there is a status", workflow.Resource{Action: workflow.Get, Object: configMap("a"), Failed: "status.phase != {{workflow.name}}"}, "Failed", millrace.RuleInvalid},
	{"owner of what is read", workflow.Resource{Action: workflow.Get, Object: configMap("a"), Owned: true}, "Owned", millrace.RuleConflict},
	{"owner of what is patched", workflow.Resource{Action: workflow.Patch, Object: configMap("a"), Owned: true}, "Owned", millrace.RuleConflict},
	{"owner of an artifact's object", workflow.Resource{Action: workflow.Create, From: "a", Owned: true}, "Owned", millrace.RuleConflict},
	{"owner in another namespace", workflow.Resource{Action: workflow.Create, Object: elsewhere(), Owned: true}, "Owned", millrace.RuleConflict},
	{"owner of a text in another namespace", workflow.Resource{Action: workflow.Create, Manifest: "kind: A\nmetadata: {name: a, namespace: b}", Owned: true}, "Owned", millrace.RuleConflict},
	{"owner twice", workflow.Resource{Action: workflow.Create, Object: configMap("a"), Owned: true, Base: wfv1.ResourceTemplate{SetOwnerReference: true}}, "Base.SetOwnerReference", millrace.RuleConflict},

	{"negative wait", workflow.Suspend{Duration: -time.Second}, "Duration", millrace.RuleInvalid},
	{"fraction of a second", workflow.Suspend{Duration: time.Millisecond}, "Duration", millrace.RuleInvalid},
	{"two durations", workflow.Suspend{Duration: time.Second, Base: wfv1.SuspendTemplate{Duration: "1"}}, "Base.Duration", millrace.RuleConflict},

	{"request to nowhere", workflow.HTTP{}, "URL", millrace.RuleRequired},
	{"request to a path", workflow.HTTP{URL: "/runs"}, "URL", millrace.RuleInvalid},
	{"request by another protocol", workflow.HTTP{URL: "ftp://example.com"}, "URL", millrace.RuleInvalid},
	{"method in small letters", of("http", func(s *workflow.HTTP) { s.Method = "post" }), "Method", millrace.RuleInvalid},
	{"method twice", of("http", func(s *workflow.HTTP) { s.Base.Method = "PUT" }), "Base.Method", millrace.RuleConflict},
	{"two bodies", of("http", func(s *workflow.HTTP) { s.BodyFrom = []byte("a") }), "BodyFrom", millrace.RuleConflict},
	{"body from nowhere", workflow.HTTP{URL: "https://example.com", Base: wfv1.HTTP{BodyFrom: &wfv1.HTTPBodySource{}}}, "Base.BodyFrom", millrace.RuleInvalid},
	{"negative timeout", of("http", func(s *workflow.HTTP) { s.Timeout = -1 }), "Timeout", millrace.RuleInvalid},
	{"header without a name", of("http", func(s *workflow.HTTP) { s.Headers[0].Name = "" }), "Headers[0].Name", millrace.RuleRequired},
	{"header with a colon", of("http", func(s *workflow.HTTP) { s.Headers[0].Name = "A:" }), "Headers[0].Name", millrace.RuleInvalid},
	{"header of two lines", of("http", func(s *workflow.HTTP) { s.Headers[0].Value = "a\r\nB: c" }), "Headers[0].Value", millrace.RuleInvalid},
	{"header with two values", of("http", func(s *workflow.HTTP) { s.Headers[1].Value = "a" }), "Headers[1].Secret", millrace.RuleConflict},
	{"header from a secret without a name", of("http", func(s *workflow.HTTP) { s.Headers[1].Secret.Name = "" }), "Headers[1].Secret.Name", millrace.RuleRequired},
	{"header from a secret without a key", of("http", func(s *workflow.HTTP) { s.Headers[1].Secret.Key = "" }), "Headers[1].Secret.Key", millrace.RuleRequired},
	{"header from an optional secret", of("http", func(s *workflow.HTTP) { s.Headers[1].Secret.Optional = new(true) }), "Headers[1].Secret.Optional", millrace.RuleUnsupported},

	{"data from nowhere", workflow.Data{}, "Source.From", millrace.RuleRequired},
	{"data without a name", of("data", func(s *workflow.Data) { s.Source.Name = "" }), "Source.Name", millrace.RuleRequired},
	{"data with a path", of("data", func(s *workflow.Data) { s.Source.Path = "/a" }), "Source.Path", millrace.RuleUnsupported},
	{"data of another task", workflow.Data{Source: workflow.Artifact{Name: "a", From: workflow.From("tasks.a.outputs.artifacts.b")}}, "Source.From", millrace.RuleUnsupported},
	{"data in Git", listed(wfv1.ArtifactLocation{Git: &wfv1.GitArtifact{Repo: "a"}}), "Source.From", millrace.RuleUnsupported},
	{"data in HDFS", listed(wfv1.ArtifactLocation{HDFS: &wfv1.HDFSArtifact{Path: "/a"}}), "Source.From", millrace.RuleUnsupported},
	{"data of two names", of("data", func(s *workflow.Data) { s.Source.Base.Name = "b" }), "Source.Base.Name", millrace.RuleConflict},
	{"data twice", of("data", func(s *workflow.Data) {
		s.Base.Source.ArtifactPaths = &wfv1.ArtifactPaths{Artifact: wfv1.Artifact{Name: "b"}}
	}), "Base.Source.ArtifactPaths.Name", millrace.RuleConflict},
	{"expression that says nothing", of("data", func(s *workflow.Data) { s.Transform = make([]workflow.Expression, 1) }), "Transform[0]", millrace.RuleRequired},

	{"set of no container", workflow.ContainerSet{}, "Containers", millrace.RuleRequired},
	{"set with a nil", workflow.ContainerSet{Containers: []*workflow.SetContainer{nil}}, "Containers[0]", millrace.RuleRequired},
	{"container twice", workflow.ContainerSet{Containers: append(waiting().Containers[:1:1], waiting().Containers[0])}, "Containers[1].Name", millrace.RuleDuplicate},
	{"the same container twice", func() workflow.Step {
		s := waiting()
		s.Containers[2] = s.Containers[0]
		return s
	}(), "Containers[2]", millrace.RuleDuplicate},
	{"container without a name", named(""), "Containers[0].Name", millrace.RuleRequired},
	{"container in capitals", named("Main"), "Containers[0].Name", millrace.RuleInvalid},
	{"container of Argo's name", named("main", "wait"), "Containers[1].Name", millrace.RuleInvalid},
	{"container without an image", workflow.ContainerSet{Containers: []*workflow.SetContainer{{Name: "a"}}}, "Containers[0].Container.Image", millrace.RuleRequired},
	{"container with another name", workflow.ContainerSet{Containers: []*workflow.SetContainer{{Name: "a", Container: workflow.Container{Base: corev1.Container{Name: "b"}}}}}, "Containers[0].Container.Base.Name", millrace.RuleConflict},
	{"container that waits for a nil", workflow.ContainerSet{Containers: []*workflow.SetContainer{{Name: "a", After: []*workflow.SetContainer{nil}}}}, "Containers[0].After[0]", millrace.RuleRequired},
	{"container that waits for a stranger", workflow.ContainerSet{Containers: []*workflow.SetContainer{{Name: "a", After: waiting().Containers}}}, "Containers[0].After[2]", millrace.RuleUnknown},
	{"container that waits twice", waiting([2]int{1, 0}, [2]int{1, 0}), "Containers[1].After[1]", millrace.RuleDuplicate},
	{"container that waits for itself", waiting([2]int{1, 1}), "Containers[1].After[0]", millrace.RuleCycle},
	{"containers that wait for each other", waiting([2]int{0, 1}, [2]int{1, 2}, [2]int{2, 1}), "Containers[2].After[0]", millrace.RuleCycle},
	{"negative attempts", of("containers", func(s *workflow.ContainerSet) { s.Retry.Attempts = -1 }), "Retry.Attempts", millrace.RuleInvalid},
	{"wait before no attempt", of("containers", func(s *workflow.ContainerSet) { s.Retry.Attempts = 0 }), "Retry.Backoff", millrace.RuleConflict},
	{"negative wait between attempts", of("containers", func(s *workflow.ContainerSet) { s.Retry.Backoff = -1 }), "Retry.Backoff", millrace.RuleInvalid},
	{"two volumes at one place", of("containers", func(s *workflow.ContainerSet) {
		s.Mounts = append(s.Mounts, corev1.VolumeMount{Name: "b", MountPath: "/work"})
	}), "Mounts[1].MountPath", millrace.RuleDuplicate},
	{"a volume of the container's own at the place", of("containers", func(s *workflow.ContainerSet) {
		s.Containers[0].Container.Base.VolumeMounts = []corev1.VolumeMount{{Name: "b", MountPath: "/work"}}
	}), "Mounts", millrace.RuleConflict},
	{"containers twice", of("containers", func(s *workflow.ContainerSet) { s.Base.Containers = make([]wfv1.ContainerNode, 1) }), "Base.Containers", millrace.RuleConflict},
	{"containers by hand that Argo refuses", workflow.ContainerSet{Base: wfv1.ContainerSetTemplate{Containers: []wfv1.ContainerNode{{Dependencies: []string{"x"}}}}}, "Base.Containers", millrace.RuleInvalid},

	{"plugin without a name", workflow.Plugin{}, "Name", millrace.RuleRequired},
	{"plugin that no manifest can hold", workflow.Plugin{Name: "a", Config: make(chan int)}, "Config", millrace.RuleInvalid},

	{"template without work", workflow.Raw{}, "", millrace.RuleRequired},
	{"template of two kinds", workflow.Raw{Suspend: &wfv1.SuspendTemplate{}, HTTP: &wfv1.HTTP{}}, "", millrace.RuleConflict},
	{"template with a name", workflow.Raw{Name: "a", Suspend: &wfv1.SuspendTemplate{}}, "Name", millrace.RuleConflict},
	{"template with an old mutex", workflow.Raw{Suspend: &wfv1.SuspendTemplate{}, Synchronization: &wfv1.Synchronization{Mutex: &wfv1.Mutex{Name: "a"}}}, "Synchronization.Mutex", millrace.RuleUnsupported},
}

func TestBadKinds(t *testing.T) {
	for _, tc := range badKinds {
		t.Run(tc.name, func(t *testing.T) {
			_, err := stepped(tc.step)
			found := findings(t, err)
			field := strings.TrimSuffix("Tasks[0].Step."+tc.field, ".")
			if !has(found, field, tc.rule) {
				t.Errorf("no %s at %s, but: %v", tc.rule, field, err)
			}
			for _, f := range found {
				if f.Fix == "" || f.Detail == "" {
					t.Errorf("incomplete: %#v", f)
				}
			}
		})
	}
}

// TestOneMistake: what is wrong once is said once.
func TestOneMistake(t *testing.T) {
	for _, tc := range badKinds {
		_, err := stepped(tc.step)
		seen := make(map[string]bool)
		for _, f := range findings(t, err) {
			key := f.Field + f.Rule
			if strings.HasSuffix(f.Field, ".Source") {
				key += f.Detail // of each value in it
			}
			if seen[key] {
				t.Errorf("%s: twice: %v", tc.name, f)
			}
			seen[key] = true
		}
	}
}
