package crdgen

import (
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// ComputeClassV1 returns how package nodepool/computeclassv1 is made of the
// kind ComputeClass, whose CRD Wrap makes.
func ComputeClassV1() Config {
	return Config{
		Package: "computeclassv1",
		Group:   ComputeClass.Group,
		Source:  "Google Kubernetes Engine (2026)",
		Files:   []string{ComputeClass.CRD()},
		Names:   computeClassNames,
		Mappings: []Mapping{
			of[metav1.Condition]("*.conditions[]"),
			of[corev1.Taint]("*.taints[]", "v1.Taint.timeAdded"),
		},
	}
}

// computeClassNames are names of our own: GKE publishes no Go API.
var computeClassNames = map[string]string{
	"ComputeClass.spec.activeMigration":                                                                   "ActiveMigration",
	"ComputeClass.spec.autopilot":                                                                         "Enabled",
	"ComputeClass.spec.autoscalingPolicy":                                                                 "AutoscalingPolicy",
	"ComputeClass.spec.nodePoolConfig":                                                                    "NodePoolConfig",
	"ComputeClass.spec.nodePoolConfig.confidentialNodeType":                                               "ConfidentialNodeType",
	"ComputeClass.spec.nodePoolConfig.dra":                                                                "DRA",
	"ComputeClass.spec.nodePoolConfig.dra.networking":                                                     "DRANetworking",
	"ComputeClass.spec.nodePoolConfig.imageType":                                                          "ImageType",
	"ComputeClass.spec.nodePoolConfig.ipType":                                                             "IPType",
	"ComputeClass.spec.nodePoolConfig.loggingConfig":                                                      "LoggingConfig",
	"ComputeClass.spec.nodePoolConfig.loggingConfig.loggingVariantConfig":                                 "LoggingVariantConfig",
	"ComputeClass.spec.nodePoolConfig.loggingConfig.loggingVariantConfig.variant":                         "LoggingVariant",
	"ComputeClass.spec.nodePoolConfig.resourceManagerTags[]":                                              "ResourceManagerTag",
	"ComputeClass.spec.nodePoolConfig.workloadType":                                                       "WorkloadType",
	"ComputeClass.spec.nodePoolGroup":                                                                     "NamedRef",
	"ComputeClass.spec.priorities[]":                                                                      "Priority",
	"ComputeClass.spec.priorities[].flexStart":                                                            "FlexStart",
	"ComputeClass.spec.priorities[].flexStart.nodeRecycling":                                              "NodeRecycling",
	"ComputeClass.spec.priorities[].gpu":                                                                  "GPU",
	"ComputeClass.spec.priorities[].gpu.driverVersion":                                                    "GPUDriverVersion",
	"ComputeClass.spec.priorities[].gpu.gpuSharing":                                                       "GPUSharing",
	"ComputeClass.spec.priorities[].gpu.gpuSharing.sharingStrategy":                                       "GPUSharingStrategy",
	"ComputeClass.spec.priorities[].location":                                                             "Location",
	"ComputeClass.spec.priorities[].location.locationPolicy":                                              "LocationPolicy",
	"ComputeClass.spec.priorities[].location.zoneTypes[]":                                                 "ZoneType",
	"ComputeClass.spec.priorities[].minCpuPlatform":                                                       "MinCPUPlatform",
	"ComputeClass.spec.priorities[].nodeSystemConfig":                                                     "NodeSystemConfig",
	"ComputeClass.spec.priorities[].nodeSystemConfig.kubeletConfig":                                       "KubeletConfig",
	"ComputeClass.spec.priorities[].nodeSystemConfig.kubeletConfig.cpuManagerPolicy":                      "CPUManagerPolicy",
	"ComputeClass.spec.priorities[].nodeSystemConfig.kubeletConfig.evictionMinimumReclaim":                "EvictionSignals",
	"ComputeClass.spec.priorities[].nodeSystemConfig.linuxNodeConfig":                                     "LinuxNodeConfig",
	"ComputeClass.spec.priorities[].nodeSystemConfig.linuxNodeConfig.hugepageConfig":                      "HugepageConfig",
	"ComputeClass.spec.priorities[].nodeSystemConfig.linuxNodeConfig.swapConfig":                          "SwapConfig",
	"ComputeClass.spec.priorities[].nodeSystemConfig.linuxNodeConfig.swapConfig.bootDiskProfile":          "SwapProfile",
	"ComputeClass.spec.priorities[].nodeSystemConfig.linuxNodeConfig.swapConfig.dedicatedLocalSsdProfile": "DedicatedSwapProfile",
	"ComputeClass.spec.priorities[].nodeSystemConfig.linuxNodeConfig.swapConfig.encryptionConfig":         "SwapEncryption",
	"ComputeClass.spec.priorities[].nodeSystemConfig.linuxNodeConfig.sysctls":                             "Sysctls",
	"ComputeClass.spec.priorities[].nodeSystemConfig.linuxNodeConfig.transparentHugepageDefrag":           "TransparentHugepageDefrag",
	"ComputeClass.spec.priorities[].nodeSystemConfig.linuxNodeConfig.transparentHugepageEnabled":          "TransparentHugepageEnabled",
	"ComputeClass.spec.priorities[].placement":                                                            "Placement",
	"ComputeClass.spec.priorities[].podFamily":                                                            "PodFamily",
	"ComputeClass.spec.priorities[].reservations":                                                         "Reservations",
	"ComputeClass.spec.priorities[].reservations.affinity":                                                "ReservationAffinity",
	"ComputeClass.spec.priorities[].reservations.specific[]":                                              "SpecificReservation",
	"ComputeClass.spec.priorities[].reservations.specific[].reservationBlock":                             "ReservationBlock",
	"ComputeClass.spec.priorities[].storage":                                                              "Storage",
	"ComputeClass.spec.priorities[].storage.bootDiskType":                                                 "BootDiskType",
	"ComputeClass.spec.priorities[].storage.secondaryBootDisks[]":                                         "SecondaryBootDisk",
	"ComputeClass.spec.priorities[].storage.secondaryBootDisks[].mode":                                    "SecondaryBootDiskMode",
	"ComputeClass.spec.priorities[].tpu":                                                                  "TPU",
	"ComputeClass.spec.priorityDefaults":                                                                  "PriorityDefaults",
	"ComputeClass.spec.whenUnsatisfiable":                                                                 "WhenUnsatisfiable",
}
