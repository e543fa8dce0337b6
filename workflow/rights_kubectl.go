package workflow

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
)

// kubectlTarget is a resource that kubectl works on. byName is whether it is named in
// the flags, and not by a manifest.
type kubectlTarget struct {
	group, resource, namespace string
	byName                     bool
}

// kubectlFlags are the flags of a resource template, as far as they change
// what kubectl does. Each is one argument.
type kubectlFlags struct {
	resources     []string // "SparkApplication.v1beta2.sparkoperator.k8s.io", "pods"
	names         bool
	namespace     string
	allNamespaces bool
	force         bool
	noWait        bool
}

// takesValue are the flags of kubectl whose value may be the next argument.
var takesValue = map[string]bool{
	"-n": true, "--namespace": true, "-l": true, "--selector": true, "-f": true, "--filename": true, "-k": true, "--kustomize": true,
	"-o": true, "--output": true, "-p": true, "--patch": true, "--patch-file": true, "--type": true, "--field-selector": true,
	"--field-manager": true, "--grace-period": true, "--timeout": true, "--subresource": true, "--context": true, "--kubeconfig": true,
	"-s": true, "--server": true, "--token": true, "--user": true, "--cluster": true, "--as": true, "--as-group": true, "-L": true,
	"--label-columns": true, "--sort-by": true, "--template": true, "--request-timeout": true, "--raw": true, "--chunk-size": true,
}

func readFlags(flags []string) kubectlFlags {
	var out kubectlFlags
	for i := 0; i < len(flags); i++ {
		name, value, ok := strings.Cut(flags[i], "=")
		if !strings.HasPrefix(flags[i], "-") {
			out.argument(flags[i])
			continue
		}
		if !ok && takesValue[name] && i+1 < len(flags) {
			i++
			value = flags[i]
		}
		switch name {
		case "-n", "--namespace":
			out.namespace = value
		case "-A", "--all-namespaces":
			out.allNamespaces = value != "false"
		case "--force":
			out.force = value != "false"
		case "--wait":
			out.noWait = value == "false"
		}
	}
	return out
}

// argument takes what is no flag: the resources first, then names, or both in
// one: "pods,services", "pod/a".
func (f *kubectlFlags) argument(text string) {
	resource, _, named := strings.Cut(text, "/")
	switch {
	case named:
		f.resources, f.names = append(f.resources, resource), true
	case f.resources == nil:
		f.resources = strings.Split(text, ",")
	default:
		f.names = true
	}
}

// targetsOf returns the resources that a resource template works on, and those
// owners of its object that can't be deleted before it.
func targetsOf(t *wfv1.Template, flags kubectlFlags) (targets, owners []kubectlTarget, err error) {
	r := t.Resource
	if r.ManifestFrom != nil {
		return nil, nil, errors.New("its manifest is an artifact")
	}
	manifest, err := manifestOf(t)
	if err != nil {
		return nil, nil, err
	}
	if manifest.Kind == "" && len(flags.resources) > 0 {
		for _, text := range flags.resources {
			found, err := resourceOf(text)
			if err != nil {
				return nil, nil, err
			}
			found.byName = true
			targets = append(targets, found)
		}
		return targets, nil, nil
	}
	if manifest.Kind == "" || strings.Contains(manifest.Kind+manifest.APIVersion, "{{") {
		return nil, nil, errors.New("the kind of its object is known only when it runs")
	}
	if manifest.Kind == "List" {
		return nil, nil, errors.New("its manifest is a list")
	}
	namespace := manifest.Metadata.Namespace
	if namespace == "{{workflow.namespace}}" {
		namespace = ""
	}
	if strings.Contains(namespace, "{{") {
		return nil, nil, errors.New("the namespace of its object is known only when it runs")
	}
	for _, o := range manifest.Metadata.OwnerReferences {
		if o.BlockOwnerDeletion {
			owners = append(owners, kubectlTarget{group: groupOf(o.APIVersion), resource: plural(o.Kind)})
		}
	}
	return []kubectlTarget{{group: groupOf(manifest.APIVersion), resource: plural(manifest.Kind), namespace: namespace}}, owners, nil
}

