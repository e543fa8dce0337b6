package crdgen

import autoscalingv2 "k8s.io/api/autoscaling/v2"

// KEDA returns how package kafka/kedav1alpha1 is made of the CRDs of
// ScaledObject and TriggerAuthentication in the Go module
// github.com/kedacore/keda/v2 v2.21.0, directory config/crd/bases.
//
// Type names are those of KEDA's own Go API; of types that are alike there,
// one of the names.
func KEDA() Config {
	return Config{
		Package: "kedav1alpha1",
		Group:   "keda.sh",
		Source:  "KEDA 2.21.0",
		Files:   []string{"keda.sh_scaledobjects.yaml", "keda.sh_triggerauthentications.yaml"},
		Names:   kedaNames,
		Mappings: []Mapping{
			of[autoscalingv2.HorizontalPodAutoscalerBehavior]("*.behavior"),
		},
	}
}

var kedaNames = map[string]string{
	"ScaledObject.spec.scaleTargetRef":                                "ScaleTarget",
	"ScaledObject.spec.triggers[]":                                    "ScaleTriggers",
	"ScaledObject.spec.triggers[].authenticationRef":                  "AuthenticationRef",
	"ScaledObject.spec.triggers[].authenticationRef.kind":             "AuthenticationRefKind",
	"ScaledObject.spec.advanced":                                      "AdvancedConfig",
	"ScaledObject.spec.advanced.horizontalPodAutoscalerConfig":        "HorizontalPodAutoscalerConfig",
	"ScaledObject.spec.advanced.scalingModifiers":                     "ScalingModifiers",
	"ScaledObject.spec.advanced.scalingModifiers.metricType":          "ScalingModifiersMetricType",
	"ScaledObject.spec.fallback":                                      "Fallback",
	"ScaledObject.spec.fallback.behavior":                             "FallbackBehavior",
	"ScaledObject.status.conditions[]":                                "Condition",
	"ScaledObject.status.health{}":                                    "HealthStatus",
	"ScaledObject.status.scaleTargetGVKR":                             "GroupVersionKindResource",
	"ScaledObject.status.triggersActivity{}":                          "TriggerActivityStatus",
	"TriggerAuthentication.spec.awsSecretManager":                     "AwsSecretManager",
	"*.awsSecretManager.secrets[]":                                    "AwsSecretManagerSecret",
	"*.awsSecretManager.credentials":                                  "AwsSecretManagerCredentials",
	"*.awsSecretManager.credentials.accessKey":                        "AwsSecretManagerValue",
	"*.awsSecretManager.credentials.accessKey.valueFrom":              "ValueFromSecret",
	"*.awsSecretManager.credentials.accessKey.valueFrom.secretKeyRef": "SecretKeyRef",
	"*.awsSecretManager.podIdentity":                                  "AuthPodIdentity",
	"*.awsSecretManager.podIdentity.provider":                         "PodIdentityProvider",
	"*.awsSecretManager.podIdentity.identityOwner":                    "IdentityOwner",
	"TriggerAuthentication.spec.azureKeyVault":                        "AzureKeyVault",
	"TriggerAuthentication.spec.azureKeyVault.cloud":                  "AzureKeyVaultCloudInfo",
	"TriggerAuthentication.spec.azureKeyVault.credentials":            "AzureKeyVaultCredentials",
	"TriggerAuthentication.spec.azureKeyVault.secrets[]":              "AzureKeyVaultSecret",
	"TriggerAuthentication.spec.azureServicePrincipal":                "AzureServicePrincipal",
	"TriggerAuthentication.spec.boundServiceAccountToken[]":           "BoundServiceAccountToken",
	"TriggerAuthentication.spec.configMapTargetRef[]":                 "AuthTargetRef",
	"TriggerAuthentication.spec.env[]":                                "AuthEnvironment",
	"TriggerAuthentication.spec.gcpSecretManager":                     "GCPSecretManager",
	"TriggerAuthentication.spec.gcpSecretManager.credentials":         "GCPCredentials",
	"TriggerAuthentication.spec.gcpSecretManager.secrets[]":           "GCPSecretManagerSecret",
	"TriggerAuthentication.spec.hashiCorpVault":                       "HashiCorpVault",
	"TriggerAuthentication.spec.hashiCorpVault.authentication":        "VaultAuthentication",
	"TriggerAuthentication.spec.hashiCorpVault.credential":            "Credential",
	"TriggerAuthentication.spec.hashiCorpVault.secrets[]":             "VaultSecret",
	"TriggerAuthentication.spec.hashiCorpVault.secrets[].pkiData":     "VaultPkiData",
	"TriggerAuthentication.spec.oauth2":                               "OAuth2",
	"TriggerAuthentication.spec.oauth2.type":                          "OAuth2GrantType",
}
