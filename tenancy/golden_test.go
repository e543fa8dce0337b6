package tenancy_test

import (
	"testing"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/tenancy"
)

// TestGolden holds whole namespaces against files, and against what the API
// server takes.
func TestGolden(t *testing.T) {
	yunikorn, volcano := minimal(), minimal()
	yunikorn.Queue = tenancy.YuniKorn{Parent: "root.data"}
	volcano.Queue = tenancy.Volcano{Weight: 4, Keep: true, Cores: 80}
	for name, b := range map[string]millrace.Builder{
		"minimal.yaml": minimal(), "full.yaml": full(), "platform.yaml": platform(), "platform-minimal.yaml": &tenancy.Platform{},
		"yunikorn.yaml": yunikorn, "volcano.yaml": volcano,
	} {
		t.Run(name, func(t *testing.T) {
			golden(t, name, render(t, b))
			for _, problem := range refused(t, b) {
				t.Error(problem)
			}
		})
	}
}
