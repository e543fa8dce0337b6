// Package upstream holds Argo's own examples, written with package workflow:
// how each thing that Argo can do is said in Go. Its tests render them and
// compare them with the manifests in Argo's module.
//
// The files are named for what they show. missing.txt lists the examples that
// are not written: one is mostly a page of HTML, and one has a template whose
// pods could not be made. "go test ./workflow/upstream -update" writes it.
package upstream
