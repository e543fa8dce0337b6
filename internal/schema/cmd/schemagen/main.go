// Command schemagen makes the schemas that internal/schema embeds out of the
// CRDs in the directories it is given:
//
//	schemagen -out internal/schema/data [RELEASE=]DIRECTORY...
//
// A release is that of an operator which takes less, or more, as the same
// version of a kind than its oldest release does: "4=…" for Argo Workflows 4.
// It fails for a constraint that the engine doesn't know and for a CEL rule
// that isn't ported, so that a new version of a CRD can't be checked less than
// the server checks it.
package main

import (
	"flag"
	"fmt"
	"os"
)

func main() {
	out := flag.String("out", "internal/schema/data", "directory of the schemas")
	flag.Parse()
	if err := run(*out, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "schemagen:", err)
		os.Exit(1)
	}
}
