package argo_test

import (
	"strings"
	"testing"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"

	"github.com/millrace/millrace/internal/argo"
)

func TestVolumes(t *testing.T) {
	cases{
		"fine": {in: `{volumes: [{name: v}], volumeClaimTemplates: [{metadata: {name: c}}], templates: [{name: a, volumes: [{name: t}],
 container: {image: x, volumeMounts: [{name: v, mountPath: /v}, {name: c, mountPath: /c}, {name: t, mountPath: /t}, {name: "{{x}}", mountPath: "{{y}}"}]}}]}`},
		"none": {in: `{templates: [{name: a, container: {image: x, volumeMounts: [{name: v, mountPath: /v}]}}, {name: b, script: {image: x, source: y, volumeMounts: [{name: v, mountPath: /v}]}}]}`,
			want: []string{"templates[0].container.volumeMounts[0].name", "templates[1].script.volumeMounts[0].name"}},
		"none beside": {in: `{templates: [{name: a, container: {image: x}, initContainers: [{name: i, volumeMounts: [{name: v, mountPath: /v}]}], sidecars: [{name: s, volumeMounts: [{name: v, mountPath: /v}]}]}]}`,
			want: []string{"templates[0].initContainers[0].volumeMounts[0].name", "templates[0].sidecars[0].volumeMounts[0].name"}},
		"of the defaults": {in: `{templateDefaults: {volumes: [{name: v}]}, templates: [{name: a, container: {image: x, volumeMounts: [{name: v, mountPath: /v}]}}]}`},
		"defaults' mount": {in: `{templateDefaults: {container: {volumeMounts: [{name: v, mountPath: /v}]}}}`},
		"of a reference":  {in: `{workflowTemplateRef: {name: x}, templates: [{name: a, container: {image: x, volumeMounts: [{name: v, mountPath: /v}]}}]}`},
		"a set":           {in: `{volumes: [{name: v}], templates: [{name: a, volumes: [{name: t}], containerSet: {volumeMounts: [{name: v, mountPath: /v}], containers: [{name: a, volumeMounts: [{name: t, mountPath: /t}, {name: v, mountPath: /w}]}]}}]}`},
		"a set, alone": {in: `{volumes: [{name: v}], templates: [{name: a, containerSet: {containers: [{name: a, volumeMounts: [{name: v, mountPath: /t}, {name: w, mountPath: /w}]}]}}]}`,
			want: []string{"templates[0].containerSet.containers[0].volumeMounts[0].name", "templates[0].containerSet.containers[0].volumeMounts[1].name"}},
		"a set, none": {in: `{templates: [{name: a, containerSet: {volumeMounts: [{name: v, mountPath: /t}], containers: [{name: a}]}}]}`, want: []string{"templates[0].containerSet.volumeMounts[0].name"}},
		"twice": {in: `{volumes: [{name: v}, {name: v}, {}], volumeClaimTemplates: [{metadata: {name: v}}], templates: [{name: a, volumes: [{name: t}, {name: t}, {name: var-run-argo}, {}]}]}`,
			want: []string{"volumes[1].name", "volumes[2].name", "volumeClaimTemplates[0].metadata.name", "templates[0].volumes[1].name", "templates[0].volumes[2].name", "templates[0].volumes[3].name"}},
		"at one path": {in: `{volumes: [{name: v}, {name: w}], templates: [{name: a, container: {image: x, volumeMounts: [{name: v, mountPath: /v}, {name: w, mountPath: /v/}, {name: w, mountPath: /w}]}}]}`,
			want: []string{"templates[0].container.volumeMounts[1].mountPath"}},
		"an artifact's path": {in: `{volumes: [{name: v}], templates: [{name: a, inputs: {artifacts: [{name: a, path: /v}, {name: b, path: /v/b}, {name: c, path: /v/b}]}, script: {image: x, source: y, volumeMounts: [{name: v, mountPath: /v}]}}]}`,
			want: []string{"templates[0].inputs.artifacts[0].path", "templates[0].inputs.artifacts[2].path"}},
		"resource's paths": {in: `{templates: [{name: a, inputs: {artifacts: [{name: a, path: /v}, {name: b, path: /v}]}, resource: {action: get, flags: [pod]}}]}`,
			want: []string{"templates[0].inputs.artifacts[1].path"}},
	}.run(t, argo.RuleVolume, "spec.", ofSpec)

	library := decode(t, `{kind: WorkflowTemplate, spec: {templates: [{name: a, container: {image: x, volumeMounts: [{name: v, mountPath: /v}]}}]}}`)
	if got := found(t, library); got != nil {
		t.Errorf("the volume may be that of a caller: %+v", got)
	}
}

