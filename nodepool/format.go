package nodepool

import (
	"fmt"
	"strings"

	"github.com/millrace/millrace"
)

// Format says what a provider writes its pools as, where there is a choice.
type Format string

// The formats.
const (
	// Terraform is a resource of Terraform, as a file of the bundle.
	Terraform Format = "terraform"
	// ConfigConnector is an object of Google's Config Connector, which makes
	// the pool from within a cluster. GKE only.
	ConfigConnector Format = "config-connector"
	// Eksctl is a configuration file of eksctl. EKS only.
	Eksctl Format = "eksctl"
)

// checkFormat reports a format that the provider doesn't have. The first one
// is what empty means.
func checkFormat(problems *millrace.Problems, format Format, has ...Format) {
	for _, f := range has {
		if format == "" || format == f {
			return
		}
	}
	names := make([]string, len(has))
	for i, f := range has {
		names[i] = fmt.Sprintf("%q", f)
	}
	problems.Unsupported("Provider.Format", fmt.Sprintf("%q is no format of this provider", string(format)), "use "+strings.Join(names, " or ")+", or leave it out")
}
