package argo_test

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/util/json"
	"sigs.k8s.io/yaml"

	"github.com/millrace/millrace/internal/oracle/mutation"
)

// change is one class of changes. It returns false where there is nothing to
// change.
type change struct {
	class string
	do    func(m *mutant) bool
}

// Patterns that many classes share.
const (
	dagTask  = "templates[].dag.tasks[]"
	step     = "templates[].steps[][]"
	anyTask  = dagTask + "|" + step
	argument = dagTask + ".arguments.parameters[]|" + step + ".arguments.parameters[]|arguments.parameters[]"
)

// changes returns all classes of changes.
func changes(tb testing.TB) []change {
	tb.Helper()
	var junk []struct {
		Class  string `json:"class"`
		At     string `json:"at"`
		Field  string `json:"field"`
		Values []any  `json:"values"`
	}
	text, err := os.ReadFile("testdata/junk.yaml")
	if err != nil {
		tb.Fatal(err)
	}
	if text, err = yaml.YAMLToJSON(text); err == nil {
		err = json.Unmarshal(text, &junk)
	}
	if err != nil {
		tb.Fatal(err)
	}
	all := slices.Clone(aimed)
	for _, j := range junk {
		all = append(all, change{j.Class, func(m *mutant) bool {
			return m.set(j.At, j.Field, j.Values[m.r.IntN(len(j.Values))])
		}})
	}
	return all
}

