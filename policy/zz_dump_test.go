package policy_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/policy"
)

func TestZZDump(t *testing.T) {
	for _, f := range strings.Fields(os.Getenv("DUMP")) {
		b, err := millrace.Load(f)
		if err != nil {
			fmt.Println("ERR", f, err)
			continue
		}
		fmt.Println("==", f)
		for _, x := range policy.Production().Check(b).Findings {
			fmt.Println("  ", x.Rule, x.Severity, x.Object.Kind, x.Object.Name, x.Field, "|", x.Detail)
		}
	}
}
