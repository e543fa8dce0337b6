package argo_test

import (
	"strings"
	"testing"

	"github.com/millrace/millrace/internal/argo"
)

func TestResource(t *testing.T) {
	const pod = `manifest: "{apiVersion: v1, kind: Pod, metadata: {name: a}}"`
	const topic = `manifest: "{apiVersion: kafka.strimzi.io/v1, kind: KafkaTopic, metadata: {name: a}}"`
	cases{
		"create":                {in: `{action: create, ` + pod + `}`},
		"a word":                {in: `{action: "{{inputs.parameters.a}}", mergeStrategy: "{{x}}", manifest: "x: ["}`},
		"no action":             {in: `{` + pod + `}`, want: []string{".action"}},
		"unknown action":        {in: `{action: aply, ` + pod + `}`, want: []string{".action"}},
		"merge strategy":        {in: `{action: patch, mergeStrategy: replace, ` + pod + `}`, want: []string{".mergeStrategy"}},
		"no manifest":           {in: `{action: apply}`, want: []string{".manifest"}},
		"get by flags":          {in: `{action: get, flags: [pod, a]}`},
		"get nothing":           {in: `{action: get}`, want: []string{".manifest"}},
		"two manifests":         {in: `{action: apply, manifestFrom: {artifact: {name: in}}, ` + pod + `}`, want: []string{".manifestFrom"}},
		"an artifact":           {in: `{action: apply, manifestFrom: {artifact: {name: in}}}`},
		"no such artifact":      {in: `{action: apply, manifestFrom: {artifact: {name: out}}}`, want: []string{".manifestFrom.artifact.name"}},
		"no artifact":           {in: `{action: apply, manifestFrom: {}}`, want: []string{".manifestFrom.artifact"}},
		"owner of an artifact":  {in: `{action: apply, setOwnerReference: true, manifestFrom: {artifact: {name: in}}}`, want: []string{".setOwnerReference"}},
		"flags":                 {in: `{action: apply, flags: ["-n kube-system", "--selector=a b", "-n", "a b"], ` + pod + `}`, want: []string{".flags[0]"}},
		"delete and wait":       {in: `{action: delete, successCondition: a, failureCondition: b, ` + pod + `}`, want: []string{".successCondition", ".failureCondition"}},
		"created without kind":  {in: `{action: create, manifest: "a: 1"}`}, // for package workflow
		"deleted without kind":  {in: `{action: delete, manifest: "{metadata: {name: a}}"}`, want: []string{".manifest"}},
		"deleted without name":  {in: `{action: delete, manifest: "{apiVersion: v1, kind: Pod, metadata: {generateName: a}}"}`, want: []string{".manifest"}},
		"a list of things":      {in: `{action: get, manifest: "[a]"}`, want: []string{".manifest"}},
		"no YAML":               {in: `{action: get, manifest: "a: ["}`, want: []string{".manifest"}},
		"two documents":         {in: `{action: replace, manifest: "a: 1\n---\nb: 1"}`, want: []string{".manifest"}},
		"all filled in":         {in: `{action: patch, manifest: "{{inputs.parameters.a}}"}`},
		"partly filled in":      {in: `{action: delete, manifest: "{apiVersion: v1, kind: {{inputs.parameters.x}}, metadata: {name: {{=y}}}}"}`},
		"partly unknown":        {in: `{action: delete, manifest: "{apiVersion: v1, kind: {{x}}, metadata: {name: a}}"}`, want: []string{".manifest"}},
		"action in a text":      {in: `{action: "de{{inputs.parameters.x}}", ` + pod + `}`, want: []string{".action"}},
		"strategic":             {in: `{action: patch, ` + pod + `}`},
		"strategic, own":        {in: `{action: patch, ` + topic + `}`, want: []string{".mergeStrategy"}},
		"strategic, deployment": {in: `{action: patch, mergeStrategy: strategic, manifest: "{apiVersion: apps/v1, kind: Deployment, metadata: {name: a}}"}`},
		"strategic, gateway":    {in: `{action: patch, mergeStrategy: strategic, manifest: "{apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, metadata: {name: a}}"}`, want: []string{".mergeStrategy"}},
		"merge, own":            {in: `{action: patch, mergeStrategy: merge, ` + topic + `}`},
		"patch by flags":        {in: `{action: patch, flags: [pod, a], manifest: "{spec: {}}"}`},
		"patch of nothing":      {in: `{action: patch, manifest: "{spec: {}}"}`, want: []string{".manifest"}},
		"json":                  {in: `{action: patch, mergeStrategy: json, flags: [pod, a], manifest: "- {op: remove, path: /a}"}`},
		"json of nothing":       {in: `{action: patch, mergeStrategy: json, manifest: "- {op: remove, path: /a}"}`, want: []string{".flags"}},
		"json, but no list":     {in: `{action: patch, mergeStrategy: json, flags: [pod, a], ` + pod + `}`, want: []string{".manifest"}},
		"owner elsewhere":       {in: `{action: replace, setOwnerReference: true, manifest: "{apiVersion: v1, kind: Pod, metadata: {name: a, namespace: other}}"}`, want: []string{".setOwnerReference"}},
		"owner here":            {in: `{action: replace, setOwnerReference: true, manifest: "{apiVersion: v1, kind: Pod, metadata: {name: a, namespace: here}}"}`},
	}.run(t, argo.RuleResource, "spec.templates[0].resource", func(text string) string {
		return "metadata: {namespace: here}\n" + ofTemplate("inputs: {artifacts: [{name: in, path: /in}]}\nresource: "+text)
	})
	cases{
		"delete": {in: `{name: a, resource: {action: delete, ` + pod + `}, outputs: {parameters: [{name: a, valueFrom: {jsonPath: x}}]}}`, want: []string{"outputs.parameters"}},
	}.run(t, argo.RuleResource, "spec.templates[0].", func(text string) string { return ofSpec("templates: [" + text + "]") })
	cases{"defaults": {in: `{templateDefaults: {resource: {action: patch}}}`}}.run(t, argo.RuleResource, "spec.", ofSpec)
}