// aimed are the classes that look at what is there.
var aimed = []change{
	{"template left out", func(m *mutant) bool { return m.dropItem("templates") }},
	{"template twice", func(m *mutant) bool { return m.twice("templates") }},
	{"template renamed", func(m *mutant) bool { return m.text("templates[].name", m.misspelt) }},
	{"task left out", func(m *mutant) bool { return m.dropItem("templates[].dag.tasks") }},
	{"task twice", func(m *mutant) bool { return m.twice("templates[].dag.tasks") }},
	{"task renamed", func(m *mutant) bool { return m.text(dagTask+".name", m.misspelt) }},
	{"tasks in another order", func(m *mutant) bool { return m.swap("templates[].dag.tasks") }},
	{"step left out", func(m *mutant) bool { return m.dropItem("templates[].steps[]") }},
	{"step twice", func(m *mutant) bool { return m.twice("templates[].steps[]") }},
	{"step renamed", func(m *mutant) bool { return m.text(step+".name", m.misspelt) }},
	{"group left out", func(m *mutant) bool { return m.dropItem("templates[].steps") }},
	{"groups in another order", func(m *mutant) bool { return m.swap("templates[].steps") }},
	{"group twice", func(m *mutant) bool { return m.twice("templates[].steps") }},
	{"task's template misspelt", func(m *mutant) bool {
		return m.text("templates[].dag.tasks[].template|templates[].steps[][].template", m.misspelt)
	}},
	{"task of the template itself", recursion},
	{"argument left out", func(m *mutant) bool {
		return m.dropItem("templates[].dag.tasks[].arguments.parameters|templates[].steps[][].arguments.parameters|arguments.parameters")
	}},
	{"argument twice", func(m *mutant) bool {
		return m.twice("templates[].dag.tasks[].arguments.parameters|templates[].steps[][].arguments.parameters|arguments.parameters")
	}},
	{"argument misspelt", func(m *mutant) bool {
		return m.text("templates[].dag.tasks[].arguments.parameters[].name|templates[].steps[][].arguments.parameters[].name|arguments.parameters[].name", m.misspelt)
	}},
	{"argument without value", func(m *mutant) bool { return m.drop(argument, "value") }},
	{"arguments left out", func(m *mutant) bool { return m.drop(anyTask, "arguments") }},
	{"artifact argument left out", func(m *mutant) bool {
		return m.dropItem("templates[].dag.tasks[].arguments.artifacts|templates[].steps[][].arguments.artifacts|arguments.artifacts")
	}},
	{"artifact argument without source", func(m *mutant) bool {
		return m.drop("templates[].dag.tasks[].arguments.artifacts[]|templates[].steps[][].arguments.artifacts[]", "from")
	}},
	{"input left out", func(m *mutant) bool { return m.dropItem("templates[].inputs.parameters|templates[].inputs.artifacts") }},
	{"input twice", func(m *mutant) bool { return m.twice("templates[].inputs.parameters|templates[].inputs.artifacts") }},
	{"input misspelt", func(m *mutant) bool {
		return m.text("templates[].inputs.parameters[].name|templates[].inputs.artifacts[].name", m.misspelt)
	}},
	{"input without default", func(m *mutant) bool {
		return m.drop("templates[].inputs.parameters[]", "value") || m.drop("templates[].inputs.parameters[]", "default")
	}},
	{"input artifact without path", func(m *mutant) bool { return m.drop("templates[].inputs.artifacts[]", "path") }},
	{"output left out", func(m *mutant) bool {
		return m.dropItem("templates[].outputs.parameters|templates[].outputs.artifacts")
	}},
	{"output twice", func(m *mutant) bool { return m.twice("templates[].outputs.parameters|templates[].outputs.artifacts") }},
	{"output misspelt", func(m *mutant) bool {
		return m.text("templates[].outputs.parameters[].name|templates[].outputs.artifacts[].name", m.misspelt)
	}},
	{"output without value", func(m *mutant) bool { return m.drop("templates[].outputs.parameters[]", "valueFrom") }},
	{"output artifact without path", func(m *mutant) bool { return m.drop("templates[].outputs.artifacts[]", "path") }},
	{"depends left out", func(m *mutant) bool { return m.drop(dagTask, "depends") || m.drop(dagTask, "dependencies") }},
	{"depends misspelt", func(m *mutant) bool { return m.text(dagTask+".depends|"+dagTask+".dependencies[]", m.misspelt) }},
	{"depends on a result", dependsOn(".Succeded", ".succeeded", ".Done", ".", ".AnySucceeded", ".AllFailed", ".Omitted", ".Daemoned", ".Skipped", ".Succeeded.Failed")},
	{"depends as text", dependsOn(" &&", "|| ", ")", " a", " == 1", ".Succeeded && !", " && true", ".Succeeded || nope.Failed")},
	{"depends on another task", dependsOn("", ".Succeeded", " || nope", ".Failed")},
	{"depends and dependencies", func(m *mutant) bool {
		return m.set(dagTask+"?depends", "dependencies", []any{m.aTask()}) || m.set(dagTask+"?dependencies", "depends", m.aTask())
	}},
	{"depends on itself", func(m *mutant) bool {
		s, ok := m.pick(dagTask + "?name")
		return ok && (setField(s, "depends", fmt.Sprint(s.value.(map[string]any)["name"])))
	}},
	{"loop left out", func(m *mutant) bool {
		return m.drop(anyTask, "withItems") || m.drop(anyTask, "withParam") || m.drop(anyTask, "withSequence")
	}},
	{"kind left out", func(m *mutant) bool {
		for _, kind := range []string{"container", "script", "steps", "dag", "resource", "suspend", "http", "data"} {
			if m.r.IntN(3) == 0 && m.drop("templates[]", kind) {
				return true
			}
		}
		return m.drop("templates[]", "container")
	}},
	{"image left out", func(m *mutant) bool { return m.drop("templates[].container|templates[].script", "image") }},
	{"volumes left out", func(m *mutant) bool {
		return m.drop("spec", "volumes") || m.drop("spec", "volumeClaimTemplates") || m.drop("templates[]", "volumes")
	}},
	{"entrypoint left out", func(m *mutant) bool { return m.drop("spec", "entrypoint") }},
	{"hook misspelt", func(m *mutant) bool {
		return m.text("hooks.exit.template|templates[].dag.tasks[].hooks.exit.template|templates[].steps[][].hooks.exit.template|hooks.running.template", m.misspelt)
	}},
	{"reference misspelt", inTag(func(m *mutant, tag string) string { return m.misspelt(tag) })},
	{"reference's last name misspelt", inTag(func(m *mutant, tag string) string {
		i := strings.LastIndex(tag, ".") + 1
		return tag[:i] + m.misspelt(tag[i:])
	})},
	{"reference of another prefix", inTag(func(m *mutant, tag string) string {
		_, rest, _ := strings.Cut(tag, ".")
		return []string{"tasks.", "steps.", "inputs.", "outputs.", "workflow.", "input.", "item.", "pod.", "node.", "params.", "Inputs."}[m.r.IntN(11)] + rest
	})},
	{"reference without a part", inTag(func(m *mutant, tag string) string {
		parts := strings.Split(tag, ".")
		i := m.r.IntN(len(parts))
		return strings.Join(append(parts[:i:i], parts[i+1:]...), ".")
	})},
	{"reference with a part more", inTag(func(_ *mutant, tag string) string { return tag + ".more" })},
	{"reference as expression", inTag(func(m *mutant, tag string) string {
		return []string{"=" + tag, "=" + tag + " +", "=toJson(" + tag + ")", "=(" + tag, "= nope(" + tag + ")", "=" + tag + "x"}[m.r.IntN(6)]
	})},
	{"reference not closed", func(m *mutant) bool {
		return m.anyText("}}", func(s string) string {
			return strings.Replace(s, "}}", []string{"}", "", "}} }", " }}"}[m.r.IntN(4)], 1)
		})
	}},
	{"reference elsewhere", elsewhere},
	{"reference of any kind", func(m *mutant) bool {
		return m.anyText("", func(s string) string { return s + "{{" + tags[m.r.IntN(len(tags))] + "}}" })
	}},
	{"text replaced", func(m *mutant) bool {
		return m.anyText("", func(s string) string {
			return []string{"", s + "x", "9" + s, strings.ToUpper(s), s + "!", strings.Repeat(s, 3), "nope", strings.Replace(s, "-", ".", 1)}[m.r.IntN(8)]
		})
	}},
	{"structure", func(m *mutant) bool { mutation.Object(m.r, m.spec()); return true }},
	{"structure of the templates", func(m *mutant) bool {
		s, ok := m.pick("templates[]")
		if ok {
			mutation.Object(m.r, s.value.(map[string]any))
		}
		return ok
	}},
	{"structure of the tasks", func(m *mutant) bool {
		s, ok := m.pick(anyTask)
		if ok {
			mutation.Object(m.r, s.value.(map[string]any))
		}
		return ok
	}},
	{"structure, twice", func(m *mutant) bool {
		mutation.Object(m.r, m.spec())
		mutation.Object(m.r, m.spec())
		return true
	}},
}

