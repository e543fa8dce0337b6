// Command lint checks manifests that exist: files and directories of YAML or
// JSON, kustomizations among them.
//
//	lint [-json|-sarif] [-profile production|development|schema] [-existing Kind/namespace/name] PATH...
//
// It prints the findings and exits with 1 when there are errors, with 2 when a
// path can't be read. What is passed over, and what kustomize would have
// changed, is noted on the standard error.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/policy"
)

func main() {
	asJSON := flag.Bool("json", false, "print one JSON array of findings")
	asSARIF := flag.Bool("sarif", false, "print SARIF 2.1.0")
	profile := flag.String("profile", "production", "what to check against: production, development, or schema for what the API server checks")
	var existing []millrace.Ref
	flag.Func("existing", "what the cluster has beside the manifests: `Kind/namespace/name`, Kind/name, or a list of these with commas", func(list string) error {
		refs, err := parseRefs(list)
		existing = append(existing, refs...)
		return err
	})
	flag.Parse()
	code, err := run(os.Stdout, *profile, *asJSON, *asSARIF, existing, flag.Args())
	if err != nil {
		fmt.Fprintln(os.Stderr, "lint:", err)
	}
	os.Exit(code)
}

// run returns the exit code.
func run(out io.Writer, profile string, asJSON, asSARIF bool, existing []millrace.Ref, paths []string) (int, error) {
	profiles := map[string]func() policy.Profile{"production": policy.Production, "development": policy.Development, "schema": policy.Schema}
	newProfile, ok := profiles[profile]
	switch {
	case !ok:
		return 2, fmt.Errorf("there is no profile %q: use production, development or schema", profile)
	case len(paths) == 0:
		return 2, errors.New("name the files or directories to check")
	case asJSON && asSARIF:
		return 2, errors.New("choose one of -json and -sarif")
	}

	bundle, err := millrace.Load(paths...)
	for _, note := range bundle.LoadNotes() {
		fmt.Fprintln(os.Stderr, "lint: note:", note)
	}
	report := newProfile().Existing(existing...).Check(bundle)
	if le, ok := errors.AsType[*millrace.LoadError](err); ok {
		if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission) {
			return 2, err
		}
		report.Add(le.Findings()...)
	}
	write := report.WriteText
	switch {
	case asJSON:
		write = report.WriteJSON
	case asSARIF:
		write = report.WriteSARIF
	}
	if err := write(out); err != nil {
		return 2, err
	}
	if report.Count(millrace.Error) > 0 {
		return 1, nil
	}
	return 0, nil
}

func parseRefs(list string) (refs []millrace.Ref, err error) {
	for item := range strings.SplitSeq(list, ",") {
		switch part := strings.Split(item, "/"); len(part) {
		case 2:
			refs = append(refs, millrace.Ref{Kind: part[0], Name: part[1]})
		case 3:
			refs = append(refs, millrace.Ref{Kind: part[0], Namespace: part[1], Name: part[2]})
		default:
			return nil, fmt.Errorf("%q is neither Kind/namespace/name nor Kind/name", item)
		}
	}
	return refs, nil
}
