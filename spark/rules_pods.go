package spark

import "github.com/millrace/millrace"

// podRules are about what reaches the pods.
func podRules() []millrace.Rule {
	return []millrace.Rule{
		{
			ID:       "spark/template-container",
			Severity: millrace.Error,
			Summary:  "A pod template names Spark's own container.",
			Reason:   "Spark takes the first container where none has the name, so that a sidecar becomes the driver; and the operator finds no container whose end it can report.",
			Fix:      "name the container spark-kubernetes-driver or spark-kubernetes-executor",
			Source:   "apache/spark, KubernetesUtils.selectSparkContainer; Spark operator v2.5.1, submission.go; spark-operator issue 2356",
			Check:    rule(checkTemplateContainer),
		},
		{
			ID:       "spark/template-duplicate",
			Severity: millrace.Warning,
			Summary:  "The pod template and the spec say nothing twice.",
			Reason:   "Tolerations and variables are there twice then, a volume of the same name makes a pod that the API server refuses, and Spark overwrites image, memory and CPU of the template.",
			Fix:      "leave one of the two out",
			Source:   "Spark operator v2.5.1, internal/webhook/sparkpod_defaulter.go; Spark, running on Kubernetes, \"Pod template properties\"",
			Check:    checkTemplateDuplicate,
		},
		{
			ID:       "spark/node-selector-double",
			Severity: millrace.Error,
			Summary:  "The node selector is the application's or the roles', not both.",
			Reason:   "The operator's webhook refuses the application.",
			Fix:      "leave one of the two out, or put the selectors into the pod templates",
			Source:   "Spark operator v2.5.1, internal/webhook/sparkapplication_validator.go",
			Check:    rule(checkNodeSelectorDouble),
		},
		{
			ID:       "spark/webhook-fields",
			Severity: millrace.Info,
			Summary:  "What pods need stands in the pod templates.",
			Reason:   "Only the operator's mutating webhook carries these fields to the pods: where it is off, down, or doesn't watch the namespace, they are lost without a word.",
			Fix:      "say it in driver.template or executor.template, which Spark itself reads; spark.Job does",
			Source:   "Spark operator v2.5.1, internal/webhook/sparkpod_defaulter.go; spark-operator issues 1366, 1006, 1879",
			Check:    rule(checkWebhookCarried),
		},
		{
			ID:       "spark/decommission-hook",
			Severity: millrace.Error,
			Summary:  "Executors that are decommissioned keep Spark's hook.",
			Reason:   "The operator puts executor.lifecycle in place of the hook by which executors move their blocks away, and Spark puts that hook in place of the template's.",
			Fix:      "leave the lifecycle out, or use a remote shuffle service",
			Source:   "Spark operator v2.5.1, addPodLifeCycleConfig; apache/spark, BasicExecutorFeatureStep",
			Check:    rule(checkDecommissionHook),
		},
		{
			ID:       "spark/spot-decommission",
			Severity: millrace.Warning,
			Summary:  "Executors on spot nodes save their shuffle data before they go.",
			Reason:   "The cloud takes such nodes back all the time, with a notice of two minutes or less; without decommissioning, in a grace period that suffices, stages are computed again and again.",
			Fix:      "enable decommissioning with a grace period of 60 to 120 seconds, or as long as the cloud leaves (GKE 15, AKS 30), reuse volumes, or use a remote shuffle service",
			Source:   "EMR on EKS best practices, node decommission; AWS data-on-eks, best practices for Spark",
			Check:    checkSpotDecommission,
		},
		{
			ID:       "spark/sidecar",
			Severity: millrace.Warning,
			Summary:  "Nothing in the driver's pod outlives Spark.",
			Reason:   "A sidecar that doesn't end keeps the pod, its node and its quota after the job's end; a service mesh's proxy also stands between driver and executors.",
			Fix:      `make it an init container with restartPolicy Always, or set the label sidecar.istio.io/inject: "false"`,
			Source:   "Kubernetes, sidecar containers; spark-operator issues 1019, 1148",
			Check:    checkSidecar,
		},
	}
}
