package policy

import (
	"fmt"
	"maps"
	"slices"

	"github.com/kubeflow/spark-operator/v2/api/v1beta2"
	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/secrettext"
	"github.com/millrace/millrace/spark/apachev1"
)

func secretRules() []millrace.Rule {
	const source = "Kubernetes, good practices for Secrets; OWASP, Kubernetes Security Cheat Sheet, \"Managing secrets\""
	return []millrace.Rule{
		{
			ID: "secrets/plaintext-env", Severity: millrace.Warning,
			Summary: "No password or key stands in the environment, the command or the arguments of a pod.",
			Reason:  "Whoever may read the Git repository or the pod has it; arguments are also seen by every process of the node.",
			Fix:     "take it from a Secret: env with valueFrom.secretKeyRef, and $(NAME) in arguments",
			Source:  source,
			Check:   checkPlaintextEnv,
		},
		{
			ID: "secrets/plaintext-config", Severity: millrace.Warning,
			Summary: "No password or key stands in a ConfigMap.",
			Reason:  "Config maps are not encrypted at rest, and more people may read them than Secrets.",
			Fix:     "put it into a Secret, and mount that or refer to it",
			Source:  source,
			Check:   checkPlaintextConfig,
		},
	}
}

func checkPlaintextEnv(pass *millrace.Pass) {
	switch pass.Object.(type) {
	case *v1beta2.SparkApplication, *v1beta2.ScheduledSparkApplication, *apachev1.SparkApplication:
		return // spark/plaintext-secret looks at all of it
	}
	seen := make(map[string]bool) // several pods may share a field
	for _, pod := range pass.Pods {
		report := func(path, detail string) {
			if field := pod.Field(path); !seen[field] {
				seen[field] = true
				pass.Report(field, detail)
			}
		}
		for path, c := range containers(&pod.Template.Spec) {
			for i, e := range c.Env {
				if what := secrettext.Setting(e.Name, e.Value); what != "" {
					report(fmt.Sprintf("%s.env[%d].value", path, i), e.Name+" "+what)
				}
			}
			args := slices.Concat(c.Command, c.Args)
			secrettext.Args(args, func(i int, what string) {
				at := fmt.Sprintf("%s.command[%d]", path, i)
				if i >= len(c.Command) {
					at = fmt.Sprintf("%s.args[%d]", path, i-len(c.Command))
				}
				report(at, "it "+what)
			})
		}
	}
}

func checkPlaintextConfig(pass *millrace.Pass) {
	m, ok := pass.Object.(*corev1.ConfigMap)
	if !ok {
		return
	}
	for _, key := range slices.Sorted(maps.Keys(m.Data)) {
		if what := secrettext.File(key, m.Data[key]); what != "" {
			pass.Report("data["+key+"]", key+" "+what)
		}
	}
}