func TestArtifacts(t *testing.T) {
	of := func(list string) func(string) string {
		return func(text string) string {
			return ofTemplate("container: {image: x}\n" + list + ":\n  artifacts:\n  - name: a\n    path: /a\n" + indent(text, "    "))
		}
	}
	both := cases{
		"none":        {in: "archive: {none: {}}"},
		"tar":         {in: "archive: {tar: {compressionLevel: 9}}"},
		"no strategy": {in: "archive: {none: null}", want: []string{".archive"}},
		"two":         {in: "archive: {none: {}, zip: {}}", want: []string{".archive"}},
		"level":       {in: "archive: {tar: {compressionLevel: 10}}", want: []string{".archive.tar.compressionLevel"}},
		"key":         {in: "s3: {key: x}"},
		"whole":       {in: "s3: {endpoint: e, bucket: b, key: x, accessKeySecret: {name: a, key: b}, secretKeySecret: {name: a, key: b}}"},
		"gcs":         {in: "gcs: {bucket: b, key: x}"},
		"endpoint":    {in: "s3: {bucket: b, key: x}", want: []string{argo.RulePlace + " .s3.endpoint"}},
		"bucket":      {in: "s3: {endpoint: e, key: x}", want: []string{argo.RulePlace + " .s3.bucket"}},
		"no key":      {in: "s3: {endpoint: e, bucket: b}", want: []string{".s3.key"}},
		"no key, gcs": {in: "gcs: {bucket: b}", want: []string{".gcs.key"}},
		"oss":         {in: "oss: {bucket: b, key: x, accessKeySecret: {name: a, key: b}}", want: []string{argo.RulePlace + " .oss.endpoint", ".oss.secretKeySecret"}},
		"oss, sdk":    {in: "oss: {endpoint: e, bucket: b, key: x, useSDKCreds: true, accessKeySecret: {name: a, key: b}}"},
		"oss, no key": {in: "oss: {endpoint: e, bucket: b}", want: []string{".oss.key"}},
		"azure":       {in: "azure: {container: b, blob: x}", want: []string{argo.RulePlace + " .azure.endpoint"}},
		"azure, blob": {in: "azure: {endpoint: e, container: b}", want: []string{".azure.blob"}},
		"azure, no":   {in: "azure: {endpoint: e, blob: x}", want: []string{argo.RulePlace + " .azure.container"}},
		"secret":      {in: "s3: {key: x, accessKeySecret: {name: a, key: b}}", want: []string{".s3.secretKeySecret"}},
		"encryption":  {in: "s3: {key: x, encryptionOptions: {kmsKeyId: a, serverSideCustomerKeySecret: {name: a, key: b}}}", want: []string{".s3.encryptionOptions.kmsKeyId"}},
		"two places":  {in: "s3: {key: x}\nraw: {data: x}", want: []string{""}},
		"git":         {in: "git: {repo: x}"},
		"raw":         {in: `raw: {data: ""}`},
		"no repo":     {in: "git: {revision: main}", want: []string{".git.repo"}},
		"no url":      {in: "http: {}", want: []string{".http.url"}},
		"artifactory": {in: "artifactory: {usernameSecret: {name: a, key: b}}", want: []string{".artifactory.url", ".artifactory.passwordSecret"}},
		"hdfs":        {in: "hdfs: {addresses: [a], path: /x, hdfsUser: u}"},
		"hdfs, bare":  {in: "hdfs: {addresses: [a], path: x}", want: []string{".hdfs.path", ".hdfs.hdfsUser"}},
		"hdfs, key":   {in: "hdfs: {addresses: [a], path: /x, krbKeytabSecret: {name: a, key: b}}", want: []string{".hdfs.krbServicePrincipalName", ".hdfs.krbConfigConfigMap", ".hdfs.krbUsername", ".hdfs.krbRealm"}},
		"hdfs, cache": {in: "hdfs: {addresses: [a], path: /x, krbCCacheSecret: {name: a, key: b}}", want: []string{".hdfs.krbServicePrincipalName", ".hdfs.krbConfigConfigMap"}},
	}
	both.run(t, argo.RuleVolume, "spec.templates[0].inputs.artifacts[0]", of("inputs"))
	both.run(t, argo.RuleVolume, "spec.templates[0].outputs.artifacts[0]", of("outputs"))
	both.run(t, argo.RuleVolume, "spec.arguments.artifacts[0]", func(text string) string {
		return ofSpec("arguments:\n  artifacts:\n  - name: a\n" + indent(text, "    "))
	})
	cases{
		"mode":            {in: "mode: 0777"},
		"mode, too large": {in: "mode: 512", want: []string{".mode"}},
		"mode, negative":  {in: "mode: -1", want: []string{".mode"}},
		"hdfs, no server": {in: "hdfs: {path: /x, hdfsUser: u}", want: []string{".hdfs.addresses"}},
		"optional":        {in: "optional: true\nhttp: {url: ''}"},
		"optional bucket": {in: "optional: true\ns3: {endpoint: e, bucket: b}"},
		"optional repo":   {in: "optional: true\ngit: {}", want: []string{".git.repo"}},
	}.run(t, argo.RuleVolume, "spec.templates[0].inputs.artifacts[0]", of("inputs"))
	cases{
		"two sources":     {in: `{from: "{{x}}", fromExpression: y}`, want: []string{".fromExpression"}},
		"hdfs, no server": {in: "{hdfs: {path: /x}}"},
		"key alone":       {in: "{s3: {key: x}}"},
	}.run(t, argo.RuleVolume, "spec.templates[0].outputs.artifacts[0]", func(text string) string {
		return ofTemplate("dag: {tasks: []}\noutputs: {artifacts: [{name: a, " + text[1:] + "]}")
	})
	cases{
		"logs":    {in: "{archiveLogs: true}"},
		"whole":   {in: "{s3: {endpoint: e, bucket: b, key: k}}"},
		"no key":  {in: "{s3: {endpoint: e, bucket: b}}", want: []string{".s3.key"}},
		"no repo": {in: "{git: {}}", want: []string{".git.repo"}},
	}.run(t, argo.RuleVolume, "spec.templates[0].archiveLocation", func(text string) string {
		return ofTemplate("container: {image: x}\narchiveLocation: " + text)
	})
}

func TestArtifactPaths(t *testing.T) {
	for path, ok := range map[string]bool{
		"/a": true, "/tmp/ab": true, "a": true, "/a/../a/b": true, "{{x}}": true, "/../a": true, "/a/b/../b/c": true,
		"": false, "/a/../b": false, "/a/..": false, "/a/b/../..": false, "/a/../a": false,
	} {
		if err := (&wfv1.Artifact{Path: path}).CleanPath(); !strings.Contains(path, "{{") && (err == nil) != ok {
			t.Errorf("Argo says of %q: %v", path, err)
		}
		for _, list := range []string{"inputs", "outputs"} {
			got := found(t, decode(t, ofTemplate("script: {image: x, source: y}\n"+list+": {artifacts: [{name: a, path: '"+path+"'}]}")))
			if len(got) == 0 != ok || !ok && (got[0].Rule != argo.RuleVolume || !strings.HasSuffix(got[0].Path, list+".artifacts[0].path")) {
				t.Errorf("%q in %s: %+v", path, list, got)
			}
		}
	}
	if got := found(t, decode(t, ofTemplate("dag: {tasks: []}\ninputs: {artifacts: [{name: a}]}"))); got != nil {
		t.Errorf("of a DAG: %+v", got)
	}
}
