// Package wire is the form in which compiled schemas are embedded: the
// constraints of one CRD version as a table of nodes, equal ones stored once,
// without a word of upstream's descriptions.
package wire

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
)

// Kind is one version of one CRD.
type Kind struct {
	Group      string `json:"group"`
	Version    string `json:"version"`
	Kind       string `json:"kind"`
	Release    string `json:"release,omitempty"` // of the operator, where it matters
	Namespaced bool   `json:"namespaced,omitempty"`

	// Status tells that status is a subresource, so that the server drops it
	// from what a user creates.
	Status bool `json:"status,omitempty"`

	// Replicas is the path that the scale subresource reads, split at its
	// dots; empty without one.
	Replicas []string `json:"replicas,omitempty"`

	// Nodes hold the schema. A node refers only to nodes before it; the last
	// one is the root.
	Nodes []Node `json:"nodes"`
}

// Node is one schema. References are places in Kind.Nodes, plus one, so that
// zero refers to none.
type Node struct {
	Type        string         `json:"t,omitempty"`
	IntOrString bool           `json:"is,omitempty"`
	Nullable    bool           `json:"nl,omitempty"`
	Preserve    bool           `json:"pu,omitempty"`
	Properties  map[string]int `json:"p,omitempty"`
	Additional  int            `json:"a,omitempty"`
	Items       int            `json:"i,omitempty"`
	Required    []string       `json:"r,omitempty"`
	OneOf       []string       `json:"o,omitempty"` // exactly one of these fields is there
	Default     any            `json:"d,omitempty"`
	Defaulted   bool           `json:"dd,omitempty"`
	Enum        []string       `json:"e,omitempty"`
	Pattern     string         `json:"pt,omitempty"`
	Format      string         `json:"f,omitempty"`
	Minimum     *float64       `json:"mn,omitempty"`
	Maximum     *float64       `json:"mx,omitempty"`
	MinLength   *int           `json:"nl0,omitempty"`
	MaxLength   *int           `json:"nl1,omitempty"`
	MinItems    *int           `json:"ni0,omitempty"`
	MaxItems    *int           `json:"ni1,omitempty"`
	MinProps    *int           `json:"np0,omitempty"`
	MaxProps    *int           `json:"np1,omitempty"`
	ListType    string         `json:"lt,omitempty"` // "set" or "map"
	ListKeys    []string       `json:"lk,omitempty"`
	Rules       []string       `json:"ru,omitempty"` // ids of the rules ported from CEL
}

// Encode writes the kind as compressed JSON: the same kind gives the same
// bytes. It returns an error for a default that JSON can't hold.
func Encode(k *Kind) ([]byte, error) {
	text, err := json.Marshal(k)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	zip, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := zip.Write(text); err != nil {
		return nil, err
	}
	if err := zip.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// Decode reads what Encode writes. It returns an error for anything else, and
// for a node that refers to one that isn't before it.
func Decode(data []byte) (*Kind, error) {
	zip, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(zip)
	if err != nil {
		return nil, err
	}
	k := &Kind{}
	if err := json.Unmarshal(text, k); err != nil {
		return nil, err
	}
	if len(k.Nodes) == 0 {
		return nil, fmt.Errorf("%s %s has no nodes", k.Group, k.Kind)
	}
	for i := range k.Nodes {
		n := &k.Nodes[i]
		before := n.Additional >= 0 && n.Additional <= i && n.Items >= 0 && n.Items <= i
		for _, ref := range n.Properties {
			before = before && ref > 0 && ref <= i
		}
		if !before {
			return nil, fmt.Errorf("node %d of %s %s refers to one that isn't before it", i, k.Group, k.Kind)
		}
	}
	return k, nil
}
