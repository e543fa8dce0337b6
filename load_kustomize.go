package millrace

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/millrace/millrace/internal/manifest"
)

const kustomizeGroup = "kustomize.config.k8s.io"

var kustomizationFiles = []string{"kustomization.yaml", "kustomization.yml", "Kustomization"}

// harmless are the fields of a kustomization that change no object, or that
// are applied.
var harmless = map[string]bool{
	"apiVersion": true, "kind": true, "metadata": true,
	"resources": true, "bases": true, "components": true, "namespace": true,
	"buildMetadata": true, "sortOptions": true, "generatorOptions": true,
	"configurations": true, "openapi": true, "crds": true, "validators": true,
}

// kustomizeFile is what counts of a kustomization file.
type kustomizeFile struct {
	file      string
	namespace string
	resources []kustomizeEntry
	notes     []LoadProblem
}

// kustomizeEntry is one entry of resources, bases or components.
type kustomizeEntry struct {
	path string
	line int
}

// entered reports whether a directory's kustomization was loaded, under any
// namespace.
func (l *loader) entered(dir string) bool {
	for v := range l.visited {
		if v.path == dir {
			return true
		}
	}
	return false
}

// quietly reads a kustomization without reporting what is wrong with it.
func (l *loader) quietly(dir string) kustomizeFile {
	quiet := newLoader()
	k, _ := quiet.readKustomization(dir)
	return k
}

// readKustomization reads the kustomization of a directory.
func (l *loader) readKustomization(dir string) (kustomizeFile, bool) {
	file, err := kustomizationOf(dir)
	if err != nil {
		l.problem(LoadProblem{File: dir, Detail: err.Error()})
		return kustomizeFile{}, false
	}
	k := kustomizeFile{file: file}
	data, ok := l.read(file)
	if !ok {
		return k, false
	}
	docs, problems := manifest.Read(data)
	for _, p := range problems {
		l.problem(LoadProblem{File: file, Line: p.Line, Column: p.Column, Detail: p.Detail})
	}
	if len(docs) == 0 {
		return k, len(problems) == 0
	}
	doc := docs[0]
	tree, ok := doc.Value.(map[string]any)
	if !ok || len(docs) > 1 {
		l.problem(LoadProblem{File: file, Line: docs[len(docs)-1].Line, Detail: "a kustomization is one mapping"})
		return k, false
	}
	k.namespace, _ = tree["namespace"].(string)
	for _, field := range []string{"resources", "bases", "components"} {
		list, ok := tree[field].([]any)
		if !ok && tree[field] != nil {
			l.problem(LoadProblem{File: file, Line: doc.Lines.Line(tree, field), Detail: field + " is not a list of paths"})
		}
		for i, item := range list {
			line := doc.Lines.Line(tree, fmt.Sprintf("%s[%d]", field, i))
			path, ok := item.(string)
			if !ok || path == "" {
				l.problem(LoadProblem{File: file, Line: line, Detail: "the entry is not a path"})
				continue
			}
			k.resources = append(k.resources, kustomizeEntry{path, line})
		}
	}
	for _, field := range slices.Sorted(maps.Keys(tree)) {
		if !harmless[field] {
			k.notes = append(k.notes, LoadProblem{File: file, Line: doc.Lines.Line(tree, field),
				Detail: "not applied: " + field + "; load what kustomize build prints to have it"})
		}
	}
	return k, true
}

// kustomization loads what a directory's kustomization refers to. The
// namespace is that of the kustomizations around it, and above are their
// directories.
func (l *loader) kustomization(dir, namespace string, above []string) {
	if i := slices.Index(above, dir); i >= 0 {
		l.problem(LoadProblem{File: dir, Detail: "kustomizations refer to each other in a circle: " + strings.Join(append(above[i:], dir), " -> ")})
		return
	}
	if !l.first(visit{dir, namespace}) {
		return
	}
	k, ok := l.readKustomization(dir)
	if !ok {
		return
	}
	if namespace == "" {
		namespace = k.namespace
	}
	for _, n := range k.notes {
		l.note(n)
	}
	for _, r := range k.resources {
		l.resource(k, dir, r, namespace, append(slices.Clone(above), dir))
	}
}

