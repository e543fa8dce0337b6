package argo_test

import (
	"encoding/json"
	"testing"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"

	"github.com/millrace/millrace/internal/argo"
)

func TestValuesOfWorkflow(t *testing.T) {
	cases{
		"fine": {in: `{parallelism: 1, activeDeadlineSeconds: 1, priority: -1, shutdown: Stop, dnsPolicy: ClusterFirstWithHostNet,
 ttlStrategy: {secondsAfterCompletion: 0}, volumeClaimGC: {strategy: OnWorkflowCompletion}, artifactGC: {strategy: Never, podSpecPatch: "{}"},
 podGC: {strategy: OnPodSuccess, deleteDelayDuration: "30", labelSelector: {matchLabels: {a: b}}}, podDisruptionBudget: {minAvailable: 9999}}`},
		"none of it":   {in: `{podGC: {}, volumeClaimGC: {}, artifactGC: {}, ttlStrategy: {}, podDisruptionBudget: {}}`},
		"filled in":    {in: `{podGC: {deleteDelayDuration: "{{workflow.parameters.x}}"}, podSpecPatch: "{{workflow.parameters.x}}"}`},
		"too small":    {in: `{parallelism: 0, activeDeadlineSeconds: 0}`, want: []string{"parallelism", "activeDeadlineSeconds"}},
		"negative":     {in: `{activeDeadlineSeconds: -1, ttlStrategy: {secondsAfterCompletion: -1, secondsAfterSuccess: -1, secondsAfterFailure: -1}}`, want: []string{"activeDeadlineSeconds", "ttlStrategy.secondsAfterCompletion", "ttlStrategy.secondsAfterSuccess", "ttlStrategy.secondsAfterFailure"}},
		"words":        {in: `{shutdown: Now, dnsPolicy: Cluster, podGC: {strategy: OnSuccess}, volumeClaimGC: {strategy: Never}, artifactGC: {strategy: Always}}`, want: []string{"shutdown", "dnsPolicy", "podGC.strategy", "volumeClaimGC.strategy", "artifactGC.strategy"}},
		"a selector":   {in: `{podGC: {labelSelector: {matchExpressions: [{key: a, operator: Has}]}}}`, want: []string{"podGC.labelSelector"}},
		"a delay":      {in: `{podGC: {deleteDelayDuration: soon}}`, want: []string{"podGC.deleteDelayDuration"}},
		"a budget":     {in: `{podDisruptionBudget: {minAvailable: 1, maxUnavailable: 1}}`, want: []string{"podDisruptionBudget.maxUnavailable"}},
		"no YAML":      {in: `{podSpecPatch: "a: ["}`, want: []string{"podSpecPatch"}},
		"no pod":       {in: `{podSpecPatch: "containers: {name: main}", artifactGC: {podSpecPatch: text}}`, want: []string{"podSpecPatch", "artifactGC.podSpecPatch"}},
		"a patch":      {in: `{podSpecPatch: "containers:\n- name: main\n  resources: {limits: {memory: 1Gi}}\n"}`},
		"no token":     {in: `{automountServiceAccountToken: false, templates: [{name: a, container: {image: x}}, {name: b, script: {image: x, source: y}}]}`, want: []string{"automountServiceAccountToken"}},
		"no pods":      {in: `{automountServiceAccountToken: false, templates: [{name: a, suspend: {}}]}`},
		"an account":   {in: `{automountServiceAccountToken: false, executor: {serviceAccountName: x}, templates: [{name: a, container: {image: x}}]}`},
		"its account":  {in: `{automountServiceAccountToken: false, templates: [{name: a, executor: {serviceAccountName: x}, container: {image: x}}]}`},
		"its token":    {in: `{automountServiceAccountToken: false, templates: [{name: a, automountServiceAccountToken: true, container: {image: x}}]}`},
		"its no token": {in: `{templates: [{name: a, automountServiceAccountToken: false, container: {image: x}}]}`, want: []string{"templates[0].automountServiceAccountToken"}},
	}.run(t, argo.RuleValue, "spec.", ofSpec)

	library := decode(t, `{kind: WorkflowTemplate, spec: {automountServiceAccountToken: false, templates: [{name: a, container: {image: x}}]}}`)
	if got := found(t, library); got != nil {
		t.Errorf("the executor's account may be that of a caller: %+v", got)
	}
}

