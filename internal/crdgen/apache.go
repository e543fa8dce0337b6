package crdgen

import (
	"maps"
	"reflect"

	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Apache returns how package spark/apachev1 is made of the CRDs of Apache's
// Spark operator 1.0.0, in build-tools/helm/spark-kubernetes-operator/crds of
// its repository.
//
// Type names are those of the operator's own Java API, and of the Gateway API's
// Go API where its types are.
func Apache() Config {
	names := maps.Clone(gatewayNames)
	maps.Copy(names, apacheNames)
	return Config{
		Package: "apachev1",
		Group:   "spark.apache.org",
		Source:  "Apache Spark Kubernetes Operator 1.0.0",
		Files:   []string{"sparkapplications.yaml", "sparkclusters.yaml"},
		Names:   names,
		Mappings: append(Kubernetes(),
			bare[corev1.PodTemplateSpec]("*.podTemplateSpec", newerPods...),
			bare[appsv1.StatefulSetSpec]("*.statefulSetSpec", append(newerPods, "v1.PersistentVolumeClaimStatus.healthStatus")...),
			of[corev1.ServiceSpec]("*.serviceSpec"),
			bare[autoscalingv2.HorizontalPodAutoscalerSpec]("*.horizontalPodAutoscalerSpec"),
			of[networkingv1.IngressSpec]("*.ingressSpec"),
			bare[metav1.ObjectMeta]("*.serviceMetadata"),
			bare[metav1.ObjectMeta]("*.ingressMetadata"),
			bare[metav1.ObjectMeta]("*.statefulSetMetadata"),
			bare[metav1.ObjectMeta]("*.httpRouteMetadata"),
			bare[metav1.ObjectMeta]("*.grpcRouteMetadata"),
			Mapping{
				Path:     "*.lastObservedDriverStatus",
				Type:     reflect.TypeFor[corev1.PodStatus](),
				Wider:    []string{"v1.NodeAllocatableResourceClaimStatus.mapping", "v1.NodeAllocatableResourceClaimStatus.overhead", "v1.PodStatus.volumeHealth"},
				Narrower: []string{".nodeAllocatableResourceClaimStatuses[].resources"},
				Bare:     true,
			},
		),
	}
}

// newerPods are the fields of pods that Kubernetes got after the version that
// the operator's CRDs were made of. The API server drops them there.
var newerPods = []string{
	"v1.ClusterTrustBundleProjection.user",
	"v1.ConfigMapVolumeSource.defaultUser",
	"v1.DownwardAPIVolumeFile.user",
	"v1.DownwardAPIVolumeSource.defaultUser",
	"v1.EmptyDirVolumeSource.mode",
	"v1.GRPCAction.mode",
	"v1.HTTPGetAction.protocol",
	"v1.KeyToPath.user",
	"v1.PodCertificateProjection.user",
	"v1.PodSpec.evictionResponders",
	"v1.ProjectedVolumeSource.defaultUser",
	"v1.SecretVolumeSource.defaultUser",
	"v1.ServiceAccountTokenProjection.user",
	"v1.VolumeMount.bindMountOptions",
}

// apacheNames are those of the operator's Java API.
var apacheNames = map[string]string{
	"SparkApplication.spec":                                                                      "ApplicationSpec",
	"SparkApplication.spec.applicationTolerations":                                               "ApplicationTolerations",
	"*.applicationTolerations.applicationTimeoutConfig":                                          "ApplicationTimeoutConfig",
	"*.applicationTolerations.instanceConfig":                                                    "ExecutorInstanceConfig",
	"*.applicationTolerations.resourceRetainPolicy":                                              "ResourceRetainPolicy",
	"*.applicationTolerations.restartConfig":                                                     "RestartConfig",
	"*.applicationTolerations.restartConfig.restartPolicy":                                       "RestartPolicy",
	"SparkApplication.spec.configMapSpecs[]":                                                     "ConfigMapSpec",
	"SparkApplication.spec.deploymentMode":                                                       "DeploymentMode",
	"SparkApplication.spec.driverSpec":                                                           "BaseApplicationTemplateSpec",
	"SparkApplication.spec.executorSpec":                                                         "BaseApplicationTemplateSpec",
	"SparkApplication.spec.driverServiceIngressList[]":                                           "DriverServiceIngressSpec",
	"SparkApplication.spec.driverHttpRouteList[]":                                                "DriverHTTPRouteSpec",
	"SparkApplication.spec.driverGrpcRouteList[]":                                                "DriverGRPCRouteSpec",
	"*.runtimeVersions":                                                                          "RuntimeVersions",
	"SparkApplication.status":                                                                    "ApplicationStatus",
	"SparkApplication.status.currentAttemptSummary.stateTransitionHistory{}":                     "ApplicationState",
	"SparkApplication.status.currentAttemptSummary.stateTransitionHistory{}.currentStateSummary": "ApplicationStateSummary",
	"SparkApplication.status.currentAttemptSummary":                                              "ApplicationAttemptSummary",
	"SparkApplication.status.currentAttemptSummary.attemptInfo":                                  "ApplicationAttemptInfo",
	"SparkCluster.spec":                                                                          "ClusterSpec",
	"SparkCluster.spec.clusterTolerations":                                                       "ClusterTolerations",
	"SparkCluster.spec.clusterTolerations.instanceConfig":                                        "WorkerInstanceConfig",
	"SparkCluster.spec.masterSpec":                                                               "MasterSpec",
	"SparkCluster.spec.workerSpec":                                                               "WorkerSpec",
	"SparkCluster.status":                                                                        "ClusterStatus",
	"SparkCluster.status.currentAttemptSummary.stateTransitionHistory{}":                         "ClusterState",
	"SparkCluster.status.currentAttemptSummary.stateTransitionHistory{}.currentStateSummary":     "ClusterStateSummary",
	"SparkCluster.status.currentAttemptSummary":                                                  "ClusterAttemptSummary",
	"SparkCluster.status.currentAttemptSummary.attemptInfo":                                      "AttemptInfo",
}

// gatewayNames names the types of the Gateway API, which the CRDs copy, as its
// own Go API does. Headers and parameters match alike, and are one type.
var gatewayNames = map[string]string{
	"*.driverGrpcRouteList[].grpcRouteSpec":                                                             "GRPCRouteSpec",
	"*.driverGrpcRouteList[].grpcRouteSpec.rules[]":                                                     "GRPCRouteRule",
	"*.driverGrpcRouteList[].grpcRouteSpec.rules[].backendRefs[]":                                       "GRPCBackendRef",
	"*.driverGrpcRouteList[].grpcRouteSpec.rules[].backendRefs[].filters[]":                             "GRPCRouteFilter",
	"*.driverGrpcRouteList[].grpcRouteSpec.rules[].matches[]":                                           "GRPCRouteMatch",
	"*.driverHttpRouteList[].httpRouteSpec":                                                             "HTTPRouteSpec",
	"*.driverHttpRouteList[].httpRouteSpec.rules[]":                                                     "HTTPRouteRule",
	"*.driverHttpRouteList[].httpRouteSpec.rules[].backendRefs[]":                                       "HTTPBackendRef",
	"*.driverHttpRouteList[].httpRouteSpec.rules[].backendRefs[].filters[]":                             "HTTPRouteFilter",
	"*.driverHttpRouteList[].httpRouteSpec.rules[].matches[]":                                           "HTTPRouteMatch",
	"*.driverGrpcRouteList[].grpcRouteSpec.parentRefs[]":                                                "ParentReference",
	"*.driverGrpcRouteList[].grpcRouteSpec.rules[].backendRefs[].filters[].extensionRef":                "LocalObjectReference",
	"*.driverGrpcRouteList[].grpcRouteSpec.rules[].backendRefs[].filters[].requestHeaderModifier":       "HTTPHeaderFilter",
	"*.driverGrpcRouteList[].grpcRouteSpec.rules[].backendRefs[].filters[].requestHeaderModifier.add[]": "HTTPHeader",
	"*.driverGrpcRouteList[].grpcRouteSpec.rules[].backendRefs[].filters[].requestMirror":               "HTTPRequestMirrorFilter",
	"*.driverGrpcRouteList[].grpcRouteSpec.rules[].backendRefs[].filters[].requestMirror.backendRef":    "BackendObjectReference",
	"*.driverGrpcRouteList[].grpcRouteSpec.rules[].backendRefs[].filters[].requestMirror.fraction":      "Fraction",
	"*.driverGrpcRouteList[].grpcRouteSpec.rules[].matches[].headers[]":                                 "HeaderMatch",
	"*.driverGrpcRouteList[].grpcRouteSpec.rules[].matches[].method":                                    "GRPCMethodMatch",
	"*.driverGrpcRouteList[].grpcRouteSpec.rules[].sessionPersistence":                                  "SessionPersistence",
	"*.driverGrpcRouteList[].grpcRouteSpec.rules[].sessionPersistence.cookieConfig":                     "CookieConfig",
	"*.driverHttpRouteList[].httpRouteSpec.rules[].backendRefs[].filters[].cors":                        "HTTPCORSFilter",
	"*.driverHttpRouteList[].httpRouteSpec.rules[].backendRefs[].filters[].externalAuth":                "HTTPExternalAuthFilter",
	"*.driverHttpRouteList[].httpRouteSpec.rules[].backendRefs[].filters[].externalAuth.forwardBody":    "ForwardBodyConfig",
	"*.driverHttpRouteList[].httpRouteSpec.rules[].backendRefs[].filters[].externalAuth.grpc":           "GRPCAuthConfig",
	"*.driverHttpRouteList[].httpRouteSpec.rules[].backendRefs[].filters[].externalAuth.http":           "HTTPAuthConfig",
	"*.driverHttpRouteList[].httpRouteSpec.rules[].backendRefs[].filters[].requestRedirect":             "HTTPRequestRedirectFilter",
	"*.driverHttpRouteList[].httpRouteSpec.rules[].backendRefs[].filters[].requestRedirect.path":        "HTTPPathModifier",
	"*.driverHttpRouteList[].httpRouteSpec.rules[].backendRefs[].filters[].urlRewrite":                  "HTTPURLRewriteFilter",
	"*.driverHttpRouteList[].httpRouteSpec.rules[].matches[].path":                                      "HTTPPathMatch",
	"*.driverHttpRouteList[].httpRouteSpec.rules[].retry":                                               "HTTPRouteRetry",
	"*.driverHttpRouteList[].httpRouteSpec.rules[].timeouts":                                            "HTTPRouteTimeouts",
}