func TestConditions(t *testing.T) {
	of := func(field string) func(string) string {
		return func(text string) string {
			return ofTemplate("resource:\n  action: get\n  flags: [job, a]\n  " + field + ": '" + text + "'")
		}
	}
	bad, good := []string{""}, []string(nil)
	cases{
		"equal":           {in: "status.phase == Succeeded", want: good},
		"one of":          {in: "status.phase in (Succeeded, Skipped), status.succeeded > 0", want: good},
		"exists":          {in: "status.finishedAt", want: good},
		"filled in":       {in: "status.succeeded > {{inputs.parameters.n}}", want: good},
		"a value":         {in: "status.phase == {{x}}-{{y}}", want: good},
		"not closed":      {in: "status.phase == {{x", want: bad},
		"a key":           {in: "status.{{x}}.y == z", want: good},
		"all filled in":   {in: "{{x}} {{y}} {{z}}", want: good},
		"or":              {in: "status.phase == A || status.phase == B", want: bad},
		"at least":        {in: "status.succeeded >= 1", want: bad},
		"a filter":        {in: `status.conditions.#(type=="Ready").status == True`, want: bad},
		"quotes":          {in: `status.phase == "Succeeded"`, want: bad},
		"a word":          {in: "status.succeeded > many", want: bad},
		"not":             {in: "status.phase != Running", want: bad},
		"not, but":        {in: "status.phase != Running, status.ready == true", want: good},
		"not of the spec": {in: "spec.paused != true", want: good},
	}.run(t, argo.RuleResource, "spec.templates[0].resource.successCondition", of("successCondition"))
	cases{
		"equal":               {in: "status.phase == Failed", want: good},
		"several":             {in: "status.phase in (Failed, Error), status.failed > 3", want: good},
		"not":                 {in: "status.phase != Succeeded", want: bad},
		"not in":              {in: "status.phase notin (Succeeded, Running)", want: bad},
		"not there":           {in: "!status.phase", want: bad},
		"not of the metadata": {in: "metadata.name != a", want: good},
		"together":            {in: "status.failed > 3, status.active == 0", want: bad},
		"conditions":          {in: "status.conditions.0.type == Failed, status.conditions.0.status == True", want: bad},
		"junk":                {in: "status.phase = = x", want: bad},
	}.run(t, argo.RuleResource, "spec.templates[0].resource.failureCondition", of("failureCondition"))

	got := found(t, decode(t, of("failureCondition")("status.failed > 3, status.active == 0")))
	if len(got) != 1 || !strings.Contains(got[0].Detail, `means or: "status.active=0" alone`) && !strings.Contains(got[0].Detail, `means or: "status.active==0" alone`) {
		t.Errorf("%+v", got)
	}
}

func TestReadManifest(t *testing.T) {
	for text, want := range map[string]string{
		"a: {{inputs.a}}":       `{"a":"{{inputs.a}}"}`,
		`a: "x{{=f("y")}}"`:     `{"a":"x{{=f(\"y\")}}"}`,
		`{"a": "{{b"}`:          `{"a":"{{b"}`,
		`{"a": "{{ .b }}"}`:     `{"a":"{{ .b }}"}`,
		"a: MILLRACE0Z {{=b}}":  `{"a":"MILLRACE0Z {{=b}}"}`,
		"- {{item}}\n":          `["{{item}}"]`,
		"---\na: 1\n---\n# b\n": `{"a":1}`,
	} {
		if got, err := argo.ReadManifest(text); err != nil || string(got) != want {
			t.Errorf("%q: %s, %v", text, got, err)
		}
	}
	for _, text := range []string{"a: 1\n---\nb: 1", "# nothing", "a: [", "a: 1\na: 2", "a: {{b}}"} {
		if got, err := argo.ReadManifest(text); err == nil || got != nil {
			t.Errorf("%q: %s", text, got)
		}
	}
}