func TestValuesOfTemplate(t *testing.T) {
	cases{
		"fine":        {in: "container: {image: x}\ntimeout: 90s\nactiveDeadlineSeconds: \"60\"\npodSpecPatch: '{}'"},
		"filled in":   {in: "container: {image: x}\ntimeout: '{{x}}'\nactiveDeadlineSeconds: '{{x}}'\npodSpecPatch: '{\"a\": {{x}}'"},
		"timeout":     {in: "container: {image: x}\ntimeout: '90'", want: []string{"timeout"}},
		"timeout, no": {in: "container: {image: x}\ntimeout: long", want: []string{"timeout"}},
		"timeout, <":  {in: "container: {image: x}\ntimeout: -1s", want: []string{"timeout"}},
		"deadline 0":  {in: "container: {image: x}\nactiveDeadlineSeconds: 0", want: []string{"activeDeadlineSeconds"}},
		"deadline 1h": {in: "container: {image: x}\nactiveDeadlineSeconds: 1h", want: []string{"activeDeadlineSeconds"}},
		"deadline >":  {in: "container: {image: x}\nactiveDeadlineSeconds: '21474836470'", want: []string{"activeDeadlineSeconds"}},
		"parallelism": {in: "steps: []\nparallelism: 0", want: []string{"parallelism"}},
		"patch":       {in: "container: {image: x}\npodSpecPatch: '['", want: []string{"podSpecPatch"}},
		"suspended":   {in: "suspend: {duration: '20'}"},
		"for ever":    {in: "suspend: {}"},
		"suspend":     {in: "suspend: {duration: 20 s}", want: []string{"suspend.duration"}},
		"cache":       {in: "memoize: {key: 'a b', maxAge: '10', cache: {configMap: {name: x}}}", want: []string{"memoize.key", "memoize.maxAge"}},
		"cache, none": {in: "memoize: {cache: {configMap: {name: x}}}", want: []string{"memoize.key"}},
		"names":       {in: "container: {image: x}\ninitContainers: [{name: a}, {name: init}]\nsidecars: [{name: wait}, {name: main}, {name: a}, {}, {name: b}]", want: []string{"initContainers[1].name", "sidecars[0].name", "sidecars[1].name", "sidecars[2].name", "sidecars[3].name"}},
		"names, set":  {in: "containerSet: {containers: [{name: a}, {name: wait}]}\nsidecars: [{name: main}, {name: a}]", want: []string{"containerSet.containers[1].name", "sidecars[1].name"}},
		"names, open": {in: "container: {image: x}\nsidecars: [{name: '{{x}}'}, {name: '{{x}}'}]"},
		"output":      {in: "container: {image: x}\noutputs: {artifacts: [{name: a, path: /a, artifactGC: {strategy: Always}}, {name: b, path: /b, artifactGC: {strategy: Never}}]}", want: []string{"outputs.artifacts[0].artifactGC.strategy"}},
	}.run(t, argo.RuleValue, "spec.templates[0].", ofTemplate)
}

func TestHTTP(t *testing.T) {
	cases{
		"fine":       {in: `{url: "https://example.com/a?b=c", method: POST, timeoutSeconds: 1, body: x, headers: [{name: a, value: b}]}`},
		"filled in":  {in: `{url: "{{inputs.parameters.url}}", method: "{{m}}"}`},
		"own method": {in: `{url: "http://a", method: PURGE}`},
		"no url":     {in: `{method: GET}`, want: []string{"url"}},
		"no address": {in: `{url: "example.com/a"}`, want: []string{"url"}},
		"a bad port": {in: `{url: "http://a:b"}`, want: []string{"url"}},
		"small":      {in: `{url: "http://a", method: get}`, want: []string{"method"}},
		"two words":  {in: `{url: "http://a", method: "GET /"}`, want: []string{"method"}},
		"no time":    {in: `{url: "http://a", timeoutSeconds: 0}`, want: []string{"timeoutSeconds"}},
		"two bodies": {in: `{url: "http://a", body: x, bodyFrom: {bytes: eA==}}`, want: []string{"bodyFrom"}},
		"no header":  {in: `{url: "http://a", headers: [{value: b}]}`, want: []string{"headers[0].name"}},
	}.run(t, argo.RuleValue, "spec.templates[0].http.", func(text string) string { return ofTemplate("http: " + text) })
	cases{
		"completed": {in: `{templateDefaults: {http: {url: "http://a"}}, templates: [{name: a, http: {method: GET}}]}`},
		"no source": {in: `{templates: [{name: a, data: {source: {}, transformation: []}}]}`, want: []string{"templates[0].data.source.artifactPaths"}},
		"a source":  {in: `{templates: [{name: a, data: {source: {artifactPaths: {name: a, s3: {key: x}}}, transformation: []}}]}`},
	}.run(t, argo.RuleValue, "spec.", ofSpec)
}