func groupOf(apiVersion string) string {
	group, _, ok := strings.Cut(apiVersion, "/")
	if !ok {
		return ""
	}
	return group
}

// verbs are what kubectl asks of the API server, and what the executor does
// after it: it reads the object until a condition holds, and once more for
// outputs.
// Source: kubectl v0.33.1 pkg/cmd; Argo Workflows v3.7.14
// workflow/executor/resource.go.
func (f kubectlFlags) verbs(t *wfv1.Template, on kubectlTarget) []string {
	r := t.Resource
	var out []string
	switch r.Action {
	case "create":
		out = []string{"create"}
	case "apply":
		out = []string{"get", "create", "patch"}
	case "replace":
		out = []string{"get", "update"}
		if f.force {
			out = []string{"get", "delete", "create"}
		}
	case "patch":
		out = []string{"patch"}
		if on.byName {
			out = append(out, "get")
		}
	case "get":
		out = []string{"get"}
		if on.byName && !f.names {
			out = []string{"list"}
		}
	case "delete":
		out = []string{"delete"}
		if on.byName && !f.names {
			out = append(out, "list") // one by one, never as a collection
		}
		if !f.noWait {
			out = append(out, "get", "list", "watch")
		}
		return out
	}
	reads := func(p wfv1.Parameter) bool {
		return p.ValueFrom != nil && (p.ValueFrom.JSONPath != "" || p.ValueFrom.JQFilter != "")
	}
	if r.SuccessCondition != "" || r.FailureCondition != "" || slices.ContainsFunc(t.Outputs.Parameters, reads) {
		out = append(out, "get")
	}
	return out
}

// versionForm is what tells a version from the beginning of a group.
var versionForm = regexp.MustCompile(`^v[0-9]+((alpha|beta)[0-9]+)?$`)

// resourceOf reads how kubectl is told a resource: "Kind.version.group",
// "plural.group", or a name of one of Kubernetes' own.
func resourceOf(text string) (kubectlTarget, error) {
	if strings.Contains(text, "{{") {
		return kubectlTarget{}, errors.New("the resource in its flags is known only when it runs")
	}
	name, rest, qualified := strings.Cut(text, ".")
	if first, group, ok := strings.Cut(rest, "."); versionForm.MatchString(first) && (ok || first == rest) {
		rest = group
	}
	if strings.ToLower(name) != name {
		name = plural(name)
	}
	if full, ok := ownResources[name]; ok && (!qualified || rest == groupIn(full)) {
		name, rest, _ = strings.Cut(full, ".")
		return kubectlTarget{group: rest, resource: name}, nil
	}
	if !qualified {
		return kubectlTarget{}, fmt.Errorf("the group of %q in its flags is not said", text)
	}
	if !strings.HasSuffix(name, "s") {
		name = plural(name)
	}
	return kubectlTarget{group: rest, resource: name}, nil
}

func groupIn(full string) string {
	_, group, _ := strings.Cut(full, ".")
	return group
}

// plural guesses the plural of a kind, as kubectl and Argo do.
// Source: apimachinery pkg/api/meta (UnsafeGuessKindToResource), which doesn't
// know "gateways" and "boxes".
func plural(kind string) string {
	s := strings.ToLower(kind)
	switch {
	case s == "endpoints" || s == "":
		return s
	case strings.HasSuffix(s, "s"), strings.HasSuffix(s, "x"), strings.HasSuffix(s, "ch"), strings.HasSuffix(s, "sh"):
		return s + "es"
	case strings.HasSuffix(s, "y") && len(s) > 1 && !strings.ContainsAny(s[len(s)-2:len(s)-1], "aeiou"):
		return strings.TrimSuffix(s, "y") + "ies"
	}
	return s + "s"
}
