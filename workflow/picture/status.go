package picture

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
)

// nodes are what the status of a workflow says. All are empty without one.
type nodes struct {
	name      string // the workflow's, which is that of its first node
	byNode    map[string]*wfv1.NodeStatus
	byID      map[string]*wfv1.NodeStatus
	items     map[string][]*wfv1.NodeStatus // of loops, by the name of the loop
	retries   map[string][]*wfv1.NodeStatus // by the name of what is tried again
	boundary  map[string][]*wfv1.NodeStatus // what a DAG or steps run, by the ID of their node
	templates map[string]wfv1.Template
}

// known reports whether there is a status, which tells what a template has
// been even where the spec doesn't hold it.
func (n *nodes) known() bool { return len(n.byNode) > 0 }

// stored is a template of another object, which Argo has kept.
func (n *nodes) stored(name string) *wfv1.Template {
	if t, ok := n.templates[name]; ok {
		return &t
	}
	return nil
}

// What Argo puts behind the name of a node that is one of several: the
// position and value of a loop's item, the number of a try.
var (
	itemName  = regexp.MustCompile(`(?s)^(.*)\((\d+):[^()]*\)$`)
	retryName = regexp.MustCompile(`(?s)^(.*)\((\d+)\)$`)
)

// status takes the status of a workflow.
func (d *drawing) status(w *wfv1.Workflow) error {
	s := &w.Status
	d.noteStatus(s)
	all := s.Nodes
	if len(all) == 0 && s.CompressedNodes != "" {
		var err error
		if all, err = decompress(s.CompressedNodes); err != nil {
			return fmt.Errorf("status.compressedNodes: %w", err)
		}
	}
	if len(all) == 0 {
		if s.OffloadNodeStatusVersion != "" {
			d.note("the nodes are in Argo's database: this is the spec")
		}
		return nil
	}
	d.nodes = nodes{name: w.Name, templates: s.StoredTemplates,
		byNode: make(map[string]*wfv1.NodeStatus, len(all)), byID: make(map[string]*wfv1.NodeStatus, len(all)),
		items: make(map[string][]*wfv1.NodeStatus), retries: make(map[string][]*wfv1.NodeStatus), boundary: make(map[string][]*wfv1.NodeStatus)}
	sorted := make([]*wfv1.NodeStatus, 0, len(all))
	for id := range all {
		n := all[id]
		sorted = append(sorted, &n)
		d.byNode[n.Name], d.byID[id] = &n, &n
	}
	slices.SortFunc(sorted, func(a, b *wfv1.NodeStatus) int {
		return cmp.Or(a.StartedAt.Compare(b.StartedAt.Time), cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
	})
	for _, n := range sorted {
		d.add(n)
	}
	for _, several := range []map[string][]*wfv1.NodeStatus{d.items, d.retries} {
		for _, list := range several {
			slices.SortStableFunc(list, func(a, b *wfv1.NodeStatus) int { return cmp.Compare(number(a.Name), number(b.Name)) })
		}
	}
	return nil
}

func (n *nodes) add(s *wfv1.NodeStatus) {
	if s.BoundaryID != "" {
		n.boundary[s.BoundaryID] = append(n.boundary[s.BoundaryID], s)
	}
	if m := itemName.FindStringSubmatch(s.Name); m != nil {
		n.items[m[1]] = append(n.items[m[1]], s)
	}
	if m := retryName.FindStringSubmatch(s.Name); m != nil {
		n.retries[m[1]] = append(n.retries[m[1]], s)
	}
}

// number is the position of an item or a try.
func number(name string) int {
	m := itemName.FindStringSubmatch(name)
	if m == nil {
		m = retryName.FindStringSubmatch(name)
	}
	if m == nil {
		return 0
	}
	n, _ := strconv.Atoi(m[2]) // which are digits
	return n
}

// noteStatus says how far the whole run is.
func (d *drawing) noteStatus(s *wfv1.WorkflowStatus) {
	if s.Phase == "" {
		return
	}
	phase := Phase(s.Phase)
	line := Text{Phase: phase, Took: took(wfv1.NodePhase(s.Phase), s.StartedAt, s.FinishedAt)}.lines()[0]
	if s.Progress != "" && !s.Phase.Completed() {
		line += " · " + string(s.Progress)
	}
	if s.Message != "" {
		line += " · " + s.Message
	}
	d.note(line)
}

// mostBytes is how large a tree of nodes may be that was compressed. An object
// holds 1.5 MiB, and gzip makes of JSON a tenth to a thirtieth.
const mostBytes = 64 << 20

// decompress reads nodes as Argo packs them.
func decompress(text string) (wfv1.Nodes, error) {
	packed, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return nil, err
	}
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	data, err := io.ReadAll(io.LimitReader(r, mostBytes+1))
	if err != nil {
		return nil, err
	}
	if len(data) > mostBytes {
		return nil, errors.New("there are more than 64 MiB of nodes")
	}
	var out wfv1.Nodes
	return out, json.Unmarshal(data, &out)
}

// is adds what the status says.
func (t *Text) is(n *wfv1.NodeStatus, tries []*wfv1.NodeStatus) {
	if n == nil {
		return
	}
	if len(tries) > 1 {
		t.Details = append(t.Details, ordinal(len(tries))+" try")
	}
	t.Phase = Phase(oneLine(string(n.Phase), mostName))
	t.Took = took(n.Phase, n.StartedAt, n.FinishedAt)
	message := n.Message
	if len(tries) > 0 && tries[len(tries)-1].Message != "" {
		message = tries[len(tries)-1].Message
	}
	if n.Phase == wfv1.NodeSkipped || n.Phase == wfv1.NodeOmitted {
		t.Took = ""
	}
	if n.Phase != wfv1.NodeSucceeded {
		t.Message = clip(message, mostMessage)
	}
}

// ended reports whether something was not run at all.
func ended(n *wfv1.NodeStatus) bool {
	return n != nil && (n.Phase == wfv1.NodeSkipped || n.Phase == wfv1.NodeOmitted || n.Type == wfv1.NodeTypeSkipped)
}