// resource loads one entry of a kustomization.
func (l *loader) resource(k kustomizeFile, dir string, r kustomizeEntry, namespace string, above []string) {
	target := filepath.Join(dir, r.path)
	info, err := os.Stat(target)
	switch {
	case isRemote(r.path) || err != nil && looksRemote(r.path):
		l.note(LoadProblem{File: k.file, Line: r.line, Detail: "passed over: " + r.path + " is not on this machine"})
	case filepath.IsAbs(r.path):
		l.problem(LoadProblem{File: k.file, Line: r.line, Detail: "the path " + r.path + " is absolute, which kustomize refuses"})
	case err != nil:
		l.problem(LoadProblem{File: k.file, Line: r.line, Detail: "there is no " + target, Err: err})
	case info.IsDir():
		l.kustomization(target, namespace, above)
	case !within(dir, target):
		l.problem(LoadProblem{File: k.file, Line: r.line, Detail: "the file " + r.path + " lies outside of the kustomization's directory, which kustomize refuses"})
	default:
		l.file(source{file: target, named: true, namespace: namespace})
	}
}

func isRemote(path string) bool {
	return strings.Contains(path, "://") || strings.HasPrefix(path, "git@") || strings.Contains(path, "?ref=") || strings.HasPrefix(path, "git::")
}

// looksRemote tells "github.com/org/repo//path" from a file that is missing.
func looksRemote(path string) bool {
	host, rest, ok := strings.Cut(path, "/")
	return ok && rest != "" && strings.Contains(strings.Trim(host, "."), ".")
}

// clusterWide are the kinds of Kubernetes itself, and of the operators that
// millrace knows, which have no namespace that a kustomization could set.
var clusterWide = kinds(map[string]string{
	"":                             "Namespace Node PersistentVolume ComponentStatus",
	"admissionregistration.k8s.io": "MutatingWebhookConfiguration ValidatingWebhookConfiguration ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding MutatingAdmissionPolicy MutatingAdmissionPolicyBinding",
	"apiextensions.k8s.io":         "CustomResourceDefinition",
	"apiregistration.k8s.io":       "APIService",
	"argoproj.io":                  "ClusterWorkflowTemplate",
	"cert-manager.io":              "ClusterIssuer",
	"certificates.k8s.io":          "CertificateSigningRequest ClusterTrustBundle",
	"cloud.google.com":             "ComputeClass",
	"flowcontrol.apiserver.k8s.io": "FlowSchema PriorityLevelConfiguration",
	"karpenter.azure.com":          "AKSNodeClass",
	"karpenter.k8s.aws":            "EC2NodeClass",
	"karpenter.sh":                 "NodePool NodeClaim NodeOverlay",
	"networking.k8s.io":            "IngressClass IPAddress ServiceCIDR",
	"node.k8s.io":                  "RuntimeClass",
	"rbac.authorization.k8s.io":    "ClusterRole ClusterRoleBinding",
	"resource.k8s.io":              "DeviceClass ResourceSlice",
	"scheduling.k8s.io":            "PriorityClass",
	"storage.k8s.io":               "StorageClass CSIDriver CSINode VolumeAttachment VolumeAttributesClass",
	"kueue.x-k8s.io":               "ClusterQueue ResourceFlavor",
	"storagemigration.k8s.io":      "StorageVersionMigration",
	"internal.apiserver.k8s.io":    "StorageVersion",
	"gateway.networking.k8s.io":    "GatewayClass",
	"policy.networking.k8s.io":     "AdminNetworkPolicy BaselineAdminNetworkPolicy",
	"snapshot.storage.k8s.io":      "VolumeSnapshotClass VolumeSnapshotContent",
})

func kinds(byGroup map[string]string) map[schema.GroupKind]bool {
	set := make(map[schema.GroupKind]bool)
	for group, names := range byGroup {
		for name := range strings.FieldsSeq(names) {
			set[schema.GroupKind{Group: group, Kind: name}] = true
		}
	}
	return set
}
