package schema_test

// computeClassBase is a valid class, with something for every rule to look at.
const computeClassBase = `
apiVersion: cloud.google.com/v1
kind: ComputeClass
metadata: {name: a}
spec:
  whenUnsatisfiable: DoNotScaleUp
  nodePoolAutoCreation: {enabled: true}
  nodePoolConfig: {imageType: cos_containerd, workloadType: HIGH_AVAILABILITY}
  priorities:
  - machineFamily: n2d
    minCores: 8
    spot: true
    reservations: {affinity: None}
    storage: {bootDiskSize: 100}
    nodeSystemConfig:
      kubeletConfig: {imageGcHighThresholdPercent: 84, imageGcLowThresholdPercent: 70}
      linuxNodeConfig: {swapConfig: {bootDiskProfile: {swapSizeGib: 1}}}
  - machineType: n2d-highmem-16
  priorityDefaults: {nodeSystemConfig: {linuxNodeConfig: {swapConfig: {bootDiskProfile: {swapSizeGib: 1}}}}}
`

// classSpec is the rest of a spec that a change replaces.
const classSpec = `whenUnsatisfiable: DoNotScaleUp, nodePoolAutoCreation: {enabled: true}, `

// computeClassAims break the rules of ComputeClass.
var computeClassAims = []aimed{
	{"computeclass/autopilot-nodepools", "ComputeClass", "spec", `{` + classSpec + `autopilot: {enabled: true}, priorities: [{nodepools: [a]}]}`},
	{"computeclass/autopilot-creation", "ComputeClass", "spec", `{whenUnsatisfiable: DoNotScaleUp, autopilot: {enabled: true}, nodePoolAutoCreation: {enabled: false}}`},
	{"computeclass/autopilot-creation", "ComputeClass", "spec", `{whenUnsatisfiable: DoNotScaleUp, autopilot: {enabled: true}}`},
	{"computeclass/autopilot-image", "ComputeClass", "spec", `{` + classSpec + `autopilot: {enabled: true}, nodePoolConfig: {imageType: ubuntu_containerd}}`},
	{"computeclass/autopilot-logging", "ComputeClass", "spec", `{` + classSpec + `autopilot: {enabled: true}, nodePoolConfig: {loggingConfig: {loggingVariantConfig: {variant: MAX_THROUGHPUT}}}}`},
	{"computeclass/workload-type", "ComputeClass", "spec.nodePoolConfig", `{workloadType: HIGH_THROUGHPUT}`},
	{"computeclass/pod-family", "ComputeClass", "spec.priorities", `[{podFamily: general-purpose}]`},
	{"computeclass/confidential-machine", "ComputeClass", "spec", `{` + classSpec + `nodePoolConfig: {confidentialNodeType: SEV}, priorities: [{minCores: 8}]}`},
	{"computeclass/sev", "ComputeClass", "spec", `{` + classSpec + `nodePoolConfig: {confidentialNodeType: SEV}, priorities: [{machineFamily: n2}]}`},
	{"computeclass/sev", "ComputeClass", "spec", `{` + classSpec + `nodePoolConfig: {confidentialNodeType: SEV}, priorities: [{machineType: n2-standard-8}]}`},
	{"computeclass/sev-snp", "ComputeClass", "spec", `{` + classSpec + `nodePoolConfig: {confidentialNodeType: SEV_SNP}, priorities: [{machineFamily: c2d}]}`},
	{"computeclass/tdx", "ComputeClass", "spec", `{` + classSpec + `nodePoolConfig: {confidentialNodeType: TDX}, priorities: [{machineType: c3-highmem-8}]}`},
	{"computeclass/tdx-c3", "ComputeClass", "spec", `{` + classSpec + `nodePoolConfig: {confidentialNodeType: TDX}, priorities: [{machineFamily: c3, gpu: {type: x}}]}`},
	{"computeclass/tdx-c4", "ComputeClass", "spec", `{` + classSpec + `nodePoolConfig: {confidentialNodeType: TDX}, priorities: [{machineType: c4-standard-8, gpu: {type: x}}]}`},
	{"computeclass/tdx-a3", "ComputeClass", "spec", `{` + classSpec + `nodePoolConfig: {confidentialNodeType: TDX}, priorities: [{machineType: a3-highgpu-1g, gpu: {type: x}}]}`},
	{"computeclass/tdx-a4", "ComputeClass", "spec", `{` + classSpec + `nodePoolConfig: {confidentialNodeType: TDX}, priorities: [{machineFamily: a4, gpu: {type: nvidia-h100-80gb}}]}`},
	{"computeclass/scores", "ComputeClass", "spec.priorities", `[{machineFamily: n2, priorityScore: 3}, {machineFamily: n2d}]`},
	{"computeclass/nodepools-alone", "ComputeClass", "spec.priorities", `[{nodepools: [a], spot: true}]`},
	{"computeclass/family-or-type", "ComputeClass", "spec.priorities", `[{machineFamily: n2, machineType: n2-standard-8}]`},
	{"computeclass/type-size", "ComputeClass", "spec.priorities", `[{machineType: n2-standard-8, minMemoryGb: 8}]`},
	{"computeclass/type-size", "ComputeClass", "spec.priorities", `[{machineType: n2-standard-8, minCores: 0}]`},
	{"computeclass/family-ek", "ComputeClass", "spec.priorities", `[{machineFamily: ek}]`},
	{"computeclass/type-ek", "ComputeClass", "spec.priorities", `[{machineType: ek-standard-8}]`},
	{"computeclass/family-e4a", "ComputeClass", "spec.priorities", `[{machineFamily: e4a}]`},
	{"computeclass/type-e4a", "ComputeClass", "spec.priorities", `[{machineType: e4a-standard-8}]`},
	{"computeclass/flex-start-spot", "ComputeClass", "spec.priorities", `[{spot: true, flexStart: {enabled: true}}]`},
	{"computeclass/capacity-check", "ComputeClass", "spec.priorities", `[{capacityCheckWaitTimeSeconds: 3}]`},
	{"computeclass/capacity-check", "ComputeClass", "spec.priorities", `[{capacityCheckWaitTimeSeconds: 3, flexStart: {enabled: false}}]`},
	{"computeclass/network-profile", "ComputeClass", "spec.priorities", `[{acceleratorNetworkProfile: automatic}]`},
	{"computeclass/image-gc-order", "ComputeClass", "spec.priorityDefaults", `{nodeSystemConfig: {kubeletConfig: {imageGcHighThresholdPercent: 82, imageGcLowThresholdPercent: 82}}}`},
	{"computeclass/image-gc-high", "ComputeClass", "spec.priorityDefaults", `{nodeSystemConfig: {kubeletConfig: {imageGcHighThresholdPercent: 80}}}`},
	{"computeclass/swap-profile", "ComputeClass", "spec.priorityDefaults", `{nodeSystemConfig: {linuxNodeConfig: {swapConfig: {bootDiskProfile: {}, dedicatedLocalSsdProfile: {}}}}}`},
	{"computeclass/swap-size", "ComputeClass", "spec.priorityDefaults", `{nodeSystemConfig: {linuxNodeConfig: {swapConfig: {bootDiskProfile: {swapSizeGib: 3, swapSizePercent: 3}}}}}`},
	{"computeclass/reservations-affinity", "ComputeClass", "spec.priorities", `[{reservations: {affinity: None, specific: [{name: a}]}}]`},
	{"computeclass/reservations-specific", "ComputeClass", "spec.priorities", `[{reservations: {affinity: Specific, specific: []}}]`},
}
