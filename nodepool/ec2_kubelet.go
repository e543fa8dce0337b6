package nodepool

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/nodepool/karpenterawsv1"
)

var (
	evictionSignals = []string{"memory.available", "nodefs.available", "nodefs.inodesFree", "imagefs.available", "imagefs.inodesFree", "pid.available"}
	reservable      = []string{"cpu", "memory", "ephemeral-storage", "pid"}
)

// checkKubelet holds the rules of the CRD, and finds the quantities that the CRD
// lets through and Karpenter's controller stops at.
// Source: Karpenter's AWS provider 1.14.1, the EC2NodeClass CRD and
// pkg/providers/instancetype/types.go.
func checkKubelet(problems *millrace.Problems, at string, k *karpenterawsv1.KubeletConfiguration, family karpenterawsv1.AMIFamily) {
	if k.MaxPods != nil && *k.MaxPods < 1 {
		problems.Invalid(at+".MaxPods", *k.MaxPods, "no pod would run", "use 1 or more")
	}
	if k.PodsPerCore != nil {
		switch {
		case *k.PodsPerCore < 0:
			problems.Invalid(at+".PodsPerCore", *k.PodsPerCore, "is negative", "use 0 or more")
		case family == karpenterawsv1.AMIFamilyBottlerocket:
			problems.Unsupported(at+".PodsPerCore", "Bottlerocket has no such setting", "use MaxPods")
		}
	}
	checkQuantities(problems, at+".KubeReserved", k.KubeReserved, reservable, false)
	checkQuantities(problems, at+".SystemReserved", k.SystemReserved, reservable, false)
	checkQuantities(problems, at+".EvictionHard", k.EvictionHard, evictionSignals, true)
	checkQuantities(problems, at+".EvictionSoft", k.EvictionSoft, evictionSignals, true)
	for _, signal := range slices.Sorted(maps.Keys(k.EvictionSoftGracePeriod)) {
		field := at + ".EvictionSoftGracePeriod[" + signal + "]"
		if _, ok := k.EvictionSoft[signal]; !ok {
			problems.Conflict(field, "there is no EvictionSoft for it", "set both for the same signals")
		}
		if _, err := time.ParseDuration(k.EvictionSoftGracePeriod[signal]); err != nil {
			problems.Invalid(field, k.EvictionSoftGracePeriod[signal], "is no duration", "use one such as 1m30s")
		}
	}
	for _, signal := range slices.Sorted(maps.Keys(k.EvictionSoft)) {
		if _, ok := k.EvictionSoftGracePeriod[signal]; !ok {
			problems.Required(at+".EvictionSoftGracePeriod["+signal+"]", "say how long a soft eviction waits")
		}
	}
	checkImageGC(problems, at, k)
}

func checkImageGC(problems *millrace.Problems, at string, k *karpenterawsv1.KubeletConfiguration) {
	high, low := k.ImageGCHighThresholdPercent, k.ImageGCLowThresholdPercent
	for _, f := range []struct {
		name  string
		value *int32
	}{{".ImageGCHighThresholdPercent", high}, {".ImageGCLowThresholdPercent", low}} {
		if f.value != nil && (*f.value < 0 || *f.value > 100) {
			problems.Invalid(at+f.name, *f.value, "is no percentage", "use 0 to 100")
			return
		}
	}
	if high != nil && low != nil && *high <= *low {
		problems.Conflict(at+".ImageGCHighThresholdPercent", fmt.Sprintf("%d isn't above ImageGCLowThresholdPercent, %d", *high, *low), "raise the one or lower the other")
	}
}

// checkQuantities checks a map of quantities; those of eviction may be
// percentages.
func checkQuantities(problems *millrace.Problems, at string, quantities map[string]string, keys []string, percent bool) {
	for _, key := range slices.Sorted(maps.Keys(quantities)) {
		field := at + "[" + key + "]"
		if !slices.Contains(keys, key) {
			problems.Invalid(field, key, "unknown word", "use one of "+strings.Join(keys, ", "))
		}
		if why := badQuantity(quantities[key], percent); why != "" {
			problems.Invalid(field, quantities[key], why, "use a quantity such as 500Mi or 100m")
		}
	}
}

// badQuantity says what is wrong with a quantity, or with a percentage where
// one may stand.
func badQuantity(text string, percent bool) string {
	if share, ok := strings.CutSuffix(text, "%"); ok && percent {
		if n, err := strconv.ParseFloat(share, 64); err != nil || n < 0 || n > 100 {
			return "is no percentage"
		}
		return ""
	}
	switch q, err := resource.ParseQuantity(text); {
	case err != nil:
		return "is no quantity"
	case q.Sign() < 0:
		return "is less than nothing"
	}
	return ""
}
