// Command crdgen writes the Go API types of millrace that are made of CRDs. See
// package crdgen for what it makes and for the command lines.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"github.com/millrace/millrace/internal/crdgen"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "crdgen:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	configs := map[string]crdgen.Config{}
	for _, c := range []crdgen.Config{crdgen.Strimzi(), crdgen.Karpenter(), crdgen.KarpenterAWS(), crdgen.Apache(), crdgen.KEDA(), crdgen.ComputeClassV1()} {
		configs[c.Package] = c
	}
	flags := flag.NewFlagSet("crdgen", flag.ContinueOnError)
	pkg := flags.String("package", "", "package to write: strimziv1, karpenterv1, karpenterawsv1, apachev1, kedav1alpha1 or computeclassv1")
	crds := flags.String("crds", "", "directory of the CRD files")
	out := flags.String("out", "", "directory of the package")
	if err := flags.Parse(args); err != nil {
		return err
	}
	cfg, ok := configs[*pkg]
	if !ok {
		return fmt.Errorf("unknown package %q", *pkg)
	}
	if *crds == "" || *out == "" {
		return fmt.Errorf("-crds and -out are required")
	}
	defs, err := crdgen.Load(*crds, cfg.Files)
	if err != nil {
		return err
	}
	files, err := crdgen.Generate(cfg, defs)
	if err != nil {
		return err
	}
	return crdgen.Write(filepath.Clean(*out), files)
}
