// Command crdwrap writes the CRD of a kind of which only the JSON schema is
// published:
//
//	crdwrap -schemas DIR -out DIR
//
// See crdgen.Wrap.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"github.com/millrace/millrace/internal/crdgen"
)

func main() {
	schemas := flag.String("schemas", "", "directory of the JSON schemas")
	out := flag.String("out", "", "directory that the CRD is written to")
	flag.Parse()
	if err := run(*schemas, *out); err != nil {
		fmt.Fprintln(os.Stderr, "crdwrap:", err)
		os.Exit(1)
	}
}

func run(schemas, out string) error {
	if schemas == "" || out == "" {
		return fmt.Errorf("-schemas and -out are required")
	}
	data, err := os.ReadFile(filepath.Join(schemas, crdgen.ComputeClass.File))
	if err != nil {
		return err
	}
	crd, err := crdgen.Wrap(crdgen.ComputeClass, data)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(out, crdgen.ComputeClass.CRD()), crd, 0o644)
}