// tags are references that mean something in some places.
var tags = []string{
	"item", "item.a", "inputs.parameters.nope", "inputs.artifacts.nope", "inputs.artifacts.nope.path", "outputs.parameters.nope", "outputs.result",
	"tasks.nope.outputs.result", "steps.nope.outputs.result", "tasks.name", "steps.name", "node.name", "pod.name", "retries", "lastRetry.status",
	"workflow.name", "workflow.namespace", "workflow.uid", "workflow.status", "workflow.failures", "workflow.nope", "workflow.parameters.nope",
	"workflow.parameters", "workflow.parameters.json", "workflow.outputs.parameters.nope", "workflow.creationTimestamp", "workflow.creationTimestamp.Y",
	"workflow.duration", "workflow.priority", "workflow.scheduledTime", "workflow.mainEntrypoint", "workflow.serviceAccountName", "workflow.labels.nope",
	"duration", "status", "exitCode", "foo", "foo.bar", "input.parameters.a", " workflow.name ", "=workflow.name", "=1 +", "=nope", "=sprig.upper('a')",
	"", "=", "cronworkflow.name", "workflow.labels", "workflow.annotations.json", "tasks.nope.status", "steps.nope.ip", "workflow.cronScheduleTime",
}

var tag = regexp.MustCompile(`{{[^=}][^}]*\.[^}]*}}`)

// inTag changes one reference.
func inTag(edit func(m *mutant, tag string) string) func(*mutant) bool {
	return func(m *mutant) bool {
		return m.anyText("{{", func(s string) string {
			all := tag.FindAllStringIndex(s, -1)
			if len(all) == 0 {
				return s
			}
			at := all[m.r.IntN(len(all))]
			return s[:at[0]+2] + edit(m, s[at[0]+2:at[1]-2]) + s[at[1]-2:]
		})
	}
}

// elsewhere puts a text with a reference into another place.
func elsewhere(m *mutant) bool {
	moved := ""
	if !m.anyText("{{", func(s string) string { moved = s; return s }) {
		return false
	}
	return m.anyText("", func(string) string { return moved })
}

// aTask returns the name of a task.
func (m *mutant) aTask() string {
	s, _ := m.pick(dagTask + ".name")
	name, _ := s.value.(string)
	return name
}

// dependsOn makes a task wait for another, or whatever the text then says.
func dependsOn(after ...string) func(*mutant) bool {
	return func(m *mutant) bool {
		name := m.aTask()
		return name != "" && m.set(dagTask+"!dependencies", "depends", name+after[m.r.IntN(len(after))])
	}
}

// recursion makes a task run the template that it is in.
func recursion(m *mutant) bool {
	s, ok := m.pick("templates[]?steps|templates[]?dag")
	if !ok {
		return false
	}
	name := s.value.(map[string]any)["name"]
	own := below(s, tokens("steps[][]?template"))
	own = append(own, below(s, tokens("dag.tasks[]?template"))...)
	return len(own) > 0 && setField(own[m.r.IntN(len(own))], "template", name)
}

func setField(s slot, field string, value any) bool {
	o, ok := s.value.(map[string]any)
	if ok {
		o[field] = value
	}
	return ok
}