func TestPlugin(t *testing.T) {
	for text, want := range map[string]int{`{"a":{}}`: 0, `{}`: 1, `{"a":1,"b":2}`: 1, `[]`: 1, ``: 1} {
		plugin := &wfv1.Plugin{Object: wfv1.Object{Value: json.RawMessage(text)}}
		w := argo.Workflow{Kind: "Workflow", Path: "spec", Spec: &wfv1.WorkflowSpec{Templates: []wfv1.Template{{Name: "a", Plugin: plugin}}}}
		got := found(t, w)
		if len(got) != want || want > 0 && (got[0].Rule != argo.RuleValue || got[0].Path != "spec.templates[0].plugin") {
			t.Errorf("%s: %+v", text, got)
		}
	}
}

func TestMetrics(t *testing.T) {
	of := func(text string) string { return ofSpec("metrics: {prometheus: [" + text + "]}") }
	cases{
		"gauge":        {in: `{name: a_b, help: x, gauge: {value: "{{workflow.duration}}", realtime: true, operation: Set}}`},
		"counter":      {in: `{name: a, help: x, counter: {value: "1"}, labels: [{key: k, value: v}]}`},
		"histogram":    {in: `{name: a, help: x, histogram: {value: "{{x}}", buckets: [1, 2.5, 10]}}`},
		"filled in":    {in: `{name: "{{workflow.parameters.x}}", help: x, counter: {value: "{{x}}"}, labels: [{key: "a_{{workflow.parameters.k}}", value: v}]}`},
		"not in time":  {in: `{name: "{{inputs.parameters.x}}", help: x, counter: {value: "1"}, labels: [{key: "{{workflow.name}}", value: v}]}`, want: []string{".name", ".labels[0].key"}},
		"null":         {in: `null`, want: []string{""}},
		"no kind":      {in: `{name: a, help: x}`, want: []string{""}},
		"two kinds":    {in: `{name: a, help: x, counter: {value: "1"}, gauge: {value: "1"}}`, want: []string{""}},
		"names":        {in: `{name: "a:b", help: x, counter: {value: "1"}, labels: [{key: a-b, value: v}, null]}`, want: []string{".name", ".labels[0].key", ".labels[1]"}},
		"a digit":      {in: `{name: 1a, help: x, counter: {value: "1"}}`, want: []string{".name"}},
		"no help":      {in: `{name: a, counter: {value: "1"}}`, want: []string{".help"}},
		"no value":     {in: `{name: a, help: x, histogram: {}}`, want: []string{".histogram.value"}},
		"no number":    {in: `{name: a, help: x, counter: {value: one}}`, want: []string{".counter.value"}},
		"operation":    {in: `{name: a, help: x, gauge: {value: "1", operation: Mul}}`, want: []string{".gauge.operation"}},
		"real time":    {in: `{name: a, help: x, gauge: {value: "1", realtime: true}}`, want: []string{".gauge.value"}},
		"no real time": {in: `{name: a, help: x, gauge: {value: "{{resourcesDuration.cpu}}", realtime: true}}`, want: []string{".gauge.value"}},
		"buckets":      {in: `{name: a, help: x, histogram: {value: "1", buckets: [1, 1, x, 2]}}`, want: []string{".histogram.buckets[1]", ".histogram.buckets[2]"}},
	}.run(t, argo.RuleValue, "spec.metrics.prometheus[0]", of)
	cases{
		"of a template": {in: `{prometheus: [{name: a, counter: {value: "1"}}]}`, want: []string{"prometheus[0].help"}},
	}.run(t, argo.RuleValue, "spec.templates[0].metrics.", func(text string) string { return ofTemplate("metrics: " + text) })
}
