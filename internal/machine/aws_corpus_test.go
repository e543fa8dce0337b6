//go:build corpus

package machine_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/millrace/millrace/internal/machine"
)

var (
	limits     = regexp.MustCompile(`(?ms)^\t"([^"]+)": \{(.*?)^\t\},`)
	limitsIPs  = regexp.MustCompile(`IPv4PerInterface:\s+(\d+)`)
	limitsCard = regexp.MustCompile(`DefaultNetworkCardIndex:\s+(\d+)`)
	limitsENIs = regexp.MustCompile(`MaximumNetworkInterfaces: (\d+),\s+NetworkCardIndex:\s+(\d+)`)
)

// awsNewer are the machine types whose network EC2 has changed since.
var awsNewer = map[string]bool{"i7ie.48xlarge": true, "i7ie.metal-48xl": true, "i8ge.48xlarge": true, "i8ge.metal-48xl": true}

// TestAWSMaxPods holds the number of pods that networks have addresses for to
// the table of networks in Karpenter's own module.
func TestAWSMaxPods(t *testing.T) {
	out, err := exec.Command("go", "mod", "download", "-json", "github.com/aws/karpenter-provider-aws@v1.14.1").Output()
	if err != nil {
		t.Fatalf("the module isn't available: %v", err)
	}
	var module struct{ Dir string }
	if err := json.Unmarshal(out, &module); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(filepath.Join(module.Dir, "pkg/providers/instancetype/zz_generated.vpclimits.go"))
	if err != nil {
		t.Fatal(err)
	}
	number := func(s string) int {
		n, err := strconv.Atoi(s)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	right, unknown := 0, 0
	for _, m := range limits.FindAllStringSubmatch(string(data), -1) {
		name, card := m[1], limitsCard.FindStringSubmatch(m[2])[1]
		got, ok := machine.AWS(name)
		if !ok {
			unknown++
			t.Logf("%s isn't known", name)
			continue
		}
		for _, enis := range limitsENIs.FindAllStringSubmatch(m[2], -1) {
			want := number(enis[1])*(number(limitsIPs.FindStringSubmatch(m[2])[1])-1) + 2
			if enis[2] == card && got.MaxPods != want && !awsNewer[name] {
				t.Errorf("%s: %d pods, want %d", name, got.MaxPods, want)
			}
		}
		right++
	}
	t.Logf("%d are right, and %d unknown", right, unknown)
	if right < 1280 {
		t.Errorf("%d are known", right)
	}

	prices, err := os.ReadFile(filepath.Join(module.Dir, "pkg/providers/pricing/zz_generated.pricing_aws.go"))
	if err != nil {
		t.Fatal(err)
	}
	names, known := map[string]bool{}, 0
	for _, m := range regexp.MustCompile(`"([a-z0-9-]+\.[a-z0-9-]+)":`).FindAllStringSubmatch(string(prices), -1) {
		if _, ok := machine.AWS(m[1]); ok && !names[m[1]] {
			known++
		} else if !ok && !strings.HasPrefix(m[1], "mac") {
			t.Logf("%s has a price, and isn't known", m[1])
		}
		names[m[1]] = true
	}
	t.Logf("of %d machine types with a price %d are known", len(names), known)
	if 100*known < 97*len(names) {
		t.Errorf("of %d machine types with a price %d are known", len(names), known)
	}
}
