package argo

import (
	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"

	"github.com/millrace/millrace/internal/yaml"
)

const (
	// mostRun is how long a workflow may be with all that Argo notes about it,
	// packed: it ends longer ones as errors.
	// Source: Argo Workflows v3.7.14, workflow/packer/packer.go.
	mostRun = 1 << 20
	// mostStored is how long a request to etcd may be, by default.
	// Source: etcd, --max-request-bytes.
	mostStored = 3 << 19
	// packedNode is what Argo keeps of a node at the least, packed: its id, its
	// name and its times can't be made shorter. Measured with the nodes of a
	// loop of 20,000, with no inputs and outputs: 45 bytes; those of real pods
	// take 62.
	packedNode = 45
	// densest bounds how many times as long a spec is in JSON as in the form of
	// protobuf, which is counted much faster. Argo's examples come to 2.5 at
	// most, thousands of empty templates and bare tasks to less than 4.
	densest = 4
)

// Length returns how long a spec is in JSON, or less where that is surely no
// more than what matters.
func Length(s *wfv1.WorkflowSpec, matters int) int {
	if packed := s.Size(); packed <= matters/densest {
		return packed
	}
	// A spec that can't be written is reported where it is written.
	text, _ := yaml.AppendJSON(nil, s)
	return len(text)
}

// size checks that the workflow, and what Argo notes about its run, can be
// stored.
func (f *fields) size() {
	most, where := mostStored, "etcd takes no more than %d"
	if f.Spec.Entrypoint != "" {
		most, where = mostRun, "Argo ends workflows as errors that are longer than %d"
	}
	length := Length(f.Spec, mostRun)
	if length > most {
		f.report(RuleSize, f.Path, "split it, or move the largest texts to a ConfigMap", "it is %d bytes long, and "+where, length, most)
		return
	}
	if f.Spec.Entrypoint == "" && f.Spec.WorkflowTemplateRef == nil {
		return
	}
	n := newNodes(f.checker)
	if nodes := n.run(); nodes > total((mostRun-length)/packedNode) {
		f.report(RuleSize, n.heaviest(), "split the loop into workflows of their own, or let one pod do several items",
			"a run has %s nodes or more, and what Argo notes about them is longer than the %d bytes that it keeps, even packed", nodes, mostRun)
	}
}
