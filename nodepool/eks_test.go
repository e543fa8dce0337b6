package nodepool_test

import (
	"testing"

	"github.com/millrace/millrace/nodepool"
)

// eksGolden are the pools that the golden files hold.
func eksGolden() map[string]*nodepool.Pool {
	eksctlNVMe := nvmeEKS()
	eksctlNVMe.Provider = eksctlPool().Provider
	bottlerocket, eksctlBottlerocket := eksPool(), eksctlPool()
	provider := eks
	provider.AMIType = "BOTTLEROCKET_x86_64"
	bottlerocket.Provider = provider
	provider = eksctlPool().Provider.(nodepool.EKS)
	provider.AMIType = "BOTTLEROCKET_x86_64"
	eksctlBottlerocket.Provider = provider
	return map[string]*nodepool.Pool{
		"eks-bottlerocket.tf":      bottlerocket,
		"eksctl-bottlerocket.yaml": eksctlBottlerocket,
		"eks-minimal.tf":           eksPool(),
		"eks-spot.tf":              spotEKS(),
		"eks-nvme.tf":              nvmeEKS(),
		"eks-full.tf":              fullEKS(),
		"eksctl-minimal.yaml":      eksctlPool(),
		"eksctl-nvme.yaml":         eksctlNVMe,
		"eksctl-full.yaml":         fullEksctl(),
	}
}

func TestEKSGolden(t *testing.T) {
	for name, pool := range eksGolden() {
		t.Run(name, func(t *testing.T) {
			got := render(t, pool)
			golden(t, name, got)
			for range 10 {
				if again := render(t, pool); string(again) != string(got) {
					t.Fatal("another build gave other bytes")
				}
			}
		})
	}
}
