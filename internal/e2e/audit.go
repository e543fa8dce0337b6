package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"testing"
)

const (
	auditPolicy = "audit-policy.yaml"
	auditLog    = "audit.log"
)

// auditRules note every request of a namespace, without its content.
const auditRules = `apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived, Panic]
rules:
- level: Metadata
  namespaces: [%s]
- level: None
`

// WithAudit has the API server note who asked what in a namespace.
func WithAudit(namespace string) Option { return option(func(o *options) { o.audit = namespace }) }

// auditFlags writes the rules into a directory, and returns the flags by which
// the API server finds them.
func auditFlags(dir, namespace string) ([]string, error) {
	policy := dir + "/" + auditPolicy
	if err := os.WriteFile(policy, fmt.Appendf(nil, auditRules, namespace), 0o600); err != nil {
		return nil, err
	}
	return []string{"--audit-policy-file=" + policy, "--audit-log-path=" + dir + "/" + auditLog}, nil
}

// Request is one that the API server has answered.
type Request struct {
	// User is who asked; of a service account, "system:serviceaccount:NAMESPACE:NAME".
	User string
	Verb string
	// Group and Resource are as a Role names them, with "/" and the
	// subresource.
	Group, Resource string
	// Name is empty where all of a kind are meant.
	Name string
	Code int
}

// Asked returns what a service account asked of the API server in the
// namespace that WithAudit names.
func (c *Cluster) Asked(t *testing.T, namespace, account string) []Request {
	t.Helper()
	log, err := os.ReadFile(c.plane.path(auditLog))
	if err != nil {
		t.Fatal(err)
	}
	// The last line may not be written yet.
	log = log[:bytes.LastIndexByte(log, '\n')+1]
	var out []Request
	for line := range bytes.Lines(log) {
		var event struct {
			Verb, Stage    string
			User           struct{ Username string }
			ObjectRef      struct{ Resource, Name, APIGroup, Subresource string }
			ResponseStatus struct{ Code int }
		}
		if err := json.Unmarshal(line, &event); err != nil {
			t.Fatal(err)
		}
		r := Request{User: event.User.Username, Verb: event.Verb, Group: event.ObjectRef.APIGroup, Resource: event.ObjectRef.Resource,
			Name: event.ObjectRef.Name, Code: event.ResponseStatus.Code}
		if event.ObjectRef.Subresource != "" {
			r.Resource += "/" + event.ObjectRef.Subresource
		}
		// A watch is there when it begins, and again when it ends.
		if r.User == "system:serviceaccount:"+namespace+":"+account && event.Stage == "ResponseComplete" {
			out = append(out, r)
		}
	}
	return out
}
